"""Fixtures for all tests, and the silence that is required of them."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"  # no test tells the desktop anything
os.environ["WAKEPY_FORCE_FAILURE"] = "1"  # nor keeps the computer awake

import logging
import multiprocessing
import threading
from collections import Counter
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed):
    assert wait.__kwdefaults__ is not None
    wait.__kwdefaults__["timeout"] = 60_000  # on a busy machine nothing comes within a few seconds for certain


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that leaves a thread or a process behind, or that logs a warning."""
    threads = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in threads and not t.daemon and t.is_alive()]
    assert not left, f"threads left behind: {left}"
    shared = request.node.get_closest_marker("shares_processes")
    children = [] if shared else multiprocessing.active_children()
    for child in children:
        child.kill()
    assert not children, f"processes left behind: {children}"
    warned = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not warned, f"logged: {warned}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the modules with the most slow tests come first, so that no process has one left when the other is done.

    Leave out what needs a real window system where there is none.
    """
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])
    if os.environ["QT_QPA_PLATFORM"] != "offscreen":
        return
    for item in items:
        if item.get_closest_marker("display"):
            item.add_marker(pytest.mark.skip(reason="needs a real window system; .ci/run runs it under Xvfb"))
