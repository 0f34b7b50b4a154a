"""Load settings…: an exported trial is asked about, files of earlier versions go as far as they go."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QMessageBox

from core.export.exporters import JSON
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.parameters import Fixed
from core.progress import StudyProgress
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.training.request import TrialRequest
from gui.program.preferences import Purpose
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.model_files import custom_file, custom_settings
from tests.scripted import ScriptedTrainer, scripted_engine

MLP = FAMILIES["mlp"]
TUTORIAL = msgspec.structs.replace(tutorial_settings(), budget=BudgetSettings(trials=2), seed=9)
PERCEPTRON = msgspec.structs.replace(
    TUTORIAL, model=ModelSettings(family_name="mlp", ranges={p.name: p.first_range() for p in MLP.parameters})
)
OF_A_FILE = custom_settings(custom_file(), trials=2)


def falling(request: TrialRequest) -> list[float]:
    return [3.0, 2.0, 1.0 + 1 / request.trial]


def exported(settings: StudySettings, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Run a study; return the export of its best trial, and what is in it."""
    trusted = frozenset() if settings.model.file is None else frozenset({settings.model.file.digest})
    study, path = folder / "study.afina", folder / "best.json"
    engine = scripted_engine(ScriptedTrainer(falling), trusted)
    engine.start(settings, study, lambda _events: None, StudyControl())
    text = JSON.text(StudyProgress.of(read_study(study)))
    path.write_text(text)
    return path, json.loads(text)


def earlier(path: Path, content: dict[str, Any]) -> Path:
    """Write the export as earlier versions did."""
    path.write_text(json.dumps({name: part for name, part in content.items() if name != "settings"}))
    return path


def box(window: MainWindow) -> QMessageBox:
    """Return the message that is shown."""
    (shown,) = (box for box in window.findChildren(QMessageBox) if box.isVisible())
    return shown


def press(window: MainWindow, text: str) -> None:
    next(button for button in box(window).buttons() if text in button.text()).click()


def held(window: MainWindow) -> dict[str, object]:
    """Return the values of the rows, which must all be fixed."""
    ranges = {name: row.range() for name, row in window.form.space.rows.items()}
    assert all(isinstance(given, Fixed) for given in ranges.values())
    return {name: given.value for name, given in ranges.items() if isinstance(given, Fixed)}


@pytest.mark.parametrize("settings", [TUTORIAL, PERCEPTRON, OF_A_FILE], ids=["linear", "perceptron", "model file"])
def test_that_an_exported_trial_can_be_loaded_as_its_study(
    window: MainWindow, tmp_path: Path, settings: StudySettings
) -> None:
    path, content = exported(settings, tmp_path)
    window.settings_files.load(path)
    assert window.form.settings() == tutorial_settings(), "nothing before the answer"
    assert f"trial {content['trial']}" in box(window).informativeText()
    press(window, "The same study")
    assert window.form.settings() == settings
    assert window.preferences.folder_for(Purpose.SETTINGS) == tmp_path


@pytest.mark.parametrize("settings", [TUTORIAL, PERCEPTRON, OF_A_FILE], ids=["linear", "perceptron", "model file"])
def test_that_an_exported_trial_can_be_loaded_as_its_values_held_fixed(
    window: MainWindow, tmp_path: Path, settings: StudySettings
) -> None:
    path, content = exported(settings, tmp_path)
    window.settings_files.load(path)
    press(window, f"Trial {content['trial']}'s values, held fixed")
    values = held(window)
    assert content["values"].items() <= values.items()
    assert list(values) == [parameter.name for parameter in settings.family.parameters]
    assert window.form.settings() is None
    assert "Nothing is varied" in window.form.problem()
    assert not window.actions_[Command.START].isEnabled()

    name = next(name for name in settings.varied if name in content["values"])
    window.form.space.rows[name].vary.setChecked(True)
    found = window.form.settings()
    assert found is not None
    assert list(found.varied) == [name]
    assert (found.budget, found.data, found.seed) == (settings.budget, settings.data, settings.seed)
    assert window.actions_[Command.START].isEnabled()


def test_that_a_question_that_is_cancelled_leaves_the_form(window: MainWindow, tmp_path: Path) -> None:
    path, _content = exported(PERCEPTRON, tmp_path)
    window.settings_files.load(path)
    press(window, "Cancel")
    assert window.form.settings() == tutorial_settings()


def test_that_an_earlier_export_is_held_over_what_is_in_the_form(window: MainWindow, tmp_path: Path) -> None:
    path = earlier(*exported(PERCEPTRON, tmp_path))
    window.form.budget.trials.set_value(33)
    window.settings_files.load(path)
    said = box(window).informativeText()
    assert "not the ranges that were searched" in said
    assert "all else is as it was in the form." in said
    assert json.loads(path.read_text())["values"].items() <= held(window).items()
    assert window.form.budget.trials.value() == 33
    assert window.form.model.chosen_family is MLP
    window.form.space.rows["learning_rate"].vary.setChecked(True)
    found = window.form.settings()
    assert found is not None
    assert found.seed == 9


def test_that_an_earlier_export_is_held_over_the_tutorial_when_the_form_has_a_mistake(
    window: MainWindow, tmp_path: Path
) -> None:
    path = earlier(*exported(TUTORIAL, tmp_path))
    window.form.budget.trials.setText("many")
    window.settings_files.load(path)
    assert "as in the tutorial, since the form had a mistake" in box(window).informativeText()
    assert window.form.budget.trials.value() == 20
    assert held(window)


def test_that_an_earlier_export_of_a_model_file_asks_for_it_and_leaves_the_form(
    window: MainWindow, tmp_path: Path
) -> None:
    path = earlier(*exported(OF_A_FILE, tmp_path))
    window.settings_files.load(path)
    assert "best.json: The trial is of the model file model.py" in box(window).informativeText()
    assert window.form.settings() == tutorial_settings()
    box(window).close()
    window.form.set_settings(OF_A_FILE)
    window.settings_files.load(path)
    assert held(window)


def test_that_settings_of_an_earlier_version_are_loaded_and_what_they_lack_is_named(
    window: MainWindow, tmp_path: Path
) -> None:
    content = json.loads(PERCEPTRON.to_json())
    del content["limits"]
    (tmp_path / "old.json").write_text(json.dumps(content))
    window.settings_files.load(tmp_path / "old.json")
    assert window.form.settings() == PERCEPTRON
    assert box(window).text() == "old.json was loaded as far as it goes"
    assert box(window).informativeText() == (
        "These settings are not in the file, and have their defaults: Time per trial, Memory per trial, Pause after."
    )


@pytest.mark.parametrize("text", ["", "{", '{"trial": 1, "values": {}}', "\x00\x01", '{"trial": 1, "values": 3}'])
def test_that_what_is_no_settings_is_one_sentence_and_nothing_is_lost(
    window: MainWindow, tmp_path: Path, text: str
) -> None:
    window.form.budget.trials.set_value(33)
    before = window.form.settings()
    (tmp_path / "bad.json").write_text(text)
    window.settings_files.load(tmp_path / "bad.json")
    said = box(window).informativeText()
    assert said.startswith("bad.json: ")
    assert window.form.settings() == before


def shown_boxes(window: MainWindow) -> list[QMessageBox]:
    return [shown for shown in window.findChildren(QMessageBox) if shown.isVisible()]


def without_limits(path: Path, content: dict[str, Any]) -> Path:
    """Write the export as a version did that knew no limits."""
    del content["settings"]["limits"]
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize("answer", ["The same study", "values, held fixed"])
def test_that_what_an_exported_trial_lacks_is_told_after_the_answer(
    window: MainWindow, tmp_path: Path, answer: str
) -> None:
    window.settings_files.load(without_limits(*exported(PERCEPTRON, tmp_path)))
    assert box(window).text().startswith("Load the study, or its trial")
    press(window, answer)
    assert box(window).text() == "best.json was loaded as far as it goes"
    assert "Time per trial" in box(window).informativeText()


def test_that_nothing_is_said_to_be_loaded_when_the_question_is_cancelled(window: MainWindow, tmp_path: Path) -> None:
    window.settings_files.load(without_limits(*exported(PERCEPTRON, tmp_path)))
    press(window, "Cancel")
    assert not shown_boxes(window)
    assert window.form.settings() == tutorial_settings()
