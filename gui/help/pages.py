"""The pages of help: Markdown files, one for each part of the window, in the groups and the order of the list of all.

A page begins with its title. Links lead to other files, or by "part:" and a page's name to the part that it explains.
What the program itself knows is put in where braces name it: "{keys parameters}", "{shortcuts}", "{training rows}".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from core import RESOURCES
from gui.help.keys import KEYS, Keys, table_of

INDEX = "index"
"""The name of the list of all pages."""
PART = "part:"
"""With it begins a link to a part of the window; the name of its page follows."""
SEE_ALSO = "See also"
_FOLDER = RESOURCES / "help"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_GIVEN = re.compile(r"\{([^}]+)\}")
_BETWEEN_LINKS = re.compile(r"(?<=\))\s+(?=\[)")
_WIDE_GAP = "\u2003"

Facts = Mapping[str, str]
"""What is known of the setup of now, by its name in braces; empty where it is not known."""


class Link(NamedTuple):
    """A link on a page: its words, and what it leads to."""

    words: str
    target: str


@cache
def page_names() -> frozenset[str]:
    """Return the names of all pages."""
    return frozenset(path.stem for path in _FOLDER.glob("*.md"))


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")


def links_of(name: str) -> list[Link]:
    """Return the links of a page."""
    return [Link(*found) for found in _LINK.findall(_text(name))]


def title_of(name: str) -> str:
    """Return the title of a page."""
    return _text(name).partition("\n")[0].removeprefix("# ").strip()


@cache
def _groups() -> Mapping[str, str]:
    """Return the heading under which each page stands in the list of all pages."""
    groups, heading = {}, ""
    for line in _text(INDEX).splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        for _words, target in _LINK.findall(line):
            groups[target.removesuffix(".md")] = heading
    return groups


def group_of(name: str) -> str:
    """Return the name of the group to which a page belongs; empty for the list itself."""
    return _groups().get(name, "")


class Pages:
    """The pages as they are shown.

    `commands` are the shortcuts of the commands: for each menu its name and its keys. `facts` returns what is known of
    the setup of now.
    """

    def __init__(self, commands: Sequence[tuple[str, Keys]], facts: Callable[[], Facts]) -> None:
        self._commands = commands
        self._facts = facts

    def markdown(self, name: str) -> str:
        """Return a page with what the program knows put in, and with a link to the list of all pages at its end."""
        text = _GIVEN.sub(self._given, _text(name))
        if name != INDEX:
            text = text.rstrip() + ("" if f"## {SEE_ALSO}" in text else f"\n\n## {SEE_ALSO}\n")
            text += f"\n[{title_of(INDEX)}]({INDEX}.md)\n"
        head, mark, tail = text.partition(f"## {SEE_ALSO}")
        return head + mark + "\n\n" + _BETWEEN_LINKS.sub(_WIDE_GAP, tail.strip()) if mark else text

    def _given(self, found: re.Match[str]) -> str:
        """Return what stands for the words in braces."""
        kind, _space, name = found[1].partition(" ")
        if kind == "keys":
            return table_of(KEYS[name][1])
        if kind == "shortcuts":
            groups = [*self._commands, *KEYS.values()]
            return "\n\n".join(f"## {title}\n\n{table_of(keys)}" for title, keys in groups)
        return self._facts()[found[1]]
