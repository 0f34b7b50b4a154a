"""Windows for the tests of the window, one new and one in which a study runs, and readers of tables for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.window.main_window import MainWindow
from tests.importing import CannedInspector
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine


@pytest.fixture
def trainer() -> ScriptedTrainer:
    return ScriptedTrainer()


@pytest.fixture
def window(
    trainer: ScriptedTrainer, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as opened:
        yield opened


@pytest.fixture
def running(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Give a window in which a study runs that has a result."""
    with open_window(scripted_engine(ScriptedTrainer(seconds=0.02)), tmp_path, qtbot, monkeypatch) as window:
        window.form.set_settings(LONG_STUDY)
        window.running.start()
        qtbot.waitUntil(lambda: progress_of(window.session).best is not None, timeout=RUN)
        yield window


@pytest.fixture
def inspectors(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[CannedInspector]]:
    """Give the inspectors that are made, each of which answers what it is given."""
    made: list[CannedInspector] = []

    def make() -> CannedInspector:
        made.append(CannedInspector())
        return made[-1]

    monkeypatch.setattr("gui.data_import.inspecting.TableInspector", make)
    yield made
    assert all(inspector.closed for inspector in made)
