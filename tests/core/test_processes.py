"""Child processes: what becomes of their output, their faults and their ends."""

import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from core.children.process import ChildBug, ChildLost, ChildProcess, host_program
from tests import children
from tests.starting_children import executed, plant

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


def test_that_a_warning_is_nobodys_last_words(start: Start) -> None:
    child = start(children.warn_and_end)
    child.send(b"go")
    with pytest.raises(ChildLost, match=r"exit code 5. The last that it printed: my own words$"):
        child.receive(PATIENCE)


def test_that_a_child_takes_no_modules_from_the_current_folder(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path)
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if folder])
    monkeypatch.chdir(tmp_path)

    child = start(children.echo)
    child.send(b"hello")

    assert child.receive(PATIENCE) == b"hello"
    assert executed(tmp_path) == []


def test_that_only_one_module_starts_processes() -> None:
    """What holds for one way of starting them holds for all."""
    starts = re.compile(
        r"\bsubprocess\b|(?<!psutil\.)\bProcess\(|\bos\.(?:fork|exec|spawn|popen|system)|QProcess|startDetached"
    )
    root = Path(__file__).parents[2]
    found = {
        path.relative_to(root).as_posix()
        for path in [*root.glob("core/**/*.py"), *root.glob("gui/**/*.py"), root / "main.py"]
        if starts.search(path.read_text("utf-8"))
    }
    assert found == {"core/children/process.py"}


def test_that_a_child_can_be_started_from_a_folder_that_is_gone(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()

    child = start(children.echo)
    child.send(b"hello")

    assert child.receive(PATIENCE) == b"hello"


def test_that_arguments_and_folder_are_those_of_the_program_that_a_child_hosts(start: Start, tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("1,2\n")
    child = start(children.be_the_program_at)

    for program in (tmp_path / "model.py", tmp_path / "a link.py"):
        child.send(str(program).encode())
        assert (child.receive(PATIENCE) or b"").decode().split("\n") == [str(program), str(tmp_path), "numbers.csv"]


@pytest.mark.parametrize("program", ["gone/model.py", "numbers.csv/model.py", "model.py", "C:\\models\\model.py"])
def test_that_a_program_without_a_folder_gets_an_empty_one_that_goes_with_the_child(
    program: str, start: Start, tmp_path: Path
) -> None:
    (tmp_path / "numbers.csv").write_text("1,2\n")
    path = str(tmp_path / program) if "/" in program else program
    child = start(children.be_the_program_at)

    child.send(path.encode())
    argument, folder, content = (child.receive(PATIENCE) or b"").decode().split("\n")

    assert (argument, content) == (path, "")
    assert Path(folder).parent == Path(tempfile.gettempdir()).resolve()
    child.close()
    assert not Path(folder).exists()


def test_that_the_parent_keeps_its_arguments_and_its_folder(tmp_path: Path) -> None:
    before = [*sys.argv, Path.cwd()]
    host_program(str(tmp_path / "model.py"))
    assert [*sys.argv, Path.cwd()] == before


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
