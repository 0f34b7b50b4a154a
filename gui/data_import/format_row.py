"""The fields that say how a file is read: the detected format, which the user can change."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.errors import InvalidSetting
from core.tables.table_format import MAX_SKIP, TYPED, FileKind, TableFormat
from gui.data_import.encoding_field import EncodingField
from gui.data_import.marks_editor import MarksEditor, marks_in_words
from gui.widgets.fields import ChoiceField, give_tip, literal, plain_label, problem_label

_OTHER = ""
SPACES = " "
_SEPARATORS = (
    (",", "Comma"),
    (";", "Semicolon"),
    ("\t", "Tab"),
    (SPACES, "Spaces"),
    ("|", "Bar"),
    (_OTHER, "Other"),
)
_HEADERS = (("0", "None"), ("1", "One row"), ("2", "Two rows"))
_GAP = 20
_MARKS_SHOWN = 24


class LinesField(QSpinBox):
    """A number of lines; the mouse wheel does not change it, because each step reads the file again."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, MAX_SKIP)
        self.setKeyboardTracking(False)
        self.setAccessibleName("Lines above the table")
        self.setStepType(QAbstractSpinBox.StepType.DefaultStepType)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class FormatRow(QWidget):
    """Shows the fields of a TableFormat that apply to the kind of file. Signal `changed`: the user changed one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.separator = ChoiceField("Separator", _SEPARATORS)
        self.other = QLineEdit()
        self.other.setMaxLength(1)
        self.other.setFixedWidth(self.other.fontMetrics().horizontalAdvance("M") * 3)
        self.other.setAccessibleName("Other separator")
        self.other.setToolTip("The sign between two cells")
        self.decimal_comma = QCheckBox("&Decimal comma")
        self.decimal_comma.setToolTip("Numbers are written as 3,14")
        self.quotes = QCheckBox("Cells in &quotes")
        give_tip(self.quotes, "A cell in quotes may hold the separator. Without this a quote is a letter")
        self.encoding = EncodingField()
        give_tip(self.encoding, "How letters are stored; wrong if names show signs such as Ã or �")
        self.sheet = ChoiceField("Sheet", ())
        self.header = ChoiceField("Header", _HEADERS)
        self.header.setToolTip("The rows that hold the names of the columns, not values")
        self.skip = LinesField()
        self.skip.setToolTip("How many lines stand above the table, such as a title; they are not read")
        self.marks_button = QPushButton()
        self.marks_button.setAutoDefault(False)
        self.marks_button.setAccessibleName("What stands for a missing value")
        self.problem = problem_label()
        self._shown = TableFormat()
        self._marks: tuple[str, ...] = ()
        self._separator_group = _group("&Separator", self.separator, self.other)
        self._sheet_group = _group("Sh&eet", self.sheet)
        self._encoding_group = _group("E&ncoding", self.encoding)
        self._header_group = _group("&Header", self.header)
        self._skip_group = _group("&Lines above", self.skip)
        self._marks_group = _group("Missing is &written", self.marks_button)
        self._lay_out()
        self._connect()
        self.hide()

    def _connect(self) -> None:
        for choice in (self.separator, self.sheet, self.header, self.encoding):
            choice.activated.connect(self._on_change)
        for box in (self.decimal_comma, self.quotes):
            box.clicked.connect(self._on_change)
        self.skip.valueChanged.connect(self._on_change)
        self.other.editingFinished.connect(self._on_change)
        self.encoding.typed.editingFinished.connect(self._on_change)
        self.marks_button.clicked.connect(self._edit_marks)

    def show_format(self, layout: TableFormat, sheets: Sequence[str] = ()) -> None:
        """Show the format; `sheets` are the names of a workbook's sheets, if they are known."""
        self._shown, self._marks = layout, layout.missing
        known = layout.separator in dict(_SEPARATORS)
        self.separator.set_value(layout.separator if known else _OTHER)
        self.other.setText("" if known else layout.separator)
        self.decimal_comma.setChecked(layout.decimal_comma)
        self.quotes.setChecked(layout.quotes)
        self.header.set_value(str(layout.header_rows) if layout.header else "0")
        self.skip.blockSignals(True)
        self.skip.setValue(layout.skip)
        self.skip.blockSignals(False)
        self.encoding.set_value(layout.encoding)
        if sheets:
            self.sheet.set_options((name, name) for name in sheets)
            self.sheet.set_value(layout.sheet if layout.sheet in sheets else sheets[0])
        self.problem.say("")
        self._show_marks()
        self._show_what_applies()
        self.show()

    @property
    def kind(self) -> FileKind:
        """The kind of the file whose format is shown."""
        return self._shown.kind

    def forget(self) -> None:
        """Hide all: what is shown may be the format of another file."""
        self.hide()
        self.sheet.set_options(())

    def format(self) -> TableFormat:
        """Return the format in which the file is to be read. Raises InvalidSetting."""
        rows = int(self.header.value())
        return replace(
            self._shown,
            separator=self.separator.value() or self.other.text() or self._shown.separator,
            decimal_comma=self.decimal_comma.isChecked(),
            header=rows > 0,
            header_rows=max(rows, 1),
            skip=self.skip.value(),
            quotes=self.quotes.isChecked(),
            encoding=self.encoding.value(),
            sheet=self.sheet.value() if self.sheet.count() else self._shown.sheet,
            missing=self._marks,
        )

    def _on_change(self) -> None:
        self._show_what_applies()
        if not self.separator.value() and not self.other.text():
            self.other.setFocus()
            return
        try:
            changed = self.format() != self._shown
        except InvalidSetting as error:
            self.problem.say(error.message)
            return
        self.problem.say("")
        if changed:
            self.changed.emit()

    # Marks of missing values

    def _edit_marks(self) -> None:
        editor = MarksEditor("this file", self._marks, parent=self)
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor.changed.connect(self.set_marks)
        editor.open()

    def set_marks(self, marks: tuple[str, ...]) -> None:
        """Let these texts stand for missing values."""
        self._marks = marks
        self._show_marks()
        self._on_change()

    def _show_marks(self) -> None:
        self.marks_button.setText(literal(f"{marks_in_words(self._marks, _MARKS_SHOWN)}"))
        give_tip(self.marks_button, f"Cells that count as missing: {marks_in_words(self._marks, 400)}")

    # Placing

    def _show_what_applies(self) -> None:
        kind = self._shown.kind
        for widget in (self._separator_group, self.quotes):
            widget.setVisible(kind is FileKind.TEXT)
        self.other.setVisible(not self.separator.value())
        self._encoding_group.setVisible(kind in (FileKind.TEXT, FileKind.HTML))
        for widget in (self._header_group, self._skip_group, self.decimal_comma):
            widget.setVisible(kind not in TYPED)
        self._sheet_group.setVisible(self.sheet.count() > 0)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widgets in (
            (self._separator_group, self.quotes, self._encoding_group),
            (self._sheet_group, self._header_group, self._skip_group, self.decimal_comma, self._marks_group),
        ):
            line = QHBoxLayout()
            line.setSpacing(_GAP)
            for widget in widgets:
                line.addWidget(widget)
            line.addStretch()
            column.addLayout(line)
        column.addWidget(self.problem)


def _group(text: str, *fields: QWidget) -> QWidget:
    """Return a label and the fields after it in one widget; the label's buddy is the first field."""
    label = plain_label(text)
    label.setBuddy(fields[0])
    group = QWidget()
    group.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    line = QHBoxLayout(group)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(6)
    for widget in (label, *fields):
        line.addWidget(widget)
    return group
