"""The dialog that asks how many trials are added to a study."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.errors import InvalidSetting
from core.progress import MORE_TRIALS, StudyProgress
from core.settings import MAX_TRIALS
from core.words.more_trials import cautions, total_in_words
from gui.widgets.fields import hint_label, plain_label, problem_label
from gui.widgets.number_fields import IntegerField

_WIDTH = 420
"""Pixels."""


class MoreTrialsDialog(QDialog):
    """Asks how many trials are added, and says what that comes to. When it is accepted, `total()` is the answer."""

    help_page = "budget"
    """The page of help on it."""

    def __init__(self, progress: StudyProgress, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress = progress
        self.setWindowTitle("More trials")
        self.trials = IntegerField("More trials")
        self.outcome = hint_label()
        self.problem = problem_label()
        self.caution = plain_label()
        self.caution.setWordWrap(True)
        self.go_on = QPushButton("&Go on")
        self._lay_out()
        self.trials.textChanged.connect(self._check)
        self.trials.set_value(min(MORE_TRIALS, MAX_TRIALS - progress.budget))
        self.trials.selectAll()

    def total(self) -> int:
        """Return the number of trials in all. Raises InvalidSetting."""
        return self._progress.budget_with(self.trials.value())

    def _check(self) -> None:
        """Say what the number comes to, or what is wrong with it."""
        outcome = caution = problem = ""
        try:
            total = self.total()
            outcome = total_in_words(self._progress, total)
            caution = " ".join(cautions(self._progress, total))
        except InvalidSetting as error:
            problem = error.message
        self.trials.show_problem(problem)
        self.problem.say(problem)
        self.outcome.say(outcome)
        self.caution.setText(caution)
        self.caution.setVisible(bool(caution))
        self.go_on.setEnabled(not problem)

    def _lay_out(self) -> None:
        caption = plain_label("&More trials")
        caption.setBuddy(self.trials)
        self.trials.setFixedWidth(self.trials.minimumWidth() * 3 // 2)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.go_on, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(caption)
        row.addWidget(self.trials)
        row.addWidget(self.outcome, 1)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(self.problem)
        layout.addWidget(self.caution)
        layout.addStretch()
        layout.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)
        self.go_on.setDefault(True)
