"""The export dialog: what it shows of each format, and what it says after copying and saving."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

import core.export.saving
import gui.export.dialog
from core.datasets.settings import DataSettings
from core.events import EpochEnded, Event, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.export.exporters import CSV, EXPORTERS, JSON, PYTHON
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from gui.export.dialog import PREVIEW_LINES, ExportDialog
from gui.widgets.theme import Theme

VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 1, "optimizer": "sgd"}


def trial(number: int, objective: float | None) -> list[Event]:
    state = TrialState.SKIPPED if objective is None else TrialState.COMPLETE
    return [
        TrialStarted(trial=number, values=VALUES, seed=number, origin=PointOrigin.INITIAL),
        EpochEnded(trial=number, epoch=1, loss=1.0, val_loss=2.0, metrics={"mae": 1.0}, seconds=0.1),
        TrialEnded(trial=number, state=state, epoch=1, seconds=0.1, objective=objective),
    ]


def progress_with(*objectives: float | None) -> StudyProgress:
    ends = [e for number, objective in enumerate(objectives, 1) for e in trial(number, objective)]
    return StudyProgress.of([StudyStarted(settings=StudySettings(), time=0.0, versions={"keras": "3"}), *ends])


def make(qtbot: QtBot, progress: StudyProgress, folder: Path) -> ExportDialog:
    dialog = ExportDialog(progress, "houses", folder, Theme())
    qtbot.addWidget(dialog)
    return dialog


@pytest.mark.parametrize("name", EXPORTERS)
def test_that_choosing_a_format_shows_its_text(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    progress = progress_with(3.0, 2.0)
    dialog = make(qtbot, progress, tmp_path)

    dialog.choices[name].click()

    assert dialog.exporter is EXPORTERS[name]
    assert dialog.preview.toPlainText().splitlines() == EXPORTERS[name].text(progress).splitlines()
    assert dialog.preview.isReadOnly()


def test_that_the_selected_trial_can_be_exported_in_place_of_the_best(qtbot: QtBot, tmp_path: Path) -> None:
    progress = progress_with(3.0, 2.0, 4.0)
    dialog = ExportDialog(progress, "houses", tmp_path, Theme(), selected=3)
    qtbot.addWidget(dialog)
    assert [dialog.trial.itemText(place) for place in range(2)] == ["Best: trial 2", "Selected: trial 3"]
    assert '"trial": 2' in dialog.preview.toPlainText()

    dialog.trial.setCurrentIndex(1)
    assert '"trial": 3' in dialog.preview.toPlainText()
    assert dialog.suggested_name() == "houses-trial-3.json"
    dialog.choose(PYTHON)
    dialog.save_to(tmp_path / "third.py")
    qtbot.waitUntil(lambda: not dialog.busy)
    assert "Trial 3 of an Afina study" in (tmp_path / "third.py").read_text()
    dialog.choose(CSV)
    assert not dialog.trial.isEnabled()
    assert dialog.suggested_name() == "houses-trials.csv"


@pytest.mark.parametrize("selected", [None, 1, 2])
def test_that_there_is_no_choice_of_trials_without_another_result(
    qtbot: QtBot, tmp_path: Path, selected: int | None
) -> None:
    dialog = ExportDialog(progress_with(3.0, None), "houses", tmp_path, Theme(), selected=selected)
    qtbot.addWidget(dialog)
    assert dialog.trial.count() == 1
    assert dialog._trial_row.isHidden()


def test_that_the_first_format_is_the_best_settings(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    assert (dialog.exporter, dialog.choices["json"].isChecked()) == (JSON, True)


def test_that_copying_copies_the_text_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)

    dialog.copy_button.click()

    assert QGuiApplication.clipboard().text() == JSON.text(progress_with(3.0))
    assert dialog.status.text() == "Copied to the clipboard"


def test_that_saving_a_script_says_what_lies_beside_it(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), Path("/"))
    dialog.choose(PYTHON)

    dialog.save_to(tmp_path / "best.py")
    qtbot.waitUntil(lambda: not dialog.busy)

    assert dialog.status.text() == "Saved to best.py, with boston_housing.csv beside it"
    assert {path.name for path in tmp_path.iterdir()} == {"best.py", "boston_housing.csv"}
    assert dialog.folder == tmp_path


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Keep data from being written, until what is given is called."""
    go = threading.Event()
    put = core.export.saving.put_data_beside

    def wait_and_put(path: Path, data: DataSettings) -> Path | None:
        assert go.wait(60)
        return put(path, data)

    monkeypatch.setattr(gui.export.dialog, "put_data_beside", wait_and_put)
    yield go.set
    go.set()


def test_that_the_window_lives_while_data_are_written_and_nothing_comes_between(
    qtbot: QtBot, tmp_path: Path, held_back: Callable[[], None]
) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    dialog.show()
    dialog.choose(PYTHON)
    dialog.save_to(tmp_path / "best.py")
    assert dialog.status.text() == "Saving best.py and its data…"
    assert dialog.bar.isVisible()
    assert not dialog.save_button.isEnabled()
    assert not dialog.choices["json"].isEnabled()
    beats: list[int] = []
    QTimer.singleShot(0, lambda: beats.append(1))
    qtbot.waitUntil(lambda: bool(beats))
    dialog.reject()
    assert dialog.isVisible()
    held_back()
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.status.text() == "Saved to best.py, with boston_housing.csv beside it"
    assert not dialog.bar.isVisible()
    assert dialog.save_button.isEnabled()
    dialog.reject()
    assert not dialog.isVisible()


def test_that_closing_from_outside_waits_for_the_data_and_saves_the_script(
    qtbot: QtBot, tmp_path: Path, held_back: Callable[[], None]
) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    dialog.show()
    dialog.choose(PYTHON)
    dialog.save_to(tmp_path / "best.py")
    threading.Timer(0.2, held_back).start()
    dialog.close()
    assert not dialog.isVisible()
    assert {path.name for path in tmp_path.iterdir()} == {"best.py", "boston_housing.csv"}


def test_that_data_that_cannot_be_written_are_said_in_the_colour_of_errors(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    dialog.choose(PYTHON)
    dialog.save_to(tmp_path / "missing" / "best.py")
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.status.text() == "best.py cannot be saved: No such file or directory"
    assert dialog.save_button.isEnabled()


def test_that_a_bug_while_data_are_written_is_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(path: Path, data: DataSettings) -> Path | None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(gui.export.dialog, "put_data_beside", bug)
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    dialog.choose(PYTHON)
    with qtbot.waitSignal(dialog.failed) as told:
        dialog.save_to(tmp_path / "best.py")
    assert "a bug of ours" in told.args[0].details


def test_that_choosing_another_format_takes_the_last_sentence_back(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    dialog.save_to(tmp_path / "best.json")
    assert dialog.status.text() == "Saved to best.json"

    dialog.choose(CSV)

    assert dialog.status.text() == ""


def test_that_a_failed_save_is_said_in_the_colour_of_errors(qtbot: QtBot, tmp_path: Path) -> None:
    theme = Theme()
    dialog = ExportDialog(progress_with(3.0), "houses", tmp_path, theme)
    qtbot.addWidget(dialog)

    dialog.save_to(tmp_path / "missing" / "best.json")

    assert dialog.status.text() == "best.json cannot be saved: No such file or directory"
    assert dialog.status.palette().windowText().color().name() == theme.colours.failed
    assert dialog.folder == tmp_path


def test_that_without_a_complete_trial_only_the_table_can_be_exported(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(None), tmp_path)
    dialog.show()

    for exporter, usable in ((JSON, False), (PYTHON, False), (CSV, True)):
        dialog.choose(exporter)
        assert dialog.preview.isVisible() is usable
        assert dialog.nothing.isVisible() is not usable
        assert dialog.copy_button.isEnabled() is usable
        assert dialog.save_button.isEnabled() is usable
    assert dialog.nothing.text() == "No trial has finished yet, so there are no best settings to export"


def test_that_what_is_copied_is_of_now_when_the_study_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    progress = progress_with(3.0)
    dialog = make(qtbot, progress, tmp_path)
    for event in trial(2, 1.5):
        progress.apply(event)

    dialog.copy()

    assert QGuiApplication.clipboard().text() == JSON.text(progress)
    assert dialog.preview.toPlainText() == JSON.text(progress).rstrip("\n")


def test_that_a_long_table_is_shown_in_part_and_copied_whole(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(*[1.0] * 1_700), tmp_path)
    dialog.choose(CSV)

    shown = dialog.preview.toPlainText().splitlines()
    assert len(shown) == PREVIEW_LINES + 1
    assert shown[-1] == "… and 1,201 more lines"
    dialog.copy()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1_701


def test_that_the_offered_name_tells_study_content_and_format(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    names = []
    for exporter in (JSON, CSV, PYTHON):
        dialog.choose(exporter)
        names.append(dialog.suggested_name())
    assert names == ["houses-best.json", "houses-trials.csv", "houses-best.py"]


def test_that_it_is_told_beside_the_script_whether_that_prints_the_recorded_number(
    qtbot: QtBot, tmp_path: Path
) -> None:
    progress = progress_with(3.0, 2.0)
    dialog = make(qtbot, progress, tmp_path)
    assert dialog.promise.isHidden()
    dialog.choose(PYTHON)
    assert not dialog.promise.isHidden()
    assert dialog.promise.text() == PYTHON.promise(progress, None)
    assert dialog.promise.wordWrap()
    dialog.choose(CSV)
    assert dialog.promise.isHidden()
    empty = make(qtbot, progress_with(None), tmp_path)
    empty.choose(PYTHON)
    assert empty.promise.isHidden()
