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

    They are all that the window itself paints; its background is there before.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.Paint and self._window.cursor().shape() not in _DRAWING
