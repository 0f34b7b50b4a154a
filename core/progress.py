"""StudyProgress: what is known of a study so far, folded from its events."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.events import (
    Belief,
    EpochEnded,
    Epochs,
    FailureReason,
    PointOrigin,
    Record,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.parameters import Value
from core.settings import StudySettings


@dataclass
class TrialProgress:
    """One trial so far. `losses`, `val_losses` and each list in `metrics` have one number per finished epoch."""

    number: int
    values: dict[str, Value]
    seed: int
    origin: PointOrigin
    state: TrialState = TrialState.RUNNING
    losses: list[float] = field(default_factory=list)
    val_losses: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    objective: float | None = None
    reason: FailureReason | None = None
    message: str = ""
    epoch: int = 0
    seconds: float = 0.0

    @property
    def train_loss(self) -> float | None:
        return self.losses[-1] if self.losses else None

    @property
    def epochs(self) -> int:
        """The number of epochs that this trial is to train."""
        return int(self.values["epochs"])


class StudyProgress:
    """A pure fold of a study's events.

    `trials` maps each number to its trial, in the order in which they began; `finished` lists the numbers of trials
    that ended, in that order. `best` is the complete trial with the lowest objective, the first one of equals; `belief`
    what the surrogate last took for the best, noise taken out.
    """

    def __init__(self, events: Iterable[Record] = ()) -> None:
        self.settings: StudySettings | None = None
        self.versions: dict[str, str] = {}
        self.started_at: float | None = None
        self.budget = 0
        self.trials: dict[int, TrialProgress] = {}
        self.finished: list[int] = []
        self.best: TrialProgress | None = None
        self.belief: Belief | None = None
        self.current: TrialProgress | None = None
        self.running = False
        self.end: StudyEnded | None = None
        for event in events:
            self.apply(event)

    def apply(self, event: Record) -> None:
        """Take one event in, or several epochs at once."""
        match event:
            case EpochEnded():
                self._add_epoch(event)
            case Epochs():
                self._add_epochs(event)
            case TrialStarted():
                self.current = TrialProgress(event.trial, event.values, event.seed, event.origin)
                self.trials[event.trial] = self.current
                self.belief = event.belief or self.belief
            case TrialEnded():
                self._end_trial(event)
            case StudyStarted():
                self.settings = event.settings
                self.versions = event.versions
                self.started_at = event.time
                self.budget = event.settings.budget.trials
                self.running = True
            case StudyResumed():
                self.mark_interrupted()
                self.budget = event.trials
                self.running = True
                self.end = None
            case StudyEnded():
                self.mark_interrupted()
                self.end = event

    def mark_interrupted(self) -> None:
        """Nothing runs any more: a trial without an end was interrupted."""
        self.running = False
        self.current = None
        for trial in self.trials.values():
            if trial.state is TrialState.RUNNING:
                trial.state = TrialState.INTERRUPTED

    def _add_epoch(self, event: EpochEnded) -> None:
        trial = self.trials[event.trial]
        trial.losses.append(event.loss)
        trial.val_losses.append(event.val_loss)
        for name, value in event.metrics.items():
            trial.metrics.setdefault(name, []).append(value)
        trial.epoch = event.epoch
        trial.seconds = event.seconds

    def _add_epochs(self, epochs: Epochs) -> None:
        """Leave the trial as it would be with one epoch after the other."""
        trial = self.trials[epochs.trial]
        trial.losses += epochs.losses
        trial.val_losses += epochs.val_losses
        for name, values in epochs.metrics.items():
            trial.metrics.setdefault(name, []).extend(values)
        trial.epoch = epochs.last
        trial.seconds = epochs.seconds[-1]

    def _end_trial(self, event: TrialEnded) -> None:
        trial = self.trials[event.trial]
        trial.state = event.state
        trial.objective = event.objective
        trial.reason = event.reason
        trial.message = event.message
        trial.epoch = event.epoch
        trial.seconds = event.seconds
        self.finished.append(event.trial)
        if self.current is trial:
            self.current = None
        if event.objective is not None and (
            self.best is None or self.best.objective is None or event.objective < self.best.objective
        ):
            self.best = trial

    def count(self, state: TrialState) -> int:
        return sum(trial.state is state for trial in self.trials.values())

    @property
    def resumable(self) -> bool:
        """Whether trials are left to run."""
        exhausted = self.end is not None and self.end.reason is StudyEnd.EXHAUSTED
        return self.settings is not None and not exhausted and len(self.finished) < self.budget

    def unfinished(self) -> TrialProgress | None:
        """Return the trial that has to run again first when the study is resumed."""
        for trial in self.trials.values():
            if trial.state is TrialState.INTERRUPTED:
                return trial
        return None

    def seconds_left(self) -> float | None:
        """Estimate the training time that is left, in seconds; None while nothing is known.

        Trials that are still to come are taken to last as long as the median of those complete.
        """
        done = [trial.seconds for trial in self.trials.values() if trial.state is TrialState.COMPLETE]
        left = self.budget - len(self.finished)
        current = self.current
        if not done and current is not None and current.losses:
            done = [current.seconds / len(current.losses) * current.epochs]
        if not done:
            return None
        typical = statistics.median(done)
        under_way = min(current.seconds, typical) if current is not None else 0.0
        return max(0.0, typical * left - under_way)
