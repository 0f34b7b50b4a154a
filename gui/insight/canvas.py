"""Where a plot is painted: a picture of it that is kept until it changes, and over it what pointer and keys are at."""

import sys
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from gui.insight.painting.look import Look
from gui.insight.spots import Spots
from gui.widgets.marks import draw_focus, painter_of

if TYPE_CHECKING:
    from gui.insight.plot import InsightPlot

AT_ONCE = 0.08
"""A plot whose last painting took less, in seconds, is painted anew at each step of a change of its size."""
_NOTCH = 120.0
"""What a wheel tells of one notch, in eighths of a degree."""
_FOR_A_WHILE = Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason
"""Reasons for which the focus goes and comes back."""


class Canvas(QWidget):
    """Shows what its plot has painted, and tells the plot what the user does there."""

    paints_focus = True

    def __init__(self, plot: "InsightPlot") -> None:
        super().__init__(plot)
        self._plot = plot
        self._kept = QPixmap()
        self.spots = Spots()
        self.seconds = 0.0
        """How long the last painting took."""
        self._pressed: QPointF | None = None
        self._dragged = self._taken = False
        self._shows_focus = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    # Painting

    def render_plot(self) -> None:
        """Paint the plot anew."""
        began = perf_counter()
        ratio = self.devicePixelRatioF()
        look = Look.of(self._plot.theme.colours, self.font(), ratio=ratio)
        kept = QPixmap(QSize(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))))
        kept.setDevicePixelRatio(ratio)
        kept.fill(QColor(look.colours.base))
        painter = QPainter(kept)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            self.spots = Spots.of(self._plot.paint(painter, QRectF(self.rect()), look))
        except Exception:  # noqa: BLE001  whatever leaves a paint event ends the program
            self.spots = Spots.of(())
            sys.excepthook(*sys.exc_info())
        finally:
            painter.end()
        self._kept = kept
        self.seconds = perf_counter() - began

    @property
    def _fits(self) -> bool:
        ratio = self.devicePixelRatioF()
        wanted = QSize(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
        return self._kept.size() == wanted

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._fits and (self._kept.isNull() or self.seconds < AT_ONCE):
            self.render_plot()
        painter, colours = painter_of(self), self._plot.theme.colours
        if self._fits:
            painter.drawPixmap(0, 0, self._kept)
            look = Look.of(colours, self.font(), ratio=self.devicePixelRatioF())
            self._plot.paint_over(painter, QRectF(self.rect()), look)
        else:
            painter.fillRect(self.rect(), QColor(colours.base))
            painter.drawPixmap(0, 0, self._kept)  # as it was, for a moment
            self._plot.refresh()
        if self.hasFocus() and self._shows_focus:
            draw_focus(painter, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in _FOR_A_WHILE:
            self._shows_focus = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _FOR_A_WHILE:
            self._plot.keys.leave()
        self.update()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._plot.keys.act(event):
            self._shows_focus = True
            self.update()
        else:
            super().keyPressEvent(event)

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._pressed, self._dragged = event.position(), False
        self._taken = self._plot.on_press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._plot.pointing.point_at(event.position())
            return
        if not self._dragged:
            away = (event.position() - self._pressed).manhattanLength()
            self._dragged = away >= QApplication.startDragDistance()
        if self._dragged:
            self._drag_to(event.position())

    def _drag_to(self, at: QPointF) -> None:
        assert self._pressed is not None
        if self._taken:
            self._plot.on_drag(at)
        elif self._plot.zoom.holds(self._pressed):
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._plot.zoom.drag(at - self._pressed)
            self._pressed = at
            self._plot.refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if event.button() is not Qt.MouseButton.LeftButton or pressed is None:
            super().mouseReleaseEvent(event)
            return
        if self._taken:
            self._plot.on_release(event.position())
        if not self._dragged:
            self._plot.pointing.click(event.position())
        self._plot.pointing.point_at(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self._plot.on_double_click(event.position()):
            self._plot.reset_view()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _NOTCH
        if notches and self._plot.zoom.holds(event.position()):
            self._plot.zoom.turn(notches, event.position())
            self._plot.refresh()
            event.accept()
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._plot.pointing.point_at(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._plot.show_menu()
        else:
            self._plot.menu.popup(event.globalPos())

    def in_front(self, at: QPointF) -> QPoint:
        """Return a place beside a mark, on the screen, for a tip."""
        return self.mapToGlobal(at.toPoint() + QPoint(6, 6))
