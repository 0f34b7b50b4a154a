"""The items on a canvas that draw a figure."""

from collections.abc import Mapping

from core.figures.arrays import Floats
from core.figures.figure import Axis, Kind
from gui.plots.drawing.canvas import Canvas
from gui.plots.drawing.colour_bar import ColourBar
from gui.plots.drawing.curves import CurveItem
from gui.plots.drawing.scatter import Points
from gui.plots.drawing.style import KindStyle, Style
from gui.widgets.theme import Colours

_POINTS_Z = 100
_LABELS_Z = 200
_CROWD, _CROWDED = 100, 0.7
"""More coloured points than this are smaller by this factor, to cover less of each other."""


class Items:
    """One item for the curves of a kind, one for its points, words and a colour bar: made when first needed."""

    def __init__(self, canvas: Canvas, kinds: Mapping[Kind, KindStyle]) -> None:
        self._canvas, self._kinds = canvas, kinds
        self._styles: Mapping[Kind, Style] = {}
        self._colours: Colours | None = None
        self._curves: dict[Kind, CurveItem] = {}
        self._points: dict[Kind, Points] = {}
        self._colour_bar: ColourBar | None = None
        self.labels = canvas.add_labels(_LABELS_Z)

    @property
    def kinds(self) -> set[Kind]:
        """The kinds that have an item."""
        return self._curves.keys() | self._points.keys()

    def curve(self, kind: Kind) -> CurveItem:
        """Return the item that draws the curves of a kind."""
        if kind not in self._curves:
            how = self._kinds[kind]
            self._curves[kind] = self._canvas.add_curve(how.line, how.z)
            self._style_curve(kind)
        return self._curves[kind]

    def points(self, kind: Kind) -> Points:
        """Return the item that draws the points of a kind."""
        if kind not in self._points:
            self._points[kind] = self._canvas.add_scatter(_POINTS_Z + self._kinds[kind].z)
            self._style_points(kind)
        return self._points[kind]

    @property
    def colour_bar(self) -> ColourBar:
        """The bar that tells which objective has which colour."""
        if self._colour_bar is None:
            self._colour_bar = ColourBar(self._canvas)
            if self._colours is not None:
                self._colour_bar.apply_colours(self._colours)
        return self._colour_bar

    # What they show

    def show_curve(self, kind: Kind, x: Floats, y: Floats) -> None:
        """Draw the curves of a kind, given as one that is broken where y is NaN."""
        if len(x) or kind in self._curves:
            self.curve(kind).show(x, y)

    def show_points(self, kind: Kind, x: Floats, y: Floats) -> None:
        """Draw the points of a kind, all alike."""
        if len(x) or kind in self._points:
            self.points(kind).show_places(x, y)

    def show_coloured_points(self, kind: Kind, x: Floats, y: Floats, colours: Floats, scale: Axis | None) -> None:
        """Draw the points of a kind in colours, given as places on a scale, which the colour bar shows."""
        bar = self.colour_bar
        bar.show_scale(scale)
        sizes = bar.sizes * _CROWDED if len(x) > _CROWD else bar.sizes
        self.points(kind).show_places(x, y, bar.brushes, bar.colours_of(colours, scale), sizes)

    # Their styles

    def apply_styles(self, styles: Mapping[Kind, Style], colours: Colours) -> None:
        """Draw each kind in its style from now on, and what has none in these colours."""
        self._styles, self._colours = styles, colours
        for kind in self._curves:
            self._style_curve(kind)
        for kind in self._points:
            self._style_points(kind)
        self.labels.apply_colours(colours)
        if self._colour_bar is not None:
            self._colour_bar.apply_colours(colours)

    def _style_curve(self, kind: Kind) -> None:
        if kind in self._styles:
            line = self._styles[kind].line
            assert line is not None
            self._curves[kind].set_style(line)

    def _style_points(self, kind: Kind) -> None:
        if kind in self._styles:
            self._styles[kind].apply_to(self._points[kind])
