"""A live plot: it draws the figures of a builder, is marked dirty by events, and is painted by a timer while seen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from core.figures.arrays import Floats, Marks, with_gaps
from core.figures.figure import Builder, Curve, Figure, Kind, Label, Points, Series, joined
from core.figures.linked import Linked
from core.figures.view import ScaleChoice
from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.words.awaited import awaited
from gui.plots.drawing.loading import loading
from gui.plots.drawing.style import KindStyle, LegendEntry, Style, cosmetic_pen
from gui.plots.frame import Frame, Promise
from gui.plots.keys import Keys
from gui.plots.pointing import Pointing
from gui.plots.styles import STYLES
from gui.plots.switches import Switches
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.theme import Colours, Theme
from gui.widgets.turns import turns

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas
    from gui.plots.drawing.items import Items

PAINT_INTERVAL = 35
"""Milliseconds between two paints; about 28 a second."""
REST = 4
"""After a paint, the plot rests at least this many times as long as the paint took."""
AT_ONCE = 4000
"""The most trials that are taken in within one turn."""
_IMPORTANT = frozenset({Kind.BEST_SO_FAR, Kind.BEST, Kind.SELECTED, Kind.RUNNING, Kind.VALIDATION})
"""What the legend names in any case, as far as there is room."""


class Plot(Frame):
    """One live plot of the session's study: it draws a figure, whose builder takes trials in as they end.

    The figure has two layers: the past changes only when a trial ends, the present (the running trials, the best and
    the selected one) with every paint. Without a study there is no builder, and the plot shows its promise.
    `switches` are what the user chooses of the view, `names_axes` is whether the axes have names beside them.

    Any figure is drawn as the table of styles says for each kind; `own_styles` replace some of them. A subclass adds
    what is special to its plot: controls in the header, and what its methods from `_on_other_study` on change.
    """

    def __init__(
        self,
        session: Session,
        theme: Theme,
        make_builder: Callable[[StudyProgress], Builder],
        *,
        title: str,
        promise: Promise,
        explanation: str,
        switches: Switches | None = None,
        names_axes: bool = True,
        own_styles: Mapping[Kind, KindStyle] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, theme, title, promise, explanation, parent)
        self.switches = switches or Switches()
        self.everything = self.switches.everything
        self._names_axes = names_axes
        self.items: Items
        """What draws the figure, from the canvas's first use on."""
        self._make_builder = make_builder
        self.kinds = STYLES | dict(own_styles or {})
        self._styles: dict[Kind, Style] = {}
        self._line_scale = 1.0
        self._builder: Builder | None = None
        self._figure: Figure | None = None
        """What is drawn."""
        self._waiting: dict[int, None] = {}
        """The numbers of trials that may have ended and are not taken in yet."""
        self._dirty = self._stale = self._style_stale = True
        self._past_stale = False
        self._timer = QTimer(self, singleShot=True, interval=PAINT_INTERVAL)
        self._timer.timeout.connect(self._ask_turn)
        session.changed.connect(self._on_changes)
        session.selection_changed.connect(self._mark_dirty)
        session.run_state_changed.connect(self._say_why_empty)
        session.linking.brush_changed.connect(self._mark_dirty)
        session.linking.filter_changed.connect(self._mark_dirty)
        self._linked = Linked()
        self._keys, self.pointing = Keys(self), Pointing(self)
        self._add_switches()
        theme.changed.connect(self._on_other_style)

    def _add_switches(self) -> None:
        """Add what all plots let the user choose."""
        if self.switches.scale is not None:
            self._add_control(self.switches.scale)
        self.menu.insertAction(self.reset_view_action, self.switches.action)
        self.switches.tell(self)
        self.switches.changed.connect(self._on_other_view)

    @property
    def scale_choice(self) -> ScaleChoice:
        """How the axis of values is to be divided, where a logarithmic one is possible."""
        return ScaleChoice.AUTOMATIC if self.switches.scale is None else self.switches.scale.choice

    @scale_choice.setter
    def scale_choice(self, choice: ScaleChoice) -> None:
        if self.switches.scale is not None:
            self.switches.scale.choice = choice

    def _on_other_view(self) -> None:
        self._follow_again()  # a zoom into another view means nothing
        self._mark_dirty()

    def _make_canvas(self) -> "Canvas":
        from gui.plots.drawing.canvas import Canvas  # pyqtgraph takes as long to load as all the rest of the window

        canvas = Canvas(self.reset_view_action, names_axes=self._names_axes)
        canvas.clicked.connect(self.pointing.on_click)
        canvas.hovered.connect(self.pointing.on_hover)
        canvas.double_clicked.connect(self.reset_view)
        canvas.menu_wanted.connect(self.menu.popup)
        canvas.follows_changed.connect(self.reset_view_action.setDisabled)
        canvas.view_changed.connect(self._mark_dirty)
        canvas.installEventFilter(self._keys)
        return canvas

    def _fill(self, canvas: "Canvas") -> None:
        from gui.plots.drawing.items import Items  # it needs pyqtgraph, too

        self.items = Items(canvas, self.kinds)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._canvas is not None:
            return
        if loading().is_done:
            self._mark_dirty()
        else:
            loading().done.connect(self._mark_dirty, Qt.ConnectionType.UniqueConnection)
            QTimer.singleShot(0, loading().start)  # when this picture is on the screen

    @property
    def _objective(self) -> ObjectiveSettings:
        return ObjectiveSettings() if self.progress is None else self.progress.objective

    # When to paint

    def _on_changes(self, changes: Changes) -> None:
        if not self._concerns(changes):
            return
        taken = set() if self._builder is None else self._builder.taken
        if changes.replaced or taken.intersection(changes.trials):  # one of them began again
            self._stale = True
        self._waiting.update(dict.fromkeys(changes.trials))
        self._mark_dirty()

    def _concerns(self, changes: Changes) -> bool:
        """Return whether the changes can be seen in this plot; most show trials, not their epochs."""
        return changes.in_rows

    def _ask_turn(self) -> None:
        turns().ask(self, self._take_turn)

    def _take_turn(self) -> None:
        """Paint; trials of a large study are taken in over some turns before."""
        if not self.isVisible():
            return
        self._catch_up()
        if len(self._waiting) > AT_ONCE:
            self._take_ended(AT_ONCE)
            turns().ask(self, self._take_turn)
        else:
            self.canvas.draw_later()
            self._paint()

    def _mark_dirty(self) -> None:
        self._dirty = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @property
    def waiting_to_paint(self) -> bool:
        """Whether there is something new that cannot be seen yet."""
        return self._dirty or (self._canvas is not None and self._canvas.draws_later)

    def _start_over(self) -> None:
        """Read all trials again with the next paint."""
        self._stale = True
        self._mark_dirty()

    def _on_other_style(self) -> None:
        self._style_stale = True
        self._mark_dirty()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.FontChange):
            self._on_other_style()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._canvas is None and (self.session.progress is None or not self.session.progress.trials):
            self._say_why_empty()
        elif self._dirty:
            self._paint()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # Painting

    def _paint(self) -> None:
        began = perf_counter()
        self._dirty = False
        self._catch_up()
        if self._style_stale:
            self._style_stale = False
            self._apply_style(self.theme.colours, self.devicePixelRatioF())
        if self._builder is not None:
            self._take_ended(len(self._waiting))
            self._draw(self._make_linked(self._builder))
            self.pointing.mark()
        figure = self._figure
        self._say_why_empty()
        self._show_summary(None if figure is None or figure.is_empty else figure.summary)
        self._keys.tell()
        self._timer.setInterval(max(PAINT_INTERVAL, int(REST * 1000 * (perf_counter() - began))))

    def _say_why_empty(self) -> None:
        session, promise = self.session, self.promise
        self._say_what_comes(awaited(session.job, session.phase, session.progress, promise.first, promise.of_trial))

    def _catch_up(self) -> None:
        """Take in that the session's study is another one, or that all trials are to be read again."""
        progress = self.session.progress
        if progress is not self.progress:
            objective = ObjectiveSettings() if progress is None else progress.objective
            if objective.higher_is_better is not self._objective.higher_is_better:
                self._style_stale = True  # a mark beyond the view points the other way
            self._stale = True
            self.pointing.hovered = None
            self._follow_again()
            self._on_other_study(progress)
        if self._stale:
            self._stale = False
            self._builder = None if progress is None else self._make_builder(progress)
            self._figure = None
            self._waiting = {} if progress is None else dict.fromkeys(progress.trials)

    def _take_ended(self, most: int) -> None:
        """Take in the first of the trials that wait, at most this many."""
        numbers = list(islice(self._waiting, most))
        for number in numbers:
            del self._waiting[number]
        if self._builder is not None:
            self._builder.take(numbers)

    @property
    def _selected(self) -> int | None:
        """The trial that is selected; in a picture none is."""
        return None if self.is_picture else self.session.selected

    def _figure_for_others(self) -> Figure:
        assert self._builder is not None, "nothing is saved of an empty plot"
        self.is_picture = True
        try:
            return self._make_linked(self._builder)
        finally:
            self.is_picture = False

    def _draw(self, figure: Figure) -> None:
        drawn, self._figure = self._figure, figure
        if figure.title != self.title:
            self._show_title(figure.title)
        if self._past_stale or drawn is None or figure.past is not drawn.past:
            self._past_stale = False
            self._draw_past(figure)
        self.canvas.show_scales(figure.x.scale, figure.y.scale)
        self.canvas.show_range((figure.x.view, figure.y.view), self._room(figure))
        self.switches.follow(figure)
        self._draw_present(figure)
        self._draw_legend(figure)

    def _draw_legend(self, figure: Figure) -> None:
        """Name the kinds, and beside them what the view hides, unless the user has chosen another view."""
        shown = [(kind, label) for kind, label in figure.legend if self._is_shown(kind)]
        entries = [LegendEntry(label, self._styles[kind], kind in _IMPORTANT) for kind, label in shown]
        self.canvas.legend.show_entries(entries, figure.note if self.canvas.follows else "")

    def _paint_with(self, colours: Colours, line_scale: float) -> None:
        self._style_stale = False
        self._apply_style(colours, line_scale)
        self._paint()

    def _apply_style(self, colours: Colours, line_scale: float) -> None:
        self._line_scale = line_scale
        self._past_stale = True
        self.canvas.apply_colours(colours)
        self._styles = self._make_styles(colours)
        self.items.apply_styles(self._styles, colours)

    def pen(self, colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen as wide on fine screens as on coarse ones; pyqtgraph's pens count the device's pixels."""
        return cosmetic_pen(colour, max(1.0, width * self._line_scale), style)

    def _follow_again(self) -> None:
        """Show everything again, whatever the user has zoomed into."""
        if self._canvas is not None:
            self._canvas.follow(True)

    # The user

    def reset_view(self) -> None:
        """Show everything, and follow the study again."""
        self.canvas.follow(True)
        self._paint()

    # For the keyboard

    @property
    def figure(self) -> Figure | None:
        """What is drawn."""
        return self._figure

    @property
    def progress(self) -> StudyProgress | None:
        """The study that is drawn."""
        return None if self._builder is None else self._builder.progress

    def trial_places(self, figure: Figure) -> Marks:
        """Return trials, x and y between which the arrows lead: to the next one in their direction."""
        return self.hit_points(figure)

    def selected_place(self, figure: Figure) -> tuple[float, float] | None:
        """Return where the selected trial's mark is, in axis positions; None without one that can be drawn."""
        x, y = self._places(figure, Kind.SELECTED)
        return (float(x[0]), float(y[0])) if len(x) and np.isfinite([x[0], y[0]]).all() else None

    def curve_in_words(self, trial: int) -> str:
        """Return the values of the trial's curve that matter; empty where trials have none here."""
        return ""

    # From the figure to the canvas

    def _on_other_study(self, progress: StudyProgress | None) -> None:
        """Take in that the study is another one, for which there is no builder yet, or that there is none."""

    def _make_figure(self, builder: Builder) -> Figure:
        """Return the figure of now."""
        return builder.figure(self._selected)

    def _make_linked(self, builder: Builder) -> Figure:
        """Return the figure of now, as brushes and the filter leave it."""
        linking = self.session.linking
        return self._linked.figure(self._make_figure(builder), linking.brushed, linking.hidden(self.progress))

    def _make_styles(self, colours: Colours) -> dict[Kind, Style]:
        """Return the style of each kind in these colours."""
        return {kind: how.style(colours, self.pen) for kind, how in self.kinds.items()}

    def _draw_past(self, figure: Figure) -> None:
        """Draw the layer of trials that have ended."""
        self._draw_kinds(figure, _kinds_of(figure.past) - self._changing(figure))

    def _draw_present(self, figure: Figure) -> None:
        """Draw what may change with every paint."""
        self._draw_kinds(figure, self._changing(figure))
        self.items.labels.show(self._labels(figure))

    def _changing(self, figure: Figure) -> set[Kind]:
        """Return the kinds that are drawn with every paint; nothing may be left of those that are not in the past."""
        return (self.items.kinds | _kinds_of(figure.present)) - _kinds_of(figure.past)

    def _draw_kinds(self, figure: Figure, kinds: Iterable[Kind]) -> None:
        for kind in kinds:
            self.items.show_curve(kind, *self._line(kind, figure.curves(kind)))
            places = self._places(figure, kind)
            colours = [one.colours for one in figure.points(kind) if one.colours is not None]
            if colours:
                self.items.show_coloured_points(kind, *places, np.concatenate(colours), figure.colours)
            else:
                self.items.show_points(kind, *places)

    def _line(self, kind: Kind, curves: Sequence[Curve]) -> tuple[Floats, Floats]:
        """Return x and y of the curves of a kind as one."""
        return _as_one(curves)

    def _places(self, figure: Figure, kind: Kind) -> tuple[Floats, Floats]:
        """Return x and y of the points of a kind."""
        _trials, x, y = joined(figure.points(kind))
        return x, y

    def _labels(self, figure: Figure) -> tuple[Label, ...]:
        """Return the trials that are named, and where."""
        return figure.labels

    def _room(self, figure: Figure) -> float:
        """Return the room for marks below and above what the figure shows, in pixels."""
        return 0.0

    def _is_shown(self, kind: Kind) -> bool:
        """Return whether the legend needs an entry that depends on the view; others always are."""
        return True

    def hit_points(self, figure: Figure) -> Marks:
        """Return trials, x and y of the points that a click can hit."""
        return joined([points for points in figure.points() if self.kinds[points.kind].hit is Points])

    def hit_lines(self, figure: Figure) -> Marks:
        """Return trials, x and y of the curves that a click can hit, as one."""
        curves = [curve for curve in figure.curves() if self.kinds[curve.kind].hit is Curve]
        return with_gaps([curve.trials for curve in curves]), *_as_one(curves)


def _kinds_of(layer: Sequence[Series]) -> set[Kind]:
    return {series.kind for series in layer}


def _as_one(curves: Sequence[Curve]) -> tuple[Floats, Floats]:
    return with_gaps([curve.x for curve in curves]), with_gaps([curve.y for curve in curves])
