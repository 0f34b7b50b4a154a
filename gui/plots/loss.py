"""The loss plot: every trial's loss, epoch by epoch, with the current trial bright and the earlier ones faint.

Where another metric is the objective it can show that one, and does so at first.
"""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from core.events import Change
from core.figures.arrays import Flags, Floats, extremes
from core.figures.figure import Builder, Curve, Figure, Kind
from core.figures.loss import LossBuilder, LossKind, earlier_of
from core.figures.measures import Measure, measures_of
from core.figures.view import ScaleChoice
from core.progress import StudyProgress
from gui.plots.drawing.style import KindStyle, Style, brush_of
from gui.plots.edges import EdgePlot
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.fields import literal, plain_tip
from gui.widgets.theme import Theme

ROOM = 7.0
"""Pixels beside the values, for the ring around the best."""
PIXELS_A_POINT = 2
"""A long curve is drawn with a point for each two pixels: wide smooth lines cost much."""
OWN_STYLES = {
    Kind.SELECTED: KindStyle(
        14,
        lambda colours, pen: Style(pen(colours.selected, 4), "s", pen(colours.selected, 2), brush_of(colours.base), 9),
        hit=Curve,
    ),
    Kind.BEST: KindStyle(
        15,
        lambda colours, pen: Style(pen(colours.best, 2.2), "o", pen(colours.best, 2), brush_of(colours.base), 9),
        hit=Curve,
    ),
}
"""The selected and the best trial are curves here, and the best one lies above."""


class LossPlot(EdgePlot):
    """Training and validation loss, or the objective's metric, per epoch."""

    beyond: ClassVar = {Kind.VALIDATION: Kind.BEYOND_RUNNING, Kind.SELECTED: Kind.BEYOND_SELECTED}

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            session,
            theme,
            lambda progress: LossBuilder(progress, self.measure),
            title="Loss per epoch",
            empty_text="Press Start: each trial's loss appears here, epoch by epoch",
            own_styles=OWN_STYLES,
            parent=parent,
        )
        self._measures = [Measure()]
        self._counted = LossKind.VALIDATION
        """Which curves of earlier trials show what the objective is taken from."""
        self._add_controls()

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
        self._on_other_style()  # what is beyond may lie on the other side
        self._follow_again()
        self._start_over()

    @property
    def _higher_is_better(self) -> bool:
        return self.measure.higher_is_better

    def _name_log_box(self) -> None:
        self.log_box.setText(literal(f"Log {self.measure.words}"))
        self.log_box.setToolTip(plain_tip(f"Draw the {self.measure.words} on a logarithmic axis"))
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

    def _make_figure(self, builder: Builder) -> Figure:
        assert isinstance(builder, LossBuilder)
        choice = ScaleChoice.LOG if self.log_loss else ScaleChoice.AUTOMATIC
        return builder.figure(self.session.selected, self.earlier, choice=choice)

    def _room(self, figure: Figure) -> float:
        return ROOM

    def _is_beyond(self, figure: Figure, y: Floats) -> Flags:
        """Tell which places are worse than what is to be seen; a curve without an end is not beyond."""
        return super()._is_beyond(figure, y) & ~np.isnan(y)

    def _line(self, kind: Kind, curves: Sequence[Curve]) -> tuple[Floats, Floats]:
        return super()._line(kind, curves if kind is Kind.PAST else list(map(self._thinned, curves)))

    def _thinned(self, curve: Curve) -> Curve:
        """Return the curve with no more points than can be told apart."""
        (left, right), _y_range = self.canvas.view.viewRange()
        span = float(curve.x[-1] - curve.x[0]) if len(curve) else 0.0
        columns = self.canvas.view.width() * max(1.0, span / (right - left)) / PIXELS_A_POINT
        places = extremes(curve.y, int(columns / 2))
        return Curve(curve.kind, curve.trials[places], curve.x[places], curve.y[places])
