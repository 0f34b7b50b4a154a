"""What a trainer is."""

from typing import Protocol

from core.events import TrialReport, TrialState
from core.training.request import TrialRequest


class Trainer(Protocol):
    """A place where trials are trained, one or several at a time. All calls come from the study's thread."""

    def resize(self, workers: int) -> None:
        """Take up to that many trials at a time from now on; none may be under way."""

    def ready(self, seconds: float) -> bool:
        """Wait up to that long until a trial, or another one, can begin; return whether it can. Raises TrainerLost."""

    def start(self, request: TrialRequest) -> None:
        """Begin to train a trial, with as many under way as can be at most. Raises TrainerLost."""

    def reports(self, seconds: float) -> list[TrialReport]:
        """Wait up to that long for reports of the trials under way. Its TrialEnded is the last one of a trial."""

    def pause(self) -> None:
        """Let all training stand still after the batches under way."""

    def resume(self) -> None:
        """Let it go on."""

    def give_up(self, trial: int, state: TrialState) -> None:
        """End a trial under way after its batch, paused or not, as SKIPPED or INTERRUPTED; `reports` will say so."""

    def close(self) -> None:
        """Give everything back. Nothing may be asked for afterwards."""
