"""How the evidence of a finding is painted, each picture into a small area."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from core.figures.evidence import Evidence, ImportanceEvidence, ResultsEvidence, SliceEvidence, TrustEvidence
from core.figures.figure import Axis
from core.figures.scales import AxisScale
from gui.insight.believing import Shades
from gui.insight.importance_plot import paint_bar, paint_ground
from gui.insight.painting import marks
from gui.insight.painting.axes import Pane
from gui.insight.painting.look import Look
from gui.insight.painting.ticks import AxisTicks
from gui.insight.slices_layout import PanelPlace
from gui.insight.slices_painting import SlicesPainter

_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 8.0, 8.0, 22.0
"""Pixels of the design around the axes."""
_LANE = 13.0
_NOT_ALLOWED = "not allowed", "so far"
_ROW = 19.0


def paint_evidence(painter: QPainter, area: QRectF, evidence: Evidence, look: Look) -> None:
    """Paint a picture with its axes."""
    match evidence:
        case SliceEvidence():
            _paint_slice(painter, area, evidence, look)
        case ResultsEvidence():
            _paint_results(painter, area, evidence, look)
        case TrustEvidence():
            _paint_trust(painter, area, evidence, look)
        case ImportanceEvidence():
            _paint_importance(painter, area, evidence, look)


def _room(area: QRectF, look: Look) -> QRectF:
    px = look.px
    return area.adjusted(px(_LEFT), px(_TOP), -px(_RIGHT), -px(_BOTTOM))


def _pane(rect: QRectF, x: str = "", y: str = "") -> Pane:
    return Pane(rect, Axis(AxisScale(x), (0.0, 1.0)), Axis(AxisScale(y), (0.0, 1.0)))


# The slice at whose end the best lies


def _paint_slice(painter: QPainter, area: QRectF, evidence: SliceEvidence, look: Look) -> None:
    rect, figure, panel = _room(area, look), evidence.figure, evidence.panel
    lane = QRectF()
    if figure.lane:
        lane = QRectF(rect.left(), rect.top(), rect.width(), look.px(_LANE))
        rect = rect.adjusted(0, lane.height(), 0, 0)
        if figure.scale.higher_is_better:
            rect.translate(0, -lane.height())
            lane.moveTop(rect.bottom())
    x = Axis(AxisScale(panel.axis.label, names=panel.axis.names), (0.0, 1.0))
    pane = Pane(rect, x, Axis(AxisScale(figure.scale.names[0]), (0.0, 1.0)))
    place = PanelPlace(panel.axis.name, QRectF(), lane, pane, pane)

    def paint_not_allowed() -> None:
        for left, right in ((panel.axis.begin, evidence.first), (evidence.last, 1.0)):
            _paint_not_allowed(painter, pane, lane, (left, right), look, at_left=left == panel.axis.begin)

    SlicesPainter(figure, look).paint_alone(painter, place, panel, paint_not_allowed)


def _paint_not_allowed(
    painter: QPainter, pane: Pane, lane: QRectF, ends: tuple[float, float], look: Look, *, at_left: bool
) -> None:
    """Tint what the range leaves out, where that is more than the room beside an axis."""
    left, right = (pane.across(end) for end in ends)
    metrics = QFontMetricsF(look.small)
    if right - left < look.px(20):
        return
    whole = pane.rect.united(lane) if lane.height() else pane.rect
    beyond = QRectF(left, whole.top(), right - left, whole.height())
    painter.fillRect(beyond, look.colour("warning", 0.12))
    painter.setPen(QPen(look.colour("warning"), 1, Qt.PenStyle.DashLine))
    edge = beyond.right() if at_left else beyond.left()
    painter.drawLine(QLineF(edge, beyond.top(), edge, beyond.bottom()))
    if max(map(metrics.horizontalAdvance, _NOT_ALLOWED)) > beyond.width() - look.px(5):
        return
    painter.setFont(look.small)
    painter.setPen(look.colour("warning"))
    left = beyond.left() + look.px(5)
    text = QRectF(left, pane.rect.top() + look.px(2), beyond.width(), 2 * metrics.height())
    painter.drawText(text, int(Qt.AlignmentFlag.AlignLeft), "\n".join(_NOT_ALLOWED))


# Results that cannot be told apart


def _paint_results(painter: QPainter, area: QRectF, evidence: ResultsEvidence, look: Look) -> None:
    pane, shades = _pane(_room(area, look)), Shades(look)
    up = [tick for tick in evidence.scale.ticks(pane.rect.height(), look.px(20)) if tick[1]]
    pane.draw_grid(painter, look, AxisTicks([]), AxisTicks(up))
    top, bottom = pane.up(evidence.high), pane.up(evidence.low)
    painter.fillRect(QRectF(pane.rect.left(), top, pane.rect.width(), bottom - top), shades.band)
    painter.setPen(shades.mean())
    painter.drawLine(QLineF(pane.rect.left(), pane.up(evidence.mean), pane.rect.right(), pane.up(evidence.mean)))
    x, y = pane.in_pixels(evidence.x, evidence.y)
    for alike in (False, True):  # those that may be the best lie above
        for at in (place for place, is_alike in enumerate(evidence.alike.tolist()) if is_alike is alike):
            middle, size = QPointF(float(x[at]), float(y[at])), look.px(7 if alike else 5)
            marks.observed(painter, middle, size, shades.result(1.0 if alike else 0.0), look.colour("base"))
    if evidence.best is not None:
        marks.best_ring(painter, QPointF(float(x[evidence.best]), float(y[evidence.best])), look, 12)
    pane.draw_frame(painter, look)
    pane.draw_ticks_y(painter, look, up)
    pane.draw_ticks_x(painter, look, evidence.x_ticks)


# How well results are predicted


def _paint_trust(painter: QPainter, area: QRectF, evidence: TrustEvidence, look: Look) -> None:
    pane, drawn = _pane(_room(area, look)), evidence.figure
    shades = Shades(look, drawn.weak)
    across, up = drawn.ticks(pane.rect.width(), look.px(38)), drawn.ticks(pane.rect.height(), look.px(20))
    pane.draw_grid(painter, look, AxisTicks(across), AxisTicks(up))
    painter.setPen(QPen(look.colour("faint_text"), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(pane.at(0.0, 0.0), pane.at(1.0, 1.0)))
    x, y = pane.in_pixels(drawn.x, drawn.y)
    low, high = pane.in_pixels(drawn.x, drawn.low)[1], pane.in_pixels(drawn.x, drawn.high)[1]
    painter.setPen(shades.interval())
    painter.drawLines([QLineF(a, b, a, c) for a, b, c in zip(x.tolist(), low.tolist(), high.tolist(), strict=True)])
    for across_, up_ in zip(x.tolist(), y.tolist(), strict=True):
        marks.observed(painter, QPointF(across_, up_), look.px(6), shades.point, look.colour("base"))
    pane.draw_frame(painter, look)
    pane.draw_ticks_x(painter, look, across)
    pane.draw_ticks_y(painter, look, up)


# What explains the differences


def _paint_importance(painter: QPainter, area: QRectF, evidence: ImportanceEvidence, look: Look) -> None:
    px, bold = look.px, QFontMetricsF(look.bold)
    names = min(max((bold.horizontalAdvance(bar.label) for bar in evidence.bars), default=0.0), 0.4 * area.width())
    number = bold.horizontalAdvance("100 %")
    ground = QRectF(area.left() + px(14) + names, area.top() + px(_TOP), 0, px(_ROW) * len(evidence.bars))
    ground.setRight(area.right() - px(14) - number)
    paint_ground(painter, ground, evidence.end, look, ticks=True)
    for row, bar in enumerate(evidence.bars):
        middle = ground.top() + (row + 0.5) * px(_ROW)
        paint_bar(painter, bar, ground, middle, evidence.end, look)
        font = look.bold if bar is evidence.bars[0] else look.normal
        name = QFontMetricsF(font).elidedText(bar.label, Qt.TextElideMode.ElideRight, names)
        left = QRectF(area.left() + px(6), middle - px(_ROW) / 2, names + px(4), px(_ROW))
        right = QRectF(ground.right() + px(6), left.top(), number + px(4), left.height())
        painter.setFont(font)
        painter.setPen(look.colour("text"))
        painter.drawText(left, int(Qt.AlignmentFlag.AlignVCenter), name)
        painter.drawText(right, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), bar.said)
