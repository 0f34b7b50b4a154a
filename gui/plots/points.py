"""The points plot: where in the search space the trials were, coloured by their objective."""

from PySide6.QtWidgets import QWidget

from core.figures.dimensions import OBJECTIVE, dimensions
from core.figures.figure import Figure, Kind
from core.figures.points import PointsBuilder, shown_axes
from core.progress import StudyProgress
from gui.plots.drawing.axis_box import AxisBox
from gui.plots.plot import Plot
from gui.plots.styles import best_mark, selected_mark
from gui.session.session import Session
from gui.widgets.fields import plain_label
from gui.widgets.theme import Theme

ROOM = 10.0
"""Pixels beside the best and the worst objective, for the ring around a point."""


class PointsPlot(Plot):
    """Two varied parameters against each other, or one against the objective."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            session,
            theme,
            lambda progress: PointsBuilder(progress, *shown_axes(progress.settings, self._shown)),
            title="Evaluated points",
            empty_text="Each trial appears here as a point of the search space, coloured by its objective",
            own_styles={Kind.BEST: best_mark(16), Kind.SELECTED: selected_mark(16)},
            parent=parent,
        )
        self._wanted = self._shown = ("", "")
        self._add_boxes()

    def _add_boxes(self) -> None:
        self.x_box, self.y_box = AxisBox("horizontal"), AxisBox("vertical")
        self._axis_controls: list[QWidget] = []
        for box, text in ((self.x_box, "x"), (self.y_box, "y")):
            box.activated.connect(self._on_choice)
            label = plain_label(text)
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

    def _room(self, figure: Figure) -> float:
        return ROOM if self.shown[1] == OBJECTIVE else 0.0
