"""The questions about columns that can be read in several ways, with their answers as buttons."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.letters import in_brief
from core.tables.description import ColumnProfile
from core.tables.readings import ColumnReading
from gui.widgets.fields import give_tip, hint_label, literal, plain_label, wrapped_tip

_LINES = 3
"""The most questions that are shown at once."""
_LONGEST = 44
_TAKEN = "It is read like this until you answer"


class QuestionsView(QFrame):
    """Asks about columns. Signal `answered` (a dict of ColumnReadings by the columns' names): the user has answered."""

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.lines: list[QuestionLine] = []
        self.more = hint_label()
        self.more.setWordWrap(False)
        self.for_all = QCheckBox("The same &for all")
        give_tip(self.for_all, "One answer counts for all columns that can be read in the same ways")
        self._asked: list[ColumnProfile] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 6, 10, 6)
        self._column.setSpacing(4)
        self._below = QWidget()
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.more)
        below.addStretch()
        below.addWidget(self.for_all)
        self._column.addWidget(self._below)
        self.hide()

    def show_questions(self, asked: Sequence[ColumnProfile]) -> None:
        """Ask about these columns; without any all is hidden."""
        if list(asked) != self._asked:
            self._asked = list(asked)
            self._ask()
        self.setVisible(bool(asked))

    def _ask(self) -> None:
        had_focus = any(line.isAncestorOf(self.focusWidget()) for line in self.lines if self.focusWidget() is not None)
        for line in self.lines:
            line.hide()
            line.deleteLater()
        self.lines = [QuestionLine(column) for column in self._asked[:_LINES]]
        for place, line in enumerate(self.lines):
            line.chosen.connect(self._on_chosen)
            self._column.insertWidget(place, line)
        if had_focus and self.lines:
            self.lines[0].buttons[0].setFocus()
        hidden = len(self._asked) - len(self.lines)
        self.more.say(f"and {hidden:,} more {'column' if hidden == 1 else 'columns'} like that" if hidden else "")
        self._below.setVisible(len(self._asked) > 1)

    def _on_chosen(self, name: str, reading: ColumnReading) -> None:
        answers = {name: reading}
        if self.for_all.isChecked():
            wanted = _way(reading)
            for column in self._asked:
                same = next((choice.reading for choice in column.choices if _way(choice.reading) == wanted), None)
                if same is not None:
                    answers.setdefault(column.name, same)
        self.answered.emit(answers)


class QuestionLine(QWidget):
    """One question. Signal `chosen` (the column's name, a ColumnReading)."""

    chosen = Signal(str, object)

    def __init__(self, column: ColumnProfile) -> None:
        super().__init__()
        named = column.name in column.question
        asked = column.question if named else f"“{in_brief(column.name, 80)}”: {column.question}"
        self.sentence = plain_label(in_brief(asked, 300))
        self.sentence.setWordWrap(True)
        self.buttons: list[QPushButton] = []
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.sentence, 1)
        for choice in column.choices:
            taken = choice.reading == column.reading
            button = QPushButton(literal(f"{'✓ ' if taken else ''}{in_brief(choice.label, _LONGEST)}"))
            button.setAutoDefault(False)
            button.setToolTip(wrapped_tip(_TAKEN if taken else choice.label))
            button.setAccessibleDescription(f"{asked} {_TAKEN if taken else ''}")
            button.clicked.connect(lambda _checked, reading=choice.reading: self.chosen.emit(column.name, reading))
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self.buttons.append(button)


def _way(reading: ColumnReading) -> tuple[object, ...]:
    """Return all of the reading but its marks of missing values, which each column keeps."""
    return reading.kind, reading.decimal_comma, reading.dates
