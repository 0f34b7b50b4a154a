"""Afina's child processes: they are spawned, spoken to through a pipe, and never outlive their parent.

Only this module starts processes. Messages are bytes, so that nothing from a child is ever unpickled.
"""

import atexit
import contextlib
import logging
import multiprocessing
import multiprocessing.util
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from weakref import WeakSet

import psutil

from core.library_words import last_words

NICENESS = 5
"""The niceness of a child, so that the window never has to wait for a core; on Windows it is a class below normal."""
_BUG, _FAULT = 70, 71
"""The exit codes of a child that failed by a bug in Afina, and of one that may have failed by the user's code."""
_ON_WINDOWS = sys.platform == "win32"
"""What is done there is written after the documentation, and untried; so is macOS, which goes the way of Linux."""
_CRASHED = 0xC0000000
"""From here on an exit code says how a process crashed (Windows, untried)."""
_MAX_OUTPUT_BYTES = 8192  # bytes
_LAST_WORDS = 300  # characters
_context = multiprocessing.get_context("spawn")  # TensorFlow deadlocks after a fork
log = logging.getLogger(__name__)

_flags_of_python = multiprocessing.util._args_from_interpreter_flags  # type: ignore[attr-defined]


def _safe_flags() -> list[str]:
    """Return the flags of all processes that multiprocessing starts: with -P the current folder holds no modules."""
    return [*_flags_of_python(), "-P"]


multiprocessing.util._args_from_interpreter_flags = _safe_flags  # type: ignore[attr-defined]


class ChildLost(Exception):
    """The child process has ended; the text says how."""


class ChildBug(Exception):
    """The child process failed by a bug in Afina; the text is its traceback."""


class ChildProcess:
    """A child that runs `target(connection)`; `target` must be a function at module level. Raises ChildLost.

    Its prints are not shown, but the last ones are kept: they may tell the reason of a crash.
    """

    def __init__(self, target: Callable[[Connection], None], name: str) -> None:
        self._printed = b""
        self._output: Connection | None
        self._folder = _temporary_folder() / f"afina-{secrets.token_hex(8)}"
        try:
            _leave_lost_folder()
            self._connection, theirs = _context.Pipe()
            lifeline, self._lifeline = _context.Pipe(duplex=False)
            self._output, printed = _context.Pipe(duplex=False)
            self._process = _context.Process(
                target=_run_child, args=(target, theirs, lifeline, printed, self._folder), name=name, daemon=True
            )
            with _without_interrupts():
                self._process.start()
        except OSError as error:
            raise ChildLost(f"the system gives no more processes: {error.strerror or error}") from error
        _children.add(self)
        for end in (theirs, lifeline, printed):
            end.close()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    @property
    def channels(self) -> list[Connection]:
        """The connections on which its messages and its prints arrive."""
        return [self._connection] if self._output is None else [self._connection, self._output]

    def memory(self) -> int:
        """Return the bytes of memory that it uses; 0 when it is gone."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def send(self, message: bytes) -> None:
        """Send a message. Raises ChildLost or ChildBug when the child has ended."""
        try:
            self._connection.send_bytes(message)
        except OSError as error:
            raise self._how_it_ended() from error

    def receive(self, seconds: float) -> bytes | None:
        """Wait up to `seconds` for a message, else return None. Raises ChildLost or ChildBug when no more will come."""
        deadline = monotonic() + seconds
        while True:
            ready = wait(self.channels, max(0.0, deadline - monotonic()))
            if self._output in ready:
                self._keep_output()  # if nobody reads, its next print may block
            if self._connection in ready:
                try:
                    return self._connection.recv_bytes()
                except (EOFError, OSError) as error:
                    raise self._how_it_ended() from error
            if not ready or monotonic() >= deadline:
                return None

    def close(self) -> None:
        """Kill the child and wait until it is gone."""
        if self not in _children:
            return  # already closed
        _children.discard(self)
        for end in (self._connection, self._output):
            if end is not None:
                with contextlib.suppress(OSError):
                    end.close()
        self._output = None
        if self._process.exitcode is None:
            self._kill_descendants()
        self._process.kill()
        self._process.join()
        self._process.close()
        with contextlib.suppress(OSError):
            self._lifeline.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _kill_descendants(self) -> None:
        """Kill the processes that it has started: a model file's processes must not outlive it."""
        if not _ON_WINDOWS:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it does not lead a group yet
                os.killpg(self.pid, signal.SIGKILL)
            return
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self.pid).children(recursive=True):
                process.kill()

    def _keep_output(self) -> None:
        assert self._output is not None
        try:
            printed = self._output.recv_bytes() if _ON_WINDOWS else os.read(self._output.fileno(), 1 << 16)
        except (OSError, EOFError):
            printed = b""
        if not printed:
            self._output.close()
            self._output = None
        self._printed = (self._printed + printed)[-_MAX_OUTPUT_BYTES:]

    def _how_it_ended(self) -> ChildLost | ChildBug:
        self._process.join(2)
        self._kill_descendants()
        while self._output is not None and wait([self._output], 0):
            self._keep_output()
        printed = self._printed.decode(errors="replace").strip()
        code = self._process.exitcode
        if printed:
            log.info("The last output of %s:\n%s", self._process.name, printed)
        if code == _BUG:
            return ChildBug(printed)
        told = last_words(printed)[:_LAST_WORDS]
        said = f". The last that it printed: {told}" if told else ""
        if code is None:
            return ChildLost(f"it closed its connection{said}")
        if code < 0:
            name = _signal_name(-code)
            if name == "SIGKILL":
                return ChildLost(f"it was killed (SIGKILL), as the system does when memory runs out{said}")
            return ChildLost(f"it crashed ({name}){said}")
        if code >= _CRASHED:
            return ChildLost(f"it crashed (0x{code:X}){said}")
        return ChildLost(f"it ended itself with exit code {code}{said}")


def wait_for_children(children: Iterable[ChildProcess], seconds: float) -> None:
    """Wait up to `seconds` until one of the children has sent or printed something, or has ended."""
    wait([channel for child in children for channel in child.channels], seconds)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


_children: WeakSet[ChildProcess] = WeakSet()


@atexit.register
def _close_children() -> None:
    """End the remaining children when the program ends; multiprocessing would wait for them for ever."""
    for child in list(_children):
        child.close()


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Make a child that the main thread starts ignore Ctrl-C from its first moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _leave_lost_folder() -> None:
    """Leave the current folder if it has been deleted: multiprocessing could start no process from there."""
    try:
        Path.cwd()
    except FileNotFoundError:
        os.chdir(_temporary_folder())


def _temporary_folder() -> Path:
    """Return the folder for temporary files; a full disk may have none."""
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:
        return Path(os.sep)


def _run_child(
    target: Callable[[Connection], None],
    connection: Connection,
    lifeline: Connection,
    printed: Connection,
    folder: Path,
) -> None:
    global _own_folder
    _own_folder = folder
    # These signals are for the parent, which ends its children properly.
    for name in ("SIGINT", "SIGHUP", "SIGTERM", "SIGUSR1", "SIGBREAK"):
        if hasattr(signal, name):  # programs that a model file starts would inherit SIG_IGN
            signal.signal(getattr(signal, name), lambda _signal, _frame: None)
    _step_back()
    if hasattr(os, "setsid"):
        os.setsid()  # the child and all that it starts form one group, which can be killed together
    _offer_to_be_killed_first()
    _redirect_output(printed)
    warnings.formatwarning = _warning_in_one_line
    # A thread of its own: the parent's death ends even a child that never reads its connection again.
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    try:
        target(connection)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the parent has closed the connection
    except Exception:  # noqa: BLE001  the parent raises it again if it is a bug in Afina
        if _ON_WINDOWS:
            printed.send_bytes(traceback.format_exc().encode())
        else:
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(_FAULT if _strangers.is_set() else _BUG)


_strangers = threading.Event()


def expect_faults_of_others() -> None:
    """Note that this child executes the user's code: from now on an error in it need not be a bug in Afina."""
    _strangers.set()


_own_folder: Path | None = None
"""The folder that this child makes when it needs an empty one; None in the parent."""


def host_program(path: str) -> None:
    """Give this child over to the user's program at `path`: its arguments, its folder, and its errors are its own.

    Relative paths then begin in the program's folder or, where that cannot be entered, in an empty one. In the parent,
    where the window shares them, nothing changes.
    """
    if _own_folder is None:
        return
    expect_faults_of_others()
    sys.argv = [path]
    folder = Path(path).parent
    try:
        if not folder.is_absolute():
            raise FileNotFoundError
        os.chdir(folder)
    except OSError:
        with contextlib.suppress(OSError):  # the disk is full
            os.chdir(own_folder())


def own_folder() -> Path:
    """Return a folder of this child's own, which goes when the child goes. Raises OSError, as in the parent."""
    if _own_folder is None:
        raise FileNotFoundError
    _own_folder.mkdir(mode=0o700, exist_ok=True)
    return _own_folder


def show_to_parent(printed: bytes) -> None:
    """Print for the parent, whatever `sys.stdout` is; do nothing in the parent."""
    if _own_folder is not None:
        with contextlib.suppress(OSError):  # the program has closed it
            os.write(2, printed)


def _end_with_parent(lifeline: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv_bytes()  # nothing is ever sent
    if _own_folder is not None and _own_folder.exists():
        with contextlib.suppress(OSError):
            os.chdir(_own_folder.parent)  # Windows deletes no folder that a process is in
        shutil.rmtree(_own_folder, ignore_errors=True)
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _redirect_output(printed: Connection) -> None:
    """Let the parent read the prints of this process; on Windows, where pipes are not files, drop them."""
    target = os.open(os.devnull, os.O_WRONLY) if _ON_WINDOWS else printed.fileno()
    for stream in (1, 2):
        os.dup2(target, stream)
    sys.stdout = sys.stderr = os.fdopen(2, "w", buffering=1, errors="replace", closefd=False)


def _step_back() -> None:
    """Let the window have a core before this process."""
    if sys.platform == "win32":  # untried
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(NICENESS)


def _warning_in_one_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    return f"{filename}:{lineno}: {category.__name__}: {' '.join(str(message).split())}\n"


def _offer_to_be_killed_first() -> None:
    """Tell Linux to kill this process, and not the window, when memory runs out."""
    with contextlib.suppress(OSError), Path("/proc/self/oom_score_adj").open("w") as score:
        score.write("500")
