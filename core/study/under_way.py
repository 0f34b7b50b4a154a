"""The trials under way between two events: what each does, and how long it has trained."""

from core.clock import ActiveClock
from core.events import BaselinesMeasured, EpochEnded, Event, TrialEnded, TrialStarted
from core.phases import Doing, Stage
from core.study.control import StudyControl, StudyPhase
from core.trial_progress import TrialProgress

_WORKING = (StudyPhase.PROPOSING, StudyPhase.TRAINING)


class UnderWay:
    """Lets the time of trials run on from their last report.

    It goes by `clock`, which counts the time in which the study works: neither pauses nor waits for its file.
    """

    def __init__(self) -> None:
        self.clock = ActiveClock()
        self._reported: dict[int, float] = {}
        """The time at which the seconds of a trial were reported last."""
        self._stages: dict[int, tuple[Stage, float]] = {}
        """What each trial does, and the time since when."""

    def look(self, control: StudyControl) -> None:
        """Take in what the study does now."""
        now = self.clock.tick(running=control.phase in _WORKING)
        before = self._stages
        self._stages = {trial: _since(stage, before.get(trial), now) for trial, stage in control.stages.items()}

    def take(self, event: Event) -> None:
        """Take in what a trial has reported; simple predictions are measured before its time begins."""
        match event:
            case EpochEnded() | TrialStarted() | BaselinesMeasured():  # epochs are by far the most
                self._reported[event.trial] = self.clock.seconds
            case TrialEnded():
                self._reported.pop(event.trial, None)

    def seconds(self, trial: TrialProgress) -> float:
        """Return for how long the trial has trained: of one under way that is more than it has reported."""
        reported = self._reported.get(trial.number, self.clock.seconds)
        return trial.seconds + self.clock.seconds - reported

    @property
    def doing(self) -> dict[int, Doing]:
        """What each trial does, by its number."""
        return {trial: Doing(stage, self.clock.seconds - since) for trial, (stage, since) in self._stages.items()}


def _since(stage: Stage, before: tuple[Stage, float] | None, now: float) -> tuple[Stage, float]:
    return before if before is not None and before[0] is stage else (stage, now)
