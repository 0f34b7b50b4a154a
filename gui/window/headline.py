"""The headline over the plots: one sentence on what Start will do, what is going on, or what came out."""

import html
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from core.events import StudyEnd
from core.progress import StudyProgress
from core.settings import StudySettings
from core.study.evaluation import why_not_evaluated
from core.words.beliefs import believed_best, describe_belief
from core.words.evaluations import evaluation_in_words
from core.words.plan import describe_plan, describe_values
from core.words.trials import ties_in_words
from gui.session.changes import Changes
from gui.session.run_state import RunState
from gui.session.session import Session
from gui.widgets.icons import icon
from gui.widgets.theme import Colours, Theme

_TEST_WAITS = " Study → Evaluate on test part says what to expect of new data."
_LINKS = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
_NARROWEST = 200  # a long name of a file must not widen the window


class Headline(QFrame):
    """A sentence, and the one button that the moment calls for.

    `start_clicked`, `export_clicked`: the user pressed it. `open_clicked` (a Path): the user wants the study that was
    not finished.
    """

    start_clicked = Signal()
    open_clicked = Signal(object)
    export_clicked = Signal()

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._plan: StudySettings | None = None
        self._problem = self._doubt = ""
        self._unfinished: Path | None = None
        self.setObjectName("headline")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.linkActivated.connect(lambda _link: self.open_clicked.emit(self._unfinished))
        self._text.setAccessibleName("Headline")
        self._text.setMinimumWidth(_NARROWEST)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.start_button = QPushButton("Start")
        self.export_button = QPushButton("Export…")
        for button in (self.start_button, self.export_button):
            button.setIconSize(QSize(18, 18))
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.start_button.clicked.connect(self.start_clicked)
        self.export_button.clicked.connect(self.export_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 8)
        layout.setSpacing(12)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.export_button)
        layout.addWidget(self.start_button)
        session.changed.connect(self._take_changes)
        session.run_state_changed.connect(self._show)
        theme.changed.connect(self._follow_theme)
        self._follow_theme(theme.colours)
        layout.addStrut(self.start_button.sizeHint().height())  # or all plots change their size when a button goes

    @property
    def text(self) -> str:
        return self._text.text()

    def set_plan(self, settings: StudySettings | None, problem: str, doubt: str = "") -> None:
        """Tell what the form holds: valid settings, perhaps with a doubt about them, or what is wrong with them."""
        self._plan, self._problem, self._doubt = settings, problem, doubt
        self._show()

    def set_unfinished(self, study: Path | None) -> None:
        """Tell of a study that can be opened and resumed, while none is open; None: there is none."""
        self._unfinished = study
        self._show()

    def _follow_theme(self, colours: Colours) -> None:
        self.setStyleSheet(
            f"#headline {{ background: {colours.raised}; border: 1px solid {colours.border}; border-radius: 6px; }}"
        )
        self.start_button.setIcon(icon("start", colours))
        self.export_button.setIcon(icon("export", colours))
        self._show()

    def _take_changes(self, changes: Changes) -> None:
        if changes.in_rows or changes.tested is not None:
            self._show()

    def _show(self) -> None:
        progress = self._session.progress
        idle = self._session.run_state is RunState.IDLE
        empty = progress is None
        self.start_button.setVisible(idle and empty)
        self.start_button.setEnabled(self._plan is not None)
        self.start_button.setToolTip(self._problem)
        self.export_button.setVisible(idle and progress is not None and progress.best is not None)
        if not (empty and idle):
            text = self._story(progress)
            if idle and progress is not None and self._plan is not None and self._plan != progress.settings:
                text += " The form has changed since: Start begins a new study with it."
        elif self._plan is None:
            text = f"<b>Not ready.</b> {html.escape(self._problem)}"
        elif self._doubt:
            text = (
                f'<span style="color: {self._theme.colours.warning}"><b>Trials will probably fail.</b> '
                f"{html.escape(self._doubt)}</span>"
            )
        else:
            text = f"<b>Ready.</b> {html.escape(describe_plan(self._plan))}"
        interaction = Qt.TextInteractionFlag.NoTextInteraction
        if empty and idle and self._unfinished is not None:
            text += _invitation(self._unfinished)
            interaction = _LINKS
        self._text.setTextInteractionFlags(interaction)
        if text != self._text.text():
            self._text.setText(text)

    def _story(self, progress: StudyProgress | None) -> str:
        best = None if progress is None else progress.best
        found = ""
        if progress is not None and best is not None and best.objective is not None:
            metric = html.escape(progress.objective.label)
            found = f"Best {metric} <b>{best.objective_in_words}</b> at trial {best.number}: "
            found += f"{describe_values(progress)}.{ties_in_words(progress)}"
            if best.each_counts_alone(progress.objective):
                found += " Each of its trainings counts by its own best epoch."
            belief = believed_best(progress)
            if belief is not None:
                found += f" By the surrogate's mean it is {describe_belief(belief)}."
            if progress.test is not None:
                found += f" On the test part: <b>{html.escape(evaluation_in_words(progress.test))}</b>."
        if self._session.run_state is RunState.JUDGING:
            return f"<b>Evaluating trial {best.number if best else ''} on the test part.</b> Stop gives it up. {found}"
        if self._session.run_state is RunState.BLOCKED:
            trouble = html.escape(self._session.trouble.rstrip("."))
            return (
                f'<span style="color: {self._theme.colours.warning}"><b>Waiting for the study file.</b> {trouble}.'
                "</span> Nothing is lost: Afina tries again every 5 seconds. Resume tries at once; Save study as… goes "
                "on in another file."
            )
        if self._session.run_state is RunState.FOLLOWING:
            return f"<b>Running in another window.</b> This one follows it. {found}"
        if self._session.run_state is RunState.PAUSED:
            assert progress is not None
            same = "trials" if len(progress.under_way) > 1 else "trial"
            return f"<b>Paused.</b> Resume goes on with the same {same}. {found}"
        if self._session.run_state is RunState.STARTING:
            return f"<b>Starting.</b> The first trial begins as soon as TensorFlow is loaded. {found}"
        if progress is None or progress.running:
            return found or "The best settings so far appear here as soon as the first trial has finished."
        if progress.end is None:
            return f"<b>Interrupted.</b> Resume goes on where it ended. {found}"
        if progress.end.reason is StudyEnd.PAUSED:  # its message says why
            settings = "" if best is None else f" Its settings: {describe_values(progress)}."
            return f"{_with_bold_beginning(progress.end.message)}{settings} Resume goes on."
        if best is None:
            return f"<b>{_title(progress.end.reason)}.</b> {html.escape(progress.end.message)}"
        count = f"{len(progress.finished)} of {progress.budget} trials"
        kept = "" if why_not_evaluated(progress) or progress.test is not None else _TEST_WAITS
        return f"<b>{_title(progress.end.reason)}</b> after {count}. {found}{kept}"


def _invitation(study: Path) -> str:
    return (
        f'<br>The last study did not come to its end: open <a href="study">{html.escape(study.stem)}</a> to resume it.'
    )


def _title(reason: StudyEnd) -> str:
    return "All points tried" if reason is StudyEnd.EXHAUSTED else reason.value.capitalize()


def _with_bold_beginning(message: str) -> str:
    """Return the message as rich text, up to its first punctuation in bold."""
    first, mark, rest = message.partition(": ")
    if not mark:
        first, mark, rest = message.partition(". ")
    return f"<b>{html.escape((first + mark).rstrip())}</b> {html.escape(rest)}"
