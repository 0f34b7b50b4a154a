"""A study is named in the window: its title follows, its file only if asked, and it goes on as before."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.events import StudyEnd
from core.progress import StudyProgress
from core.store.reader import read_study
from core.store.writer import Store
from core.study_name import MAX_LETTERS
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from gui.window.naming import NameDialog
from tests.listed import ended, resumed, trials, written
from tests.windows import open_study, progress_of


@pytest.fixture
def path(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Path:
    """Open a study in the window."""
    study = written(tmp_path / "pigs.afina", [*trials(3.0, 2.0), ended(StudyEnd.PAUSED, "Paused.")])
    open_study(window, study, qtbot)
    return study


def asked(window: MainWindow) -> NameDialog:
    window.actions_[Command.NAME].trigger()
    dialog = window.findChildren(NameDialog)[-1]
    assert dialog.isVisible()
    return dialog


def type_in(dialog: NameDialog, text: str) -> None:
    dialog.field.selectAll()
    QTest.keyClick(dialog.field, Qt.Key.Key_Delete)
    QTest.keyClicks(dialog.field, text)


def name_in(path: Path) -> str:
    return StudyProgress.of(read_study(path)).name


def test_that_the_open_study_gets_a_name_which_the_title_shows(window: MainWindow, path: Path) -> None:
    assert window.windowTitle() == "pigs – Afina"
    dialog = asked(window)
    assert dialog.field.placeholderText() == "pigs"
    type_in(dialog, " Weight of pigs ")
    dialog.accept()
    assert window.windowTitle() == "Weight of pigs – Afina"
    assert window.session.path == path
    assert name_in(path) == progress_of(window.session).name == "Weight of pigs"
    dialog = asked(window)
    assert dialog.field.text() == "Weight of pigs"
    type_in(dialog, "")
    dialog.accept()
    assert window.windowTitle() == "pigs – Afina"


def test_that_the_file_is_renamed_only_if_asked_and_the_study_goes_on_in_it(
    window: MainWindow, path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = asked(window)
    assert not dialog.with_file.isChecked()
    type_in(dialog, "Pigs: 2")
    dialog.with_file.setChecked(True)
    assert dialog.file.text() == "The file will be Pigs_ 2.afina."
    dialog.accept()
    assert window.session.path == tmp_path / "Pigs_ 2.afina"
    assert not path.exists()
    assert window.preferences.recent == [tmp_path / "Pigs_ 2.afina"]
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: len(progress_of(window.session).finished) > 2)
    assert not window.actions_[Command.NAME].isEnabled()
    assert window.windowTitle().endswith("Pigs: 2 – Afina")


def test_that_a_name_that_cannot_be_is_not_taken(window: MainWindow, path: Path) -> None:
    dialog = asked(window)
    dialog.field.setText("a\u202eb")
    assert not dialog.ok_button.isEnabled()
    assert "cannot be seen" in dialog.problem.text()
    assert dialog.field.maxLength() == MAX_LETTERS
    dialog.reject()
    assert name_in(path) == ""


def test_that_no_file_is_called_by_a_name_of_dots(window: MainWindow, path: Path) -> None:
    dialog = asked(window)
    type_in(dialog, ".")
    assert dialog.ok_button.isEnabled()
    dialog.with_file.setChecked(True)
    assert not dialog.ok_button.isEnabled()
    assert dialog.problem.text() == "No file can be called “.”: use a letter in the name, or keep the file's"
    assert dialog.file.text() == ""
    dialog.reject()


def test_that_a_study_that_went_on_elsewhere_before_it_was_named_is_whole_when_it_is_resumed(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    with Store.open(path) as store:
        store.record([resumed(20), *trials(1.0, first=3), ended(StudyEnd.STOPPED)])
    window.study_files.naming.name(path, "Pigs")
    assert progress_of(window.session).name == "Pigs"
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: len(progress_of(window.session).finished) > 3)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.job is None)
    assert progress_of(window.session).trials.keys() == StudyProgress.of(read_study(path)).trials.keys()
    assert progress_of(window.session).name == "Pigs"


def test_that_a_study_that_runs_elsewhere_cannot_be_named_and_that_is_told(
    window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.window.naming.show_error", lambda _parent, title, why: told.append(f"{title}: {why}"))
    with Store.open(path):
        window.study_files.naming.name(path, "Pigs")
    assert told == ["The study cannot be named: Another Afina is running pigs.afina"]
    assert window.windowTitle() == "pigs – Afina"


def test_that_a_strangers_name_is_shown_as_it_is_written(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    study = written(tmp_path / "odd.afina", [], name="<b>a\u202eb</b> [*]\n")
    open_study(window, study, qtbot)
    assert window.windowTitle() == "<b>a‹U+202E›b</b> [*][*]‹U+000A› – Afina"
    dialog = asked(window)
    dialog.accept()
    assert name_in(study) == "<b>a\u202eb</b> [*]\n"  # nothing was changed


def test_that_a_title_is_bounded(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    open_study(window, written(tmp_path / "long.afina", [], name="W" * 9000), qtbot)
    assert len(window.windowTitle()) < 300
