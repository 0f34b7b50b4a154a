"""Rehearsing: starts the rehearser, reports its results in the window's thread, and remembers them."""

from collections import deque
from typing import Protocol

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.progress import StudyProgress
from core.rehearsal.configurations import Rehearsal, is_harmless, same_training
from core.settings import StudySettings
from core.words.rehearsals import worries
from gui.session.asking import Asking

_WARM_DELAY = 1500
"""Milliseconds without a change of the form after which TensorFlow is loaded for a rehearsal that will be needed."""
_MAX_REMEMBERED = 20


class Rehearser(Protocol):
    """The interface of a rehearser: core.rehearsal.rehearser.Rehearser, or one of a test."""

    @property
    def rehearsal(self) -> Rehearsal | None: ...

    @property
    def over(self) -> bool: ...

    def warm(self, workers: int) -> None: ...

    def begin(self, settings: StudySettings, sample_seconds: float) -> None: ...

    def look(self) -> bool: ...

    def close(self) -> None: ...


class Rehearsing(QObject):
    """Runs rehearsals, one at a time.

    Signal `changed` (a Rehearsal): the rehearsal under way has news; the last one is `over`.
    """

    changed = Signal(object)

    def __init__(self, rehearser: Rehearser, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rehearser = rehearser
        self._done: deque[Rehearsal] = deque(maxlen=_MAX_REMEMBERED)
        self._trained: deque[StudySettings] = deque(maxlen=_MAX_REMEMBERED)
        self._expected: StudySettings | None = None
        self._asking: Asking[Rehearsal] = Asking(
            self._tell, lambda rehearsal: not rehearsal.over, self._known_so_far, self
        )
        self._warm_timer = QTimer(self, singleShot=True, interval=_WARM_DELAY)
        self._warm_timer.timeout.connect(self._warm)

    def known(self, settings: StudySettings) -> Rehearsal | None:
        """Return the last rehearsal of the same training, but with these settings; None when there was none."""
        for rehearsal in reversed(self._done):
            if same_training(rehearsal.settings, settings):
                return msgspec.structs.replace(rehearsal, settings=settings)
        return None

    def is_needed(self, settings: StudySettings) -> bool:
        """Return whether a rehearsal is needed to know that these settings can be trained."""
        return not is_harmless(settings) and self.known(settings) is None

    def note_trained(self, progress: StudyProgress) -> None:
        """Remember the settings of a study that has a result: they need no rehearsal."""
        if progress.best is not None and progress.settings not in self._trained:
            self._trained.append(progress.settings)

    def may_start(self, settings: StudySettings) -> bool:
        """Return whether nothing speaks against the study, and no rehearsal is needed to know that."""
        known = self.known(settings)
        if known is not None:
            return not worries(known)
        return any(same_training(trained, settings) for trained in self._trained) or is_harmless(settings)

    def expect(self, settings: StudySettings | None) -> None:
        """Load TensorFlow soon if the form's current settings will need a rehearsal; None: they will need none."""
        self._expected = settings
        if settings is not None and self.is_needed(settings):
            self._warm_timer.start()
        else:
            self._warm_timer.stop()
            if not self._asking.active:
                self._rehearser.close()

    def begin(self, settings: StudySettings, sample_seconds: float) -> None:
        """Rehearse the study, with `sample_seconds` for random points; cancel the last rehearsal. Raises ChildLost."""
        self._warm_timer.stop()
        self._rehearser.begin(settings, sample_seconds)
        self._asking.start(self._news)

    def cancel(self) -> None:
        """Cancel the rehearsal under way, and end the process."""
        self._warm_timer.stop()
        self._asking.stop()
        self._rehearser.close()

    @Slot()
    def _warm(self) -> None:
        if self._expected is not None:
            self._rehearser.warm(self._expected.workers)

    def _news(self) -> Rehearsal | None:
        """Return the rehearsal if it has news, or if it is over; else None."""
        return self._known_so_far() if self._rehearser.look() or self._rehearser.over else None

    def _known_so_far(self) -> Rehearsal:
        assert self._rehearser.rehearsal is not None
        return self._rehearser.rehearsal

    def _tell(self, rehearsal: Rehearsal) -> None:
        if rehearsal.over:
            self._asking.stop()
            if not rehearsal.failed:  # the cause may be gone by the next time
                self._done.append(rehearsal)
        self.changed.emit(rehearsal)
