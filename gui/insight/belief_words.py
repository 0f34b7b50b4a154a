"""What the page Belief says: its answer, how sure that is, and the steps to come while it is too early."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.analysis.answers import BeliefAnswer
from core.analysis.when import belief_from
from core.progress import StudyProgress
from core.words.believed import NEXT, answer_in_words, belief_read_out, steps_to_come, sure_in_words, too_early
from gui.insight.analyst import Analyst
from gui.insight.steps import Steps
from gui.widgets.brief_label import BriefLabel
from gui.widgets.measures import HEADLINE, scaled, type_of
from gui.widgets.theme import Theme

_ANSWER = 24
_BESIDE = 8
_LINES = 2
"""A page that is too narrow for a sentence has it on so many lines at most."""


class BeliefWords(QWidget):
    """Two sentences, or one and the steps."""

    def __init__(self, theme: Theme, analyst: Analyst) -> None:
        super().__init__()
        self._theme, self._analyst = theme, analyst
        self.answer, self.sure = BriefLabel("Answer", self), BriefLabel("How sure", self)
        self.steps = Steps(theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(_BESIDE, 0, _BESIDE, 0)
        column.setSpacing(0)
        for part in (self.answer, self.sure, self.steps):
            column.addWidget(part)
        self._measure()

    def _measure(self) -> None:
        self.answer.setFont(type_of(self.font(), HEADLINE))
        self.answer.setMinimumHeight(scaled(self, _ANSWER))
        for label in (self.answer, self.sure):
            label.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def say(self, progress: StudyProgress | None) -> None:
        """Say what is known of a study now, or that there is none."""
        belief = None if progress is None else self._belief()
        if progress is None:
            self._show("Without a study there is nothing to believe.")
        elif belief is not None:
            after = self._analyst.moment
            sure = sure_in_words(progress, belief, now=after is None)
            self._show(answer_in_words(progress, belief, self._analyst.trust, after), sure)
        elif self._analyst.reason_of("belief"):
            self._show(self._analyst.reason_of("belief"))
        else:
            self._say_what_is_awaited(progress)

    def _say_what_is_awaited(self, progress: StudyProgress) -> None:
        count = progress.results_after(self._analyst.moment)
        early = count < belief_from(len(progress.settings.varied))
        self.steps.show_steps(steps_to_come(progress, count), count)
        self._show(too_early(progress, count) if early else "What the search believes is being computed.", early=early)

    def _show(self, answer: str, sure: str = "", *, early: bool = False) -> None:
        accent = self._theme.colours.accent
        self.answer.say((answer,), _LINES)
        self.sure.say((sure.replace(NEXT, f'<span style="color: {accent}">{NEXT}</span>'),), _LINES)
        self.sure.setVisible(not early)
        self.steps.setVisible(early)

    def read_out(self, progress: StudyProgress | None) -> str:
        """Return the page in plain words; empty while nothing is believed."""
        belief = None if progress is None else self._belief()
        if belief is None or progress is None:
            return ""
        return belief_read_out(progress, belief, self._analyst.trust)

    def _belief(self) -> BeliefAnswer | None:
        """Return the belief through the best trial: what is told does not follow the lines.

        While the slices are through it, too, it is theirs, so that both are of one moment.
        """
        analyst, belief = self._analyst, self._analyst.belief
        if belief is not None and analyst.through is None and belief.through_trial is not None and not belief.averaged:
            return belief
        return analyst.best or belief
