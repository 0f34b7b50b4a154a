"""The chart of a target's values: bars of its classes, or a histogram of its numbers."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from core.figures.scales import AxisScale
from core.formatting import format_number
from core.tables.description import TargetProfile, Task
from gui.plots.drawing.axes import PlotAxis
from gui.plots.drawing.canvas import colour_axis
from gui.widgets.theme import Colours, Theme

_GAP = 8
_MARGIN = 10
_BAR = 0.62
"""The height of a bar, as a share of the height of its line."""
_NAME_SHARE = 0.4
"""The maximum width of the names, as a share of the whole width."""


class ClassBars(QWidget):
    """A line for each class: its name, a bar, the number of its rows and their share."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._classes: tuple[tuple[str, int], ...] = ()
        self._rest = ""
        self._rows = 0

    def show_classes(self, profile: TargetProfile) -> None:
        self._classes = profile.classes
        self._rows = profile.rows
        hidden = profile.distinct - len(profile.classes)
        self._rest = f"and {hidden:,} more {'class' if hidden == 1 else 'classes'}" if hidden > 0 else ""
        self.setMinimumHeight(self._line_height * (len(self._classes) + bool(self._rest)) + 2 * _MARGIN)
        self.update()

    def words(self) -> str:
        """Return the content of the chart as a sentence."""
        counted = (f"{name or 'empty'}: {self._count(count)}" for name, count in self._classes)
        return ", ".join([*counted, *([self._rest] if self._rest else [])])

    def sizeHint(self) -> QSize:
        return QSize(280, self._line_height * 8)

    @property
    def _line_height(self) -> int:
        return self.fontMetrics().height() + 8

    def _count(self, count: int) -> str:
        return f"{count:,} ({100 * count / max(self._rows, 1):.1f} %)"

    def paintEvent(self, _event: QPaintEvent) -> None:
        metrics, colours = self.fontMetrics(), self._theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.base))
        inside = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        names = max((metrics.horizontalAdvance(name) + 2 for name, _count in self._classes), default=0)
        names = min(names, int(inside.width() * _NAME_SHARE))
        counts = max((metrics.horizontalAdvance(self._count(count)) for _name, count in self._classes), default=0)
        longest = inside.width() - names - counts - 2 * _GAP
        most = max((count for _name, count in self._classes), default=1)
        line = QRectF(inside.x(), inside.y(), inside.width(), self._line_height)
        for name, count in self._classes:
            height = line.height() * _BAR
            top = line.center().y() - height / 2
            bar = QRectF(line.x() + names + _GAP, top, max(2.0, longest * count / most), height)
            painter.fillRect(bar, QColor(colours.training))
            painter.setPen(QColor(colours.text))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, names)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
            beside = QRectF(bar.right() + _GAP, line.y(), inside.width(), line.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, self._count(count))
            line.translate(0, line.height())
        painter.setPen(QColor(colours.faint_text))
        painter.drawText(line.adjusted(names + _GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._rest)
        painter.end()


class Histogram(pg.PlotWidget):  # type: ignore[misc]
    """The number of rows whose target lies in each interval."""

    def __init__(self) -> None:
        self._x_axis, self._y_axis = PlotAxis("bottom"), PlotAxis("left")
        super().__init__(axisItems={"bottom": self._x_axis, "left": self._y_axis}, enableMenu=False)
        self._bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self.addItem(self._bars)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.showGrid(x=False, y=True, alpha=0.25)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plotItem.layout.setContentsMargins(4, 8, 14, 4)

    def show_histogram(self, profile: TargetProfile, colours: Colours) -> None:
        edges, counts = np.array(profile.edges), np.array(profile.counts)
        self._x_axis.show_scale(AxisScale(profile.name[:40]))
        self._y_axis.show_scale(AxisScale("Rows", whole=True))
        pen = pg.mkPen(colours.base)
        self._bars.setOpts(x0=edges[:-1], x1=edges[1:], height=counts, brush=pg.mkBrush(colours.training), pen=pen)
        self.setXRange(edges[0], edges[-1], padding=0.02)
        self.setYRange(0, max(profile.counts) * 1.05, padding=0)

    def apply_colours(self, colours: Colours) -> None:
        self.setBackground(colours.base)
        for axis in (self._x_axis, self._y_axis):
            colour_axis(axis, colours)
        self._bars.setOpts(brush=pg.mkBrush(colours.training), pen=pg.mkPen(colours.base))


class TargetChart(QStackedWidget):
    """Shows the bars, the histogram, or nothing; its accessible description says what is drawn."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Values of the target")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._theme = theme
        self.nothing = QWidget()
        self.classes = ClassBars(theme)
        self.histogram = Histogram()
        for widget in (self.nothing, self.classes, self.histogram):
            self.addWidget(widget)
        theme.changed.connect(self._apply_colours)
        self._apply_colours(theme.colours)

    def show_target(self, profile: TargetProfile | None) -> None:
        words = ""
        if profile is None or not (profile.classes or profile.counts):
            self.setCurrentWidget(self.nothing)
        elif profile.task is Task.REGRESSION:
            self.histogram.show_histogram(profile, self._theme.colours)
            self.setCurrentWidget(self.histogram)
            low, high = format_number(profile.edges[0]), format_number(profile.edges[-1])
            words = f"{sum(profile.counts):,} numbers from {low} to {high}"
        else:
            self.classes.show_classes(profile)
            self.setCurrentWidget(self.classes)
            words = self.classes.words()
        self.setAccessibleDescription(words)
        for shown in (self.classes, self.histogram):
            shown.setAccessibleName(words)

    def _apply_colours(self, colours: Colours) -> None:
        self.histogram.apply_colours(colours)
        self.classes.update()
