"""Where the panels of the slices are painted: in a row, each with a heading above and a strip below."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from core.figures.figure import Axis
from core.figures.scales import AxisScale
from core.figures.slices import Panel, SlicesFigure
from gui.insight.painting.axes import Pane
from gui.insight.painting.legend import HEIGHT
from gui.insight.painting.look import Look
from gui.insight.spots import Spots

_LEFT, _RIGHT, _BETWEEN = 77.0, 8.0, 13.0
"""Pixels of the design: room for the axis of objectives, at the right, and between panels."""
LEGEND, _NAMES, _TICKS = 6.0, 38.0, 24.0
STRIP_TITLE, _STRIP = 22.0, (50.0, 66.0)
_LOW, _LOW_STRIP = 170.0, 38.0
"""The height of slice and strip below which the strip gives way, and how high it is then."""
_LANE = (16.0, 34.0)
_WIDEST = 420.0
_NARROWEST, _FEWEST_FOR_TWO = 118.0, 4
"""Panels that would be narrower stand in two rows, if there are so many: or names, values and ticks would collide."""
_LARGE_SHARE = 2 / 3
"""The share of the row that an enlarged panel has."""
_STRIP_VIEW = 1.12, 3.0
"""How high strips are at least and at most, where the expected improvement at the next point is 1."""
GRAB = 6.0
"""How near to a slice's line a press takes hold of it, in pixels."""


@dataclass(frozen=True)
class PanelPlace:
    """Where a panel is painted: its heading, the lane of what is worse, the slice itself, and its strip.

    `first`: it is the first of its row, with the axis at its left.
    """

    name: str
    heading: QRectF
    lane: QRectF
    pane: Pane
    strip: Pane
    first: bool = True

    def holds(self, at: QPointF) -> bool:
        """Return whether a place is in the panel or its strip."""
        return self.whole.contains(at) or self.strip.rect.contains(at)

    @property
    def whole(self) -> QRectF:
        """The slice with the lane of what is worse."""
        return self.pane.rect.united(self.lane) if self.lane.height() else self.pane.rect

    def across(self, pixels: float) -> float:
        """Return the place on the parameter's axis, from 0 to 1."""
        rect = self.pane.rect
        return (pixels - rect.left()) / max(rect.width(), 1.0)


@dataclass
class Layout:
    """Where all panels are."""

    places: list[PanelPlace] = field(default_factory=list)
    spots: Spots = field(default_factory=Spots)

    def of(self, name: str | None) -> PanelPlace | None:
        """Return where a parameter's panel is."""
        return next((place for place in self.places if place.name == name), None)

    def panel_at(self, at: QPointF) -> PanelPlace | None:
        """Return the panel at a place, its heading not included."""
        return next((place for place in self.places if place.holds(at)), None)

    def heading_at(self, at: QPointF) -> PanelPlace | None:
        """Return the panel whose heading is at a place."""
        return next((place for place in self.places if place.heading.contains(at)), None)


def arrange(figure: SlicesFigure, area: QRectF, look: Look, enlarged: int | None) -> list[PanelPlace]:
    """Return where the panels go: in one row, or in two where they would be too narrow."""
    count, px = len(figure.panels), look.px
    rows = 1 if enlarged is not None else rows_of(count, area.width(), px(1))
    top, in_row = area.top() + px(LEGEND) + px(HEIGHT), -(-count // rows)
    height = (area.bottom() - top) / rows
    found = []
    for row in range(rows):
        place = QRectF(area.left(), top + row * height, area.width(), height)
        found += _arrange_row(figure, figure.panels[row * in_row : (row + 1) * in_row], in_row, place, look, enlarged)
    return found


def rows_of(count: int, width: float, px: float) -> int:
    """Return in how many rows so many panels stand; `px` is how much of the screen a pixel of the design is."""
    room = width - px * (_LEFT + _RIGHT + _BETWEEN * (count - 1))
    return 2 if count >= _FEWEST_FOR_TWO and room / count < px * _NARROWEST else 1


def _arrange_row(
    figure: SlicesFigure, panels: Sequence[Panel], count: int, area: QRectF, look: Look, enlarged: int | None
) -> list[PanelPlace]:
    """Return where the panels of a row go, which has room for so many."""
    px, top = look.px, area.top()
    bottom = area.bottom() - px(_TICKS)
    whole = bottom - top - px(_NAMES) - px(STRIP_TITLE)
    least = _STRIP[0] if whole > px(_LOW) else _LOW_STRIP
    strip = min(px(_STRIP[1]), max(px(least), 0.16 * whole))
    lane = min(px(_LANE[1]), max(px(_LANE[0]), 0.09 * whole)) if figure.lane else 0.0
    slice_height = max(px(20), whole - strip - lane)
    lane_below = figure.scale.higher_is_better
    slice_top = top + px(_NAMES) + (0.0 if lane_below else lane)
    lane_top = slice_top + slice_height if lane_below else slice_top - lane
    strip_top = top + px(_NAMES) + lane + slice_height + px(STRIP_TITLE)
    y = Axis(AxisScale(figure.scale.names[0]), (0.0, 1.0), lane_below)
    left = area.left() + px(_LEFT)
    found: list[PanelPlace] = []
    for panel, width in zip(panels, _widths(count, area, look, enlarged), strict=False):
        x = Axis(AxisScale(panel.axis.label, names=panel.axis.names), (0.0, 1.0))
        found.append(
            PanelPlace(
                panel.axis.name,
                QRectF(left, top, width, px(_NAMES)),
                QRectF(left, lane_top, width, lane),
                Pane(QRectF(left, slice_top, width, slice_height), x, y),
                Pane(QRectF(left, strip_top, width, strip), x, Axis(AxisScale(""), (0.0, _shown_improvement(figure)))),
                not found,
            )
        )
        left += width + px(_BETWEEN)
    return found


def _widths(count: int, area: QRectF, look: Look, enlarged: int | None) -> list[float]:
    px = look.px
    room = area.width() - px(_LEFT) - px(_RIGHT) - px(_BETWEEN) * (count - 1)
    if enlarged is None or count < 2 or enlarged >= count:
        return [max(1.0, min(px(_WIDEST), room / max(1, count)))] * count
    other = room * (1 - _LARGE_SHARE) / (count - 1)
    return [room * _LARGE_SHARE if index == enlarged else other for index in range(count)]


def _shown_improvement(figure: SlicesFigure) -> float:
    """Return the height of the strips: one for all, or a hopeless slice would look tempting."""
    drawn = (panel.drawn.improvement for panel in figure.panels if panel.drawn is not None)
    highest = max((float(shares.max()) for shares in drawn if len(shares)), default=0.0)
    return min(_STRIP_VIEW[1], max(_STRIP_VIEW[0], 1.08 * highest))
