"""The system's signals to end the program, which are handled at once even if Python is idle."""

import signal
import socket
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Not every system has all of them. SIGBREAK is Ctrl+Break in a console of Windows (untried)."""


class EndSignals(QObject):
    """Emits `asked` when the process is told to end, from its creation to `close`.

    Python runs its signal handlers between two steps of Python code, and no Python code runs while Qt waits. So the
    signal's number is written to a socket, which wakes Qt.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inner, self._outer = socket.socketpair()
        self._inner.setblocking(False)
        self._outer.setblocking(False)
        self._fd_before = signal.set_wakeup_fd(self._outer.fileno(), warn_on_full_buffer=False)
        self._handlers_before: dict[int, Any] = {}
        for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup makes a process ignore SIGHUP
                self._handlers_before[number] = signal.signal(number, _nothing)
        self._notifier = QSocketNotifier(self._inner.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def close(self) -> None:
        """Restore the signals' handlers."""
        self._notifier.setEnabled(False)
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._fd_before)
        self._inner.close()
        self._outer.close()

    def _read(self) -> None:
        try:
            numbers = self._inner.recv(4096)
        except BlockingIOError:
            return
        if any(number in self._handlers_before for number in numbers):
            self.asked.emit()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Do nothing, in place of a handler that would end the process at once."""
