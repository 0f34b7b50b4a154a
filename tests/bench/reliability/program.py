"""The program that the scorecard kills; it tells on standard output how far it is.

`python -m tests.bench.reliability.program window STUDY TRIALS`: the real window with real processes. Tells `ready N`
(finished trials in the study) as soon as it is on the screen, then runs the study, and tells `begun N` and `ended N` of
each trial as they are published.

`… scripted STUDY TRIALS`: the study without a window, with a trainer that follows a script; store, search and export
are real. Tells also `at PHASE` whenever it enters one.
"""

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.events import EpochEnded, Event, StudyEnded, TrialEnded, TrialStarted
from core.settings import StudySettings
from core.study.control import StudyControl
from core.study.engine import Publish, ResumeRequest
from core.study.local_engine import LocalEngine
from tests.bench.reliability import studies


def run_window(study: Path, trials: int) -> int:
    """Show the window and run the study in it until the window is closed or killed."""
    from PySide6.QtCore import QSettings, QStandardPaths, QTimer

    import gui.app
    from gui.program.preferences import Preferences
    from gui.window.main_window import MainWindow
    from gui.window.study_files import StudyFiles

    QStandardPaths.setTestModeEnabled(True)
    settings = QSettings(str(study.parent / "preferences.ini"), QSettings.Format.IniFormat)
    replace(gui.app, "Preferences", lambda _settings: Preferences(settings))
    replace(StudyFiles, "new_path", lambda _files, _settings: study)

    class Window(MainWindow):
        def showEvent(self, event: Any) -> None:
            super().showEvent(event)
            QTimer.singleShot(0, self._begin)

        def _begin(self) -> None:
            if self.session.opening is not None:  # a large study is read in a thread
                self.session.opened.connect(lambda _path: QTimer.singleShot(0, self._begin))
                return
            progress = self.session.progress
            tell(f"ready {0 if progress is None else len(progress.finished)}")
            if progress is None:
                self.form.set_settings(studies.settings(trials))
                self.running.start()
            else:
                self.session.go_on(trials)

    class Engine(LocalEngine):
        def start(
            self, settings: StudySettings, path: Path, publish: Publish, control: StudyControl, name: str = ""
        ) -> StudyEnded:
            return super().start(settings, path, telling(publish), control, name)

        def resume(self, request: ResumeRequest, publish: Publish, control: StudyControl) -> StudyEnded:
            return super().resume(request, telling(publish), control)

    replace(gui.app, "MainWindow", Window)
    replace(gui.app, "LocalEngine", Engine)
    return gui.app.run_window(study if study.exists() else None)


def telling(publish: Publish) -> Publish:
    """Return the function with which a study publishes, made to tell what it does."""

    def publish_and_tell(events: Sequence[Event]) -> None:
        tell_trials(events)
        publish(events)

    return publish_and_tell


def run_scripted(study: Path, trials: int) -> int:
    """Run the study, then export it over and over."""
    import core.search.propose
    import core.store.writer
    from core.export.exporters import EXPORTERS
    from core.progress import StudyProgress
    from core.search.searchers import InlineSearcher
    from core.store.reader import read_study
    from core.store.writer import Store
    from tests.exports import save_export
    from tests.scripted import ScriptedTrainer

    announce(InlineSearcher, "answer", "ask")
    announce(core.search.propose, "propose_by_surrogate", "fit")
    announce(ScriptedTrainer, "reports", "training")
    announce(core.store.writer, "insert", "commit")
    record = Store.record

    def telling_record(store: Store, events: Sequence[Event]) -> None:
        tell("at epoch write" if isinstance(events[0], EpochEnded) else "at trial write")
        record(store, events)

    replace(Store, "record", telling_record)
    trainer = ScriptedTrainer(seconds=0.002)
    if study.exists():
        studies.resume(study, trials, trainer, tell_trials)
    else:
        studies.start(study, studies.settings(trials), trainer, tell_trials)
    progress = StudyProgress.of(read_study(study))
    for _ in range(50):
        for name, exporter in EXPORTERS.items():
            tell("at export")
            save_export(exporter, progress, study.with_name(f"export {name}{exporter.suffix}"))
    time.sleep(60)
    return 0


def announce(owner: Any, name: str, phase: str) -> None:
    """Let a function tell whenever it is called."""
    function: Callable[..., Any] = getattr(owner, name)

    def announced(*args: Any, **kwargs: Any) -> Any:
        tell(f"at {phase}")
        return function(*args, **kwargs)

    replace(owner, name, announced)


def replace(owner: Any, name: str, thing: Any) -> None:
    setattr(owner, name, thing)


def tell_trials(events: Sequence[Event]) -> None:
    for event in events:
        if isinstance(event, TrialStarted | TrialEnded):
            tell(f"{'begun' if isinstance(event, TrialStarted) else 'ended'} {event.trial}")


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
    run = run_window if sys.argv[1] == "window" else run_scripted
    sys.exit(run(Path(sys.argv[2]), int(sys.argv[3])))
