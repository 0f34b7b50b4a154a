"""The rehearsal's dialog, and whether a study needs one before it starts."""
