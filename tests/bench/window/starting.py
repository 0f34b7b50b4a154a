"""From the start of a process to its first picture: `python -m tests.bench.window.starting afina|bare`.

The first picture is there when the window's first paint is over and has gone to the window system. Prints the clock's
time then, the modules loaded by then, the worst gap in the second after it, and the memory at its end.
"""

import gc
import itertools
import json
import os
import sys
import time
from typing import Any

HEAVY = ("tensorflow", "keras", "skopt", "pandas", "sklearn", "scipy", "matplotlib", "OpenGL")


def report_first_picture() -> None:
    """Look, once the present paint is over, at what there is; print it a second later, and end the process."""
    from PySide6.QtCore import QTimer

    found: dict[str, Any] = {}
    ticks: list[float] = []
    meter = QTimer()

    def painted() -> None:
        found["painted"], found["cpu"] = time.time(), time.process_time()
        found["modules"] = [name for name in HEAVY if name in sys.modules]
        found["plots"] = ["pyqtgraph" in sys.modules]
        ticks.append(time.perf_counter())
        meter.timeout.connect(lambda: ticks.append(time.perf_counter()))
        meter.start(10)
        QTimer.singleShot(1000, end)

    def end() -> None:
        import psutil

        meter.stop()
        ticks.append(time.perf_counter())
        found["plots"].append("pyqtgraph" in sys.modules)
        gaps = [later - sooner for sooner, later in itertools.pairwise(ticks)]
        found.update(gap=1000 * max(gaps), memory=psutil.Process().memory_info().rss / 1e6)
        print(json.dumps(found), flush=True)
        os._exit(0)

    QTimer.singleShot(0, painted)


def run_afina() -> int:
    """Do what `main.py` does, but for the processes that it starts later."""
    gc.disable()  # as `main` does, before the same imports
    import gui.app
    import main
    from gui.window.main_window import MainWindow

    class Watched(MainWindow):
        def paintEvent(self, event: Any) -> None:
            super().paintEvent(event)
            if not self.property("seen"):
                self.setProperty("seen", True)
                report_first_picture()

    vars(gui.app)["MainWindow"] = Watched
    gui.app._WARM_DELAY = 60_000
    return main.main([])


def run_bare() -> int:
    """Show as bare a window with a plot as these libraries make it."""
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Bare(pg.PlotWidget):  # type: ignore[misc]
        def paintEvent(self, event: Any) -> None:
            super().paintEvent(event)
            if not self.property("seen"):
                self.setProperty("seen", True)
                report_first_picture()

    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(Bare())
    window.resize(1280, 800)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(run_bare() if sys.argv[1] == "bare" else run_afina())
