"""Events: everything that happens in a study, in order. Store, plots and table read the same events."""

from collections.abc import Iterator
from enum import Enum, StrEnum, auto
from typing import ClassVar

import msgspec

from core.conduct import Conduct
from core.parameters import Value
from core.search.proposal import Belief, HedgeState, PointOrigin
from core.settings import StudySettings
from core.tables.fingerprint import Fingerprint


class TrialState(StrEnum):
    """The state of a trial. RUNNING and INTERRUPTED are never recorded: they follow from a missing TrialEnded."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"


class FailureReason(StrEnum):
    """Why a trial failed. DATA_CHANGED is never recorded: it pauses the study, and the trial will run again."""

    DIVERGED = "diverged"
    MODEL_ERROR = "model error"
    OUT_OF_MEMORY = "out of memory"
    MEMORY_LIMIT = "memory limit"
    TIME_LIMIT = "time limit"
    HUNG = "hung"
    WORKER_LOST = "worker lost"
    DATA_CHANGED = "data changed"


class Baseline(StrEnum):
    """A simple prediction that a model has to beat.

    CONSTANT: always the mean of the training part or, of classes, the shares that they have in it. LINEAR: a linear
    model of scikit-learn, trained on the training part.
    """

    CONSTANT = "constant"
    LINEAR = "linear"


class StudyEnd(StrEnum):
    """Why a study stopped running. PAUSED: something other than the user's Stop paused it; Resume continues it."""

    FINISHED = "finished"
    EXHAUSTED = "exhausted"
    TIME_UP = "time is up"
    TARGET_REACHED = "target reached"
    STOPPED = "stopped"
    PAUSED = "paused"
    FAILED = "failed"


class Change(Enum):
    """A subject that an event changes, so that its readers show it anew.

    STUDY: the budget and the end, and with them the state of each trial under way. TRIALS: the list of trials and
    their states. EPOCHS: the curves of a trial. BEST: which trial is the best. TESTS: the results on the test part.
    BASELINES: the scores of simple predictions. DATA: whether the data file is as it was. NAME: the study's name.
    """

    STUDY = auto()
    TRIALS = auto()
    EPOCHS = auto()
    BEST = auto()
    TESTS = auto()
    BASELINES = auto()
    DATA = auto()
    NAME = auto()


class _Event(msgspec.Struct, frozen=True, tag=True, kw_only=True, gc=False):
    """Something that happened. No field refers back to the event, so Python's garbage collector need not track it."""

    changes: ClassVar[frozenset[Change]]


class StudyStarted(_Event, frozen=True):
    """A new study. Always the first event of a file. `time` is seconds since 1970, for display only.

    `conduct` is how the study is conducted, besides its settings. `name` is the user's name for it; empty for none.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.STUDY})

    settings: StudySettings
    time: float
    versions: dict[str, str]
    conduct: Conduct = Conduct()
    name: str = ""


class StudyResumed(_Event, frozen=True):
    """A study that had ended, or was interrupted, goes on; `trials` is its budget from now on.

    `data` is the fingerprint of the data file if the file has changed and the user accepted the change, else None.
    `caveat` is a sentence on why trials from here on cannot be trained as earlier ones were; empty when they can.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.STUDY})

    time: float
    trials: int
    data: Fingerprint | None = None
    caveat: str = ""


class TrialStarted(_Event, frozen=True):
    """A point was proposed and its training begins. An interrupted trial may start again, with the same number.

    `hedge` is set only for the acquisition function gp_hedge, `belief` only if the surrogate is a Gaussian process.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.TRIALS})

    trial: int
    values: dict[str, Value]
    seed: int
    origin: PointOrigin
    hedge: HedgeState | None = None
    belief: Belief | None = None


class EpochEnded(_Event, frozen=True):
    """An epoch was trained and validated.

    `epoch` counts from 1 in each fit; `seconds` is the time since the trial began. `fit` is the number of the training
    within the trial, from 1: folds and repeats make several.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.EPOCHS})

    trial: int
    epoch: int
    loss: float
    val_loss: float
    metrics: dict[str, float]
    seconds: float
    fit: int = 1


class Epochs(_Event, frozen=True):
    """Several consecutive EpochEnded of one fit of a trial, in the form in which a study file stores and returns them.

    `first` is the number of the first epoch. `losses`, `val_losses`, `seconds` and each entry of `metrics` have one
    number per epoch.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.EPOCHS})

    trial: int
    first: int
    losses: tuple[float, ...]
    val_losses: tuple[float, ...]
    seconds: tuple[float, ...]
    metrics: dict[str, tuple[float, ...]]
    fit: int = 1

    def __len__(self) -> int:
        return len(self.losses)

    @property
    def last(self) -> int:
        return self.first + len(self) - 1

    def one_by_one(self) -> Iterator[EpochEnded]:
        """Yield each epoch as its own EpochEnded."""
        columns = zip(self.losses, self.val_losses, self.seconds, strict=True)
        for index, (loss, val_loss, seconds) in enumerate(columns):
            metrics = {name: values[index] for name, values in self.metrics.items()}
            yield EpochEnded(
                trial=self.trial,
                epoch=self.first + index,
                loss=loss,
                val_loss=val_loss,
                metrics=metrics,
                seconds=seconds,
                fit=self.fit,
            )


class TrialEnded(_Event, frozen=True):
    """A trial ended; every trial ends once.

    `objective` is set only for complete trials, `reason` only for failed ones. `message` says why the trial failed, or
    what was special about its training. `epoch` is the last epoch that began; `seconds` counts training time only.
    `scores` are the objectives of the trial's trainings, and `objective` is their mean; older records of a single
    training have no `scores`.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.TRIALS, Change.BEST})

    trial: int
    state: TrialState
    epoch: int
    seconds: float
    objective: float | None = None
    reason: FailureReason | None = None
    message: str = ""
    scores: tuple[float, ...] = ()


class BaselinesMeasured(_Event, frozen=True):
    """Simple predictions were measured on the validation rows of one of a trial's trainings.

    `scores` holds for each baseline its metrics, by the names that an EpochEnded has for them: "val_loss", "val_mae".
    They follow from the data, the settings and the number of the training, `fit`.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.BASELINES})

    trial: int
    scores: dict[Baseline, dict[str, float]]
    fit: int = 1


class TrialTested(_Event, frozen=True):
    """A complete trial's settings were trained again and evaluated on the test part, which the search never sees.

    `metrics` holds the loss and the metrics on the test part, one number for each training. `rows` is the number of
    rows in the test part, 0 in older records. `intervals` has the ends of a 95 % confidence interval for the mean over
    the trainings of those metrics for which there is one.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.TESTS})

    trial: int
    metrics: dict[str, tuple[float, ...]]
    time: float
    rows: int = 0
    intervals: dict[str, tuple[float, float]] = {}


class RowsScored(msgspec.Struct, frozen=True, tag=True, kw_only=True, gc=False):
    """What an evaluation found out from the rows of the test part: `rows` and `intervals` of its TrialTested.

    A report of a trainer only: it is never recorded.
    """

    trial: int
    rows: int
    intervals: dict[str, tuple[float, float]]


class DataFileChanged(_Event, frozen=True):
    """While the study runs, its data file is found to have changed or to be gone, or to be as it was again.

    `change` is a sentence; it is empty when the file is again the one with which the study runs. The trials go on with
    the rows that are loaded.
    """

    changes: ClassVar[frozenset[Change]] = frozenset({Change.DATA})

    change: str
    time: float


class StudyNamed(_Event, frozen=True):
    """The user gave the study another name, or took its name away, which leaves an empty one."""

    changes: ClassVar[frozenset[Change]] = frozenset({Change.NAME})

    name: str
    time: float


class StudyEnded(_Event, frozen=True):
    """The study stopped running, for one `reason`. `message` is a sentence for the user."""

    changes: ClassVar[frozenset[Change]] = frozenset({Change.STUDY})

    reason: StudyEnd
    message: str
    time: float


def is_exhausted(settings: StudySettings, ended: int, end: StudyEnded | None) -> bool:
    """Return whether the search of a study has no point left to try after so many trials; `end` is how it ended."""
    if end is not None and end.reason is StudyEnd.EXHAUSTED:
        return True
    points = settings.points
    return points is not None and ended >= points


Event = (
    StudyStarted
    | StudyResumed
    | TrialStarted
    | EpochEnded
    | TrialEnded
    | BaselinesMeasured
    | TrialTested
    | DataFileChanged
    | StudyNamed
    | StudyEnded
)
Record = Event | Epochs
"""A record that a study file returns."""
TrialReport = EpochEnded | TrialEnded | BaselinesMeasured | RowsScored
"""What a trainer reports: events and, of an evaluation, how sure its scores are."""
