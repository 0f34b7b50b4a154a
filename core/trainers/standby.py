"""StandBy: makes workers, and keeps a loaded spare one that can replace a lost one at once."""

from collections.abc import Iterator
from functools import partial

from core.children.process import ChildLost
from core.children.spare import Spare
from core.errors import TrainerLost
from core.trainers.worker import Target, Worker, run_later

SPARE_DELAY = 3.0
"""Seconds before the spare worker loads TensorFlow, so that the first trials have the machine to themselves."""


class StandBy:
    """Makes workers that run `target`, and keeps a spare one."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._spare = Spare(lambda: Worker(partial(run_later, target, SPARE_DELAY)))

    @property
    def spares(self) -> Iterator[Worker]:
        """The spare worker, if there is one."""
        if self._spare.child is not None:
            yield self._spare.child

    @property
    def ready(self) -> bool:
        """Whether the spare worker is loaded."""
        worker = self._spare.child
        if worker is not None and not worker.ready:
            try:
                worker.receive(0)
            except ChildLost:
                self._spare.close()
                return False
        return worker is not None and worker.ready

    def prepare(self) -> None:
        """Start a spare worker if there is none and the memory allows one."""
        self._spare.prepare()

    def take(self) -> Worker:
        """Return the spare worker, or a new one. Raises TrainerLost."""
        try:
            return self._spare.take() or Worker(self._target)
        except ChildLost as error:
            raise TrainerLost(f"The training process could not start: {error}") from error

    def close(self) -> None:
        self._spare.close()
