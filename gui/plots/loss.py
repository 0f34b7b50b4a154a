"""The loss plot: every trial's loss, epoch by epoch, with the current trial bright and the earlier ones faint.

Where another metric is the objective it can show that one, and does so at first.
"""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from core.events import Change
from core.figures.arrays import Floats, extremes, nearest_segment, with_gaps
from core.figures.figure import Curve, Figure, Kind
from core.figures.loss import LossBuilder, LossKind, earlier_of
from core.figures.measures import Measure, measures_of
from core.progress import StudyProgress
from gui.plots.loss_style import loss_styles
from gui.plots.plot import REACH, Plot
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas
    from gui.plots.drawing.curves import LiveCurve

PIXELS_A_POINT = 2
"""A long curve is drawn with a point for each two pixels: wide smooth lines cost much."""
LINES = (Kind.PAST, Kind.TRAINING, Kind.VALIDATION, Kind.BEST, Kind.SELECTED)
"""What a click can hit."""


class LossPlot(Plot):
    """Training and validation loss, or the objective's metric, per epoch."""

    title = "Loss per epoch"
    empty_text = "Press Start: each trial's loss appears here, epoch by epoch"

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._measures = [Measure()]
        self._counted = LossKind.VALIDATION
        """Which curves of earlier trials show what the objective is taken from."""
        self._losses: LossBuilder
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

    def _live_curves(self) -> "dict[Kind, LiveCurve]":
        return {
            Kind.SELECTED: self.selected_curve,
            Kind.BEST: self.best_curve,
            Kind.RUNNING_FITS: self.running_fits,
            Kind.SELECTED_FITS: self.selected_fits,
            Kind.TRAINING: self.training_curve,
            Kind.VALIDATION: self.validation_curve,
        }

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
        self.measure_box.activated.connect(self._on_other_measure)
        self.kind_box.currentIndexChanged.connect(self._mark_dirty)
        self.log_box.toggled.connect(self._on_other_scale)
        for control in (self.measure_box, self.kind_box, self.log_box):
            self._add_control(control)

    # What is shown

    @property
    def measure(self) -> Measure:
        """What the curves show."""
        return self._measures[max(self.measure_box.currentIndex(), 0)]

    def _on_other_study(self, progress: StudyProgress | None) -> None:
        measures = [Measure()] if progress is None else measures_of(progress.settings)
        if measures != self._measures:
            self._measures = measures
            self.measure_box.clear()
            self.measure_box.addItems([measure.caption for measure in measures])
            self.measure_box.setVisible(len(measures) > 1)
            self.measure_box.setCurrentIndex(len(measures) - 1)
            self._on_other_measure()
        counted = LossKind.VALIDATION if progress is None else earlier_of(progress.objective)
        if counted is not self._counted:
            self._counted = self.earlier = counted

    def _on_other_measure(self) -> None:
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

    def _on_other_scale(self) -> None:
        self._follow_again()  # a zoom into the other scale means nothing
        self._mark_dirty()

    def _concerns(self, changes: Changes) -> bool:
        return Change.EPOCHS in changes.what or super()._concerns(changes)

    # The figure

    def _make_builder(self, progress: StudyProgress) -> LossBuilder:
        self._losses = LossBuilder(progress, self.measure)
        return self._losses

    def _make_figure(self) -> Figure:
        return self._losses.figure(self.session.selected, self.earlier, log=self.log_loss)

    def _draw_past(self, figure: Figure) -> None:
        (past,) = figure.curves(Kind.PAST)
        self.past_curves.show(past.x, past.y)

    def _draw_present(self, figure: Figure) -> None:
        for kind, item in self._live_curves().items():
            self._draw_curves(item, figure.curves(kind))
        self._draw_marks(figure)
        self.end_labels.show(figure.labels)

    def _draw_curves(self, item: "LiveCurve", curves: list[Curve]) -> None:
        """Draw curves as one with no more points than can be told apart."""
        (left, right), _y_range = self.canvas.view.viewRange()
        drawn: list[tuple[Floats, Floats]] = []
        for curve in curves:
            span = float(curve.x[-1] - curve.x[0]) if len(curve) else 0.0
            columns = self.canvas.view.width() * max(1.0, span / (right - left)) / PIXELS_A_POINT
            places = extremes(curve.y, int(columns / 2))
            drawn.append((curve.x[places], curve.y[places]))
        item.show(with_gaps([x for x, _y in drawn]), with_gaps([y for _x, y in drawn]))

    def _draw_marks(self, figure: Figure) -> None:
        marks = figure.points()
        styles = [self._styles[mark.kind] for mark in marks]
        self.end_marks.show_marks(
            np.array([mark.x[0] for mark in marks]),
            np.array([mark.y[0] for mark in marks]),
            symbol=[style.symbol for style in styles],
            size=[style.size for style in styles],
            pen=[style.outline for style in styles],
            brush=[style.fill for style in styles],
        )

    def _hit(self, figure: Figure, at: tuple[float, float]) -> int | None:
        lines = figure.curves(*LINES)
        trials, x, y = (with_gaps(parts) for parts in zip(*((one.trials, one.x, one.y) for one in lines), strict=True))
        found = nearest_segment(*self.canvas.in_pixels(x, y), at)
        return int(trials[found[0]]) if found is not None and found[1] <= REACH else None

    def _style(self, colours: Colours) -> None:
        self._styles = loss_styles(self._pen, colours)
        self.past_curves.setPen(self._styles[Kind.PAST].line)
        self.end_labels.apply_colours(colours)
        for kind, item in self._live_curves().items():
            line = self._styles[kind].line
            assert line is not None
            item.set_style(line)
