"""The study file, an append-only log of events in SQLite: `writer`, `reader`, `lock`, `salvage` for damaged ones."""
