"""Turns: widgets that draw much draw one after the other, so that no round of the event loop takes long.

Qt paints all widgets that are marked at the same time in one go; three plots and a table at once make a stutter. Words
do not wait behind the drawings, and follow each other at once: parts of the window that tell of different moments
contradict each other.
"""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QTimer

TURN = 20
"""Milliseconds from one turn to the next."""
WORDS_INTERVAL = 120
"""Milliseconds from one round of the words to the next; nobody reads faster."""


class Turns(QObject):
    """Gives each waiting widget its turn, in the order in which they asked.

    Words that wait have their turns without a drawing between them, but not too often, and before drawings: they wait
    for one drawing at most, and the drawings for one round of the words.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawings: dict[QObject, Callable[[], None]] = {}
        self._words: dict[QObject, Callable[[], None]] = {}
        self._telling: dict[QObject, Callable[[], None]] = {}
        """The words of this round that still wait."""
        self._told = False
        """Whether the last turn was one of the words."""
        self._timer = QTimer(self, singleShot=True, interval=TURN)
        self._timer.timeout.connect(self._next)
        self._pause = QTimer(self, singleShot=True, interval=WORDS_INTERVAL)
        self._pause.timeout.connect(self._go_on)

    def ask(self, who: QObject, draw: Callable[[], None], *, words: bool = False) -> None:
        """Call `draw` soon: once, however often `who` has asked, and not if `who` has been deleted by then."""
        (self._words if words else self._drawings).setdefault(who, draw)
        self._go_on()

    @property
    def waiting(self) -> bool:
        """Whether anyone still waits for a turn."""
        return bool(self._telling or self._drawings or self._words)

    @property
    def _words_are_due(self) -> bool:
        return bool(self._words) and not self._pause.isActive()

    def _go_on(self) -> None:
        if (self._telling or self._drawings or self._words_are_due) and not self._timer.isActive():
            self._timer.start()

    def _next(self) -> None:
        if not self._telling and self._words_are_due and not (self._told and self._drawings):
            self._telling, self._words = self._words, {}
            self._pause.start()
        self._told = bool(self._telling)
        waiting = self._telling or self._drawings
        who = next(iter(waiting))
        draw = waiting.pop(who)
        self._go_on()
        if shiboken6.isValid(who):
            draw()


def turns() -> Turns:
    """Return the turns of this application."""
    app = QCoreApplication.instance()
    assert app is not None
    found = app.findChild(Turns)
    return found if isinstance(found, Turns) else Turns(app)
