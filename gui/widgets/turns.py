"""Turns: widgets that draw much draw one after the other, so that no round of the event loop takes long.

Qt paints all widgets that are marked at the same time in one go; three plots and a table at once make a stutter.
"""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QTimer

TURN = 20
"""Milliseconds from one widget's turn to the next."""


class Turns(QObject):
    """Gives each waiting widget its turn, in the order in which they asked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[QObject, Callable[[], None]] = {}
        self._timer = QTimer(self, singleShot=True, interval=TURN)
        self._timer.timeout.connect(self._next)

    def ask(self, who: QObject, draw: Callable[[], None]) -> None:
        """Call `draw` soon: once, however often `who` has asked, and not if `who` has been deleted by then."""
        self._waiting.setdefault(who, draw)
        if not self._timer.isActive():
            self._timer.start()

    def _next(self) -> None:
        who = next(iter(self._waiting))
        draw = self._waiting.pop(who)
        if self._waiting:
            self._timer.start()
        if shiboken6.isValid(who):
            draw()


def turns() -> Turns:
    """Return the turns of this application."""
    app = QCoreApplication.instance()
    assert app is not None
    found = app.findChild(Turns)
    return found if isinstance(found, Turns) else Turns(app)
