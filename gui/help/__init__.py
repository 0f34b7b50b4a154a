"""Help: the pages and how they are shown, the keys, the report of a problem, and what else its menu leads to."""
