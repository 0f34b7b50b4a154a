"""Garbage is collected in the GUI thread, without looking through all that stays every time."""

import gc
import sys
import weakref
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

import gui.program.garbage
import main
from gui.program.garbage import GarbageCollector

INTERVAL = 20  # milliseconds between two collections


class Node:
    """Something in a circle."""

    def __init__(self) -> None:
        self.other = self


@pytest.fixture
def collector(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[GarbageCollector]:
    monkeypatch.setattr(gui.program.garbage, "_INTERVAL", INTERVAL)
    made = GarbageCollector()
    yield made
    made.stop()


def test_that_circles_go_by_themselves(collector: GarbageCollector, qtbot: QtBot) -> None:
    gone = weakref.ref(Node())
    kept = [Node() for _ in range(50_000)]  # whatever else is freed meanwhile counts against them
    qtbot.waitUntil(lambda: gone() is None)
    assert all(node.other is node for node in kept)


def test_that_what_was_there_when_the_window_settled_is_not_looked_through_again(
    collector: GarbageCollector,
) -> None:
    collector.settle()
    assert gc.get_freeze_count() > 1000
    assert len(gc.get_objects(2)) < 1000
    collector.stop()
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()


def test_that_nothing_is_collected_while_a_large_study_is_read(collector: GarbageCollector, qtbot: QtBot) -> None:
    collector.hold("large.afina")
    gone = weakref.ref(Node())
    kept = [Node() for _ in range(50_000)]  # whatever else is freed meanwhile counts against them
    would_collect = QTimer(interval=INTERVAL)
    would_collect.start()
    with qtbot.waitSignals([would_collect.timeout] * 5):
        pass
    assert gone() is not None
    collector.hold(None)
    qtbot.waitUntil(lambda: gone() is None)
    del kept


def test_that_nothing_is_collected_while_the_window_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gui.app", SimpleNamespace(run_window=lambda _study: int(gc.isenabled())))
    try:
        assert main.main([]) == 0
    finally:
        gc.enable()
