"""The signals that a study without a window obeys: to stop in good order, and to go on when it waits."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from core.study.control import StudyControl

_STOP = ("SIGINT", "SIGTERM", "SIGHUP")
_GO_ON = ("SIGUSR1", "SIGBREAK")
"""SIGBREAK is Ctrl-Break on Windows, which has no SIGUSR1; it has not been tried there."""


def how_to_go_on() -> str:
    """Return what the user can do so that a study that waits goes on."""
    return f"kill -USR1 {os.getpid()}" if hasattr(signal, "SIGUSR1") else "Ctrl-Break"


@contextmanager
def obeying_signals(control: StudyControl) -> Iterator[None]:
    """Stop the study in good order at Ctrl-C and when the system asks; let it go on at SIGUSR1."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        control.stop()

    def go_on(_signal: int, _frame: FrameType | None) -> None:
        control.go_on()

    handlers = dict.fromkeys(_STOP, stop) | dict.fromkeys(_GO_ON, go_on)
    found = {getattr(signal, name): handler for name, handler in handlers.items() if hasattr(signal, name)}
    heard = {number for number in found if signal.getsignal(number) is not signal.SIG_IGN}  # SIGHUP, under nohup
    before = {number: signal.signal(number, found[number]) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
