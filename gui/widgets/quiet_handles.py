"""What stands between parts of a window and can be drawn: nothing is painted there until the pointer comes."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QSplitterHandle

_DRAWING = frozenset({Qt.CursorShape.SplitHCursor, Qt.CursorShape.SplitVCursor})


class QuietSplitter(QSplitter):
    """A splitter whose handles show their dots under the pointer only."""

    def createHandle(self) -> QSplitterHandle:
        return _QuietHandle(self.orientation(), self)


class _QuietHandle(QSplitterHandle):
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.underMouse():
            super().paintEvent(event)


class QuietSeparators(QObject):
    """Lets a window show the dots between its docks only while the pointer is over one of these places.

    Qt paints them when the window is to be painted, before the window's own painting, which goes on alone.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QPaintEvent) or self._window.cursor().shape() in _DRAWING:
            return False
        self._window.paintEvent(event)
        return True
