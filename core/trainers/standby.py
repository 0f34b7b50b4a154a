"""StandBy: where workers come from; one of them is loaded already and waits to take a lost one's place."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from core.errors import TrainerLost
from core.processes import ChildLost, room_for_spare
from core.trainers.worker import Target, Worker, run_later

SPARE_DELAY = 3.0
"""Seconds before the worker at hand loads TensorFlow: the first trials have the machine for themselves."""


class StandBy:
    """Makes workers that run `target`, and keeps a spare one."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._spare: Worker | None = None

    @property
    def spares(self) -> Iterator[Worker]:
        """The spare worker, if there is one."""
        if self._spare is not None:
            yield self._spare

    @property
    def ready(self) -> bool:
        """Whether the spare worker is loaded."""
        if self._spare is not None and not self._spare.ready:
            try:
                self._spare.receive(0)
            except ChildLost:
                self._spare.close()
                self._spare = None
        return self._spare is not None and self._spare.ready

    def prepare(self) -> None:
        """See to it that there will be a spare worker, if the memory allows one."""
        if self._spare is None and room_for_spare():
            with suppress(ChildLost):  # it goes without
                self._spare = Worker(partial(run_later, self._target, SPARE_DELAY))

    def take(self) -> Worker:
        """Return the spare worker, or a new one. Raises TrainerLost."""
        spare, self._spare = self._spare, None
        if spare is not None:
            if spare.alive:
                return spare
            spare.close()
        try:
            return Worker(self._target)
        except ChildLost as error:
            raise TrainerLost(f"The training process could not start: {error}") from error

    def close(self) -> None:
        for spare in self.spares:
            spare.close()
        self._spare = None
