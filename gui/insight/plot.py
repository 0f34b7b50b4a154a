"""A painted plot of the pages: header with controls, "?" and menu, and a canvas that is painted at the plots' pace."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from core.figures.table import Table
from gui.insight.canvas import Canvas
from gui.insight.header import Header
from gui.insight.keys import Keys
from gui.insight.menu import PlotMenu
from gui.insight.painting.axes import Pane
from gui.insight.painting.look import Look
from gui.insight.pointing import Pointing
from gui.insight.spots import Spot, Spots
from gui.insight.zoom import Zoom
from gui.plots.plot import PAINT_INTERVAL, REST
from gui.program.folders import Folders
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.empty_place import EmptyPlace, Words
from gui.widgets.help_line import HelpLine
from gui.widgets.tab_order import set_tab_order
from gui.widgets.theme import Theme
from gui.widgets.turns import turns


class InsightPlot(QWidget):
    """A plot that a subclass paints with a QPainter, the same on the screen and in a file.

    A subclass implements `paint`, `table`, `summary` and `is_empty`, and calls `refresh` when something of that has
    changed. Whether and where the trials are comes from `paint`: from these spots the plot itself does what is the
    same everywhere, for pointer and keys, and marks the selected trial and the one that is pointed at. Methods from
    `on_press` on are for what only one plot has; each returns whether the event meant something.

    Signals: `saved` and `failed` (a sentence) about a file.
    """

    saved = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        title: str,
        *,
        help: str,  # noqa: A002 - what its button is called
        promise: Words,
        folders: Folders,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session, self.theme, self.folders = session, theme, folders
        self.title, self.promise = title, promise
        self.zoom = Zoom()
        self.keys, self.pointing = Keys(self), Pointing(self)
        self._dirty = True
        self._timer = QTimer(self, singleShot=True, interval=PAINT_INTERVAL)
        self._timer.timeout.connect(self._ask_turn)
        self.help_line = HelpLine(theme, title, help)
        self.header = Header(theme, title, self.help_line)
        self.canvas = Canvas(self)
        self.empty_place = EmptyPlace(theme, promise, None)
        self.menu = PlotMenu(self)
        self.menu.saving.saved.connect(self.saved)
        self.menu.saving.failed.connect(self.failed)
        self.header.more.clicked.connect(self.show_menu)
        self._lay_out()
        self._follow()
        self.show_title(title)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty_place)
        self._stack.addWidget(self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.help_line)
        column.addWidget(self._stack, 1)
        set_tab_order(self)

    def _follow(self) -> None:
        self.session.changed.connect(self._on_changes)
        self.session.selection_changed.connect(self._on_pointed)
        self.session.linking.hover_changed.connect(self._on_pointed)
        self.session.linking.filter_changed.connect(self._on_filter)
        self.theme.changed.connect(self.refresh)

    # What a subclass says

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> Spots | Sequence[Spot]:
        """Paint everything for any device, and return where trials are, or nothing in a place where there are none.

        The ground is filled already.
        """
        raise NotImplementedError

    def table(self) -> Table | None:
        """Return what is drawn, for a CSV file; None if there is nothing."""
        raise NotImplementedError

    def summary(self) -> str:
        """Return what is drawn in plain sentences, for those who cannot see it."""
        raise NotImplementedError

    def is_empty(self) -> str:
        """Return a sentence on why there is nothing to show yet; an empty one when there is."""
        raise NotImplementedError

    # What a subclass may change

    def paint_over(self, painter: QPainter, area: QRectF, look: Look) -> None:
        """Paint what changes with the pointer, over what `paint` has painted: it must be little."""
        self.pointing.paint_marks(painter, self.spots, look)

    def can_reset(self) -> bool:
        """Return whether the user sees something else than the plot shows by itself."""
        return self.zoom.is_moved

    def reset_view(self) -> None:
        """Show what the plot shows by itself."""
        self.zoom.reset()
        self.refresh()

    def on_press(self, at: QPointF) -> bool:
        """Return whether a drag from there on means something of the plot's own."""
        return False

    def on_drag(self, at: QPointF) -> None:
        """Take in that a drag for which `on_press` was True is there now."""

    def on_release(self, at: QPointF) -> None:
        """Take in that it ended there."""

    def on_click(self, at: QPointF) -> bool:
        """Take in a click where no trial is; False leads to no trial being selected."""
        return False

    def on_double_click(self, at: QPointF) -> bool:
        """Take in a double-click; False resets the view."""
        return False

    def on_key(self, event: QKeyEvent) -> bool:
        """Take in a key before it means what it means in all plots."""
        return False

    def cursor_at(self, at: QPointF) -> Qt.CursorShape | None:
        """Return the pointer's shape where no trial is; None for the usual one."""
        return None

    def tip_at(self, at: QPointF) -> str:
        """Return what a tip says where no trial is."""
        return ""

    # Header

    def show_title(self, title: str) -> None:
        """Let the plot be called so."""
        self.title = title
        self.header.name(title)
        for named in (self, self.canvas, self.menu):
            named.setAccessibleName(title)

    def say(self, subtitle: str) -> None:
        """Say beside the title, in words, what is shown."""
        if subtitle != self.subtitle:
            self.header.subtitle.setText(subtitle)

    @property
    def subtitle(self) -> str:
        """What is said beside the title."""
        return self.header.subtitle.text()

    def add_control(self, widget: QWidget) -> None:
        """Put a control into the header."""
        self.header.add_control(widget)

    def show_menu(self) -> None:
        """Show the menu below its button."""
        self.header.more.open_below(self.menu)

    # When to paint

    @property
    def spots(self) -> Spots:
        """Where the trials are that are painted."""
        return self.canvas.spots

    @property
    def waiting_to_paint(self) -> bool:
        """Whether there is something new that cannot be seen yet."""
        return self._dirty

    def refresh(self) -> None:
        """Paint soon, at the pace of the plots, and only while the plot can be seen."""
        self._dirty = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _ask_turn(self) -> None:
        turns().ask(self, self._take_turn)

    def _take_turn(self) -> None:
        if self._dirty and self.isVisible():
            self.paint_again()

    def paint_again(self) -> None:
        """Paint now, and say what is to be seen."""
        self._dirty = False
        reason = self.is_empty()
        shown = self.empty_place if reason else self.canvas
        self._show(shown, reason)
        if not reason:
            self.canvas.render_plot()
            self.canvas.update()
        self.menu.reset_view_action.setEnabled(not reason and self.can_reset())
        self._describe(self.empty_place.accessibleName() if reason else self.summary())
        self._timer.setInterval(max(PAINT_INTERVAL, int(REST * 1000 * self.canvas.seconds)))

    def _show(self, shown: QWidget, reason: str) -> None:
        words = Words(self.promise.heading, reason)
        if reason and words != self.empty_place.words:
            self.empty_place.say(words)
        focused = QApplication.focusWidget() in (self.empty_place, self.canvas)
        self._stack.setCurrentWidget(shown)
        if focused:
            shown.setFocus()
        self.header.controls.setVisible(not reason)
        self.header.more.setVisible(not reason)

    def _describe(self, said: str) -> None:
        for described in (self, self.canvas):
            if said != described.accessibleDescription():
                described.setAccessibleDescription(said)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._dirty:
            self.paint_again()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.FontChange):
            self.refresh()
        return super().event(event)

    def zoomed(self, pane: Pane) -> Pane:
        """Return the pane with the part of it that the user has zoomed to: so wheel and drag work in it.

        The spots that are then outside, `Spots.within` leaves out.
        """
        return self.zoom.of(pane)

    # What happens elsewhere

    def _on_changes(self, changes: Changes) -> None:
        if changes.replaced:
            self.zoom.reset()
            self.keys.index = None
            self.refresh()

    def _on_pointed(self) -> None:
        self.canvas.update()

    def _on_filter(self) -> None:
        self.refresh()
