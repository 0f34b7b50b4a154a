"""The legend of the slices: one row, of what is in the picture."""

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter

from core.events import TrialState
from core.figures.slices import SlicesFigure
from gui.insight.believing import Shades
from gui.insight.painting import marks
from gui.insight.painting.legend import Entry
from gui.insight.painting.look import Look

_FEW = 3
"""So few panels leave little room for words."""


def legend_of(figure: SlicesFigure) -> list[Entry]:
    """Return the entries for what a figure has."""
    entries, panels = _of_belief(figure), figure.panels
    if any(panel.observed.trials for panel in panels):
        fades = figure.has_belief and not figure.averaged
        text = "Observed; faint: further off" if fades else "Observed"
        entries.append(Entry(text, _draw_fading if fades else _draw_dot, "Observed", 26 if fades else 8))
    if figure.best is not None:
        name = "Best" if figure.has_belief else "Best so far"
        entries.append(Entry(name, lambda on, at, how: marks.best_ring(on, at, how, 12), "Best", 13))
    entries += _of_lane(figure)
    return entries + _of_points(figure)


def _of_points(figure: SlicesFigure) -> list[Entry]:
    """Return the entries of the points without a result."""
    entries = []
    if any(panel.running for panel in figure.panels):
        entries.append(Entry("In training", lambda on, at, how: marks.diamond(on, at, how, filled=False), width=9))
    if any(panel.next is not None for panel in figure.panels):
        entries.append(Entry("Next", lambda on, at, how: marks.diamond(on, at, how, filled=True), width=9))
    return entries


def _of_belief(figure: SlicesFigure) -> list[Entry]:
    if not figure.has_belief:
        return []
    trees = figure.trees

    def draw_band(painter: QPainter, at: QPointF, look: Look) -> None:
        shades, half = Shades(look, figure.weak), look.px(13)
        painter.fillRect(QRectF(at.x() - half, at.y() - look.px(6), 2 * half, look.px(12)), shades.band)
        if not trees:
            painter.fillRect(QRectF(at.x() - half, at.y() - look.px(3), 2 * half, look.px(6)), shades.inner)
        painter.setPen(shades.mean())
        painter.drawLine(QLineF(at.x() - half, at.y(), at.x() + half, at.y()))

    band = "Spread of the trees: 95 %" if trees else "Belief about the mean: 95 %, ±1 dev."
    entries = [Entry(band, draw_band, "Trees: 95 %" if trees else "Belief: 95 %, ±1 dev.", 26)]
    if any(panel.drawn is not None and panel.drawn.good for panel in figure.panels):
        entries.append(Entry("As good as the best (95 %)", _draw_good, "As good (95 %)", 20))
    return entries


def _of_lane(figure: SlicesFigure) -> list[Entry]:
    states = {state for panel in figure.panels for state in panel.beyond.states}
    down, cut = figure.scale.higher_is_better, figure.scale.cut_label.lstrip("≥≤ ")
    entries = []
    if TrialState.COMPLETE in states:
        worse = f"Worse than {cut}" if cut and len(figure.panels) > _FEW else "Worse"
        entries.append(Entry(worse, lambda on, at, how: marks.worse_triangle(on, at, how, down=down), "Worse", 9))
    if TrialState.FAILED in states:
        entries.append(Entry("Failed", marks.failed_cross, width=8))
    if states - {TrialState.COMPLETE, TrialState.FAILED}:
        entries.append(Entry("Skipped", marks.skipped_circle, width=8))
    return entries


def _draw_good(painter: QPainter, at: QPointF, look: Look) -> None:
    painter.fillRect(QRectF(at.x() - look.px(10), at.y() - look.px(2), look.px(20), look.px(4)), look.colour("best"))


def _draw_fading(painter: QPainter, at: QPointF, look: Look) -> None:
    for across, size, near in ((-8, 8, 1.0), (1, 6, 0.5), (9, 4.5, 0.0)):
        marks.observed(painter, at + QPointF(look.px(across), 0), look.px(size), Shades(look).result(near))


def _draw_dot(painter: QPainter, at: QPointF, look: Look) -> None:
    marks.observed(painter, at, look.px(8), look.colour("text"))
