"""A place that is still empty: a pale sketch of what will be seen there, and what that is in words."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.fields import plain_tip
from gui.widgets.marks import painter_of
from gui.widgets.measures import TITLE, scaled, type_of
from gui.widgets.sketches import Sketch
from gui.widgets.theme import Theme

_LEFT, _RIGHT, _TOP, _BOTTOM = 28, 26, 6, 24
"""The room around a sketch."""
_TEXT_LEFT, _BETWEEN, _WIDEST = 12, 4, 300
_NARROW = 380
"""Places that are narrower have the text above the sketch."""


@dataclass(frozen=True)
class Words:
    """What will be seen in a place: a few bold words, and a sentence."""

    heading: str
    sentence: str


class EmptyPlace(QWidget):
    """Shows sketch and words: the words where the sketch leaves room for them, above it where it leaves too little.

    No text lies on a line. Where there is no room for both, the sketch goes; then the words end in "…", and the tool
    tip has them.
    """

    def __init__(self, theme: Theme, words: Words, sketch: Sketch | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._sketch = theme, sketch
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # so that it is read out
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.say(words)
        theme.changed.connect(self._on_other_colours)

    def _on_other_colours(self) -> None:
        self.update()

    def say(self, words: Words) -> None:
        """Show other words."""
        self.words = words
        self.setAccessibleName(f"{words.heading}. {words.sentence}")
        self._tell_whole()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    # Where sketch and words are

    def places(self) -> tuple[QRectF, QRectF]:
        """Return where the words and the sketch stand; the latter is null where there is no room for it."""
        beside = self._sketch_area(0)
        if self._sketch is not None and self.width() >= scaled(self, _NARROW):
            free = self._sketch.free(beside)
            room = QRectF(free.topLeft(), free.size())
            room.setWidth(min(free.width(), scaled(self, _WIDEST)))
            height = self._height_of(room.width())
            if height <= room.height() and self._longest_word <= room.width():
                room.translate(0, min(free.height() - height, beside.height() * 0.07))
                room.setHeight(height)
                return room, beside
        above = QRectF(self.rect()).adjusted(scaled(self, _TEXT_LEFT), scaled(self, 2), -scaled(self, _TEXT_LEFT), 0)
        height = self._height_of(above.width())
        area = self._sketch_area(height + scaled(self, 12))
        if self._sketch is None or area.height() < self._sketch.least:
            return above, QRectF()
        above.setHeight(height)
        return above, area

    def _sketch_area(self, below: float) -> QRectF:
        left, right, top, bottom = (scaled(self, side) for side in (_LEFT, _RIGHT, _TOP, _BOTTOM))
        return QRectF(left, top + below, self.width() - left - right, self.height() - top - below - bottom)

    # Texts

    @property
    def _bold(self) -> QFont:
        return type_of(self.font(), TITLE, bold=True)

    @property
    def _longest_word(self) -> int:
        return max(map(QFontMetrics(self._bold).horizontalAdvance, self.words.heading.split()), default=0)

    def _height_of(self, width: float) -> float:
        return sum(QFontMetrics(font).lineSpacing() for _line, font in self._lines(width)) + scaled(self, _BETWEEN)

    def _lines(self, width: float) -> list[tuple[str, QFont]]:
        return [
            (line, font)
            for text, font in ((self.words.heading, self._bold), (self.words.sentence, self.font()))
            for line in _broken(text, font, width)
        ]

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = painter_of(self), self._theme.colours
        painter.fillRect(self.rect(), QColor(colours.base))
        text, area = self.places()
        if self._sketch is not None and not area.isNull():
            self._sketch.draw(painter, area, colours)
        self._write(painter, text)

    def _tell_whole(self) -> None:
        """Let the tool tip have the words where there is no room for all of them."""
        room, _area = self.places()
        whole = room.top() + self._height_of(room.width()) <= self.height()
        self.setToolTip(plain_tip("" if whole else self.accessibleName()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._tell_whole()

    def _write(self, painter: QPainter, room: QRectF) -> None:
        """Write the lines for which there is room."""
        colours, top = self._theme.colours, room.top()
        lines = self._lines(room.width())
        bold = len(_broken(self.words.heading, self._bold, room.width()))
        for place, (line, font) in enumerate(lines):
            metrics = QFontMetrics(font)
            height, following = metrics.lineSpacing(), lines[place + 1 : place + 2]
            if place == bold:
                top += scaled(self, _BETWEEN)
            if top + height > self.height():
                return
            after = top + height + (QFontMetrics(following[0][1]).lineSpacing() if following else 0)
            cut = bool(following) and after + (scaled(self, _BETWEEN) if place + 1 == bold else 0) > self.height()
            painter.setFont(font)
            painter.setPen(QColor(colours.text if place < bold else colours.faint_text))
            shown = metrics.elidedText(f"{line} …", Qt.TextElideMode.ElideRight, int(room.width())) if cut else line
            painter.drawText(QRectF(room.left(), top, room.width(), height), Qt.AlignmentFlag.AlignVCenter, shown)
            if cut:
                return
            top += height


def _broken(text: str, font: QFont, width: float) -> list[str]:
    """Return the lines of a text at this width."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1.0))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return lines
