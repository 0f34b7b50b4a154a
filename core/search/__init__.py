"""The search: asked for a point, told results."""
