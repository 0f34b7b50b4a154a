"""A figure: what a plot draws, as plain data, and what makes one again and again while a study runs."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.events import TrialState
from core.figures.arrays import Flags, Floats
from core.figures.scales import AxisScale
from core.progress import StudyProgress
from core.trial_progress import TrialProgress

Label = tuple[int, float, float]
"""The number of a trial, and x and y of the point beside which it stands."""


class Kind(StrEnum):
    """What curves and points show. Who draws a figure has a style for each."""

    BEST = "best"
    SELECTED = "selected"
    FAILED = "failed"
    UNFINISHED = "unfinished"
    RUNNING = "running"
    PAST = "past"
    TRAINING = "training"
    VALIDATION = "validation"
    RUNNING_FITS = "running fits"
    SELECTED_FITS = "selected fits"
    BEST_SO_FAR = "best so far"
    SURROGATE = "surrogate"
    OTHER_ORIGIN = "other origin"
    BARS = "bars"
    BEYOND_OTHER_ORIGIN = "other origin beyond"
    BEYOND_SURROGATE = "surrogate beyond"
    BEYOND_RUNNING = "running beyond"
    BEYOND_SELECTED = "selected beyond"
    DONE = "done"
    WORSE = "worse"
    FADED = "faded"


@dataclass(frozen=True)
class Axis:
    """What an axis says, and from where to where it shows everything sensible, in axis positions.

    `higher_is_better` is whether worse values lie at its lower end, on an axis of objectives. `beyond` says which
    values are worse than it shows, as "> 18.2"; empty when there are none.
    """

    scale: AxisScale
    view: tuple[float, float]
    higher_is_better: bool = False
    beyond: str = ""

    def is_beyond(self, values: Floats, view: tuple[float, float]) -> Flags:
        """Tell which values a view cuts off on the side of the worse; those that are NaN count as the worst."""
        seen: Flags = values >= view[0] if self.higher_is_better else values <= view[1]
        return ~seen


@dataclass(frozen=True, eq=False)
class Series:
    """Axis positions, and the number of the trial to which each belongs. Where y is not finite nothing is drawn."""

    kind: Kind
    trials: Floats
    x: Floats
    y: Floats

    def __post_init__(self) -> None:
        for values in (self.trials, self.x, self.y):
            values.flags.writeable = False

    def __len__(self) -> int:
        return len(self.x)


class Curve(Series):
    """A line through its positions, broken where y is NaN."""


@dataclass(frozen=True, eq=False)
class Points(Series):
    """A mark at each position. `colours` are positions on the scale of colours: all of a kind have one, or none."""

    colours: Floats | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Figure:
    """All that a plot draws.

    `past` shows trials that have ended: it is the same object until one more ends, or it is drawn otherwise. `present`
    may change with each epoch. All series of a kind are in the same one of them. `legend` names kinds, in its order;
    `labels` name trials beside points. `colours` is the scale of coloured points, None where there is no objective yet.
    `note` stands at the legend's right end: which trials are beyond the view.
    `summary` says the figure in a sentence, for those who cannot see it. `is_empty` is whether there is nothing to show
    yet.
    """

    title: str
    x: Axis
    y: Axis
    past: tuple[Series, ...]
    present: tuple[Series, ...]
    legend: tuple[tuple[Kind, str], ...]
    summary: str
    labels: tuple[Label, ...] = ()
    colours: Axis | None = None
    note: str = ""
    is_empty: bool = False

    def curves(self, *kinds: Kind) -> list[Curve]:
        """Return the curves of these kinds, or all of them."""
        return [series for series in self._series(kinds) if isinstance(series, Curve)]

    def points(self, *kinds: Kind) -> list[Points]:
        """Return the points of these kinds, or all of them."""
        return [series for series in self._series(kinds) if isinstance(series, Points)]

    def _series(self, kinds: Sequence[Kind]) -> Iterator[Series]:
        return (series for series in (*self.past, *self.present) if not kinds or series.kind in kinds)


class Builder(ABC):
    """Makes figures of a study while it runs: it takes each trial in once, when that has ended.

    `taken` holds the numbers of these trials. After one of them began again, a new builder is needed.
    """

    def __init__(self, progress: StudyProgress) -> None:
        self.progress = progress
        self.taken: set[int] = set()

    def take(self, numbers: Iterable[int]) -> None:
        """Take in those of these trials that have ended and are not taken yet."""
        known = self.progress.trials
        new = (known[number] for number in numbers if number in known and number not in self.taken)
        ended = [trial for trial in new if trial.state is not TrialState.RUNNING]
        if ended:
            self._add(ended)
            self.taken.update(trial.number for trial in ended)

    @abstractmethod
    def figure(self, selected: int | None) -> Figure:
        """Return the figure of now, in which the trial of this number is selected."""

    @abstractmethod
    def _add(self, trials: Sequence[TrialProgress]) -> None:
        """Take in trials that have ended, of which there is at least one."""


def joined(series: Sequence[Series]) -> tuple[Floats, Floats, Floats]:
    """Return trials, x and y of all of these, one after the other."""
    columns = [(one.trials, one.x, one.y) for one in series] or [(np.empty(0), np.empty(0), np.empty(0))]
    if len(columns) == 1:
        return columns[0]
    trials, x, y = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return trials, x, y


def point_at(kind: Kind, trial: int, x: float, y: float) -> Points:
    """Return a single mark."""
    return Points(kind, *(np.array([float(value)]) for value in (trial, x, y)))


def kind_without_objective(trial: TrialProgress) -> Kind:
    """Return how a trial that has ended without an objective is shown."""
    return Kind.FAILED if trial.state is TrialState.FAILED else Kind.UNFINISHED
