"""A damaged study: the window offers to save what can be read of it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from core.search.settings import SearchSettings
from core.settings import BudgetSettings, tutorial_settings
from core.study.control import StudyControl
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_study, progress_of, until_opened


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """Give a study of four trials in which a number was changed."""
    path = tmp_path / "mine.afina"
    settings = msgspec.structs.replace(
        tutorial_settings(), budget=BudgetSettings(trials=4), search=SearchSettings(initial_points=2)
    )
    scripted_engine(ScriptedTrainer()).start(settings, path, lambda _: None, StudyControl())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE epochs SET val_loss = 0.05 WHERE trial = 2 AND epoch = 3")
        connection.commit()
    return path


def visible_box(window: MainWindow) -> QMessageBox:
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return box


def choose(window: MainWindow, button: str) -> None:
    next(b for b in visible_box(window).buttons() if button in b.text()).click()


def test_that_what_can_be_read_is_saved_opened_and_counted(
    window: MainWindow, damaged: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = damaged.read_bytes()
    proposals: list[str] = []

    def choose_file(_parent: object, _title: str, proposal: str, *_: object, **__: object) -> tuple[str, str]:
        proposals.append(proposal)
        return proposal, ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose_file)
    open_study(window, damaged, qtbot)
    assert "is damaged" in visible_box(window).informativeText()
    choose(window, "Save what can be read…")
    until_opened(window, qtbot)
    saved = damaged.with_name("mine saved.afina")
    assert proposals == [str(saved)]
    assert window.session.path == saved
    assert len(progress_of(window.session).finished) == 4
    assert "4 trials were saved" in visible_box(window).text()
    assert damaged.read_bytes() == before
    visible_box(window).close()


def test_that_nothing_happens_when_it_is_declined(window: MainWindow, damaged: Path, qtbot: QtBot) -> None:
    open_study(window, damaged, qtbot)
    choose(window, "Cancel")
    assert not window.findChild(QFileDialog)
    assert window.session.path is None


def test_that_a_file_that_is_there_already_is_kept_and_said(window: MainWindow, damaged: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.afina"
    there.write_text("precious")
    window.study_files.rescue(damaged, there)
    assert "exists already" in visible_box(window).informativeText()
    visible_box(window).close()
    assert there.read_text() == "precious"
