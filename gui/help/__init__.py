"""Texts to read: notes on the data sets."""
