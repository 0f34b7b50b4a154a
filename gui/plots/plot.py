"""What the live plots share: they are marked dirty by events and painted by a timer, only while they are seen."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QHideEvent,
    QPaintEvent,
    QPalette,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.events import TrialState
from core.figures.scales import ViewRange
from core.objective import Direction, ObjectiveSettings
from core.progress import StudyProgress
from core.settings import StudySettings
from core.trial_progress import TrialProgress
from core.words.trials import trial_tip
from gui.plots.drawing.loading import loading
from gui.plots.drawing.style import LegendEntry, cosmetic_pen
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.theme import LIGHT, Colours, Theme
from gui.widgets.turns import turns

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas

PAINT_INTERVAL = 35
"""Milliseconds between two paints; about 28 a second."""
REST = 4
"""After a paint, the plot rests at least this many times as long as the paint took."""
AT_ONCE = 4000
"""So many trials are taken in within one turn."""
REACH = 8.0
"""How near a click must be to a mark, in pixels."""
HEADER_HEIGHT = 28
"""Pixels, so that plots side by side line up whatever their controls are."""
PNG_FILTER = "PNG image (*.png)"
SVG_FILTER = "SVG drawing (*.svg)"


class Plot(QWidget):
    """One live plot of the session's study.

    What is drawn has two layers: the past, trials that have ended, changes only when one ends; the present (the
    running trial, the best and the selected one) with every paint. `failed` (a sentence) tells that an image could
    not be written.

    A subclass names `title` and `empty_text`, draws in the methods from `_forget` on, and puts its controls into
    the header with `_add_control`.
    """

    failed = Signal(str)

    title: str
    empty_text: ClassVar[str]

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.theme = theme
        self._line_scale = 1.0
        self._study = session.progress
        """What is drawn; None while there is no study."""
        self._drawn: set[int] = set()
        self._waiting: dict[int, None] = {}
        self._dirty = self._stale = self._past_stale = self._style_stale = True
        self._hovered: int | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAINT_INTERVAL)
        self._timer.timeout.connect(self._ask_turn)
        self._build()
        session.changed.connect(self._take_changes)
        session.selection_changed.connect(self._mark_dirty)
        theme.changed.connect(self._change_style)

    def _build(self) -> None:
        self._make_actions()
        self._canvas: Canvas | None = None
        self._empty_label = self._make_empty_label()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_header())
        layout.addWidget(self._stack, 1)
        self.setAccessibleName(self.title)

    @property
    def canvas(self) -> "Canvas":
        """Where the plot is drawn. It is made when there is something to draw, or soon after the first picture."""
        if self._canvas is None:
            self._canvas = self._make_canvas()
            self._fill(self._canvas)
        return self._canvas

    def _make_canvas(self) -> "Canvas":
        from gui.plots.drawing.canvas import Canvas  # pyqtgraph takes as long to load as all the rest of the window

        canvas = Canvas(self.reset_view_action)
        canvas.setAccessibleName(self.title)
        canvas.clicked.connect(self._take_click)
        canvas.hovered.connect(self._take_hover)
        canvas.double_clicked.connect(self.reset_view)
        canvas.menu_wanted.connect(self.menu.popup)
        canvas.follows_changed.connect(self.reset_view_action.setDisabled)
        canvas.view_changed.connect(self._mark_dirty)
        self._stack.addWidget(canvas)
        return canvas

    def _follow_again(self) -> None:
        """Show everything again, whatever the user has zoomed into."""
        if self._canvas is not None:
            self._canvas.follow(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._canvas is not None:
            return
        if loading().is_done:
            self._mark_dirty()
        else:
            loading().done.connect(self._mark_dirty, Qt.ConnectionType.UniqueConnection)
            QTimer.singleShot(0, loading().start)  # when this picture is on the screen

    def _make_empty_label(self) -> QLabel:
        label = QLabel(self.empty_text)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        label.setMargin(24)
        label.setAutoFillBackground(True)
        return label

    def _make_header(self) -> QHBoxLayout:
        self._title_label = QLabel(self.title)
        font = self._title_label.font()
        font.setBold(True)
        self._title_label.setFont(font)
        self._controls = QHBoxLayout()
        self._controls.setSpacing(6)
        self._more = more = QToolButton()
        more.setText("⋯")
        more.setAutoRaise(True)
        more.setToolTip("Reset view, save or copy the image")
        more.setAccessibleName(f"{self.title}: more")
        more.clicked.connect(lambda: self.menu.popup(more.mapToGlobal(QPoint(0, more.height()))))
        header = QHBoxLayout()
        header.setContentsMargins(8, 4, 4, 4)
        header.setSpacing(6)
        header.addStrut(HEADER_HEIGHT)
        header.addWidget(self._title_label)
        header.addStretch(1)
        header.addLayout(self._controls)
        header.addWidget(more)
        return header

    def _show_title(self, title: str) -> None:
        """Let the plot be called otherwise, above it and where its name is read out."""
        self.title = title
        self._title_label.setText(title)
        self._more.setAccessibleName(f"{title}: more")
        self.setAccessibleName(title)
        if self._canvas is not None:
            self._canvas.setAccessibleName(title)

    def _make_actions(self) -> None:
        self.reset_view_action = QAction("Reset view", self, enabled=False)
        self.reset_view_action.setToolTip("Show everything, and follow the study again (double-click)")
        self.reset_view_action.triggered.connect(self.reset_view)
        self.save_image_action = QAction("Save as image…", self)
        self.save_image_action.triggered.connect(self._ask_and_save)
        self.copy_image_action = QAction("Copy image", self)
        self.copy_image_action.triggered.connect(self.copy_image)
        self.menu = QMenu(self)
        self.menu.addAction(self.reset_view_action)
        self.menu.addSeparator()
        self.menu.addActions([self.save_image_action, self.copy_image_action])

    def _add_control(self, widget: QWidget) -> None:
        self._controls.addWidget(widget)

    # When to paint

    def _take_changes(self, changes: Changes) -> None:
        if not self._concerns(changes):
            return
        if changes.replaced or self._drawn.intersection(changes.trials):  # one of them began again
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
        self._notice_other_study()
        self._notice_stale()
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

    def _redraw_past(self) -> None:
        """Draw all again with the next paint; what the trials are has not changed."""
        self._past_stale = True
        self._mark_dirty()

    def _start_over(self) -> None:
        """Read all trials again with the next paint."""
        self._stale = True
        self._mark_dirty()

    def _change_style(self) -> None:
        self._style_stale = True
        self._mark_dirty()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._change_style()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._canvas is None and (self.session.progress is None or not self.session.progress.trials):
            self._colour_label(self.theme.colours)
        elif self._dirty:
            self._paint()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # Painting

    def _paint(self) -> None:
        began = perf_counter()
        self._dirty = False
        self._notice_other_study()
        if self._style_stale:
            self._style_stale = False
            self._apply_style(self.theme.colours, self.devicePixelRatioF())
        self._notice_stale()
        if self._study is not None:
            self._draw()
        self._show_whether_empty()
        self._timer.setInterval(max(PAINT_INTERVAL, int(REST * 1000 * (perf_counter() - began))))

    def _draw(self) -> None:
        self._take_ended(len(self._waiting))
        if self._past_stale:
            self._past_stale = False
            self._draw_past()
        self.canvas.show_range(self._home())
        self._draw_present()
        self.canvas.legend.show_entries(self._legend_entries())

    def _notice_other_study(self) -> None:
        if self.session.progress is not self._study:
            self._study = self.session.progress
            self._stale = True
            self._follow_again()
            self._study_changed()

    def _notice_stale(self) -> None:
        if self._stale:
            self._stale = False
            self._past_stale = True
            self._forget()
            self._drawn.clear()
            self._waiting = {} if self._study is None else dict.fromkeys(self._study.trials)

    def _take_ended(self, most: int) -> None:
        """Take in the first of the trials that wait, so many at most."""
        trials = {} if self._study is None else self._study.trials
        numbers = list(islice(self._waiting, most))
        for number in numbers:
            del self._waiting[number]
        waiting = (trials[number] for number in numbers if number in trials and number not in self._drawn)
        ended = [trial for trial in waiting if trial.state is not TrialState.RUNNING]
        if ended:
            self._add(ended)
            self._drawn.update(trial.number for trial in ended)
            self._past_stale = True

    def _apply_style(self, colours: Colours, line_scale: float) -> None:
        self._line_scale = line_scale
        self._past_stale = True
        self.canvas.apply_colours(colours)
        self._colour_label(colours)
        self._style(colours)

    def _colour_label(self, colours: Colours) -> None:
        palette = self._empty_label.palette()
        palette.setColor(QPalette.ColorRole.Window, colours.base)
        palette.setColor(QPalette.ColorRole.WindowText, colours.faint_text)
        self._empty_label.setPalette(palette)

    @property
    def _progress(self) -> StudyProgress:
        """The study that is drawn, while there is one."""
        assert self._study is not None
        return self._study

    @property
    def _settings(self) -> StudySettings | None:
        return None if self._study is None else self._study.settings

    @property
    def _objective(self) -> ObjectiveSettings:
        return ObjectiveSettings() if self._study is None else self._study.objective

    @property
    def _higher_is_better(self) -> bool:
        """Whether the study maximises its objective."""
        return self._objective.direction is Direction.MAXIMISE

    def _pen(self, colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen as wide on fine screens as on coarse ones; pyqtgraph's pens count the device's pixels."""
        return cosmetic_pen(colour, max(1.0, width * self._line_scale), style)

    def _show_whether_empty(self) -> None:
        empty = self._is_empty()
        self._stack.setCurrentWidget(self._empty_label if empty else self.canvas)
        for action in (self.save_image_action, self.copy_image_action):
            action.setDisabled(empty)
        summary = self.empty_text if empty else self._summary()
        if summary != self.accessibleDescription():
            self.setAccessibleDescription(summary)
            self.canvas.setAccessibleDescription(summary)

    # The user

    def reset_view(self) -> None:
        """Show everything, and follow the study again."""
        self.canvas.follow(True)
        self._paint()

    def _take_click(self, place: QPointF | None) -> None:
        if place is not None:
            self.session.select(self._trial_at(place))

    def _trial_at(self, place: QPointF) -> int | None:
        """Return the trial that is drawn there; none while some are taken in that are not drawn yet."""
        return None if self._past_stale else self._hit((place.x(), place.y()))

    def _take_hover(self, place: QPointF | None) -> None:
        number = None if place is None else self._trial_at(place)
        if number == self._hovered:
            return
        self._hovered = number
        if number is None or place is None:
            self.canvas.hide_tip()
        else:
            self.canvas.show_tip(place, trial_tip(self._progress.trials[number], self._progress.settings))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu.popup(self.mapToGlobal(self.rect().center()))

    # Images

    def save_image(self, path: Path) -> None:
        """Write the plot into a PNG or SVG file, as its name ends, on white; raises OSError."""
        from gui.plots.drawing import images

        svg = path.suffix.lower() == ".svg"
        with self._on_white(1.0 if svg else images.image_scale(self.canvas.plotItem)):
            save = images.save_svg if svg else images.save_png
            save(self.canvas.plotItem, path)

    def copy_image(self) -> None:
        """Put an image of the plot, on white, into the clipboard."""
        from gui.plots.drawing import images

        with self._on_white(images.image_scale(self.canvas.plotItem)):
            QGuiApplication.clipboard().setImage(images.to_image(self.canvas.plotItem))

    @contextmanager
    def _on_white(self, line_scale: float) -> Iterator[None]:
        self._style_stale = False
        try:
            self._apply_style(LIGHT, line_scale)
            self._paint()
            yield
        finally:
            self._apply_style(self.theme.colours, self.devicePixelRatioF())
            self._paint()

    def _ask_and_save(self) -> None:
        name, kind = QFileDialog.getSaveFileName(
            self, "Save as image", f"{self.title}.png", f"{PNG_FILTER};;{SVG_FILTER}"
        )
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() not in (".png", ".svg"):
            path = path.with_name(path.name + (".svg" if kind == SVG_FILTER else ".png"))
        try:
            self.save_image(path)
        except OSError as error:
            self.failed.emit(f"The image could not be saved: {error.strerror or error}")

    # What a subclass draws

    def _fill(self, canvas: "Canvas") -> None:
        """Put the plot's curves and points into its canvas."""
        raise NotImplementedError

    def _study_changed(self) -> None:
        """Take in that `_study` is another one now, or None."""

    def _is_empty(self) -> bool:
        return self._study is None or not self._study.trials

    def _forget(self) -> None:
        """Forget all trials."""
        raise NotImplementedError

    def _add(self, trials: Sequence[TrialProgress]) -> None:
        """Take in trials that ended, of which there is at least one."""
        raise NotImplementedError

    def _draw_past(self) -> None:
        """Draw the trials that were added."""
        raise NotImplementedError

    def _draw_present(self) -> None:
        """Draw the running trial and the marks of the best and the selected one."""
        raise NotImplementedError

    def _home(self) -> ViewRange:
        """Return the ranges of x and y that show everything sensible."""
        raise NotImplementedError

    def _hit(self, at: tuple[float, float]) -> int | None:
        """Return the number of the trial within REACH of a place in pixels."""
        raise NotImplementedError

    def _style(self, colours: Colours) -> None:
        """Set pens and brushes."""
        raise NotImplementedError

    def _legend_entries(self) -> list[LegendEntry]:
        raise NotImplementedError

    def _summary(self) -> str:
        """Return the plot in one sentence."""
        raise NotImplementedError
