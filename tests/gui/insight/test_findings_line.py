"""The line of findings: what it shows and asks, how it is walked, and what it remembers."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.analysis.findings.finding import Known
from core.analysis.findings.registry import findings
from core.analysis.process import Analysis, Told
from core.analysis.questions import BeliefQuestion, ImportanceQuestion, Question, TrustQuestion
from core.events import StudyStarted
from core.figures.evidence import evidence
from core.study.loop import study_started
from gui.insight.analyst import Analyst
from gui.insight.evidence_view import EvidenceView
from gui.insight.findings_line import FindingsLine
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.widgets.theme import Appearance, Theme
from tests.finding_studies import (
    AT_THE_END,
    EVERYTHING,
    RISING_BATCHES,
    SETTINGS,
    belief_of,
    importance_of,
    study_events,
    trust_of,
)
from tests.gui.plots.plot_studies import ListEngine
from tests.windows import feed, lay_out

WIDE = 1000
KEYS = ["range_edge:learning_rate:upper", "range_edge:batch_size:upper", "explains_most:learning_rate", "cannot_tell"]


class SilentAnalysis(Analysis):
    """Notes what is asked, and answers nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[Question] = []
        self._ended = threading.Event()

    def ask(self, number: int, question: Callable[[], Question]) -> None:
        self.questions.append(question())

    def drop(self, number: int) -> None:
        pass

    def told(self) -> Told | None:
        return None

    def run(self) -> None:
        self._ended.wait()

    def end(self) -> None:
        self._ended.set()


def first(name: str = "", time: float = 1000.0) -> StudyStarted:
    started = msgspec.structs.replace(study_started(SETTINGS, name), time=time)
    assert isinstance(started, StudyStarted)
    return started


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    made = Session(ListEngine())
    feed(made, first(), *study_events())
    return made


@pytest.fixture
def analysis() -> SilentAnalysis:
    return SilentAnalysis()


@pytest.fixture
def analyst(session: Session, analysis: SilentAnalysis) -> Iterator[Analyst]:
    made = Analyst(session, session, analysis)
    yield made
    made.close()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat), tmp_path)


@pytest.fixture
def theme(qtbot: QtBot) -> Iterator[Theme]:
    made = Theme()
    made.set_appearance(Appearance.LIGHT)
    yield made
    made.deleteLater()


@pytest.fixture
def line(session: Session, theme: Theme, analyst: Analyst, preferences: Preferences, qtbot: QtBot) -> FindingsLine:
    made = FindingsLine(session, theme, analyst, preferences)
    qtbot.addWidget(made)
    made.resize(WIDE, 30)
    made.show()
    qtbot.waitExposed(made)
    return made


def answer_all(analyst: Analyst, qtbot: QtBot, line: FindingsLine) -> None:
    """Let there be answers from which all kinds of findings follow."""
    analyst.best, analyst.trust, analyst.importance = (
        belief_of(AT_THE_END, RISING_BATCHES, as_good=range(12, 21)),
        trust_of(0.6),
        importance_of(),
    )
    analyst.changed.emit()
    qtbot.waitUntil(lambda: len(line.findings) == 4)
    lay_out(line)


def shown(line: FindingsLine) -> list[str]:
    return [button.words for button in line.row.buttons if button.isVisible()]


def open_key(line: FindingsLine) -> str | None:
    return None if line.pane.isHidden() else line.findings[line._place or 0].key


# What is shown


def test_that_a_study_without_findings_says_so(line: FindingsLine) -> None:
    assert line.row.count.text() == "Nothing to point out so far."
    assert line.accessibleDescription() == "Nothing to point out so far."
    assert not line.row.chevron.isVisible()
    assert line.pane.isHidden()


def test_that_findings_are_counted_and_as_many_shown_as_fit(line: FindingsLine, analyst: Analyst, qtbot: QtBot) -> None:
    answer_all(analyst, qtbot, line)
    assert line.row.count.text() == "4 findings"
    assert [finding.key for finding in line.findings] == KEYS
    assert 0 < len(shown(line)) < 4
    assert line.row.more.text() == f"+ {4 - len(shown(line))} more"
    line.resize(3000, line.height())
    lay_out(line)
    assert len(shown(line)) == 4
    assert not line.row.more.isVisible()
    line.resize(420, line.height())
    lay_out(line)
    assert len(shown(line)) == 1
    assert line.accessibleDescription().startswith("4 findings, 2 to act on. First: ")
    badges = [button.accessibleDescription() for button in line.row.buttons]
    assert badges == ["something to do", "something to do", "to know", "to know"]


def test_that_the_open_one_is_always_among_those_that_are_shown(
    line: FindingsLine, analyst: Analyst, qtbot: QtBot
) -> None:
    answer_all(analyst, qtbot, line)
    line.open_finding(3)
    lay_out(line)
    assert line.row.buttons[3].isVisible()
    assert line.row.buttons[3].isChecked()


def test_that_a_click_opens_one_and_another_click_closes_it(line: FindingsLine, analyst: Analyst, qtbot: QtBot) -> None:
    answer_all(analyst, qtbot, line)
    low = line.sizeHint().height()
    line.row.buttons[0].click()
    assert open_key(line) == KEYS[0]
    assert line.sizeHint().height() > low + 100
    assert line.pane.heading.accessibleName().startswith("Learning rate: the best lies at the upper end")
    assert "is believed at" in line.pane.sentence.accessibleName()
    assert line.pane.act.text() == "New study with 0.0001 to 1"
    line.row.buttons[2].click()
    assert open_key(line) == KEYS[2]
    assert not line.pane.act.isVisible()
    assert line.pane.show_page.text() == "Show in Parameters"
    line.row.buttons[2].click()
    assert line.pane.isHidden()
    line.row.chevron.click()
    assert open_key(line) == KEYS[2], "the one that was open last"
    line.row.chevron.click()
    assert line.pane.isHidden()


def test_that_more_opens_the_first_one_that_is_left_out(line: FindingsLine, analyst: Analyst, qtbot: QtBot) -> None:
    answer_all(analyst, qtbot, line)
    count = len(shown(line))
    line.row.more.click()
    assert open_key(line) == KEYS[count]


def test_that_keys_step_and_escape_closes(line: FindingsLine, analyst: Analyst, qtbot: QtBot) -> None:
    answer_all(analyst, qtbot, line)
    line.resize(3000, line.height())
    lay_out(line)
    line.activateWindow()
    line.row.buttons[0].setFocus()
    QTest.keyClick(line.row.buttons[0], Qt.Key.Key_Right)
    assert line.pane.isHidden(), "closed, the arrows only move"
    assert QApplication.focusWidget() is line.row.buttons[1]
    QTest.keyClick(line.row.buttons[1], Qt.Key.Key_Return)
    assert open_key(line) == KEYS[1]
    QTest.keyClick(line.row.buttons[1], Qt.Key.Key_Right)
    assert open_key(line) == KEYS[2]
    assert QApplication.focusWidget() is line.row.buttons[2]
    line.pane.show_page.setFocus()
    QTest.keyClick(line.pane.show_page, Qt.Key.Key_Left)
    assert open_key(line) == KEYS[1]
    for _ in range(3):
        QTest.keyClick(line.pane.show_page, Qt.Key.Key_Left)
    assert open_key(line) == KEYS[0]
    QTest.keyClick(line.pane.show_page, Qt.Key.Key_Escape)
    assert line.pane.isHidden()
    assert QApplication.focusWidget() is line.row.buttons[0]


def test_that_the_open_one_stays_open_while_its_numbers_change_and_closes_when_it_does_not_hold(
    line: FindingsLine, analyst: Analyst, qtbot: QtBot
) -> None:
    answer_all(analyst, qtbot, line)
    analyst.trust = trust_of(0.1)
    line.renew()
    line.open_finding(len(line.findings) - 1)
    analyst.trust = trust_of(0.15)
    analyst.changed.emit()
    qtbot.waitUntil(lambda: "15" in line.pane.sentence.accessibleName())
    analyst.trust = trust_of(0.5)
    analyst.changed.emit()
    qtbot.waitUntil(lambda: len(line.findings) == 4)
    assert line.pane.isHidden()


# From which answers


def test_that_findings_stay_while_better_intervals_and_the_past_are_looked_at(
    line: FindingsLine, analyst: Analyst, qtbot: QtBot
) -> None:
    answer_all(analyst, qtbot, line)
    analyst.importance = importance_of(resamples=0)
    line.renew()
    assert [finding.key for finding in line.findings] == KEYS, "the intervals of before"
    analyst.after, analyst.best = 10, None
    line.renew()
    assert [finding.key for finding in line.findings] == KEYS, "what was after ten trials"


def test_that_another_study_begins_with_no_findings(
    line: FindingsLine, analyst: Analyst, session: Session, qtbot: QtBot
) -> None:
    answer_all(analyst, qtbot, line)
    line.open_finding(0)
    session.clear()
    assert line.findings == []
    assert line.pane.isHidden()
    assert line.row.count.text() == "Nothing to point out so far."


def test_that_only_a_line_that_can_be_seen_asks(line: FindingsLine, analysis: SilentAnalysis, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(analysis.questions) == 3)
    asked = {type(question): question for question in analysis.questions}
    assert asked.keys() == {BeliefQuestion, TrustQuestion, ImportanceQuestion}
    belief = asked[BeliefQuestion]
    assert isinstance(belief, BeliefQuestion)
    best = line._analyst._session.progress.best if line._analyst._session.progress else None
    assert best is not None
    assert (belief.through, belief.best) == (None, best.number)
    line.hide()
    assert not any(line._analyst._wanters[kind] for kind in ("best", "trust", "importance"))


def test_that_it_rests_after_answers_while_a_study_runs(
    line: FindingsLine, analyst: Analyst, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "busy", property(lambda _self: True))
    answer_all(analyst, qtbot, line)
    assert line._rest.isActive()
    assert not analyst._wanters["best"]
    monkeypatch.setattr(Session, "busy", property(lambda _self: False))
    session.run_state_changed.emit(None, None)
    assert line._rest.remainingTime() < 2000, "it has ended: the last trials are told, too"


# What is announced and remembered


def test_that_each_finding_is_announced_once(line: FindingsLine, analyst: Analyst, qtbot: QtBot) -> None:
    said: list[str] = []
    line.announced.connect(said.append)
    answer_all(analyst, qtbot, line)
    analyst.trust = trust_of(0.15)
    line.renew()
    analyst.trust = trust_of(0.5)
    line.renew()
    analyst.trust = trust_of(0.1)
    line.renew()
    assert len(said) == 2
    assert said[0].startswith("4 new findings. First: ")
    assert said[1] == "New finding: the belief explains little so far."


def test_that_a_hidden_finding_stays_hidden_in_its_study_alone_until_it_is_shown_again(
    line: FindingsLine,
    session: Session,
    theme: Theme,
    analyst: Analyst,
    preferences: Preferences,
    qtbot: QtBot,
) -> None:
    answer_all(analyst, qtbot, line)
    line.open_finding(1)
    line.pane.hide_finding.click()
    assert [finding.key for finding in line.findings] == [KEYS[0], *KEYS[2:]]
    assert open_key(line) == KEYS[2], "the next one takes its place"
    assert line.row.hidden.text() == "Show 1 hidden"
    again = FindingsLine(session, theme, analyst, preferences)
    qtbot.addWidget(again)
    again.renew()
    assert len(again.findings) == 3
    feed(session, first(time=2000.0), *study_events())
    again.renew()
    assert preferences.hidden_findings(again._study) == frozenset()
    feed(session, first(), *study_events())
    line.renew()
    line.show_hidden()
    assert [finding.key for finding in line.findings] == KEYS
    assert line.row.hidden.isHidden()


def test_that_preferences_keep_hidden_findings_of_strange_names(preferences: Preferences) -> None:
    strange = "range_edge:my units\n\t%20é:upper"
    preferences.hide_finding("1.5-0", strange)
    preferences.hide_finding("1.5-0", "cannot_tell")
    preferences.hide_finding("2.5-0", "cannot_tell")
    assert preferences.hidden_findings("1.5-0") == {strange, "cannot_tell"}
    preferences.show_all_findings("1.5-0")
    assert preferences.hidden_findings("1.5-0") == frozenset()
    assert preferences.hidden_findings("2.5-0") == {"cannot_tell"}
    for number in range(200):
        preferences.hide_finding(str(number), "cannot_tell")
    assert preferences.hidden_findings("199")
    assert not preferences.hidden_findings("2.5-0")


# What the buttons ask for


def test_that_the_buttons_tell_what_is_wanted(line: FindingsLine, analyst: Analyst, qtbot: QtBot) -> None:
    answer_all(analyst, qtbot, line)
    line.open_finding(0)
    change = line.findings[0].change
    with qtbot.waitSignal(line.act_wanted) as wanted:
        line.pane.act.click()
    assert wanted.args == [change]
    with qtbot.waitSignal(line.page_wanted) as page:
        line.pane.show_page.click()
    assert page.args == ["belief"]


def test_that_focus_on_the_act_points_and_leaving_it_ends_that(
    line: FindingsLine, analyst: Analyst, qtbot: QtBot
) -> None:
    answer_all(analyst, qtbot, line)
    line.open_finding(0)
    pointed: list[object] = []
    line.act_pointed.connect(pointed.append)
    line.activateWindow()
    line.pane.act.setFocus()
    line.pane.show_page.setFocus()
    assert pointed == [line.findings[0].change, None]
    line.pane.act.setFocus()
    line.close_finding()
    assert pointed[-1] is None


def test_that_the_act_is_off_with_its_reason_while_the_study_runs(
    line: FindingsLine, analyst: Analyst, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_all(analyst, qtbot, line)
    line.open_finding(0)
    assert line.pane.act.isEnabled()
    monkeypatch.setattr("gui.insight.findings_line.why_not", lambda *_: "Stop the study first")
    session.run_state_changed.emit(None, None)
    assert not line.pane.act.isEnabled()
    assert line.pane.why_not.text() == "Stop the study first."
    assert line.pane.act.accessibleDescription() == "Stop the study first"
    line.open_finding(2)
    assert line.pane.why_not.text() == "", "there is nothing to do"


# The pictures


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_that_each_picture_is_drawn_on_the_ground_of_the_theme(
    appearance: Appearance, theme: Theme, qtbot: QtBot
) -> None:
    theme.set_appearance(appearance)
    view = EvidenceView(theme)
    qtbot.addWidget(view)
    view.resize(view.sizeHint())
    view.show()
    known: Known = EVERYTHING
    for finding in findings(known):
        made = evidence(finding, known)
        assert made is not None
        view.show_evidence(made)
        picture = view.grab().toImage()
        seen = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(picture.height())}
        assert QColor(theme.colours.base).name() in seen
        assert len(seen) > 10, finding.kind
        assert view.accessibleDescription() == made.title
    view.show_evidence(None)
    view.grab()
