"""Parameters with names that Afina itself uses, in the parts of the window: each number stands where it belongs."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.events import EpochEnded, Event, TrialEnded, TrialStarted, TrialState
from core.figures.dimensions import OBJECTIVE
from core.figures.figure import Kind
from core.models.custom.declared import Declared
from core.parameters import FloatRange, Value
from core.rules import Relation, Rule
from core.search.proposal import PointOrigin
from core.store.writer import Store
from core.study.loop import study_started
from gui.setup.form import SettingsForm
from gui.widgets.theme import Theme
from gui.window.main_window import MainWindow
from tests.extremes import declared_settings
from tests.names import NAMES
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_study, open_window

OURS = ("Trial", "State", "Validation loss ↓", "Train loss", "Duration", "Note")
TAKEN = ("trial", "state", "objective", "train loss", "Duration", "note")
OTHERS = ("origin", "message", "Units", "units", "★", "n" * 100)
SETTINGS = declared_settings(
    *(Declared(name=name, range=FloatRange(0, 1000), default=0.5) for name in (*TAKEN, *OTHERS))
)


def value(name: str, number: int) -> float:
    """Return a trial's value of the parameter; it falls from trial to trial."""
    return 100.0 * ([*TAKEN, *OTHERS].index(name) + 1) - number


def trial(number: int, objective: float) -> list[Event]:
    values: dict[str, Value] = {name: value(name, number) for name in (*TAKEN, *OTHERS)}
    values |= {"batch_size": 32, "epochs": 1, "patience": 0}
    loss = objective + 0.25
    return [
        TrialStarted(trial=number, values=values, seed=7, origin=PointOrigin.INITIAL),
        EpochEnded(trial=number, epoch=1, loss=loss, val_loss=objective, metrics={}, seconds=1.0),
        TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=1, seconds=2.0, objective=objective),
    ]


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Return the window with a study of three trials, the second of which is the best."""
    path = tmp_path / "names.afina"
    events = [event for number, objective in ((1, 3.0), (2, 1.0), (3, 2.0)) for event in trial(number, objective)]
    Store.create(path, study_started(SETTINGS), events).close()
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as opened:
        open_study(opened, path, qtbot)
        qtbot.waitUntil(lambda: not opened.points_plot.waiting_to_paint)  # only then its boxes offer the study's names
        yield opened


def headers(window: MainWindow) -> list[str]:
    return [column.header for column in window.table.model.columns]


def test_that_the_table_has_each_number_under_a_header_that_is_no_others(window: MainWindow) -> None:
    found = headers(window)

    assert found == [*OURS[:3], *(f"parameter {name}" for name in TAKEN), *OTHERS, *OURS[3:]]
    model = window.table.model
    for name in (*TAKEN, *OTHERS):
        column = found.index(f"parameter {name}" if name in TAKEN else name)
        assert [model.exact_text(row, column) for row in range(3)] == [f"{value(name, n):g}" for n in (1, 2, 3)], name
    assert [model.exact_text(row, 2) for row in range(3)] == ["3", "1", "2"]


def test_that_the_table_sorts_by_the_column_that_was_clicked(window: MainWindow) -> None:
    def order(header: str) -> list[int]:
        window.table.view.sortByColumn(headers(window).index(header), Qt.SortOrder.AscendingOrder)
        return [window.table.model.number_at(row) for row in range(3)]

    assert order("Validation loss ↓") == [2, 3, 1]
    assert order("parameter objective") == [3, 2, 1]
    assert order("Trial") == [1, 2, 3]
    assert order("parameter trial") == [3, 2, 1]


def test_that_copied_rows_have_headers_that_differ(window: MainWindow) -> None:
    window.table.view.selectAll()
    window.table.copy_selected()

    header, first, *_rest = csv.reader(io.StringIO(QGuiApplication.clipboard().text()), "excel-tab")

    assert header == headers(window)
    assert len(set(header)) == len(header)
    assert first[header.index("parameter objective")] == f"{value('objective', 1):g}"
    assert first[header.index("Validation loss ↓")] == "3"


def test_that_a_name_of_a_hundred_letters_leaves_room_and_is_whole_in_the_tool_tip(window: MainWindow) -> None:
    header, model = window.table.view.horizontalHeader(), window.table.model
    place = headers(window).index("n" * 100)

    assert header.sectionSize(place) < header.fontMetrics().horizontalAdvance("n" * 40)
    tip = model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert str(tip).startswith(f"{'n' * 100}: ")
    assert window.form._content.minimumSizeHint().width() < window.form._content.fontMetrics().averageCharWidth() * 70


def test_that_the_points_plot_tells_the_parameter_from_the_objective(window: MainWindow, qtbot: QtBot) -> None:
    plot = window.points_plot

    plot.y_box.setCurrentIndex(plot.y_box.findText("parameter objective"))
    plot.y_box.activated.emit(plot.y_box.currentIndex())
    assert plot.shown == ("trial", "objective")
    qtbot.waitUntil(lambda: not plot.waiting_to_paint)
    assert points_of(window) == {(value("trial", n), value("objective", n)) for n in (1, 2, 3)}

    plot.y_box.setCurrentIndex(plot.y_box.findText("Objective"))
    plot.y_box.activated.emit(plot.y_box.currentIndex())
    assert plot.shown == ("trial", OBJECTIVE)
    qtbot.waitUntil(lambda: not plot.waiting_to_paint)
    assert points_of(window) == {(value("trial", n), objective) for n, objective in ((1, 3.0), (2, 1.0), (3, 2.0))}


def points_of(window: MainWindow) -> set[tuple[float, float]]:
    figure = window.points_plot._figure
    assert figure is not None
    (done,) = figure.points(Kind.DONE)
    return set(zip(done.x.tolist(), done.y.tolist(), strict=True))


def test_that_the_headline_says_which_number_is_a_parameters(window: MainWindow) -> None:
    assert "parameter trial <b>98</b>, state <b>198</b>, parameter objective <b>298</b>" in window.headline.text


@pytest.fixture
def form(qtbot: QtBot) -> SettingsForm:
    made = SettingsForm(Theme())
    qtbot.addWidget(made)
    settings = declared_settings(
        *(Declared(name=name, range=FloatRange(0, 1000), default=0.5) for name in (*NAMES, "a", "value")),
        rules=(Rule("trial", Relation.AT_MOST, "a number"), Rule("trial", Relation.AT_MOST, 7.0)),
    )
    made.set_settings(settings)
    made.show()
    return made


def test_that_the_form_gives_back_the_settings_of_any_names(form: SettingsForm) -> None:
    settings = form.settings()

    assert settings is not None
    assert list(settings.varied) == [*NAMES, "a", "value"]
    assert [rule.right for rule in settings.model.rules] == ["a number", 7.0]


def test_that_a_rule_offers_a_number_and_a_parameter_of_that_name(form: SettingsForm) -> None:
    by_parameter, by_number = form.space.rules.rows

    assert by_parameter.right.currentText() == "parameter a number"
    assert by_number.right.currentText() == "a number"


@pytest.mark.parametrize("name", ["low", "a", "value", "objective", "trial"])
def test_that_a_problem_names_the_parameter_whatever_words_the_sentence_has(form: SettingsForm, name: str) -> None:
    form.space.rows[name].low.setText("2000")  # type: ignore[attr-defined]

    assert form.settings() is None
    assert form.problem().startswith(f"{name}: Low (2000) must be below high (1000)")
