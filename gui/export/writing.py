"""Writing exports: texts at once, the data that a script reads in a thread, and last the script."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.errors import ExportError
from core.export.chosen import chosen_trial
from core.export.saving import Exports, Outcome, add_text, in_order, put_data_beside
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
        self._left = list(in_order(exports))
        self._progress = progress
        self._number = number
        self._kept = list(kept)
        self._outcome = Outcome()
        self._data: list[Path | None] = []
        self._runner: Runner | None = None

    def begin(self) -> None:
        """Write the exports, and say so at once if none of them needs data."""
        while self._left and not self._left[0][0].refers_to_data:
            self._add(None)
        if not self._left:
            self.done.emit(self._outcome)
            return
        _exporter, path = self._left[0]
        try:
            data = chosen_trial(self._progress, self._number)[0].data
        except ExportError as error:
            self._give_up(str(error))
            return
        self._runner = Runner(lambda: self._data.append(put_data_beside(path, data)), self)
        self._runner.finished.connect(self._data_written)
        self._runner.start()

    def wait(self) -> None:
        """Wait until all is written."""
        if self._runner is not None:
            self._runner.wait()
            self._data_written()

    def _data_written(self) -> None:
        """Write the text after its data, or note why these could not be written."""
        runner, self._runner = self._runner, None
        if runner is None:  # `wait` was quicker than the event loop
            return
        failure = runner.failure
        if failure is not None:
            if failure.error is None:
                self.failed.emit(failure)
            self._give_up(failure.message)
        else:
            self._add(self._data.pop())
            self.begin()
        runner.deleteLater()

    def _add(self, data: Path | None) -> None:
        exporter, path = self._left.pop(0)
        add_text(self._outcome, exporter, self._progress, path, data, self._number, self._kept)

    def _give_up(self, problem: str) -> None:
        """Note why an export could not be written, and go on with the next one."""
        self._left.pop(0)
        self._outcome.problems.append(problem)
        self.begin()
