"""The trials table: what it shows, how it sorts, and that it stays still under the user's hands."""

import csv
import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from time import process_time

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QFont, QFontMetrics, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyResumed,
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
from gui.trials import table as trials_table
from gui.trials.cell_delegate import LEFT, MARK, RIGHT
from gui.trials.table import TrialsTable
from gui.widgets.marks import draw_pause
from gui.widgets.theme import DARK, Appearance, Theme
from tests.windows import feed, lay_out

OBJECTIVE = "Validation loss ↓"
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


def test_that_the_arrow_of_the_objective_is_explained_first(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started())
    settle(qtbot, table)
    tip = table.model.columns[column(table, OBJECTIVE)].help
    assert tip.startswith("↓: lower is better. The objective: validation loss")


def test_that_the_sign_of_a_pause_is_two_bars(qapp: QApplication) -> None:
    picture = QImage(20, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    draw_pause(painter, 2, 10, QColor("black"))
    painter.end()
    dark = [picture.pixelColor(x, 10).lightness() < 128 for x in range(20)]
    assert sum(now and not before for before, now in pairwise(dark)) == 2


def test_that_an_empty_table_says_what_will_be_here(table: TrialsTable) -> None:
    assert table.currentWidget() is not table.view


def test_that_there_is_a_column_for_each_varied_parameter_with_its_unit(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0]))
    settle(qtbot, table)

    headers = [c.header for c in table.model.columns]
    varied = ["Learning rate", "Batch size", "Optimiser"]
    assert headers == ["Trial", "State", OBJECTIVE, *varied, "Train loss", "Duration", "Note"]
    assert shown(table, "Optimiser") == ["SGD"]
    assert table.currentWidget() is table.view


def test_that_a_running_trial_is_live_and_has_no_objective_yet(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), began(1))
    settle(qtbot, table)
    assert (shown(table, "State"), shown(table, "Train loss")) == (["● training"], [""])

    study.feed(epoch(1, 20.123456))
    settle(qtbot, table)
    assert (shown(table, OBJECTIVE), shown(table, "Train loss")) == ([""], ["20.12"])

    study.feed(ended(1, 15.5))
    settle(qtbot, table)
    assert (shown(table, "State"), shown(table, OBJECTIVE)) == (["✓ complete"], ["15.5"])
    assert shown(table, "Duration") == ["1.50 s"]


def test_that_a_trial_of_a_paused_study_is_not_called_running(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([3.0]), began(2))
    settle(qtbot, table)
    changed: list[int] = []
    table.model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    for phase, words in ((Phase.PAUSED, "‖ paused"), (Phase.RUNNING, "● training")):
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
    assert best.data(Qt.ItemDataRole.AccessibleTextRole) == "trial 2, the best, complete, validation loss 15"
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
    header = table.view.horizontalHeader().grab().toImage().pixelColor(1, 1).name()
    turned = table.view.palette().base().color().name()
    theme.set_appearance(Appearance.LIGHT)

    assert (turned, header) == (DARK.base, DARK.base)


def test_that_the_best_row_and_running_ones_are_tinted_and_only_number_and_objective_bold(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([20.0, 15.0]), began(3), diverged(3), began(4), epoch(4, 3.0))
    settle(qtbot, table)

    tints = [table.model.cell(row, 0).tint for row in range(4)]
    assert [tint is not None for tint in tints] == [False, True, False, True]
    assert tints[1] != tints[3]
    bold = [table.model.columns[place].header for place in range(9) if table.model.cell(1, place).bold]
    assert bold == ["Trial", OBJECTIVE]
    state, note = table.model.cell(2, 1), table.model.cell(2, 8)
    assert (state.mark, state.text) == ("✗", "failed")
    assert state.colour == note.colour is not None
    assert table.model.cell(2, 2).colour is None


def test_that_a_running_trial_tells_how_far_it_is_and_no_time_before_its_first_epoch(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), began(1))
    settle(qtbot, table)
    assert (shown(table, "Note"), shown(table, "Duration")) == (["before its first epoch"], [""])

    study.feed(epoch(1, 3.0))
    settle(qtbot, table)
    assert (shown(table, "Note"), shown(table, "Duration")) == (["epoch 1 of 10"], ["0.50 s"])


def test_that_the_numbers_of_a_column_have_the_same_decimals_whatever_comes_later(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([15.5]))
    settle(qtbot, table)
    assert shown(table, OBJECTIVE) == ["15.5"]
    changed: list[int] = []
    table.model.dataChanged.connect(lambda first, last: changed.extend(range(first.row(), last.row() + 1)))

    study.feed(began(2), epoch(2, 16.123), ended(2, 16.123456))
    settle(qtbot, table)

    assert shown(table, OBJECTIVE) == ["15.50", "16.12"]
    assert 0 in changed


def test_that_the_first_duration_says_what_of_it_was_compiling(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    epochs = [
        EpochEnded(trial=1, epoch=number, loss=3.0, val_loss=3.0, metrics={}, seconds=1.4 + 0.01 * number)
        for number in range(1, 11)
    ]
    study.feed(study_started(), began(1), *epochs, ended(1, 3.0))
    settle(qtbot, table)

    assert shown(table, "Note") == ["1.4 s compiling"]
    tip = table.model.index(0, column(table, "Duration")).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "1.5\nAbout 1.4 s of it to build and compile the model"


def test_that_rows_are_read_out_as_sentences_without_symbols(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    study.feed(study_started(), *trials([3.0]), began(2), diverged(2), began(3))
    settle(qtbot, table)

    def said(row: int, place: int) -> str:
        return str(table.model.index(row, place).data(Qt.ItemDataRole.AccessibleTextRole))

    assert [said(row, 0) for row in range(3)] == [
        "trial 1, the best, complete, validation loss 3",
        "trial 2, failed, The loss became NaN in epoch 2",
        "trial 3, training, before its first epoch",
    ]
    assert [said(row, 1) for row in range(3)] == ["trial 1, complete", "trial 2, failed", "trial 3, training"]
    assert [said(row, 2) for row in range(2)] == ["trial 1, Validation loss 3", "trial 2, Validation loss none"]


def test_that_the_title_tells_how_many_are_done(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    told: list[str] = []
    table.told.connect(told.append)
    study.feed(study_started(), *trials([3.0, 2.0]), began(3), diverged(3), began(4))
    settle(qtbot, table)
    assert told[-1] == "3 of 20 done, 1 failed"

    study.session.clear()
    assert told[-1] == ""


def test_that_an_empty_table_follows_the_state(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    assert table.empty_place.words.heading == "Every trial is kept"
    first = table.empty_place.words.sentence

    study.feed(study_started())
    settle(qtbot, table)

    assert table.currentWidget() is table.empty_place
    assert table.empty_place.words.sentence != first
    assert "Start" not in table.empty_place.words.sentence
    assert table.empty_place.grab().toImage().pixelColor(20, 16) != table.empty_place.grab().toImage().pixelColor(3, 3)


def test_that_the_focus_goes_from_the_empty_place_to_the_rows(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    table.activateWindow()
    table.empty_place.setFocus()
    qtbot.waitUntil(table.empty_place.hasFocus)
    study.feed(study_started(), *trials([3.0]))
    settle(qtbot, table)
    assert table.view.hasFocus()


# Columns


def header_widths(table: TrialsTable) -> dict[str, int]:
    header = table.view.horizontalHeader()
    return {column.header: header.sectionSize(place) for place, column in enumerate(table.model.columns)}


def test_that_columns_fit_what_they_hold_and_the_rest_goes_to_the_note(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([15.123456, 16.12345]))
    settle(qtbot, table)

    view, metrics = table.view, table.view.fontMetrics()
    assert view.horizontalScrollBar().maximum() == 0
    for place, one in enumerate(table.model.columns[:-1]):
        room = view.horizontalHeader().sectionSize(place) - LEFT - RIGHT
        assert metrics.horizontalAdvance(one.header) <= room
        assert all(metrics.horizontalAdvance(table.model.cell(row, place).text) <= room for row in range(2))
    before = header_widths(table)
    table.resize(table.width() + 100, table.height())
    lay_out(table)
    assert header_widths(table) == before | {"Note": before["Note"] + 100}


def test_that_the_number_of_the_best_trial_is_whole_in_bold_letters(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([float(value) for value in range(113, 0, -1)]))
    settle(qtbot, table)

    bold = QFont(table.view.font())
    bold.setBold(True)
    room = header_widths(table)["Trial"] - LEFT - RIGHT - MARK
    assert QFontMetrics(bold).horizontalAdvance("113") < room


def test_that_free_width_goes_to_a_name_that_is_cut_off(
    qtbot: QtBot, study: Study, table: TrialsTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.feed(study_started(), *trials([3.0]))
    settle(qtbot, table)
    place = column(table, "Optimiser")
    monkeypatch.setattr(table.model, "_words", {1: {"✓ complete"}, place: {"w" * 40}})

    widths = []
    for width in (900, 1100, 2000):
        table.resize(width, 220)
        lay_out(table)
        widths.append(header_widths(table)["Optimiser"])

    assert widths[0] < widths[1] < widths[2]
    assert widths[2] >= table.view.fontMetrics().horizontalAdvance("w" * 40)


def test_that_a_width_that_the_user_has_given_stays_until_all_are_fitted_again(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0]))
    settle(qtbot, table)
    own = header_widths(table)["Learning rate"]
    header = table.view.horizontalHeader()

    header.resizeSection(column(table, "Learning rate"), 150)
    study.feed(began(2), epoch(2, 12345.678), ended(2, 12345.678))
    settle(qtbot, table)
    table.resize(1200, 300)
    lay_out(table)
    study.session.clear()
    study.feed(study_started(), *trials([3.0]))
    settle(qtbot, table)
    assert header_widths(table)["Learning rate"] == 150

    table.widths.forget()
    assert header_widths(table)["Learning rate"] == own


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


def finished() -> Event:
    return StudyEnded(reason=StudyEnd.FINISHED, message="Finished", time=1.0)


def in_sight(table: TrialsTable, number: int) -> bool:
    row = table.model.row_of(number)
    assert row is not None
    top = table.view.rowViewportPosition(row)
    return top >= 0 and top + table.view.rowHeight(row) <= table.view.viewport().height()


def test_that_the_best_row_is_in_sight_at_the_end_and_the_newest_again_on_resume(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0] * 10 + [1.0] + [3.0] * 29))
    settle(qtbot, table)
    assert in_sight(table, 40)
    assert not in_sight(table, 11)

    study.feed(finished())
    settle(qtbot, table)
    assert in_sight(table, 11)
    assert table.view.selectionModel().selectedRows() == []

    study.feed(StudyResumed(time=2.0, trials=60), began(41))
    settle(qtbot, table)
    assert in_sight(table, 41)


def test_that_the_best_row_is_in_sight_on_opening(qtbot: QtBot, study: Study, table: TrialsTable) -> None:
    events = [study_started(), *trials([3.0] * 10 + [1.0] + [3.0] * 29), finished()]
    study.session.progress = StudyProgress.of(events)
    study.session.changed.emit(Changes(replaced=True))
    lay_out(table)
    assert in_sight(table, 11)

    table.resize(700, 150)
    lay_out(table)
    assert in_sight(table, 11)


def test_that_a_selection_does_not_keep_the_best_row_out_of_sight_at_the_end(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0] * 10 + [1.0] + [3.0] * 29), finished())
    settle(qtbot, table)
    study.session.select(13)
    study.feed(StudyResumed(time=2.0, trials=42), *trials([3.0] * 42)[-6:])
    settle(qtbot, table)
    study.feed(finished())
    settle(qtbot, table)
    assert in_sight(table, 11)
    assert in_sight(table, 13)

    study.session.select(40)
    assert in_sight(table, 40)
    table.resize(700, 220)
    lay_out(table)
    assert in_sight(table, 40)
    press(table, Qt.Key.Key_Escape)
    assert in_sight(table, 11)


def test_that_a_trial_that_was_selected_elsewhere_is_looked_at_until_the_end(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0] * 20 + [1.0] + [3.0] * 19))
    settle(qtbot, table)
    study.session.select(2)
    study.feed(began(41), ended(41, 3.0))
    settle(qtbot, table)
    assert in_sight(table, 2)
    assert not in_sight(table, 41)

    study.feed(finished())
    settle(qtbot, table)
    assert in_sight(table, 21)
    assert study.session.selected == 2


@pytest.mark.parametrize("by", ["scrolling", "sorting"])
def test_that_the_end_of_a_study_tears_nobody_away(qtbot: QtBot, study: Study, table: TrialsTable, by: str) -> None:
    study.feed(study_started(), *trials([3.0] * 30 + [1.0] + [3.0] * 9))
    settle(qtbot, table)
    match by:
        case "scrolling":
            table.view.verticalScrollBar().setValue(100)
        case _:
            sort(table, "Learning rate")
    before = table.view.verticalScrollBar().value()

    study.feed(finished())
    settle(qtbot, table)

    assert table.view.verticalScrollBar().value() == before


def test_that_a_user_who_looks_at_the_end_of_a_finished_study_stays_there_and_follows_it_on_resume(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([1.0] + [3.0] * 39), finished())
    settle(qtbot, table)
    table.view.scrollToBottom()
    table.resize(800, 200)
    lay_out(table)
    assert not in_sight(table, 1)

    table.view.scrollToBottom()
    study.feed(StudyResumed(time=2.0, trials=60), began(41), began(42))
    settle(qtbot, table)
    assert in_sight(table, 42)


def test_that_a_trial_that_is_pointed_out_is_selected_and_shown_again_and_again(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    table.resize(300, 220)
    study.feed(study_started(), *trials([3.0] * 40), finished())
    settle(qtbot, table)
    across = table.view.horizontalScrollBar()
    across.setValue(45)

    for _ in range(2):
        table.view.verticalScrollBar().setValue(0)
        study.session.point_out(30)
        lay_out(table)
        assert study.session.selected == 30
        assert in_sight(table, 30)
        assert across.value() == 45


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


# Keys


def press(table: TrialsTable, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(table.view, key, modifier)


@pytest.fixture
def keyed(qtbot: QtBot, study: Study, table: TrialsTable) -> TrialsTable:
    """The table with 40 trials and the focus, whose best is trial 11."""
    study.feed(study_started(), *trials([3.0] * 10 + [1.0] + [3.0] * 29), finished())
    settle(qtbot, table)
    table.activateWindow()
    table.view.setFocus()
    qtbot.waitUntil(table.view.hasFocus)
    return table


Menus = list[tuple[dict[str, QAction], QPoint]]


@pytest.fixture
def menus(monkeypatch: pytest.MonkeyPatch) -> Menus:
    """The menus that were opened: their actions by the texts, and where. A test's screen can show none."""
    opened: Menus = []

    def popup(menu: QMenu, at: QPoint) -> None:
        opened.append(({action.text(): action for action in menu.actions() if action.text()}, at))

    monkeypatch.setattr(QMenu, "popup", popup)
    return opened


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_Up, 1),
        (Qt.Key.Key_Home, 1),
        (Qt.Key.Key_PageDown, 1),
        (Qt.Key.Key_End, 40),
    ],
)
def test_that_the_first_key_selects_the_first_row(study: Study, keyed: TrialsTable, key: Qt.Key, number: int) -> None:
    press(keyed, key)
    assert study.session.selected == number
    assert in_sight(keyed, number)


def test_that_keys_walk_the_rows_and_esc_selects_none(study: Study, keyed: TrialsTable) -> None:
    keys = Qt.Key
    press(keyed, keys.Key_Down, keys.Key_Down, keys.Key_Down)
    assert study.session.selected == 3
    press(keyed, keys.Key_Right, keys.Key_End)
    assert study.session.selected == 40
    press(keyed, keys.Key_PageUp)
    assert 30 < (study.session.selected or 0) < 40
    press(keyed, keys.Key_Home)
    assert study.session.selected == 1
    assert keyed.view.currentIndex().column() == 1
    press(keyed, keys.Key_Escape)
    assert study.session.selected is None


def test_that_a_key_leads_to_the_best_row_and_selects_nothing(study: Study, keyed: TrialsTable) -> None:
    after = QLineEdit(keyed)
    after.show()
    after.setFocus()
    keyed.view.setCurrentIndex(keyed.model.index(0, 1))
    study.session.select(None)
    keyed.view.show_last()
    keyed.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert keyed.model.number_at(keyed.view.currentIndex().row()) == 11
    assert in_sight(keyed, 11)
    assert study.session.selected is None


def test_that_a_key_to_the_table_leaves_it_with_the_newest_trial_until_a_row_is_chosen(
    qtbot: QtBot, study: Study, table: TrialsTable
) -> None:
    study.feed(study_started(), *trials([3.0] * 10 + [1.0] + [3.0] * 29))
    settle(qtbot, table)
    table.activateWindow()
    bar = table.view.verticalScrollBar()
    for place in (None, 2):
        if place is not None:  # a current row that is out of sight
            table.view.selectionModel().setCurrentIndex(
                table.model.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            table.view.show_last()
        table.view.clearFocus()
        table.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        assert table.view.hasFocus()
        study.feed(began(41 + (place or 0)))
        settle(qtbot, table)
        assert bar.value() == bar.maximum() > 0
    press(table, Qt.Key.Key_Home)
    study.feed(began(50))
    settle(qtbot, table)
    assert in_sight(table, 1)
    assert bar.value() < bar.maximum()


def test_that_the_row_of_the_keyboard_stays_in_sight_when_a_key_sorts(keyed: TrialsTable) -> None:
    press(keyed, Qt.Key.Key_End, Qt.Key.Key_F3)
    assert order(keyed)[0] == 40
    press(keyed, Qt.Key.Key_F3)
    assert keyed.model.number_at(keyed.view.currentIndex().row()) == 40
    assert in_sight(keyed, 40)


def test_that_the_menu_opens_by_keys_also_when_nothing_is_selected(keyed: TrialsTable, menus: Menus) -> None:
    press(keyed, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Escape)
    press(keyed, Qt.Key.Key_F10, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert "Show trial 2 in the plots" in menus[-1][0]
    keyed.view.selectionModel().clear()
    press(keyed, Qt.Key.Key_F10, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert "Show trial 11 in the plots" in menus[-1][0]


def test_that_tab_leaves_the_table(qtbot: QtBot, keyed: TrialsTable) -> None:
    after = QLineEdit(keyed)
    after.show()
    QWidget.setTabOrder(keyed.view, after)
    press(keyed, Qt.Key.Key_Down, Qt.Key.Key_Tab)
    assert not keyed.view.hasFocus()


def test_that_sorting_and_copying_are_announced(keyed: TrialsTable, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(trials_table, "announce", lambda _widget, sentence: said.append(sentence))
    press(keyed, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_F3)
    keyed.sort_by(2)
    keyed.sort_by(2)
    keyed.sort_by(0)
    keyed.copy_selected()
    keyed.copy_all()
    assert said == [
        "Sorted by State, A to Z",
        "Sorted by Validation loss, lowest first",
        "Sorted by Validation loss, highest first",
        "In the order of trials",
        "Copied 1 row",
        f"Copied {keyed.model.rowCount()} rows",
    ]


def test_that_a_key_sorts_by_the_column_both_ways(keyed: TrialsTable) -> None:
    press(keyed, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_F3)
    assert order(keyed)[:2] == [11, 1]
    press(keyed, Qt.Key.Key_F3)
    assert order(keyed)[-1] == 11
    assert keyed.view.horizontalHeader().isSortIndicatorShown()


def test_that_the_mark_of_the_order_stands_apart_from_the_arrow_in_a_title(keyed: TrialsTable) -> None:
    header, place = keyed.view.horizontalHeader(), column(keyed, OBJECTIVE)

    def drawn(*, shown: bool) -> QImage:
        header.setSortIndicatorShown(shown)
        lay_out(keyed)
        picture = header.grab().toImage()
        return picture.copy(header.sectionViewportPosition(place), 0, header.sectionSize(place), picture.height())

    marks = {}
    for sorted_by in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        keyed.view.sortByColumn(place, sorted_by)
        without, marks[sorted_by] = drawn(shown=False), drawn(shown=True)
        seen = marks[sorted_by]
        points = ((x, y) for x in range(seen.width()) for y in range(seen.height()))
        changed = [(x, y) for x, y in points if seen.pixel(x, y) != without.pixel(x, y)]
        assert changed
        assert all(abs(x - seen.width() / 2) <= 6 and y < seen.height() / 3 for x, y in changed)
    assert marks[Qt.SortOrder.AscendingOrder] != marks[Qt.SortOrder.DescendingOrder]
    across, role = Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    tips = [str(keyed.model.headerData(section, across, role)) for section in range(keyed.model.columnCount())]
    assert [section for section, tip in enumerate(tips) if "Sorted by" in tip] == [place]
    assert tips[place].endswith(". Sorted by Validation loss, highest first")


def test_that_the_menu_opens_by_keys_at_the_row_and_its_column(study: Study, keyed: TrialsTable, menus: Menus) -> None:
    press(keyed, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right)
    press(keyed, Qt.Key.Key_F10, modifier=Qt.KeyboardModifier.ShiftModifier)
    menu, at = menus[-1]
    cell = keyed.view.visualRect(keyed.view.currentIndex())
    assert keyed.view.viewport().mapFromGlobal(at) == cell.bottomLeft()
    assert list(menu) == [
        "Copy rows",
        f"Sort by {OBJECTIVE}",
        "Show trial 1 in the plots",
        "Go to the best trial",
        "Fit all columns",
    ]
    menu[f"Sort by {OBJECTIVE}"].trigger()
    assert order(keyed)[0] == 11

    keyboard = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(keyed.view, keyboard)
    menu, _at = menus[-1]
    menu["Go to the best trial"].trigger()
    assert study.session.selected == 11
    menu["Back to the order of trials"].trigger()
    assert order(keyed)[0] == 1
    assert not keyed.view.horizontalHeader().isSortIndicatorShown()


def test_that_the_menu_beside_the_title_copies_all(qtbot: QtBot, keyed: TrialsTable, menus: Menus) -> None:
    qtbot.addWidget(keyed.more)
    keyed.more.click()
    menus[-1][0]["Copy all rows"].trigger()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 41
