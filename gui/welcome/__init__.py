"""The welcome page, while no study is open: the ways to begin, unfinished studies, and the recent ones."""
