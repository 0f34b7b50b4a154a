"""The rehearsal: a few configurations trained for some steps, and what follows for the whole study."""
