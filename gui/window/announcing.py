"""Announcing: a screen reader says by itself what changes in a study, wherever its user is in the window."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from core.events import Change
from core.phases import Job, Phase
from core.words.announcements import best_announced, standing_announced
from core.words.headline import going_on_in_words
from core.words.notices import failure_in_a_notice
from gui.session.changes import Changes
from gui.session.session import Session
from gui.session.thread import Failure
from gui.widgets.fields import without_tags

_APART = 3000
"""Milliseconds between two trials that are announced as the best: a reader needs as long to say one."""
_SAID = frozenset({Phase.STARTING, Phase.PAUSED, Phase.BLOCKED, Phase.HELD})
"""Phases that are announced when they begin."""
_URGENT = frozenset({Phase.BLOCKED, Phase.HELD})


class Announcing(QObject):
    """Announces that the study starts, pauses, waits, ends or cannot go on, and each new best trial; no epochs.

    Signal `announced` (a sentence) comes with each announcement.
    """

    announced = Signal(str)

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._was: tuple[Job | None, Phase | None] = None, None
        self._best: int | None = None
        self._pause = QTimer(self, singleShot=True, interval=_APART)
        self._pause.timeout.connect(self._tell_best)
        session.changed.connect(self._on_changed)
        session.run_state_changed.connect(self._on_run_state_changed)
        session.failed.connect(self._on_failed)

    def _on_changed(self, changes: Changes) -> None:
        if changes.replaced:
            self._best = self._best_now()
        elif Change.BEST in changes.what and not self._pause.isActive():
            self._tell_best()

    def _best_now(self) -> int | None:
        progress = self._session.progress
        return None if progress is None or progress.best is None else progress.best.number

    def _tell_best(self) -> None:
        """Announce the best trial if it is another one; of several in quick succession only the last."""
        progress, best = self._session.progress, self._best_now()
        if self._session.job is None or progress is None or best in (None, self._best):
            return
        self._best = best
        self._pause.start()
        self._announce(best_announced(progress))

    def _on_run_state_changed(self, job: Job | None, phase: Phase | None) -> None:
        was, self._was = self._was, (job, phase)
        if was == self._was:
            return
        session, progress = self._session, self._session.progress
        begins = job is not None and phase in _SAID
        ends = job is None and progress is not None and progress.end is not None
        if not begins and not ends:
            return
        told = going_on_in_words(job, phase, progress, session.trouble, session.begun, session.skipping)
        self._best = self._best_now()
        found = None if phase is Phase.STARTING else progress
        self._announce(standing_announced(without_tags(told.title), found), urgent=phase in _URGENT)

    def _on_failed(self, failure: Failure) -> None:
        notice = failure_in_a_notice(failure.title, "" if failure.details else failure.message)
        self._announce(notice.text, urgent=True)

    def _announce(self, sentence: str, *, urgent: bool = False) -> None:
        event = QAccessibleAnnouncementEvent(self._window, sentence)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
        QAccessible.updateAccessibility(event)
        self.announced.emit(sentence)
