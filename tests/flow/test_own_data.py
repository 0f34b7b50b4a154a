"""A table that Afina has never seen, from the File menu to a finished study: the real window, processes and Keras."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import sklearn.datasets
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from core.events import TrialState
from core.study.local_engine import LocalEngine
from core.tables.description import ColumnRole, Task
from gui.data_import.dialog import ImportDialog
from gui.rehearsal.dialog import RehearsalDialog
from gui.session.run_state import Command
from gui.widgets.fields import ChoiceField
from gui.widgets.number_fields import IntegerField
from gui.window.main_window import MainWindow
from tests.windows import open_window, progress_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("keras_at_hand")]

WARM = 120_000  # milliseconds that loading TensorFlow may take on a busy machine
TASKS = {"wine": Task.MULTICLASS, "diabetes": Task.REGRESSION, "breast_cancer": Task.BINARY}


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    engine = LocalEngine()
    with open_window(engine, tmp_path, qtbot, monkeypatch) as opened:
        opened.resize(1280, 800)
        yield opened
    engine.close()


def unknown_table(name: str, folder: Path) -> Path:
    """Write a data set of scikit-learn as people have theirs: with a column of categories, and holes."""
    data = getattr(sklearn.datasets, f"load_{name}")()
    rng = np.random.default_rng(1)
    columns: dict[str, list[object]] = {}
    for column, feature in enumerate(data.feature_names):
        holes = rng.random(len(data.data)) < 0.03
        columns[feature] = [
            None if hole else value for hole, value in zip(holes, data.data[:, column].tolist(), strict=True)
        ]
    columns["site"] = rng.choice(["north", "south", "west"], len(data.data)).tolist()
    named = TASKS[name] is not Task.REGRESSION
    columns["outcome"] = (data.target_names[data.target] if named else data.target).tolist()
    path = folder / f"{name}.csv"
    pl.DataFrame(columns).write_csv(path)
    return path


def choose(field: ChoiceField, value: str, qtbot: QtBot) -> None:
    """Choose by keys, as one who has clicked on the field."""
    field.setFocus()
    for _ in range(field.count()):
        qtbot.keyClick(field, Qt.Key.Key_Up)
    while field.value() != value:
        before = field.value()
        qtbot.keyClick(field, Qt.Key.Key_Down)
        assert field.value() != before, f"{value} cannot be chosen"


def enter(field: IntegerField, text: str, qtbot: QtBot) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


@pytest.mark.parametrize("name", TASKS)
def test_that_an_unknown_table_gets_from_the_menu_to_a_finished_study(
    name: str, window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = unknown_table(name, tmp_path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: (str(path), ""))
    window.actions_[Command.IMPORT_DATA].trigger()
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WARM)
    choose(dialog.target_view.target, "outcome", qtbot)
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WARM)
    assert dialog.target_view.task.value() == TASKS[name]
    assert dialog.columns.model.roles()["site"] is ColumnRole.CATEGORY
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)

    choose(window.form.model.family, "mlp", qtbot)
    enter(window.form.budget.trials, "11", qtbot)
    qtbot.mouseClick(window.headline.buttons[Command.START], Qt.MouseButton.LeftButton)
    for rehearsal in window.findChildren(RehearsalDialog):
        qtbot.mouseClick(rehearsal.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(progress_of(window.session).trials), timeout=WARM)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=WARM)

    trials = progress_of(window.session).trials.values()
    assert [trial.state for trial in trials] == [TrialState.COMPLETE] * 11
    assert progress_of(window.session).best is not None
    qtbot.waitUntil(lambda: window.table.model.rowCount() == 11)
