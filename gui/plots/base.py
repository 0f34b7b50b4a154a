"""What the live plots share: they are marked dirty by events and painted by a timer, only while they are seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFont, QGuiApplication, QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from core.events import TrialState
from core.progress import StudyProgress, TrialProgress
from core.settings import StudySettings
from gui.plots import export
from gui.plots.arrays import Floats
from gui.plots.axes import PlotAxis
from gui.plots.legend import Legend, LegendEntry
from gui.plots.words import trial_tip
from gui.session import Changes, Session
from gui.theme import LIGHT, Colours, Theme

PAINT_INTERVAL = 35
"""Milliseconds between two paints; about 28 a second."""
REST = 4
"""After a paint, the plot rests at least this many times as long as the paint took."""
REACH = 8.0
"""How near a click must be to a mark, in pixels."""
HEADER_HEIGHT = 28
"""Pixels, so that plots side by side line up whatever their controls are."""

ViewRange = tuple[tuple[float, float], tuple[float, float]]


class Plot(QWidget):
    """One live plot of the session's study.

    What is drawn has two layers: the past, trials that have ended, changes only when one ends; the present (the
    running trial, the best and the selected one) with every paint. `failed` (a sentence) tells that an image could
    not be written.

    A subclass names `title` and `empty_text`, draws in the methods from `_forget` on, and puts its controls into
    the header with `_add_control`.
    """

    failed = Signal(str)

    title: ClassVar[str]
    empty_text: ClassVar[str]

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.theme = theme
        self.colours = theme.colours
        self._progress: StudyProgress = session.progress
        self._settings: StudySettings | None = None
        self._drawn: set[int] = set()
        self._waiting: dict[int, None] = {}
        self._dirty = self._stale = self._past_stale = self._style_stale = True
        self._follows = True
        self._hovered: int | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAINT_INTERVAL)
        self._timer.timeout.connect(self._paint)
        self._build()
        session.changed.connect(self._take_changes)
        session.selection_changed.connect(self._mark_dirty)
        theme.changed.connect(self._change_style)

    def _build(self) -> None:
        self.x_axis, self.y_axis = PlotAxis("bottom"), PlotAxis("left")
        self.canvas = pg.PlotWidget(axisItems={"bottom": self.x_axis, "left": self.y_axis}, enableMenu=False)
        self.view = self.canvas.getViewBox()
        self.view.disableAutoRange()
        self.view.sigRangeChangedManually.connect(self._take_zoom)
        self.view.sigRangeChanged.connect(self._view_changed)
        self.view.sigResized.connect(self._mark_dirty)
        self.canvas.scene().sigMouseClicked.connect(self._take_click)
        self.canvas.scene().sigMouseMoved.connect(self._take_hover)
        self.canvas.hideButtons()
        self.canvas.showGrid(x=True, y=True, alpha=0.25)
        self.legend = Legend()
        self._place_legend(self.canvas.plotItem)
        self._empty_label = self._make_empty_label()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_label)
        self._stack.addWidget(self.canvas)
        self._make_actions()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_header())
        layout.addWidget(self._stack, 1)
        self.setAccessibleName(self.title)
        self.canvas.setAccessibleName(self.title)

    def _place_legend(self, plot: pg.PlotItem) -> None:
        plot.layout.removeItem(plot.titleLabel)
        plot.layout.setRowMaximumHeight(0, 1000)
        plot.layout.addItem(self.legend, 0, 1, 1, 5)
        plot.layout.setContentsMargins(6, 2, 10, 4)

    def _make_empty_label(self) -> QLabel:
        label = QLabel(self.empty_text)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        label.setMargin(24)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        label.setBackgroundRole(QPalette.ColorRole.Base)
        label.setAutoFillBackground(True)
        return label

    def _make_header(self) -> QHBoxLayout:
        title = QLabel(self.title)
        title.setFont(QFont(title.font().family(), title.font().pointSize(), QFont.Weight.Bold))
        self._controls = QHBoxLayout()
        self._controls.setSpacing(6)
        more = QToolButton()
        more.setText("⋯")
        more.setAutoRaise(True)
        more.setToolTip("Reset view, save or copy the image")
        more.setAccessibleName(f"{self.title}: more")
        more.clicked.connect(lambda: self.menu.popup(more.mapToGlobal(QPoint(0, more.height()))))
        header = QHBoxLayout()
        header.setContentsMargins(8, 4, 4, 4)
        header.setSpacing(6)
        header.addStrut(HEADER_HEIGHT)
        header.addWidget(title)
        header.addStretch(1)
        header.addLayout(self._controls)
        header.addWidget(more)
        return header

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
        self.reset_view_button = QToolButton(self.canvas)
        self.reset_view_button.setDefaultAction(self.reset_view_action)
        self.reset_view_button.hide()

    def _add_control(self, widget: QWidget) -> None:
        self._controls.addWidget(widget)

    # When to paint

    def _take_changes(self, changes: Changes) -> None:
        again = self._drawn.intersection(changes.started, changes.ended)
        if changes.replaced or changes.study_ended is not None or again:
            self._stale = True
        self._waiting.update(dict.fromkeys(changes.ended))
        self._mark_dirty()

    def _mark_dirty(self) -> None:
        self._dirty = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _redraw_past(self) -> None:
        """Draw all again with the next paint; what the trials are has not changed."""
        self._past_stale = True
        self._mark_dirty()

    def _start_over(self) -> None:
        """Read all trials again with the next paint."""
        self._stale = True
        self._mark_dirty()

    def _change_style(self, colours: Colours) -> None:
        self._style_stale = True
        self._mark_dirty()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._dirty:
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
            self._apply_style(self.theme.colours)
        self._take_ended()
        if self._past_stale:
            self._past_stale = False
            self._draw_past()
        if self._follows:
            self._show_home()
        self._draw_present()
        self.legend.show_entries(self._legend_entries())
        self._stack.setCurrentWidget(self._empty_label if self._is_empty() else self.canvas)
        self._place_reset_button()
        self._describe()
        self._timer.setInterval(max(PAINT_INTERVAL, int(REST * 1000 * (perf_counter() - began))))

    def _notice_other_study(self) -> None:
        progress = self.session.progress
        if progress is not self._progress:
            self._follow(True)
        if progress is not self._progress or progress.settings is not self._settings:
            self._progress, self._settings = progress, progress.settings
            self._stale = True
            self._study_changed()

    def _take_ended(self) -> None:
        trials = self._progress.trials
        if self._stale:
            self._stale = False
            self._past_stale = True
            self._forget()
            self._drawn.clear()
            self._waiting = dict.fromkeys(trials)
        for number in self._waiting:
            trial = trials.get(number)
            if trial is not None and trial.state is not TrialState.RUNNING and number not in self._drawn:
                self._add(trial)
                self._drawn.add(number)
                self._past_stale = True
        self._waiting.clear()

    def _apply_style(self, colours: Colours) -> None:
        self.colours = colours
        self._past_stale = True
        self.canvas.setBackground(colours.base)
        for axis in (self.x_axis, self.y_axis):
            style_axis(axis, colours)
        self.legend.set_colour(colours.text)
        self._style(colours)

    def _describe(self) -> None:
        summary = self.empty_text if self._is_empty() else self._summary()
        if summary != self.accessibleDescription():
            self.setAccessibleDescription(summary)
            self.canvas.setAccessibleDescription(summary)

    # The view

    def _show_home(self) -> None:
        x, y = self._home()
        self.view.setRange(xRange=x, yRange=y, padding=0)

    def _take_zoom(self, _axes: Any) -> None:
        self._follow(False)
        self._place_reset_button()

    def _follow(self, follows: bool) -> None:
        self._follows = follows
        self.reset_view_action.setEnabled(not follows)
        self.reset_view_button.setVisible(not follows)

    def reset_view(self) -> None:
        """Show everything, and follow the study again."""
        self._follow(True)
        self._paint()

    def _place_reset_button(self) -> None:
        """Put the button into the upper right corner of the axes; it is there only after a zoom."""
        if not self._follows:
            corner = self.view.sceneBoundingRect().topRight().toPoint()
            self.reset_view_button.adjustSize()
            self.reset_view_button.move(corner - QPoint(self.reset_view_button.width() + 6, -6))

    def _view_changed(self) -> None:
        """Do what has to be done when other numbers come into view."""

    def _in_pixels(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where the points are on the screen, measured from the view's upper left corner."""
        (left, right), (bottom, top) = self.view.viewRange()
        size = self.view.rect()
        return (x - left) / (right - left) * size.width(), (top - y) / (top - bottom) * size.height()

    # The mouse

    def _trial_at(self, scene_position: QPointF) -> int | None:
        position = self.view.mapFromScene(scene_position)
        if not self.view.rect().contains(position):
            return None
        return self._hit((position.x(), position.y()))

    def _take_click(self, event: Any) -> None:
        if event.button() is Qt.MouseButton.RightButton:
            self.menu.popup(event.screenPos().toPoint())
        elif event.button() is Qt.MouseButton.LeftButton:
            if event.double():
                self.reset_view()
            elif self.view.sceneBoundingRect().contains(event.scenePos()):
                self.session.select(self._trial_at(event.scenePos()))

    def _take_hover(self, scene_position: QPointF) -> None:
        number = None
        if QGuiApplication.mouseButtons() is Qt.MouseButton.NoButton:
            number = self._trial_at(scene_position)
        if number == self._hovered:
            return
        self._hovered = number
        if number is None:
            self.canvas.unsetCursor()
            QToolTip.hideText()
            return
        self.canvas.setCursor(Qt.CursorShape.PointingHandCursor)
        place = self.canvas.mapFromScene(scene_position)
        around = QRect(place - QPoint(12, 12), place + QPoint(12, 12))
        tip = trial_tip(self._progress.trials[number], self._settings)
        QToolTip.showText(self.canvas.mapToGlobal(place + QPoint(8, 8)), tip, self.canvas, around)

    # Images

    def save_image(self, path: Path) -> None:
        """Write the plot into a PNG or SVG file, as its name ends, on white; raises OSError."""
        with self._on_white():
            export.save_image(self.canvas.plotItem, path)

    def copy_image(self) -> None:
        """Put an image of the plot, on white, into the clipboard."""
        with self._on_white():
            QGuiApplication.clipboard().setImage(export.to_image(self.canvas.plotItem))

    @contextmanager
    def _on_white(self) -> Iterator[None]:
        self._style_stale = False
        try:
            self._apply_style(LIGHT)
            self._paint()
            yield
        finally:
            self._apply_style(self.theme.colours)
            self._paint()

    def _ask_and_save(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, "Save as image", f"{self.title}.png", "PNG image (*.png);;SVG drawing (*.svg)"
        )
        if name:
            try:
                self.save_image(Path(name))
            except OSError as error:
                self.failed.emit(f"The image could not be saved: {error}")

    # What a subclass draws

    def _study_changed(self) -> None:
        """Take in that `_settings` are others now."""

    def _is_empty(self) -> bool:
        return not self._progress.trials

    def _forget(self) -> None:
        """Forget all trials."""
        raise NotImplementedError

    def _add(self, trial: TrialProgress) -> None:
        """Take in a trial that ended."""
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


def style_axis(axis: pg.AxisItem, colours: Colours) -> None:
    """Give the axis these colours."""
    axis.setPen(colours.border)
    axis.setTickPen(colours.grid)
    axis.setTextPen(colours.faint_text)
