"""The sections of the setup form: each makes one part of the study's settings."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from core.errors import InvalidSetting
from gui.widgets.fields import FieldRow, plain_label, problem_label, wrapped_tip

Made = TypeVar("Made")
WIDEST_CAPTION = "Memory per trial"
GAP = 6


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
    """A widget that shows the problem of a setting. `caption` names the setting in sentences."""

    caption: str

    def show_problem(self, sentence: str, part: str = "") -> None: ...


class Section(QGroupBox):
    """A headed group of fields.

    Signals: `changed` when one of its fields changed, `rebuilt` when fields were added or removed. `places` maps the
    path of each setting to the row that shows it.
    """

    changed = Signal()
    rebuilt = Signal()
    caption = ""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        heading = self.font()
        heading.setBold(True)
        self.setFont(heading)
        body = QWidget()
        plain = QFont()
        plain.setBold(False)
        body.setFont(plain)
        self.places: dict[str, Place] = {}
        self._message = problem_label()
        self._form = QFormLayout()
        # QFormLayout ignores a spacing when it decides which rows to wrap, so the labels hold the gap.
        self._form.setHorizontalSpacing(0)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._message)
        column.addLayout(self._form)
        QVBoxLayout(self).addWidget(body)

    def add_row(self, path: str, row: FieldRow, help_text: str = "") -> FieldRow:
        """Add the row of the setting at `path`; a tick box carries its caption itself."""
        self.places[path] = row
        row.setToolTip(wrapped_tip(help_text))
        row.editor.setAccessibleDescription(help_text)
        if isinstance(row.editor, QCheckBox):
            self._form.addRow(row)
        else:
            self.add_labelled(row.caption, row).setBuddy(row.editor)
        row.changed.connect(self.changed)
        return row

    def add_labelled(self, caption: str, widget: QWidget) -> QLabel:
        """Add a widget with a label before it; the widgets of all sections line up."""
        label = plain_label(caption)
        label.setContentsMargins(0, 0, GAP, 0)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(WIDEST_CAPTION) + GAP)
        self._form.addRow(label, widget)
        return label

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Show at the top a problem of the whole section; an empty sentence hides it."""
        self._message.say(sentence)
