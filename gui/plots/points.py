"""The points plot: where in the search space the trials were, coloured by their objective."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QLabel, QWidget

from core.events import TrialState
from core.figures.arrays import Floats, GrowingTable, drawable, finite, nearest_point, padded, robust_range
from core.figures.dimensions import OBJECTIVE, THE_OBJECTIVE, PlotDimension, dimensions
from core.figures.scales import ViewRange
from core.trial_progress import TrialProgress
from core.words.trials import best_in_words, failures_in_words
from gui.plots.drawing.axis_box import AxisBox
from gui.plots.drawing.style import NO_BRUSH, NO_PEN, LegendEntry, brush_of
from gui.plots.plot import REACH, Plot
from gui.session.session import Session
from gui.widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas
    from gui.plots.drawing.scatter import Indices, Points

DONE, FAILED, UNFINISHED = range(3)
"""Kinds of points: trials with an objective, and those without one."""


class PointsPlot(Plot):
    """Two varied parameters against each other, or one against the objective."""

    title = "Evaluated points"
    empty_text = "Each trial appears here as a point of the search space, coloured by its objective"

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._table = GrowingTable(5)  # trial, x, y, objective, kind
        self._dimensions: dict[str, PlotDimension] = {}
        self._wanted = self._shown = ("", "")
        self._y: Floats = np.empty(0)
        self._y_range = (0.0, 1.0)
        self._add_boxes()

    def _fill(self, canvas: "Canvas") -> None:
        from gui.plots.drawing.colour_bar import ColourBar

        self.points = canvas.add_scatter(1)
        self.failed_marks, self.unfinished_marks = canvas.add_scatter(2), canvas.add_scatter(2)
        self.current_mark, self.best_mark, self.selected_mark = (canvas.add_scatter(3) for _ in range(3))
        self.colour_bar = ColourBar(canvas)

    def _add_boxes(self) -> None:
        self.x_box, self.y_box = AxisBox("horizontal"), AxisBox("vertical")
        self._axis_controls: list[QWidget] = []
        for box, text in ((self.x_box, "x"), (self.y_box, "y")):
            box.activated.connect(self._take_choice)
            label = QLabel(text)
            label.setBuddy(box)
            for widget in (label, box):
                widget.hide()
                self._add_control(widget)
                self._axis_controls.append(widget)

    # Which parameters

    @property
    def shown(self) -> tuple[str, str]:
        """The names of the parameters on the x and the y axis; the latter may be OBJECTIVE."""
        return self._shown

    def show_parameters(self, x: str, y: str) -> None:
        """Put these on the axes, now or as soon as a study varies them."""
        self._wanted = x, y
        self._choose()

    def _study_changed(self) -> None:
        known = dimensions(self._settings) if self._settings is not None else []
        self._dimensions = {dimension.name: dimension for dimension in known}
        for box, offered in ((self.x_box, known[:-1]), (self.y_box, known)):
            box.offer(offered)
        for control in self._axis_controls:
            control.setVisible(len(known) > 0)
        self._change_style()  # the best has the same colour, be it the highest or the lowest
        self._choose()

    def _choose(self) -> None:
        """Show what is wanted as far as it is varied, and never the same on both axes."""
        *parameters, _objective = self._dimensions or [OBJECTIVE]
        if parameters:
            wanted_x, wanted_y = self._wanted
            free = [name for name in parameters if name != wanted_y] or parameters
            x = wanted_x if wanted_x in parameters else free[0]
            others = [name for name in self._dimensions if name != x]
            self._shown = x, wanted_y if wanted_y in others else others[0]
            for box, name in zip((self.x_box, self.y_box), self._shown, strict=True):
                box.setCurrentIndex(box.findData(name))
        self._follow_again()
        self._start_over()

    def _take_choice(self) -> None:
        """Show what the boxes say; the same chosen twice swaps the axes."""
        x, y = self.x_box.currentData(), self.y_box.currentData()
        if x == y:
            before_x, before_y = self._shown
            x, y = (x, before_x) if x != before_x else (before_y, y)
        self.show_parameters(x, y)

    # The past

    def _forget(self) -> None:
        self._table.clear()

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        numbers = np.array([trial.number for trial in trials])
        objectives = np.array([trial.objective for trial in trials], float)  # NaN for None
        self._table.append(numbers, *self._places(trials), objectives, np.array(list(map(_kind, trials))))

    def _places(self, trials: Sequence[TrialProgress]) -> tuple[Floats, Floats]:
        x, y = (self._dimensions[name] for name in self._shown)
        return np.array(list(map(x.position, trials))), np.array(list(map(y.position, trials)))

    def _draw_past(self) -> None:
        self._y_range = self._find_y_range()
        x, objectives, kinds = (self._table.column(index) for index in (1, 3, 4))
        self._y = self._put_in_range(self._table.column(2))
        done = kinds == DONE
        self.points.show_places(x[done], self._y[done], self.colour_bar.brushes, self._colours_of(objectives[done]))
        for kind, scatter in ((FAILED, self.failed_marks), (UNFINISHED, self.unfinished_marks)):
            scatter.show_places(x[kinds == kind], self._y[kinds == kind])

    def _find_y_range(self) -> tuple[float, float]:
        view = self._dimensions.get(self._shown[1], THE_OBJECTIVE).view
        if view is not None:
            return view
        y = finite(drawable(self._table.column(2), log=False))
        room = (0.12, 0.08) if self._higher_is_better else (0.08, 0.12)
        return padded(*robust_range(y, higher_is_better=self._higher_is_better), *room) if len(y) else (0.0, 1.0)

    def _put_in_range(self, y: Floats) -> Floats:
        """Put what has no objective, where that is on the y axis, beside the edge of what is worst."""
        if self._shown[1] != OBJECTIVE:
            return drawable(y, log=False)
        low, high = self._y_range
        worst = low + 0.05 * (high - low) if self._higher_is_better else high - 0.05 * (high - low)
        return np.where(np.isfinite(y), drawable(y, log=False), worst)

    def _colours_of(self, objectives: Floats) -> "Indices":
        """Return the number of each objective's colour, counted from the best."""
        known = finite(drawable(objectives, log=False))
        self.colour_bar.setOpacity(1.0 if len(known) else 0.0)  # hidden, it would be laid out wrongly when shown
        if not len(known):
            return np.full(len(objectives), len(self.colour_bar.brushes) - 1)
        low, high = robust_range(known, higher_is_better=self._higher_is_better)
        if low == high:
            high = low + (abs(low) * 0.1 or 1.0)
        low, high = self.colour_bar.show_levels((low, high))
        shares = (np.clip(objectives, low, high) - low) / (high - low)
        shares = 1 - shares if self._higher_is_better else shares
        return (shares * (len(self.colour_bar.brushes) - 1)).astype(int)

    # The present

    def _draw_present(self) -> None:
        best = self._progress.best
        x, y = self._running_places()
        self.current_mark.show_places(x, y)
        self._mark(self.best_mark, best.number if best is not None else None)
        self._mark(self.selected_mark, self.session.selected)

    def _mark(self, scatter: "Points", number: int | None) -> None:
        found = self._table.column(0) == (np.nan if number is None else number)
        scatter.show_places(self._table.column(1)[found], self._y[found])

    def _running_places(self) -> tuple[Floats, Floats]:
        """Return the places of the running trials."""
        running = list(self._progress.under_way.values())
        if not running:
            return np.empty(0), np.empty(0)
        x, y = self._places(running)
        return x, self._put_in_range(y)

    # The view

    def _home(self) -> ViewRange:
        x, y = (self._dimensions.get(name, THE_OBJECTIVE) for name in self._shown)
        self.canvas.x_axis.show_scale(x.scale)
        self.canvas.y_axis.show_scale(y.scale)
        return x.view or (0.0, 1.0), self._y_range

    def _hit(self, at: tuple[float, float]) -> int | None:
        x, y = self._running_places()
        numbers = np.append(self._table.column(0), list(self._progress.under_way))
        if not len(numbers):
            return None
        places = self.canvas.in_pixels(np.append(self._table.column(1), x), np.append(self._y, y))
        found = nearest_point(*places, at)
        return int(numbers[found[0]]) if found is not None and found[1] <= REACH else None

    # Looks and words

    def _style(self, colours: Colours) -> None:
        edge = self._pen(colours.faint_text, 1)
        base, nothing = brush_of(colours.base), NO_BRUSH
        self.points.setPen(edge)
        self.points.setSize(9)
        self._looks = {
            "current": LegendEntry("In training", None, "star", self._pen(colours.accent, 1.5), base, 14),
            "best": LegendEntry("Best", None, "o", self._pen(colours.best, 2), nothing, 16),
            "selected": LegendEntry("Selected", None, "s", self._pen(colours.selected, 2), nothing, 16),
            "failed": LegendEntry("Failed", None, "x", NO_PEN, brush_of(colours.failed), 10),
            "unfinished": LegendEntry("Not finished", None, "d", edge, base, 9),
        }
        for name, scatter in self._marks().items():
            self._looks[name].apply_to(scatter)
        self.colour_bar.apply_colours(colours, self._objective)

    def _marks(self) -> dict[str, "Points"]:
        return {
            "best": self.best_mark,
            "current": self.current_mark,
            "selected": self.selected_mark,
            "failed": self.failed_marks,
            "unfinished": self.unfinished_marks,
        }

    def _legend_entries(self) -> list[LegendEntry]:
        return [self._looks[name] for name, scatter in self._marks().items() if len(scatter.data)]

    def _failures(self) -> str:
        failed, unfinished = (int(np.count_nonzero(self._table.column(4) == kind)) for kind in (FAILED, UNFINISHED))
        return failures_in_words(failed, unfinished)

    def _summary(self) -> str:
        x, y = (self._dimensions.get(name, THE_OBJECTIVE).label for name in self._shown)
        return f"{x} and {y} of each trial. {best_in_words(self._progress)}{self._failures()}"


def _kind(trial: TrialProgress) -> int:
    if trial.objective is not None:
        return DONE
    return FAILED if trial.state is TrialState.FAILED else UNFINISHED
