"""Options (stub)."""
import msgspec

class SearchOptions(msgspec.Struct, frozen=True):
    """Switches."""

DEFAULT = SearchOptions()
