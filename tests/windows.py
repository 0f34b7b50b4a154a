"""The real window for tests, with a temporary place for its studies and preferences."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.events import Event, StudyStarted
from core.progress import StudyProgress, folded
from core.settings import BudgetSettings, tutorial_settings
from core.study.engine import Engine
from gui.program.messages import CrashReporter
from gui.program.preferences import Preferences
from gui.rehearsal.rehearsing import Rehearser
from gui.session.changes import Touched
from gui.session.session import Session
from gui.setup.form import SettingsForm
from gui.widgets.theme import Appearance, Theme
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedRehearser

LONG_STUDY = msgspec.structs.replace(
    tutorial_settings(),
    budget=BudgetSettings(trials=200),
    search=msgspec.structs.replace(tutorial_settings().search, initial_points=2),
)
"""Settings of a study that does not come to its end by itself while a test looks."""


@contextmanager
def open_window(
    engine: Engine,
    folder: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    *,
    appearance: Appearance = Appearance.LIGHT,
    rehearser: Rehearser | None = None,
) -> Iterator[MainWindow]:
    """Show the window; new studies go to `folder`. At the end whatever still runs is stopped."""
    theme = Theme()
    theme.set_appearance(appearance)
    preferences = Preferences(QSettings(str(folder / "preferences.ini"), QSettings.Format.IniFormat), folder)
    session = Session(engine)
    window = MainWindow(session, theme, preferences, CrashReporter(), rehearser or ScriptedRehearser())
    window.resize(1280, 800)  # a test's screen is smaller
    window.show()
    qtbot.waitExposed(window)
    try:
        yield window
    finally:
        session.stop()
        assert session.wait(60_000)
        qtbot.waitUntil(lambda: session.job is None)
        window.close()
        window.deleteLater()
        theme.deleteLater()


def open_study(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """Open a study, and wait until it is shown or refused."""
    window.study_files.open(path)
    until_opened(window, qtbot)


def until_opened(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the study that is being opened, if there is one, is shown or refused."""
    qtbot.waitUntil(lambda: window.session.opening is None, timeout=60_000)


def feed(session: Session, *events: Event) -> None:
    """Fold the events and tell of them, as the session does from its inbox."""
    touched = Touched()
    for event in events:
        touched.add(event, session.progress)
        session.progress = folded(None if isinstance(event, StudyStarted) else session.progress, event)
    session.changed.emit(touched.changes())


def progress_of(session: Session) -> StudyProgress:
    """Return the progress of the study that is open."""
    assert session.progress is not None
    return session.progress


def lay_out(widget: QWidget) -> None:
    """Let a widget that was changed take its places, and be painted, now."""
    assert widget.isVisible()
    for _ in range(3):  # a change of one may be asked for by that of another
        QApplication.processEvents()


def lock(form: SettingsForm) -> None:
    """Show the form's settings as those of a study that runs."""
    settings = form.settings()
    assert settings is not None
    form.show_study(settings, 0, running=True, can_copy=False)
