"""Asking for answers by a timer: what is told, what is passed over, and when it ends."""

from collections import deque

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from core.children.process import ChildBug
from gui.session.asking import POLL_INTERVAL, Asking


class Asked(QObject):
    """Hears texts, of which those that end in … are interim ones, until the end."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: deque[str | ChildBug] = deque()
        self.told: list[str] = []
        self.asking: Asking[str] = Asking(self.tell, lambda text: text.endswith("…"), lambda: "a fault of ours", self)

    def answer(self) -> str | None:
        given = self.answers.popleft() if self.answers else None
        if isinstance(given, ChildBug):
            raise given
        return given

    def tell(self, text: str) -> None:
        self.told.append(text)
        if text in ("end", "a fault of ours"):
            self.asking.stop()


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    return Asked()


def test_that_every_last_answer_is_told_and_of_the_others_the_latest(asked: Asked, qtbot: QtBot) -> None:
    asked.answers.extend(["1…", "2…", "one", "two", "3…", "4…"])
    asked.asking.start(asked.answer)
    qtbot.waitUntil(lambda: not asked.answers)
    assert asked.told == ["one", "two", "4…"]
    asked.answers.extend(["5…", "end", "nobody asked"])
    qtbot.waitUntil(lambda: not asked.asking.active)
    assert asked.told == ["one", "two", "4…", "end"]
    assert list(asked.answers) == ["nobody asked"]


def test_that_what_is_given_up_is_not_told(asked: Asked, qtbot: QtBot) -> None:
    asked.asking.start(lambda: "given up")
    asked.asking.start(asked.answer)
    asked.answers.append("end")
    qtbot.waitUntil(lambda: not asked.asking.active)
    asked.asking.start(lambda: "given up")
    asked.asking.stop()
    would_look = QTimer(interval=POLL_INTERVAL)
    would_look.start()
    with qtbot.waitSignals([would_look.timeout] * 3):
        pass
    assert asked.told == ["end"]


def test_that_a_fault_of_ours_is_told_and_raised(asked: Asked, qtbot: QtBot) -> None:
    asked.answers.extend(["1…", ChildBug("Traceback")])
    with qtbot.captureExceptions() as raised:
        asked.asking.start(asked.answer)
        qtbot.waitUntil(lambda: not asked.asking.active)
    assert [kind for kind, _error, _trace in raised] == [ChildBug]
    assert asked.told == ["a fault of ours"]
