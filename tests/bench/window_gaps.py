"""How evenly the window's thread runs while the tutorial's study trains: gaps of a 10 ms timer.

Run: python -m tests.bench.window_gaps [--runs 3] [--trials 20] [--inline]   (under a display, or offscreen)
Prints a line a run, with the worker cold (its loading included) or warm, and the medians.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer

from core.local_engine import LocalEngine
from core.settings import BudgetSettings, TrainerKind, tutorial_settings
from gui.app import make_application
from gui.garbage import GarbageCollector
from gui.main_window import MainWindow
from gui.messages import CrashReporter
from gui.preferences import Preferences
from gui.session import RunState, Session
from gui.theme import Theme

TICK = 0.010


class GapMeter:
    """Measures how late a 10 ms timer of the GUI thread is; `gaps` are the seconds between its ticks."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.gaps.clear()
        self._last = perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    def report(self) -> tuple[float, float]:
        """Return the 99th percentile and the worst gap, in milliseconds."""
        ordered = sorted(self.gaps)
        return 1000 * ordered[int(0.99 * (len(ordered) - 1))], 1000 * ordered[-1]


def spin(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def run_once(window: MainWindow, meter: GapMeter, trials: int, *, inline: bool) -> tuple[float, float, float, int]:
    """Run a study in the window; return p99 and worst gap in ms, seconds, and the number of epochs shown."""
    settings = tutorial_settings()
    window.form.set_settings(
        msgspec.structs.replace(
            settings,
            budget=BudgetSettings(trials=trials),
            trainer=TrainerKind.INLINE if inline else TrainerKind.WORKER,
        )
    )
    began = perf_counter()
    meter.start()
    window.start()
    while window.session.run_state is not RunState.IDLE:
        spin(100)
    meter.stop()
    epochs = sum(len(trial.losses) for trial in window.session.progress.trials.values())
    return *meter.report(), perf_counter() - began, epochs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--inline", action="store_true", help="train in the study's thread instead of a worker")
    options = parser.parse_args()

    app = make_application(["afina"])
    import gui.main_window

    with tempfile.TemporaryDirectory() as folder:
        vars(gui.main_window)["studies_folder"] = lambda: Path(folder)
        engine, theme = LocalEngine(), Theme()
        collector = GarbageCollector()
        preferences = Preferences(QSettings(f"{folder}/p.ini", QSettings.Format.IniFormat))
        window = MainWindow(Session(engine), theme, preferences, CrashReporter())
        window.resize(1280, 800)
        window.show()
        spin(1000)
        meter = GapMeter()
        results = []
        for number in range(options.runs + 1):
            p99, worst, seconds, epochs = run_once(window, meter, options.trials, inline=options.inline)
            kind = "cold" if number == 0 else "warm"
            print(f"{kind}: p99 {p99:5.1f} ms  worst {worst:6.1f} ms  {epochs} epochs in {seconds:.1f} s")
            if number:
                results.append((p99, worst, seconds))
        p99, worst, seconds = (statistics.median(column) for column in zip(*results, strict=True))
        print(f"median of {options.runs} warm: p99 {p99:.1f} ms  worst {worst:.1f} ms  {seconds:.1f} s")
        window.close()
        collector.stop()
        engine.close()
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
