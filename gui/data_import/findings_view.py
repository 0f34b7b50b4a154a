"""What was found in a table with its target: sentences, each with a button for its remedy."""

from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from core.letters import in_brief
from core.tables.description import CountAsMissing, CountAsValue, Finding, KeepTogether, LeaveOut, PredictAs, Task
from gui.widgets.fields import give_tip, literal, plain_label

_LONGEST_MARK = 24
_LOWEST, _HIGHEST = 84, 280
_TASKS = {
    Task.REGRESSION: "Predict the number",
    Task.BINARY: "Predict two classes",
    Task.MULTICLASS: "Predict classes",
}


def remedy_in_words(finding: Finding) -> str:
    """Return what the button of a finding does; empty when there is no remedy."""
    match finding.remedy:
        case LeaveOut():
            return "Leave out"
        case CountAsMissing(mark=mark):
            return f"Count {in_brief(mark, _LONGEST_MARK)} as missing"
        case CountAsValue(mark=mark):
            return f"Count {in_brief(mark, _LONGEST_MARK)} as a class"
        case PredictAs(task=task):
            return _TASKS[task]
        case KeepTogether():
            return "Keep them together"
        case None:
            return ""
        case _:
            assert_never(finding.remedy)


class FindingsView(QScrollArea):
    """A list of findings, hidden while there are none. Signal `remedy_chosen` (a Finding)."""

    remedy_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.findings: tuple[Finding, ...] = ()
        self.buttons: list[QPushButton] = []
        self.setAccessibleName("What was found in the data")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.hide()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these findings, the first at the top."""
        if tuple(findings) == self.findings:
            return
        self.findings = tuple(findings)
        self.buttons = []
        inside = QWidget()
        inside.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(10)
        for finding in self.findings:
            column.addWidget(self._make_line(finding))
        before = self.takeWidget()
        if before is not None:
            before.deleteLater()  # its button may have been clicked just now
        self.setWidget(inside)
        self.setVisible(bool(self.findings))
        self._fit()

    def _make_line(self, finding: Finding) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        sentence = plain_label(in_brief(finding.sentence, 500))
        sentence.setWordWrap(True)
        column.addWidget(sentence)
        remedy = remedy_in_words(finding)
        if remedy:
            button = QPushButton(literal(remedy))
            button.setAutoDefault(False)
            give_tip(button, finding.sentence)
            button.clicked.connect(lambda: self._choose(finding))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.buttons.append(button)
        return line

    def _choose(self, finding: Finding) -> None:
        rest = [other for other in self.findings if other is not finding]
        self.remedy_chosen.emit(finding)
        self.show_findings(rest)  # the others are looked for again

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the findings need, up to a limit, and lower where there is no room."""
        inside = self.widget()
        if inside is not None and self.findings:
            needed = inside.heightForWidth(self.viewport().width()) + 2 * self.frameWidth()
            self.setMaximumHeight(min(needed, _HIGHEST))
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(_LOWEST, self.maximumHeight()))
