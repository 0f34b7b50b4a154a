"""The search: it is told results and asked for the next point."""
