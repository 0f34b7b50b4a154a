"""How the curves of the loss plot look, and their ends."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from gui.plots.drawing.style import LegendEntry, brush_of
from gui.widgets.theme import Colours


def loss_looks(pen: Callable[..., QPen], colours: Colours) -> dict[str, LegendEntry]:
    """Return the looks by name; `pen` makes one of a colour, a width and a style."""
    past, best = pen(colours.past, 0.5), pen(colours.best, 2)
    training = pen(colours.training, 2, Qt.PenStyle.DashLine)
    validation = pen(colours.validation, 2)
    thin, thin_selected = pen(colours.validation, 0.7), pen(colours.selected, 1)
    base, full, selected = brush_of(colours.base), brush_of(colours.validation), brush_of(colours.selected)
    return {
        "past": LegendEntry("", past),
        "training": LegendEntry("", training),
        "validation": LegendEntry("", validation, "o", validation, full, 6),
        "running fits": LegendEntry("", thin),
        "selected fits": LegendEntry("", thin_selected, "o", thin_selected, selected, 4),
        "best": LegendEntry("", best, "o", best, base, 9),
        "selected": LegendEntry("", pen(colours.selected, 4), "s", pen(colours.selected, 2), base, 9),
    }
