"""The rehearsal: trains a few configurations for some steps, and forecasts the whole study from them."""
