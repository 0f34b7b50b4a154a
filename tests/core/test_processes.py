"""Child processes: what becomes of their output, their faults and their ends."""

import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

import psutil
import pytest

from core.children.process import ChildBug, ChildLost, ChildProcess
from tests import children

PATIENCE = 60  # seconds that a child may take on a busy machine
Start = Callable[[Callable[[Connection], None]], ChildProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[ChildProcess] = []

    def start_child(target: Callable[[Connection], None]) -> ChildProcess:
        started.append(ChildProcess(target, "afina-test"))
        return started[-1]

    yield start_child
    for child in started:
        child.close()


def test_that_messages_go_both_ways(start: Start) -> None:
    child = start(children.echo)
    child.send(b"hello")
    assert child.receive(PATIENCE) == b"hello"
    assert child.receive(0) is None
    assert child.memory() > 2**20


def test_that_a_fault_of_ours_in_a_child_comes_with_its_traceback(start: Start) -> None:
    child = start(children.fall_over_a_bug)
    child.send(b"go")
    with pytest.raises(ChildBug, match="a fault of ours") as caught:
        child.receive(PATIENCE)
    assert "fall_over_a_bug" in str(caught.value)


def test_that_a_child_may_print_more_than_a_pipe_holds_and_its_last_words_are_told(
    start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    child = start(children.print_much)
    assert child.receive(PATIENCE) == b"printed"
    child.send(b"go")
    with pytest.raises(ChildLost, match=r"ended itself with exit code 3. The last that it printed: the end"):
        child.receive(PATIENCE)
    assert capfd.readouterr() == ("", "")


def test_that_a_fault_once_code_of_others_has_run_is_the_end_of_the_child_only(start: Start) -> None:
    child = start(children.fall_over_somebody_elses_bug)
    child.send(b"go")
    with pytest.raises(ChildLost, match=r"exit code 71. The last that it printed: ValueError: a fault of theirs"):
        child.receive(PATIENCE)


def test_that_the_log_of_tensorflow_is_nobodys_last_words(start: Start) -> None:
    child = start(children.log_and_end)
    child.send(b"go")
    with pytest.raises(ChildLost, match=r"exit code 5. The last that it printed: my own words$"):
        child.receive(PATIENCE)


@pytest.mark.parametrize("ends_itself", [False, True])
def test_that_what_a_child_has_started_ends_with_it(start: Start, ends_itself: bool) -> None:
    child = start(children.start_another)
    other = psutil.Process(int(child.receive(PATIENCE) or 0))
    if ends_itself:
        child.send(b"end yourself")
        with pytest.raises(ChildLost):
            child.receive(PATIENCE)
    else:
        child.close()
    gone, _left = psutil.wait_procs([other], timeout=PATIENCE)
    assert gone


@pytest.mark.parametrize(("number", "words"), [(signal.SIGKILL, "killed"), (signal.SIGSEGV, r"crashed \(SIGSEGV\)")])
def test_that_the_end_of_a_child_is_told_in_words(start: Start, number: int, words: str) -> None:
    child = start(children.echo)
    child.send(b"hello")
    assert child.receive(PATIENCE)
    os.kill(child.pid, number)
    with pytest.raises(ChildLost, match=words):
        child.receive(PATIENCE)
    assert child.memory() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_that_signals_which_tell_the_program_to_end_are_not_for_its_children(start: Start, number: int) -> None:
    child = start(children.echo)
    child.send(b"hello")
    assert child.receive(PATIENCE)
    os.kill(child.pid, number)
    child.send(b"still there")
    assert child.receive(PATIENCE) == b"still there"


def test_that_closing_ends_a_child_whatever_it_does(start: Start) -> None:
    """It would go on for a thousand years."""
    child = start(children.hold)
    pid = child.pid
    child.close()
    assert not psutil.pid_exists(pid)
