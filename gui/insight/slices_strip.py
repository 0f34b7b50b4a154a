"""The strip below a slice: what improvement is expected where, as a share of that at the next point."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from core.figures.parameter_axis import BOX
from core.figures.slices import Drawn, Panel, SlicesFigure
from gui.insight.believing import INNER, Shades, draw_area, draw_line, upright
from gui.insight.painting import marks
from gui.insight.painting.axes import Pane, draw_tick_y
from gui.insight.painting.look import Look
from gui.insight.painting.ticks import AxisTicks, without_touching
from gui.insight.slices_layout import STRIP_TITLE


class StripPainter:
    """Paints the strips of a figure."""

    def __init__(self, figure: SlicesFigure, look: Look) -> None:
        self._look, self._nothing_yet = look, figure.nothing_yet
        self._shades = Shades(look)

    def paint_ground(self, painter: QPainter, strip: Pane, panel: Panel, x_ticks: AxisTicks, *, first: bool) -> None:
        """Paint what stays as long as the axes do, with the labels of the parameter's values below the strip."""
        look = self._look
        strip.draw_grid(painter, look, x_ticks, AxisTicks([(1.0, "")], [0.5]))
        if panel.axis.can_lack:
            paint_no_value(painter, strip.rect, panel, look)
        if first:
            draw_tick_y(painter, strip.rect.left(), strip.up(1.0), "100 %", look)
            draw_tick_y(painter, strip.rect.left(), strip.up(0.0), "0", look)
        self._paint_labels(painter, strip, panel)

    def paint(self, painter: QPainter, strip: Pane, panel: Panel, *, first: bool) -> None:
        """Paint the strip of a panel on its ground."""
        look = self._look
        if panel.next is not None:
            x = strip.across(panel.next)
            painter.setPen(self._shades.next)
            painter.drawLine(QLineF(x, strip.rect.top(), x, strip.rect.bottom()))
        if panel.drawn is not None and len(panel.drawn.improvement):
            with strip.clipped(painter):
                self._paint_improvement(painter, strip, panel, panel.drawn)
        if panel.at is not None:
            x = strip.across(panel.at)
            painter.setPen(QPen(look.colour("text"), 1.4))
            painter.drawLine(QLineF(x, strip.rect.top(), x, strip.rect.bottom()))
        strip.draw_frame(painter, look)
        self._paint_diamonds(painter, strip, panel)
        if first:
            self._paint_title(painter, strip.rect)

    def _paint_improvement(self, painter: QPainter, strip: Pane, panel: Panel, drawn: Drawn) -> None:
        look = self._look
        fill, line = look.colour("accent", INNER), QPen(look.colour("accent"), 1.2)
        if panel.axis.lanes:
            half = BOX * panel.axis.lane_width / 2
            painter.setPen(line)
            painter.setBrush(fill)
            for middle, share in zip(drawn.x.tolist(), drawn.improvement.tolist(), strict=True):
                if not np.isfinite(middle):
                    continue
                left, right = strip.across(middle - half), strip.across(middle + half)
                painter.drawRect(upright(left, right, strip.up(0.0), strip.up(share)))
            return
        x, y = strip.in_pixels(drawn.x, drawn.improvement)
        painter.setBrush(fill)
        draw_area(painter, x, np.full(len(x), strip.up(0.0)), y)
        painter.setPen(line)
        draw_line(painter, x, y)

    def _paint_diamonds(self, painter: QPainter, strip: Pane, panel: Panel) -> None:
        look = self._look
        y = strip.rect.top() + (0.68 * strip.rect.height() if self._nothing_yet else look.px(9))
        for _number, place in panel.running:
            marks.diamond(painter, QPointF(strip.across(place), y), look, filled=False)
        if panel.next is not None:
            marks.diamond(painter, QPointF(strip.across(panel.next), y), look, filled=True)

    def _paint_title(self, painter: QPainter, rect: QRectF) -> None:
        look = self._look
        painter.setFont(look.small)
        painter.setPen(look.colour("faint_text"))
        height = look.px(STRIP_TITLE)
        title = "Expected improvement" + ("" if self._nothing_yet else "; 100 % is at the next point ◆")
        painter.drawText(QPointF(rect.left() + look.px(4), rect.top() - height * 0.28), title)
        if self._nothing_yet:
            painter.drawText(QPointF(rect.left() + look.px(11), rect.top() + look.px(18)), self._nothing_yet)

    def _paint_labels(self, painter: QPainter, strip: Pane, panel: Panel) -> None:
        look = self._look
        ticks = [(at, text) for at, text in panel.axis.ticks(strip.rect.width()) if text]
        if panel.axis.lanes:
            strip.draw_ticks_x(painter, look, ticks)
            return
        metrics = QFontMetricsF(look.normal)
        shown = without_touching(((strip.across(at), text) for at, text in ticks), look.normal, look.px(6))
        painter.setFont(look.normal)
        painter.setPen(look.colour("faint_text"))
        for x, text in shown:
            width = metrics.horizontalAdvance(text)
            left = min(max(x - width / 2, strip.rect.left() - look.px(6)), strip.rect.right() - width + look.px(6))
            painter.drawText(QPointF(left, strip.rect.bottom() + look.px(6) + metrics.ascent()), text)


def paint_no_value(painter: QPainter, rect: QRectF, panel: Panel, look: Look) -> None:
    """Tint the lane of trials to which the parameter does not apply."""
    lane = QRectF(rect.left(), rect.top(), panel.axis.begin * rect.width(), rect.height())
    painter.fillRect(lane, look.colour("window"))
    painter.setPen(QPen(look.colour("border"), 1))
    painter.drawLine(QLineF(lane.right(), lane.top(), lane.right(), lane.bottom()))
