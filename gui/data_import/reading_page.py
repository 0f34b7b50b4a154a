"""The page that stands in for a table: the progress of the reading, or why the file cannot be read."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from core.letters import in_brief
from core.tables.inspection import Progress
from core.tables.table_format import FileKind
from gui.widgets.fields import hint_label, plain_label, problem_label

_WIDTH = 540
_BAR = QSize(180, 8)
_SOON = 500
"""Milliseconds of a work that is not told."""
_LONGEST = 60
_ADVICE = {
    FileKind.TEXT: "Another separator, encoding or number of lines above may help, or cells without quotes. "
    "Or choose another file.",
    FileKind.HTML: "Another encoding, header or number of lines above may help. Or choose another file.",
    FileKind.EXCEL: "Another sheet, header or number of lines above may help. Or choose another file.",
}
_NO_ADVICE = "Choose another file, or mend this one and read it again."


class ReadingPage(QFrame):
    """Shows a Progress or a refusal; `sentence` is its text. Signal `again`: the user wants to read the file again."""

    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = ""
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.doing = plain_label()
        self.doing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.doing.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the import")
        self.problem = problem_label()
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.advice = hint_label()
        self.advice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton("Read &again")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.again)
        self._lay_out()

    def show_progress(self, progress: Progress) -> None:
        """Show the progress; without a number of steps the bar only moves."""
        self.sentence = f"{progress.doing}…"
        self.doing.setText(self.sentence)
        self.bar.setRange(0, progress.steps)
        self.bar.setValue(progress.done)
        self._show(refused=False)
        self.problem.say("")
        self.advice.say("")

    def show_refusal(self, sentence: str, kind: FileKind | None) -> None:
        """Say why there is no table, and what may help with this kind of file; None for one that is no table."""
        self.sentence = sentence
        self.problem.say(sentence)
        self.advice.say(_NO_ADVICE if kind is None else _ADVICE.get(kind, _NO_ADVICE))
        self._show(refused=True)

    def _show(self, *, refused: bool) -> None:
        self.doing.setVisible(not refused)
        self.bar.setVisible(not refused)
        self.button.setVisible(refused)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch()
        for widget in (self.doing, self.bar, self.problem, self.advice):
            widget.setFixedWidth(_WIDTH)
            column.addWidget(widget)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        line = QHBoxLayout(self)
        line.addStretch()
        line.addLayout(column)
        line.addStretch()


class WorkBar(QWidget):
    """Tells beside a table what is still being done with it; a work that is done soon is not worth a word."""

    def __init__(self) -> None:
        super().__init__()
        self.doing = hint_label()
        self.doing.setWordWrap(False)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of what is done with the table")
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(_BAR)
        self._late = QTimer(self, singleShot=True, interval=_SOON)
        self._late.timeout.connect(self.show)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.doing)
        line.addWidget(self.bar)
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        """Show the progress; without a number of steps the bar only moves."""
        if self.isHidden() and not self._late.isActive():
            self._late.start()
        self.doing.say(f"{in_brief(progress.doing, _LONGEST)}…")
        self.bar.setRange(0, progress.steps)
        self.bar.setValue(progress.done)

    def end(self) -> None:
        """Say nothing any more: all is done."""
        self._late.stop()
        self.hide()
