"""The program around the window: messages, log, preferences, signals, memory."""
