"""The styles of curves and points, on the plot and in its legend; without pyqtgraph, which takes long to load."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen

from core.figures.figure import Points as FigurePoints
from core.figures.figure import Series
from gui.widgets.theme import Colours

if TYPE_CHECKING:
    from gui.plots.drawing.scatter import Points

SAMPLE_WIDTH = 20.0
NO_PEN = QPen(Qt.PenStyle.NoPen)
NO_BRUSH = QBrush(Qt.BrushStyle.NoBrush)


def brush_of(colour: str) -> QBrush:
    """Return a brush that fills with the colour."""
    return QBrush(QColor(colour))


def cosmetic_pen(colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen whose width is in pixels, whatever the axes' units are."""
    pen = QPen(QColor(colour), width, style)
    pen.setCosmetic(True)
    return pen


@dataclass(frozen=True)
class Style:
    """How something is drawn: as a line, as a symbol, or as both."""

    line: QPen | None = None
    symbol: str = ""
    outline: QPen | None = None
    fill: QBrush | None = None
    size: float = 8

    def apply_to(self, scatter: "Points") -> None:
        """Give the points this style."""
        scatter.setSymbol(self.symbol)
        scatter.setSize(self.size)
        scatter.setPen(self.outline)
        scatter.setBrush(self.fill)

    @property
    def sample_size(self) -> float:
        """The symbol's size in the legend, where rings would be too large."""
        return min(self.size, 11)

    @property
    def sample_width(self) -> float:
        return SAMPLE_WIDTH if self.line is not None else self.sample_size + 3


class MakePen(Protocol):
    """Makes a pen of a colour, a width in pixels and a line's style."""

    def __call__(self, colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen: ...


class Line(Enum):
    """How curves are drawn: thousands of thin ones in one, from a cached picture; smooth and live; or sharp."""

    PAST = auto()
    LIVE = auto()
    SHARP = auto()


@dataclass(frozen=True)
class KindStyle:
    """How a kind of curve and point is drawn.

    What has a larger z lies above, and points lie above all curves. `hit` is what a click can hit: the kind's curves,
    its points, or neither.
    """

    z: int
    style: Callable[[Colours, MakePen], Style]
    line: Line = Line.LIVE
    hit: type[Series] | None = FigurePoints


@dataclass(frozen=True)
class LegendEntry:
    """A sample of a style, and what it stands for. Where there is too little room the less important ones go first."""

    label: str
    style: Style
    is_important: bool = True
