"""The window: the places of its widgets, the work of each action, and its messages on the study."""
