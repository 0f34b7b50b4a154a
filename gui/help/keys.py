"""The keys of the parts of the window, beside those of the commands: the one place that says them."""

from collections.abc import Iterable, Mapping, Sequence

Keys = Sequence[tuple[str, str]]
"""Keys, and what they do."""

KEYS: Mapping[str, tuple[str, Keys]] = {
    "form": (
        "The form",
        (
            ("Tab, Shift+Tab", "the next field, the one before"),
            ("Shift+F1", "help on the field, in place"),
            ("Alt and a marked letter", "to that field or section"),
        ),
    ),
    "folded": (
        "A folded line",
        (
            ("Space, Enter", "open it, fold it"),
            ("→, ←", "open it; fold it"),
            ("Delete", "its defaults"),
        ),
    ),
    "parameters": (
        "The table of parameters",
        (
            ("Arrows", "another cell"),
            ("Home, End", "along the row; with Ctrl, first and last row"),
            ("Enter, F2, or type", "change it"),
            ("Tab, in a cell", "take it, the next number"),
            ("Delete", "empty the number"),
            ("Esc", "give the change up"),
            ("Space", "tick, open a list"),
            ("Alt+↓, F4", "open a list"),
            ("Shift+F1", "help on the row, in place"),
        ),
    ),
    "plots": (
        "A plot",
        (
            ("Arrows", "the next trial, and what it was"),
            ("+, −", "zoom; so does the wheel"),
            ("Home", "follow the study again; so does a double-click"),
            ("Esc", "no trial selected"),
            ("Menu, Shift+F10", "copy it, save it as an image or a table"),
        ),
    ),
    "painted": (
        "A plot of Belief or Parameters",
        (
            ("Arrows", "point at the next trial"),
            ("+, −", "zoom, where the wheel does"),
            ("Enter", "select the trial"),
            ("Home", "reset the view; so does a double-click"),
            ("Esc", "point at no trial, then select none"),
            ("Menu, Shift+F10", "copy it, save it as an image or a table"),
        ),
    ),
    "trials": (
        "The table of trials",
        (
            ("↑, ↓", "another trial; with Shift several"),
            ("Home, End", "the first, the last"),
            ("Page keys", "a page further"),
            ("←, →", "along the row"),
            ("F3", "sort by this column; again the other way"),
            ("Menu, Shift+F10", "what can be done with the row"),
            ("Ctrl+C", "copy the rows"),
            ("Esc", "no trial selected"),
        ),
    ),
    "studies": (
        "The list of studies",
        (
            ("Ctrl+F", "find one; ↓ leads to what was found, Esc to all"),
            ("↑, ↓", "another study"),
            ("Enter", "open it"),
            ("F2", "name it"),
            ("Delete", "move it to the bin"),
            ("Menu, Shift+F10", "all that can be done with it"),
        ),
    ),
    "help": (
        "This pane",
        (
            ("Tab, Enter", "the next link, follow it"),
            ("Alt+←", "the page before"),
            ("↑, ↓, Page keys", "scroll"),
            ("Esc", "close it"),
        ),
    ),
}
"""By the part, its name and its keys, in the order of the window."""


def table_of(keys: Iterable[tuple[str, str]]) -> str:
    """Return a table of keys in Markdown."""
    return "\n".join(["|Keys|What they do|", "|---|---|", *(f"|{key}|{what}|" for key, what in keys)])
