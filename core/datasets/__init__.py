"""Data sets: the ones that come with Afina, the user's own, and their split and preparation for training."""
