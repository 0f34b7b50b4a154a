"""Importing a table: its preview, the role of each column, the target. Knows no study."""
