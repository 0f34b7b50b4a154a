"""The name that a user gives to a study, which is not the name of its file."""

from core.errors import InvalidSetting
from core.letters import is_hidden, revealed

MAX_LETTERS = 100


def checked_name(text: str) -> str:
    """Return the text without spaces around it, as a study's name; empty for none. Raises InvalidSetting."""
    name = text.strip()
    hidden = next(filter(is_hidden, name), "")
    if hidden:
        raise InvalidSetting("name", f"The name has a letter in it that cannot be seen, {revealed(hidden, kept='')}")
    if len(name) > MAX_LETTERS:
        raise InvalidSetting("name", f"The name has {len(name)} letters, and {MAX_LETTERS} are possible: shorten it")
    return name
