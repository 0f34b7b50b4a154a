"""Child processes: how one is started, kept at hand and spoken to. Knows nothing of what they do."""
