"""The status bar: state, trial, epoch, progress, time left, best so far."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStatusBar, QWidget

from core.phases import Job, Phase
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.going_on import (
    OPENING,
    best_in_detail,
    best_so_far,
    epochs_now,
    points_left_in_words,
    state_in_words,
    time_left_in_words,
    trials_in_words,
)
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.fields import PlainLabel, plain_label, plain_tip
from gui.widgets.marks import FAINT
from gui.widgets.measures import even_digits, scaled
from gui.widgets.thin_bar import ThinBar
from gui.widgets.turns import turns

_PROGRESS_STEPS, _THICKNESS = 1000, 5
_MARGIN = 6
"""Pixels beside the fields, which have as many of their own: they line up with the form and the cards above."""
_STANDING = (Phase.PAUSED, Phase.BLOCKED, Phase.HELD)
_WIDEST = 240
"""The most that a field keeps for texts that it had before."""


class StatusBar(QStatusBar):
    """Shows the state of the study. A passing message takes the place of the progress bar, and of nothing else."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._counted: tuple[StudySettings | None, int | None] = None, None
        self._numbers = 0, 0
        text = QPalette.ColorRole.WindowText
        self.state = _Field("State of the study", 150, text)
        self.trial = _Field("Trial", 108)
        self.points = _Field("Points of the search space", 130)
        self.points.hide()
        self.epoch = _Field("Epoch", 108)
        self.left = _Field("Time left", 120)
        self.best = _Field("Best so far", 120, text)
        self.bar = ThinBar(_THICKNESS, _PROGRESS_STEPS)
        self.bar.setAccessibleName("Progress of the study")
        self.bar.setMinimumWidth(120)
        self.message = plain_label()
        self.message.setMinimumWidth(1)
        self._middle = QStackedWidget()  # as wide as it is, whatever is shown in it, or the fields would move
        self._middle.addWidget(_holding(self.bar))
        self._middle.addWidget(self.message)
        self.messageChanged.connect(self._show_message)
        self.setSizeGripEnabled(False)  # it would push the last field away from the cards' right edge
        self.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        for field in (self.left, self.best):
            field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # All permanent: Qt then hides none of them for a message, for which it leaves no room.
        self.addPermanentWidget(self.state)
        self.addPermanentWidget(self.trial)
        self.addPermanentWidget(self.points)
        self.addPermanentWidget(self.epoch)
        self.addPermanentWidget(self._middle, 1)
        self.addPermanentWidget(self.left)
        self.addPermanentWidget(self.best)
        session.changed.connect(self._on_changed)
        session.ticked.connect(self._show_soon)
        session.run_state_changed.connect(self._show)
        session.opening_changed.connect(self._show)
        self._show()

    def _show_message(self, text: str) -> None:
        self.message.setText(text)
        self._middle.setCurrentIndex(bool(text))

    def _on_changed(self, changes: Changes) -> None:
        if changes.replaced:
            self._forget_rooms()
        self._show_soon()

    def _forget_rooms(self) -> None:
        """Keep no room for the texts of an earlier study."""
        for field in (self.state, self.trial, self.points, self.epoch, self.left, self.best):
            field.forget()
        self._numbers = 0, 0

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._numbers = 0, 0
            self._show_soon()

    def _show_soon(self) -> None:
        turns().ask(self, self._show, words=True)

    def _show(self) -> None:
        session = self._session
        progress, job, doing = session.progress, session.job, session.doing
        state = state_in_words(job, session.phase, progress, session.skipping, doing)
        self.state.say(state if session.opening is None else OPENING)
        if progress is not None:
            self._keep_room_for_numbers(progress)
        self.trial.say("" if progress is None else trials_in_words(progress, job, session.phase))
        self.points.say("" if progress is None else self._points_in_words(progress))
        self.points.setVisible(bool(self.points.text()))
        self.epoch.say("" if progress is None else epochs_now(progress, doing, job))
        self._show_bar(progress)
        self.left.say(time_left_in_words(session.seconds_left()))
        self.best.say(best_so_far(progress))
        self.best.setToolTip(plain_tip(best_in_detail(progress)))

    def _keep_room_for_numbers(self, progress: StudyProgress) -> None:
        """Let the highest numbers of the study have room from the beginning."""
        most, epochs = progress.budget, max((trial.epochs for trial in progress.under_way.values()), default=0)
        if self._numbers != (most, epochs):
            self._numbers = most, epochs
            self.trial.keep_room(f"Trial {most} of {most}")
            self.epoch.keep_room(f"Epoch {epochs} of {epochs}")

    def _points_in_words(self, progress: StudyProgress) -> str:
        """Return how many points of a finite space are left; the points are counted once per study."""
        settings = progress.settings
        if settings is not self._counted[0]:
            self._counted = settings, settings.points
        return points_left_in_words(len(progress.trials), self._counted[1])

    def _show_bar(self, progress: StudyProgress | None) -> None:
        """Show how far the study is, while one is under way."""
        session = self._session
        self.bar.setVisible(session.opening is not None or session.job is not None)
        if self._is_loading or progress is None:
            self.bar.show_busy()
        else:
            self.bar.show_share(progress.share_done, still=session.phase in _STANDING)

    @property
    def _is_loading(self) -> bool:
        """Whether something is done of which nobody knows how long it takes."""
        session = self._session
        evaluating = session.job is Job.EVALUATION and session.phase is Phase.RUNNING
        return session.opening is not None or session.phase is Phase.STARTING or evaluating


class _Field(PlainLabel):
    """A text of the status bar, which keeps the room that an earlier one took: nothing moves with the digits."""

    def __init__(self, name: str, width: int, role: QPalette.ColorRole = FAINT) -> None:
        super().__init__()
        self._width = width
        self.setForegroundRole(role)
        self.setAccessibleDescription(name)  # a name would be read in place of the text
        self.setContentsMargins(6, 0, 6, 0)
        self.setFont(even_digits(QFont()))
        self.forget()

    def forget(self) -> None:
        """Keep no more room than any text needs."""
        self.setMinimumWidth(scaled(self, self._width))

    def say(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
            self.keep_room(text)

    def keep_room(self, text: str) -> None:
        """Be as wide from now on as that text needs, if it is not a very long one."""
        margins = self.contentsMargins()
        needed = self.fontMetrics().horizontalAdvance(text) + margins.left() + margins.right()
        self.setMinimumWidth(max(self.minimumWidth(), min(needed, scaled(self, _WIDEST))))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.forget()
            self.keep_room(self.text())


def _holding(bar: QWidget) -> QWidget:
    """Return a widget that keeps the place of the bar while that is hidden."""
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(bar)
    return place
