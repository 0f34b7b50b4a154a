"""The status bar: state, trial, epoch, progress, time left, best so far."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStackedWidget, QStatusBar, QWidget

from core.phases import Job, Phase
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.going_on import (
    OPENING,
    best_so_far,
    epochs_in_words,
    observed_and_believed,
    points_left_in_words,
    state_in_words,
    time_left_in_words,
    trials_in_words,
)
from gui.session.session import Session
from gui.widgets.fields import give_tip, plain_label
from gui.widgets.turns import turns

INTERVAL = 120
"""Milliseconds between two texts; nobody reads faster."""
_PROGRESS_STEPS = 1000
_MARGIN = 6
"""Pixels beside the fields, which have as many of their own: they line up with the form and the cards above."""


class StatusBar(QStatusBar):
    """Shows the state of the study. A passing message takes the place of the progress bar, and of nothing else."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._counted: tuple[StudySettings | None, int | None] = None, None
        self.state = _field("State of the study", 150)
        self.trial = _field("Trial", 100)
        self.points = _field("Points of the search space", 130)
        self.points.hide()
        self.epoch = _field("Epoch", 105)
        self.left = _field("Time left", 130)
        self.best = _field("Best so far", 170)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the study")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setMinimumWidth(120)
        self.message = plain_label()
        self.message.setMinimumWidth(1)
        self._middle = QStackedWidget()  # as wide as it is, whatever is shown in it, or the fields would move
        self._middle.addWidget(_holding(self.bar))
        self._middle.addWidget(self.message)
        self.messageChanged.connect(self._show_message)
        self.setSizeGripEnabled(False)  # it would push the last field away from the cards' right edge
        self.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        self.best.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # All permanent: Qt then hides none of them for a message, for which it leaves no room.
        self.addPermanentWidget(self.state)
        self.addPermanentWidget(self.trial)
        self.addPermanentWidget(self.points)
        self.addPermanentWidget(self.epoch)
        self.addPermanentWidget(self._middle, 1)
        self.addPermanentWidget(self.left)
        self.addPermanentWidget(self.best)
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL)
        self._timer.timeout.connect(lambda: turns().ask(self, self._show))
        session.changed.connect(self._show_soon)
        session.run_state_changed.connect(self._show)
        session.opening_changed.connect(self._show)
        self._show()

    def _show_message(self, text: str) -> None:
        self.message.setText(text)
        self._middle.setCurrentIndex(bool(text))

    def _show_soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        session = self._session
        progress = session.progress
        state = state_in_words(session.job, session.phase, progress, session.skipping)
        self.state.setText(state if session.opening is None else OPENING)
        self.trial.setText("" if progress is None else trials_in_words(progress))
        self.points.setText("" if progress is None else self._points_in_words(progress))
        self.points.setVisible(bool(self.points.text()))
        self.epoch.setText("" if progress is None else epochs_in_words(progress))
        self._show_bar(progress)
        self.left.setText(time_left_in_words(session.seconds_left()))
        self.best.setText(best_so_far(progress))
        give_tip(self.best, observed_and_believed(progress), wrapped=False)

    def _points_in_words(self, progress: StudyProgress) -> str:
        """Return how many points of a finite space are left; the points are counted once per study."""
        settings = progress.settings
        if settings is not self._counted[0]:
            self._counted = settings, settings.points
        return points_left_in_words(len(progress.trials), self._counted[1])

    def _show_bar(self, progress: StudyProgress | None) -> None:
        if self._is_loading:
            self.bar.show()
            self.bar.setRange(0, 0)  # the time for loading is not known
            return
        self.bar.setVisible(progress is not None)
        self.bar.setRange(0, _PROGRESS_STEPS)
        self.bar.setValue(0 if progress is None else round(_PROGRESS_STEPS * progress.share_done))

    @property
    def _is_loading(self) -> bool:
        session = self._session
        evaluating = session.job is Job.EVALUATION and session.phase is Phase.RUNNING
        return session.opening is not None or session.phase is Phase.STARTING or evaluating


def _field(name: str, width: int) -> QLabel:
    label = plain_label()
    label.setAccessibleDescription(name)  # a name would be read in place of the text
    label.setMinimumWidth(width)
    label.setContentsMargins(6, 0, 6, 0)
    return label


def _holding(bar: QProgressBar) -> QWidget:
    """Return a widget that keeps the place of the bar while that is hidden."""
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(bar)
    return place
