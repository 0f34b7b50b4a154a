"""Writing exports: texts at once, and the data that a script reads in a thread."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.errors import ExportError
from core.export.saving import Data, Exports, saving
from core.progress import StudyProgress
from gui.session.thread import Runner


class Writing(QObject):
    """Writes exports to files that may be written.

    Signals: `done` (an Outcome) when all that could be written is; `failed` (a Failure) for a bug of ours before that.
    """

    done = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        exports: Exports,
        progress: StudyProgress,
        number: int | None,
        kept: Iterable[Path],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._steps = saving(exports, progress, number, kept)
        self._data: Path | None = None
        self._runner: Runner | None = None

    def begin(self) -> None:
        """Write the exports, and say so at once if none of them needs data."""
        self._go_on(lambda: next(self._steps))

    def wait(self) -> None:
        """Wait until all is written."""
        if self._runner is not None:
            self._runner.wait()
            self._data_written()

    def _go_on(self, step: Callable[[], Data]) -> None:
        """Write what comes next, up to the next data, which a thread writes."""
        try:
            write = step()
        except StopIteration as over:
            self.done.emit(over.value)
            return
        self._runner = Runner(lambda: self._keep(write()), self)
        self._runner.finished.connect(self._data_written)
        self._runner.start()

    def _keep(self, data: Path | None) -> None:
        self._data = data

    def _data_written(self) -> None:
        """Write the text after its data, or note why these could not be written."""
        runner, self._runner = self._runner, None
        if runner is None:  # `wait` was quicker than the event loop
            return
        failure = runner.failure
        if failure is None:
            self._go_on(lambda: self._steps.send(self._data))
        else:
            if failure.error is None:
                self.failed.emit(failure)
            problem = ExportError(failure.message)
            self._go_on(lambda: self._steps.throw(problem))
        runner.deleteLater()
