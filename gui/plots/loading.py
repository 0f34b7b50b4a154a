"""Loading of what draws the plots: pyqtgraph takes as long as the rest of the window, so it comes after that."""

import importlib
import sys

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from gui.runner import Runner

_DRAWING = "gui.plots.canvas"


class Loading(QObject):
    """Loads once, in a thread, so that the form can be filled in meanwhile. `done`: it is there."""

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner: Runner | None = None

    @Slot()
    def start(self) -> None:
        """Load, if that has not begun; whoever needs it sooner waits for it by importing it."""
        if self._runner is None:
            self._runner = Runner(lambda: importlib.import_module(_DRAWING), self)
            self._runner.finished.connect(self.done)
            self._runner.start()

    @property
    def is_done(self) -> bool:
        return _DRAWING in sys.modules if self._runner is None else self._runner.isFinished()

    def wait(self) -> None:
        """Wait until nothing is being loaded; a thread must not be destroyed before."""
        if self._runner is not None:
            self._runner.wait()


def loading() -> Loading:
    """Return the one of this application."""
    app = QCoreApplication.instance()
    assert app is not None
    found = app.findChild(Loading)
    return found if isinstance(found, Loading) else Loading(app)
