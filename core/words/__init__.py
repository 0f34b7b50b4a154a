"""Facts in, sentences out: what window, command line and report say. Decides nothing and starts nothing."""
