"""The live plots: one file a plot, one base class."""
