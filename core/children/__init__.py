"""Child processes: how they are started, kept as spares and spoken to. Knows nothing about their work."""
