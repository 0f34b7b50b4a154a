"""The canvas of a plot: axes, legend and data area, and the user's zoom in it."""

from functools import partial
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from core.figures.arrays import SHORTEST, Floats, nearly_same
from core.figures.scales import HIGHEST, LOWEST, AxisScale, ViewRange
from gui.plots.drawing.axes import CornerName, PlotAxis
from gui.plots.drawing.curves import CurveItem, LiveCurve, PastCurves, SharpCurve
from gui.plots.drawing.labels import Labels
from gui.plots.drawing.legend import Legend
from gui.plots.drawing.scatter import Points
from gui.plots.drawing.style import Line
from gui.widgets.theme import Colours

DRAWING_DELAY = 8
"""Milliseconds from what is to be drawn to its drawing."""
PICTURE_WIDTH, PICTURE_HEIGHT = 640.0, 0.5
"""The least width of a picture, in the window's pixels, and its least height, as a share of the width."""
LEAST = QSize(76, 44)
_NEAR = 24
"""How far from its place, in pixels, a tip stays where it is."""
_LASTING = 24 * 60 * 60 * 1000
"""Milliseconds for which a tip stays: as long as the pointer rests."""
_LOG_LIMITS = 2 * LOWEST, 2 * HIGHEST
_LIMITS = -1e307, 1e307
"""The least and the most that a linear axis can show; lengths beyond the largest float would crash Qt."""
_CURVES: dict[Line, type[CurveItem]] = {Line.PAST: PastCurves, Line.LIVE: LiveCurve, Line.SHARP: SharpCurve}


class Canvas(pg.PlotWidget):  # type: ignore[misc]
    """Where a plot is drawn.

    `clicked` and `hovered` (a QPointF in the data area's pixels, None beside it) tell what the mouse does,
    `double_clicked` and `menu_wanted` (a global QPoint) likewise. `follows` is whether the plot may choose the
    view: not after the user zoomed or panned; `follows_changed` (a bool) comes when that changes. `view_changed`
    tells that other numbers came into view or that it has another size. `names_axes` is whether the axes have their
    names beside them; in a picture they always have.
    """

    clicked = Signal(object)
    hovered = Signal(object)
    double_clicked = Signal()
    menu_wanted = Signal(object)
    follows_changed = Signal(bool)
    view_changed = Signal()

    def __init__(self, reset_view: QAction, parent: QWidget | None = None, *, names_axes: bool = True) -> None:
        self.x_axis, self.y_axis = PlotAxis("bottom"), PlotAxis("left")
        super().__init__(parent, axisItems={"bottom": self.x_axis, "left": self.y_axis}, enableMenu=False)
        self.follows = True
        self._drawing = QTimer(self, singleShot=True, interval=DRAWING_DELAY)
        self._drawing.timeout.connect(partial(self.viewport().setUpdatesEnabled, True))
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # which Qt hands on to the canvas around it
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view = self.getViewBox()
        self.view.disableAutoRange()
        self.hideButtons()
        self.showGrid(x=True, y=True, alpha=0.25)
        self.legend, self.corner_name = Legend(), CornerName()
        self._names_axes = names_axes
        self._place_items()
        self.reset_view_button = QToolButton(self)
        self.reset_view_button.setDefaultAction(reset_view)
        self.reset_view_button.hide()
        self.view.sigRangeChangedManually.connect(lambda: self.follow(False))
        self.view.sigRangeChanged.connect(lambda: self.view_changed.emit())
        self.view.sigResized.connect(self._on_resize)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_move)

    def _place_items(self) -> None:
        layout = self.plotItem.layout
        layout.removeItem(self.plotItem.titleLabel)
        layout.setRowMaximumHeight(0, 1000)
        layout.addItem(self.legend, 0, 0, 1, 4)
        layout.addItem(self.corner_name, 3, 0)
        layout.setAlignment(self.y_axis, Qt.AlignmentFlag.AlignRight)
        layout.setContentsMargins(12, 2, 10, 6)
        self._name_axes(beside=self._names_axes)

    def _name_axes(self, *, beside: bool) -> None:
        """Let the axes have their names beside them; otherwise something else names them."""
        self.y_axis.set_named(named=beside)
        self.x_axis.set_named(named=beside and not self._names_axes)  # or the corner has the name
        self.corner_name.show_text(self.x_axis.scale_shown.label if self._names_axes else "")

    def show_heading(self, title: str, study: str) -> None:
        """Write a title above all, and the names of the axes beside them, as for a picture; empty: for the window.

        A picture is not as narrow or as low as a place in the window may be.
        """
        self.legend.show_heading(title, study)
        area = QRectF(self.range)
        if title:
            area.setWidth(max(area.width(), PICTURE_WIDTH))
            area.setHeight(max(area.height(), PICTURE_HEIGHT * area.width()))
        self.plotItem.setGeometry(area)
        self._name_axes(beside=self._names_axes or bool(title))
        self.plotItem.layout.activate()

    def minimumSizeHint(self) -> QSize:
        """Return the least size: in a low window with large letters the plots are what can give way."""
        return LEAST

    def setAccessibleName(self, name: str) -> None:
        """Name the canvas and what it is drawn on, which Qt lets a reader find as another place that has the focus."""
        super().setAccessibleName(name)
        self.viewport().setAccessibleName(name)

    def make_room(self) -> None:
        """Give the labels of the axes the room that they need: pyqtgraph measures them when it paints them."""
        self.grab()
        self.plotItem.layout.activate()

    def add_scatter(self, z: int) -> Points:
        """Add points; what has a larger z lies above."""
        scatter = Points()
        scatter.setZValue(z)
        self.addItem(scatter)
        return scatter

    def add_labels(self, z: int) -> Labels:
        """Add words beside points."""
        return Labels(self.view, z)

    def add_curve(self, line: Line, z: int) -> CurveItem:
        """Add a curve that is broken where its data are NaN."""
        curve = _CURVES[line]()
        curve.setZValue(z)
        self.addItem(curve)
        return curve

    def apply_colours(self, colours: Colours) -> None:
        """Colour everything but the data."""
        self.setBackground(colours.base)
        self.legend.set_colours(colours.text, colours.faint_text)
        self.corner_name.set_colour(colours.faint_text)
        for axis in (self.x_axis, self.y_axis):
            colour_axis(axis, colours)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_font()

    def _take_font(self) -> None:
        """Write everything in the font of now; what is made later has it by itself, as the legend has."""
        for item in self.scene().items():
            if isinstance(item, pg.TextItem):
                item.setFont(self.font())
            elif isinstance(item, PlotAxis):
                item.take_font(self.font())

    def draw_later(self) -> None:
        """Draw what changes now in a later round of the event loop: both in one are felt as a stutter."""
        self.viewport().setUpdatesEnabled(False)
        self._drawing.start()

    @property
    def draws_later(self) -> bool:
        """Whether something is to be drawn yet."""
        return self._drawing.isActive()

    # The view

    def show_scales(self, x: AxisScale, y: AxisScale) -> None:
        """Let the axes say this. On a logarithmic one nobody can zoom to where floats have no numbers."""
        self.x_axis.show_scale(x)
        self.y_axis.show_scale(y)
        self.corner_name.show_text(x.label if self._names_axes else "")
        (left, right), (bottom, top) = (_LOG_LIMITS if scale.log else _LIMITS for scale in (x, y))
        self.view.setLimits(xMin=left, xMax=right, minXRange=SHORTEST, yMin=bottom, yMax=top, minYRange=SHORTEST)

    def show_range(self, shown: ViewRange, room: float = 0.0) -> None:
        """Show about these ranges of x and y, that of y with room for marks, unless the user has chosen others.

        The room is in pixels, at each end. What can hardly be seen to move stays: then nothing that was drawn has to
        be drawn again.
        """
        (bottom, top), height = shown[1], self.view.rect().height()
        beside = (top - bottom) * room / max(height - 2 * room, height / 2, 1.0)
        shown = shown[0], (bottom - beside, top + beside)
        if self.follows and not all(map(nearly_same, self.view.viewRange(), shown)):
            self.view.setRange(xRange=shown[0], yRange=shown[1], padding=0)

    def follow(self, follows: bool) -> None:
        """Let the plot choose the view, or leave it to the user."""
        if follows != self.follows:
            self.follows = follows
            self.reset_view_button.setVisible(not follows)
            self._place_button()
            self.view_changed.emit()
            self.follows_changed.emit(follows)

    def _on_resize(self) -> None:
        self._place_button()
        self.view_changed.emit()

    def _place_button(self) -> None:
        """Keep the button in the data area's upper right corner."""
        corner = self.view.sceneBoundingRect().topRight().toPoint()
        self.reset_view_button.adjustSize()
        self.reset_view_button.move(corner - QPoint(self.reset_view_button.width() + 6, -6))

    def zoom(self, factor: float, around: tuple[float, float] | None) -> None:
        """Show lengths multiplied by a factor, around a place that is in view, or else around the middle."""
        self.follow(False)
        seen = around is not None and self._is_seen(*around)
        self.view.scaleBy((factor, factor), center=QPointF(*around) if seen and around is not None else None)

    def bring_into_view(self, x: float, y: float) -> None:
        """Show this place, too, if the user has zoomed beside it."""
        if self.follows or self._is_seen(x, y):
            return
        (left, right), (bottom, top) = self.view.viewRange()
        self.view.translateBy(x=x - (left + right) / 2, y=y - (bottom + top) / 2)

    def _is_seen(self, x: float, y: float) -> bool:
        (left, right), (bottom, top) = self.view.viewRange()
        return bool(left <= x <= right and bottom <= y <= top)

    def in_pixels(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where the points are, measured in pixels from the data area's upper left corner."""
        (left, right), (bottom, top) = self.view.viewRange()
        size = self.view.rect()
        return (x - left) / (right - left) * size.width(), (top - y) / (top - bottom) * size.height()

    # The mouse

    def _place_of(self, scene_position: QPointF) -> QPointF | None:
        place: QPointF = self.view.mapFromScene(scene_position)
        return place if self.view.rect().contains(place) else None

    def _on_click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.screenPos().toPoint())
        elif event.button() == Qt.MouseButton.LeftButton:
            if event.double():
                self.double_clicked.emit()
            else:
                self.clicked.emit(self._place_of(event.scenePos()))

    def _on_move(self, scene_position: QPointF) -> None:
        dragged = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        self.hovered.emit(None if dragged else self._place_of(scene_position))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def viewportEvent(self, event: QEvent) -> bool:
        """Keep the tip when the pointer rests: the scene, which knows only the legend's, would hide it then."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            in_legend = self.legend.sceneBoundingRect().contains(self.mapToScene(event.pos()))
            return not in_legend or bool(super().viewportEvent(event))
        return bool(super().viewportEvent(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the window: pyqtgraph would give them to the scene, which takes all."""
        event.ignore()

    def place_of_mark(self, place: tuple[float, float] | None) -> QPointF:
        """Return a mark's place in the data area's pixels, or the nearest in it; its upper middle without a mark."""
        area = self.view.rect()
        if place is None:
            return QPointF(area.center().x(), area.top())
        x, y = self.in_pixels(*map(np.array, place))
        return QPointF(min(max(float(x), 0.0), area.width()), min(max(float(y), 0.0), area.height()))

    def show_tip(self, place: QPointF, text: str) -> None:
        """Show a tool tip beside a place in the data area."""
        at = self.mapFromScene(self.view.mapToScene(place))
        reach = QPoint(_NEAR, _NEAR)
        QToolTip.showText(self.mapToGlobal(at + QPoint(8, 8)), text, self, QRect(at - reach, at + reach), _LASTING)

    def hide_tip(self) -> None:
        """Take the tool tip away."""
        self.unsetCursor()
        QToolTip.hideText()


def colour_axis(axis: pg.AxisItem, colours: Colours) -> None:
    """Give the axis these colours."""
    axis.setPen(colours.border)
    axis.setTickPen(colours.grid)
    axis.setTextPen(colours.faint_text)
