"""Shades of many trials: pictures that are made once a change, piece by piece, so that the window stays quick."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.widgets.turns import turns

_SLICE = 0.02
"""Seconds after which the window may do something else."""

Opacity = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """A part of a shade: where it is in the plot, in what colour, and what computes how opaque each pixel is."""

    area: QRectF
    colour: QColor
    make: Callable[[], Opacity]


@dataclass
class _Made:
    key: Hashable
    frame: Hashable
    images: list[tuple[QRectF, QImage]] = field(default_factory=list)


class Shading(QObject):
    """Keeps the pictures of one plot's pieces. `ready` is called when all that were asked for are made."""

    def __init__(self, ready: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._ready = ready
        self._made: _Made | None = None
        self._making: _Made | None = None
        self._left: list[Piece] = []

    def draw(
        self,
        painter: QPainter,
        key: Hashable,
        frame: Hashable,
        pieces: Callable[[], Sequence[Piece]],
        *,
        at_once: bool,
    ) -> None:
        """Draw the pieces that belong to the key; they are asked for only if the key is new.

        Until they are made those of before stand, if they have the same `frame`: the same axes at the same places.
        `at_once` makes them now.
        """
        if self._made is None or self._made.key != key:
            if self._making is None or self._making.key != key:
                self._making, self._left = _Made(key, frame), list(pieces())
            if at_once or len(self._left) <= 1:
                self._make(None)
            else:
                turns().ask(self, self._go_on)
        if self._made is not None and self._made.frame == frame:
            for area, image in self._made.images:
                painter.drawImage(area, image)

    def forget(self) -> None:
        """Make all anew when next drawn."""
        self._made = self._making = None
        self._left = []

    @property
    def is_busy(self) -> bool:
        """Whether pieces are still to be made."""
        return self._making is not None

    def _go_on(self) -> None:
        if self._making is None:
            return
        if self._make(perf_counter() + _SLICE):
            self._ready()
        else:
            turns().ask(self, self._go_on)

    def _make(self, until: float | None) -> bool:
        """Make pieces until then, or all of them; return whether none is left."""
        assert self._making is not None
        while self._left:
            piece = self._left.pop(0)
            self._making.images.append((piece.area, _image(piece.make(), piece.colour)))
            if until is not None and perf_counter() > until and self._left:
                return False
        self._made, self._making = self._making, None
        return True


def _image(opacity: Opacity, colour: QColor) -> QImage:
    """Return a picture in one colour that is so opaque, with 1 for opaque."""
    height, width = opacity.shape
    alpha = np.clip(opacity * 255, 0, 255)
    pixels = np.empty((height, width, 4), np.uint8)
    for channel, part in enumerate((colour.blue(), colour.green(), colour.red())):
        pixels[:, :, channel] = (part * alpha / 255).astype(np.uint8)
    pixels[:, :, 3] = alpha.astype(np.uint8)
    image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()
