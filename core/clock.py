"""ActiveClock: measures how long something has really been running."""

import time
from collections.abc import Callable

_MAX_STEP_SECONDS = 30.0
"""The most seconds that one tick can add. A longer gap between two ticks means that the machine slept."""


class ActiveClock:
    """Counts the seconds between ticks while it runs.

    It uses the monotonic clock, so setting the computer's time changes nothing. The time between two ticks counts as
    half a minute at most: some monotonic clocks go on while the computer sleeps, and a night's sleep is not work.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last: float | None = None
        self.seconds = 0.0

    def tick(self, *, running: bool = True) -> float:
        """Add the time since the last tick, if it was running until now; return the total seconds."""
        now = self._now()
        if self._last is not None and running:
            self.seconds += min(now - self._last, _MAX_STEP_SECONDS)
        self._last = now
        return self.seconds

    def restart(self) -> None:
        """Start again at 0 seconds."""
        self._last = self._now()
        self.seconds = 0.0
