"""All trials on parallel axes, with brushes on any of them."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from core.figures.all_trials_table import all_trials_table
from core.figures.brushing import Brush
from core.figures.parallel import ParallelFigure, brush_between, parallel, span_of
from core.figures.seen_trials import SeenTrials
from core.figures.table import Table
from core.words import all_trials as words
from core.words.trials import best_in_words
from gui.insight import parallel_painting as painting
from gui.insight.all_trials import AllTrials
from gui.insight.line_spots import LineSpots
from gui.insight.painting.look import Look
from gui.insight.parallel_controls import ParallelControls
from gui.insight.parallel_shades import LineShading
from gui.insight.plot import InsightPlot
from gui.insight.scale_menu import ScaleMenu
from gui.insight.spots import Spots
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.theme import Theme

TITLE = "All trials"
PROMISE = Words("See all trials at once", "Each trial will be a line through its result and its parameters.")
_REACH, _NEAR_END = 12.0, 6.0
"""Pixels around an axis in which a drag brushes it, and around an end of a brush in which it moves that end."""


@dataclass(frozen=True)
class _Grip:
    """What a drag does: it brushes `axis` from height `fixed` on, or moves all of a brush by what `fixed` is from."""

    axis: int
    fixed: float
    moved: tuple[float, float] | None = None


class ParallelPlot(InsightPlot):
    """Lines of all trials; brushes, colours and the number of those that are drawn one by one are all plots' own."""

    def __init__(
        self, session: Session, theme: Theme, trials: AllTrials, folders: Folders, parent: QWidget | None = None
    ) -> None:
        help_text = words.PARALLEL_HELP
        super().__init__(session, theme, TITLE, help=help_text, promise=PROMISE, folders=folders, parent=parent)
        self._trials = trials
        self._figure: ParallelFigure | None = None
        self._made_for: tuple[SeenTrials | None, tuple[str, ...]] | None = None
        self.axes: painting.Axes | None = None
        self._grip: _Grip | None = None
        self.shading = LineShading(self.refresh, self)
        self.controls = ParallelControls(theme, trials, self.add_control, self)
        self.scale = ScaleMenu(session.linking, self)
        self.menu.add_choice(self.scale.menu)
        trials.changed.connect(self._on_trials)
        self._on_trials()

    def _on_trials(self) -> None:
        self.refresh()
        if self.isVisible():
            self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        self._tell()
        super().showEvent(event)

    def _tell(self) -> None:
        """Say what is drawn, and offer what can be chosen of it."""
        seen = self._trials.seen
        many = seen is not None and seen.are_many
        self.controls.show_for(many=many, brushed=bool(self._trials.brushes))
        self.say(self._subtitle())

    def _subtitle(self) -> str:
        seen = self._trials.seen
        if seen is None or not len(seen):
            return ""
        brushed = int(seen.brushed.sum()) if seen.has_brush else None
        results = seen.objectives[~np.isnan(seen.objectives)]
        left = seen.objectives[seen.brushed & ~np.isnan(seen.objectives)]
        median, of_all = (float(np.median(some)) if len(some) else None for some in (left, results))
        return words.brushed_in_words(len(seen), brushed, median, of_all, len(seen.singled) if seen.are_many else None)

    # What is painted

    def is_empty(self) -> str:
        seen = self._trials.seen
        if seen is not None and len(seen):
            return ""
        return PROMISE.sentence if self.session.progress is None else words.no_trials(self.session.progress)

    @property
    def figure(self) -> ParallelFigure | None:
        """What is drawn."""
        seen, columns = self._trials.seen, self._trials.columns
        if seen is None or columns is None:
            return None
        key = seen, self._trials.order
        if self._figure is None or key != self._made_for:
            self._figure, self._made_for = parallel(columns, seen, self._trials.order), key
        return self._figure

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> Spots:
        figure = self.figure
        if figure is None or not len(figure.seen):
            return Spots()
        axes = painting.axes_in(area, figure, look)
        self.shading.draw_lines(painter, figure, axes, area, look)
        painting.paint_lines(painter, figure, axes, look)
        painting.paint_axes(painter, figure, axes, look)
        best = self._row_of_best(figure)
        if best is not None:
            painting.paint_trial(painter, figure, axes, best, look.colour("best"), look)
        painting.paint_texts(painter, figure, axes, look, area.right())
        painting.paint_legend(painter, figure, axes, area, look)
        for number, column in enumerate(figure.columns):
            if column.name in self._trials.brushes:
                painting.paint_brush(painter, figure, axes, number, self._trials.brushes[column.name], look)
        if not look.is_picture:
            self.axes = axes
        return self._spots(figure, axes)

    def _row_of_best(self, figure: ParallelFigure) -> int | None:
        progress = self.session.progress
        return None if progress is None or progress.best is None else figure.seen.row_of(progress.best.number)

    def _spots(self, figure: ParallelFigure, axes: painting.Axes) -> Spots:
        """Return where the lines are that are drawn one by one; those in colour lie above the others."""
        seen = figure.seen
        without = np.flatnonzero(seen.failed | seen.skipped)
        behind = () if seen.are_many else seen.others
        drawn = np.concatenate((behind, without if len(without) <= 2 * painting.MOST_SINGLE else (), seen.singled))
        rows = drawn.astype(np.intp)
        return LineSpots(seen.trials[rows], axes.xs, axes.ys(figure.heights[rows]))

    def paint_over(self, painter: QPainter, area: QRectF, look: Look) -> None:
        figure, axes = self._figure, self.axes
        if figure is None or axes is None:
            return
        marked = (self.session.selected, "selected"), (self.session.linking.hovered, "text")
        for number, colour in marked:
            row = figure.seen.row_of(number)
            if row is not None:
                painting.paint_trial(painter, figure, axes, row, QColor(getattr(look.colours, colour)), look)

    # What is said

    def summary(self) -> str:
        figure, progress = self.figure, self.session.progress
        if figure is None or progress is None:
            return ""
        seen = figure.seen
        names = [column.axis.label for column in figure.columns if column.axis is not None]
        without = int(seen.failed.sum()), int(seen.skipped.sum())
        best = best_in_words(progress)
        return words.parallel_read_out(progress.objective.label, names, len(seen), without, best, self.subtitle)

    def table(self) -> Table | None:
        columns, seen = self._trials.columns, self._trials.seen
        return None if columns is None or seen is None else all_trials_table(columns, seen, self._trials.order)

    # Brushing

    def can_reset(self) -> bool:
        return bool(self._trials.brushes)

    def reset_view(self) -> None:
        self._trials.clear_brushes()

    def on_press(self, at: QPointF) -> bool:
        self._grip = self._grip_at(at)
        return self._grip is not None

    def _grip_at(self, at: QPointF) -> _Grip | None:
        figure, axes = self._figure, self.axes
        number = None if axes is None else axes.nearest(at.x(), _REACH)
        if figure is None or axes is None or number is None:
            return None
        if not axes.top - _REACH <= at.y() <= axes.bottom + _REACH:
            return None
        height = axes.height(at.y())
        brush = self._trials.brushes.get(figure.columns[number].name)
        if brush is None or not brush.has_interval:
            return _Grip(number, height)
        low, high = span_of(Brush(brush.low, brush.high), figure.columns[number], figure.seen)[0]
        for end, other in ((low, high), (high, low)):
            if abs(axes.y(end) - at.y()) <= _NEAR_END:
                return _Grip(number, other)
        return _Grip(number, height, (low, high) if low < height < high else None)

    def on_drag(self, at: QPointF) -> None:
        figure, axes, grip = self.figure, self.axes, self._grip
        if figure is None or axes is None or grip is None:
            return
        column, height = figure.columns[grip.axis], axes.height(at.y())
        first, last = (grip.fixed, height)
        if grip.moved is not None and column.numbers is not None:
            low, high = column.numbers
            by = min(max(height - grip.fixed, low - grip.moved[0]), high - grip.moved[1])
            first, last = (end + by for end in grip.moved)
        brush = brush_between(column, first, last, figure.seen)
        self._trials.set_brush(column.name, brush if brush.has_interval or brush.lanes else None)

    def on_release(self, at: QPointF) -> None:
        self._grip = None

    def on_click(self, at: QPointF) -> bool:
        """Brush the lane there, or leave it; return whether an axis is there."""
        figure, axes = self._figure, self.axes
        number = None if axes is None else axes.nearest(at.x(), _REACH)
        if figure is None or axes is None or number is None:
            return False
        column = figure.columns[number]
        lane = column.lane_at(axes.height(at.y()), 3 / max(axes.bottom - axes.top, 1.0))
        if lane is None:
            return True
        before = self._trials.brushes.get(column.name, Brush())
        brush = Brush(before.low, before.high, before.lanes ^ {lane})
        self._trials.set_brush(column.name, brush if brush.lanes or brush.has_interval else None)
        return True

    def on_double_click(self, at: QPointF) -> bool:
        figure, axes = self._figure, self.axes
        number = None if axes is None else axes.nearest(at.x(), _REACH)
        if figure is None or number is None or figure.columns[number].name not in self._trials.brushes:
            return False
        self._trials.set_brush(figure.columns[number].name, None)
        return True

    def cursor_at(self, at: QPointF) -> Qt.CursorShape | None:
        figure, axes = self._figure, self.axes
        number = None if axes is None else axes.nearest(at.x(), _REACH)
        if figure is None or axes is None or number is None:
            return None
        on_lane = figure.columns[number].lane_at(axes.height(at.y())) is not None
        return Qt.CursorShape.PointingHandCursor if on_lane else Qt.CursorShape.SizeVerCursor

    def tip_at(self, at: QPointF) -> str:
        """Return the whole name of the axis there, or over which the name is, and on the axis the value."""
        figure, axes = self._figure, self.axes
        if figure is None or axes is None:
            return ""
        number = axes.nearest(at.x(), axes.apart / 2 if at.y() < axes.top else _REACH)
        if number is None:
            return ""
        return painting.place_in_words(figure, number, None if at.y() < axes.top else axes.height(at.y()))
