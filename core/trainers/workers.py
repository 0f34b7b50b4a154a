"""Trains in worker processes, one trial in each; a spare worker replaces a lost one."""

from collections.abc import Iterable, Iterator
from functools import partial
from time import monotonic

from core.conduct import threads_of_each
from core.errors import TrainerLost
from core.events import TrialReport, TrialState
from core.phases import Stages
from core.trainers.slot import Slot
from core.trainers.standby import StandBy
from core.trainers.worker import Target, Worker, run_worker, wait_for_any
from core.training.request import TrialRequest


class WorkerTrainer:
    """Trains in spawned processes, which start to load Keras as soon as the trainer is made.

    The workers share the cores, and one core stays free for the window: workers that compete for the cores would all be
    slower.
    """

    def __init__(self, target: Target | None = None, workers: int = 1) -> None:
        """Make the trainer; each worker runs `target`, which is `run_worker` except in tests."""
        self._target = target
        self._threads = threads_of_each(workers)
        self._standby = StandBy(self._what_workers_run())
        self._slots = [Slot(self._standby) for _ in range(workers)]

    @property
    def threads(self) -> int:
        return self._threads

    def resize(self, workers: int, threads: int = 0) -> None:
        threads = threads or threads_of_each(workers)
        if threads != self._threads:  # TensorFlow takes the number only while it loads
            self.close()
            self._threads = threads
            self._standby = StandBy(self._what_workers_run())
            self._slots.clear()
        for slot in self._slots[workers:]:
            slot.close()
        del self._slots[workers:]
        while len(self._slots) < workers:
            self._slots.append(Slot(self._standby))

    def _what_workers_run(self) -> Target:
        return self._target or partial(run_worker, threads=self._threads)

    @property
    def workers(self) -> Iterator[Worker]:
        """All worker processes, the spare one last."""
        yield from (slot.worker for slot in self._slots)
        yield from self._standby.spares

    @property
    def spare_ready(self) -> bool:
        """Whether a loaded spare worker stands by."""
        return self._standby.ready

    def ready(self, seconds: float) -> bool:
        free = self._free()
        if not self._any_loaded(free):
            wait_for_any((slot.worker for slot in free), seconds)
            return self._any_loaded([slot for slot in free if slot in self._slots])
        return True

    def _free(self) -> list[Slot]:
        return [slot for slot in self._slots if slot.trial is None]

    def _busy(self) -> list[Slot]:
        return [slot for slot in self._slots if slot.trial is not None]

    def _any_loaded(self, slots: list[Slot]) -> bool:
        for slot in slots:
            try:
                if slot.is_loaded():
                    return True
            except TrainerLost:
                if len(self._slots) == 1:
                    raise
                self._slots.remove(slot)  # the others go on without it
                slot.close()
        return False

    def start(self, request: TrialRequest) -> None:
        free = self._free()
        slot = next((slot for slot in free if slot.worker.ready), free[0])
        slot.start(request)
        self._standby.prepare()

    def reports(self, seconds: float) -> list[TrialReport]:
        deadline = monotonic() + seconds
        while True:
            busy = self._busy()
            wait_for_any((slot.worker for slot in busy), max(0.0, deadline - monotonic()))
            reports, lost = _reports_of(busy)
            if lost is not None and not reports:  # else the next call raises it: no report may be lost
                raise lost
            if reports or monotonic() >= deadline:
                return reports

    @property
    def stages(self) -> Stages:
        return {slot.trial: slot.stage for slot in self._slots if slot.trial is not None}

    def pause(self) -> None:
        for slot in self._busy():
            slot.pause()

    def resume(self) -> None:
        for slot in self._busy():
            slot.resume()

    def give_up(self, trial: int, state: TrialState) -> None:
        for slot in self._slots:
            if slot.trial == trial:
                slot.give_up(state)

    def close(self) -> None:
        for slot in self._slots:
            slot.close()
        self._standby.close()


def _reports_of(slots: Iterable[Slot]) -> tuple[list[TrialReport], TrainerLost | None]:
    """Return the new reports of the slots, and the last error of one that has no worker for its trial."""
    reports: list[TrialReport] = []
    lost = None
    for slot in slots:
        try:
            reports += slot.reports()
        except TrainerLost as error:
            lost = error
    return reports, lost
