"""Trainer: the protocol of all trainers."""

from typing import Protocol

from core.events import TrialReport, TrialState
from core.phases import Stages
from core.training.request import TrialRequest


class Trainer(Protocol):
    """Trains trials, one or several at a time. All calls come from the study's thread."""

    @property
    def threads(self) -> int:
        """The number of TensorFlow's threads on which a trial is trained; 0 if there is none."""

    def resize(self, workers: int, threads: int = 0) -> None:
        """Train up to `workers` trials at a time from now on; none may be under way.

        Each is trained on this number of threads, if the trainer can still choose; 0: as many as the computer gives.
        """

    def ready(self, seconds: float) -> bool:
        """Wait up to `seconds` until another trial can begin; return whether it can.

        Raises TrainerLost, as `start` and `reports` do, when no process can train; the next call tries anew. No trial
        and no report is lost by that.
        """

    def start(self, request: TrialRequest) -> None:
        """Begin to train a trial; fewer than `workers` may be under way.

        Raises TrainerLost; the trial is under way all the same.
        """

    def reports(self, seconds: float) -> list[TrialReport]:
        """Wait up to `seconds` for reports of the trials under way. A trial's last report is its TrialEnded.

        Raises TrainerLost.
        """

    @property
    def stages(self) -> Stages:
        """What each trial under way does."""

    def pause(self) -> None:
        """Pause all training after the batches under way."""

    def resume(self) -> None:
        """Continue all training."""

    def give_up(self, trial: int, state: TrialState) -> None:
        """End a trial after its current batch, paused or not, as SKIPPED or INTERRUPTED; `reports` returns its end."""

    def close(self) -> None:
        """Release all resources. The trainer cannot be used afterwards."""
