"""The trials line: the folded table of trials, one trial in a line; a click opens the table."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from core.words.trial_line import Line, Piece, in_one, trial_in_a_line
from gui.session.session import Session
from gui.widgets.fields import plain_tip
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme
from gui.widgets.turns import turns

HEIGHT = 27
_NAME = "Trials"
_BESIDE, _ARROW, _GAP, _RING = 12, 6, 14, 2.0
"""Pixels beside the words, the side of the arrow, what is between name and words, and the ring of the focus."""


class TrialsLine(QAbstractButton):
    """Tells of the selected trial, else of the one that is pointed at, else of the best. A click wants the table.

    While it is seen, plots need no tips: `session.linking.told_in_line` says so.
    """

    paints_focus = True

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self._line: Line = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_NAME)
        session.changed.connect(self._renew)
        session.selection_changed.connect(self._renew)
        session.linking.hover_changed.connect(self._renew)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)

    @property
    def text_shown(self) -> str:
        """What it tells."""
        return in_one(self._line)

    def _set_colours(self, colours: Colours) -> None:
        self._colours = colours
        self.update()

    def _renew(self, _what: object = None) -> None:
        if self.isVisible():
            turns().ask(self, self._tell, words=True)

    def _tell(self) -> None:
        if not self.isVisible():
            return
        session = self._session
        line = trial_in_a_line(session.progress, session.selected, session.linking.hovered)
        if line != self._line:
            self._line = line
            self.setAccessibleDescription(in_one(line))
            self._tell_whole()
            self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._session.linking.told_in_line = True
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._session.linking.told_in_line = False

    # Sizes

    def sizeHint(self) -> QSize:
        return QSize(scaled(self, 300), scaled(self, HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(self, 100), scaled(self, HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._tell_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _begin(self) -> float:
        """Return where the words begin."""
        name = QFontMetricsF(self._bold()).horizontalAdvance(_NAME)
        return scaled(self, _BESIDE + _ARROW + 8) + name + scaled(self, _GAP)

    def _fonts(self) -> dict[bool, QFont]:
        return {False: self.font(), True: self._bold()}

    def _tell_whole(self) -> None:
        """Let the tip have all that is told, if there is no room for it."""
        fonts = {bold: QFontMetricsF(font) for bold, font in self._fonts().items()}
        width = sum(fonts[piece.bold].horizontalAdvance(piece.text) for piece in self._line)
        room = self.width() - self._begin() - scaled(self, _BESIDE)
        self.setToolTip(plain_tip(in_one(self._line) if width > room else "Open the table of trials (Ctrl+Shift+T)"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._colours
        painter.setPen(QColor(colours.border))
        painter.setBrush(QColor(colours.raised if self.underMouse() else colours.base))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        self._paint_arrow(painter)
        fonts = self._fonts()
        x = float(scaled(self, _BESIDE + _ARROW + 8))
        self._write(painter, Piece(_NAME, bold=True), x, self.width(), fonts, colours.text)
        x, end = self._begin(), self.width() - scaled(self, _BESIDE)
        for place, piece in enumerate(self._line):
            faint = not piece.bold and (place == 0 or not piece.text.strip(" ·"))
            x = self._write(painter, piece, x, end, fonts, colours.faint_text if faint else colours.text)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), _RING))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_arrow(self, painter: QPainter) -> None:
        left, middle, side = scaled(self, _BESIDE), self.height() / 2, scaled(self, _ARROW)
        corners = (0, -side / 2 - 1), (side, 0), (0, side / 2 + 1)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colours.text))
        painter.drawPolygon(QPolygonF([QPointF(left + x, middle + y) for x, y in corners]))
        painter.restore()

    def _write(
        self, painter: QPainter, piece: Piece, x: float, end: float, fonts: dict[bool, QFont], colour: str
    ) -> float:
        """Write a piece as far as there is room, and return where it ends."""
        if x >= end:
            return x
        metrics = QFontMetricsF(fonts[piece.bold])
        text = metrics.elidedText(piece.text, Qt.TextElideMode.ElideRight, end - x)
        painter.setFont(fonts[piece.bold])
        painter.setPen(QColor(colour))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(x, 0, end - x + 1, self.height()), int(flags), text)
        advance = metrics.horizontalAdvance(piece.text)
        return end if text != piece.text else x + advance
