"""The convergence plot: every trial's objective, and the best so far as a step line."""

from PySide6.QtWidgets import QCheckBox, QWidget

from core.figures.convergence import BEYOND, ConvergenceBuilder
from core.figures.figure import Builder, Figure, Kind
from core.figures.view import ScaleChoice
from core.progress import StudyProgress
from gui.plots.edges import EdgePlot
from gui.session.session import Session
from gui.widgets.theme import Theme

ROOM = 15.0
"""Pixels beside the objectives, for the ring around the best one, and for what is beyond."""


class ConvergencePlot(EdgePlot):
    """Each trial's objective, in the order of the trials."""

    moved = frozenset({Kind.FAILED, Kind.UNFINISHED, Kind.BEST, Kind.SELECTED})
    beyond = BEYOND

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            session,
            theme,
            ConvergenceBuilder,
            title="Convergence",
            empty_text="Each finished trial's objective appears here, with the best so far as a line",
            parent=parent,
        )
        self.log_box = QCheckBox("Log objective")
        self.log_box.setToolTip("Draw the objective on a logarithmic axis")
        self.log_box.toggled.connect(self._on_other_scale)
        self._add_control(self.log_box)

    # What is shown

    @property
    def log_objective(self) -> bool:
        """Whether the objective is to be drawn on a log axis, where it can be."""
        return self.log_box.isChecked()

    @log_objective.setter
    def log_objective(self, log: bool) -> None:
        self.log_box.setChecked(log)

    def _on_other_scale(self) -> None:
        self._follow_again()  # a zoom into the other scale means nothing
        self._mark_dirty()

    def _on_other_study(self, progress: StudyProgress | None) -> None:
        self.log_box.setVisible(progress is None or not progress.objective.higher_is_better)

    # The figure

    def _make_figure(self, builder: Builder) -> Figure:
        assert isinstance(builder, ConvergenceBuilder)
        choice = ScaleChoice.LOG if self.log_objective else ScaleChoice.AUTOMATIC
        return builder.figure(self.session.selected, choice=choice)

    def _room(self, figure: Figure) -> float:
        return ROOM

    def _is_shown(self, kind: Kind) -> bool:
        """Return whether the legend names it: what is beyond only where something is, and once."""
        if kind is Kind.BEYOND_OTHER_ORIGIN and self._is_shown(Kind.BEYOND_SURROGATE):
            return False
        return kind not in self.beyond.values() or len(self.items.points(kind).data) > 0
