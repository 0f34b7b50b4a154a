"""The study file, an append-only log of events in SQLite: `writer`, `reader`, and `salvage` for damaged ones."""
