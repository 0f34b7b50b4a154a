"""The buttons of the findings: one with badge and short form in their line, and the one that acts."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from core.analysis.findings.finding import Badge
from core.words.findings import badge_in_words
from gui.widgets.fields import literal
from gui.widgets.flat_button import FlatButton
from gui.widgets.marks import draw_focus, painter_of
from gui.widgets.measures import BODY, scaled, type_of
from gui.widgets.theme import Theme

_LETTERS = {Badge.ACT: ("!", "warning"), Badge.KNOW: ("i", "training"), Badge.NOTHING_TO_GAIN: ("=", "faint_text")}
"""The letter of each badge, and the name of its colour."""
_SIDE, _GAP, _BESIDE, _CORNER, _UNDERLINE = 15, 7, 3, 3.5, 3
"""Pixels of the design: a badge, from there to the words, beside both, and the line under the one that is open."""
_PASSED_ON = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape)
"""Keys that mean something for all findings, where Qt would let a button move the focus."""


def passes_on(event: QKeyEvent) -> bool:
    """Leave a key to what the buttons stand in; return whether it is one of those."""
    if event.key() in _PASSED_ON:
        event.ignore()
        return True
    return False


class FindingButton(QAbstractButton):
    """A finding in its line: badge and short form. While it is open it has a line under it."""

    paints_focus = True

    def __init__(self, theme: Theme, badge: Badge, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._badge = badge
        self.words = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_finding(badge, words)

    def show_finding(self, badge: Badge, words: str) -> None:
        """Show this finding."""
        if (badge, words) != (self._badge, self.words):
            self._badge, self.words = badge, words
            self.setAccessibleName(words)
            self.setAccessibleDescription(badge_in_words(badge))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(type_of(self.font(), BODY)).horizontalAdvance(self.words)
        return QSize(scaled(self, _SIDE + _GAP + 2 * _BESIDE) + round(words + 1), scaled(self, 24))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if passes_on(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = painter_of(self), self._theme.colours
        side, left = scaled(self, _SIDE), scaled(self, _BESIDE)
        letter, colour = _LETTERS[self._badge]
        _draw_badge(
            painter, QPointF(left + side / 2, self.height() / 2), side, letter, QColor(getattr(colours, colour))
        )
        painter.setFont(type_of(self.font(), BODY))
        painter.setPen(QColor(colours.text))
        begin = left + side + scaled(self, _GAP)
        room = QRectF(begin, 0, self.width() - begin, self.height())
        words = painter.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), words)
        if self.isChecked() or self.underMouse():
            line = colours.accent if self.isChecked() else colours.border
            painter.fillRect(QRectF(0, self.height() - _UNDERLINE, self.width(), _UNDERLINE), QColor(line))
        if self.hasFocus():
            draw_focus(painter, self)


def _draw_badge(painter: QPainter, middle: QPointF, side: float, letter: str, colour: QColor) -> None:
    """Draw a letter in a rounded frame."""
    frame = QRectF(0, 0, side - 1.4, side - 1.4)
    frame.moveCenter(middle)
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(frame, _CORNER, _CORNER)
    font = painter.font()
    font.setPixelSize(round(side * 0.75))
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, letter)


class LineButton(FlatButton):
    """Words without a surface, such as "+ 2 more"."""

    tall, beside = 24, 4

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", "", theme, parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, words: str) -> None:
        """Show other words."""
        if literal(words) != self.text():
            self.setText(literal(words))
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not passes_on(event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_of(self)
        if self.hasFocus():
            self._paint_ring(painter)
        self._paint_content(painter, QColor(self._colours.text if self.underMouse() else self._colours.faint_text))


class PaneButton(FlatButton):
    """A button of an open finding. `pointed` (a bool): the pointer or the focus has come to it, or both are gone."""

    tall, beside = 28, 12
    pointed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", "", theme, parent)
        self._is_pointed = False

    def say(self, words: str) -> None:
        """Show other words."""
        if literal(words) != self.text():
            self.setText(literal(words))
            self.updateGeometry()

    def _tell(self, *, under: bool, focused: bool) -> None:
        if (under or focused) is not self._is_pointed:
            self._is_pointed = under or focused
            self.pointed.emit(self._is_pointed)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._tell(under=True, focused=self.hasFocus())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._tell(under=False, focused=self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell(under=self.underMouse(), focused=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell(under=self.underMouse(), focused=False)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tell(under=False, focused=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not passes_on(event):
            super().keyPressEvent(event)
