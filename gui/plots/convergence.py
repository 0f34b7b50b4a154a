"""The convergence plot: every trial's objective, and the best so far as a step line."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QCheckBox, QWidget

from core.figures.arrays import Floats
from core.figures.convergence import POINTS, ConvergenceBuilder
from core.figures.figure import Figure, Kind, joined
from core.progress import StudyProgress
from gui.plots.drawing.style import NO_BRUSH, NO_PEN, Style, brush_of
from gui.plots.plot import Plot
from gui.session.session import Session
from gui.widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas
    from gui.plots.drawing.scatter import Points

EDGE = 10
"""How far from the view's edge on the bad side the marks of what has no place in it are put, in pixels."""
WITH_OBJECTIVE = (Kind.OTHER_ORIGIN, Kind.SURROGATE)
AT_EDGE = (Kind.FAILED, Kind.UNFINISHED, Kind.BEST, Kind.SELECTED)
"""Marks that are moved to the edge where they have no place in the view."""


class ConvergencePlot(Plot):
    """Each trial's objective, in the order of the trials."""

    title = "Convergence"
    empty_text = "Each finished trial's objective appears here, with the best so far as a line"

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._objectives: ConvergenceBuilder
        self.log_box = QCheckBox("Log objective")
        self.log_box.setToolTip("Draw the objective on a logarithmic axis")
        self.log_box.toggled.connect(self._on_other_scale)
        self._add_control(self.log_box)

    def _fill(self, canvas: "Canvas") -> None:
        self.error_bars = canvas.add_past_curves()
        self.best_line = canvas.add_curve(0, antialias=False)
        self.other_points, self.model_points = canvas.add_scatter(1), canvas.add_scatter(1)
        self.beyond_marks, self.failed_marks, self.unfinished_marks = (canvas.add_scatter(2) for _ in range(3))
        self.best_mark, self.selected_mark = canvas.add_scatter(3), canvas.add_scatter(3)

    def _scatters(self) -> "dict[Kind, Points]":
        return {
            Kind.OTHER_ORIGIN: self.other_points,
            Kind.SURROGATE: self.model_points,
            Kind.BEYOND: self.beyond_marks,
            Kind.FAILED: self.failed_marks,
            Kind.UNFINISHED: self.unfinished_marks,
            Kind.BEST: self.best_mark,
            Kind.SELECTED: self.selected_mark,
        }

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
        self._on_other_style()  # what is beyond the view is so on the other side

    # The figure

    def _make_builder(self, progress: StudyProgress) -> ConvergenceBuilder:
        self._objectives = ConvergenceBuilder(progress)
        return self._objectives

    def _make_figure(self) -> Figure:
        return self._objectives.figure(self.session.selected, log=self.log_objective)

    def _draw_past(self, figure: Figure) -> None:
        (bars,), (best,) = figure.curves(Kind.BARS), figure.curves(Kind.BEST_SO_FAR)
        self.error_bars.show(bars.x, bars.y)
        for kind in WITH_OBJECTIVE:
            _trials, x, y = joined(figure.points(kind))
            self._scatters()[kind].show_places(x, y)
        self.best_line.setData(best.x, best.y)

    def _draw_present(self, figure: Figure) -> None:
        scatters = self._scatters()
        for kind in AT_EDGE:
            _trials, x, y = joined(figure.points(kind))
            scatters[kind].show_places(x, self._marked_y(figure, y))
        _trials, x, y = joined(figure.points(*WITH_OBJECTIVE))
        beyond = figure.y.is_beyond(y, self._y_view())
        self.beyond_marks.show_places(x[beyond], self._marked_y(figure, y[beyond]))

    def _is_shown(self, kind: Kind) -> bool:
        return kind is not Kind.BEYOND or len(self.beyond_marks.data) > 0

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

    def _hit(self, figure: Figure, at: tuple[float, float]) -> int | None:
        trials, x, y = joined(figure.points(*POINTS))
        return self._nearest_mark(trials, x, self._marked_y(figure, y), at)

    def _style(self, colours: Colours) -> None:
        blue, green = self._pen(colours.training, 1.5), self._pen(colours.best, 2)
        base, nothing = brush_of(colours.base), NO_BRUSH
        arrow = "t" if self._objective.higher_is_better else "t1"
        bar = self._pen(colours.training, 0.7)
        self._styles = {
            Kind.BEST_SO_FAR: Style(green),
            Kind.OTHER_ORIGIN: Style(None, "o", blue, brush_of(colours.training), 7),
            Kind.SURROGATE: Style(None, "o", blue, base, 7),
            Kind.BEYOND: Style(None, arrow, blue, base, 9),
            Kind.FAILED: Style(None, "x", NO_PEN, brush_of(colours.failed), 10),
            Kind.UNFINISHED: Style(None, "d", self._pen(colours.faint_text, 1), base, 9),
            Kind.BEST: Style(None, "o", green, nothing, 15),
            Kind.SELECTED: Style(None, "s", self._pen(colours.selected, 2), nothing, 15),
            Kind.BARS: Style(bar),
        }
        self.best_line.setPen(green)
        self.error_bars.setPen(bar)
        for kind, scatter in self._scatters().items():
            self._styles[kind].apply_to(scatter)
