"""The convergence plot: every trial's objective, and the best so far as a step line."""

from PySide6.QtWidgets import QWidget

from core.figures.convergence import BEYOND, ConvergenceBuilder
from core.figures.figure import Builder, Figure, Kind
from gui.plots.edges import EdgePlot
from gui.plots.everything import Everything
from gui.plots.frame import Promise
from gui.plots.switches import Switches
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.sketches import StepsSketch
from gui.widgets.theme import Theme

PROMISE = Promise(
    Words("See how far it got", "A point a trial; the line is the best so far. Flat for long: it has settled."),
    "each trial that ends adds a point",
    StepsSketch(),
)
EXPLANATION = (
    "Each point is a trial, in their order, and the line is the best so far: "
    "flat for long means that the search has settled."
)
ROOM = 15.0
"""Pixels beside the objectives, for the ring around the best one, and for what is beyond."""


class ConvergencePlot(EdgePlot):
    """Each trial's objective, in the order of the trials."""

    moved = frozenset({Kind.FAILED, Kind.UNFINISHED, Kind.BEST, Kind.SELECTED})
    beyond = BEYOND

    def __init__(
        self, session: Session, theme: Theme, everything: Everything | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            session,
            theme,
            ConvergenceBuilder,
            title="Convergence",
            promise=PROMISE,
            explanation=EXPLANATION,
            switches=Switches(everything, has_scale=True),
            parent=parent,
        )

    # The figure

    def _make_figure(self, builder: Builder) -> Figure:
        assert isinstance(builder, ConvergenceBuilder)
        return builder.figure(self._selected, choice=self.scale_choice, everything=self.everything.shown)

    def _room(self, figure: Figure) -> float:
        return ROOM

    def _is_shown(self, kind: Kind) -> bool:
        """Return whether the legend names it: what is beyond only where something is, and once."""
        if kind is Kind.BEYOND_OTHER_ORIGIN and self._is_shown(Kind.BEYOND_SURROGATE):
            return False
        return kind not in self.beyond.values() or len(self.items.points(kind).data) > 0
