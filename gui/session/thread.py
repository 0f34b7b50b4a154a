"""The QThread of the window's jobs, such as a study: the only place that makes a thread, but for the log's."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread

from core.errors import AfinaError


@dataclass(frozen=True)
class Failure:
    """Why a study failed. `error` is one that Afina expects; otherwise `details` is the traceback of a bug of ours."""

    message: str
    details: str = ""
    title: str = "The study could not go on"
    error: AfinaError | None = None


class Runner(QThread):
    """Runs one job. Once the thread has finished, `failure` says why the job failed; None when it did not."""

    def __init__(self, job: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self.failure: Failure | None = None

    def run(self) -> None:
        try:
            self._job()
        except AfinaError as error:
            self.failure = Failure(str(error), error=error)
        except BaseException as error:  # noqa: BLE001  the crash box shows it; Qt would swallow it
            self.failure = Failure(f"{type(error).__name__}: {error}", traceback.format_exc())
