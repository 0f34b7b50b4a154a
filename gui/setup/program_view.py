"""The text of a program to be read before it runs: numbered, wrapped, with what cannot be seen marked in colour."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from core.words.program_text import MARK, Line

_GAP = 8
"""Pixels beside the numbers of the lines."""


class ProgramView(QPlainTextEdit):
    """Shows lines, to be read and copied. A line that is wrapped has one number, so nothing can pass for a new line."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._numbers: list[int | None] = []
        self._marks = _Marks(self)
        self._margin = _Margin(self)
        self.blockCountChanged.connect(self._fit_margin)
        self.updateRequest.connect(self._scroll_margin)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines instead."""
        self._numbers = [line.number for line in lines]
        self.setPlainText("\n".join(line.text for line in lines))
        self._fit_margin()

    def margin_width(self) -> int:
        """Return the room for the numbers, in pixels."""
        widest = max((number for number in self._numbers if number is not None), default=0)
        return self.fontMetrics().horizontalAdvance(str(widest)) + 2 * _GAP if widest else 0

    def _fit_margin(self) -> None:
        self.setViewportMargins(self.margin_width(), 0, 0, 0)
        inside = self.contentsRect()
        self._margin.setGeometry(QRect(inside.left(), inside.top(), self.margin_width(), inside.height()))

    def _scroll_margin(self, area: QRect, dy: int) -> None:
        if dy:
            self._margin.scroll(0, dy)
        else:
            self._margin.update(0, area.y(), self._margin.width(), area.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_margin()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._marks.rehighlight()

    def paint_numbers(self, painter: QPainter) -> None:
        """Paint the numbers of the lines that can be seen."""
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        width, height = self.margin_width() - _GAP, self.fontMetrics().height()
        while block.isValid():
            top = round(self.blockBoundingGeometry(block).translated(offset).top())
            if top > self.viewport().height():
                break
            number = self._numbers[block.blockNumber()] if block.blockNumber() < len(self._numbers) else None
            if number is not None:
                painter.drawText(0, top, width, height, Qt.AlignmentFlag.AlignRight, str(number))
            block = block.next()


class _Margin(QWidget):
    """The numbers to the left of a ProgramView."""

    def __init__(self, view: ProgramView) -> None:
        super().__init__(view)
        self._view = view
        self.setFont(view.font())

    def sizeHint(self) -> QSize:
        return QSize(self._view.margin_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._view.font())
        painter.fillRect(event.rect(), self._view.palette().color(QPalette.ColorRole.AlternateBase))
        self._view.paint_numbers(painter)


class _Marks(QSyntaxHighlighter):
    """Colours the marks in the colour of problems, inverted, so that they cannot be taken for text."""

    def __init__(self, view: ProgramView) -> None:
        super().__init__(view.document())
        self._view = view

    def highlightBlock(self, text: str) -> None:
        palette, look = self._view.palette(), QTextCharFormat()
        look.setBackground(QColor(palette.color(QPalette.ColorRole.BrightText)))
        look.setForeground(QColor(palette.color(QPalette.ColorRole.Base)))
        for mark in MARK.finditer(text):
            self.setFormat(mark.start(), mark.end() - mark.start(), look)
