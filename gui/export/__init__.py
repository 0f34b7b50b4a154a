"""Exporting results: the export dialog."""
