"""The objective over each parameter: all results as they were observed, a panel a parameter."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from core.figures.all_trials_table import all_trials_table
from core.figures.over_parameters import OverFigure, over_parameters
from core.figures.seen_trials import SeenTrials
from core.figures.table import Table
from core.words import all_trials as words
from core.words.trials import best_in_words
from gui.insight import over_painting as painting
from gui.insight.all_trials import AllTrials
from gui.insight.painting.look import Look
from gui.insight.plot import InsightPlot
from gui.insight.scale_menu import ScaleMenu
from gui.insight.shading import Shading
from gui.insight.spots import Spots
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.theme import Theme

TITLE = "Objective over each parameter"
PROMISE = Words("See each parameter alone", "Each result will be a point over each parameter.")


class OverPlot(InsightPlot):
    """Panels as on Belief, without a belief."""

    def __init__(
        self, session: Session, theme: Theme, trials: AllTrials, folders: Folders, parent: QWidget | None = None
    ) -> None:
        help_text = words.OVER_HELP
        super().__init__(session, theme, TITLE, help=help_text, promise=PROMISE, folders=folders, parent=parent)
        self._trials = trials
        self._figure: OverFigure | None = None
        self._made_for: tuple[SeenTrials | None, tuple[str, ...]] | None = None
        self._placed: list[painting.Placed] = []
        self.shading = Shading(self.refresh, self)
        self.scale = ScaleMenu(session.linking, self)
        self.menu.add_choice(self.scale.menu)
        trials.changed.connect(self._on_trials)
        self._on_trials()

    def _on_trials(self) -> None:
        self.refresh()
        if self.isVisible():
            self._say()

    def _say(self) -> None:
        seen, columns = self._trials.seen, self._trials.columns
        if seen is None or columns is None or not len(seen):
            self.say("")
            return
        look = Look.of(self.theme.colours, self.font())
        shown = painting.how_many(len(columns.axes), self.canvas.width(), look)
        best = len(seen.singled) if seen.are_many else None
        self.say(
            words.over_in_words(
                shown, len(columns.axes), sorted_=bool(self._trials.order), brushed=seen.has_brush, best=best
            )
        )

    # What is painted

    def is_empty(self) -> str:
        seen = self._trials.seen
        if seen is not None and len(seen):
            return ""
        return PROMISE.sentence if self.session.progress is None else words.no_trials(self.session.progress)

    @property
    def figure(self) -> OverFigure | None:
        """What is drawn."""
        seen, columns = self._trials.seen, self._trials.columns
        if seen is None or columns is None:
            return None
        key = seen, self._trials.order
        if self._figure is None or key != self._made_for:
            self._figure, self._made_for = over_parameters(columns, seen, self._trials.order), key
        return self._figure

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> Spots:
        figure, progress = self.figure, self.session.progress
        if figure is None or progress is None or not len(figure.seen):
            return Spots()
        placed = painting.place(figure, area, look)
        painting.paint_panels(painter, figure, placed, look)
        frame = figure.frame, area.size().toTuple(), look.colours, look.ratio
        self.shading.draw(
            painter, (figure, frame), frame, lambda: painting.shades(figure, placed, look), at_once=look.is_picture
        )
        best = None if progress.best is None else figure.seen.row_of(progress.best.number)
        painting.paint_points(painter, figure.seen, placed, best, look)
        if not look.is_picture:
            self._placed = placed
            self._say()
        trials, x, y, panels = painting.rows_of_panels(figure.seen, placed)
        return Spots(trials, x, y, panels=panels)

    # What is said

    def summary(self) -> str:
        figure, progress = self.figure, self.session.progress
        if figure is None or progress is None:
            return ""
        names = [each.panel.axis.label for each in self._placed]
        return words.over_read_out(progress.objective.label, names, best_in_words(progress))

    def table(self) -> Table | None:
        columns, seen = self._trials.columns, self._trials.seen
        return None if columns is None or seen is None else all_trials_table(columns, seen, self._trials.order)

    def tip_at(self, at: QPointF) -> str:
        """Return the whole name of the panel whose name is there: it may be cut."""
        over = (each for each in self._placed if each.pane.rect.left() <= at.x() <= each.pane.rect.right())
        named = next(over, None)
        return "" if named is None or at.y() >= named.pane.rect.top() else named.panel.axis.label
