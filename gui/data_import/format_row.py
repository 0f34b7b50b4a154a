"""The row of fields that say how a file is read: the detected format, which the user can change."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from core.tables.table_format import FileKind, TableFormat
from gui.widgets.fields import ChoiceField, plain_label, wrapped_tip

_OTHER = ""
_SEPARATORS = ((",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar"), (_OTHER, "Other"))
_ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 with a mark"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows-1252 (Western)"),
    ("cp1250", "Windows-1250 (Central)"),
    ("latin-1", "Latin-1"),
)
_GAP = 24


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
        self.header = QCheckBox("First row is a &header")
        self.header.setToolTip("The first row holds the names of the columns, not values")
        self.encoding = ChoiceField("Encoding", _ENCODINGS)
        self.encoding.setToolTip(wrapped_tip("How letters are stored; wrong if names show signs such as Ã or �"))
        self.sheet = ChoiceField("Sheet", ())
        self._shown = TableFormat()
        self._separator_group = _group("&Separator", self.separator, self.other)
        self._sheet_group = _group("Sh&eet", self.sheet)
        self._encoding_group = _group("E&ncoding", self.encoding)
        self._lay_out()
        self.show_format(TableFormat(kind=FileKind.NPZ))
        for choice in (self.separator, self.encoding, self.sheet):
            choice.activated.connect(self._on_change)
        for box in (self.decimal_comma, self.header):
            box.clicked.connect(self._on_change)
        self.other.editingFinished.connect(self._on_change)

    def show_format(self, layout: TableFormat, sheets: Sequence[str] = ()) -> None:
        """Show the format; `sheets` are the names of an Excel file's sheets."""
        self._shown = layout
        known = layout.separator in dict(_SEPARATORS)
        self.separator.set_value(layout.separator if known else _OTHER)
        self.other.setText("" if known else layout.separator)
        self.decimal_comma.setChecked(layout.decimal_comma)
        self.header.setChecked(layout.header)
        detected = () if layout.encoding in dict(_ENCODINGS) else ((layout.encoding, layout.encoding),)
        self.encoding.set_options((*_ENCODINGS, *detected))
        self.encoding.set_value(layout.encoding)
        if sheets:
            self.sheet.set_options((name, name) for name in sheets)
            self.sheet.set_value(layout.sheet or sheets[0])
        self._show_what_applies()

    def format(self) -> TableFormat:
        """Return the format in which the file is to be read."""
        return TableFormat(
            kind=self._shown.kind,
            separator=self.separator.value() or self.other.text() or self._shown.separator,
            decimal_comma=self.decimal_comma.isChecked(),
            header=self.header.isChecked(),
            encoding=self.encoding.value(),
            sheet=self.sheet.value() if self._shown.kind is FileKind.EXCEL and self.sheet.count() else "",
        )

    def _on_change(self) -> None:
        self._show_what_applies()
        if not self.separator.value() and not self.other.text():
            self.other.setFocus()
        elif self.format() != self._shown:
            self.changed.emit()

    def _show_what_applies(self) -> None:
        text, excel = self._shown.kind is FileKind.TEXT, self._shown.kind is FileKind.EXCEL
        for widget in (self._separator_group, self.decimal_comma, self._encoding_group):
            widget.setVisible(text)
        self.other.setVisible(not self.separator.value())
        self.header.setVisible(text or excel)
        self._sheet_group.setVisible(excel and self.sheet.count() > 0)
        self.setVisible(text or excel)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        for widget in (
            self._separator_group,
            self.decimal_comma,
            self._sheet_group,
            self.header,
            self._encoding_group,
        ):
            line.addWidget(widget)
        line.addStretch()


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
