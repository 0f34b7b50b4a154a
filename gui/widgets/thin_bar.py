"""A thin bar with round ends that shows how far something is, or only that it goes on."""

import math
from time import perf_counter

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from gui.widgets.marks import ACCENT, BORDER, FAINT, has_high_contrast, painter_of

_STEP = 40
"""Milliseconds between two pictures of a busy bar."""
_PIECE, _ROUND = 0.25, 2.4
"""The part of a busy bar that is filled, and the seconds in which it wanders there and back."""


class ThinBar(QProgressBar):
    """Shows a value or, while it is busy, a piece that wanders, because nobody knows how long it takes."""

    def __init__(self, thickness: int, steps: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(thickness)
        self.setRange(0, steps)
        self._steps = steps
        self._busy = self._still = False
        self._timer = QTimer(self, interval=_STEP)
        self._timer.timeout.connect(self.update)

    def show_share(self, share: float, *, still: bool = False) -> None:
        """Show the share that is done, from 0 to 1, however small it is; `still`: it does not go on now."""
        self._become(busy=False, still=still)
        self.setValue(math.ceil(self._steps * share))

    def show_busy(self) -> None:
        """Show that something goes on."""
        self._become(busy=True, still=False)

    def _become(self, *, busy: bool, still: bool) -> None:
        if (busy, still) == (self._busy, self._still):
            return
        self._busy, self._still = busy, still
        self.setRange(0, 0 if busy else self._steps)
        self._move()
        self.update()

    @property
    def is_busy(self) -> bool:
        return self._busy

    def filled(self) -> QRectF:
        """Return the part of the bar that is filled."""
        whole, height = QRectF(self.rect()), float(self.height())
        if self._busy:
            way = (1 - math.cos(2 * math.pi * perf_counter() / _ROUND)) / 2
            width = _PIECE * whole.width()
            return QRectF(way * (whole.width() - width), 0, width, height)
        if self.value() <= 0:
            return QRectF()
        return QRectF(0, 0, max(height, whole.width() * self.value() / self._steps), height)

    def _move(self) -> None:
        if self._busy and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._move()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._move()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = painter_of(self), self.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        round_end = self.height() / 2
        for rect, role in ((QRectF(self.rect()), BORDER), (self.filled(), self._role)):
            if not rect.isEmpty():
                painter.setBrush(palette.color(role))
                painter.drawRoundedRect(rect, round_end, round_end)
            if role is BORDER and has_high_contrast(palette):  # so strong a border can only be a frame
                painter.setBrush(palette.color(QPalette.ColorRole.Base))
                painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), round_end - 1, round_end - 1)

    @property
    def _role(self) -> QPalette.ColorRole:
        return FAINT if self._still else ACCENT
