"""The dialog that says which texts in cells count as missing, in a file or in one of its columns."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import InvalidSetting
from core.letters import in_brief
from core.tables.readings import require_marks
from gui.widgets.fields import literal, plain_label, problem_label

_SHOWN = 60
_WIDTH = 380


def marks_in_words(marks: tuple[str, ...], most: int = _SHOWN) -> str:
    """Return the marks in a line of about so many letters: "NA, ?, -, …"."""
    shown: list[str] = []
    length = 0
    for mark in filter(None, marks):
        length += len(mark) + 2
        if length > most:
            return ", ".join([*shown, "…"])
        shown.append(mark)
    return ", ".join(shown) or "empty cells only"


class MarksEditor(QDialog):
    """A list of marks. Signal `changed` (a tuple of texts, or None for those of the file): at once at each change."""

    help_page = "import"
    """The page of help on it."""

    changed = Signal(object)

    def __init__(
        self, where: str, marks: tuple[str, ...], of_file: tuple[str, ...] | None = None, parent: QWidget | None = None
    ) -> None:
        """Make it for the file or, with the marks `of_file`, for a column; `where` names it."""
        super().__init__(parent)
        self._of_file = of_file
        self.setWindowTitle("Missing values")
        self.heading = plain_label(f"Cells that count as missing in {in_brief(where, 200)}. An empty cell always does.")
        self.heading.setWordWrap(True)
        self.as_in_file = QCheckBox(literal("As in the file"))
        self.list = QListWidget()
        self.list.setAccessibleName("Texts that count as missing")
        self.new = QLineEdit()
        self.new.setAccessibleName("Another text that counts as missing")
        self.new.setPlaceholderText("Another one, such as n/a")
        self.add_button = QPushButton("&Add")
        self.remove_button = QPushButton("&Remove")
        self.problem = problem_label()
        self._lay_out()
        self.as_in_file.setVisible(of_file is not None)
        self.as_in_file.setToolTip("The marks of all columns without marks of their own")
        self.show_marks(marks)
        self.as_in_file.clicked.connect(self._follow_file)
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        self.list.itemSelectionChanged.connect(self._enable)

    def show_marks(self, marks: tuple[str, ...]) -> None:
        """Show these marks."""
        self.list.clear()
        self.list.addItems([mark for mark in marks if mark])
        self.as_in_file.setChecked(marks == self._of_file)
        self._enable()

    def marks(self) -> tuple[str, ...]:
        return tuple(self.list.item(row).text() for row in range(self.list.count()))

    def _add(self) -> None:
        mark = self.new.text().strip()
        if not mark:
            return
        if mark not in self.marks():
            try:
                require_marks((*self.marks(), mark))
            except InvalidSetting as error:
                self.problem.say(error.message)
                return
            self.list.addItem(mark)
            self._tell()
        self.new.clear()
        self.new.setFocus()

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self._tell()

    def _follow_file(self) -> None:
        if self.as_in_file.isChecked() and self._of_file is not None:
            self.show_marks(self._of_file)
            self.changed.emit(None)
        else:
            self.changed.emit(self.marks())

    def _tell(self) -> None:
        self.problem.say("")
        self.as_in_file.setChecked(False)
        self._enable()
        self.changed.emit(self.marks())

    def _enable(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selectedItems()))

    def _lay_out(self) -> None:
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.add_button.setDefault(True)
        self.remove_button.setAutoDefault(False)
        close = QPushButton("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        adding = QHBoxLayout()
        adding.addWidget(self.new, 1)
        adding.addWidget(self.add_button)
        adding.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        for widget in (self.heading, self.as_in_file, self.list):
            column.addWidget(widget)
        column.addLayout(adding)
        column.addWidget(self.problem)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(_WIDTH, self.sizeHint().height())
        self.new.setFocus()
