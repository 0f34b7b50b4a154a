"""Exports: the formats in which a study's results are taken away, and how they are saved."""
