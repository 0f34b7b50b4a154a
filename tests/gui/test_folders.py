"""The folders in which dialogs begin: one for each purpose, remembered from one start to the next."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from core.figures.view import ScaleChoice
from gui.program.folders import Folders
from gui.program.preferences import Preferences, Purpose


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    folder = tmp_path / "studies"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)


def test_that_each_purpose_has_a_folder_of_its_own(settings: QSettings, studies: Path, tmp_path: Path) -> None:
    folders = Folders(Preferences(settings, studies))
    for purpose in Purpose:
        (tmp_path / purpose).mkdir(exist_ok=True)
        assert folders.last(purpose) == studies
        folders.note(purpose, tmp_path / purpose)
    again = Folders(Preferences(settings, studies))
    assert [again.last(purpose) for purpose in Purpose] == [tmp_path / purpose for purpose in Purpose]


def test_that_the_first_folder_is_the_wanted_one_and_then_the_last_used(
    settings: QSettings, studies: Path, tmp_path: Path
) -> None:
    folders, own, other = Folders(Preferences(settings, studies)), tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    assert folders.last(Purpose.PICTURES, own) == own
    folders.note(Purpose.PICTURES, other)
    assert folders.last(Purpose.PICTURES, own) == other
    other.rmdir()
    assert folders.last(Purpose.PICTURES, own) == own, "the last one is gone"


def test_that_the_one_folder_of_earlier_versions_serves_all_purposes(
    settings: QSettings, studies: Path, tmp_path: Path
) -> None:
    settings.setValue("folder", str(tmp_path))
    preferences = Preferences(settings, studies)
    assert {preferences.folder_for(purpose) for purpose in Purpose} == {tmp_path}
    preferences.set_folder_for(Purpose.TABLES, studies)
    assert preferences.folder_for(Purpose.TABLES) == studies
    assert preferences.folder_for(Purpose.MODELS) == tmp_path


def test_that_a_dialog_begins_there_and_its_answer_is_remembered(
    settings: QSettings, studies: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [(str(studies / "plot.png"), "PNG"), ("", "")]

    def answer(_parent: QWidget, _title: str, proposal: str, _kinds: str) -> tuple[str, str]:
        asked.append(proposal)
        return answers.pop(0)

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    parent = QWidget()
    qtbot.addWidget(parent)
    folders = Folders(Preferences(settings, studies))
    path, kind = folders.ask_to_save(parent, "Save", Purpose.PICTURES, "a.png", "PNG", first=tmp_path)
    assert (path, kind) == (studies / "plot.png", "PNG")
    assert folders.ask_to_save(parent, "Save", Purpose.PICTURES, "b.png", "PNG", first=tmp_path)[0] is None
    assert asked == [str(tmp_path / "a.png"), str(studies / "b.png")]


@pytest.mark.parametrize(
    ("key", "value", "choice"),
    [
        ("switch/log-loss", "yes", ScaleChoice.LOG),
        ("switch/log-loss", "no", ScaleChoice.AUTOMATIC),
        ("scale/loss", "linear", ScaleChoice.LINEAR),
        ("scale/loss", "crooked", ScaleChoice.AUTOMATIC),
        ("other", "yes", ScaleChoice.AUTOMATIC),
    ],
)
def test_that_the_scale_of_a_plot_is_remembered_and_the_box_of_earlier_versions_is_read(
    settings: QSettings, studies: Path, key: str, value: str, choice: ScaleChoice
) -> None:
    settings.setValue(key, value)
    preferences = Preferences(settings, studies)
    assert preferences.scale("loss") is choice
    preferences.set_scale("loss", ScaleChoice.LINEAR)
    assert preferences.scale("loss") is ScaleChoice.LINEAR
