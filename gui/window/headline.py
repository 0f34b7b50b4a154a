"""The headline over the plots: the plan, the current activity or the result, and the buttons that suit the moment."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.events import Change
from core.phases import Phase
from core.settings import StudySettings
from core.words.headline import Draft, Told, going_on_in_words, ready_in_words
from core.words.noise import noise_explained
from core.words.rich_text import FIELD, TRIAL, WARNINGS, WHY
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.brief_label import BriefLabel
from gui.widgets.card import Card
from gui.widgets.explanation import Explanation
from gui.widgets.measures import HEADLINE, scaled, type_of
from gui.widgets.theme import Theme
from gui.widgets.turns import turns
from gui.window.actions import Actions
from gui.window.headline_buttons import HeadlineButtons
from gui.window.headline_result import HeadlineResult

_HEIGHT = 72
_WORDS = 120, 260
"""The least width of the words: a long one must not widen the window; and below which buttons lose their own words."""
_GAP = 12
"""Pixels between result, words and buttons, and beside them."""
_TELLS_EPOCHS = frozenset({Phase.PAUSING, Phase.PAUSED})
"""Phases in which the headline tells how far trials are; some of their epochs come when it is already told."""


class Headline(Card):
    """What matters in bold, the facts below it, the result at the left, and at the right what can be done now.

    `show_field_requested`, `show_warning_requested`: the user wants to see what is wrong in the form, or what it warns
    of. `more_requested`: the user wants more trials of this study.
    """

    show_field_requested = Signal()
    show_warning_requested = Signal()
    more_requested = Signal()
    joins_below = True

    def __init__(self, session: Session, theme: Theme, actions: Actions) -> None:
        super().__init__(theme)
        self._session = session
        self._draft = Draft()
        self._told = Told("")
        self._has_news = False
        self.setAccessibleName("Headline")
        self.result = HeadlineResult(theme)
        self.title, self.facts = BriefLabel("Headline", self), BriefLabel("Facts", self)
        self.buttons = HeadlineButtons(actions, theme, self)
        self._lay_out()
        self.buttons.more_requested.connect(self.more_requested)
        for label in (self.title, self.facts):
            label.linkActivated.connect(self._follow_link)
        session.changed.connect(self._on_changed)
        session.run_state_changed.connect(self._show)
        theme.changed.connect(self._on_other_colours)
        self._show()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(_GAP + 2, 0, _GAP + 2, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.result)
        row.addLayout(words, 1)
        row.addWidget(self.buttons)
        self._measure()

    def _measure(self) -> None:
        self.title.setFont(type_of(self.font(), HEADLINE, bold=True))
        self.setFixedHeight(scaled(self, _HEIGHT))
        self.title.setMinimumWidth(scaled(self, _WORDS[0]))
        for label in (self.title, self.facts):
            label.fit()
        self._share()

    def _share(self) -> None:
        """Let the buttons be as wide as they are by themselves, unless the words need the room."""
        taken = self.buttons.width_with_words + (0 if self.result.isHidden() else self.result.sizeHint().width())
        self.buttons.set_compact(self.width() - taken - 5 * _GAP < scaled(self, _WORDS[1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    # What is told

    @property
    def text(self) -> str:
        """All that is told, as rich text."""
        if self._has_news:
            self._show()
        return "<br>".join(filter(None, (self.title.whole, self.facts.whole)))

    def set_plan(
        self, settings: StudySettings | None, problem: str, doubt: str = "", *, problems: int = 1, warnings: int = 0
    ) -> None:
        """Set the content of the form: valid settings, with what is doubtful about them; or the first problem.

        `problems` and `warnings` are how many there are.
        """
        self._draft = Draft(settings, problem, doubt, problems, warnings)
        self._show()

    def _on_changed(self, changes: Changes) -> None:
        waits = self._session.phase in _TELLS_EPOCHS
        if changes.in_rows or changes.tested is not None or Change.DATA in changes.what or waits:
            self._has_news = True
            turns().ask(self, self._show, words=True)

    def _show(self) -> None:
        self._has_news = False
        session = self._session
        self.buttons.suit(session.job, session.phase, session.progress)
        told = self._tell()
        if told == self._told:
            return
        focused = next((label for label in (self.title, self.facts) if label.hasFocus()), None)
        before, self._told = self._told, told
        self.title.say((told.title,))
        self._say_facts()
        self.result.show_number(told.result, told.metric)
        self._share()
        if told.alarming is not before.alarming:
            self._colour_title()
        if focused is not None and not focused.has_links:
            (self.first_stop() or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> Told:
        session = self._session
        if session.job is None and session.progress is None:
            return ready_in_words(self._draft)
        planned = self._draft.settings
        return going_on_in_words(
            session.job, session.phase, session.progress, session.trouble, planned, session.skipping
        )

    def _say_facts(self) -> None:
        told = self._told
        if told.warning:
            coloured = f'<span style="color: {self._theme.colours.warning}">{told.warning}</span>'
            shorter = tuple(f"{coloured} {facts}" for facts in told.shorter)
            self.facts.say((" ".join([coloured, *told.facts]),), 2, shorter=shorter)
        else:
            lines = 1 if len(told.facts) > 1 else 2
            whole = not told.alarming  # of an alarm, what can be done counts
            self.facts.say(told.facts, lines, first_whole=whole, shorter=told.shorter)

    def _on_other_colours(self) -> None:
        self._colour_title()
        self._say_facts()

    def _colour_title(self) -> None:
        colours, palette = self._theme.colours, QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, colours.warning if self._told.alarming else colours.text)
        self.title.setPalette(palette)

    # The user

    def first_stop(self) -> QWidget | None:
        """Return where the keyboard has something to do: the first link or, without one, the likeliest button."""
        linked = (label for label in (self.title, self.facts) if label.has_links)
        return next(linked, self.buttons.likeliest)

    def _follow_link(self, link: str) -> None:
        if link.startswith(TRIAL):
            self._session.point_out(int(link.removeprefix(TRIAL)))
        elif link == FIELD:
            self.show_field_requested.emit()
        elif link == WARNINGS:
            self.show_warning_requested.emit()
        elif link == WHY and self._session.progress is not None:
            Explanation(noise_explained(self._session.progress), self._theme, self).show_under(self.facts)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
