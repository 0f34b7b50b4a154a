"""Everything that Afina knows: studies, search, training, storage. Knows nothing of windows."""

APP_NAME = "Afina"
VERSION = "0.1.0"
