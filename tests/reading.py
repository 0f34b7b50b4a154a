"""The window as a screen reader walks it: the tree of Qt's accessible interfaces, as plain data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QLabel, QWidget

from gui.setup.field_row import FieldRow
from gui.widgets.brief_label import BriefLabel
from gui.widgets.fields import without_tags

MOST_CELLS = 60
"""So many children of a table or a list are read: all of its cells are alike."""


@dataclass(frozen=True)
class Heard:
    """One thing in the tree: what a reader says of it, and what it stands in."""

    role: QAccessible.Role
    name: str
    description: str
    value: str
    focusable: bool
    labels: tuple[str, ...]
    """The names of what labels it."""
    place: tuple[str, ...]
    """The role and the name of each thing around it, the outermost first."""

    def __str__(self) -> str:
        said = f"{self.role.name} “{self.name}”"
        return " > ".join([*self.place, f"{said} ({self.description})" if self.description else said])


def read(widget: QWidget) -> list[Heard]:
    """Return all that a reader finds from a widget on, in its order; what cannot be seen is left out."""
    return list(_walk(QAccessible.queryAccessibleInterface(widget), ()))


def _walk(interface: QAccessibleInterface, place: tuple[str, ...]) -> Iterator[Heard]:
    state = interface.state()
    if state.invisible:
        return
    heard = _heard(interface, place)
    yield heard
    inside = (*place, f"{heard.role.name} “{heard.name}”")
    for number in range(min(interface.childCount(), MOST_CELLS)):
        child = interface.child(number)
        if child is not None and child.isValid():
            yield from _walk(child, inside)


def _heard(interface: QAccessibleInterface, place: tuple[str, ...]) -> Heard:
    text = QAccessible.Text
    labelled = interface.relations(QAccessible.RelationFlag.Label)
    return Heard(
        interface.role(),
        interface.text(text.Name),
        interface.text(text.Description),
        interface.text(text.Value),
        bool(interface.state().focusable),
        tuple(other.text(text.Name) for other, _relation in labelled),
        place,
    )


# What is wrong with it


_MARKUP = re.compile(r"</?(p|b|br|i|a|span|div|html|table|tr|td)\b[^>]*>|&(lt|gt|amp|quot|nbsp|#\d+);")
"""The tags that the program itself writes; other people's are read as they are written."""
_NAMED_BY_ITS_VALUE = (QAccessible.Role.ComboBox,)
"""Of these Qt tells the value in place of the name, on Linux; what they are must be in the description."""


def faults(widget: QWidget) -> list[str]:
    """Return what a reader would stumble over, from a widget on; in words."""
    found = []
    for heard in read(widget):
        if heard.focusable and not heard.name and heard.role is not QAccessible.Role.Cell:  # one that holds nothing
            found.append(f"{heard}: takes the focus and has no name")
        if heard.focusable and heard.role in _NAMED_BY_ITS_VALUE and not (heard.description or heard.labels):
            found.append(f"{heard}: nothing says what it is")
        if _MARKUP.search(heard.name) or _MARKUP.search(heard.description):
            found.append(f"{heard}: has mark-up in it")
    labels = (label for label in widget.findChildren(QLabel) if label.isVisible() and not _says_its_text(label))
    rows = (row for row in widget.findChildren(FieldRow) if row.editor.isVisible() and not _is_named(row))
    found += [f"{heard_of(label)}: hides “{label.text()}”" for label in labels]
    return [*found, *(f"{heard_of(row.editor)}: is not called “{row.caption}”" for row in rows)]


def heard_of(widget: QWidget) -> Heard:
    """Return what a reader says of one widget."""
    return _heard(QAccessible.queryAccessibleInterface(widget), ())


def _says_its_text(label: QLabel) -> bool:
    """Return whether a reader hears what the label says, or as much of it as is not cut off."""
    text = label.whole if isinstance(label, BriefLabel) else label.text()
    is_rich = label.textFormat() == Qt.TextFormat.RichText
    is_rich |= label.textFormat() == Qt.TextFormat.AutoText and QtText.mightBeRichText(text)
    shown = without_tags(text) if is_rich else text
    shown = (shown.replace("&", "") if label.buddy() is not None else shown).removesuffix("…")
    return shown in heard_of(label).name.replace("\u200b", "")


def _is_named(row: FieldRow) -> bool:
    heard = heard_of(row.editor)
    return any(row.caption in said for said in (heard.name, heard.description, *heard.labels))


def names(widget: QWidget) -> list[str]:
    """Return the names of all that a reader finds from a widget on."""
    return [heard.name for heard in read(widget)]
