"""Everything that Afina knows: studies, search, training, storage. Knows nothing of windows."""

from pathlib import Path

APP_NAME = "Afina"
VERSION = "0.1.0"
RESOURCES = Path(__file__).resolve().parents[1] / "resources"
