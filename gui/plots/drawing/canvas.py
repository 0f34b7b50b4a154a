"""The canvas of a plot: axes, legend and data area, and the user's zoom in it."""

from functools import partial
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from core.figures.arrays import SHORTEST, Floats, nearly_same
from core.figures.scales import HIGHEST, LOWEST, AxisScale, ViewRange
from gui.plots.drawing.axes import PlotAxis
from gui.plots.drawing.curves import CurveItem, LiveCurve, PastCurves, SharpCurve
from gui.plots.drawing.labels import Labels
from gui.plots.drawing.legend import Legend
from gui.plots.drawing.scatter import Points
from gui.plots.drawing.style import Line
from gui.widgets.theme import Colours

DRAWING_DELAY = 8
"""Milliseconds from what is to be drawn to its drawing."""
_LOG_LIMITS = 2 * LOWEST, 2 * HIGHEST
_LIMITS = -1e307, 1e307
"""The least and the most that a linear axis can show; lengths beyond the largest float would crash Qt."""
_CURVES: dict[Line, type[CurveItem]] = {Line.PAST: PastCurves, Line.LIVE: LiveCurve, Line.SHARP: SharpCurve}


class Canvas(pg.PlotWidget):  # type: ignore[misc]
    """Where a plot is drawn.

    `clicked` and `hovered` (a QPointF in the data area's pixels, None beside it) tell what the mouse does,
    `double_clicked` and `menu_wanted` (a global QPoint) likewise. `follows` is whether the plot may choose the
    view: not after the user zoomed or panned; `follows_changed` (a bool) comes when that changes. `view_changed`
    tells that other numbers came into view or that it has another size.
    """

    clicked = Signal(object)
    hovered = Signal(object)
    double_clicked = Signal()
    menu_wanted = Signal(object)
    follows_changed = Signal(bool)
    view_changed = Signal()

    def __init__(self, reset_view: QAction, parent: QWidget | None = None) -> None:
        self.x_axis, self.y_axis = PlotAxis("bottom"), PlotAxis("left")
        super().__init__(parent, axisItems={"bottom": self.x_axis, "left": self.y_axis}, enableMenu=False)
        self.follows = True
        self._drawing = QTimer(self, singleShot=True, interval=DRAWING_DELAY)
        self._drawing.timeout.connect(partial(self.viewport().setUpdatesEnabled, True))
        self.view = self.getViewBox()
        self.view.disableAutoRange()
        self.hideButtons()
        self.showGrid(x=True, y=True, alpha=0.25)
        self.legend = Legend()
        self._place_legend()
        self.reset_view_button = QToolButton(self)
        self.reset_view_button.setDefaultAction(reset_view)
        self.reset_view_button.hide()
        self.view.sigRangeChangedManually.connect(lambda: self.follow(False))
        self.view.sigRangeChanged.connect(lambda: self.view_changed.emit())
        self.view.sigResized.connect(self._on_resize)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_move)

    def _place_legend(self) -> None:
        layout = self.plotItem.layout
        layout.removeItem(self.plotItem.titleLabel)
        layout.setRowMaximumHeight(0, 1000)
        layout.addItem(self.legend, 0, 1, 1, 5)
        layout.setContentsMargins(6, 2, 10, 4)

    def setAccessibleName(self, name: str) -> None:
        """Name the canvas and what it is drawn on, which Qt lets a reader find as another place that has the focus."""
        super().setAccessibleName(name)
        self.viewport().setAccessibleName(name)

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
        self.legend.set_colour(colours.text)
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
            elif isinstance(item, pg.AxisItem):
                item.setTickFont(self.font())
                item.label.setFont(self.font())
                item.resizeEvent()  # which places the label

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
        (left, right), (bottom, top) = (_LOG_LIMITS if scale.log else _LIMITS for scale in (x, y))
        self.view.setLimits(xMin=left, xMax=right, minXRange=SHORTEST, yMin=bottom, yMax=top, minYRange=SHORTEST)

    def show_range(self, shown: ViewRange) -> None:
        """Show about these ranges of x and y, unless the user has chosen others.

        What can hardly be seen to move stays: then nothing that was drawn has to be drawn again.
        """
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

    def show_tip(self, place: QPointF, text: str) -> None:
        """Show a tool tip beside a place in the data area."""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        at = self.mapFromScene(self.view.mapToScene(place))
        around = QRect(at - QPoint(12, 12), at + QPoint(12, 12))
        QToolTip.showText(self.mapToGlobal(at + QPoint(8, 8)), text, self, around)

    def hide_tip(self) -> None:
        """Take the tool tip away."""
        self.unsetCursor()
        QToolTip.hideText()


def colour_axis(axis: pg.AxisItem, colours: Colours) -> None:
    """Give the axis these colours."""
    axis.setPen(colours.border)
    axis.setTickPen(colours.grid)
    axis.setTextPen(colours.faint_text)
