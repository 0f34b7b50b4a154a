"""The legend of a painted plot: one row over the axes, of what is in the picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.insight.painting.look import Look

HEIGHT = 20.0
"""Pixels of the design."""
_BETWEEN, _BESIDE = 14.0, 5.0

Draw = Callable[[QPainter, QPointF, Look], None]
"""Draws a sign around its middle."""


@dataclass(frozen=True)
class Entry:
    """A sign and what it means. `short` is what is said where there is no room for all; `width` is the sign's."""

    text: str
    draw: Draw
    short: str = ""
    width: float = 14.0


def draw_legend(painter: QPainter, room: QRectF, entries: Sequence[Entry], look: Look) -> float:
    """Draw the row from the left of `room` on, and return its height; what there is no room for is left out."""
    height = look.px(HEIGHT)
    texts = _texts(entries, room.width(), look)
    metrics = QFontMetricsF(look.small)
    left = room.left()
    for entry, text in zip(entries, texts, strict=False):
        sign = look.px(entry.width)
        painter.save()
        entry.draw(painter, QPointF(left + sign / 2, room.top() + height / 2), look)
        painter.restore()
        left += sign + look.px(_BESIDE)
        words = metrics.horizontalAdvance(text)
        painter.setFont(look.small)
        painter.setPen(look.colour("text"))
        painter.drawText(QRectF(left, room.top(), words + 2, height), int(Qt.AlignmentFlag.AlignVCenter), text)
        left += words + look.px(_BETWEEN)
    return height


def _texts(entries: Sequence[Entry], width: float, look: Look) -> list[str]:
    """Return what is written beside the signs: long, short where that is too long, and as many as have room."""
    long, short = [entry.text for entry in entries], [entry.short or entry.text for entry in entries]
    if _width(entries, long, look) <= width:
        return long
    while short and _width(entries, short, look) > width:
        short.pop()
    return short


def _width(entries: Sequence[Entry], texts: Sequence[str], look: Look) -> float:
    metrics = QFontMetricsF(look.small)
    signs = sum(look.px(entry.width + _BESIDE) for entry, _text in zip(entries, texts, strict=False))
    return signs + sum(map(metrics.horizontalAdvance, texts)) + look.px(_BETWEEN) * max(0, len(texts) - 1)
