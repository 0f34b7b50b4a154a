"""Conversations with child processes: answers, late ones, and children that are lost."""

import os
import signal
from collections.abc import Iterator
from time import monotonic

import msgspec
import psutil
import pytest

from core.children.conversation import ChildLate, Conversation
from core.children.process import ChildBug, ChildLost, ChildProcess
from tests import children

Talk = Conversation[str, str]


@pytest.fixture
def talk() -> Iterator[Talk]:
    made: Talk = Conversation(
        lambda: ChildProcess(children.answer_in_capitals, "afina-test"), msgspec.msgpack.Decoder(str).decode
    )
    yield made
    made.close()


def answer_of(talk: Talk) -> str:
    deadline = monotonic() + 60
    while (answer := talk.answer(0.02)) is None:
        assert monotonic() < deadline
    return answer


def test_that_questions_are_answered_in_turn(talk: Talk) -> None:
    assert talk.answer() is None
    talk.ask("one")
    talk.ask("two")
    assert [answer_of(talk), answer_of(talk)] == ["ONE", "TWO"]
    assert talk.alive
    assert talk.memory() > 2**20


def test_that_a_lost_child_is_told_with_the_answer_that_will_not_come(talk: Talk) -> None:
    os.kill(talk.pid, signal.SIGKILL)
    talk._child._process.join(60)
    assert not talk.alive
    talk.ask("one")
    with pytest.raises(ChildLost, match="SIGKILL"):
        answer_of(talk)
    talk.restart()
    talk.ask("two")
    assert answer_of(talk) == "TWO"


def test_that_a_fault_of_ours_is_told_as_one_and_asked_for_once(talk: Talk) -> None:
    talk.ask("fall", retry=True)
    pid = talk.pid
    with pytest.raises(ChildBug, match="a fault of ours"):
        answer_of(talk)
    assert talk.pid == pid


def test_that_an_answer_can_be_late(talk: Talk) -> None:
    talk.ask("one")
    assert answer_of(talk) == "ONE"
    talk.ask("wait", within=0.1)
    with pytest.raises(ChildLate, match=r"it did not answer for 0\.10 s"):
        answer_of(talk)


def test_that_more_time_can_be_given(talk: Talk) -> None:
    talk.ask("wait", within=0.0)
    talk.expect(600.0)
    assert talk.answer(0.1) is None
    talk.expect(None)
    assert talk.answer(0.1) is None
    talk.expect(0.0)
    with pytest.raises(ChildLate):
        talk.answer(0.1)


@pytest.mark.parametrize(("question", "within"), [("end", None), ("wait", 0.1)])
def test_that_another_child_is_asked_once(question: str, within: float | None, talk: Talk) -> None:
    pid = talk.pid
    talk.ask(question, within, retry=True)
    with pytest.raises(ChildLost):
        answer_of(talk)
    assert talk.pid != pid
    assert not psutil.pid_exists(pid)


def test_that_another_child_answers_what_a_lost_one_was_asked(talk: Talk) -> None:
    for question in ("one", "two"):  # each may lose a child
        os.kill(talk.pid, signal.SIGKILL)
        talk.ask(question, retry=True)
        assert answer_of(talk) == question.upper()


def test_that_a_restart_forgets_what_was_asked(talk: Talk) -> None:
    talk.ask("wait")
    talk.restart()
    talk.ask("two")
    assert answer_of(talk) == "TWO"
