"""Announcing: a screen reader says by itself what changes in a study, wherever its user is in the window."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.events import Change
from core.phases import Job, Phase
from core.words.announcements import (
    best_announced,
    end_announced,
    going_on_announced,
    opened_announced,
    standing_announced,
)
from core.words.headline import going_on_in_words
from core.words.notices import failure_in_a_notice
from gui.session.changes import Changes
from gui.session.session import Session
from gui.session.thread import Failure
from gui.widgets.announce import announce
from gui.widgets.fields import without_tags

_APART = 3000
"""Milliseconds between two trials that are announced as the best: a reader needs as long to say one."""
_SAID = frozenset({Phase.STARTING, Phase.PAUSED, Phase.BLOCKED, Phase.HELD})
"""Phases that are announced when they begin."""
_URGENT = frozenset({Phase.BLOCKED, Phase.HELD})


class Announcing(QObject):
    """Announces what becomes of a study, and of its trials what matters; no epochs.

    That is: it was opened, starts, pauses, goes on, waits, ends, or cannot go on; a trial is the best, was given up, or
    is the first of a row that failed. Signal `announced` (a sentence) comes with each announcement.
    """

    announced = Signal(str)

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._was: tuple[Job | None, Phase | None] = None, None
        self._best: int | None = None
        self._ended = 0
        """How many trials had ended when it was last looked."""
        self._ended_at_start: int | None = None
        """How many trials had ended when the study was begun or resumed; None once it is told that it trains."""
        self._pause = QTimer(self, singleShot=True, interval=_APART)
        self._pause.timeout.connect(self._tell_best)
        session.changed.connect(self._on_changed)
        session.run_state_changed.connect(self._on_run_state_changed)
        session.opened.connect(self._on_opened)
        session.failed.connect(self._on_failed)

    def _on_changed(self, changes: Changes) -> None:
        if changes.replaced:
            self._best = self._best_now()
            self._ended = self._ended_now()
            return
        if self._has_begun():
            self._tell_training(Phase.STARTING)
        self._tell_ends()
        if Change.BEST in changes.what and not self._pause.isActive():
            self._tell_best()

    def _has_begun(self) -> bool:
        """Return whether trials tell that the study trains; the first can be over before its phase is heard."""
        return self._ended_at_start is not None and self._ended_now() > self._ended_at_start

    def _tell_training(self, was: Phase | None) -> None:
        """Announce that the study trains after a phase; after its start only once."""
        if was is Phase.STARTING and self._ended_at_start is None:
            return
        sentence = going_on_announced(was, is_new=not self._ended_at_start)
        self._ended_at_start = None
        if sentence:
            self._announce(sentence)

    def _ended_now(self) -> int:
        progress = self._session.progress
        return 0 if progress is None else len(progress.finished)

    def _tell_ends(self) -> None:
        """Announce what is to be heard of the trials that have ended since."""
        progress, before, self._ended = self._session.progress, self._ended, self._ended_now()
        if progress is None or self._session.job is None:
            return
        for place in range(before, self._ended):
            sentence = end_announced(progress, place)
            if sentence:
                self._announce(sentence)

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
        if job is Job.STUDY and phase is Phase.RUNNING:
            self._tell_training(was[1])
        elif job is None:
            self._tell_end()
        elif phase in _SAID:
            self._tell_standing(phase)
        else:
            self._ended_at_start = None

    def _tell_end(self) -> None:
        """Announce how the study ended, if it has."""
        progress = self._session.progress
        if progress is not None and progress.end is not None:
            if self._has_begun():
                self._tell_training(Phase.STARTING)
            self._tell_standing(None)
        self._ended_at_start = None

    def _tell_standing(self, phase: Phase | None) -> None:
        """Announce where the study stands in this phase, None after its end."""
        self._best = self._best_now()
        starts = phase is Phase.STARTING
        self._ended_at_start = self._ended_now() if starts else None
        found = None if starts else self._session.progress
        self._announce(standing_announced(self._title(), found), urgent=phase in _URGENT)

    def _title(self) -> str:
        """Return the headline's title."""
        session = self._session
        told = going_on_in_words(
            session.job, session.phase, session.progress, session.trouble, session.begun, session.skipping
        )
        return without_tags(told.title)

    def _on_opened(self) -> None:
        self._announce(opened_announced(self._session.study_name, self._title(), self._session.progress))

    def _on_failed(self, failure: Failure) -> None:
        notice = failure_in_a_notice(failure.title, "" if failure.details else failure.message)
        self._announce(notice.text, urgent=True)

    def _announce(self, sentence: str, *, urgent: bool = False) -> None:
        announce(self._window, sentence, urgent=urgent)
        self.announced.emit(sentence)
