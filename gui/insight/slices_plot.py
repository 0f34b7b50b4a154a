"""The plot of slices: the belief along each varied parameter, whose lines can be dragged."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from core.figures.slices import Panel, SlicesFigure, chosen_parameters, figure
from core.figures.table import Table
from core.figures.view import ScaleChoice
from core.words.trusted import as_told
from gui.insight.analyst import Analyst
from gui.insight.kept import GroundLayer, Kept
from gui.insight.painting.look import Look
from gui.insight.pair_menu import PairMenu, PanelChooser
from gui.insight.plot import InsightPlot
from gui.insight.slice_lines import SliceLines
from gui.insight.slices_layout import GRAB, Layout
from gui.insight.slices_painting import SlicesPainter
from gui.insight.spots import Spots
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.announce import announce
from gui.widgets.empty_place import Words
from gui.widgets.fields import TickField, plain_tip
from gui.widgets.flat_button import LinkButton
from gui.widgets.theme import Theme

_HELP = (
    "Each panel follows one parameter through the line, while all others stay where their lines are. The band is the "
    "belief about the mean, without the noise of one training; points are results, the fainter the less they say "
    "here. Drag a line, or press a panel's number and then the arrows; a double-click goes back to the best."
)
_PROMISE = Words("Slices", "From the first result on, the results are drawn here over each parameter.")
_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class SlicesPlot(InsightPlot):
    """Shows the slices of the analyst's belief.

    Signal: `pair_wanted` (the names of two parameters).
    """

    pair_wanted = Signal(str, str)

    def __init__(self, session: Session, theme: Theme, analyst: Analyst, folders: Folders) -> None:
        super().__init__(session, theme, "Observed so far", help=_HELP, promise=_PROMISE, folders=folders)
        self._analyst = analyst
        self.wanted: list[str] | None = None
        """The parameters that the user has chosen to see."""
        self._layout_of_panels = Layout()
        self._kept: Kept[SlicesFigure] = Kept()
        self._ground = GroundLayer()
        self._enlarged: str | None = None
        self.lines = SliceLines(analyst, self)
        self.lines.moved.connect(self.refresh)
        self._make_controls()
        analyst.changed.connect(self._on_answer)
        session.linking.scale_changed.connect(self.refresh)

    @property
    def choice(self) -> ScaleChoice:
        """How the axis of results is to be divided."""
        return self.session.linking.scale

    def _make_controls(self) -> None:
        self.back = LinkButton("back to the best", self.theme)
        self.back.clicked.connect(self.lines.go_back)
        self.chooser = PanelChooser(self.session)
        self.chooser.chosen.connect(self.show_parameters)
        self.log_box = TickField("Log")
        self.log_box.setToolTip(
            plain_tip("Divide the axis of results by their logarithms, on this page and on Parameters")
        )
        self.log_box.clicked.connect(self._on_log)
        for control in (self.back, self.chooser, self.log_box):
            self.add_control(control)
        self.pairs = PairMenu("Pair on the map", self.session, self._analyst, self)
        self.pairs.chosen.connect(self.pair_wanted)
        self.menu.add_choice(self.pairs)

    # The figure

    @property
    def figure(self) -> SlicesFigure | None:
        """What is drawn, made anew when something of it has changed."""
        progress, analyst = self.session.progress, self._analyst
        if progress is None:
            return None
        hides, names = self.session.linking.hides_failed, self.names
        key = analyst.moment, self.choice, hides, tuple(names), len(progress.finished), tuple(progress.under_way)
        return self._kept.get(
            (progress, analyst.belief, analyst.trust),
            key,
            lambda: figure(
                progress,
                as_told(analyst.belief, analyst.trust),
                after=analyst.moment,
                choice=self.choice,
                names=names,
                trust=analyst.trust,
                hides_failed=hides,
            ),
        )

    @property
    def names(self) -> list[str]:
        """The parameters that have a panel."""
        progress, importance = self.session.progress, self._analyst.importance
        if progress is None:
            return []
        ranked = [] if importance is None else [share.parameter for share in importance.shares]
        return chosen_parameters(progress, ranked, self.wanted)

    def is_empty(self) -> str:
        progress = self.session.progress
        if progress is None or not progress.finished:
            return _PROMISE.sentence
        return "" if progress.settings.varied else "This study varies no parameter."

    def summary(self) -> str:
        return "" if self.figure is None else self.figure.summary

    def table(self) -> Table | None:
        return None if self.figure is None else self.figure.table()

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> Spots:
        drawn = self.figure
        if drawn is None:
            return Spots()
        painted = SlicesPainter(
            drawn,
            look,
            enlarged=self._index(self._enlarged),
            focused=self._index(self.lines.focused),
            lines={panel.axis.name: self.lines.at(panel) for panel in drawn.panels},
            ground=self._ground,
        ).paint(painter, area)
        if not look.is_picture:
            self._layout_of_panels = painted
        return painted.spots

    def _index(self, name: str | None) -> int | None:
        names = self.names
        return names.index(name) if name in names else None

    # What is new

    def _on_answer(self) -> None:
        self.lines.settle()
        if self.isVisible():  # else it is said when it is shown, with the figure that is then drawn
            self._say_what_is_shown()
        self.refresh()

    def _say_what_is_shown(self) -> None:
        progress, drawn = self.session.progress, self.figure
        self.log_box.setEnabled(drawn is not None and drawn.scale.can_stretch)
        self.log_box.setChecked(drawn is not None and drawn.scale.is_log)
        self.chooser.show_choice(self.names, 0 if progress is None else len(progress.settings.varied))
        self.back.setVisible(self._analyst.through is not None)
        self.show_title("Observed so far" if drawn is None else drawn.title)
        self.say("" if drawn is None else drawn.subtitle)

    def paint_again(self) -> None:
        self._say_what_is_shown()
        super().paint_again()

    def _on_log(self) -> None:
        self.session.linking.choose_scale(ScaleChoice.LOG if self.log_box.isChecked() else ScaleChoice.LINEAR)

    def show_parameters(self, names: list[str] | None) -> None:
        """Show these parameters, or those that matter most."""
        self.wanted = names
        self._say_what_is_shown()
        self.refresh()

    # Slice lines

    def _panel(self, name: str | None) -> Panel | None:
        drawn = self.figure
        return None if drawn is None else next((p for p in drawn.panels if p.axis.name == name), None)

    def _line_at(self, at: QPointF) -> str | None:
        """Return the parameter whose line is there."""
        place = self._layout_of_panels.panel_at(at)
        panel = None if place is None or self.lines.point is None else self._panel(place.name)
        if place is None or panel is None or panel.at is None or panel.drawn is None:
            return None
        return place.name if abs(place.pane.across(panel.at) - at.x()) <= GRAB else None

    def on_press(self, at: QPointF) -> bool:
        place = self._layout_of_panels.panel_at(at)
        if place is None:
            return False
        is_trial = place.pane.rect.contains(at) and self.pointing.trial_at(at) is not None
        self.lines.grabbed = None if is_trial else self._line_at(at)
        return self.lines.grabbed is not None

    def on_drag(self, at: QPointF) -> None:
        name = self.lines.grabbed
        place, panel = self._layout_of_panels.of(name), self._panel(name)
        if place is not None and panel is not None:
            self.lines.focused = name
            self.lines.move(panel, panel.axis.value_at(place.across(at.x())))

    def on_release(self, at: QPointF) -> None:
        self.lines.release()

    # Pointer and keys

    def on_click(self, at: QPointF) -> bool:
        heading = self._layout_of_panels.heading_at(at)
        if heading is not None:
            self._enlarge(heading.name)
            return True
        line = self._line_at(at)
        if line is not None:
            self._focus(line)
        return line is not None

    def on_double_click(self, at: QPointF) -> bool:
        self.lines.go_back()
        self._fold()
        return True

    def can_reset(self) -> bool:
        moved = self._enlarged is not None or self._analyst.through is not None
        return moved or self.choice is not ScaleChoice.AUTOMATIC

    def reset_view(self) -> None:
        self.session.linking.choose_scale(ScaleChoice.AUTOMATIC)
        self._fold()
        self.lines.go_back()

    def on_key(self, event: QKeyEvent) -> bool:
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not plain:
            return False
        if event.text().isdigit() and 1 <= int(event.text()) <= len(self.names):
            self._focus(self.names[int(event.text()) - 1])
            return True
        if key == Qt.Key.Key_Escape:
            return self._leave()
        panel = self._panel(self.lines.focused)
        if panel is None:
            return False
        if key in _ENTER and self.session.linking.hovered is None:
            self._enlarge(panel.axis.name)
            return True
        return key in _STEPS and self.lines.step(panel, _STEPS[key], self.canvas)

    def _focus(self, name: str) -> None:
        """Let the arrows move this panel's line."""
        self.lines.focused = name
        panel = self._panel(name)
        if panel is not None:
            announce(self.canvas, f"{panel.summary}. Left and right move the slice, Enter enlarges, Escape leaves.")
        self.refresh()

    def _leave(self) -> bool:
        """Fold what is enlarged, else give the arrows back to the trials; return whether there was something."""
        if self._enlarged is not None:
            self._fold()
            return True
        if self.lines.focused is not None:
            self.lines.focused = None
            self.refresh()
            return True
        return False

    def _enlarge(self, name: str) -> None:
        self._enlarged = None if self._enlarged == name or len(self.names) < 2 else name
        self.refresh()

    def _fold(self) -> None:
        self._enlarged = None
        self.refresh()

    def cursor_at(self, at: QPointF) -> Qt.CursorShape | None:
        if self._layout_of_panels.heading_at(at) is not None and len(self.names) > 1:
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.SizeHorCursor if self._line_at(at) is not None else None

    def tip_at(self, at: QPointF) -> str:
        heading = self._layout_of_panels.heading_at(at)
        if heading is None or len(self.names) < 2:
            return ""
        return "Click to fold it back (Esc)" if heading.name == self._enlarged else "Click to enlarge"
