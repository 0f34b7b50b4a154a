"""Telling: the window's title says how far the study is, and a user who is elsewhere hears of its end."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from core import APP_NAME
from core.letters import in_brief, revealed
from core.phases import Job, Phase
from core.words.going_on import ALL_STUDIES, NO_STUDY, title_in_words
from core.words.notices import (
    Notice,
    end_in_a_notice,
    evaluation_in_a_notice,
    failure_in_a_notice,
    trouble_in_a_notice,
)
from gui.program.notifications import notify
from gui.program.preferences import Preferences
from gui.session.changes import Changes
from gui.session.session import Session
from gui.session.thread import Failure, Runner
from gui.widgets.icons import app_icon
from gui.window.announcing import Announcing

_PATIENCE = 10_000
"""Milliseconds to wait for the desktop when the window closes; it answers within some seconds or never."""
_MOST = 200
"""Letters of a study's name in the title."""
_NO_MARKUP = str.maketrans("<>", "‹›")
"""Some desktops take the text of a tray's message for markup, and Qt does not escape it."""


class Telling(QObject):
    """Tells of the end of a study, and of one that needs the user, if the preferences say so and the user is elsewhere.

    The program's icon in the taskbar asks for attention, the title begins with a word on what has happened, and the
    system shows a message. All this goes when the user comes.
    """

    def __init__(self, window: QWidget, session: Session, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.announcing = Announcing(window, session)
        self._preferences = preferences
        self._news = ""
        self._nothing_open = NO_STUDY
        self._job: Job | None = None
        self._trouble = ""
        self._is_called_off = False
        self._tray: QSystemTrayIcon | None = None
        self._runner: Runner | None = None
        session.changed.connect(self._on_changed)
        session.path_changed.connect(self._show_title)
        session.run_state_changed.connect(self._on_run_state_changed)
        session.failed.connect(self._on_failed)
        app = QApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._on_application_state_changed)
        self._show_title()

    def close(self) -> None:
        """Take the icon away, and wait until a message is shown: the window closes."""
        self._be_heard()
        if self._runner is not None:
            self._runner.wait(_PATIENCE)

    # The title

    def show_list(self, listed: bool) -> None:
        """Let the title say, while no study is open, that the studies are listed, or that a new one is set up."""
        self._nothing_open = ALL_STUDIES if listed else NO_STUDY
        self._show_title()

    @Slot()
    def _show_title(self) -> None:
        session = self._session
        name = revealed(in_brief(session.name, _MOST) or self._nothing_open, kept="")
        title = title_in_words(name, session.job, session.phase, session.progress)
        if self._news and session.job is None:
            title = f"{self._news} – {title}"
        title = f"{title} – {APP_NAME}".replace("[*]", "[*][*]")  # "[*]" alone is Qt's place for a mark
        if title != self._window.windowTitle():
            self._window.setWindowTitle(title)

    # What there is to tell

    def _on_changed(self, changes: Changes) -> None:
        self._show_title()
        if changes.tested is not None and self._session.job is Job.EVALUATION:
            self._tell(evaluation_in_a_notice(changes.tested))

    def _on_run_state_changed(self, job: Job | None, phase: Phase | None) -> None:
        ended, trouble = self._job if job is None else None, self._trouble
        if job is not None:
            self._is_called_off = phase is Phase.STOPPING
        self._job, self._trouble = job, self._session.trouble
        if self._trouble and not trouble:
            self._tell(trouble_in_a_notice(self._trouble))
        elif ended is Job.STUDY and self._session.progress is not None:
            self._tell(end_in_a_notice(self._session.progress))
        self._show_title()

    def _on_failed(self, failure: Failure) -> None:
        self._tell(failure_in_a_notice(failure.title, "" if failure.details else failure.message))

    def _tell(self, notice: Notice | None) -> None:
        if notice is None or self._is_called_off or not self._preferences.tells or _is_here():
            return
        self._news = notice.word
        self._show_title()
        QApplication.alert(self._window)
        self._show_message(notice.title(self._session.name or APP_NAME), notice.text)

    # How it is told

    def _show_message(self, title: str, text: str) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(app_icon(), self)
                self._tray.activated.connect(self._come_forward)
                self._tray.messageClicked.connect(self._come_forward)
            self._tray.show()
            self._tray.showMessage(title.translate(_NO_MARKUP), text.translate(_NO_MARKUP), app_icon())
        elif self._runner is None or self._runner.isFinished():
            self._runner = Runner(lambda: notify(title, text), self)
            self._runner.start()

    @Slot()
    def _come_forward(self) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()

    @Slot()
    def _on_application_state_changed(self) -> None:  # PySide6 6.11 cannot convert the signal's argument
        if _is_here():
            self._be_heard()

    def _be_heard(self) -> None:
        """Forget what was told: the user is here."""
        self._news = ""
        if self._tray is not None:
            self._tray.hide()
        self._show_title()


def _is_here() -> bool:
    """Return whether the user works in a window of the program."""
    return QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
