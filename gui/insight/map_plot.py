"""The plot of a map: what is believed over two parameters, in steps of colour, and where the trials were."""

from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QComboBox

from core.analysis.questions import Quantity
from core.figures.belief_map import MapFigure, figure, title_of
from core.figures.slices import objective_scale
from core.figures.table import Table
from core.figures.view import ScaleChoice
from core.words.believed import no_map_yet
from gui.insight.analyst import Analyst
from gui.insight.kept import Kept
from gui.insight.map_painting import MapPainter
from gui.insight.painting.look import Look
from gui.insight.pair_menu import PairMenu
from gui.insight.plot import InsightPlot
from gui.insight.spots import Spot
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.measures import scaled
from gui.widgets.theme import LIGHT, Theme

_HELP = (
    "The colour is what is believed at both values together, while all other parameters stay at the slice. A point has "
    "the colour of its own result: one that differs from its ground is a surprise, or noise."
)
_PROMISE = Words("Where both are best together", "")
_NAMES = {Quantity.MEAN: "Mean", Quantity.DEVIATION: "Deviation", Quantity.IMPROVEMENT: "Expected improvement"}


class MapPlot(InsightPlot):
    """Shows the analyst's map on the scale of the slices. `pair_wanted` has the names of two parameters."""

    pair_wanted = Signal(str, str)

    def __init__(self, session: Session, theme: Theme, analyst: Analyst, folders: Folders) -> None:
        super().__init__(session, theme, "Map of a pair", help=_HELP, promise=_PROMISE, folders=folders)
        self._analyst = analyst
        self._image: Kept[QImage] = Kept()
        self.quantity_box = QComboBox()
        for quantity, name in _NAMES.items():
            self.quantity_box.addItem(name, quantity)
        self.quantity_box.setAccessibleName("What the map shows")
        self.quantity_box.view().setMinimumWidth(self.quantity_box.sizeHint().width())
        self.quantity_box.currentIndexChanged.connect(self._on_quantity)
        self._fit_box()
        self.add_control(self.quantity_box)
        self.pairs = PairMenu("Pair", session, analyst, self)
        self.pairs.chosen.connect(self.pair_wanted)
        self.menu.add_choice(self.pairs)
        self._kept: Kept[MapFigure] = Kept()
        analyst.changed.connect(self._on_answer)
        session.linking.scale_changed.connect(self.refresh)

    # The figure

    @property
    def quantity(self) -> Quantity:
        """What is shown."""
        return Quantity(self.quantity_box.currentData())

    @property
    def choice(self) -> ScaleChoice:
        """How the colours are to be divided: as the slices divide their axis."""
        return self.session.linking.scale

    @property
    def figure(self) -> MapFigure | None:
        """What is drawn, made anew when something of it has changed."""
        progress, analyst = self.session.progress, self._analyst
        if progress is None or analyst.map is None:
            return None
        hides, answer = self.session.linking.hides_failed, analyst.map
        key = analyst.moment, self.choice, self.quantity, hides, len(progress.finished), tuple(progress.under_way)
        return self._kept.get(
            (progress, answer, analyst.belief),
            key,
            lambda: figure(
                progress,
                answer,
                objective_scale(progress, analyst.belief, analyst.moment, self.choice),
                analyst.belief,
                self.quantity,
                after=analyst.moment,
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
        reason = analyst.reason_of("map") or analyst.reason_of("belief")  # without a belief no pair is chosen
        return reason or no_map_yet(progress, progress.results_after(analyst.moment))

    def summary(self) -> str:
        return "" if self.figure is None else f"{self.figure.title}. {self.figure.summary}"

    def table(self) -> Table | None:
        return None if self.figure is None else self.figure.table

    def paint_again(self) -> None:
        progress, pair = self.session.progress, self._analyst.pair
        self.show_title("Map of a pair" if progress is None or pair is None else title_of(progress.settings, *pair))
        super().paint_again()

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> list[Spot]:
        drawn = self.figure
        if drawn is None:
            return []
        return MapPainter(drawn, look, Look.of(LIGHT, self.font(), ratio=look.ratio), self._image).paint(painter, area)
