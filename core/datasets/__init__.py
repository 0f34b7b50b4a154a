"""Data sets: those that come with Afina, and how a set is split and prepared for training."""
