"""Recorder: writes events into a study's file and, while the file cannot be written, waits and loses nothing."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from core.errors import StoreBlocked, StoreError
from core.events import Event
from core.files import free_path, shortened
from core.phases import RETRY_INTERVAL
from core.store.writer import Store
from core.study.control import POLL_INTERVAL, StudyControl
from core.targets import SUFFIX

LAST_TRIES = 1.0
"""Seconds during which a study that is asked to end still tries to write its last events into its own file."""
_RESCUED = " rescued"


class Recorder:
    """Writes into the store, however long that takes. `control` shows the trouble and the study's file.

    While the file cannot be written (full disk, file moved away), the caller waits in `record`, which goes on by itself
    when the file can be written again, or when the user names another file. A study that is asked to end while it
    waits is saved, with all that is not written yet, in another file. The wait happens inside the context
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
        self._rescued = False
        control.path = store.path

    def record(self, events: Sequence[Event]) -> None:
        """Write the events. Raises StoreError; StoreBlocked only when the user gives up and no file takes them."""
        written = False
        while not written:
            try:
                self._store.record(events)
                written = True
            except StoreBlocked as error:
                before = self._control.phase
                with self._standing_still():
                    written = self._wait(error, events)
                self._control.phase = before
        self._control.release()

    def _wait(self, error: StoreBlocked, events: Sequence[Event]) -> bool:
        """Return False when the file is worth another try, True when the events are in another file.

        Raises the error when the user gives up.
        """
        control = self._control
        control.block(str(error))
        deadline = time.monotonic() + RETRY_INTERVAL
        while time.monotonic() < deadline:
            if control.end_asked is not None:
                return self._wait_to_give_up(error, events)
            if (target := control.take_target()) is not None:
                places: Iterable[Path] = [target]
            elif control.take_elsewhere():
                if self._is_written(events):
                    return True
                places = rescue_places(self._store.path)
            elif control.take_retry():
                return False
            else:
                control.wait(POLL_INTERVAL)
                continue
            trouble = self._move(places, events)
            if not trouble:
                return True
            control.block(f"{error}. Not there either: {trouble}")
            deadline = time.monotonic() + RETRY_INTERVAL
        return False

    def _is_written(self, events: Sequence[Event]) -> bool:
        """Try to write the events into the study's own file; return whether they are."""
        try:
            self._store.record(events)
        except StoreBlocked:
            return False
        return True

    def _wait_to_give_up(self, error: StoreBlocked, events: Sequence[Event]) -> bool:
        self._giving_up_at = self._giving_up_at or time.monotonic() + LAST_TRIES
        if time.monotonic() <= self._giving_up_at:
            self._control.wait(5 * POLL_INTERVAL)
            return False
        if self._rescued or self._move(rescue_places(self._store.path), events):
            raise error
        self._rescued = True
        return True

    def _move(self, places: Iterable[Path], events: Sequence[Event]) -> str:
        """Go on, with the events, in the first of the places that can be written; else return why not."""
        trouble = "There is no folder that can be written"
        for place in places:
            try:
                self._store.move_to(place, events)
            except StoreError as error:
                trouble = str(error)
            else:
                self._control.moved(place)
                return ""
        return trouble


def rescue_places(path: Path) -> Iterator[Path]:
    """Yield free paths for a study that cannot be written at `path`: beside it, then where there may be room.

    These are the current folder, the user's own, and a new one among the temporary files.
    """
    name = f"{shortened(path.stem.removesuffix(_RESCUED))}{_RESCUED}{SUFFIX}"
    folders: tuple[Callable[[], Path], ...] = (lambda: path.absolute().parent, Path.cwd, Path.home)
    for folder in folders:
        with suppress(OSError, RuntimeError):  # the folder is gone, or there is none
            yield free_path(folder() / name)
    with suppress(OSError):
        temporary = Path(tempfile.mkdtemp(prefix="afina-"))
        yield temporary / name
        temporary.rmdir()  # it was of no use
