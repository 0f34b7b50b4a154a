"""The user's zoom in a plain plot: which part of each axis is in view."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from gui.insight.painting.axes import Pane

_STEP = 0.85
"""How much narrower the view is after a notch of the wheel."""
_NARROWEST, _WIDEST = 1e-4, 2.0
"""The least and the most of an axis that can be in view."""

_NEARLY = 1e-6
"""Ends that are so near those of the whole are where they were: zooming in and out again leaves a rest."""

Span = tuple[float, float]
_ALL: Span = (0.0, 1.0)


@dataclass
class Zoom:
    """Which part is in view of each axis, as shares of what the plot shows by itself, from left and from below."""

    x: Span = _ALL
    y: Span = _ALL
    pane: Pane | None = None
    """The pane as it was painted last; None for a plot without zoom."""

    @property
    def is_moved(self) -> bool:
        """Whether the user sees another part than the plot shows by itself."""
        ends = zip((*self.x, *self.y), (*_ALL, *_ALL), strict=True)
        return any(abs(end - usual) > _NEARLY for end, usual in ends)

    def reset(self) -> None:
        """Show what the plot shows by itself."""
        self.x = self.y = _ALL

    def of(self, pane: Pane) -> Pane:
        """Return the pane with the part of it in view, and remember it for wheel and pointer."""
        self.pane = pane.with_views(_part(pane.x.view, self.x), _part(pane.y.view, self.y))
        return self.pane

    def holds(self, at: QPointF) -> bool:
        """Return whether wheel and drag mean the view there."""
        return self.pane is not None and self.pane.rect.contains(at)

    def turn(self, notches: float, at: QPointF) -> None:
        """Zoom in by so many notches of a wheel, or out, around a place in pixels."""
        if self.pane is None:
            return
        factor, rect = _STEP**notches, self.pane.rect
        self.x = _scaled(self.x, factor, (at.x() - rect.left()) / max(rect.width(), 1.0))
        self.y = _scaled(self.y, factor, (rect.bottom() - at.y()) / max(rect.height(), 1.0))

    def drag(self, by: QPointF) -> None:
        """Move what is in view by so many pixels."""
        if self.pane is None:
            return
        rect: QRectF = self.pane.rect
        self.x = _moved(self.x, -by.x() / max(rect.width(), 1.0))
        self.y = _moved(self.y, by.y() / max(rect.height(), 1.0))


def _part(view: Span, span: Span) -> Span:
    width = view[1] - view[0]
    return view[0] + span[0] * width, view[0] + span[1] * width


def _scaled(span: Span, factor: float, around: float) -> Span:
    width = span[1] - span[0]
    new = min(max(width * factor, _NARROWEST), _WIDEST)
    middle = span[0] + around * width
    return middle - around * new, middle + (1 - around) * new


def _moved(span: Span, share: float) -> Span:
    by = share * (span[1] - span[0])
    return span[0] + by, span[1] + by
