"""The study that has not reached its end: remembered from one start of the program to the next."""

import os
from pathlib import Path

from PySide6.QtCore import QObject

from core.events import StudyEnd
from core.phases import Job, Phase
from core.store.lock import in_use
from gui.program.preferences import Preferences
from gui.session.session import Session


class Unfinished(QObject):
    """Notes a study as soon as it runs, so that a study that ended with a crash of the machine is known, too.

    The study is forgotten when its end is recorded, or when another study runs.
    """

    def __init__(self, session: Session, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._preferences = preferences
        session.run_state_changed.connect(self._on_run_state_changed)
        session.moved.connect(self._on_moved)
        session.path_changed.connect(self._forget_if_over)  # an opened study may have ended elsewhere

    @property
    def path(self) -> Path | None:
        """The study, if its file is still there and no other Afina runs it."""
        path = self._preferences.unfinished
        if path is None or not os.path.exists(path):  # noqa: PTH110  Path.exists raises where it may not look
            return None
        return None if in_use(path) else path

    def _on_run_state_changed(self, job: Job | None, phase: Phase | None) -> None:
        if job is Job.STUDY and phase is Phase.RUNNING:
            self._preferences.unfinished = self._session.path
        elif job is None:
            self._forget_if_over()

    def _on_moved(self, before: Path, path: Path) -> None:
        if before == self._preferences.unfinished:
            self._preferences.unfinished = path

    def _forget_if_over(self, *_path: object) -> None:
        progress, path = self._session.progress, self._session.path
        end = None if progress is None else progress.end
        if end is not None and end.reason is not StudyEnd.PAUSED and path == self._preferences.unfinished:
            self._preferences.unfinished = None
