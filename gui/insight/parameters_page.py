"""The page Parameters: what explains the differences, all trials on parallel axes, and each parameter alone."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from core.words import importance as words
from gui.insight.all_trials import AllTrials
from gui.insight.analyst import Analyst
from gui.insight.importance_plot import ImportancePlot
from gui.insight.over_plot import OverPlot
from gui.insight.parallel_plot import ParallelPlot
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.brief_label import BriefLabel
from gui.widgets.marks import FAINT
from gui.widgets.measures import BODY, HEADLINE, scaled, type_of
from gui.widgets.theme import Theme
from gui.widgets.turns import turns

_SIDE, _GAP = 8, 8
_BARS, _MOST_BARS = 424, 560
"""How wide the bars are, and at most."""
_UPPER, _LOWER = 300, 213
"""How the plots share the height: about so many pixels each at the least height of the page."""
_MOST_LOWER = 330
_NARROW, _LOW_BARS, _ANY = 900, 204, 16777215
"""A page that is narrower has the bars, which are lower then, above the lines; and Qt's number for no limit."""
_LEAST_UPPER, _LEAST_LOWER = 222, 190
"""The least heights at which what is drawn can be read: a page that gets less scrolls."""
_LINES = 2
"""A page that is too narrow for a sentence has it on so many lines at most."""


class ParametersPage(QWidget):
    """`answer` says what matters, `sure` how sure that is.

    `pair_chosen` (two names): the user wants the map of a pair.
    """

    pair_chosen = Signal(str, str)

    def __init__(
        self, session: Session, theme: Theme, analyst: Analyst, folders: Folders, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.analyst = session, analyst
        self.trials = AllTrials(session, self)
        self.answer = BriefLabel("What matters", self)
        self.sure = BriefLabel("How sure that is", self)
        self.sure.setForegroundRole(FAINT)
        self.bars = ImportancePlot(session, theme, analyst, folders)
        self.parallel = ParallelPlot(session, theme, self.trials, folders)
        self.over = OverPlot(session, theme, self.trials, folders)
        self.plots = self.bars, self.parallel, self.over
        self.bars.pair_chosen.connect(self.pair_chosen)
        self._lay_out()
        self._measure()
        analyst.changed.connect(self._later)
        self.trials.changed.connect(self._later)
        self._say()

    def _lay_out(self) -> None:
        self._upper = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._upper.setSpacing(_GAP)
        self._upper.addWidget(self.bars)
        self._upper.addWidget(self.parallel, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._words = QVBoxLayout()
        self._words.setContentsMargins(_SIDE, 2, _SIDE, 2)
        self._words.setSpacing(2)
        self._words.addWidget(self.answer)
        self._words.addWidget(self.sure)
        column.addLayout(self._words)
        column.addLayout(self._upper, _UPPER)
        column.addSpacing(4)
        column.addWidget(self.over, _LOWER)

    @property
    def _is_narrow(self) -> bool:
        """Whether there is no room for bars and lines beside each other."""
        return self.width() < scaled(self, _NARROW)

    def _measure(self) -> None:
        """Let lengths grow with the letters and the window."""
        self.answer.setFont(type_of(self.font(), HEADLINE))
        self.sure.setFont(type_of(self.font(), BODY))
        is_narrow = self._is_narrow
        direction = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._upper.setDirection(direction)
        wide = min(max(scaled(self, _BARS), self.width() * 32 // 100), scaled(self, _MOST_BARS))
        self.bars.setMinimumWidth(0 if is_narrow else wide)
        self.bars.setMaximumWidth(_ANY if is_narrow else wide)
        self.bars.setMaximumHeight(scaled(self, _LOW_BARS) if is_narrow else _ANY)
        self.bars.setMinimumHeight(scaled(self, _LOW_BARS) if is_narrow else 0)
        self.parallel.setMinimumHeight(scaled(self, _LEAST_UPPER))
        self.over.setMinimumHeight(scaled(self, _LEAST_LOWER))
        self.over.setMaximumHeight(scaled(self, _MOST_LOWER))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        self._later()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    # What is wanted while it can be seen

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want(wanted=True)
        self._say()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._want(wanted=False)

    def _want(self, *, wanted: bool) -> None:
        self.analyst.want("importance", wanted, by=self)
        self.analyst.want("trust", wanted, by=self)

    # What is said

    def _later(self) -> None:
        turns().ask(self, self._say, words=True)

    @property
    def _moment(self) -> int | None:
        """After how many ended trials that is what is told; None for all of them."""
        return self.analyst.after if self.analyst.importance is None else self.analyst.importance_moment

    def _say(self) -> None:
        """Say what there is to say; nobody hears it while the page is hidden."""
        if not self.isVisible():
            return
        progress, answer = self.session.progress, self.analyst.importance
        after, shown = self.analyst.after, self._moment
        results = 0 if progress is None else progress.results_after(shown)
        reason = self.analyst.reason_of("importance")
        trust = self.analyst.trust if shown == self.analyst.moment else None
        sure = words.sure_in_words(progress, answer, trust, results) + words.past_in_words(shown, after)
        self.answer.say((words.answer_in_words(progress, answer, results, reason, shown),), _LINES)
        self.sure.say((sure,), _LINES)
        linking = self.session.linking
        brushed = None if linking.brushed is None else len(linking.brushed)
        said = words.page_in_words(progress, answer, results, brushed, shown)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        if answer is not None and (answer.resamples or not self.trials.order):
            self.trials.set_order([share.parameter for share in answer.shares])
