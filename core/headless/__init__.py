"""Afina without a window: the command line, on the same engine and files. May know all of core."""
