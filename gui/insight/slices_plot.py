"""The plot of slices: the belief along each varied parameter, whose lines can be dragged."""

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter
from PySide6.QtWidgets import QMenu, QPushButton

from core.analysis.when import belief_from, results
from core.figures.bounds import bounds_of
from core.figures.slices import (
    MOST_PANELS,
    Panel,
    SlicesFigure,
    best_of,
    chosen_parameters,
    ended_after,
    figure,
    is_at_best,
)
from core.figures.table import Table
from core.figures.view import ScaleChoice
from core.parameters import Value
from core.words.believed import here_in_words, no_improvement, slices_title
from core.words.trusted import explains_little
from gui.insight.analyst import Analyst
from gui.insight.kept import Kept
from gui.insight.painting.look import Look
from gui.insight.plot import InsightPlot
from gui.insight.slices_layout import GRAB, Layout
from gui.insight.slices_painting import SlicesPainter, read_out
from gui.insight.spots import Spots
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.announce import announce
from gui.widgets.empty_place import Words
from gui.widgets.fields import TickField, literal, plain_tip
from gui.widgets.flat_button import LinkButton
from gui.widgets.theme import Theme

_HELP = (
    "Each panel follows one parameter through the line, while all others stay where their lines are. The band is the "
    "belief about the mean, without the noise of one training; points are results, the fainter the less they say "
    "here. Drag a line, or press a panel's number and then the arrows; a double-click goes back to the best."
)
_PROMISE = Words("Slices", "From the first result on, the results are drawn here over each parameter.")
_PACE = 40
"""Milliseconds between two questions while a line is dragged."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class SlicesPlot(InsightPlot):
    """Shows the slices of the analyst's belief.

    Signals: `scale_changed` (the choice of linear or logarithmic is new), `pair_wanted` (the names of two parameters).
    """

    scale_changed = Signal()
    pair_wanted = Signal(str, str)

    def __init__(self, session: Session, theme: Theme, analyst: Analyst, folders: Folders) -> None:
        super().__init__(session, theme, "Observed so far", help=_HELP, promise=_PROMISE, folders=folders)
        self._analyst = analyst
        self.choice = ScaleChoice.AUTOMATIC
        self.wanted: list[str] | None = None
        """The parameters that the user has chosen to see."""
        self._layout_of_panels = Layout()
        self._kept: Kept[SlicesFigure] = Kept()
        self._enlarged: str | None = None
        self._focused: str | None = None
        self._grabbed: str | None = None
        self._through: dict[str, Value] | None = None
        """Where the lines are dragged to, before the belief there is known."""
        self._pace = QTimer(self, singleShot=True, interval=_PACE)
        self._pace.timeout.connect(self._ask)
        self._make_controls()
        analyst.changed.connect(self._on_answer)

    def _make_controls(self) -> None:
        self.back = LinkButton("back to the best", self.theme)
        self.back.clicked.connect(self.go_back)
        self.chooser = QPushButton()
        self.chooser.setFlat(True)
        self.choices = QMenu(self)
        self.choices.aboutToShow.connect(self._offer_parameters)
        self.chooser.setMenu(self.choices)
        self.log_box = TickField("Log")
        self.log_box.setToolTip(plain_tip("Divide the axis of results by their logarithms, on slices and map"))
        self.log_box.clicked.connect(self._on_log)
        for control in (self.back, self.chooser, self.log_box):
            self.add_control(control)
        self.pairs = QMenu(literal("Pair on the map"))
        self.pairs.aboutToShow.connect(self._offer_pairs)
        self.menu.add_choice(self.pairs)

    # The figure

    @property
    def figure(self) -> SlicesFigure | None:
        """What is drawn, made anew when something of it has changed."""
        progress, analyst = self.session.progress, self._analyst
        if progress is None:
            return None
        hides, names = self.session.linking.hides_failed, self.names
        key = analyst.after, self.choice, hides, tuple(names), len(progress.finished), tuple(progress.under_way)
        return self._kept.get(
            (progress, analyst.belief, analyst.trust),
            key,
            lambda: figure(
                progress,
                analyst.belief,
                after=analyst.after,
                choice=self.choice,
                names=names,
                weak=explains_little(analyst.trust),
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
        return "" if self.figure is None else read_out(self.figure)

    def table(self) -> Table | None:
        return None if self.figure is None else self.figure.table()

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> Spots:
        drawn, progress = self.figure, self.session.progress
        if drawn is None or progress is None:
            return Spots()
        nothing = no_improvement(progress.settings) if drawn.expects_nothing or self._is_early else ""
        painted = SlicesPainter(
            drawn,
            look,
            enlarged=self._index(self._enlarged),
            focused=self._index(self._focused),
            nothing_yet=nothing,
        ).paint(painter, area)
        if not look.is_picture:
            self._layout_of_panels = painted
        return painted.spots

    @property
    def _is_early(self) -> bool:
        """Whether it is too early for a belief."""
        progress = self.session.progress
        if progress is None or self._analyst.belief is not None:
            return False
        return len(results(progress, self._analyst.after)) < belief_from(len(progress.settings.varied))

    def _index(self, name: str | None) -> int | None:
        names = self.names
        return names.index(name) if name in names else None

    # What is new

    def _on_answer(self) -> None:
        if self._grabbed is None:
            self._through = None
        self._say_what_is_shown()
        self.refresh()

    def _say_what_is_shown(self) -> None:
        progress, answer = self.session.progress, self._analyst.belief
        drawn = self.figure
        self.log_box.setEnabled(drawn is not None and drawn.scale.can_stretch)
        self.log_box.setChecked(drawn is not None and drawn.scale.is_log)
        count = 0 if progress is None else len(progress.settings.varied)
        self.chooser.setVisible(count > MOST_PANELS)
        self.chooser.setText(literal(f"{len(self.names)} of {count}: choose…"))
        self.back.setVisible(self._analyst.through is not None)
        if progress is None:
            self.show_title("Observed so far")
            self.say("")
            return
        best = best_of(progress, ended_after(progress, self._analyst.after))
        at_best = answer is not None and is_at_best(progress, answer, best)
        tied = answer is not None and answer.through_trial != best
        self.show_title(slices_title(progress, answer, at_best=at_best, tied=tied))
        bounds = bounds_of(progress.objective.quantity, progress.settings)
        self.say("" if answer is None else here_in_words(progress, answer, bounds))

    def paint_again(self) -> None:
        self._say_what_is_shown()
        super().paint_again()

    def _on_log(self) -> None:
        self.choice = ScaleChoice.LOG if self.log_box.isChecked() else ScaleChoice.LINEAR
        self.refresh()
        self.scale_changed.emit()

    # Which parameters

    def _offer_parameters(self) -> None:
        progress = self.session.progress
        self.choices.clear()
        if progress is None:
            return
        labels = {parameter.name: parameter.label for parameter in progress.settings.family.parameters}
        shown = self.names
        for name in progress.settings.varied:
            action = QAction(literal(labels[name]), self.choices)
            action.setCheckable(True)
            action.setChecked(name in shown)
            action.setEnabled(name in shown or len(shown) < MOST_PANELS)
            action.setData(name)
            action.toggled.connect(self._on_chosen)
            self.choices.addAction(action)
        most = QAction("Those that matter most", self.choices)
        most.triggered.connect(self._choose_by_importance)
        self.choices.addSeparator()
        self.choices.addAction(most)

    def _on_chosen(self) -> None:
        chosen = [action.data() for action in self.choices.actions() if action.isCheckable() and action.isChecked()]
        self.wanted = chosen or None
        self._say_what_is_shown()
        self.refresh()

    def _choose_by_importance(self) -> None:
        self.wanted = None
        self._say_what_is_shown()
        self.refresh()

    def _offer_pairs(self) -> None:
        self.pairs.clear()
        progress, names = self.session.progress, self.names
        if progress is None:
            return
        labels = {parameter.name: parameter.label for parameter in progress.settings.family.parameters}
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                action = self.pairs.addAction(literal(f"{labels[one]} × {labels[other]}"))
                action.setCheckable(True)
                action.setChecked(set(self._analyst.pair or ()) == {one, other})
                action.setData((one, other))
                action.triggered.connect(self._on_pair)

    def _on_pair(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            one, other = action.data()
            self.pair_wanted.emit(one, other)

    # Slice lines

    @property
    def _point(self) -> dict[str, Value] | None:
        """Where the lines are, None where no slice goes through a point."""
        answer = self._analyst.belief
        if answer is None or answer.averaged:
            return None
        return dict(self._through or self._analyst.through or answer.through)

    def _panel(self, name: str) -> Panel | None:
        drawn = self.figure
        return None if drawn is None else next((p for p in drawn.panels if p.axis.name == name), None)

    def _line_at(self, at: QPointF) -> str | None:
        """Return the parameter whose line is there."""
        index = self._layout_of_panels.panel_at(at)
        if index is None or self._point is None:
            return None
        place = self._layout_of_panels.places[index]
        panel = self._panel(place.name)
        if panel is None or panel.at is None or panel.drawn is None:
            return None
        return place.name if abs(place.pane.across(panel.at) - at.x()) <= GRAB else None

    def on_press(self, at: QPointF) -> bool:
        self._grabbed = None if self.pointing.trial_at(at) is not None and not self._is_grip(at) else self._line_at(at)
        return self._grabbed is not None

    def _is_grip(self, at: QPointF) -> bool:
        index = self._layout_of_panels.panel_at(at)
        if index is None:
            return False
        place = self._layout_of_panels.places[index]
        return not place.pane.rect.contains(at)

    def on_drag(self, at: QPointF) -> None:
        name = self._grabbed
        if name is None:
            return
        place = next((p for p in self._layout_of_panels.places if p.name == name), None)
        panel, point = self._panel(name), self._point
        if place is not None and panel is not None and point is not None:
            self._focused = name
            self._move(name, panel.axis.value_at(place.across(at.x())), point)

    def on_release(self, at: QPointF) -> None:
        self._grabbed = None
        if self._through is not None:
            self._ask()

    def _move(self, name: str, value: Value, point: dict[str, Value]) -> None:
        self._through = point | {name: value}
        if not self._pace.isActive():
            self._pace.start()

    def _ask(self) -> None:
        if self._through is not None:
            self._analyst.set_through(self._through)

    def go_back(self) -> None:
        """Let the slices go through the best trial again."""
        self._through = None
        self._analyst.set_through(None)

    # Pointer and keys

    def on_click(self, at: QPointF) -> bool:
        index = self._layout_of_panels.heading_at(at)
        if index is not None:
            self._enlarge(self._layout_of_panels.places[index].name)
            return True
        index = self._layout_of_panels.panel_at(at)
        if index is not None and self._line_at(at) is not None:
            self._focus(self._layout_of_panels.places[index].name)
            return True
        return False

    def on_double_click(self, at: QPointF) -> bool:
        self.go_back()
        self._fold()
        return True

    def can_reset(self) -> bool:
        moved = self._enlarged is not None or self._analyst.through is not None
        return moved or self.choice is not ScaleChoice.AUTOMATIC

    def reset_view(self) -> None:
        self.choice = ScaleChoice.AUTOMATIC
        self._fold()
        self.go_back()
        self.scale_changed.emit()
        self.refresh()

    def on_key(self, event: QKeyEvent) -> bool:
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not plain:
            return False
        if event.text().isdigit() and 1 <= int(event.text()) <= len(self.names):
            self._focus(self.names[int(event.text()) - 1])
            return True
        if key == Qt.Key.Key_Escape:
            return self._leave()
        if self._focused is None or self._focused not in self.names:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.session.linking.hovered is None:
            self._enlarge(self._focused)
            return True
        return key in _STEPS and self._step(self._focused, _STEPS[key])

    def _step(self, name: str, steps: int) -> bool:
        panel, point = self._panel(name), self._point
        if panel is None or point is None or name not in point:
            return False
        value = panel.axis.beside(point[name], steps)
        self._move(name, value, point)
        announce(self.canvas, f"{panel.axis.label} {panel.axis.text(value)}")
        return True

    def _focus(self, name: str) -> None:
        """Let the arrows move this panel's line."""
        self._focused = name
        panel = self._panel(name)
        if panel is not None:
            announce(self.canvas, f"{panel.summary}. Left and right move the slice, Enter enlarges, Escape leaves.")
        self.refresh()

    def _leave(self) -> bool:
        """Fold what is enlarged, else give the arrows back to the trials; return whether there was something."""
        if self._enlarged is not None:
            self._fold()
            return True
        if self._focused is not None:
            self._focused = None
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
        index = self._layout_of_panels.heading_at(at)
        if index is None or len(self.names) < 2:
            return ""
        name = self._layout_of_panels.places[index].name
        return "Click to fold it back (Esc)" if name == self._enlarged else "Click to enlarge"
