"""The content of the window: the open study, its progress, its run, and the thread in which it runs."""
