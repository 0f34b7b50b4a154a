"""ActiveClock: how long something has really been going on."""

import time
from collections.abc import Callable

_MAX_STEP_SECONDS = 30.0
"""Seconds that one tick can add. A longer gap between two ticks is a machine that slept."""


class ActiveClock:
    """Counts seconds between ticks while it runs.

    It goes by the monotonic clock, so that setting the computer's time changes nothing; and what lies between two
    ticks counts as half a minute at most, so that a night's sleep of the computer (which some systems' monotonic clocks
    count) is not taken for work.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last: float | None = None
        self.seconds = 0.0

    def tick(self, *, running: bool = True) -> float:
        """Add the time since the last tick if it was running until now; return the seconds in all."""
        now = self._now()
        if self._last is not None and running:
            self.seconds += min(now - self._last, _MAX_STEP_SECONDS)
        self._last = now
        return self.seconds

    def restart(self) -> None:
        """Begin again at 0."""
        self._last = self._now()
        self.seconds = 0.0
