"""Tables in files: how they are read, what their columns hold, and how they are described to people."""
