"""Fixtures for all tests, and the silence that is required of them."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import logging
import multiprocessing
import threading
from collections.abc import Iterator

import pytest
from xdist.scheduler import LoadScopeScheduling


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


class FlowApart(LoadScopeScheduling):  # type: ignore[misc]
    """Lets one process have the tests that start processes themselves, while the other has all others."""

    def _split_scope(self, nodeid: str) -> str:
        return "flow" if nodeid.startswith("tests/flow/") else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FlowApart:
    return FlowApart(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a real window system where there is none."""
    if os.environ["QT_QPA_PLATFORM"] != "offscreen":
        return
    for item in items:
        if item.get_closest_marker("display"):
            item.add_marker(pytest.mark.skip(reason="needs a real window system; .ci/run runs it under Xvfb"))
