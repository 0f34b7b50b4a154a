"""The study that has not come to its end: kept in mind from one start of the program to the next."""

from pathlib import Path

from PySide6.QtCore import QObject

from core.events import StudyEnd
from core.progress import StudyProgress
from gui.preferences import Preferences
from gui.session import RunState, Session


class Unfinished(QObject):
    """Notes the study that runs as soon as it does, so that one that fell with the machine is known, too.

    It is forgotten when it ends, is stopped, or another one begins.
    """

    def __init__(self, session: Session, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._preferences = preferences
        for signal in (session.run_state_changed, session.path_changed, session.opened):
            signal.connect(self._look)

    @property
    def path(self) -> Path | None:
        """The study, if its file is still there."""
        path = self._preferences.unfinished
        return path if path is not None and path.exists() else None

    def _look(self, _what: object) -> None:
        session, known = self._session, self._preferences.unfinished
        if session.path is None:
            return
        if session.busy:
            if session.run_state is not RunState.JUDGING and session.path != known and session.path.exists():
                self._preferences.unfinished = session.path
        elif session.path == known and session.run_state is RunState.IDLE and _is_over(session.progress):
            self._preferences.unfinished = None


def _is_over(study: StudyProgress) -> bool:
    return study.end is not None and study.end.reason is not StudyEnd.PAUSED
