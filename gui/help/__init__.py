"""What the help menu leads to: notes on the data sets, folders, and what Afina is."""
