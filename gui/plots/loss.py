"""The loss plot: every trial's loss, epoch by epoch, with the current trial bright and the earlier ones faint.

Where another metric is the objective it can show that one, and does so at first.
"""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QWidget

from core.events import Change
from core.figures.arrays import Flags, Floats, extremes
from core.figures.figure import Builder, Curve, Figure, Kind
from core.figures.loss import LossBuilder, LossKind, earlier_of
from core.figures.measures import Measure, measures_of
from core.progress import StudyProgress
from core.words.trials import curve_in_words
from gui.plots.choice_menu import ChoiceMenu
from gui.plots.drawing.style import KindStyle, Style, brush_of
from gui.plots.edges import EdgePlot
from gui.plots.everything import Everything
from gui.plots.frame import Promise
from gui.plots.switches import Switches
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.sketches import CurvesSketch
from gui.widgets.theme import Theme

PROMISE = Promise(
    Words(
        "Watch every trial learn",
        "Each trial draws its loss here while it trains, epoch by epoch. The best one so far stays green.",
    ),
    "the first curve begins in some seconds",
    CurvesSketch(),
    "its curve begins with its first epoch",
)
EXPLANATION = (
    "Each line is a trial, epoch by epoch: "
    "the best is green, earlier ones are grey, and the one that trains now has a dot at its end."
)
_EARLIER = {LossKind.VALIDATION: "Validation", LossKind.TRAINING: "Training", LossKind.BOTH: "Both"}
"""Which curves of earlier trials can be drawn."""
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

    def __init__(
        self, session: Session, theme: Theme, everything: Everything | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            session,
            theme,
            lambda progress: LossBuilder(progress, self.measure),
            title="Loss per epoch",
            promise=PROMISE,
            explanation=EXPLANATION,
            switches=Switches(everything, has_scale=True),
            own_styles=OWN_STYLES,
            parent=parent,
        )
        self._counted = LossKind.VALIDATION
        """Which curves of earlier trials show what the objective is taken from."""
        self._measures = [Measure()]
        self.measure_menu: ChoiceMenu[Measure] = ChoiceMenu("What the curves show")
        self.measure_menu.offer([(Measure(), "")], Measure())
        self.measure_menu.changed.connect(self._on_other_measure)
        self.earlier_menu: ChoiceMenu[LossKind] = ChoiceMenu("Earlier trials")
        self.earlier_menu.offer(list(_EARLIER.items()), self._counted)
        self.earlier_menu.changed.connect(self._mark_dirty)
        for choice in (self.measure_menu, self.earlier_menu):
            self._add_to_menu(choice.menu)

    # What is shown

    @property
    def measure(self) -> Measure:
        """What the curves show."""
        return self.measure_menu.value

    def _on_other_study(self, progress: StudyProgress | None) -> None:
        measures = [Measure()] if progress is None else measures_of(progress.settings)
        if measures != self._measures:
            self._measures = measures
            self.measure_menu.offer([(measure, measure.caption) for measure in measures], measures[-1])
            self._on_other_measure()
        counted = LossKind.VALIDATION if progress is None else earlier_of(progress.objective)
        if counted is not self._counted:
            self._counted = self.earlier = counted

    def _on_other_measure(self) -> None:
        self._show_title(f"{self.measure.caption} per epoch")
        self._on_other_style()  # what is beyond may lie on the other side
        self._follow_again()
        self._start_over()

    @property
    def _higher_is_better(self) -> bool:
        return self.measure.higher_is_better

    @property
    def earlier(self) -> LossKind:
        """Which curves of the earlier trials are drawn."""
        return self.earlier_menu.value

    @earlier.setter
    def earlier(self, kind: LossKind) -> None:
        self.earlier_menu.value = kind
        self._mark_dirty()

    def _concerns(self, changes: Changes) -> bool:
        return Change.EPOCHS in changes.what or super()._concerns(changes)

    # The figure

    def trial_places(self, figure: Figure) -> tuple[Floats, Floats, Floats]:
        """Return the trials' numbers, for left and right, and objectives, for up and down: without one the worst."""
        trials = {} if self.progress is None else self.progress.trials
        numbers = np.array(list(trials), float)
        objectives = np.array([trial.objective for trial in trials.values()], float)
        worst = -np.finfo(float).max if figure.y.higher_is_better else np.finfo(float).max
        return numbers, numbers, np.where(np.isfinite(objectives), objectives, worst)

    def curve_in_words(self, trial: int) -> str:
        progress, measure = self.progress, self.measure
        if progress is None:
            return ""
        return curve_in_words(progress.trials[trial], measure.name, higher_is_better=measure.higher_is_better)

    def _make_figure(self, builder: Builder) -> Figure:
        assert isinstance(builder, LossBuilder)
        return builder.figure(self._selected, self.earlier, choice=self.scale_choice, everything=self.everything.shown)

    def _room(self, figure: Figure) -> float:
        return ROOM

    def _is_beyond(self, figure: Figure, y: Floats) -> Flags:
        """Tell which places are worse than what is to be seen; a curve without an end is not beyond."""
        return super()._is_beyond(figure, y) & ~np.isnan(y)

    def _line(self, kind: Kind, curves: Sequence[Curve]) -> tuple[Floats, Floats]:
        return super()._line(kind, curves if kind in (Kind.PAST, Kind.FADED) else list(map(self._thinned, curves)))

    def _thinned(self, curve: Curve) -> Curve:
        """Return the curve with no more points than can be told apart."""
        (left, right), _y_range = self.canvas.view.viewRange()
        span = float(curve.x[-1] - curve.x[0]) if len(curve) else 0.0
        columns = self.canvas.view.width() * max(1.0, span / (right - left)) / PIXELS_A_POINT
        places = extremes(curve.y, int(columns / 2))
        return Curve(curve.kind, curve.trials[places], curve.x[places], curve.y[places])
