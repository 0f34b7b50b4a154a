"""The line of findings about the study, and below it the one that is open."""

from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from core.analysis.answers import ImportanceAnswer
from core.analysis.findings.explains_most import is_settled
from core.analysis.findings.finding import Finding, Known
from core.analysis.findings.registry import findings
from core.words.findings import findings_in_words, findings_read_out, new_findings, said
from gui.insight.analyst import Analyst, Kind
from gui.insight.finding_pane import FindingPane
from gui.insight.findings_row import FindingsRow
from gui.program.preferences import Preferences
from gui.session.changes import Changes
from gui.session.run_state import Command, why_not
from gui.session.session import Session
from gui.widgets.announce import announce
from gui.widgets.theme import Theme
from gui.widgets.turns import turns

WANTED: tuple[Kind, ...] = ("best", "trust", "importance")
"""The answers that findings are made of."""
SETTLED = 1000
"""Milliseconds after which a study that was opened or begun is looked at: the window goes first."""
REST, _TIMES = 5.0, 4.0
"""While a study runs, nothing new is asked for so many seconds, or so many times as long as the answers took: the
findings change slowly, and training goes first."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class FindingsLine(QWidget):
    """Tells what can be pointed out; a click opens one, the arrows step from one to the next, Esc closes.

    It follows the study, also while the pages look at its past: then the findings stay as they were. What the user has
    hidden is remembered for the study.

    Signals: `act_wanted` (a change that the user wants to set up a new study with), `act_pointed` (the change that is
    pointed at, None when that ends), `page_wanted` (the name of the page that shows more), `opened` (a bool: one is
    open now, or none any more), `announced` (a sentence).
    """

    act_wanted = Signal(object)
    act_pointed = Signal(object)
    page_wanted = Signal(str)
    opened = Signal(bool)
    announced = Signal(str)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        analyst: Analyst,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._analyst, self._preferences = session, analyst, preferences
        self.findings: Sequence[Finding] = ()
        """Those that are told, in their order."""
        self._known: Known | None = None
        self._made_of: object = None
        self._importance: ImportanceAnswer | None = None
        """The last one that has intervals."""
        self._open: str | None = None
        """The key of the finding that is open."""
        self._last: str | None = None
        self._told: set[str] = set()
        self._hidden = 0
        self._asked_at = 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._want)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Findings")
        self.row, self.pane = FindingsRow(theme, self), FindingPane(theme, self)
        self.pane.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self.pane)
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.row.chosen.connect(self._on_chosen)
        self.row.toggled.connect(self._on_toggled)
        self.row.unhide.connect(self.show_hidden)
        self.pane.act_wanted.connect(self.act_wanted)
        self.pane.act_pointed.connect(self.act_pointed)
        self.pane.page_wanted.connect(self.page_wanted)
        self.pane.hide_wanted.connect(self.hide_open)
        self._analyst.changed.connect(self._on_answer)
        self._session.changed.connect(self._on_changed)
        self._session.run_state_changed.connect(self._on_run_state)

    # What is asked

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._want()

    def _want(self) -> None:
        """Ask for the answers while the line can be seen, but for a rest while the study runs."""
        wanted = self.isVisible() and not self._rest.isActive()
        if wanted:
            self._asked_at = monotonic()
        for kind in WANTED:
            self._analyst.want(kind, wanted, by=self)

    def _rest_a_while(self) -> None:
        """Let training go first for a while, now that there are answers."""
        if self._session.busy and not self._rest.isActive():
            took = monotonic() - self._asked_at
            self._rest.start(round(1000 * max(REST, _TIMES * took)))
            self._want()

    def _on_run_state(self) -> None:
        if not self._session.busy and self._rest.remainingTime() > SETTLED:
            self._rest.start(SETTLED)
        if self._open is not None:
            self.pane.say_why_not(self._why_not())

    def _on_changed(self, changes: Changes) -> None:
        if changes.replaced:
            self._importance, self._known, self._made_of = None, None, None
            self._told.clear()
            self._rest.start(SETTLED)
            self._want()
            self._set(())

    def _on_answer(self) -> None:
        turns().ask(self, self.renew, words=True)

    # What is found

    def renew(self) -> None:
        """Make the findings anew, if the answers are others."""
        progress, analyst = self._session.progress, self._analyst
        if progress is None or not (analyst.after is None and analyst.moment is None):
            return
        before = self._importance
        if is_settled(analyst.importance) and analyst.importance_moment is None:
            self._importance = analyst.importance
        made_of = analyst.best, analyst.trust, self._importance
        if self._made_of is not None and all(map(_is, made_of, self._made_of)):  # type: ignore[call-overload]
            return
        self._made_of = made_of
        self._known = Known(progress, *made_of)
        self._set(findings(self._known))
        if self._importance is not before or (analyst.importance is None and analyst.best is not None):
            self._rest_a_while()

    @property
    def _study(self) -> str:
        """What the study is known by in the preferences: it keeps that in another file, or under another name."""
        progress = self._session.progress
        return "" if progress is None else f"{progress.started_at!r}-{progress.settings.seed}"

    def _set(self, found: Sequence[Finding]) -> None:
        hidden = self._preferences.hidden_findings(self._study)
        self.findings = [finding for finding in found if finding.key not in hidden]
        self._hidden = len(found) - len(self.findings)
        self._announce()
        self._show()

    def _announce(self) -> None:
        """Say once of each finding that it is new."""
        new = [finding for finding in self.findings if finding.key not in self._told]
        if not new or self._known is None:
            return
        self._told.update(finding.key for finding in new)
        sentence = new_findings(new, self._known.progress)
        announce(self, sentence)
        self.announced.emit(sentence)

    # What is shown

    def _show(self) -> None:
        progress = None if self._known is None else self._known.progress
        shown = [] if progress is None else [(each.badge, said(each, progress).short) for each in self.findings]
        self.row.show_findings(findings_in_words(self.findings), shown, self._hidden)
        described = findings_read_out(self.findings, progress)
        for widget in (self, self.row):
            if widget.accessibleDescription() != described:
                widget.setAccessibleDescription(described)
        if self._open is not None and self._place is None:  # it does not hold any more
            self.close_finding()
        self._show_open()

    @property
    def _place(self) -> int | None:
        """The place of the finding that is open."""
        return next((place for place, finding in enumerate(self.findings) if finding.key == self._open), None)

    def _show_open(self) -> None:
        place = self._place
        self.row.show_open(place)
        if place is not None and self._known is not None:
            self.pane.show_finding(self.findings[place], self._known, self._why_not())
        if self.pane.isHidden() is not (place is None):
            self.pane.setVisible(place is not None)
            self.updateGeometry()
            self.opened.emit(place is not None)

    def _why_not(self) -> str:
        return why_not(Command.COPY, self._session.state())

    # The user

    def open_finding(self, place: int) -> None:
        """Open the finding at a place."""
        if 0 <= place < len(self.findings):
            self._open = self._last = self.findings[place].key
            self._show_open()

    def close_finding(self) -> None:
        """Close what is open; the focus goes back to the line."""
        place, held = self._place, self._holds_focus()
        self._open = None
        self._show_open()
        if held and self.row.buttons:
            self.row.buttons[place or 0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _holds_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.pane.isAncestorOf(focused)

    def hide_open(self) -> None:
        """Do not show the open finding any more, and open the one that takes its place."""
        place = self._place
        if place is None or self._known is None:
            return
        self._preferences.hide_finding(self._study, self.findings[place].key)
        held, self._open = self._holds_focus(), None
        self._set(findings(self._known))
        if self.findings:
            self.open_finding(min(place, len(self.findings) - 1))
            if held:
                self.row.buttons[self._place or 0].setFocus(Qt.FocusReason.OtherFocusReason)
        elif held:
            self.row.hidden.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_hidden(self) -> None:
        """Show again what the user has hidden."""
        self._preferences.show_all_findings(self._study)
        if self._known is not None:
            self._set(findings(self._known))
        if self.row.buttons:
            self.row.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_chosen(self, place: int) -> None:
        if place == self._place:
            self.close_finding()
            self.row.show_open(None)
        else:
            self.open_finding(place)
            if self.row.more.isHidden() and not any(button.hasFocus() for button in self.row.buttons):
                self.row.buttons[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_toggled(self) -> None:
        if self._open is not None:
            self.close_finding()
        else:
            places = (place for place, finding in enumerate(self.findings) if finding.key == self._last)
            self.open_finding(next(places, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._open is not None:
            self.close_finding()
        elif key in _STEPS and self.findings:
            self._step(_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        """Go to the next finding, which opens if another one is open."""
        last = len(self.findings) - 1
        if self._place is not None:
            place = min(max(self._place + step, 0), last)
            in_row = not self._holds_focus()
            self.open_finding(place)
            if in_row:
                self.row.buttons[place].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        focused = next((place for place, button in enumerate(self.row.buttons) if button.hasFocus()), 0)
        shown = [place for place, button in enumerate(self.row.buttons) if not button.isHidden()]
        wanted = [place for place in shown if (place - focused) * step > 0]
        if wanted:
            self.row.buttons[min(wanted, key=lambda place: abs(place - focused))].setFocus(
                Qt.FocusReason.OtherFocusReason
            )


def _is(one: object, other: object) -> bool:
    return one is other
