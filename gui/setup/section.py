"""The sections of the setup form: each holds the fields of one subject, and makes a part of the study's settings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import InvalidSetting
from gui.setup.field_row import FieldRow
from gui.widgets.fields import error_label, warning_label

Made = TypeVar("Made")
State = Mapping[str, object]
"""What stands in fields, also what is wrong, by the path of the setting: texts, numbers, lists and frozen structs."""


class Problems(dict[str, str]):
    """The problems of the form: by the path of a setting, the first sentence on it, in the form's order."""

    def attempt(self, path: str, make: Callable[[], Made]) -> Made | None:
        """Return the result of `make` for the settings at `path`; if it raises InvalidSetting, note it, return None."""
        try:
            return make()
        except InvalidSetting as error:
            self.setdefault(".".join(name for name in (path, error.field) if name), error.message)
            return None

    def within(self, section: str) -> bool:
        """Return whether anything is wrong with the settings of that section."""
        return any(path.partition(".")[0] == section for path in self)


class Place(Protocol):
    """A widget that shows the problem of a setting, or a warning of it. `caption` names the setting in sentences."""

    @property
    def caption(self) -> str: ...

    def show_problem(self, sentence: str, part: str = "") -> None: ...

    def show_warning(self, sentence: str) -> None: ...

    @property
    def focus_place(self) -> QWidget: ...


class Section(QWidget):
    """A column of fields.

    Signals: `changed` when one of its fields changed, `rebuilt` when fields were added or removed, `explained` (the
    row) when help was opened. `places` maps the path of each setting to the row that shows it; `fields` are those that
    hold one value each, in the order of the eye.
    """

    changed = Signal()
    rebuilt = Signal()
    explained = Signal(object)
    title = ""
    """The name of the section, with the letter marked that leads to it."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}
        self.fields: dict[str, FieldRow] = {}
        self._message, self._warning = error_label(), warning_label()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._message)
        self._column.addWidget(self._warning)

    @property
    def caption(self) -> str:
        """The name of the section in sentences."""
        return self.title.replace("&", "")

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Show at the top a problem of the whole section; an empty sentence hides it."""
        self._message.say(sentence)

    def show_warning(self, sentence: str) -> None:
        """Show at the top a warning of the whole section; an empty sentence hides it."""
        self._warning.say(sentence)

    @property
    def focus_place(self) -> QWidget:
        """The widget that takes the focus when the section is shown."""
        return next((row.focus_place for row in self.fields.values() if row.isVisible()), self)

    def add_row(self, path: str, row: FieldRow) -> FieldRow:
        """Add the row of the setting at `path`."""
        self.places[path] = self.fields[path] = row
        self._column.addWidget(row)
        row.changed.connect(self.changed)
        row.help.toggled.connect(lambda shown: self.explained.emit(row) if shown else None)
        return row

    def drop_row(self, path: str) -> None:
        """Take a row away again."""
        row = self.fields.pop(path)
        self.places.pop(path, None)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    @property
    def differs(self) -> bool:
        """Whether a field that is in use does not hold its default."""
        return any(row.differs for row in self.fields.values())

    @property
    def marked_rows(self) -> Sequence[QWidget]:
        """The rows that do not hold their default, from the top."""
        return [row for row in self.fields.values() if row.differs]

    def go_back(self) -> None:
        """Give each field its default, with one signal."""
        self.blockSignals(True)
        for row in self.fields.values():
            row.go_back()
        self.blockSignals(False)
        self.changed.emit()

    def state(self) -> dict[str, object]:
        """Return what stands in the fields."""
        return {path: row.raw for path, row in self.fields.items()}

    def set_state(self, state: State) -> None:
        """Show what stood in the fields; what is missing or cannot be shown stays as it is."""
        for path, row in self.fields.items():
            if path in state:
                row.set_raw(state[path])

    def set_locked(self, locked: bool) -> None:
        """Let the fields only be read, or be changed."""
        for row in self.fields.values():
            row.set_locked(locked)
