"""The loss plot: every trial's loss, epoch by epoch, with the current trial bright and the earlier ones faint.

Where another metric is the objective it can show that one, and does so at first.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from core.events import Change, TrialState
from core.figures.arrays import Floats, GrowingTable, drawable, extremes, nearest_segment, padded, with_gaps
from core.figures.loss_lines import Lines, TrialLines, fits_of, latest
from core.figures.loss_range import ValueRange
from core.figures.measures import Measure, measures_of
from core.figures.scales import AxisScale, ViewRange
from core.formatting import format_number
from core.objective import EpochChoice
from core.trial_progress import TrialProgress
from core.words.trials import best_in_words
from gui.plots.drawing.style import LegendEntry
from gui.plots.loss_style import loss_looks
from gui.plots.plot import REACH, Plot
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas
    from gui.plots.drawing.curves import LiveCurve

MOST_POINTS = 20_000
"""So many points of earlier trials are drawn at most, the newest ones; more would slow every paint down."""
PIXELS_A_POINT = 2
"""A long curve is drawn with a point for each so many pixels: wide smooth lines cost much."""
Mark = tuple[str, float, float]
"""The name of its look, and where it is."""


class LossKind(StrEnum):
    """Which curves of the earlier trials are drawn."""

    VALIDATION = "validation"
    TRAINING = "training"
    BOTH = "both"


class LossPlot(Plot):
    """Training and validation loss, or the objective's metric, per epoch."""

    title = "Loss per epoch"
    empty_text = "Press Start: each trial's loss appears here, epoch by epoch"

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._table = GrowingTable(4)  # trial, epoch, training, validation; a row of NaN after each trial
        self._ends = GrowingTable(2)  # first and last value of each complete trial
        self._measures = [Measure()]
        self._in_training = False
        """Whether the objective is a training's metric: its curve is then the best and the selected trial's."""
        self._range = ValueRange()
        self._longest = 1.0
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
        self.end_labels = canvas.add_labels(6)

    def _add_controls(self) -> None:
        self.measure_box, self.kind_box = QComboBox(), QComboBox()
        self.measure_box.setAccessibleName("What the curves show")
        self.measure_box.setToolTip("What the curves show")
        self.measure_box.hide()
        self.kind_box.setAccessibleName("Curves of earlier trials")
        self.kind_box.setToolTip("Which curves of the earlier trials are drawn")
        for kind, text in (
            (LossKind.VALIDATION, "Earlier: validation"),
            (LossKind.TRAINING, "Earlier: training"),
            (LossKind.BOTH, "Earlier: both"),
        ):
            self.kind_box.addItem(text, kind)
        self.log_box = QCheckBox()
        self._name_log_box()
        self.measure_box.activated.connect(self._show_measure)
        self.kind_box.currentIndexChanged.connect(self._redraw_past)
        self.log_box.toggled.connect(self._scale_changed)
        for control in (self.measure_box, self.kind_box, self.log_box):
            self._add_control(control)

    # What is shown

    @property
    def measure(self) -> Measure:
        """What the curves show."""
        return self._measures[max(self.measure_box.currentIndex(), 0)]

    def _study_changed(self) -> None:
        measures = measures_of(self._settings)
        if measures != self._measures:
            self._measures = measures
            self.measure_box.clear()
            self.measure_box.addItems([measure.caption for measure in measures])
            self.measure_box.setVisible(len(measures) > 1)
            self.measure_box.setCurrentIndex(len(measures) - 1)
            self._show_measure()
        in_training = not self._objective.in_validation
        if in_training != self._in_training:
            self._in_training = in_training
            self.earlier = LossKind.TRAINING if in_training else LossKind.VALIDATION

    def _show_measure(self) -> None:
        self._show_title(f"{self.measure.caption} per epoch")
        self._name_log_box()
        self._follow_again()
        self._start_over()

    def _name_log_box(self) -> None:
        self.log_box.setText(f"Log {self.measure.words}")
        self.log_box.setToolTip(f"Draw the {self.measure.words} on a logarithmic axis")
        self.log_box.setVisible(not self.measure.higher_is_better)

    @property
    def log_loss(self) -> bool:
        """Whether the loss is to be drawn on a log axis, where it can be."""
        return self.log_box.isChecked()

    @log_loss.setter
    def log_loss(self, log: bool) -> None:
        self.log_box.setChecked(log)

    @property
    def earlier(self) -> LossKind:
        """Which curves of the earlier trials are drawn."""
        return LossKind(self.kind_box.currentData())

    @earlier.setter
    def earlier(self, kind: LossKind) -> None:
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind))

    def _scale_changed(self) -> None:
        self._follow_again()  # a zoom into the other scale means nothing
        self._redraw_past()

    # The past

    def _concerns(self, changes: Changes) -> bool:
        return Change.EPOCHS in changes.what or super()._concerns(changes)

    def _forget(self) -> None:
        self._table.clear()
        self._ends.clear()
        self._longest = 1.0

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        trained = [trial for trial in trials if trial.losses]
        for number, lines in latest(trained, self.measure, MOST_POINTS):
            self._table.append(float(number), *(np.append(column, np.nan) for column in lines))
        self._longest = max([self._longest, *(trial.epochs for trial in trained)])
        courses = [trial.course(self._counted_metric) for trial in trained if trial.state is TrialState.COMPLETE]
        known = [course for course in courses if course]
        self._ends.append(np.array([course[0] for course in known]), np.array([course[-1] for course in known]))

    def _draw_past(self) -> None:
        first = self._first_drawn()
        trials, epochs, training, validation = (self._table.column(index)[first:] for index in range(4))
        if self.earlier is LossKind.BOTH:
            trials, epochs = np.concatenate([trials, trials]), np.concatenate([epochs, epochs])
            values = np.concatenate([validation, training])
        else:
            values = training if self.earlier is LossKind.TRAINING else validation
        self._shown_trials = len(np.unique(trials))
        ends = np.concatenate([self._ends.column(0), self._ends.column(1)])
        lines = [self._lines.of(trial, self.measure) for trial in self._progress.under_way.values()]
        running = [part for line in lines for part in line[1:]]
        higher = self.measure.higher_is_better
        self._range.take_past(values, ends, running, log=self.log_loss, higher_is_better=higher)
        self._shown = trials, epochs, drawable(values, log=self._range.log)
        self.past_curves.show(epochs, self._range.drawn(values))

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
        best, selected = self._progress.best, self.session.selected_trial()
        self._draw_curve(self.training_curve, *((x, training) for x, training, _validation in running))
        self._draw_curve(self.validation_curve, *((x, validation) for x, _training, validation in running))
        self._draw_curve(self.best_curve, self._counted(self._drawn_lines(best)))
        self._draw_curve(self.selected_curve, self._counted(self._drawn_lines(selected)))
        running_fits = [fit for trial in self._progress.under_way.values() for fit in self._drawn_fits(trial)]
        self._draw_curve(self.running_fits, *map(self._counted, running_fits))
        self._draw_curve(self.selected_fits, *map(self._counted, self._drawn_fits(selected)))
        ends = [("validation", float(x[-1]), float(y[-1])) for x, _training, y in running if len(x)]
        self._draw_marks(
            [*self._fit_marks(selected), *self._mark("selected", selected), *self._mark("best", best), *ends]
        )
        self._name_ends(running)

    @property
    def _counted_metric(self) -> str:
        """The shown metric of the part, training or validation, from which the objective is taken."""
        return self.measure.name if self._in_training else self.measure.val_name

    def _counted(self, lines: Lines) -> tuple[Floats, Floats]:
        """Return epochs and what the objective is taken from: the curve in validation or in training."""
        return lines[0], lines[1 if self._in_training else 2]

    def _draw_curve(self, curve: "LiveCurve", *lines: tuple[Floats, Floats]) -> None:
        """Draw lines as one curve with no more points than can be told apart."""
        (left, right), _y_range = self.canvas.view.viewRange()
        drawn = []
        for x, y in lines:
            span = float(x[-1] - x[0]) if len(x) else 0.0
            columns = self.canvas.view.width() * max(1.0, span / (right - left)) / PIXELS_A_POINT
            places = extremes(y, int(columns / 2))
            drawn.append((x[places], y[places]))
        curve.show(with_gaps([x for x, _y in drawn]), with_gaps([y for _x, y in drawn]))

    def _drawn_running(self) -> list[tuple[Floats, Floats, Floats]]:
        return [self._drawn_lines(trial) for trial in self._progress.under_way.values()]

    def _drawn_lines(self, trial: TrialProgress | None) -> Lines:
        if trial is None:
            return np.empty(0), np.empty(0), np.empty(0)
        return self._drawn_of(self._lines.of(trial, self.measure))

    def _drawn_fits(self, trial: TrialProgress | None) -> list[Lines]:
        return [self._drawn_of(lines) for lines in fits_of(trial, self.measure)]

    def _drawn_of(self, lines: Lines) -> Lines:
        epochs, training, validation = lines
        return epochs, self._range.drawn(training), self._range.drawn(validation)

    def _mark(self, look: str, trial: TrialProgress | None) -> list[Mark]:
        """Return the mark of a trial: at the epoch that its objective is from, at its end while it has none.

        Where each of several trainings has an epoch of its own it is no point of their mean: the mean of those points.
        """
        x, y = self._counted(self._drawn_lines(trial))
        if trial is None or not len(x):
            return []
        if trial.objective is None:
            return [(look, float(x[-1]), float(y[-1]))]
        if trial.each_counts_alone(self._objective):
            return self._mean_mark(look, trial)
        return [_mark_at(look, self._lines.counted(trial, self._objective)[0], x, y)]

    def _mean_mark(self, look: str, trial: TrialProgress) -> list[Mark]:
        """Return the mark at the mean of the epochs that count and of the values there, not of their logarithms."""
        objective = self._objective
        value = trial.counted(self._counted_metric, objective)
        if value is None:
            return []
        (height,) = self._range.drawn(np.array([value]))
        return [(look, float(np.mean(trial.counting_epochs(objective))), float(height))]

    def _fit_marks(self, trial: TrialProgress | None) -> list[Mark]:
        """Return the marks of a trial's trainings, where there are several, at the epochs that count."""
        if trial is None or trial.objective is None:
            return []
        places = self._lines.counted(trial, self._objective)[1:]
        lines = map(self._counted, self._drawn_fits(trial))
        return [_mark_at("selected fits", at, x, y) for at, (x, y) in zip(places, lines, strict=False) if len(x)]

    def _name_ends(self, running: Sequence[Lines]) -> None:
        """Put the trial's number beside the end of its curve, where several run and look alike."""
        if len(running) < 2:
            self.end_labels.show([])
            return
        labels = []
        for number, (epochs, training, validation) in zip(self._progress.under_way, running, strict=True):
            ends = [values[-1] for values in (validation, training) if len(values) and np.isfinite(values[-1])]
            labels += [(str(number), float(epochs[-1]), float(end)) for end in ends[:1]]
        self.end_labels.show(labels)

    def _draw_marks(self, marks: Sequence[Mark]) -> None:
        looks = [self._looks[look] for look, _x, _y in marks]
        self.end_marks.show_marks(
            np.array([x for _look, x, _y in marks]),
            np.array([y for _look, _x, y in marks]),
            symbol=[look.symbol for look in looks],
            size=[look.size for look in looks],
            pen=[look.outline for look in looks],
            brush=[look.fill for look in looks],
        )

    # The view

    def _home(self) -> ViewRange:
        self.canvas.x_axis.show_scale(AxisScale("Epoch", whole=True))
        self.canvas.y_axis.show_scale(AxisScale(self.measure.label, log=self._range.log))
        longest = max(self._longest, *(trial.epochs for trial in self._progress.under_way.values()), 1)
        running = self._drawn_running()
        latest = [self._counted(lines)[1][-1:] for lines in running]
        shown = self._range.home([values for lines in running for values in lines[1:]], latest)
        return padded(1.0, longest, 0.02, 0.04), shown

    def _hit(self, at: tuple[float, float]) -> int | None:
        lines = [self._shown]
        running = self._progress.under_way
        for trial in (*running.values(), self._progress.best, self.session.selected_trial()):
            if trial is not None and trial.losses:
                x, *both = self._drawn_lines(trial)
                owner = np.full(len(x), float(trial.number))
                drawn = both if trial.number in running else both[:1] if self._in_training else both[1:]
                lines += [(owner, x, y) for y in drawn]
        trials, epochs, values = (with_gaps([line[column] for line in lines]) for column in range(3))
        found = nearest_segment(*self.canvas.in_pixels(epochs, values), at)
        return int(trials[found[0]]) if found is not None and found[1] <= REACH else None

    # Looks and words

    def _style(self, colours: Colours) -> None:
        self._looks = loss_looks(self._pen, colours)
        self.past_curves.setPen(self._looks["past"].line)
        self.end_labels.apply_colours(colours)
        for name, curve in (
            ("selected", self.selected_curve),
            ("best", self.best_curve),
            ("running fits", self.running_fits),
            ("selected fits", self.selected_fits),
            ("training", self.training_curve),
            ("validation", self.validation_curve),
        ):
            look = self._looks[name].line
            assert look is not None
            curve.set_look(look)

    def _legend_entries(self) -> list[LegendEntry]:
        running, best, selected = self._progress.under_way, self._progress.best, self.session.selected_trial()
        labels = {}
        if running:
            labels["validation"] = f"{_named(list(running))}: validation"
            labels["training"] = "training"
            if any(len(trial.fits) > 1 for trial in running.values()):
                labels["running fits"] = "each of its trainings" if len(running) == 1 else "each of their trainings"
        if best is not None:
            labels["best"] = f"Best: {self._trial_and_epoch(best)}"
        if selected is not None:
            labels["selected"] = f"Selected: {self._trial_and_epoch(selected)}"
            if len(selected.fits) > 1:
                labels["selected fits"] = "each of its trainings"
        if len(self._shown[0]):
            labels["past"] = "Earlier trials" if running else "All trials"
            if self._first_drawn():
                labels["past"] = "Latest trial" if self._shown_trials == 1 else f"Latest {self._shown_trials:,} trials"
        return [replace(self._looks[name], label=label) for name, label in labels.items()]

    def _trial_and_epoch(self, trial: TrialProgress) -> str:
        """Return "trial 4", and the epoch if one counted that was not bound to be the last."""
        objective = self._objective
        if objective.epoch is EpochChoice.LAST or trial.objective is None:
            return f"trial {trial.number}"
        if trial.each_counts_alone(objective):
            return f"trial {trial.number}, mean of the trainings' best epochs"
        index = self._lines.counted(trial, objective)[0]
        return f"trial {trial.number}, epoch {index + 1 if index >= 0 else trial.epoch}"

    def _summary(self) -> str:
        now = ""
        for trial in self._progress.under_way.values():
            now += f"Trial {trial.number}, epoch {trial.epoch} of {trial.epochs}"
            parts = ("training", self.measure.name), ("validation", self.measure.val_name)
            courses = [(part, trial.course(metric)) for part, metric in parts]
            said = [f"{part} {self.measure.words} {format_number(course[-1])}" for part, course in courses if course]
            now += f"{': ' if said else ''}{', '.join(said)}. "
        return now + best_in_words(self._progress)


def _mark_at(look: str, index: int, epochs: Floats, values: Floats) -> Mark:
    """Return a mark on a curve, at the epoch of this index; -1 is the last."""
    return look, float(epochs[-1] if index < 0 else index + 1), float(values[index])


def _named(numbers: list[int]) -> str:
    if len(numbers) > 3:
        return f"{len(numbers)} trials"
    return f"{'Trial' if len(numbers) == 1 else 'Trials'} {', '.join(map(str, numbers))}"
