"""What the window has open: the study, its progress, its run, and the thread in which it runs."""
