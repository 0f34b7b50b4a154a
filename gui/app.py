"""The application: compose the window, run it, leave in good order."""

import logging
import os
import sys
from pathlib import Path

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from core import APP_NAME, VERSION
from core.events import StudyEnd
from core.rehearsal.rehearser import Rehearser
from core.study.local_engine import LocalEngine
from gui.program.garbage import GarbageCollector
from gui.program.log import Log, log_folder
from gui.program.messages import CrashReporter, versions
from gui.program.preferences import Preferences
from gui.program.signals import EndSignals
from gui.session.session import Session
from gui.widgets.focus_ring import FocusRing
from gui.widgets.icons import app_icon
from gui.widgets.theme import Theme
from gui.window.main_window import MainWindow

log = logging.getLogger(__name__)

_WARM_DELAY = 150
"""Milliseconds between showing the window and starting its processes: the window is drawn first, undisturbed."""

_SWITCH_INTERVAL = 0.0002
"""Seconds for which another thread may keep Python's lock while the GUI thread waits for it."""


def make_application(arguments: list[str]) -> QApplication:
    """Return the QApplication with name, style and icon."""
    app = QApplication(arguments)
    app.setApplicationName(APP_NAME)
    app.setOrganizationName(APP_NAME)
    app.setApplicationVersion(VERSION)
    app.setDesktopFileName(APP_NAME.lower())  # by which Wayland finds name and icon (untried)
    app.setStyle("Fusion")
    app.setWindowIcon(app_icon())
    return app


def tune_interpreter() -> None:
    """Let the GUI thread have Python's lock soon after it asks; by default it waits 5 ms, several times per paint."""
    sys.setswitchinterval(_SWITCH_INTERVAL)


def _log_versions() -> None:
    log.info("On %s", " on ".join(versions().splitlines()))


def run_window(study: Path | None) -> int:
    """Show the window, with a study in it if one is given, until it is closed; return the exit code."""
    app = make_application(sys.argv[:1])
    tune_interpreter()
    record = Log(log_folder())
    log.info("Start: %s %s", APP_NAME, VERSION)
    crashes = CrashReporter(record.recent)
    crashes.install()
    preferences = Preferences(QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, APP_NAME, APP_NAME))
    theme = Theme()
    theme.set_appearance(preferences.appearance)
    FocusRing(app, theme)
    engine = LocalEngine(trusted=preferences.trusted_models)
    session = Session(engine)
    window = MainWindow(session, theme, preferences, crashes, Rehearser(trusted=preferences.trusted_models))
    crashes.window = window
    collector = GarbageCollector()
    session.opening_changed.connect(collector.hold)
    session.opened.connect(collector.settle)
    signals = EndSignals()
    signals.asked.connect(window.closing.close_now)
    app.commitDataRequest.connect(window.closing.prepare_for_logout)
    app.commitDataRequest.connect(window.remember)
    window.start_with(study)
    window.show()
    QTimer.singleShot(_WARM_DELAY, _log_versions)
    QTimer.singleShot(_WARM_DELAY, collector.settle)
    QTimer.singleShot(_WARM_DELAY, engine.warm)
    try:
        return app.exec()
    finally:
        signals.close()
        collector.stop()
        session.stop(StudyEnd.PAUSED)
        session.wait(5000)
        engine.close()
        crashes.uninstall()
        log.info("End")
        record.close()
