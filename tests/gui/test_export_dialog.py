"""The export dialog: what it shows of each format, and what it says after copying and saving."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

import core.export.saving
from core.datasets.settings import DataSettings
from core.errors import ExportError
from core.events import EpochEnded, Event, StudyStarted, TrialEnded, TrialStarted, TrialState, TrialTested
from core.export.exporters import CSV, EXPORTERS, JSON, PYTHON
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from gui.export.dialog import PREVIEW_LINES, ExportDialog
from gui.widgets.theme import Theme
from tests.windows import lay_out

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


def make(
    qtbot: QtBot, progress: StudyProgress, folder: Path, *formats: str, selected: int | None = None
) -> ExportDialog:
    dialog = ExportDialog(progress, "houses", folder, Theme(), selected=selected, formats=formats)
    qtbot.addWidget(dialog)
    return dialog


def saved(dialog: ExportDialog, qtbot: QtBot) -> str:
    """Return what is said after a click on Save, once all is written."""
    dialog.save_button.click()
    qtbot.waitUntil(lambda: not dialog.busy)
    return dialog.status.text()


def names(dialog: ExportDialog) -> dict[str, str]:
    return {name: field.text() for name, field in dialog.rows.names.items()}


def ticked(dialog: ExportDialog) -> list[str]:
    return [name for name, box in dialog.rows.boxes.items() if box.isChecked()]


def question(dialog: ExportDialog) -> QMessageBox:
    (box,) = (box for box in dialog.findChildren(QMessageBox) if box.isVisible())
    return box


# What is chosen


def test_that_at_first_the_best_settings_are_ticked_and_shown(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    assert (dialog.formats, ticked(dialog), dialog.exporter) == (["json"], ["json"], JSON)


def test_that_what_was_chosen_last_is_ticked_and_what_is_unknown_is_not(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path, "csv", "python", "xlsx")
    assert ticked(dialog) == dialog.formats == ["csv", "python"]
    assert dialog.exporter is CSV
    assert dialog.save_button.text() == "&Save 2 files and data"
    dialog.rows.boxes["csv"].click()
    assert dialog.save_button.text() == "&Save script and data"
    dialog.rows.boxes["python"].click()
    dialog.rows.boxes["json"].click()
    assert dialog.save_button.text() == "&Save"


@pytest.mark.parametrize("name", EXPORTERS)
def test_that_ticking_a_format_shows_its_text_and_each_has_its_sentence(
    qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    progress = progress_with(3.0, 2.0)
    dialog = make(qtbot, progress, tmp_path, "json", "csv", "python")
    dialog.rows.boxes[name].click()
    assert name not in dialog.formats
    dialog.rows.boxes[name].click()
    assert name in dialog.formats
    assert dialog.exporter is EXPORTERS[name]
    assert dialog.preview.toPlainText().splitlines() == EXPORTERS[name].text(progress).splitlines()
    assert dialog.preview.isReadOnly()
    assert dialog.rows.sentences[name].text().startswith(EXPORTERS[name].help)


def test_that_a_format_can_be_looked_at_without_being_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    dialog.shown.set_value("csv")
    assert dialog.preview.toPlainText().startswith("trial,")
    assert dialog.formats == ["json"]


def test_that_nothing_ticked_saves_nothing_and_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    dialog.rows.boxes["json"].click()
    assert not dialog.save_button.isEnabled()
    assert dialog.save_button.toolTip() == "Tick what is to be saved"


def test_that_the_selected_trial_can_be_exported_in_place_of_the_best(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0, 2.0, 4.0), tmp_path, "json", "csv", "python", selected=3)
    assert [dialog.trial.itemText(place) for place in range(2)] == ["Best: trial 2", "Selected: trial 3"]
    assert '"trial": 2' in dialog.preview.toPlainText()
    assert names(dialog) == {"json": "houses-best.json", "csv": "houses-trials.csv", "python": "houses-best.py"}

    dialog.trial.setCurrentIndex(1)
    assert '"trial": 3' in dialog.preview.toPlainText()
    assert names(dialog) == {"json": "houses-trial-3.json", "csv": "houses-trials.csv", "python": "houses-trial-3.py"}
    assert saved(dialog, qtbot).startswith("Saved houses-trial-3.json, houses-trials.csv, houses-trial-3.py and ")
    assert "Trial 3 of an Afina study" in (tmp_path / "houses-trial-3.py").read_text()


@pytest.mark.parametrize("selected", [None, 1, 2])
def test_that_there_is_no_choice_of_trials_without_another_result(
    qtbot: QtBot, tmp_path: Path, selected: int | None
) -> None:
    dialog = make(qtbot, progress_with(3.0, None), tmp_path, selected=selected)
    assert dialog.trial.count() == 1


def test_that_it_is_said_what_is_known_of_the_trial_with_its_test(qtbot: QtBot, tmp_path: Path) -> None:
    progress = progress_with(3.0, 2.0)
    assert make(qtbot, progress, tmp_path).about.text() == "Trial 2: validation loss 2."
    progress.apply(TrialTested(trial=2, metrics={"loss": (2.5,)}, time=1.0, rows=69, intervals={"loss": (2.0, 3.0)}))
    dialog = make(qtbot, progress, tmp_path, selected=1)
    assert dialog.about.text() == (
        "Trial 2: validation loss 2. On the test part (69 rows): loss 2.5, 95 % interval 2 to 3."
    )
    dialog.trial.setCurrentIndex(1)
    assert dialog.about.text() == "Trial 1: validation loss 3."


def test_that_it_is_told_beside_the_script_whether_that_prints_the_recorded_number(
    qtbot: QtBot, tmp_path: Path
) -> None:
    progress = progress_with(3.0, 2.0)
    dialog = make(qtbot, progress, tmp_path)
    sentences = {name: label.text() for name, label in dialog.rows.sentences.items()}
    assert sentences["python"] == f"{PYTHON.help} {PYTHON.promise(progress, None)}"
    assert sentences["json"] == JSON.help
    assert sentences["csv"] == CSV.help


def test_that_without_a_complete_trial_only_the_table_can_be_exported(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(None), tmp_path, "json", "csv", "python")
    dialog.show()
    assert ticked(dialog) == ["csv"]
    assert dialog.formats == ["json", "csv", "python"]  # which are wanted the next time
    for exporter, usable in ((JSON, False), (PYTHON, False), (CSV, True)):
        dialog.shown.set_value(exporter.name)
        assert dialog.rows.boxes[exporter.name].isEnabled() is usable
        assert dialog.preview.isVisible() is usable
        assert dialog.nothing.isVisible() is not usable
        assert dialog.copy_button.isEnabled() is usable
    why = "No trial has finished yet, so there are no best settings to export"
    assert dialog.nothing.text() == dialog.rows.sentences["json"].text() == why
    assert saved(dialog, qtbot) == "Saved houses-trials.csv"


# The clipboard


def test_that_copying_copies_the_text_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)

    dialog.copy_button.click()

    assert QGuiApplication.clipboard().text() == JSON.text(progress_with(3.0))
    assert dialog.status.text() == "Copied to the clipboard"


def test_that_what_is_copied_is_of_now_when_the_study_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    progress = progress_with(3.0)
    dialog = make(qtbot, progress, tmp_path)
    for event in trial(2, 1.5):
        progress.apply(event)

    dialog.copy()

    assert QGuiApplication.clipboard().text() == JSON.text(progress)
    assert dialog.preview.toPlainText() == JSON.text(progress).rstrip("\n")


def test_that_a_long_table_is_shown_in_part_and_copied_whole(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(*[1.0] * 1_700), tmp_path, "csv")

    shown = dialog.preview.toPlainText().splitlines()
    assert len(shown) == PREVIEW_LINES + 1
    assert shown[-1] == "… and 1,201 more lines"
    dialog.copy()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1_701


# Saving


def test_that_all_that_is_ticked_is_saved_at_once_with_what_lies_beside_it(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path, "json", "csv", "python")
    files = ["houses-best.json", "houses-trials.csv", "houses-best.py", "boston_housing.csv"]

    assert saved(dialog, qtbot) == f"Saved {', '.join(files[:-1])} and {files[-1]}"

    assert {path.name for path in tmp_path.iterdir()} == set(files)
    assert "boston_housing.csv" in (tmp_path / "houses-best.py").read_text()


def test_that_names_and_folder_are_the_users_and_an_ending_is_added(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = make(qtbot, progress_with(3.0, 2.0), Path("/"), "json", "csv", selected=1)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    dialog.folder_button.click()
    assert (dialog.folder, dialog.folder_line.text()) == (tmp_path, str(tmp_path))
    dialog.rows.names["json"].selectAll()
    qtbot.keyClicks(dialog.rows.names["json"], "mine")
    dialog.trial.setCurrentIndex(1)
    assert dialog.rows.names["json"].text() == "mine"
    assert saved(dialog, qtbot) == "Saved mine.json and houses-trials.csv"
    assert {path.name for path in tmp_path.iterdir()} == {"mine.json", "houses-trials.csv"}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("my study 1.5", "my study 1.5.json"),
        ("1.5.JSON", "1.5.JSON"),
        ("a.json", "a.json"),
        ("a.txt", "a.txt"),
        ("v1.final", "v1.final.json"),
    ],
)
def test_that_only_a_known_ending_is_taken_for_one(qtbot: QtBot, tmp_path: Path, name: str, file: str) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    dialog.rows.names["json"].setText(name)
    dialog.rows.names["json"].setModified(True)
    assert saved(dialog, qtbot) == f"Saved {file}"


def test_that_saving_moves_nothing_and_long_names_are_seen_from_their_beginning(qtbot: QtBot, tmp_path: Path) -> None:
    name = "houses " + "by the sea " * 12
    dialog = ExportDialog(progress_with(3.0), name, tmp_path, Theme(), formats=("json", "csv", "python"))
    qtbot.addWidget(dialog)
    dialog.show()
    places = dialog.preview.height(), dialog.save_button.geometry()
    dialog._show_busy("Saving…")
    lay_out(dialog)
    assert dialog.bar.is_busy
    assert (dialog.preview.height(), dialog.save_button.geometry()) == places
    dialog._show_busy("")
    dialog._say("Saved " + "a-file.json, " * 9)
    lay_out(dialog)
    assert (dialog.preview.height(), dialog.save_button.geometry()) == places
    assert [field.cursorPosition() for field in dialog.rows.names.values()] == [0, 0, 0]


@pytest.mark.parametrize(
    ("json", "csv", "why"),
    [
        ("", "a.csv", "Settings (JSON) cannot be saved: A file needs a name"),
        ("a.json", "b/a.csv", "All trials (CSV) cannot be saved: “b/a.csv” is no name of a file"),
        ("..", "a.csv", "Settings (JSON) cannot be saved: “..” is no name of a file"),
        ("a.txt", "A.txt", "Two files cannot both be called A.txt: give one of them another name"),
        ("a.afina", "a.csv", "a.afina cannot be saved: it is a study, and no study is overwritten"),
    ],
)
def test_that_a_name_that_cannot_be_is_told_before_anything_is_written(
    json: str, csv: str, why: str, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a.afina").touch()
    dialog = make(qtbot, progress_with(3.0), tmp_path, "json", "csv")
    for name, text in (("json", json), ("csv", csv)):
        dialog.rows.names[name].setText(text)
        dialog.rows.names[name].setModified(True)
    said = saved(dialog, qtbot)
    assert said.startswith(why)
    assert said.endswith("Nothing was saved.")
    assert [path.name for path in tmp_path.iterdir()] == ["a.afina"]


def test_that_files_that_are_there_are_asked_about_once(qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("houses-best.json", "houses-trials.csv"):
        (tmp_path / name).write_text("old")
    dialog = make(qtbot, progress_with(3.0), tmp_path, "json", "csv", "python")
    dialog.show()
    dialog.save_button.click()
    box = question(dialog)
    assert box.text() == "Replace 2 files?"
    assert box.informativeText().startswith("houses-best.json and houses-trials.csv exist already in ")
    box.reject()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "houses-best.json": "old",
        "houses-trials.csv": "old",
    }
    dialog.save_button.click()
    (replace,) = (button for button in question(dialog).buttons() if button.text() == "Replace")
    replace.click()
    qtbot.waitUntil(lambda: dialog.status.text().startswith("Saved houses-best.json, houses-trials.csv, "))
    assert (tmp_path / "houses-best.json").read_text() != "old"


def test_that_a_file_called_like_the_data_stays_beside_them(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path, "csv", "python")
    dialog.rows.names["csv"].setText("boston_housing.csv")
    dialog.rows.names["csv"].setModified(True)
    assert saved(dialog, qtbot) == "Saved boston_housing.csv, houses-best.py and boston_housing-2.csv"
    assert (tmp_path / "boston_housing.csv").read_text().startswith("trial,")


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Keep data from being written, until what is given is called."""
    go = threading.Event()
    put = core.export.saving.put_data_beside

    def wait_and_put(path: Path, data: DataSettings) -> Path | None:
        assert go.wait(60)
        return put(path, data)

    monkeypatch.setattr(core.export.saving, "put_data_beside", wait_and_put)
    yield go.set
    go.set()


def test_that_the_window_lives_while_data_are_written_and_nothing_comes_between(
    qtbot: QtBot, tmp_path: Path, held_back: Callable[[], None]
) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path, "python")
    dialog.show()
    dialog.save()
    assert dialog.status.text() == "Saving houses-best.py…"
    assert dialog.bar.isVisible()
    assert not dialog.save_button.isEnabled()
    assert not dialog.rows.boxes["json"].isEnabled()
    assert not dialog.rows.names["python"].isEnabled()
    beats: list[int] = []
    QTimer.singleShot(0, lambda: beats.append(1))
    qtbot.waitUntil(lambda: bool(beats))
    dialog.reject()
    assert dialog.isVisible()
    held_back()
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.status.text() == "Saved houses-best.py and boston_housing.csv"
    assert not dialog.bar.isVisible()
    assert dialog.save_button.isEnabled()
    dialog.reject()
    assert not dialog.isVisible()


def test_that_closing_from_outside_waits_for_the_data_and_saves_the_script(
    qtbot: QtBot, tmp_path: Path, held_back: Callable[[], None]
) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path, "python")
    dialog.show()
    dialog.save()
    threading.Timer(0.2, held_back).start()
    dialog.close()
    assert not dialog.isVisible()
    assert {path.name for path in tmp_path.iterdir()} == {"houses-best.py", "boston_housing.csv"}


def test_that_a_mistake_in_one_format_says_which_were_saved(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: DataSettings) -> Path | None:
        raise ExportError("houses-best.py cannot be saved: No space left on device")

    monkeypatch.setattr(core.export.saving, "put_data_beside", full)
    dialog = make(qtbot, progress_with(3.0), tmp_path, "json", "csv", "python")
    assert saved(dialog, qtbot) == (
        "houses-best.py cannot be saved: No space left on device. houses-best.json and houses-trials.csv were saved."
    )
    assert dialog.status.palette().windowText().color().name() == dialog._theme.colours.failed


def test_that_a_folder_that_is_gone_is_said_in_the_colour_of_errors(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path / "missing", "json", "python")
    assert saved(dialog, qtbot) == (
        f"There is no folder {tmp_path / 'missing'}: choose another one. Nothing was saved."
    )
    assert dialog.status.palette().windowText().color().name() == dialog._theme.colours.failed
    assert dialog.save_button.isEnabled()


def test_that_a_bug_while_data_are_written_is_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(path: Path, data: DataSettings) -> Path | None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(core.export.saving, "put_data_beside", bug)
    dialog = make(qtbot, progress_with(3.0), tmp_path, "python")
    with qtbot.waitSignal(dialog.failed) as told:
        dialog.save()
    assert "a bug of ours" in told.args[0].details
    qtbot.waitUntil(lambda: not dialog.busy)


def test_that_another_choice_takes_the_last_sentence_back(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(qtbot, progress_with(3.0), tmp_path)
    assert saved(dialog, qtbot) == "Saved houses-best.json"

    dialog.rows.boxes["csv"].click()

    assert dialog.status.text() == ""
