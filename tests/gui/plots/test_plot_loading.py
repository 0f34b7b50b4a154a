"""Loading of the plots: in the window's own thread, step by step."""

import importlib
import threading
from types import ModuleType

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.plots.drawing import loading as module
from gui.plots.drawing.loading import Loading


def test_that_qt_classes_are_made_in_the_windows_thread_only_and_input_is_taken_between(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two threads that make PySide6's classes at once crashed one start in eleven.
    happened: list[str] = []
    threads = set()

    def note(name: str) -> ModuleType:
        threads.add(threading.current_thread())
        happened.append(name)
        QTimer.singleShot(0, lambda: happened.append("input"))
        return importlib.import_module(name)

    monkeypatch.setattr(module, "importlib", type("Noting", (), {"import_module": staticmethod(note)}))
    loading = Loading()
    with qtbot.waitSignal(loading.done):
        loading.start()
        at_once = loading.is_done
    assert not at_once
    assert loading.is_done
    assert threads == {threading.main_thread()}
    assert happened[:3] == ["pyqtgraph", "input", "gui.plots.drawing.canvas"]
