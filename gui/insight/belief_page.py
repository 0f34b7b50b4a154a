"""The page Belief: what the search thinks of each parameter, how sure it is, and how far that can be trusted."""

from PySide6.QtCore import QRect, QSize, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.analysis.when import belief_from
from core.figures.belief_map import oriented, pair_to_show
from core.figures.parameter_axis import parameter_axes
from core.figures.slices import MOST_PANELS
from core.progress import StudyProgress
from gui.insight.analyst import Analyst, Kind
from gui.insight.belief_words import BeliefWords
from gui.insight.map_plot import MapPlot
from gui.insight.past_slider import PastSlider
from gui.insight.slices_layout import rows_of
from gui.insight.slices_plot import SlicesPlot
from gui.insight.trust_plot import TrustPlot
from gui.program.folders import Folders
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.fields import TickField, give_tip
from gui.widgets.measures import scaled
from gui.widgets.theme import Theme
from gui.widgets.turns import turns

_BESIDE = 3
"""Up to so many varied parameters have map and trust at their right, more have them below."""
_COLUMN, _GAP, _BETWEEN, _TRUST_WIDTH = 384, 8, 4, 490
_TRUST, _ROW, _TALLEST = 218, 180, 300
_NARROW, _ROW_OF_NARROW = 700, 218
"""A page that is narrower has map and trust below the slices of few parameters, too, and its words need more lines."""
_LEAST_SLICES, _LEAST_BESIDE = {1: 290, 2: 480}, 320
"""The least height of slices by their rows, and of all plots where map and trust stand beside them: what is drawn can
be read then. A page that gets less scrolls."""
_PANEL, _AXIS = 420, 85
"""The most of a panel's width, and what stands beside panels."""
_WANTED: tuple[Kind, ...] = ("belief", "map", "trust", "best")


class BeliefPage(QWidget):
    """Answer, how sure it is, slices, map and trust. `bar` holds what concerns the whole page, for the row of tabs."""

    def __init__(self, session: Session, theme: Theme, analyst: Analyst, folders: Folders) -> None:
        super().__init__()
        self._session, self._theme, self._analyst = session, theme, analyst
        self.setAccessibleName("Belief")
        self.words = BeliefWords(theme, analyst)
        self.answer, self.sure, self.steps = self.words.answer, self.words.sure, self.words.steps
        self.slices = SlicesPlot(session, theme, analyst, folders)
        self.map = MapPlot(session, theme, analyst, folders)
        self.trust = TrustPlot(session, theme, analyst, folders)
        self.plots = _Plots(self.slices, self.map, self.trust)
        self.bar = self._make_bar()
        self._lay_out()
        self._connect()
        self._show()

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        self.averaged_box = TickField("Averaged over the others")
        give_tip(
            self.averaged_box,
            "Show for each value the mean over all values of the others, instead of a slice through one point.",
        )
        self.past = PastSlider()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(24)
        row.addWidget(self.averaged_box)
        row.addWidget(self.past)
        return bar

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.words)
        column.addWidget(self.plots, 1)

    def _connect(self) -> None:
        self._session.changed.connect(self._on_changed)
        self._analyst.changed.connect(self._on_answer)
        self._theme.changed.connect(self._show)
        self.averaged_box.toggled.connect(self._analyst.set_averaged)
        self.past.chosen.connect(self._analyst.set_after)
        for plot in (self.slices, self.map):
            plot.pair_wanted.connect(self.show_pair)

    # What is wanted

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for kind in _WANTED:
            self._analyst.want(kind, True, by=self)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for kind in _WANTED:
            self._analyst.want(kind, False, by=self)

    @Slot(str, str)
    def show_pair(self, one: str, other: str) -> None:
        """Show these two parameters on the map, numbers across."""
        progress = self._session.progress
        if progress is not None and one != other:
            self._analyst.set_pair(oriented(parameter_axes(progress.settings), one, other))

    def _choose_pair(self, progress: StudyProgress) -> None:
        """Let the map show a pair as soon as there is a study with one."""
        early = progress.results_after(self._analyst.after) < belief_from(len(progress.settings.varied))
        if self._analyst.pair is None and (early or self._analyst.belief is not None):
            self._analyst.set_pair(pair_to_show(progress, self._ranked))

    @property
    def _ranked(self) -> list[str]:
        """The parameters by what can be told of them: those that matter most, or of which a slice tells something."""
        importance, belief = self._analyst.importance, self._analyst.belief
        if importance is not None:
            return [share.parameter for share in importance.shares]
        told = [] if belief is None else [one for one in belief.slices if one.told]
        told.sort(key=lambda one: sum(one.as_good) / len(one.as_good))  # the narrower, the more it matters
        return [one.parameter for one in told] if len(told) > 1 else []

    # What is new

    def _on_changed(self, changes: Changes) -> None:
        if changes.replaced or changes.in_rows:
            self._ask()
            for plot in (self.slices, self.map, self.trust):
                plot.refresh()

    def _on_answer(self) -> None:
        self._ask()

    def _ask(self) -> None:
        if self.isVisible():
            turns().ask(self, self._show, words=True)

    # What is said

    def _show(self) -> None:
        progress, answer = self._session.progress, self._analyst.belief
        varied = 0 if progress is None else len(progress.settings.varied)
        if progress is not None and varied > 1:
            self._choose_pair(progress)
        self.words.say(progress)
        said = self.words.read_out(progress)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        self.averaged_box.setEnabled(answer is not None and varied > 1)
        self.averaged_box.blockSignals(True)
        self.averaged_box.setChecked(self._analyst.averaged)
        self.averaged_box.blockSignals(False)
        self._show_past(progress)
        self.plots.arrange(varied)

    def _show_past(self, progress: StudyProgress | None) -> None:
        """Show which belief it is; before there is one, there is nothing to step through."""
        first = None if progress is None else progress.first_with(belief_from(len(progress.settings.varied)))
        self.past.setVisible(first is not None)
        if progress is not None and first is not None:
            self.past.show_place(self._analyst.after, first, len(progress.finished))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.plots.arrange()


class _Plots(QWidget):
    """Places the plots: beside the slices of few parameters, below those of more."""

    def __init__(self, slices: SlicesPlot, map_: MapPlot, trust: TrustPlot) -> None:
        super().__init__()
        self._slices, self._map, self._trust = slices, map_, trust
        self._varied = 0
        for plot in (slices, map_, trust):
            plot.setParent(self)

    @property
    def _is_narrow(self) -> bool:
        return self.width() < scaled(self, _NARROW)

    @property
    def _is_beside(self) -> bool:
        """Whether map and trust stand at the right of the slices."""
        return self._varied < 2 or (self._varied <= _BESIDE and not self._is_narrow)

    @property
    def _row(self) -> int:
        """The height that map and trust need below the slices."""
        return scaled(self, _ROW_OF_NARROW if self._is_narrow else _ROW)

    @property
    def _least_slices(self) -> int:
        rows = rows_of(min(self._varied, MOST_PANELS), self.width(), scaled(self, 100) / 100)
        return scaled(self, _LEAST_SLICES[rows])

    def minimumSizeHint(self) -> QSize:
        """Return the least size, which the width has a say in."""
        if self._is_beside:
            return QSize(0, scaled(self, _LEAST_BESIDE))
        return QSize(0, self._least_slices + scaled(self, _BETWEEN) + self._row)

    def arrange(self, varied: int | None = None) -> None:
        """Place them for so many varied parameters, or for as many as before."""
        self._varied = self._varied if varied is None else varied
        self._map.setVisible(self._varied > 1)
        self.updateGeometry()
        if self._is_beside:
            self._place_beside()
        else:
            self._place_below()

    def _place_beside(self) -> None:
        width, height = self.width(), self.height()
        panels = scaled(self, _AXIS) + self._varied * scaled(self, _PANEL + 13)
        column = max(scaled(self, _COLUMN), width - panels)
        column, gap, between = min(column, width // 2), scaled(self, _GAP), scaled(self, _BETWEEN)
        left = width - column
        self._slices.setGeometry(QRect(0, 0, left - gap, height))
        if self._varied < 2:
            self._trust.setGeometry(QRect(left, 0, column, height))
            return
        trust = min(max(scaled(self, _TRUST), round(0.36 * height)), scaled(self, _TALLEST), height // 2)
        self._map.setGeometry(QRect(left, 0, column, height - trust - between))
        self._trust.setGeometry(QRect(left, height - trust, column, trust))

    def _place_below(self) -> None:
        width, height, gap = self.width(), self.height(), scaled(self, _GAP)
        row = min(max(self._row, round(0.36 * height)), scaled(self, _TALLEST), height - self._least_slices)
        row = max(row, self._row)
        trust = min(scaled(self, _TRUST_WIDTH), width // 2)
        between = scaled(self, _BETWEEN)
        self._slices.setGeometry(QRect(0, 0, width, height - row - between))
        self._trust.setGeometry(QRect(0, height - row, trust, row))
        self._map.setGeometry(QRect(trust + gap, height - row, width - trust - gap, row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()
