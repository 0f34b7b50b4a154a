"""The loss plot: every trial's loss, epoch by epoch, with the current trial bright and the earlier ones faint."""

import math
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from core.events import TrialState
from core.formatting import format_number
from core.progress import TrialProgress
from gui.plots.arrays import (
    Floats,
    GrowingTable,
    drawable,
    finite,
    nearest_segment,
    padded,
    robust_top,
    thinned,
    with_gaps,
)
from gui.plots.base import REACH, Plot
from gui.plots.lines import Lines, TrialLines, fits_of, latest, lines_of
from gui.plots.looks import LegendEntry, brush_of
from gui.plots.scales import AxisScale, ViewRange
from gui.plots.words import best_in_words, loss_label
from gui.session import Changes, Session
from gui.theme import Colours, Theme

if TYPE_CHECKING:
    from gui.plots.canvas import Canvas
    from gui.plots.curves import LiveCurve

MOST_POINTS = 20_000
"""So many points of earlier trials are drawn at most, the newest ones; more would slow every paint down."""
PIXELS_A_POINT = 2
"""A long curve is drawn with a point for each so many pixels: wide smooth lines cost much."""
FAR = 1000
"""Losses this many view heights above the view are drawn there: renderers of SVG files fail on greater numbers."""


class LossKind(StrEnum):
    """Which losses of the earlier trials are drawn."""

    VALIDATION = "validation"
    TRAINING = "training"
    BOTH = "both"


class LossPlot(Plot):
    """Training and validation loss per epoch."""

    title = "Loss per epoch"
    empty_text = "Press Start: each trial's loss appears here, epoch by epoch"

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._table = GrowingTable(4)  # trial, epoch, loss, validation loss; a row of NaN after each trial
        self._ends = GrowingTable(2)  # first and last validation loss of each complete trial
        self._longest = 1.0
        self._ceiling = self._lowest = math.inf
        self._typical_top: float | None = None
        self._lines = TrialLines()
        self._shown: tuple[Floats, Floats, Floats] = (np.empty(0), np.empty(0), np.empty(0))
        self._add_controls()

    def _fill(self, canvas: "Canvas") -> None:
        self.past_curves = canvas.add_past_curves()
        self.running_fits, self.selected_fits = canvas.add_live_curve(1), canvas.add_live_curve(1)
        self.selected_curve = canvas.add_live_curve(1)
        self.best_curve = canvas.add_live_curve(2)
        self.training_curve = canvas.add_live_curve(3)
        self.validation_curve = canvas.add_live_curve(4)
        self.end_marks = canvas.add_scatter(5)

    def _add_controls(self) -> None:
        self.kind_box = QComboBox()
        self.kind_box.setAccessibleName("Losses of earlier trials")
        self.kind_box.setToolTip("Which losses of the earlier trials are drawn")
        for kind, text in (
            (LossKind.VALIDATION, "Earlier: validation"),
            (LossKind.TRAINING, "Earlier: training"),
            (LossKind.BOTH, "Earlier: both"),
        ):
            self.kind_box.addItem(text, kind)
        self.log_box = QCheckBox("Log loss")
        self.log_box.setToolTip("Draw the loss on a logarithmic axis")
        self.kind_box.currentIndexChanged.connect(self._redraw_past)
        self.log_box.toggled.connect(self._scale_changed)
        self._add_control(self.kind_box)
        self._add_control(self.log_box)

    @property
    def log_loss(self) -> bool:
        """Whether the loss is drawn on a log axis."""
        return self.log_box.isChecked()

    @log_loss.setter
    def log_loss(self, log: bool) -> None:
        self.log_box.setChecked(log)

    @property
    def earlier(self) -> LossKind:
        """Which losses of the earlier trials are drawn."""
        return LossKind(self.kind_box.currentData())

    @earlier.setter
    def earlier(self, kind: LossKind) -> None:
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind))

    def _scale_changed(self) -> None:
        self._follow_again()  # a zoom into the other scale means nothing
        self._redraw_past()

    # The past

    def _concerns(self, changes: Changes) -> bool:
        return bool(changes.epochs) or super()._concerns(changes)

    def _forget(self) -> None:
        self._table.clear()
        self._ends.clear()
        self._longest = 1.0

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        trained = [trial for trial in trials if trial.losses]
        for trial in latest(trained, MOST_POINTS):
            gap = (np.append(column, np.nan) for column in lines_of(trial))
            self._table.append(float(trial.number), *gap)
        self._longest = max([self._longest, *(trial.epochs for trial in trained)])
        complete = [trial.val_losses for trial in trained if trial.state is TrialState.COMPLETE]
        self._ends.append(np.array([losses[0] for losses in complete]), np.array([losses[-1] for losses in complete]))

    def _draw_past(self) -> None:
        first = self._first_drawn()
        trials, epochs, losses, val_losses = (self._table.column(index)[first:] for index in range(4))
        if self.earlier is LossKind.BOTH:
            trials, epochs = np.concatenate([trials, trials]), np.concatenate([epochs, epochs])
            values = np.concatenate([val_losses, losses])
        else:
            values = losses if self.earlier is LossKind.TRAINING else val_losses
        self._shown = trials, epochs, drawable(values, log=self.log_loss)
        self._lowest = float(np.nanmin(self._shown[2], initial=np.inf))
        self._shown_trials = len(np.unique(trials))
        sane = finite(drawable(np.concatenate([self._ends.column(0), self._ends.column(1)]), log=self.log_loss))
        self._typical_top = robust_top(sane, log=self.log_loss) if len(sane) else None
        low, high = self._home_of_losses()
        self._ceiling = math.inf if self.log_loss else high + FAR * (high - low)
        self.past_curves.show(epochs, np.minimum(self._shown[2], self._ceiling))

    def _first_drawn(self) -> int:
        """Return the row at which drawing begins: that of a trial, so that at most MOST_POINTS follow.

        It moves in leaps: between them what is drawn only grows, which costs little.
        """
        if len(self._table) <= MOST_POINTS:
            return 0
        trials = self._table.column(0)
        leap = MOST_POINTS // 5
        start = math.ceil((len(self._table) - MOST_POINTS) / leap) * leap
        later = np.flatnonzero(np.diff(trials[start - 1 :]))
        return start + int(later[0]) if len(later) else int(np.flatnonzero(trials == trials[-1])[0])

    # The present

    def _draw_present(self) -> None:
        running = self._drawn_running()
        self._draw(self.training_curve, *((x, losses) for x, losses, _val_losses in running))
        self._draw(self.validation_curve, *((x, val_losses) for x, _losses, val_losses in running))
        best_x, _losses, best_y = self._drawn_lines(self._progress.best)
        self._draw(self.best_curve, (best_x, best_y))
        selected_x, _losses, selected_y = self._drawn_lines(self.session.selected_trial())
        self._draw(self.selected_curve, (selected_x, selected_y))
        ends = [("validation", x, val_losses) for x, _losses, val_losses in running]
        self._mark_ends(("selected", selected_x, selected_y), ("best", best_x, best_y), *ends)
        running_fits = [line for trial in self._progress.under_way.values() for line in fits_of(trial)]
        self._draw(self.running_fits, *self._in_view(running_fits))
        self._draw(self.selected_fits, *self._in_view(fits_of(self.session.selected_trial())))

    def _in_view(self, lines: Sequence[tuple[Floats, Floats]]) -> list[tuple[Floats, Floats]]:
        return [(x, np.minimum(drawable(y, log=self.log_loss), self._ceiling)) for x, y in lines]

    def _draw(self, curve: "LiveCurve", *lines: tuple[Floats, Floats]) -> None:
        """Draw lines as one curve with no more points than can be told apart."""
        (left, right), _y_range = self.canvas.view.viewRange()
        drawn = []
        for x, y in lines:
            span = float(x[-1] - x[0]) if len(x) else 0.0
            columns = self.canvas.view.width() * max(1.0, span / (right - left)) / PIXELS_A_POINT
            drawn.append(thinned(x, y, int(columns / 2)))
        curve.show(with_gaps([x for x, _y in drawn]), with_gaps([y for _x, y in drawn]))

    def _drawn_running(self) -> list[tuple[Floats, Floats, Floats]]:
        return [self._drawn_lines(trial) for trial in self._progress.under_way.values()]

    def _drawn_lines(self, trial: TrialProgress | None) -> Lines:
        if trial is None:
            return np.empty(0), np.empty(0), np.empty(0)
        epochs, losses, val_losses = self._lines.of(trial)
        losses, val_losses = (drawable(values, log=self.log_loss) for values in (losses, val_losses))
        return epochs, np.minimum(losses, self._ceiling), np.minimum(val_losses, self._ceiling)

    def _mark_ends(self, *curves: tuple[str, Floats, Floats]) -> None:
        """Put a mark at the end of each curve, which comes with the name of its look."""
        ends = [(x[-1], y[-1], self._looks[name]) for name, x, y in curves if len(x)]
        self.end_marks.show_marks(
            np.array([x for x, _y, _look in ends]),
            np.array([y for _x, y, _look in ends]),
            symbol=[look.symbol for _x, _y, look in ends],
            size=[look.size for _x, _y, look in ends],
            pen=[look.outline for _x, _y, look in ends],
            brush=[look.fill for _x, _y, look in ends],
        )

    # The view

    def _home(self) -> ViewRange:
        label = loss_label(self._settings)
        self.canvas.x_axis.show_scale(AxisScale("Epoch", whole=True))
        self.canvas.y_axis.show_scale(AxisScale(label, log=self.log_loss))
        longest = max(self._longest, *(trial.epochs for trial in self._progress.under_way.values()), 1)
        return padded(1.0, longest, 0.02, 0.04), self._home_of_losses()

    def _home_of_losses(self) -> tuple[float, float]:
        """Return a range that typical trials fill; a diverging one leaves it at the top."""
        log = self.log_loss
        running = finite(with_gaps([values for line in self._drawn_running() for values in line[1:]]))
        lowest = float(running.min(initial=self._lowest))
        if math.isinf(lowest):
            return (0.0, 1.0)
        top = self._typical_top
        if top is None:
            top = robust_top(np.append(running, finite(self._shown[2])), log=log)
        top = max(lowest, top, self._latest_loss(top))
        return padded(0.0 if 0 <= lowest < top / 2 and not log else lowest, top, 0.03, 0.05)

    def _latest_loss(self, typical: float) -> float:
        """Return the highest of the running trials' latest validation losses, in view unless it is far out."""
        latest = finite(with_gaps([val_losses[-1:] for _x, _losses, val_losses in self._drawn_running()]))
        far = typical + 1.0 if self.log_loss else 10 * abs(typical)
        return min(float(latest.max()), far) if len(latest) else typical

    def _hit(self, at: tuple[float, float]) -> int | None:
        lines = [self._shown]
        running = self._progress.under_way
        for trial in (*running.values(), self._progress.best, self.session.selected_trial()):
            if trial is not None and trial.losses:
                x, losses, val_losses = self._drawn_lines(trial)
                owner = np.full(len(x), float(trial.number))
                both = trial.number in running
                lines += [(owner, x, y) for y in ((losses, val_losses) if both else (val_losses,))]
        trials, epochs, values = (with_gaps([line[column] for line in lines]) for column in range(3))
        found = nearest_segment(*self.canvas.in_pixels(epochs, values), at)
        return int(trials[found[0]]) if found is not None and found[1] <= REACH else None

    # Looks and words

    def _style(self, colours: Colours) -> None:
        past = self._pen(colours.past, 0.5)
        selected = self._pen(colours.selected, 4)
        best = self._pen(colours.best, 2)
        training = self._pen(colours.training, 2, Qt.PenStyle.DashLine)
        validation = self._pen(colours.validation, 2)
        base, full = brush_of(colours.base), brush_of(colours.validation)
        self._looks = {
            "past": LegendEntry("", past),
            "training": LegendEntry("", training),
            "validation": LegendEntry("", validation, "o", validation, full, 6),
            "running fits": LegendEntry("", self._pen(colours.validation, 0.7)),
            "selected fits": LegendEntry("", self._pen(colours.selected, 1)),
            "best": LegendEntry("", best, "o", best, base, 9),
            "selected": LegendEntry("", selected, "s", self._pen(colours.selected, 2), base, 9),
        }
        self.past_curves.setPen(past)
        self.selected_curve.set_look(selected)
        self.best_curve.set_look(best)
        self.running_fits.set_look(self._pen(colours.validation, 0.7))
        self.selected_fits.set_look(self._pen(colours.selected, 1))
        self.training_curve.set_look(training)
        self.validation_curve.set_look(validation)

    def _legend_entries(self) -> list[LegendEntry]:
        running, best, selected = self._progress.under_way, self._progress.best, self.session.selected_trial()
        labels = {}
        if running:
            labels["validation"] = f"{_named(list(running))}: validation"
            labels["training"] = "training"
            if any(len(trial.fits) > 1 for trial in running.values()):
                labels["running fits"] = "each of its trainings" if len(running) == 1 else "each of their trainings"
        if best is not None:
            labels["best"] = f"Best: trial {best.number}"
        if selected is not None:
            labels["selected"] = f"Selected: trial {selected.number}"
            if len(selected.fits) > 1:
                labels["selected fits"] = "each of its trainings"
        if len(self._shown[0]):
            labels["past"] = "Earlier trials" if running else "All trials"
            if self._first_drawn():
                labels["past"] = f"Latest {self._shown_trials:,} trials"
        return [replace(self._looks[name], label=label) for name, label in labels.items()]

    def _summary(self) -> str:
        now = ""
        for trial in self._progress.under_way.values():
            now += f"Trial {trial.number}, epoch {trial.epoch} of {trial.epochs}"
            if trial.losses:
                now += (
                    f": training loss {format_number(trial.losses[-1])},"
                    f" validation loss {format_number(trial.val_losses[-1])}"
                )
            now += ". "
        return now + best_in_words(self._progress)


def _named(numbers: list[int]) -> str:
    if len(numbers) > 3:
        return f"{len(numbers)} trials"
    return f"{'Trial' if len(numbers) == 1 else 'Trials'} {', '.join(map(str, numbers))}"
