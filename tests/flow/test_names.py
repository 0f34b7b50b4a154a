"""A model file whose hyperparameters are called as Afina's own columns, from the form to every export, for real."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from core.events import TrialState
from core.export.exporters import CSV, JSON, PYTHON
from core.figures.dimensions import OBJECTIVE
from core.figures.figure import Kind
from core.headless.listing import show
from core.progress import StudyProgress
from core.ranges import Choices, Fixed, FloatRange, IntegerRange, OffOrOn, Scale
from core.search.searchers import InlineSearcher
from core.settings import BudgetSettings, TrainerKind
from core.store.reader import read_study
from core.study.local_engine import LocalEngine
from gui.rehearsal.dialog import RehearsalDialog
from gui.session.run_state import Command
from gui.setup.consent_dialog import ConsentDialog
from gui.window.main_window import MainWindow
from tests.exports import save_export
from tests.scripts import run_script
from tests.windows import open_window, progress_of

pytestmark = [pytest.mark.slow, pytest.mark.shares_processes, pytest.mark.usefixtures("keras_at_hand")]

WARM = 120_000  # milliseconds that loading TensorFlow may take on a busy machine
SOURCE = """\
import keras
import keras_tuner as kt


def build_model(hp):
    model = keras.Sequential()
    for _ in range(hp.Int("trial", 1, 3)):
        model.add(keras.layers.Dense(hp.Int("state", 4, 32, step=4), activation=hp.Choice("origin", ["relu", "tanh"])))
        model.add(keras.layers.Dropout(hp.Float("objective", 0.0, 0.5)))
    if hp.Boolean("message"):
        model.add(keras.layers.GaussianNoise(hp.Float("reason", 0.01, 0.1)))
    model.add(keras.layers.Dense(1))
    rate = hp.Float("seconds", 1e-4, 1e-1, sampling="log")
    model.compile(keras.optimizers.Adam(rate), loss="mse", metrics=["mae"])
    return model
"""
RANGES = {
    "trial": IntegerRange(1, 3),
    "state": IntegerRange(4, 32, step=4),
    "origin": Choices(("relu", "tanh")),
    "objective": FloatRange(0.0, 0.5),
    "message": OffOrOn(),
    "reason": FloatRange(0.01, 0.1),
    "seconds": FloatRange(1e-4, 1e-1, Scale.LOG),
}


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    trusted: set[str] = set()
    engine = LocalEngine(searchers=dict.fromkeys(TrainerKind, InlineSearcher), trusted=trusted)
    with open_window(engine, tmp_path, qtbot, monkeypatch) as opened:
        monkeypatch.setattr(opened.preferences, "_trusted", trusted)
        yield opened
    engine.close()


def test_that_a_study_of_such_names_has_every_number_where_it_belongs(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = studied(window, qtbot, tmp_path)

    assert {name: progress.settings.model.ranges[name] for name in RANGES} == RANGES
    assert [trial.state for trial in progress.trials.values()] == [TrialState.COMPLETE] * 3
    _in_the_csv(progress)
    _in_the_table(window, progress)
    _in_the_plot(window, qtbot, progress)
    best = progress.best
    assert best is not None
    assert best.objective is not None
    assert json.loads(JSON.text(progress))["values"] == best.values
    assert window.session.path is not None
    recorded = StudyProgress.of(read_study(window.session.path))
    assert [trial.values for trial in recorded.trials.values()] == [t.values for t in progress.trials.values()]
    show(window.session.path)
    header, *rows = capsys.readouterr().out.splitlines()
    at = header.index("parameter objective")
    assert [float(row[at:].split()[0]) for row in rows[:3]] == pytest.approx(
        [trial.values["objective"] for trial in progress.trials.values()], rel=1e-3
    )
    save_export(PYTHON, progress, tmp_path / "best.py")
    said, _saved = run_script(tmp_path / "best.py").splitlines()
    assert float(said.split()[2].rstrip(";")) == pytest.approx(best.objective, rel=1e-4)


def studied(window: MainWindow, qtbot: QtBot, folder: Path) -> StudyProgress:
    """Choose the file, agree to it, and run a study of it."""
    path = folder / "model.py"
    path.write_text(SOURCE)
    window.model_files.load(path)
    (question,) = window.findChildren(ConsentDialog)
    question.accept()
    qtbot.waitUntil(lambda: not window.model_files.reading, timeout=WARM)
    settings = window.form.settings()
    assert settings is not None, window.form.problem()
    model = msgspec.structs.replace(settings.model, ranges=settings.model.ranges | {"epochs": Fixed(2)})
    search = msgspec.structs.replace(settings.search, initial_points=2)
    budget = BudgetSettings(trials=3)
    window.form.set_settings(msgspec.structs.replace(settings, model=model, search=search, budget=budget))
    window.actions_[Command.START].trigger()
    for dialog in window.findChildren(RehearsalDialog):
        dialog.start_button.click()
    qtbot.waitUntil(lambda: window.session.job is None and window.table.is_current, timeout=WARM)
    return progress_of(window.session)


def _in_the_csv(progress: StudyProgress) -> None:
    rows = list(csv.DictReader(io.StringIO(CSV.text(progress))))
    for row, trial in zip(rows, progress.trials.values(), strict=True):
        assert (row["trial"], row["state"]) == (str(trial.number), trial.state.value)
        assert (row["origin"], row["message"]) == (trial.origin.value, trial.message)
        assert (float(row["objective"]), float(row["seconds"])) == (trial.objective, trial.seconds)
        for name in RANGES:
            assert row[f"parameter {name}"] == str(trial.values.get(name, "")), name


def _in_the_table(window: MainWindow, progress: StudyProgress) -> None:
    model = window.table.model
    for place, column in enumerate(model.columns):
        name = column.header.removeprefix("parameter ")
        for row in range(len(progress.trials)):
            trial = model.trial_at(row)
            if name in RANGES and not column.header[:1].isupper():
                assert column.value(trial) == trial.values.get(name), column.header
            if column.header in ("Trial", "Validation loss ↓"):
                assert float(model.exact_text(row, place)) == (
                    trial.number if column.header == "Trial" else trial.objective
                )
    headers = [column.header for column in model.columns]
    assert len({header.casefold() for header in headers}) == len(headers)


def _in_the_plot(window: MainWindow, qtbot: QtBot, progress: StudyProgress) -> None:
    plot = window.points_plot
    plot.show_parameters("objective", OBJECTIVE)
    qtbot.waitUntil(lambda: not plot.waiting_to_paint)
    assert plot._figure is not None
    (done,) = plot._figure.points(Kind.DONE)
    shown = [progress.trials[int(number)] for number in done.trials]
    assert done.x.tolist() == [trial.values["objective"] for trial in shown]
    heights = 10**done.y if plot._figure.y.scale.log else done.y
    assert heights.tolist() == pytest.approx([trial.objective for trial in shown])
