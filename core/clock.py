"""Clocks for limits: they stand still while the computer sleeps, or while the program is stopped."""

import threading
from collections.abc import Callable
from functools import cache
from time import perf_counter, sleep

_TICK = 0.25
"""Seconds between two ticks of the clock."""
_LONGEST_TICK = 1.0
"""Seconds without a tick after which the clock must have stood still, however busy the computer is."""


class AwakeClock:
    """A monotonic clock of the time in which this process can run. It needs a tick every `_TICK` seconds.

    Some systems' monotonic clocks go on while the computer sleeps (Windows), and all of them go on while a process is
    stopped or a virtual machine is paused. So the time between two ticks counts only if it is short. Setting the
    computer's time changes nothing.
    """

    def __init__(self, now: Callable[[], float] = perf_counter) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._last = now()
        self._seconds = 0.0

    def tick(self) -> float:
        """Count the time since the last tick; return the seconds since the clock was made. Any thread may call it."""
        with self._lock:
            now = self._now()
            step = now - self._last
            self._last = now
            self._seconds += step if step <= _LONGEST_TICK else _TICK
            return self._seconds


_clock = AwakeClock()


def seconds_awake() -> float:
    """Return the seconds in which this process could run, since some moment in the past."""
    _keep_ticking()
    return _clock.tick()


@cache
def _keep_ticking() -> None:
    """Let the clock tick from now on, even if nobody asks for the time for hours."""
    threading.Thread(target=_tick_for_ever, name="afina-clock", daemon=True).start()


def _tick_for_ever() -> None:
    while True:
        sleep(_TICK)
        _clock.tick()


class ActiveClock:
    """Counts the seconds between ticks while it runs."""

    def __init__(self, now: Callable[[], float] = seconds_awake) -> None:
        self._now = now
        self._last: float | None = None
        self.seconds = 0.0

    def tick(self, *, running: bool = True) -> float:
        """Add the time since the last tick, if it was running until now; return the total seconds."""
        now = self._now()
        if self._last is not None and running:
            self.seconds += now - self._last
        self._last = now
        return self.seconds

    def restart(self) -> None:
        """Start again at 0 seconds."""
        self._last = self._now()
        self.seconds = 0.0
