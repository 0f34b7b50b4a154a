"""TrialProgress: the state of one trial so far, and the curves of its trainings."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from core.events import FailureReason, TrialState
from core.formatting import format_spread
from core.means import mean_of
from core.objective import EpochChoice, ObjectiveSettings
from core.parameters import Value
from core.search.proposal import HedgeState, PointOrigin
from core.tables.fingerprint import Fingerprint


@dataclass
class Curves:
    """The reports of a training: lists with one number per finished epoch.

    A list in `metrics` ends with the last epoch that reported the metric, and has NaN for each earlier epoch that did
    not.
    """

    losses: list[float] = field(default_factory=list)
    val_losses: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)

    def of(self, metric: str) -> list[float]:
        """Return the metric, or one of the two losses, after each epoch."""
        match metric:
            case "loss":
                return self.losses
            case "val_loss":
                return self.val_losses
            case _:
                return self.metrics.get(metric, [])

    def add(self, losses: Sequence[float], val_losses: Sequence[float], metrics: Mapping[str, Sequence[float]]) -> None:
        """Add the next epochs: each sequence has one number per new epoch."""
        before = len(self.losses)
        self.losses += losses
        self.val_losses += val_losses
        for name, values in metrics.items():
            course = self.metrics.setdefault(name, [])
            course += [math.nan] * (before - len(course))
            course += values

    def counting_epoch(self, objective: ObjectiveSettings) -> int:
        """Return the epoch after which the objective of an ended training was taken; 0 if the training has no epoch."""
        course = self.of(objective.metric)
        if objective.epoch is EpochChoice.LAST or not course:
            return len(self.losses)
        return objective.counted(course) + 1


@dataclass
class TrialProgress:
    """One trial so far. `fits` has the curves of each training that has begun; those of the first are always there.

    `planned` is the total number of trainings. `scores` are the objectives of the trainings of a complete trial,
    `objective` is their mean. `epoch` is the last epoch of the current training, `seconds` counts from the trial's
    start, as does `first_epoch_at`, the end of its first epoch. `data` is the fingerprint of the changed data file on
    which the trial is trained, None for the study's own. `hedge` is the state that gp_hedge left when it
    proposed the point.
    """

    number: int
    values: dict[str, Value]
    seed: int
    origin: PointOrigin
    planned: int = 1
    data: Fingerprint | None = None
    hedge: HedgeState | None = None
    state: TrialState = TrialState.RUNNING
    fits: list[Curves] = field(default_factory=lambda: [Curves()])
    objective: float | None = None
    scores: tuple[float, ...] = ()
    reason: FailureReason | None = None
    message: str = ""
    epoch: int = 0
    seconds: float = 0.0
    first_epoch_at: float | None = None
    _mean: tuple[int, Curves] = field(default_factory=lambda: (0, Curves()), repr=False, compare=False)

    @property
    def mean(self) -> Curves:
        """The curves of the only training; for several trainings, the mean at each epoch over those that reached it."""
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
        """Return the metric after each epoch, NaN where it was not reported; with several trainings, their mean."""
        return self.mean.of(metric)

    def latest(self, metric: str) -> float | None:
        """Return the metric after the last epoch; with several trainings, which may differ in length, their mean."""
        if len(self.fits) == 1:
            course = self.fits[0].of(metric)
            return course[-1] if course else None
        found = [course[-1] for training in self.fits if (course := training.of(metric))]
        return mean_of(found) if found else None

    def counting_epochs(self, objective: ObjectiveSettings) -> list[int]:
        """Return, for each training, the epoch after which its objective was taken."""
        return [training.counting_epoch(objective) for training in self.fits]

    def each_counts_alone(self, objective: ObjectiveSettings) -> bool:
        """Return whether there are several trainings and each counts by its own best epoch."""
        return len(self.fits) > 1 and objective.epoch is EpochChoice.BEST

    def counted(self, metric: str, objective: ObjectiveSettings) -> float | None:
        """Return the metric after the epoch that counted, None without one; with several trainings, their mean."""
        courses = zip(self.counting_epochs(objective), (training.of(metric) for training in self.fits), strict=True)
        mean = _mean_of_numbers([course[epoch - 1] for epoch, course in courses if 0 < epoch <= len(course)])
        return None if math.isnan(mean) else mean

    @property
    def train_loss(self) -> float | None:
        return self.latest("loss")

    @property
    def spread(self) -> float | None:
        """The sample standard deviation of the scores; None for fewer than two scores."""
        return spread_of(self.scores)

    @property
    def objective_in_words(self) -> str:
        """The objective, with ± and the spread when there are several scores; empty when there is none."""
        return "" if self.objective is None else format_spread(self.objective, self.spread)

    @property
    def epochs_done(self) -> int:
        """The number of epochs of all its trainings so far."""
        return sum(len(training.losses) for training in self.fits)

    @property
    def seconds_compiling(self) -> float | None:
        """About how long building and compiling took: what the first epoch took more than the others on average.

        None while the trial has not ended, and if it has fewer than two epochs.
        """
        done = self.epochs_done
        if not self.has_ended or self.first_epoch_at is None or done < 2:
            return None
        return max(0.0, self.first_epoch_at - (self.seconds - self.first_epoch_at) / (done - 1))

    @property
    def share_done(self) -> float:
        """The share of the planned trainings that is done, between 0 and 1, if no training ends early."""
        return (len(self.fits) - 1 + len(self.fits[-1].losses) / self.epochs) / self.planned

    @property
    def epochs(self) -> int:
        """The number of epochs that each training of this trial is to take."""
        return int(self.values["epochs"])

    @property
    def has_ended(self) -> bool:
        """Whether the search can learn from the trial: it is neither under way nor to be run again."""
        return self.state not in (TrialState.RUNNING, TrialState.INTERRUPTED)


def spread_of(numbers: Sequence[float]) -> float | None:
    """Return the sample standard deviation of the numbers; None for fewer than two numbers."""
    if len(numbers) < 2:
        return None
    # Exact enough to show; statistics.stdev takes 45 µs, too long where thousands of trials are drawn.
    return math.dist(numbers, [mean_of(numbers)] * len(numbers)) / math.sqrt(len(numbers) - 1)


def _mean_of(trainings: Sequence[Curves]) -> Curves:
    def mean(metric: str) -> list[float]:
        rows = zip_longest(*(training.of(metric) for training in trainings), fillvalue=math.nan)
        return [_mean_of_numbers(row) for row in rows]

    names = dict.fromkeys(chain.from_iterable(training.metrics for training in trainings))
    return Curves(mean("loss"), mean("val_loss"), {name: mean(name) for name in names})


def _mean_of_numbers(values: Sequence[float]) -> float:
    """Return the mean of the numbers that are not NaN; NaN if all are."""
    numbers = [value for value in values if not math.isnan(value)]
    return mean_of(numbers) if numbers else math.nan
