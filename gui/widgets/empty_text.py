"""The text in a place that is still empty: it says what will appear there."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption

from gui.widgets.fields import PlainLabel, give_tip

_MARGIN, _LEAST_ABOVE = 24, 2
_BREAK = "\N{LINE SEPARATOR}"
"""What begins a new line for Qt's layout of text."""


class EmptyText(PlainLabel):
    """Text in the middle, in as many whole lines as there is room for; where that is not all, the tool tip has it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setMargin(_MARGIN)

    @property
    def shown(self) -> list[str]:
        """The lines as they are seen."""
        lines, metrics = self._lines(), self.fontMetrics()
        count = max(0, (self.height() - 2 * _LEAST_ABOVE) // metrics.lineSpacing())
        if len(lines) <= count or not count:
            return lines[:count]
        rest = " ".join(lines[count - 1 :])
        return [*lines[: count - 1], metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self._room)]

    @property
    def _room(self) -> int:
        """The width of a line; the margin gives way in a small place."""
        return self.width() - 2 * min(_MARGIN, self.width() // 16)

    def _lines(self) -> list[str]:
        layout = QTextLayout(self.text().replace("\n", _BREAK), self.font())
        layout.setTextOption(QTextOption())
        layout.beginLayout()
        lines = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._room)
            lines.append(layout.text()[line.textStart() : line.textStart() + line.textLength()].strip())
        layout.endLayout()
        return lines

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, lines, spacing = QPainter(self), self.shown, self.fontMetrics().lineSpacing()
        painter.setPen(self.palette().color(self.foregroundRole()))
        top = (self.height() - len(lines) * spacing) // 2
        for place, line in enumerate(lines):
            row = QRect(0, top + place * spacing, self.width(), spacing)
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, line)
        give_tip(self, "" if lines == self._lines() else self.text(), wrapped=False)
