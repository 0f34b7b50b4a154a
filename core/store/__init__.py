"""The study file, an append-only log of events in SQLite: `writer`, `reader`, `salvage` for damaged ones, `lock`, `log`."""
