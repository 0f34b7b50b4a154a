"""Pointing at the trials of a painted plot: what hover and click do, and the marks of what they chose."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QToolTip

from core.words.trials import trial_tip
from gui.insight.painting.look import Look
from gui.insight.painting.marks import hover_ring, selected_square
from gui.insight.spots import Spots
from gui.widgets.fields import plain_tip

if TYPE_CHECKING:
    from gui.insight.plot import InsightPlot

_LASTING = 24 * 60 * 60 * 1000
"""Milliseconds for which a tip stays: as long as the pointer rests."""


class Pointing:
    """Links the pointer in a plot with the trials that all plots show."""

    def __init__(self, plot: "InsightPlot") -> None:
        self._plot = plot
        self._pointed: int | None = None
        """The trial under the pointer."""
        self._said = ""
        """The tip that is shown of what is no trial."""

    def trial_at(self, at: QPointF) -> int | None:
        """Return the trial that is painted there."""
        index = self._plot.spots.nearest(at)
        return None if index is None else int(self._plot.spots.trials[index])

    def point_at(self, at: QPointF | None) -> None:
        """Take in that the pointer is there, or not over the plot."""
        plot, before = self._plot, self._pointed
        self._pointed = None if at is None else self.trial_at(at)
        if self._pointed is not None or before is not None:  # or the trial is another plot's, or that of the keys
            plot.session.linking.hover(self._pointed)
        if at is None:
            self.hide_tip()
            return
        plot.canvas.setCursor(self._cursor(at))
        if self._pointed is not None:
            if self._pointed != before:
                self.show_tip_of(self._pointed, at)
        else:
            self._say(plot.tip_at(at), at)

    def _cursor(self, at: QPointF) -> Qt.CursorShape:
        if self._pointed is not None:
            return Qt.CursorShape.PointingHandCursor
        return self._plot.cursor_at(at) or Qt.CursorShape.ArrowCursor

    def click(self, at: QPointF) -> None:
        """Select the trial there; on empty ground select none."""
        number, plot = self.trial_at(at), self._plot
        if number is not None or not plot.on_click(at):
            plot.session.select(number)

    # Tips

    def show_tip_of(self, number: int, at: QPointF) -> None:
        """Show what the trial is beside its mark, unless a line of the window tells it."""
        plot, progress = self._plot, self._plot.session.progress
        if progress is None or number not in progress.trials or plot.session.linking.told_in_line:
            self.hide_tip()
            return
        self._said = ""
        tip = trial_tip(progress.trials[number], progress.settings)
        QToolTip.showText(plot.canvas.in_front(at), tip, plot.canvas, plot.canvas.rect(), _LASTING)

    def _say(self, sentence: str, at: QPointF) -> None:
        if not sentence:
            self.hide_tip()
        elif sentence != self._said:
            place = self._plot.canvas.in_front(at)
            QToolTip.showText(place, plain_tip(sentence), self._plot.canvas, self._plot.canvas.rect(), _LASTING)
        self._said = sentence

    def hide_tip(self) -> None:
        """Hide what was told beside a mark."""
        self._said = ""
        QToolTip.hideText()

    # Marks

    def paint_marks(self, painter: QPainter, spots: Spots, look: Look) -> None:
        """Mark the selected trial, and the one that is pointed at, wherever they are."""
        session = self._plot.session
        for index in spots.of_trial(session.selected):
            selected_square(painter, spots.place(index), look)
        for index in spots.of_trial(session.linking.hovered):
            hover_ring(painter, spots.place(index), look)
