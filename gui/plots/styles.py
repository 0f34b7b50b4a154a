"""How each kind of curve and point is drawn, in one table; a plot replaces the entries that differ in it."""

from PySide6.QtCore import Qt

from core.figures.figure import Curve, Kind
from gui.plots.drawing.style import NO_BRUSH, NO_PEN, KindStyle, Line, MakePen, Style, brush_of
from gui.widgets.theme import Colours, mixed

UP, DOWN = "t1", "t"
"""Triangles for what is beyond the view; they point to where it is."""


def best_mark(size: float) -> KindStyle:
    """Return the ring around the best trial."""
    return KindStyle(14, lambda colours, pen: Style(None, "o", pen(colours.best, 2), NO_BRUSH, size))


def selected_mark(size: float) -> KindStyle:
    """Return the square around the selected trial."""
    return KindStyle(15, lambda colours, pen: Style(None, "s", pen(colours.selected, 2), NO_BRUSH, size))


_FADED = 0.55
"""The share of the grid's colour in what is not brushed."""


def _faded(colours: Colours, pen: MakePen) -> Style:
    colour = mixed(colours.base, colours.grid, _FADED).name()
    return Style(pen(colour, 1), "o", pen(colour, 1), brush_of(colour), 5)


STYLES = {
    Kind.FADED: KindStyle(-1, _faded, Line.PAST),
    Kind.PAST: KindStyle(0, lambda colours, pen: Style(pen(colours.past, 1)), Line.PAST, hit=Curve),
    Kind.BARS: KindStyle(1, lambda colours, pen: Style(pen(colours.training, 0.7)), Line.PAST, hit=None),
    Kind.BEST_SO_FAR: KindStyle(2, lambda colours, pen: Style(pen(colours.best, 2)), Line.SHARP, hit=None),
    Kind.RUNNING_FITS: KindStyle(3, lambda colours, pen: Style(pen(colours.validation, 0.7)), hit=None),
    Kind.SELECTED_FITS: KindStyle(
        4,
        lambda colours, pen: Style(
            pen(colours.selected, 1), "o", pen(colours.selected, 1), brush_of(colours.selected), 4
        ),
        hit=None,
    ),
    Kind.WORSE: KindStyle(5, lambda colours, pen: Style(None, "o", pen(colours.faint_text, 1), NO_BRUSH, 7)),
    Kind.DONE: KindStyle(6, lambda colours, pen: Style(None, "o", pen(colours.faint_text, 1), NO_BRUSH, 9)),
    Kind.OTHER_ORIGIN: KindStyle(
        7, lambda colours, pen: Style(None, "o", pen(colours.training, 1.5), brush_of(colours.training), 7)
    ),
    Kind.SURROGATE: KindStyle(
        8, lambda colours, pen: Style(None, "o", pen(colours.training, 1.5), brush_of(colours.base), 7)
    ),
    Kind.BEYOND_OTHER_ORIGIN: KindStyle(
        9, lambda colours, pen: Style(None, UP, pen(colours.training, 1.5), brush_of(colours.training), 9)
    ),
    Kind.BEYOND_SURROGATE: KindStyle(
        10, lambda colours, pen: Style(None, UP, pen(colours.training, 1.5), brush_of(colours.base), 9)
    ),
    Kind.FAILED: KindStyle(11, lambda colours, _pen: Style(None, "x", NO_PEN, brush_of(colours.failed), 10)),
    Kind.UNFINISHED: KindStyle(
        12, lambda colours, pen: Style(None, "d", pen(colours.faint_text, 1), brush_of(colours.base), 9)
    ),
    Kind.RUNNING: KindStyle(
        13, lambda colours, pen: Style(None, "star", pen(colours.validation, 1.5), brush_of(colours.base), 14)
    ),
    Kind.BEST: best_mark(15),
    Kind.SELECTED: selected_mark(15),
    Kind.TRAINING: KindStyle(18, lambda colours, pen: Style(pen(colours.training, 2, Qt.PenStyle.DashLine)), hit=Curve),
    Kind.VALIDATION: KindStyle(
        19,
        lambda colours, pen: Style(
            pen(colours.validation, 3), "o", pen(colours.validation, 2), brush_of(colours.validation), 7
        ),
        hit=Curve,
    ),
    Kind.BEYOND_SELECTED: KindStyle(
        20, lambda colours, pen: Style(None, UP, pen(colours.selected, 1.5), brush_of(colours.selected), 10)
    ),
    Kind.BEYOND_RUNNING: KindStyle(
        21, lambda colours, pen: Style(None, UP, pen(colours.validation, 1.5), brush_of(colours.validation), 10)
    ),
}
