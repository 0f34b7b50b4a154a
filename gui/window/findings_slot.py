"""The lower edge of the headline's frame, where findings stand; it is always there, so that nothing jumps."""

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.card import Card
from gui.widgets.elided_line import ElidedLine
from gui.widgets.measures import scaled
from gui.widgets.theme import Theme

_HEIGHT, _LEFT = 27, 14
NOTHING = "Nothing to point out so far."


class FindingsSlot(Card):
    """Holds the line of findings; until there is one, the words that there are none."""

    joins_above = True

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName("Findings")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        nothing = ElidedLine(QPalette.ColorRole.PlaceholderText)
        nothing.setText(NOTHING)
        self._content: QWidget = nothing
        self._column.setContentsMargins(_LEFT, 1, _LEFT, 1)
        self._column.addWidget(self._content)
        self._measure()

    def hold(self, line: QWidget) -> None:
        """Hold the line of findings, which has margins of its own, in place of the words."""
        self._content.hide()
        self._content.deleteLater()
        self._content = line
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.addWidget(line)

    def _measure(self) -> None:
        self.setMinimumHeight(scaled(self, _HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.colours.border))
        painter.drawLine(QPointF(0.5, 0.5), QPointF(self.width() - 0.5, 0.5))
