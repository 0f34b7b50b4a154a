"""The signals that a study without a window obeys: to stop in good order, and to go on when it waits."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from core.study.control import StudyControl

_STOP = ("SIGINT", "SIGTERM", "SIGHUP")


def how_to_go_on() -> str:
    """Return what the user can do so that a study that waits goes on."""
    return f"kill -USR1 {os.getpid()}" if hasattr(signal, "SIGUSR1") else "Ctrl-Break"


@contextmanager
def obeying_signals(control: StudyControl) -> Iterator[None]:
    """Stop the study in good order at Ctrl-C and when the system asks; let it go on at SIGUSR1.

    Windows, where this is untried, has no SIGUSR1. Its SIGBREAK comes from Ctrl-Break and when the console is closed:
    a study that waits goes on at it, any other stops.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        control.stop()

    def go_on(_signal: int, _frame: FrameType | None) -> None:
        control.go_on()

    def go_on_or_stop(number: int, frame: FrameType | None) -> None:
        (go_on if control.trouble else stop)(number, frame)

    handlers = dict.fromkeys(_STOP, stop) | {"SIGUSR1": go_on, "SIGBREAK": go_on_or_stop}
    found = {getattr(signal, name): handler for name, handler in handlers.items() if hasattr(signal, name)}
    heard = {number for number in found if signal.getsignal(number) is not signal.SIG_IGN}  # SIGHUP, under nohup
    before = {number: signal.signal(number, found[number]) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
