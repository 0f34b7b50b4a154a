"""Exports: the formats for a study's results, and how they are saved."""
