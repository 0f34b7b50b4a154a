"""The points plot: where in the search space the trials were, coloured by their objective."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from core.figures.dimensions import OBJECTIVE, dimensions
from core.figures.figure import Builder, Figure, Kind
from core.figures.points import PointsBuilder, shown_axes
from core.progress import StudyProgress
from gui.plots.drawing.axis_box import AxisBox
from gui.plots.everything import Everything
from gui.plots.frame import Promise
from gui.plots.plot import Plot
from gui.plots.styles import best_mark, selected_mark
from gui.plots.switches import Switches
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.sketches import PointsSketch
from gui.widgets.theme import Theme

PROMISE = Promise(
    Words("See where it looked", "Where in the ranges each trial was. The search closes in on what is good."),
    "each trial that begins adds a point",
    PointsSketch(),
)
EXPLANATION = (
    "Each point is where a trial was in the ranges: "
    "bright and large is good, dark and small is poor, and the best has a ring."
)
ROOM, ROOM_BESIDE_RANGE = 10.0, 4.0
"""Pixels beside the best and the worst objective for the ring around a point, and beside a range, which has room."""


class PointsPlot(Plot):
    """Two varied parameters against each other, or one against the objective."""

    def __init__(
        self, session: Session, theme: Theme, everything: Everything | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            session,
            theme,
            lambda progress: PointsBuilder(progress, *shown_axes(progress.settings, self._shown)),
            title="Evaluated points",
            promise=PROMISE,
            explanation=EXPLANATION,
            switches=Switches(everything),
            names_axes=False,
            own_styles={Kind.BEST: best_mark(16), Kind.SELECTED: selected_mark(16)},
            parent=parent,
        )
        self._wanted = self._shown = ("", "")
        self._matters: tuple[StudyProgress | None, tuple[str, ...]] = None, ()
        """Of which study it was told what matters most, and what that is."""
        self._add_boxes()

    def _add_boxes(self) -> None:
        self.x_box, self.y_box = AxisBox("x", "horizontal"), AxisBox("y", "vertical")
        for box in (self.x_box, self.y_box):
            box.activated.connect(self._on_choice)
            box.currentTextChanged.connect(self._fit_boxes)
            self._add_control(box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_boxes()

    @Slot()
    def _fit_boxes(self) -> None:
        """Leave the units out where there is no room for both names with them, then the "?", or go below the title."""
        boxes, room = (self.x_box, self.y_box), self.room_for_controls
        below = sum(box.least_width for box in boxes) > room
        names = sum(box.width_without_unit for box in boxes)
        self._let_help_fit(fits=below or names + self.room_for_help <= room)
        self._place_controls(below=below)
        shown = sum(box.width_with_unit for box in boxes) <= room - self.room_for_help
        for box in boxes:
            box.show_unit(shown=shown)

    # Which parameters

    @property
    def shown(self) -> tuple[str, str]:
        """The names of the parameters on the x and the y axis; the latter may be OBJECTIVE."""
        return self._shown

    def show_parameters(self, x: str, y: str) -> None:
        """Put these on the axes, now or as soon as a study varies them."""
        self._wanted = x, y
        self._choose(self.progress)

    @Slot(object)
    def start_with(self, matters: Sequence[str]) -> None:
        """Let the axes start with these parameters of the open study, which matter most, unless the user chose some.

        What has begun so stays: axes that go to and fro with each trial show nothing.
        """
        progress, first = self.session.progress, tuple(matters[:2])
        known = self._matters_in(progress)
        if first[: len(known)] == known and first != known:
            self._matters = progress, first
            if self._wanted == ("", "") and progress is self.progress:
                self._choose(progress)

    def _matters_in(self, progress: StudyProgress | None) -> tuple[str, ...]:
        return self._matters[1] if self._matters[0] is progress else ()

    def _on_other_study(self, progress: StudyProgress | None) -> None:
        known = [] if progress is None else dimensions(progress.settings)
        for box, offered in ((self.x_box, known[:-1]), (self.y_box, known)):
            box.offer(offered)
        self._choose(progress)

    def _choose(self, progress: StudyProgress | None) -> None:
        """Let the boxes say what is shown of a study, as far as it varies what is wanted."""
        if progress is not None:
            x, y = shown_axes(progress.settings, self._wanted, self._matters_in(progress))
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

    def _make_figure(self, builder: Builder) -> Figure:
        assert isinstance(builder, PointsBuilder)
        return builder.figure(self._selected, everything=self.everything.shown)

    def _room(self, figure: Figure) -> float:
        return ROOM if self.shown[1] == OBJECTIVE else ROOM_BESIDE_RANGE
