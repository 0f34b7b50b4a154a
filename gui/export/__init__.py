"""Taking results away: the export dialog."""
