"""The table of parameters in the setup form: a row for each, whose cells are walked with the arrow keys."""
