"""The form: one row for each setting, and the files that settings come from."""
