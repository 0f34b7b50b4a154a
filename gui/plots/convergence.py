"""The convergence plot: every trial's objective, and the best so far as a step line."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QCheckBox, QWidget

from core.events import TrialState
from core.figures.arrays import Flags, Floats, GrowingTable, drawable, finite, nearest_point, padded, robust_range
from core.figures.scales import AxisScale, ViewRange
from core.search.proposal import PointOrigin
from core.trial_progress import TrialProgress
from core.words.trials import best_in_words, failures_in_words
from gui.plots.drawing.style import NO_BRUSH, NO_PEN, LegendEntry, brush_of
from gui.plots.plot import REACH, Plot
from gui.session.session import Session
from gui.widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas
    from gui.plots.drawing.scatter import Points

MODEL, OTHER, FAILED, UNFINISHED = range(4)
"""Kinds of points: proposed by the surrogate, by anything else, and those of trials without an objective."""
EDGE = 10
"""How far from the view's edge on the bad side the marks of what has no place in it are put, in pixels."""

DOWN = 3
"""So many decades an error bar goes down on a logarithmic axis that has no place for its lower end."""

ORIGIN_LABELS = {
    PointOrigin.INITIAL: "Initial design",
    PointOrigin.RANDOM: "Random",
    PointOrigin.GRID: "Grid",
}


class ConvergencePlot(Plot):
    """Each trial's objective, in the order of the trials."""

    title = "Convergence"
    empty_text = "Each finished trial's objective appears here, with the best so far as a line"

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._table = GrowingTable(4)  # trial, objective, kind, standard deviation of its scores
        self._origins: dict[PointOrigin, None] = {}
        self._y: Floats = np.empty(0)
        self._bars: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self.log_box = QCheckBox("Log objective")
        self.log_box.setToolTip("Draw the objective on a logarithmic axis")
        self.log_box.toggled.connect(self._scale_changed)
        self._add_control(self.log_box)

    def _fill(self, canvas: "Canvas") -> None:
        self.error_bars = canvas.add_past_curves()
        self.best_line = canvas.add_curve(0, antialias=False)
        self.other_points, self.model_points = canvas.add_scatter(1), canvas.add_scatter(1)
        self.beyond_marks, self.failed_marks, self.unfinished_marks = (canvas.add_scatter(2) for _ in range(3))
        self.best_mark, self.selected_mark = canvas.add_scatter(3), canvas.add_scatter(3)

    @property
    def log_objective(self) -> bool:
        """Whether the objective is to be drawn on a log axis, where it can be."""
        return self.log_box.isChecked()

    @log_objective.setter
    def log_objective(self, log: bool) -> None:
        self.log_box.setChecked(log)

    @property
    def _log(self) -> bool:
        """Whether the objective is drawn on a log axis: what is maximised, or below zero, has no use for one."""
        return self.log_objective and not self._higher_is_better and not bool((self._table.column(1) < 0).any())

    def _study_changed(self) -> None:
        self.log_box.setVisible(not self._higher_is_better)
        self._change_style()  # what is beyond the view is so on the other side

    def _scale_changed(self) -> None:
        self._follow_again()  # a zoom into the other scale means nothing
        self._redraw_past()

    # The past

    def _is_empty(self) -> bool:
        return not len(self._table)

    def _forget(self) -> None:
        self._table.clear()
        self._origins.clear()

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        kinds = list(map(_kind, trials))
        others = (trial.origin for trial, kind in zip(trials, kinds, strict=True) if kind is OTHER)
        self._origins.update(dict.fromkeys(others))
        numbers = np.array([trial.number for trial in trials])
        objectives = np.array([trial.objective for trial in trials], float)  # NaN for None
        spreads = np.array([trial.spread for trial in trials], float)
        self._table.append(numbers, objectives, np.array(kinds), spreads)

    def _draw_past(self) -> None:
        numbers, objectives, kinds, spreads = (self._table.column(index) for index in range(4))
        self._y = drawable(objectives, log=self._log)
        self._draw_bars(numbers, objectives, spreads)
        for kind, scatter in ((OTHER, self.other_points), (MODEL, self.model_points)):
            scatter.show_places(numbers[kinds == kind], self._y[kinds == kind])
        self.best_line.setData(*self._steps(numbers, self._y))

    def _draw_bars(self, numbers: Floats, objectives: Floats, spreads: Floats) -> None:
        """Draw a bar of ± one standard deviation through each mean of several scores."""
        several = np.isfinite(self._y) & (spreads > 0)
        y, means, spreads = self._y[several], objectives[several], spreads[several]
        low, high = drawable(means - spreads, log=self._log), drawable(means + spreads, log=self._log)
        self._bars = low, high  # what of them has a place on the axis
        ends = np.where(np.isfinite(low), low, y - DOWN), np.where(np.isfinite(high), high, y)
        bars = np.column_stack((*ends, np.full(len(y), np.nan)))
        self.error_bars.show(np.repeat(numbers[several], 3), bars.ravel())

    def _steps(self, numbers: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return the corners of the best so far, from the first objective to the last trial.

        Trials that ran at the same time need not have ended in the order of their numbers.
        """
        order = np.argsort(numbers, kind="stable")
        order = order[np.isfinite(y[order])]
        if not len(order):
            return np.empty(0), np.empty(0)
        best = (np.maximum if self._higher_is_better else np.minimum).accumulate(y[order])
        better = np.flatnonzero(np.diff(best, prepend=np.nan))
        x = np.append(numbers[order][better], numbers.max())
        return np.repeat(x, 2)[1:-1], np.repeat(best[better], 2)

    def _draw_edge(self) -> None:
        """Mark, at the edge of the bad side, trials without an objective and objectives beyond the view there."""
        numbers, kinds, level = self._table.column(0), self._table.column(2), self._edge()
        beyond = (kinds <= OTHER) & self._is_beyond()
        for drawn, scatter in (
            (beyond, self.beyond_marks),
            (kinds == FAILED, self.failed_marks),
            (kinds == UNFINISHED, self.unfinished_marks),
        ):
            scatter.show_places(numbers[drawn], np.full(np.count_nonzero(drawn), level))

    def _is_beyond(self) -> Flags:
        """Tell which trials have no objective, or one beyond the view on the bad side."""
        bottom, top = self.canvas.view.viewRange()[1]
        objectives = self._table.column(1)
        if self._higher_is_better:
            seen: Flags = objectives >= bottom
        else:
            seen = objectives <= (10.0 ** min(top, 300.0) if self._log else top)
        return ~seen

    def _edge(self) -> float:
        bottom, top = self.canvas.view.viewRange()[1]
        inside = (top - bottom) * EDGE / max(self.canvas.view.rect().height(), 2 * EDGE)
        return float(bottom + inside if self._higher_is_better else top - inside)

    def _marked_y(self) -> Floats:
        """Return where each trial's mark is."""
        return np.where(self._is_beyond(), self._edge(), self._y)

    # The present

    def _draw_present(self) -> None:
        self._draw_edge()
        best = self._progress.best
        self._mark(self.best_mark, best.number if best is not None else None)
        self._mark(self.selected_mark, self.session.selected)

    def _mark(self, scatter: "Points", number: int | None) -> None:
        found = self._table.column(0) == (np.nan if number is None else number)
        scatter.show_places(self._table.column(0)[found], self._marked_y()[found])

    # The view

    def _home(self) -> ViewRange:
        self.canvas.x_axis.show_scale(AxisScale("Trial", whole=True))
        self.canvas.y_axis.show_scale(AxisScale(self._objective.caption, log=self._log))
        last = max(self._progress.trials, default=1)
        room = max(20, 2 ** last.bit_length())  # grows in steps, so that the view is calm
        y = finite(np.concatenate((self._y, *self._bars)))
        low, top = robust_range(y, log=self._log, higher_is_better=self._higher_is_better) if len(y) else (0.0, 1.0)
        x_end = float(max(last, min(room, self._progress.budget)))
        space = (0.18, 0.08) if self._higher_is_better else (0.08, 0.18)  # for the marks on the bad side
        return padded(1.0, x_end, 0.03, 0.03), padded(low, top, *space)

    def _hit(self, at: tuple[float, float]) -> int | None:
        if not len(self._table):
            return None
        numbers = self._table.column(0)
        found = nearest_point(*self.canvas.in_pixels(numbers, self._marked_y()), at)
        return int(numbers[found[0]]) if found is not None and found[1] <= REACH else None

    # Looks and words

    def _style(self, colours: Colours) -> None:
        blue, green = self._pen(colours.training, 1.5), self._pen(colours.best, 2)
        base, nothing = brush_of(colours.base), NO_BRUSH
        beyond, arrow = ("Below", "t") if self._higher_is_better else ("Above", "t1")
        self.best_line.setPen(green)
        bar = self._pen(colours.training, 0.7)
        self.error_bars.setPen(bar)
        self._looks = {
            "line": LegendEntry("Best so far", green),
            "other": LegendEntry("Initial design", None, "o", blue, brush_of(colours.training), 7),
            "model": LegendEntry("Surrogate", None, "o", blue, base, 7),
            "beyond": LegendEntry(f"{beyond} the view", None, arrow, blue, base, 9),
            "failed": LegendEntry("Failed", None, "x", NO_PEN, brush_of(colours.failed), 10),
            "unfinished": LegendEntry("Not finished", None, "d", self._pen(colours.faint_text, 1), base, 9),
            "best": LegendEntry("Best", None, "o", green, nothing, 15),
            "selected": LegendEntry("Selected", None, "s", self._pen(colours.selected, 2), nothing, 15),
            "bars": LegendEntry("± 1 standard deviation", bar),
        }
        for name, scatter in self._scatters().items():
            self._looks[name].apply_to(scatter)

    def _scatters(self) -> dict[str, "Points"]:
        return {
            "other": self.other_points,
            "model": self.model_points,
            "best": self.best_mark,
            "selected": self.selected_mark,
            "beyond": self.beyond_marks,
            "failed": self.failed_marks,
            "unfinished": self.unfinished_marks,
        }

    def _legend_entries(self) -> list[LegendEntry]:
        shown = [name for name, scatter in self._scatters().items() if len(scatter.data)]
        entries = [self._looks[name] for name in ("line", *shown) if name != "line" or "best" in shown]
        if len(self._bars[0]):
            entries.append(self._looks["bars"])
        other = " or ".join(ORIGIN_LABELS[origin] for origin in self._origins)
        return [replace(entry, label=other) if entry is self._looks["other"] else entry for entry in entries]

    def _failures(self) -> str:
        failed, unfinished = (int(np.count_nonzero(self._table.column(2) == kind)) for kind in (FAILED, UNFINISHED))
        return failures_in_words(failed, unfinished)

    def _summary(self) -> str:
        return best_in_words(self._progress) + self._failures()


def _kind(trial: TrialProgress) -> int:
    if trial.objective is not None:
        return MODEL if trial.origin is PointOrigin.MODEL else OTHER
    return FAILED if trial.state is TrialState.FAILED else UNFINISHED
