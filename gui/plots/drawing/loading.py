"""Loading of what draws the plots: pyqtgraph takes as long as the rest of the window, so it comes after that.

It comes in the window's own thread, in steps: PySide6 makes its classes when they are first used, and may crash when
two threads do so at once.
"""

import importlib
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

from PySide6 import QtCore, QtGui, QtSvg, QtWidgets
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

_DRAWING = ("pyqtgraph", "gui.plots.drawing.canvas")


class Loading(QObject):
    """Loads once, a step in each turn of the event loop, so that the form can be filled in. `done`: it is there."""

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_done = False
        self._steps: Iterator[Callable[[], object]] | None = None

    @Slot()
    def start(self) -> None:
        """Load, if that has not begun; whoever needs it sooner imports it."""
        if self._steps is None:
            self._steps = _steps()
            self._step()

    @Slot()
    def _step(self) -> None:
        assert self._steps is not None
        step = next(self._steps, None)
        if step is None:
            self.is_done = True
            self.done.emit()
        else:
            step()
            QTimer.singleShot(0, self._step)


def _steps() -> Iterator[Callable[[], object]]:
    for module in (QtCore, QtGui, QtSvg, QtWidgets):
        yield partial(_make_classes, module)
    for name in _DRAWING:
        yield partial(importlib.import_module, name)


def _make_classes(module: ModuleType) -> None:
    """Let PySide6 make the module's classes: pyqtgraph will ask for all of them, at once."""
    for name in dir(module):
        getattr(module, name)


def loading() -> Loading:
    """Return the one of this application."""
    app = QCoreApplication.instance()
    assert app is not None
    found = app.findChild(Loading)
    return found if isinstance(found, Loading) else Loading(app)
