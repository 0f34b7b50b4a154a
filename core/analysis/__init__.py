"""Analysis: what a study has learnt of its parameters, computed from its record; plain numbers out."""
