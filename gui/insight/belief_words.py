"""What the page Belief says: its answer, how sure that is, and the steps to come while it is too early."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.analysis.answers import BeliefAnswer
from core.analysis.when import belief_from, results
from core.figures.bounds import bounds_of
from core.figures.slices import is_at_best
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
        self._at_best: tuple[int | None, BeliefAnswer] | None = None
        """The latest belief through the best trial, and after how many trials it was."""
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

    def forget(self) -> None:
        """Forget the belief of a study that is not shown any more."""
        self._at_best = None

    def say(self, progress: StudyProgress | None) -> None:
        """Say what is known of a study now, or that there is none."""
        belief = None if progress is None else self._belief_at_best(progress)
        if progress is None:
            self._show("Without a study there is nothing to believe.")
        elif belief is not None:
            after, bounds = self._analyst.after, bounds_of(progress.objective.quantity, progress.settings)
            sure = sure_in_words(progress, belief, now=after is None, bounds=bounds)
            self._show(answer_in_words(progress, belief, after), sure)
        elif self._analyst.reason_of("belief"):
            self._show(self._analyst.reason_of("belief"))
        else:
            self._say_what_is_awaited(progress)

    def _say_what_is_awaited(self, progress: StudyProgress) -> None:
        count = len(results(progress, self._analyst.after))
        early = count < belief_from(len(progress.settings.varied))
        self.steps.show_steps(steps_to_come(progress.settings, count), count)
        self._show(too_early(progress, count) if early else "What the search believes is being computed.", early=early)

    def _show(self, answer: str, sure: str = "", *, early: bool = False) -> None:
        accent = self._theme.colours.accent
        self.answer.say((answer,), _LINES)
        self.sure.say((sure.replace(NEXT, f'<span style="color: {accent}">{NEXT}</span>'),), _LINES)
        self.sure.setVisible(not early)
        self.steps.setVisible(early)

    def read_out(self, progress: StudyProgress | None) -> str:
        """Return the page in plain words; empty while nothing is believed."""
        belief = None if progress is None else self._belief_at_best(progress)
        if belief is None or progress is None:
            return ""
        bounds = bounds_of(progress.objective.quantity, progress.settings)
        return belief_read_out(progress, belief, self._analyst.trust, bounds)

    def _belief_at_best(self, progress: StudyProgress) -> BeliefAnswer | None:
        """Return the latest belief whose slices go through the best trial: what is told does not follow the lines.

        Where the belief of this moment was never seen there, it is the one that is drawn.
        """
        belief, after = self._analyst.belief, self._analyst.after
        if belief is None:
            return None
        if is_at_best(progress, belief, progress.best_after(after)):
            self._at_best = after, belief
        if self._at_best is None or self._at_best[0] != after:
            return belief
        return self._at_best[1]
