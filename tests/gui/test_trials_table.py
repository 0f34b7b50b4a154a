"""The trials table: what it shows, how it sorts, and that it stays still under the user's hands."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.models.families.linear import FAMILY as LINEAR
from core.models.settings import ModelSettings
from core.parameters import Choices, Range, Value
from core.phases import Job, Phase
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.study.control import StudyControl
from core.study.engine import Publish, ResumeRequest
from gui.session.changes import Changes
from gui.session.session import Session
from gui.trials.table import TrialsTable
from gui.widgets.theme import DARK, Appearance, Theme
from tests.windows import feed, lay_out

OBJECTIVE = "Objective: val loss ↓"
"""The header of the column of objectives, which names metric and direction."""


class NoEngine:
    """An engine that no test here starts."""

    def start(self, settings: StudySettings, path: Path, publish: Publish, control: StudyControl) -> None:
        raise AssertionError

    def resume(self, request: ResumeRequest, publish: Publish, control: StudyControl) -> None:
        raise AssertionError

    def evaluate(self, path: Path, publish: Publish, control: StudyControl, known: int | None = None) -> None:
        raise AssertionError

    def watch(self, path: Path, publish: Publish, control: StudyControl) -> None:
        raise AssertionError


class Study:
    """A session whose events the test writes."""

    def __init__(self) -> None:
        self.session = Session(NoEngine())

    def feed(self, *events: Event) -> None:
        """Fold the events and tell of them, as the session does from its inbox."""
        feed(self.session, *events)


def study_started() -> Event:
    ranges: dict[str, Range] = {p.name: p.first_range() for p in LINEAR.parameters}
    ranges["optimizer"] = Choices(("sgd", "adam"))
    return StudyStarted(settings=StudySettings(model=ModelSettings(ranges=ranges)), time=0.0, versions={})


def began(number: int, learning_rate: float = 0.01, optimizer: str = "sgd") -> Event:
    values: dict[str, Value] = {"learning_rate": learning_rate, "batch_size": 32, "epochs": 10}
    values["optimizer"] = optimizer
    return TrialStarted(trial=number, values=values, seed=1, origin=PointOrigin.INITIAL)


def epoch(number: int, loss: float) -> Event:
    return EpochEnded(trial=number, epoch=1, loss=loss, val_loss=loss, metrics={}, seconds=0.5)


def ended(number: int, objective: float) -> Event:
    return TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=10, seconds=1.5, objective=objective)


def diverged(number: int) -> Event:
    return TrialEnded(
        trial=number,
        state=TrialState.FAILED,
        epoch=2,
        seconds=0.1,
        reason=FailureReason.DIVERGED,
        message="The loss became NaN\nin epoch 2",
    )


def trials(objectives: Sequence[float]) -> list[Event]:
    """Trials 1, 2, … with these objectives; the learning rates fall from trial to trial."""
    numbered = list(enumerate(objectives, start=1))
    return [e for n, y in numbered for e in (began(n, 0.1 / n), epoch(n, y), ended(n, y))]


@pytest.fixture
def study() -> Study:
    return Study()


@pytest.fixture
def table(qtbot: QtBot, study: Study) -> TrialsTable:
    theme = Theme()
    table = TrialsTable(study.session, theme)
    qtbot.addWidget(table)
    table.resize(900, 220)
    table.show()
    qtbot.waitExposed(table)
    return table


def settle(qtbot: QtBot, table: TrialsTable) -> None:
    qtbot.waitUntil(lambda: table.is_current)
    lay_out(table)


def column(table: TrialsTable, header: str) -> int:
    return [c.header for c in table.model.columns].index(header)


def shown(table: TrialsTable, header: str) -> list[str]:
    """The texts of a column from top to bottom."""
    section = column(table, header)
    return [table.model.index(row, section).data() for row in range(table.model.rowCount())]


def order(table: TrialsTable) -> list[int]:
    return [table.model.number_at(row) for row in range(table.model.rowCount())]


def sort(table: TrialsTable, header: str, *, descending: bool = False) -> None:
    direction = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
    table.view.sortByColumn(column(table, header), direction)


# What it shows


def test_that_an_empty_table_says_what_will_be_here(table: TrialsTable) -> None:
    assert table.currentWidget() is not table.view


def test_that_there_is_a_column_for_each_varied_parameter_with_its_unit(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0]))
    settle(qtbot, table)

    headers = [c.header for c in table.model.columns]
    varied = ["Learning rate", "Batch size (rows)", "Optimiser"]
    assert headers == ["Trial", "State", OBJECTIVE, *varied, "Train loss", "Duration", "Note"]
    assert shown(table, "Optimiser") == ["SGD"]
    assert table.currentWidget() is table.view


def test_that_a_running_trial_is_live_and_has_no_objective_yet(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), began(1))
    settle(qtbot, table)
    assert (shown(table, "State"), shown(table, "Train loss")) == (["● running"], [""])

    study.feed(epoch(1, 20.123456))
    settle(qtbot, table)
    assert (shown(table, OBJECTIVE), shown(table, "Train loss")) == ([""], ["20.12"])

    study.feed(ended(1, 15.5))
    settle(qtbot, table)
    assert (shown(table, "State"), shown(table, OBJECTIVE)) == (["✓ complete"], ["15.5"])
    assert shown(table, "Duration") == ["1.5 s"]


def test_that_a_trial_of_a_paused_study_is_not_called_running(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([3.0]), began(2))
    settle(qtbot, table)
    changed: list[int] = []
    table.model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    for phase, words in ((Phase.PAUSED, "‖ paused"), (Phase.RUNNING, "● running")):
        study.session.run_state_changed.emit(Job.STUDY, phase)
        assert shown(table, "State") == ["✓ complete", words]
    assert changed == [1, 1]


def test_that_a_failed_trial_says_why_on_one_line(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), began(1), diverged(1))
    settle(qtbot, table)

    assert shown(table, "State") == ["✗ failed"]
    assert shown(table, "Note") == ["The loss became NaN in epoch 2"]


def test_that_a_complete_trial_says_what_was_special_about_it(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    end = TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=10, seconds=1.5, objective=2.0, message="Trained by fit")
    study.feed(study_started(), began(1), epoch(1, 2.0), end)
    settle(qtbot, table)
    assert table.view.model().index(0, column(table, "Note")).data() == "Trained by fit"


def test_that_a_trial_without_an_end_is_interrupted_when_the_study_ends(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), began(1))
    settle(qtbot, table)

    study.feed(StudyEnded(reason=StudyEnd.STOPPED, message="Stopped", time=1.0))
    settle(qtbot, table)

    assert shown(table, "State") == ["■ interrupted"]


def test_that_the_best_row_is_bold_starred_and_explained_and_the_mark_moves(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([20.0, 15.0, 17.0]))
    settle(qtbot, table)
    assert shown(table, "Trial") == ["1", "★ 2", "3"]
    best = table.model.index(1, 0)
    assert [table.model.cell(row, 0).bold for row in range(3)] == [False, True, False]
    assert best.data(Qt.ItemDataRole.ToolTipRole) == "The best trial so far: validation loss 15"
    assert best.data(Qt.ItemDataRole.AccessibleTextRole) == "2, the best"
    assert table.view.accessibleDescription() == "3 trials, the best is trial 2 with a validation loss of 15"

    study.feed(began(4), ended(4, 12.0))
    settle(qtbot, table)
    assert shown(table, "Trial") == ["1", "2", "3", "★ 4"]
    assert [table.model.cell(row, 0).bold for row in range(4)] == [False, False, False, True]


def test_that_the_tool_tip_has_the_full_number(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([15.123456789]))
    settle(qtbot, table)

    cell = table.model.index(0, column(table, OBJECTIVE))
    assert (cell.data(), cell.data(Qt.ItemDataRole.ToolTipRole)) == ("15.12", "15.123456789")


def test_that_a_note_is_text_even_where_it_looks_like_markup(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    said = "No layer <img src='x'>"
    failure = {"state": TrialState.FAILED, "reason": FailureReason.MODEL_ERROR, "message": said}
    study.feed(study_started(), began(1), TrialEnded(trial=1, epoch=1, seconds=0.1, **failure))  # type: ignore[arg-type]
    settle(qtbot, table)

    cell = table.model.index(0, column(table, "Note"))
    assert cell.data() == said
    assert "&lt;img" in cell.data(Qt.ItemDataRole.ToolTipRole)


def test_that_numbers_stand_right_and_words_left(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([3.0]))
    settle(qtbot, table)

    right = Qt.AlignmentFlag.AlignRight
    for header, expected in (("Trial", True), (OBJECTIVE, True), ("Optimiser", False), ("State", False)):
        section = column(table, header)
        assert table.model.cell(0, section).numeric is expected
        in_header = table.model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        assert isinstance(in_header, Qt.AlignmentFlag)
        assert bool(in_header & right) is expected


def test_that_another_study_replaces_the_rows(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([3.0, 2.0]))
    settle(qtbot, table)

    study.session.clear()

    assert table.model.rowCount() == 0
    assert table.currentWidget() is not table.view


def test_that_the_table_and_its_header_turn_dark_with_the_theme(qtbot: QtBot, study: Study) -> None:
    theme = Theme()
    theme.set_appearance(Appearance.LIGHT)
    table = TrialsTable(study.session, theme)
    qtbot.addWidget(table)
    study.feed(study_started(), *trials([3.0]))
    table.show()
    settle(qtbot, table)

    theme.set_appearance(Appearance.DARK)
    QCoreApplication.processEvents()
    turned = [part.palette().base().color().name() for part in (table.view, table.view.horizontalHeader())]
    theme.set_appearance(Appearance.LIGHT)

    assert turned == [DARK.base, DARK.field]


# Order


def test_that_numbers_sort_as_numbers_and_missing_ones_come_last_both_ways(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([100.0, 9.0, 20.0]), began(4), diverged(4))
    settle(qtbot, table)

    sort(table, OBJECTIVE)
    assert order(table) == [2, 3, 1, 4]
    sort(table, OBJECTIVE, descending=True)
    assert order(table) == [1, 3, 2, 4]
    sort(table, "Note", descending=True)
    assert order(table) == [4, 1, 2, 3]


def test_that_not_a_number_counts_as_missing(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), began(1), epoch(1, float("nan")), diverged(1), began(2), epoch(2, 5.0))
    settle(qtbot, table)

    for descending in (False, True):
        sort(table, "Train loss", descending=descending)
        assert order(table) == [2, 1]


def test_that_words_sort_both_ways_with_equals_in_the_order_of_trials(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), began(1, optimizer="sgd"), began(2, optimizer="adam"), began(3, optimizer="sgd"))
    settle(qtbot, table)

    sort(table, "Optimiser")
    assert order(table) == [2, 1, 3]
    sort(table, "Optimiser", descending=True)
    assert order(table) == [1, 3, 2]


@pytest.mark.parametrize("descending", [False, True])
def test_that_live_rows_take_the_place_that_sorting_gives_them(
    qtbot: QtBot, study: Study, table: TrialsTable, descending: bool
) -> None:
    study.feed(study_started(), *trials([5.0, 3.0, 8.0]))
    settle(qtbot, table)
    sort(table, "Train loss", descending=descending)

    for number, losses in ((4, (9.0, 4.0, 1.0)), (5, (2.0, 6.0, 3.0))):
        study.feed(began(number))
        settle(qtbot, table)
        for loss in losses:
            study.feed(epoch(number, loss))
            settle(qtbot, table)
            live = order(table)
            sort(table, "Train loss", descending=descending)
            assert live == order(table)
        study.feed(ended(number, losses[-1]))


# Selection


def test_that_selecting_a_row_selects_the_trial_and_the_other_way_round(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0, 2.0, 1.0]))
    settle(qtbot, table)
    told: list[object] = []
    study.session.selection_changed.connect(told.append)

    table.view.selectRow(1)
    assert study.session.selected == 2

    study.session.select(3)
    assert [i.row() for i in table.view.selectionModel().selectedRows()] == [2]

    study.session.select(None)
    assert table.view.selectionModel().selectedRows() == []
    assert told == [2, 3, None]


def test_that_a_trial_selected_elsewhere_stays_selected_while_rows_come_and_move(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0, 2.0]))
    settle(qtbot, table)
    sort(table, OBJECTIVE)
    study.session.select(1)
    told: list[object] = []
    study.session.selection_changed.connect(told.append)

    study.feed(began(3), ended(3, 1.0), began(4), epoch(4, 0.5))
    settle(qtbot, table)
    sort(table, "Trial", descending=True)

    selected = table.view.selectionModel().selectedRows()
    assert [table.model.number_at(index.row()) for index in selected] == [1]
    assert (study.session.selected, told) == (1, [])


def test_that_a_trial_selected_before_its_row_is_there_gets_it(study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([3.0]), began(2))

    study.session.select(2)

    assert [i.row() for i in table.view.selectionModel().selectedRows()] == [1]


def test_that_focus_alone_selects_nothing(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([3.0, 2.0]))
    settle(qtbot, table)

    table.view.setFocus()
    settle(qtbot, table)

    assert study.session.selected is None


def test_that_the_selected_rows_are_copied_in_full_precision(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([15.123456789, 3.0]), began(3), diverged(3))
    settle(qtbot, table)
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (2, 0):
        table.view.selectionModel().select(table.model.index(row, 0), rows)
    table.view.setFocus()

    QTest.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:4] == ["Trial", "State", OBJECTIVE, "Learning rate"]
    assert [line[0] for line in lines[1:]] == ["1", "3"]
    assert "15.123456789" in lines[1]
    assert lines[2][-1] == "The loss became NaN in epoch 2"
    assert {len(line) for line in lines} == {9}


def test_that_copied_cells_are_no_formulas_and_break_no_line(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    failure = diverged(1)
    assert isinstance(failure, TrialEnded)
    message = "=cmd|' /C calc'!A0\t\"x\x1b[31m\r\n@A1\u202e"
    study.feed(study_started(), began(1), msgspec.structs.replace(failure, message=message))
    settle(qtbot, table)
    table.view.selectRow(0)

    table.copy_selected()

    header, row = csv.reader(io.StringIO(QGuiApplication.clipboard().text(), newline=""), "excel-tab")
    assert len(header) == len(row)
    assert row[-1] == "'=cmd|' /C calc'!A0 \"x @A1 "


# Scrolling


def test_that_new_rows_are_followed_only_by_a_user_at_the_end(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started())
    settle(qtbot, table)
    study.feed(*trials([3.0] * 40))
    settle(qtbot, table)
    bar = table.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0

    bar.setValue(5)
    study.feed(began(41), began(42))
    settle(qtbot, table)
    assert bar.value() == 5

    table.view.scrollToBottom()
    study.feed(began(43), began(44))
    settle(qtbot, table)
    assert bar.value() == bar.maximum()


def test_that_what_is_looked_at_stays_when_better_trials_come_in_above(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([10.0 + n for n in range(40)]))
    settle(qtbot, table)
    sort(table, OBJECTIVE)
    table.view.verticalScrollBar().setValue(12)
    top = table.model.number_at(table.view.rowAt(0))

    study.feed(began(41), ended(41, 1.0), began(42), ended(42, 2.0))
    settle(qtbot, table)

    assert table.model.number_at(table.view.rowAt(0)) == top
    assert order(table)[:2] == [41, 42]


def test_that_ten_thousand_trials_open_fast(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    """Less time of this process than the progress needs to take them in."""
    began_at = process_time()
    study.session.progress = StudyProgress.of([study_started(), *trials([float(n % 97) for n in range(10_000)])])
    taken_in_at = process_time()

    study.session.changed.emit(Changes(replaced=True))
    table.view.repaint()

    assert process_time() - taken_in_at < taken_in_at - began_at
    assert table.model.rowCount() == 10_000
