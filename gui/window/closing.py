"""Closing: the window closes while a study runs in it, after a question or, when the system asks, at once."""

import logging

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from core.events import StudyEnd
from core.phases import Job, Phase
from core.words.closing import closing_in_words
from gui.program.messages import CrashReporter, ask
from gui.session.session import Session

log = logging.getLogger(__name__)

_LOGOUT_PATIENCE = 3000
"""Milliseconds that a study may take to end before the system ends the program."""
_MAX_DIALOGS = 20


class Closing(QObject):
    """Pauses the study, in its file, before the window closes, and silences messages that nobody would read."""

    def __init__(self, window: QWidget, session: Session, crashes: CrashReporter) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._crashes = crashes
        self._under_way = False
        self._box: QMessageBox | None = None
        session.run_state_changed.connect(self._on_run_state_changed)

    def may_close(self) -> bool:
        """Return whether the window can close now; if not, ask the user, unless it closes soon anyway."""
        if not self._session.busy:
            return True
        if self._box is not None:
            self._box.activateWindow()
        elif not self._under_way:
            session = self._session
            told = closing_in_words(session.job, session.phase, session.progress, session.trouble)
            self._box = ask(self._window, told.title, told.text, told.button, self._close_soon)
            self._box.finished.connect(self._on_answered)
        return False

    @Slot()
    def close_now(self) -> None:
        """Close without a question, because the system asks for it. Open dialogs are closed."""
        if self._under_way:
            return
        log.info("Told to end")
        self._be_quiet()
        _call_off_dialogs()
        self._close_soon()

    @Slot()
    def prepare_for_logout(self) -> None:
        """Pause the study and wait for that: after the return the system may end the program at any time."""
        log.info("The user logs out")
        if self._session.busy:
            self._be_quiet()
        self._session.stop(StudyEnd.PAUSED)
        self._session.finish(_LOGOUT_PATIENCE)

    def _close_soon(self) -> None:
        self._under_way = True
        self._be_quiet()
        self._session.stop(StudyEnd.PAUSED)
        if not self._session.busy:
            self._window.close()

    def _be_quiet(self) -> None:
        self._crashes.quiet = True

    def _on_run_state_changed(self, job: Job | None, phase: Phase | None) -> None:
        if job is Job.STUDY and phase is Phase.STARTING:  # the logout was called off
            self._crashes.quiet = False
        if job is None and self._under_way:
            self._window.close()

    def _on_answered(self) -> None:
        self._box = None


def _call_off_dialogs() -> None:
    """Close menus and dialogs, the last one first."""
    for _ in range(_MAX_DIALOGS):
        uppermost = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if uppermost is None or not uppermost.close():
            return
