"""An example of a painted plot: the learning rate of each trial against its objective, as the pages' plots are made."""

import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from pytestqt.qtbot import QtBot

from core.figures.figure import Axis
from core.figures.scales import AxisScale
from core.figures.table import Table
from gui.insight.painting import marks
from gui.insight.painting.axes import Pane
from gui.insight.painting.legend import Entry, draw_legend
from gui.insight.painting.look import Look
from gui.insight.plot import InsightPlot
from gui.insight.spots import Spot, Spots
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.theme import Theme
from tests.gui.plots.plot_studies import folders_in

HELP = "Each point is a trial: where its learning rate was, and how good its result."
PROMISE = Words("See what each rate gave", "From the first result on, each trial is a point here.")


class ExamplePlot(InsightPlot):
    """Draws all that the kit has."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(
            session,
            theme,
            "Objective over learning rate",
            help=HELP,
            promise=PROMISE,
            folders=folders_in(Path(tempfile.mkdtemp())),
        )
        self.painted: list[bool] = []
        """For each painting whether it was that of a picture."""

    @property
    def results(self) -> list[tuple[int, float, float]]:
        progress = self.session.progress
        trials = [] if progress is None else progress.trials.values()
        return [
            (trial.number, float(np.log10(float(trial.values["learning_rate"]))), trial.objective)
            for trial in trials
            if trial.objective is not None
        ]

    def is_empty(self) -> str:
        return "" if self.results else PROMISE.sentence

    def summary(self) -> str:
        results = self.results
        return f"{len(results)} results. The lowest is {min(y for _, _, y in results):.4g}."

    def table(self) -> Table | None:
        return Table(("trial", "learning rate", "objective"), [(n, 10**x, y) for n, x, y in self.results])

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> Spots:
        self.painted.append(look.is_picture)
        results, px = self.results, look.px
        best, worst = min(y for _, _, y in results), max(y for _, _, y in results)
        entries = [
            Entry("Observed", lambda on, at, how: marks.observed(on, at, 7, how.colour("text"))),
            Entry("Best", marks.best_ring, width=16),
            Entry(
                "Worse than the search is told", lambda on, at, how: marks.worse_triangle(on, at, how), short="Worse"
            ),
            Entry("Failed", marks.failed_cross),
            Entry("Next", lambda on, at, how: marks.diamond(on, at, how, filled=True)),
            Entry("In training", lambda on, at, how: marks.diamond(on, at, how, filled=False)),
        ]
        draw_legend(painter, QRectF(area.left() + 8, area.top(), area.width() - 16, px(20)), entries, look)
        x = Axis(AxisScale("Learning rate", log=True), (-4.0, -1.0))
        y = Axis(AxisScale("Validation loss ↓"), (best - 1, worst + 1))
        pane = self.zoomed(Pane(area.adjusted(px(66), px(48), -px(12), -px(46)), x, y))
        pane.draw_grid(painter, look)
        lane = pane.draw_lane(painter, look, px(22), "≥ 60")
        marks.worse_triangle(painter, QPointF(pane.across(-2.0), lane.center().y()), look)
        marks.failed_cross(painter, QPointF(pane.across(-1.5), lane.center().y()), look)
        with pane.clipped(painter):
            for _number, at_x, at_y in results:
                marks.observed(painter, pane.at(at_x, at_y), px(8), look.colour("text"), QColor(look.colours.base))
            marks.diamond(painter, pane.at(-1.2, best), look, filled=True)
            marks.star(painter, pane.at(-3.0, best), look)
        _number, at_x, at_y = min(results, key=lambda result: result[2])
        marks.best_ring(painter, pane.at(at_x, at_y), look)
        pane.draw_frame(painter, look)
        pane.draw_ticks_x(painter, look, title="Learning rate")
        pane.draw_ticks_y(painter, look, title="Validation loss ↓", title_at=px(14))
        return Spots.of([Spot(number, pane.at(at_x, at_y)) for number, at_x, at_y in results]).within(pane.rect)


def shown(plot: InsightPlot, qtbot: QtBot) -> None:
    """Show the plot and wait until nothing is left to paint."""
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    with qtbot.waitExposed(plot):
        plot.show()
    settle(plot, qtbot)


def settle(plot: InsightPlot, qtbot: QtBot) -> None:
    """Wait until the plot has painted all that it was told."""
    qtbot.waitUntil(lambda: not plot.waiting_to_paint)
