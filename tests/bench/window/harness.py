"""What the window's measurements share: a real window in a process of its own, and a meter of its stutter."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer

from core.rehearsal.rehearser import Rehearser
from core.study.engine import Engine
from core.study.local_engine import LocalEngine
from gui.app import make_application, tune_interpreter
from gui.program.garbage import GarbageCollector
from gui.program.messages import CrashReporter
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.widgets.theme import Theme
from gui.window.main_window import MainWindow

TICK = 0.010
SIZE = (1920, 1080)
ROOT = Path(__file__).resolve().parents[3]


class GapMeter:
    """Measures how late a 10 ms timer of the GUI thread is: seconds between its ticks, and its own work in them."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self.work: list[float] = []
        self._last = self._last_work = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.gaps.clear()
        self.work.clear()
        self._last, self._last_work = perf_counter(), thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now, work = perf_counter(), thread_time()
        self.gaps.append(now - self._last)
        self.work.append(work - self._last_work)
        self._last, self._last_work = now, work

    def report(self) -> dict[str, float]:
        """Return the 99th percentile and the worst gap, and of the thread's own work in a gap, in milliseconds.

        `work share` is its own work in percent of the time.
        """
        gaps, work = (sorted(1000 * value for value in values) for values in (self.gaps, self.work))
        p99 = int(0.99 * (len(gaps) - 1))
        share = 100 * sum(work) / max(sum(gaps), 1e-9)
        return {
            "p99": gaps[p99],
            "worst": gaps[-1],
            "work p99": work[p99],
            "work worst": work[-1],
            "work share": share,
        }


@dataclass
class Bench:
    """A window on screen, and its meter."""

    window: MainWindow
    meter: GapMeter
    folder: Path

    def gaps_of(self, act: Callable[[], object], milliseconds: int = 300) -> tuple[float, float]:
        """Return the worst gap and the most work in one, in milliseconds, while something is done and settles."""
        self.meter.start()
        act()
        spin(milliseconds)
        self.meter.stop()
        found = self.meter.report()
        return found["worst"], found["work worst"]


@contextmanager
def window_on_screen(engine: Engine | None = None) -> Iterator[Bench]:
    """Give a window such as `gui.app` makes it, whose studies go into a folder of its own."""
    app = make_application(["afina"])
    tune_interpreter()
    made = LocalEngine() if engine is None else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        collector = GarbageCollector()
        preferences = Preferences(QSettings(f"{folder}/p.ini", QSettings.Format.IniFormat), Path(folder))
        session = Session(engine or made or LocalEngine())
        session.opening_changed.connect(collector.hold)
        session.opened.connect(collector.settle)
        window = MainWindow(session, Theme(), preferences, CrashReporter(), Rehearser())
        window.resize(*SIZE)
        window.show()
        plots = (window.loss_plot, window.convergence_plot, window.points_plot)
        spin_until(lambda: not any(plot.waiting_to_paint for plot in plots))
        spin(1000)
        collector.settle()
        yield Bench(window, GapMeter(), Path(folder))
        window.close()
        collector.stop()
        if made is not None:
            made.close()
    del app


def spin(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def spin_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the window run until something holds; raises TimeoutError."""
    end = perf_counter() + seconds
    while not holds():
        if perf_counter() > end:
            raise TimeoutError(f"not within {seconds:.0f} s")
        spin(10)


def run_child(module: str, *arguments: str, platform: str) -> Any:
    """Run a module of this folder in a process of its own; return what it printed last, as JSON."""
    command = [sys.executable, "-m", f"tests.bench.window.{module}", *arguments]
    if platform == "xcb":
        command = ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", *command]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        places = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home, "XDG_DATA_HOME": home}
        environment = os.environ | places | {"QT_QPA_PLATFORM": platform}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # the second start of a user finds its modules compiled
        done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def platforms() -> list[str]:
    """Return the window systems that can be measured here."""
    return ["offscreen", *(["xcb"] if shutil.which("xvfb-run") else [])]
