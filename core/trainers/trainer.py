"""What a trainer is."""

from typing import Protocol

from core.events import TrialReport, TrialState
from core.training_request import TrialRequest


class Trainer(Protocol):
    """A place where one trial at a time is trained. All calls come from the study's thread."""

    def ready(self, seconds: float) -> bool:
        """Wait up to that long until trials can be trained; return whether they can. Raises TrainerLost."""

    def start(self, request: TrialRequest) -> None:
        """Begin to train a trial; none may be under way. Raises TrainerLost."""

    def reports(self, seconds: float) -> list[TrialReport]:
        """Wait up to that long for reports of the trial under way. Its TrialEnded is the last of them."""

    def pause(self) -> None:
        """Let the training stand still after the batch under way."""

    def resume(self) -> None:
        """Let it go on."""

    def give_up(self, state: TrialState) -> None:
        """End the trial under way after its batch, paused or not, as SKIPPED or INTERRUPTED; `reports` will say so."""

    def close(self) -> None:
        """Give everything back. Nothing may be asked for afterwards."""
