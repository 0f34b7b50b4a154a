"""Findings in the window: what their buttons do with the form, the pages and the trials."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.parameters import FloatRange, Scale
from core.store.writer import Store
from core.study.loop import study_started
from gui.insight.findings_line import FindingsLine
from gui.session.run_state import Command
from gui.setup.parameters.rows import NumberRow
from gui.window.main_window import MainWindow
from tests.finding_studies import SETTINGS, belief_of, importance_of, study_events, trust_of
from tests.windows import lay_out, open_study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.afina"
    Store.create(path, study_started(SETTINGS), study_events()).close()
    return path


@pytest.fixture
def line(window: MainWindow, study: Path, qtbot: QtBot) -> FindingsLine:
    """Give the line in a window with a study and an open finding; nothing is computed."""
    line = window.view.acting.line
    line._rest.start(10_000_000)
    open_study(window, study, qtbot)
    line._rest.start(10_000_000)
    analyst = window.layout_.analyst
    analyst.best, analyst.trust, analyst.importance = belief_of(), trust_of(0.5), importance_of()
    line.renew()
    line.open_finding(0)
    lay_out(window)
    return line


def rate_row(window: MainWindow) -> NumberRow:
    row = window.form.space.rows["learning_rate"]
    assert isinstance(row, NumberRow)
    return row


def test_that_the_line_is_the_lower_edge_of_the_headline_and_never_jumps(
    window: MainWindow, study: Path, qtbot: QtBot
) -> None:
    line = window.view.acting.line
    before = window.layout_.centre.findings.height()
    line._rest.start(10_000_000)
    open_study(window, study, qtbot)
    line._rest.start(10_000_000)
    window.layout_.analyst.best = belief_of()
    window.layout_.analyst.trust = trust_of(0.5)
    line.renew()
    lay_out(window)
    assert line.findings
    assert window.layout_.centre.findings.height() == before


def test_that_the_act_sets_up_a_new_study_with_that_one_range_wider_as_one_step(
    window: MainWindow, line: FindingsLine, qtbot: QtBot
) -> None:
    window.layout_.form_dock.hide()
    line.pane.act.click()
    qtbot.waitUntil(lambda: window.actions_[Command.UNDO].isEnabled())
    made = window.form.settings()
    assert made is not None
    assert made.model.ranges["learning_rate"] == FloatRange(1e-4, 1.0, Scale.LOG)
    assert window.session.progress is None
    assert window.session.job is None, "nothing is started"
    assert window.layout_.form_dock.isVisible()
    assert not window.form.is_locked
    assert window.form.focusWidget() is rate_row(window).high
    assert "learning rate from 0.0001 to 1" in window.statusBar().currentMessage()
    window.actions_[Command.UNDO].trigger()
    assert window.form.settings() == SETTINGS
    assert not window.actions_[Command.UNDO].isEnabled(), "it was one step"
    window.actions_[Command.REDO].trigger()
    assert window.form.settings() == made


def test_that_what_was_set_up_before_comes_back_with_the_same_step(
    window: MainWindow, study: Path, qtbot: QtBot
) -> None:
    window.form.space.rows["batch_size"].vary.setChecked(False)
    draft = window.form.settings()
    line = window.view.acting.line
    open_study(window, study, qtbot)
    line._rest.start(10_000_000)
    window.layout_.analyst.best = belief_of()
    window.layout_.analyst.trust = trust_of(0.5)
    line.renew()
    line.open_finding(0)
    line.pane.act.click()
    qtbot.waitUntil(lambda: window.actions_[Command.UNDO].isEnabled())
    assert window.form.settings() != draft
    window.actions_[Command.UNDO].trigger()
    assert window.form.settings() == draft


def test_that_pointing_at_the_act_shows_in_the_locked_form_what_it_would_change(
    window: MainWindow, line: FindingsLine
) -> None:
    row = rate_row(window)
    line.pane.act.pointed.emit(True)
    assert row._proposal is not None
    assert row._proposal.words == "→ 1"
    assert row._proposal.geometry().contains(row.high.geometry())
    row._proposal.grab()
    line.pane.act.pointed.emit(False)
    assert row._proposal.words == ""
    row.propose("low", "1e-5 ←")
    assert row._proposal.geometry().contains(row.low.geometry())
    assert not row._proposal.geometry().intersects(row.high.geometry().adjusted(2, 0, 0, 0))
    row.propose("", "")


def test_that_the_act_is_off_while_a_study_runs_and_says_why(running: MainWindow) -> None:
    line = running.view.acting.line
    line._rest.start(10_000_000)
    running.layout_.analyst.best = belief_of(as_good=(1,), trial=1)
    running.layout_.analyst.trust = trust_of(0.5)
    line.renew()
    line.open_finding(0)
    assert not line.pane.act.isEnabled()
    assert line.pane.why_not.text() == "Stop the study first."
    before = running.form.settings()
    change = line.findings[0].change
    assert change is not None
    running.view.acting.act(change)
    assert running.form.settings() == before


def test_that_a_finding_leads_to_its_page(window: MainWindow, line: FindingsLine) -> None:
    names = window.layout_.pages.names
    line.open_finding(1)
    line.pane.show_page.click()
    assert window.layout_.pages.current == ("parameters" if "parameters" in names else "live")
    window.view.acting.show_page("no such page")


def test_that_an_open_finding_lets_the_window_be_low(window: MainWindow, line: FindingsLine) -> None:
    assert line.pane.height() >= 140
    opened = window.layout_.centre.minimumSizeHint().height()
    line.close_finding()
    lay_out(window)
    assert opened - window.layout_.centre.minimumSizeHint().height() <= 110


def test_that_the_trials_lend_their_room_while_a_finding_is_open(window: MainWindow, line: FindingsLine) -> None:
    assert window.layout_.table_dock.isHidden()
    line.close_finding()
    assert window.layout_.table_dock.isVisible()
