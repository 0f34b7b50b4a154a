"""The styles of the loss plot's curves, and of their ends."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from core.figures.figure import Kind
from gui.plots.drawing.style import Style, brush_of
from gui.widgets.theme import Colours


def loss_styles(pen: Callable[..., QPen], colours: Colours) -> dict[Kind, Style]:
    """Return the style of each kind of curve; `pen` makes a pen of a colour, a width and a line's style."""
    past, best = pen(colours.past, 0.5), pen(colours.best, 2)
    training = pen(colours.training, 2, Qt.PenStyle.DashLine)
    validation = pen(colours.validation, 2)
    thin, thin_selected = pen(colours.validation, 0.7), pen(colours.selected, 1)
    base, full, selected = brush_of(colours.base), brush_of(colours.validation), brush_of(colours.selected)
    return {
        Kind.PAST: Style(past),
        Kind.TRAINING: Style(training),
        Kind.VALIDATION: Style(validation, "o", validation, full, 6),
        Kind.RUNNING_FITS: Style(thin),
        Kind.SELECTED_FITS: Style(thin_selected, "o", thin_selected, selected, 4),
        Kind.BEST: Style(best, "o", best, base, 9),
        Kind.SELECTED: Style(pen(colours.selected, 4), "s", pen(colours.selected, 2), base, 9),
    }
