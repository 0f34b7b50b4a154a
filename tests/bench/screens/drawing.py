"""Draws the states in one size and appearance: `python -m tests.bench.screens.drawing FOLDER 1280x800 light …`."""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSettings
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from core.phases import Phase
from core.rehearsal.rehearser import Rehearser
from core.study.local_engine import LocalEngine
from gui.app import make_application
from gui.program.messages import CrashReporter
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.widgets.theme import Appearance, Theme
from gui.widgets.turns import turns
from gui.window.main_window import MainWindow
from tests.bench.screens.states import STATES

_PATIENCE = 180  # seconds
_SETTLED = 0.6  # seconds until what was asked for is drawn
_IN_PASSING = 0.1  # seconds until a study that goes on is drawn


class Studio:
    """A real window in an empty folder, and what is needed to bring it into a state."""

    def __init__(self, app: QApplication, size: tuple[int, int], look: Appearance, folder: Path) -> None:
        self.app, self.folder = app, folder
        theme = Theme()
        theme.set_appearance(look)
        settings = QSettings(str(folder / "preferences.ini"), QSettings.Format.IniFormat)
        self.preferences = Preferences(settings, folder / "Afina")
        self.engine = LocalEngine(trusted=self.preferences.trusted_models)
        self.session = Session(self.engine)
        rehearser = Rehearser(trusted=self.preferences.trusted_models)
        self.window = MainWindow(self.session, theme, self.preferences, CrashReporter(), rehearser)
        self.window.resize(*size)
        self.window.show()
        self.form = self.window.form

    def wait(self, until: Callable[[], object]) -> None:
        """Let events come until something holds."""
        end = time.monotonic() + _PATIENCE
        while not until():
            if time.monotonic() > end:
                raise TimeoutError("The window did not come into the state")
            self.app.processEvents()
            time.sleep(0.01)

    def pass_time(self, seconds: float) -> None:
        """Let events come for a while."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def settle(self) -> None:
        """Let everything be painted."""
        self.pass_time(_IN_PASSING if self.session.phase is Phase.RUNNING else _SETTLED)

    def _is_drawn(self) -> bool:
        """Return whether nothing that is new waits for its turn; of a study that goes on something always does."""
        window = self.window
        plots = window.loss_plot, window.convergence_plot, window.points_plot
        if self.session.phase is Phase.RUNNING:
            return not any(plot._canvas is not None and plot._canvas.draws_later for plot in plots)
        return not turns().waiting and not any(plot.waiting_to_paint for plot in plots if plot.isVisible())

    def draw(self, path: Path) -> None:
        """Save a picture of the window as it is now."""
        self.settle()
        self.wait(self._is_drawn)
        self.window.grab().save(str(path))

    def close(self) -> None:
        """End the study and the window."""
        self.session.stop()
        self.wait(lambda: self.session.job is None)
        self.window.close()
        self.engine.close()
        self.window.deleteLater()
        self.app.processEvents()


def main() -> None:
    """Draw each state in a window of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("size")
    parser.add_argument("look")
    parser.add_argument("--state", action="append", default=[])
    given = parser.parse_args()
    app = make_application([])
    font = QFont(app.font())
    font.setPixelSize(12)
    app.setFont(font)
    scale = float(os.environ.get("QT_SCALE_FACTOR", "1"))
    width, height = (round(int(side) / scale) for side in given.size.split("x"))
    for state in given.state:
        with TemporaryDirectory() as folder:
            studio = Studio(app, (width, height), Appearance(given.look), Path(folder))
            studio.settle()
            for name in STATES[state](studio):
                path = given.folder / f"{name}-{given.size}-{given.look}.png"
                studio.draw(path)
                print(path, flush=True)
            studio.close()


if __name__ == "__main__":
    main()
