"""The colour bar of a plot: which objective has which colour, and how many of them are drawn."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from core.figures.arrays import Floats, nearly_same
from core.figures.figure import Axis
from core.figures.scales import AxisScale
from gui.plots.drawing.canvas import Canvas
from gui.plots.drawing.scatter import Indices
from gui.widgets.theme import LIGHT, Colours

COLOUR_STEPS = 64
"""The number of colours into which the objectives are sorted."""
BEST_SIZE, WORST_SIZE = 12.0, 7.0
"""How large the points are, in pixels, so that nobody has to tell hues apart."""
_WIDTH, _RING, _GAP = 11.0, 7.0, 6.0
_COLUMN, _BESIDE = 5, 14
"""Where it stands among the parts of the canvas, and how far from them in pixels: its heading from the legend, too."""
_DIGITS = 11
"""How wide the bar and its words are: so many digits."""


class ColourBar(pg.GraphicsWidget):  # type: ignore[misc]
    """Stands to the right of the canvas: a heading, what is beyond the scale, and the colours with their values.

    `brushes` and `sizes` are those of points from the best objective to the worst. The same share of the way has the
    same colour in the light and in the dark.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._shown: Axis | None = None
        self._levels = 0.0, 1.0
        self._colours = LIGHT
        self._best_first = _best_first()
        self.brushes: NDArray[np.object_] = np.array([pg.mkBrush(colour) for colour in self._best_first], object)
        self.sizes: Floats = np.linspace(BEST_SIZE, WORST_SIZE, COLOUR_STEPS)
        self._layout = canvas.plotItem.layout
        self._measure()
        canvas.plotItem.layout.addItem(self, 0, _COLUMN, 3, 1)

    # What it shows

    def levels(self) -> tuple[float, float]:
        """Return the ends of the scale that is shown."""
        return self._levels

    def show_scale(self, scale: Axis | None) -> None:
        """Let the colours reach about from one end of a scale to the other; without one it takes no room."""
        if scale == self._shown:
            return
        comes_or_goes = scale is None or self._shown is None
        self._shown = scale
        if scale is not None and not nearly_same(self._levels, scale.view):
            self._levels = scale.view
        if comes_or_goes:
            self._measure()
        self.update()

    def colours_of(self, places: Floats, scale: Axis | None) -> Indices:
        """Return the number of the brush of each place on the scale that is shown; the last without one."""
        if scale is None:
            return np.full(len(places), len(self.brushes) - 1)
        low, high = self._levels
        shares = (np.clip(places, low, high) - low) / (high - low)
        shares = 1 - shares if scale.higher_is_better else shares
        numbers: Indices = (shares * (len(self.brushes) - 1)).astype(int)
        return numbers

    @property
    def heading(self) -> str:
        """The longest name of the objective that there is room for; the shortest is cut."""
        scale = AxisScale("") if self._shown is None else self._shown.scale
        metrics, room = QFontMetricsF(self.font()), self.size().width()
        names = (scale.label, *scale.short_labels)
        fitting = (name for name in names if metrics.horizontalAdvance(name) <= room)
        return next(fitting, metrics.elidedText(names[-1], Qt.TextElideMode.ElideRight, room))

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """The shares of the way up, and the values there; that of the worst only if nothing is beyond."""
        if self._shown is None:
            return []
        low, high = self._levels
        apart = (high - low) / 2
        shown = [(share, self._shown.scale.written(low + 2 * share * apart, apart)) for share in (0.0, 0.5, 1.0)]
        worst = 0.0 if self._shown.higher_is_better else 1.0
        return [tick for tick in shown if not (self._shown.beyond and tick[0] == worst)]

    # How it is drawn

    def apply_colours(self, colours: Colours) -> None:
        """Write in the colours of this theme."""
        self._colours = colours
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
            self.update()

    def _measure(self) -> None:
        is_there = self._shown is not None  # hidden, it would be laid out wrongly when shown
        width = QFontMetricsF(self.font()).horizontalAdvance("0") * _DIGITS if is_there else 0.0
        self.setMinimumWidth(width)
        self.setMaximumWidth(width)
        self._layout.setColumnFixedWidth(_COLUMN - 1, _BESIDE if is_there else 0)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._shown is None:
            return
        line = QFontMetricsF(self.font()).height()
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._write(painter, 0.0, line / 2, self.heading)
        top, bottom = line + _GAP, self.size().height() - line / 2
        if self._shown.beyond:
            middle = bottom if self._shown.higher_is_better else top + line / 2
            painter.setPen(QPen(QColor(self._colours.faint_text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(_WIDTH / 2, middle), _RING / 2, _RING / 2)
            self._write(painter, _WIDTH + _GAP, middle, self._shown.beyond)
            room_above, room_below = (line / 2, line) if self._shown.higher_is_better else (line * 1.2, 0.0)
        else:
            room_above, room_below = line / 2, 0.0
        height = bottom - room_below - top - room_above
        self._paint_bar(painter, QRectF(0.5, top + room_above, _WIDTH, max(height, 1.0)))

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        """Paint the colours, the best at the end where good objectives are, and the values beside them."""
        assert self._shown is not None
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        upwards = self._best_first[::-1] if self._shown.higher_is_better else self._best_first
        for place, colour in enumerate(upwards):
            gradient.setColorAt(place / (COLOUR_STEPS - 1), QColor(*(int(part) for part in colour)))
        painter.setPen(QPen(QColor(self._colours.faint_text), 1))
        painter.setBrush(QBrush(gradient))
        painter.drawRect(bar)
        for share, text in self.ticks:
            self._write(painter, _WIDTH + _GAP, bar.bottom() - share * bar.height(), text)

    def _write(self, painter: QPainter, left: float, middle: float, text: str) -> None:
        metrics = QFontMetricsF(self.font())
        painter.setPen(QColor(self._colours.faint_text))
        area = QRectF(left, middle - metrics.height() / 2, self.size().width() - left, metrics.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def _best_first() -> NDArray[np.ubyte]:
    """Return the colours from the best objective, bright, to the worst, dark."""
    colours: NDArray[np.ubyte] = pg.colormap.get("viridis").getLookupTable(nPts=COLOUR_STEPS)
    return colours[::-1]
