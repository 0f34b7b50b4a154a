"""Facts in, sentences out: the words of window, command line and report. Decides nothing and starts nothing."""
