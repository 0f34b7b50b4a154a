"""Insight: the pages that show what the search believes and what matters."""
