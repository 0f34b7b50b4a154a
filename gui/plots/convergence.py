"""The convergence plot: every trial's objective, and the best so far as a step line."""

from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QWidget

from core.figures.arrays import Floats
from core.figures.convergence import ConvergenceBuilder
from core.figures.figure import Builder, Figure, Kind, joined
from core.figures.view import ScaleChoice
from gui.plots.drawing.style import Style
from gui.plots.everything import Everything
from gui.plots.frame import Promise
from gui.plots.plot import Plot
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.sketches import StepsSketch
from gui.widgets.theme import Colours, Theme

PROMISE = Promise(
    Words("See how far it got", "A point a trial; the line is the best so far. Flat for long: it has settled."),
    "each trial that ends adds a point",
    StepsSketch(),
)

EDGE = 10
"""How far from the view's edge on the bad side the marks of what has no place in it are put, in pixels."""
WITH_OBJECTIVE = (Kind.OTHER_ORIGIN, Kind.SURROGATE)
"""Points that stay where they are; a mark of the kind BEYOND stands at the edge for those that the view cuts off."""


class ConvergencePlot(Plot):
    """Each trial's objective, in the order of the trials."""

    def __init__(
        self, session: Session, theme: Theme, everything: Everything | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            session,
            theme,
            ConvergenceBuilder,
            title="Convergence",
            promise=PROMISE,
            everything=everything,
            has_scale=True,
            parent=parent,
        )

    # The figure

    def _make_figure(self, builder: Builder) -> Figure:
        assert isinstance(builder, ConvergenceBuilder)
        return builder.figure(self.session.selected, log=self.scale_choice is ScaleChoice.LOG)

    def _make_styles(self, colours: Colours) -> dict[Kind, Style]:
        styles = super()._make_styles(colours)
        if self._objective.higher_is_better:
            styles[Kind.BEYOND] = replace(styles[Kind.BEYOND], symbol="t")  # downwards
        return styles

    def _changing(self, figure: Figure) -> set[Kind]:
        """Return what moves with the view, too."""
        return super()._changing(figure) | {Kind.FAILED, Kind.UNFINISHED, Kind.BEYOND}

    def _places(self, figure: Figure, kind: Kind) -> tuple[Floats, Floats]:
        if kind is Kind.BEYOND:
            _trials, x, y = joined(figure.points(*WITH_OBJECTIVE))
            beyond = figure.y.is_beyond(y, self._y_view())
            return x[beyond], self._marked_y(figure, y[beyond])
        x, y = super()._places(figure, kind)
        return x, y if kind in WITH_OBJECTIVE else self._marked_y(figure, y)

    def _is_shown(self, kind: Kind) -> bool:
        return kind is not Kind.BEYOND or len(self.items.points(kind).data) > 0

    def _y_view(self) -> tuple[float, float]:
        bottom, top = self.canvas.view.viewRange()[1]
        return bottom, top

    def _marked_y(self, figure: Figure, y: Floats) -> Floats:
        """Return where marks are: those without a place in the view at its edge on the bad side."""
        return np.where(figure.y.is_beyond(y, self._y_view()), self._edge(figure), y)

    def _edge(self, figure: Figure) -> float:
        bottom, top = self._y_view()
        inside = (top - bottom) * EDGE / max(self.canvas.view.rect().height(), 2 * EDGE)
        return float(bottom + inside if figure.y.higher_is_better else top - inside)

    def _hit_points(self, figure: Figure) -> tuple[Floats, Floats, Floats]:
        trials, x, y = super()._hit_points(figure)
        return trials, x, self._marked_y(figure, y)
