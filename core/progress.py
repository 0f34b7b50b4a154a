"""StudyProgress: what is known of a study so far, folded from its events."""

import math
import statistics
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

import msgspec

from core.datasets.fingerprint import Fingerprint
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
    TrialTested,
)
from core.formatting import format_spread
from core.objective import EpochChoice, ObjectiveSettings
from core.parameters import Value
from core.settings import StudySettings

_LATEST, _FEW = 50, 30
"""By the durations of so many trials the time that is left is estimated; fewer than the second are few."""


@dataclass
class Curves:
    """What a training reported: lists with one number per finished epoch.

    Those in `metrics` end with the last epoch that reported the metric, and have NaN for those before it that did not.
    """

    losses: list[float] = field(default_factory=list)
    val_losses: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)

    def of(self, metric: str) -> list[float]:
        """Return the metric, the losses among them, after each epoch."""
        match metric:
            case "loss":
                return self.losses
            case "val_loss":
                return self.val_losses
            case _:
                return self.metrics.get(metric, [])

    def add(self, losses: Sequence[float], val_losses: Sequence[float], metrics: Mapping[str, Sequence[float]]) -> None:
        """Add the next epochs: each sequence has a number for each of them."""
        before = len(self.losses)
        self.losses += losses
        self.val_losses += val_losses
        for name, values in metrics.items():
            course = self.metrics.setdefault(name, [])
            course += [math.nan] * (before - len(course))
            course += values

    def counting_epoch(self, objective: ObjectiveSettings) -> int:
        """Return after which epoch the objective of a training that has ended was taken; 0 if it had none."""
        course = self.of(objective.metric)
        if objective.epoch is EpochChoice.LAST or not course:
            return len(self.losses)
        return objective.counted(course) + 1


@dataclass
class TrialProgress:
    """One trial so far: a training for each of its `fits`, of which there are to be `planned`.

    `scores` are the objectives of the trainings of a complete trial, of which `objective` is the mean. `data` is the
    fingerprint of the changed data file on which it is trained, None for the study's own.
    """

    number: int
    values: dict[str, Value]
    seed: int
    origin: PointOrigin
    planned: int = 1
    data: Fingerprint | None = None
    state: TrialState = TrialState.RUNNING
    fits: list[Curves] = field(default_factory=lambda: [Curves()])
    objective: float | None = None
    scores: tuple[float, ...] = ()
    reason: FailureReason | None = None
    message: str = ""
    epoch: int = 0
    seconds: float = 0.0
    _mean: tuple[int, Curves] = field(default_factory=lambda: (0, Curves()), repr=False, compare=False)

    @property
    def mean(self) -> Curves:
        """The curves of its only training or, of several, each epoch's mean over those that have got so far."""
        if len(self.fits) == 1:
            return self.fits[0]
        if self._mean[0] != self.epochs_done:
            self._mean = self.epochs_done, _mean_of(self.fits)
        return self._mean[1]

    @property
    def losses(self) -> list[float]:
        return self.mean.losses

    @property
    def val_losses(self) -> list[float]:
        return self.mean.val_losses

    @property
    def metrics(self) -> dict[str, list[float]]:
        return self.mean.metrics

    def course(self, metric: str) -> list[float]:
        """Return the metric after each epoch, NaN where it was not reported; of several trainings the mean."""
        return self.mean.of(metric)

    def latest(self, metric: str) -> float | None:
        """Return the metric after the last epoch; of several trainings, which may be unequally long, the mean."""
        found = [course[-1] for fit in self.fits if (course := fit.of(metric))]
        return statistics.fmean(found) if found else None

    def counting_epochs(self, objective: ObjectiveSettings) -> list[int]:
        """Return after which epoch the objective of each training was taken."""
        return [fit.counting_epoch(objective) for fit in self.fits]

    def each_counts_alone(self, objective: ObjectiveSettings) -> bool:
        """Return whether each of several trainings counts by an epoch of its own."""
        return len(self.fits) > 1 and objective.epoch is EpochChoice.BEST

    def counted(self, metric: str, objective: ObjectiveSettings) -> float | None:
        """Return the metric after the epoch that counted; of several trainings the mean."""
        courses = zip(self.counting_epochs(objective), (fit.of(metric) for fit in self.fits), strict=True)
        mean = _mean_of_numbers([course[epoch - 1] for epoch, course in courses if 0 < epoch <= len(course)])
        return None if math.isnan(mean) else mean

    @property
    def train_loss(self) -> float | None:
        return self.latest("loss")

    @property
    def spread(self) -> float | None:
        """The sample standard deviation of the scores; None when there are not two of them."""
        return spread_of(self.scores)

    @property
    def objective_in_words(self) -> str:
        """The objective, with ± and the spread when there are several scores; empty when there is none."""
        return "" if self.objective is None else format_spread(self.objective, self.spread)

    @property
    def epochs_done(self) -> int:
        """The number of epochs of all its trainings so far."""
        return sum(len(fit.losses) for fit in self.fits)

    @property
    def share_done(self) -> float:
        """Which part of its trainings is done, between 0 and 1, if none of them ends early."""
        return (len(self.fits) - 1 + len(self.fits[-1].losses) / self.epochs) / self.planned

    @property
    def epochs(self) -> int:
        """The number of epochs that each training of this trial is to take."""
        return int(self.values["epochs"])

    @property
    def has_ended(self) -> bool:
        """Whether the search can learn from it: it is not under way, nor to run again."""
        return self.state not in (TrialState.RUNNING, TrialState.INTERRUPTED)


class StudyProgress:
    """A pure fold of a study's events.

    `trials` maps each number to its trial, in the order in which they began; `under_way` those that are being trained
    now; `finished` lists the numbers of trials that ended, in that order. `best` is the complete trial with the best
    objective, the first to end of equals; `belief` what the surrogate last took for the best, noise taken out. `tests`
    are the looks that were had at the test part.
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
        self.tests: list[TrialTested] = []
        self.under_way: dict[int, TrialProgress] = {}
        self.running = False
        self.end: StudyEnded | None = None
        self._durations: deque[float] = deque(maxlen=_LATEST)
        """Of the complete trials that ended last, in seconds."""
        self._data: Fingerprint | None = None
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
                planned = 1 if self.settings is None else self.settings.data.fits
                trial = TrialProgress(event.trial, event.values, event.seed, event.origin, planned, self._data)
                self.trials[event.trial] = self.under_way[event.trial] = trial
                self.belief = event.belief or self.belief
            case TrialTested():
                self.tests.append(event)
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
                self._data = event.data
                self.running = True
                self.end = None
            case StudyEnded():
                self.mark_interrupted()
                self.end = event

    def mark_interrupted(self) -> None:
        """Nothing runs any more: a trial without an end was interrupted."""
        self.running = False
        for trial in self.under_way.values():
            trial.state = TrialState.INTERRUPTED
        self.under_way.clear()

    def _add_epoch(self, event: EpochEnded) -> None:
        trial = self.trials[event.trial]
        metrics = {name: (value,) for name, value in event.metrics.items()}
        _fit_of(trial, event.fit).add((event.loss,), (event.val_loss,), metrics)
        trial.epoch = event.epoch
        trial.seconds = event.seconds

    def _add_epochs(self, epochs: Epochs) -> None:
        """Leave the trial as it would be with one epoch after the other."""
        trial = self.trials[epochs.trial]
        _fit_of(trial, epochs.fit).add(epochs.losses, epochs.val_losses, epochs.metrics)
        trial.epoch = epochs.last
        trial.seconds = epochs.seconds[-1]

    def _end_trial(self, event: TrialEnded) -> None:
        trial = self.trials[event.trial]
        trial.state = event.state
        trial.objective = event.objective
        trial.scores = event.scores
        trial.reason = event.reason
        trial.message = event.message
        trial.epoch = event.epoch
        trial.seconds = event.seconds
        self.finished.append(event.trial)
        if event.state is TrialState.COMPLETE:
            self._durations.append(event.seconds)
        self.under_way.pop(event.trial, None)
        best = None if self.best is None else self.best.objective
        if event.objective is not None and (best is None or self.objective.is_better(event.objective, best)):
            self.best = trial

    @property
    def objective(self) -> ObjectiveSettings:
        """What is optimised."""
        return ObjectiveSettings() if self.settings is None else self.settings.objective

    def settings_of(self, trial: TrialProgress) -> StudySettings:
        """Return the study's settings with the data on which the trial is trained."""
        assert self.settings is not None
        data = self.settings.data
        if trial.data is None or data.file is None:
            return self.settings
        file = msgspec.structs.replace(data.file, fingerprint=trial.data)
        return msgspec.structs.replace(self.settings, data=msgspec.structs.replace(data, file=file))

    @property
    def test(self) -> TrialTested | None:
        """What the best trial came to on the test part, when that was last looked at."""
        return None if self.best is None else self.test_of(self.best)

    def test_of(self, trial: TrialProgress) -> TrialTested | None:
        """What that trial came to on the test part, when that was last looked at."""
        return next((test for test in reversed(self.tests) if test.trial == trial.number), None)

    def count(self, state: TrialState) -> int:
        return sum(trial.state is state for trial in self.trials.values())

    @property
    def resumable(self) -> bool:
        """Whether trials are left to run."""
        exhausted = self.end is not None and self.end.reason is StudyEnd.EXHAUSTED
        return self.settings is not None and not exhausted and len(self.finished) < self.budget

    def interrupted(self) -> list[int]:
        """Return the numbers of the trials that have to run again first when the study is resumed."""
        return [number for number, trial in self.trials.items() if trial.state is TrialState.INTERRUPTED]

    def seconds_left(self) -> float | None:
        """Estimate the time that is left, in seconds; None while nothing is known.

        Trials that are still to come are taken to last as long as the latest complete ones: as their median while
        there are few, which one slow trial does not upset, later as their mean, for it is their sum that is wanted.
        """
        left = self.budget - len(self.finished)
        under_way = list(self.under_way.values())
        done = self._durations or [trial.seconds / trial.share_done for trial in under_way if trial.share_done]
        if not done:
            return None
        typical = statistics.median(done) if len(done) < _FEW else statistics.fmean(done)
        training = typical * left - sum(min(trial.seconds, typical) for trial in under_way)
        workers = 1 if self.settings is None else self.settings.workers
        return max(0.0, training / max(1, min(workers, left)))


def spread_of(numbers: Sequence[float]) -> float | None:
    """Return the sample standard deviation of numbers; None when there are not two of them."""
    if len(numbers) < 2:
        return None
    # As exact as can be seen; statistics.stdev takes 45 µs, too long where thousands of trials are drawn.
    return math.dist(numbers, [statistics.fmean(numbers)] * len(numbers)) / math.sqrt(len(numbers) - 1)


def _fit_of(trial: TrialProgress, number: int) -> Curves:
    """Return the curves of a training, which begins with its first epoch."""
    if number > len(trial.fits):
        trial.fits.append(Curves())
    return trial.fits[-1]


def _mean_of(fits: Sequence[Curves]) -> Curves:
    def mean(metric: str) -> list[float]:
        rows = zip_longest(*(fit.of(metric) for fit in fits), fillvalue=math.nan)
        return [_mean_of_numbers(row) for row in rows]

    names = dict.fromkeys(chain.from_iterable(fit.metrics for fit in fits))
    return Curves(mean("loss"), mean("val_loss"), {name: mean(name) for name in names})


def _mean_of_numbers(values: Sequence[float]) -> float:
    """Return the mean of those that are not NaN; NaN if all are."""
    numbers = [value for value in values if not math.isnan(value)]
    return statistics.fmean(numbers) if numbers else math.nan
