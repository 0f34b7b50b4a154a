"""The points plot: where in the search space the trials were, coloured by their objective."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QWidget

from core.figures.dimensions import dimensions
from core.figures.figure import Figure, Kind, joined
from core.figures.points import POINTS, PointsBuilder, shown_axes
from core.progress import StudyProgress
from gui.plots.drawing.axis_box import AxisBox
from gui.plots.drawing.style import NO_BRUSH, NO_PEN, Style, brush_of
from gui.plots.plot import Plot
from gui.session.session import Session
from gui.widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas
    from gui.plots.drawing.scatter import Points


class PointsPlot(Plot):
    """Two varied parameters against each other, or one against the objective."""

    title = "Evaluated points"
    empty_text = "Each trial appears here as a point of the search space, coloured by its objective"

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._wanted = self._shown = ("", "")
        self._points: PointsBuilder
        self._add_boxes()

    def _fill(self, canvas: "Canvas") -> None:
        from gui.plots.drawing.colour_bar import ColourBar

        self.points = canvas.add_scatter(1)
        self.failed_marks, self.unfinished_marks = canvas.add_scatter(2), canvas.add_scatter(2)
        self.current_mark, self.best_mark, self.selected_mark = (canvas.add_scatter(3) for _ in range(3))
        self.colour_bar = ColourBar(canvas)

    def _marks(self) -> "dict[Kind, Points]":
        return {
            Kind.BEST: self.best_mark,
            Kind.RUNNING: self.current_mark,
            Kind.SELECTED: self.selected_mark,
            Kind.FAILED: self.failed_marks,
            Kind.UNFINISHED: self.unfinished_marks,
        }

    def _add_boxes(self) -> None:
        self.x_box, self.y_box = AxisBox("horizontal"), AxisBox("vertical")
        self._axis_controls: list[QWidget] = []
        for box, text in ((self.x_box, "x"), (self.y_box, "y")):
            box.activated.connect(self._on_choice)
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
        self._choose(self._progress)

    def _on_other_study(self, progress: StudyProgress | None) -> None:
        known = [] if progress is None else dimensions(progress.settings)
        for box, offered in ((self.x_box, known[:-1]), (self.y_box, known)):
            box.offer(offered)
        for control in self._axis_controls:
            control.setVisible(len(known) > 0)
        self._on_other_style()  # the best has the same colour, be it the highest or the lowest
        self._choose(progress)

    def _choose(self, progress: StudyProgress | None) -> None:
        """Let the boxes say what is shown of a study, as far as it varies what is wanted."""
        if progress is not None:
            x, y = shown_axes(progress.settings, self._wanted)
            self._shown = x.name, y.name
            for box, name in zip((self.x_box, self.y_box), self._shown, strict=True):
                box.setCurrentIndex(box.findData(name))
        self._follow_again()
        self._start_over()

    def _on_choice(self) -> None:
        """Show what the boxes say; the same chosen twice swaps the axes."""
        x, y = self.x_box.currentData(), self.y_box.currentData()
        if x == y:
            before_x, before_y = self._shown
            x, y = (x, before_x) if x != before_x else (before_y, y)
        self.show_parameters(x, y)

    # The figure

    def _make_builder(self, progress: StudyProgress) -> PointsBuilder:
        self._points = PointsBuilder(progress, *shown_axes(progress.settings, self._shown))
        return self._points

    def _make_figure(self) -> Figure:
        return self._points.figure(self.session.selected)

    def _draw_past(self, figure: Figure) -> None:
        (done,) = figure.points(Kind.DONE)
        assert done.objectives is not None
        self.colour_bar.show_scale(figure.colours)
        colours = self.colour_bar.colours_of(done.objectives, figure.colours)
        self.points.show_places(done.x, done.y, self.colour_bar.brushes, colours)
        self._draw_marks(figure, Kind.FAILED, Kind.UNFINISHED)

    def _draw_present(self, figure: Figure) -> None:
        self._draw_marks(figure, Kind.RUNNING, Kind.BEST, Kind.SELECTED)

    def _draw_marks(self, figure: Figure, *kinds: Kind) -> None:
        for kind in kinds:
            _trials, x, y = joined(figure.points(kind))
            self._marks()[kind].show_places(x, y)

    def _hit(self, figure: Figure, at: tuple[float, float]) -> int | None:
        return self._nearest_mark(*joined(figure.points(*POINTS, Kind.RUNNING)), at)

    def _style(self, colours: Colours) -> None:
        edge = self._pen(colours.faint_text, 1)
        base, nothing = brush_of(colours.base), NO_BRUSH
        self._styles = {
            Kind.RUNNING: Style(None, "star", self._pen(colours.accent, 1.5), base, 14),
            Kind.BEST: Style(None, "o", self._pen(colours.best, 2), nothing, 16),
            Kind.SELECTED: Style(None, "s", self._pen(colours.selected, 2), nothing, 16),
            Kind.FAILED: Style(None, "x", NO_PEN, brush_of(colours.failed), 10),
            Kind.UNFINISHED: Style(None, "d", edge, base, 9),
        }
        self.points.setPen(edge)
        self.points.setSize(9)
        for kind, scatter in self._marks().items():
            self._styles[kind].apply_to(scatter)
        self.colour_bar.apply_colours(colours, self._objective)
