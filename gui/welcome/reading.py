"""Reads the studies in a thread of its own: their files may be many, large, or on a slow drive."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.study.catalogue import Catalogue, Listed, study_paths
from gui.session.thread import Runner

_INTERVAL = 80
"""Milliseconds between two looks at what has been read so far."""
_PATIENCE = 10_000
"""Milliseconds to wait for the thread when the window closes; it looks after some milliseconds whether it shall end."""


class Reading(QObject):
    """Reads the studies in `folder` and those that `recent` returns.

    Signals: `found` (a list of Listed, and whether these are all) while the studies are read for the first time, and at
    the end of each reading; `failed` (a Failure) when a bug of ours ended it.
    """

    found = Signal(object, bool)
    failed = Signal(object)

    def __init__(self, folder: Path, recent: Callable[[], list[Path]], parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._recent = recent
        self._catalogue = Catalogue()
        self._runner: Runner | None = None
        self._again = self._closed = self._complete = False
        self._read: list[Listed] = []
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._tell_first)

    @property
    def active(self) -> bool:
        """Whether studies are being read."""
        return self._runner is not None

    def start(self) -> None:
        """Read the studies, or once more when the reading that is under way has ended."""
        if self._runner is not None:
            self._again = True
            return
        if self._closed:
            return
        read: list[Listed] = []
        self._read, self._again = read, False
        recent = self._recent()
        catalogue, folder = self._catalogue, self._folder

        def job() -> None:
            read.extend(catalogue.read(study_paths(folder, recent), lambda: self._closed))

        self._runner = Runner(job, self)
        self._runner.finished.connect(self._on_read)
        self._runner.start()
        self._timer.start()

    def close(self) -> None:
        """Let the reading end."""
        self._closed = True
        self._timer.stop()
        if self._runner is not None:
            self._runner.wait(_PATIENCE)

    @Slot()
    def _tell_first(self) -> None:
        if not self._complete and self._read:
            self.found.emit(list(self._read), False)

    @Slot()
    def _on_read(self) -> None:
        runner, self._runner = self._runner, None
        self._timer.stop()
        if runner is None or self._closed:
            return
        runner.deleteLater()
        if runner.failure is not None:
            self.failed.emit(runner.failure)
            return
        self._complete = True
        self.found.emit(self._read, True)
        if self._again:
            self.start()
