"""The plot of a map: what is believed over two parameters, in steps of colour, and where the trials were."""

import math

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QMenu

from core.analysis.questions import Quantity
from core.events import TrialState
from core.figures.belief_map import EXCLUDED, MapFigure, Steps, figure, title_of
from core.figures.figure import Axis
from core.figures.parameter_axis import parameter_axes
from core.figures.scales import AxisScale
from core.figures.slices import objective_scale
from core.figures.table import Table
from core.figures.view import ScaleChoice
from core.words.believed import no_map_yet
from gui.insight.analyst import Analyst
from gui.insight.kept import Kept
from gui.insight.painting import marks
from gui.insight.painting.axes import Pane, draw_upright
from gui.insight.painting.look import Look
from gui.insight.painting.viridis import steps_from_best
from gui.insight.plot import InsightPlot
from gui.insight.spots import Spot
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.fields import literal
from gui.widgets.measures import scaled
from gui.widgets.theme import LIGHT, Theme, mixed

_HELP = (
    "The colour is what is believed at both values together, while all other parameters stay at the slice. A point has "
    "the colour of its own result: one that differs from its ground is a surprise, or noise."
)
_PROMISE = Words("Where both are best together", "")
_NAMES = {Quantity.MEAN: "Mean", Quantity.DEVIATION: "Deviation", Quantity.IMPROVEMENT: "Expected improvement"}
_TOP, _BOTTOM, _BAR, _BAR_GAP = 8.0, 42.0, 13.0, 9.0
_FINENESS = 2
"""The map is computed for so many points a pixel, so that its edges are smooth."""
_MOST_POINTS = 250_000
_RIM = 1.4
_CONTOUR = 0.45
"""How light the lines between steps are."""


class MapPlot(InsightPlot):
    """Shows the analyst's map on the scale of the slices. `pair_wanted` has the names of two parameters."""

    pair_wanted = Signal(str, str)

    def __init__(self, session: Session, theme: Theme, analyst: Analyst, folders: Folders) -> None:
        super().__init__(session, theme, "Map of a pair", help=_HELP, promise=_PROMISE, folders=folders)
        self._analyst = analyst
        self.choice = ScaleChoice.AUTOMATIC
        self._image: Kept[QImage] = Kept()
        self.quantity_box = QComboBox()
        for quantity, name in _NAMES.items():
            self.quantity_box.addItem(name, quantity)
        self.quantity_box.setAccessibleName("What the map shows")
        self.quantity_box.view().setMinimumWidth(self.quantity_box.sizeHint().width())
        self.quantity_box.currentIndexChanged.connect(self._on_quantity)
        self._fit_box()
        self.add_control(self.quantity_box)
        self.pairs = QMenu(literal("Pair"))
        self.pairs.aboutToShow.connect(self._offer_pairs)
        self.menu.add_choice(self.pairs)
        self._kept: Kept[MapFigure] = Kept()
        analyst.changed.connect(self._on_answer)

    # The figure

    @property
    def quantity(self) -> Quantity:
        """What is shown."""
        return Quantity(self.quantity_box.currentData())

    def set_choice(self, choice: ScaleChoice) -> None:
        """Divide the colours as the slices divide their axis."""
        self.choice = choice
        self.refresh()

    @property
    def figure(self) -> MapFigure | None:
        """What is drawn, made anew when something of it has changed."""
        progress, analyst = self.session.progress, self._analyst
        if progress is None or analyst.map is None:
            return None
        hides, answer = self.session.linking.hides_failed, analyst.map
        key = analyst.after, self.choice, self.quantity, hides, len(progress.finished), tuple(progress.under_way)
        return self._kept.get(
            (progress, answer, analyst.belief),
            key,
            lambda: figure(
                progress,
                answer,
                objective_scale(progress, analyst.belief, analyst.after, self.choice),
                analyst.belief,
                self.quantity,
                after=analyst.after,
                hides_failed=hides,
            ),
        )

    def _on_quantity(self) -> None:
        self._fit_box()
        self.refresh()

    def _fit_box(self) -> None:
        """Let the box be as wide as what it says: the title needs the room."""
        words = self.quantity_box.fontMetrics().horizontalAdvance(self.quantity_box.currentText())
        self.quantity_box.setFixedWidth(words + scaled(self, 40))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_box()

    def _on_answer(self) -> None:
        self.refresh()

    def is_empty(self) -> str:
        progress, analyst = self.session.progress, self._analyst
        if progress is None:
            return "The belief over two parameters is drawn here as a map."
        if analyst.map is not None:
            return ""
        return analyst.reason_of("map") or no_map_yet(progress.settings)

    def summary(self) -> str:
        return "" if self.figure is None else f"{self.figure.title}. {self.figure.summary}"

    def table(self) -> Table | None:
        return None if self.figure is None else self.figure.table()

    def paint_again(self) -> None:
        progress, pair = self.session.progress, self._analyst.pair
        self.show_title("Map of a pair" if progress is None or pair is None else title_of(progress.settings, *pair))
        super().paint_again()

    # Pairs

    def _offer_pairs(self) -> None:
        self.pairs.clear()
        progress = self.session.progress
        if progress is None:
            return
        axes = parameter_axes(progress.settings)
        names = list(axes)
        for side, label in enumerate(("Across", "Up")):
            menu = self.pairs.addMenu(label)
            for name in names:
                action = menu.addAction(literal(axes[name].label))
                action.setCheckable(True)
                action.setChecked(self._analyst.pair is not None and self._analyst.pair[side] == name)
                action.setData((side, name))
                action.triggered.connect(self._on_pair)

    def _on_pair(self) -> None:
        action, pair = self.sender(), self._analyst.pair
        if not isinstance(action, QAction) or pair is None:
            return
        side, name = action.data()
        other = pair[1 - side] if pair[1 - side] != name else pair[side]
        self.pair_wanted.emit(*((name, other) if side == 0 else (other, name)))

    # Painting

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> list[Spot]:
        drawn = self.figure
        if drawn is None:
            return []
        bar_labels = max((QFontMetricsF(look.normal).horizontalAdvance(text) for _, text in drawn.ticks), default=0.0)
        left = area.left() + look.px(24) + self._width_of_labels(drawn, look)
        right = area.right() - look.px(_BAR + _BAR_GAP + 12) - bar_labels
        rect = QRectF(left, area.top() + look.px(_TOP), right - left, area.height() - look.px(_TOP + _BOTTOM))
        pane = Pane(
            rect,
            Axis(AxisScale(drawn.across.caption, names=drawn.across.names), (0.0, 1.0)),
            Axis(AxisScale(drawn.up.label), (0.0, 1.0)),
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, self._map_image(drawn, rect, look))
        spots = self._paint_marks(painter, pane, drawn, look)
        pane.draw_frame(painter, look)
        self._paint_axes(painter, area, pane, drawn, look)
        bar = QRectF(rect.right() + look.px(_BAR_GAP), rect.top(), look.px(_BAR), rect.height())
        self._paint_bar(painter, bar, drawn, look)
        return spots

    @staticmethod
    def _width_of_labels(drawn: MapFigure, look: Look) -> float:
        metrics = QFontMetricsF(look.normal)
        widest = max((metrics.horizontalAdvance(text) for _, text in drawn.up.ticks(200, 22)), default=0.0)
        return min(widest, look.px(90)) + look.px(9)

    def _colours(self, drawn: MapFigure, look: Look) -> list[QColor]:
        """Return the colour of each step: the better, the farther from the ground; a spread is the belief's colour."""
        if drawn.quantity is Quantity.MEAN:
            return steps_from_best(drawn.count, dark=_is_dark(look))
        colours = look.colours
        return [
            mixed(colours.base, colours.accent, 0.06 + 0.84 * step / max(1, drawn.count - 1))
            for step in range(drawn.count)
        ]

    def _map_image(self, drawn: MapFigure, rect: QRectF, look: Look) -> QImage:
        area = max(1.0, rect.width() * rect.height())
        fineness = min(_FINENESS * (1 if look.is_picture else look.ratio), math.sqrt(_MOST_POINTS / area))
        width, height = max(2, round(rect.width() * fineness)), max(2, round(rect.height() * fineness))
        return self._image.get(
            (drawn, look.colours),
            (width, height),
            lambda: _image_of(drawn.steps(width, height), self._colours(drawn, look), look),
        )

    def _paint_marks(self, painter: QPainter, pane: Pane, drawn: MapFigure, look: Look) -> list[Spot]:
        light = Look.of(LIGHT, self.font(), ratio=look.ratio, is_picture=look.is_picture)
        white = QColor(LIGHT.base)
        colours = self._colours(drawn, look)
        self._paint_cross(painter, pane, drawn)
        spots, best = [], None
        for point in drawn.points:
            at = pane.at(point.x, point.y)
            spots.append(Spot(point.trial, at, 5.0))
            if point.step != EXCLUDED:
                fill = colours[point.step] if drawn.quantity is Quantity.MEAN else QColor(LIGHT.text)
                _disc(painter, at, look.px(9.6), QColor(LIGHT.text))
                marks.observed(painter, at, look.px(7.4), fill, white, look.px(_RIM))
            elif point.state is TrialState.FAILED:
                _cross(painter, at, light, white)
            else:
                marks.skipped_circle(painter, at, light)
            best = at if point.trial == drawn.best else best
        for _number, place in drawn.running:
            _rimmed_diamond(painter, pane.at(*place), light, white, filled=False)
        if best is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(white, look.px(4)))
            painter.drawEllipse(best, look.px(8.2), look.px(8.2))
            marks.best_ring(painter, best, light, 16.4)
        if drawn.next is not None:
            _rimmed_diamond(painter, pane.at(*drawn.next), light, white, filled=True)
        return spots

    @staticmethod
    def _paint_cross(painter: QPainter, pane: Pane, drawn: MapFigure) -> None:
        """Draw where the slices are, as lines over the whole map."""
        if drawn.through is None:
            return
        x, y = pane.across(drawn.through[0]), pane.up(drawn.through[1])
        rect = pane.rect
        painter.setPen(QPen(QColor(255, 255, 255, 190), 1))
        if not drawn.across.lanes:
            painter.drawLine(QLineF(x, rect.top(), x, rect.bottom()))
        if not drawn.up.lanes:
            painter.drawLine(QLineF(rect.left(), y, rect.right(), y))

    @staticmethod
    def _paint_axes(painter: QPainter, area: QRectF, pane: Pane, drawn: MapFigure, look: Look) -> None:
        across = [tick for tick in drawn.across.ticks(pane.rect.width()) if tick[1]]
        pane.draw_ticks_x(painter, look, across, title=drawn.across.caption)
        room = look.px(90)
        metrics = QFontMetricsF(look.normal)
        up = [
            (at, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
            for at, text in drawn.up.ticks(pane.rect.height(), 22)
            if text
        ]
        pane.draw_ticks_y(painter, look, up)
        middle = QPointF(area.left() + look.px(13), pane.rect.center().y())
        draw_upright(painter, middle, drawn.up.caption, look, pane.rect.height())

    def _paint_bar(self, painter: QPainter, bar: QRectF, drawn: MapFigure, look: Look) -> None:
        """Paint the bar of colours with its labels."""
        colours = self._colours(drawn, look)
        for place in range(drawn.count):
            step = place if drawn.rises else drawn.count - 1 - place
            top = bar.bottom() - float(drawn.bounds[place + 1]) * bar.height()
            bottom = bar.bottom() - float(drawn.bounds[place]) * bar.height()
            painter.fillRect(QRectF(bar.left(), top, bar.width(), bottom - top + 0.5), colours[step])
        painter.setPen(QPen(look.colour("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        metrics = QFontMetricsF(look.normal)
        painter.setFont(look.normal)
        last = bar.bottom() + look.px(40)
        for place, text in sorted(drawn.ticks):
            y = bar.bottom() - place * bar.height()
            if last - y < metrics.height() * 0.95 and place < 1:
                continue
            last = y
            painter.setPen(QPen(look.colour("grid"), 1))
            painter.drawLine(QLineF(bar.right(), y, bar.right() + 4, y))
            painter.setPen(look.colour("faint_text"))
            room = QRectF(bar.right() + look.px(6), y - metrics.height() / 2, look.px(120), metrics.height())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)


def _is_dark(look: Look) -> bool:
    return QColor(look.colours.base).lightnessF() < 0.5


def _image_of(steps: Steps, colours: list[QColor], look: Look) -> QImage:
    """Return the steps as an image, with light lines between them."""
    table = np.array([[c.red(), c.green(), c.blue()] for c in [*colours, QColor(look.colours.base)]], np.float64)
    pixels = table[steps]
    known = steps != EXCLUDED
    edge = np.zeros(steps.shape, bool)
    edge[:-1] |= (steps[:-1] != steps[1:]) & known[:-1] & known[1:]
    edge[:, :-1] |= (steps[:, :-1] != steps[:, 1:]) & known[:, :-1] & known[:, 1:]
    pixels[edge] += (255 - pixels[edge]) * _CONTOUR
    whole = np.ascontiguousarray(np.dstack([pixels.round().astype(np.uint8), np.full(steps.shape, 255, np.uint8)]))
    height, width = steps.shape
    return QImage(whole.data, width, height, 4 * width, QImage.Format.Format_RGBX8888).copy()


def _disc(painter: QPainter, at: QPointF, size: float, shade: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawEllipse(at, size / 2, size / 2)


def _cross(painter: QPainter, at: QPointF, look: Look, rim: QColor) -> None:
    arm = look.px(4.2)
    painter.setPen(QPen(rim, look.px(4), Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
    painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm))
    painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm))
    marks.failed_cross(painter, at, look, 8)


def _rimmed_diamond(painter: QPainter, at: QPointF, look: Look, rim: QColor, *, filled: bool) -> None:
    half = look.px(7)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(rim)
    painter.drawPolygon([at + QPointF(0, -half), at + QPointF(half, 0), at + QPointF(0, half), at + QPointF(-half, 0)])
    marks.diamond(painter, at, look, filled=filled, size=10)
