"""Recorder: writes events into a study's file and, while the file cannot be written, waits and loses nothing."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from core.errors import StoreBlocked, StoreError
from core.events import Event
from core.phases import RETRY_INTERVAL
from core.store.writer import Store
from core.study.control import POLL_INTERVAL, StudyControl

LAST_TRIES = 1.0
"""Seconds during which a study that is asked to end still tries to write its last events."""


class Recorder:
    """Writes into the store, however long that takes. `control` shows the trouble and the study's file.

    While the file cannot be written (full disk, file moved away), the caller waits in `record`, which goes on by itself
    when the file can be written again, or when the user names another file. The wait happens inside the context
    `standing_still`.
    """

    def __init__(
        self,
        store: Store,
        control: StudyControl,
        standing_still: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._store = store
        self._control = control
        self._standing_still = standing_still
        self._giving_up_at: float | None = None
        control.path = store.path

    def record(self, events: Sequence[Event]) -> None:
        """Write the events. Raises StoreError; StoreBlocked only when the user gives up."""
        while True:
            try:
                self._store.record(events)
                self._control.unblock()
                return
            except StoreBlocked as error:
                before = self._control.phase
                with self._standing_still():
                    self._wait(error)
                self._control.phase = before

    def _wait(self, error: StoreBlocked) -> None:
        """Return when the file is worth another try; raise the error when the user gives up."""
        self._control.block(str(error))
        deadline = time.monotonic() + RETRY_INTERVAL
        while time.monotonic() < deadline and not self._control.take_retry():
            if self._control.end_asked is not None:
                self._wait_to_give_up(error)
                return
            target = self._control.take_target()
            if target is not None:
                try:
                    self._store.move_to(target)
                except StoreError as moving:
                    self._control.block(f"{error}. Not there either: {moving}")
                    deadline = time.monotonic() + RETRY_INTERVAL
                    continue
                self._control.path = target
                return
            self._control.wait(POLL_INTERVAL)

    def _wait_to_give_up(self, error: StoreBlocked) -> None:
        self._giving_up_at = self._giving_up_at or time.monotonic() + LAST_TRIES
        if time.monotonic() > self._giving_up_at:
            raise error
        self._control.wait(5 * POLL_INTERVAL)
