"""A line of anybody's text that has an ellipsis where there is no room for all of it; its tool tip has the whole."""

import math

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.fields import PlainLabel, give_tip
from gui.widgets.marks import FAINT


class ElidedLine(PlainLabel):
    """One line of plain text, as long as there is room for; a reader hears all of it.

    `elide` says where letters are left out. `tip`, if given, is the tool tip at all times.
    """

    def __init__(
        self,
        role: QPalette.ColorRole = QPalette.ColorRole.WindowText,
        parent: QWidget | None = None,
        *,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        self._elide, self.tip = elide, ""
        super().__init__("", parent)
        self.setForegroundRole(role)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell_whole()

    @property
    def shown(self) -> str:
        """The text as it is seen."""
        return self.fontMetrics().elidedText(self.text(), self._elide, self.width())

    def _tell_whole(self) -> None:
        give_tip(self, self.tip or (self.text() if self.shown != self.text() else ""))

    def sizeHint(self) -> QSize:
        exact = QFontMetricsF(self.font()).horizontalAdvance(self.text())  # rounded down, a letter would be cut off
        return QSize(math.ceil(exact), self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._tell_whole()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(self.rect(), int(flags), self.shown)


def line_beside(text: str = "") -> ElidedLine:
    """Return a faint line beside an editor, no wider than its text, hidden while it is empty."""
    line = ElidedLine(FAINT)
    line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    line.setText(text)
    line.setHidden(not text)
    return line
