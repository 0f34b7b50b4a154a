"""The configurations of the search space that are rehearsed, and the measurements of each."""

from enum import StrEnum

import msgspec
import numpy as np

from core.parameters import Value
from core.settings import StudySettings, tutorial_settings
from core.tables.description import MAX_FOLDS_BYTES

SHORTLY, THOROUGHLY = 1.0, 3.0
"""Seconds for which random points are tried: before a study, and when the user asks for the duration of one."""
_HARMLESS_TRIALS = 1000


class Part(StrEnum):
    """The role of a configuration in the search space."""

    SMALLEST = "smallest"
    MIDDLE = "middle"
    LARGEST = "largest"
    SLOWEST = "slowest"
    SAMPLE = "random"


class Configuration(msgspec.Struct, frozen=True):
    """The values of a possible trial, and its role."""

    part: Part
    values: dict[str, Value]


class Measured(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The measurements of a configuration so far. `over`: no more will come.

    `weights` is the number of trainable weights. `trace_seconds` is almost 0 if the loops of an earlier configuration
    are reused. `memory` is the peak memory of the process, `data_memory` the part for the prepared data; both in bytes.
    `note` is a sentence on anything special in its training, `problem` on why it cannot be trained.
    """

    weights: int | None = None
    build_seconds: float | None = None
    trace_seconds: float | None = None
    epoch_seconds: float | None = None
    memory: int = 0
    data_memory: int = 0
    note: str = ""
    problem: str = ""
    over: bool = False


class Result(msgspec.Struct, frozen=True):
    """A configuration and its measurements; they are None while it has not been tried."""

    configuration: Configuration
    measured: Measured | None = None


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """A rehearsal so far. `free_memory` is available to the study's processes, in bytes; 0 when it is not known."""

    settings: StudySettings
    results: tuple[Result, ...] = ()
    free_memory: int = 0
    over: bool = False

    @property
    def failed(self) -> bool:
        """Whether a configuration cannot be trained."""
        return any(result.measured is not None and result.measured.problem for result in self.results)

    @property
    def memory(self) -> int:
        """The most memory that a training process of the study needs, in bytes."""
        return max((memory_needed(self.settings, r.measured) for r in self.results if r.measured), default=0)


def configurations(settings: StudySettings) -> list[Configuration]:
    """Return the configurations to try, without duplicates.

    The smallest has every parameter at its low end but the largest batches, so it is the shortest. The largest has
    every parameter at its high end, so it takes the most memory. The slowest is the largest with the smallest batches.
    For choices the low and the high end are the first and the last one.
    """
    chosen = [
        *_at(settings, Part.SMALLEST, 0.0, batch_size=1.0),
        *_at(settings, Part.MIDDLE, 0.5),
        *_at(settings, Part.LARGEST, 1.0),
        *_at(settings, Part.SLOWEST, 1.0, batch_size=0.0),
    ]
    return [one for number, one in enumerate(chosen) if one.values not in [other.values for other in chosen[:number]]]


def samples(settings: StudySettings, count: int) -> list[Configuration]:
    """Return up to `count` random configurations; the same seed gives the same ones."""
    model = settings.model
    units = np.random.default_rng(settings.seed).random((count, len(model.space.ranges)))
    points = (model.space.spread(unit.tolist()) for unit in units)
    return [Configuration(Part.SAMPLE, model.values_at(point)) for point in points if point is not None]


def _at(settings: StudySettings, part: Part, place: float, **others: float) -> list[Configuration]:
    """Return the configuration nearest to this place in every range that the rules allow; 0 is the low end, 1 the high.

    `others` have a place of their own. Return an empty list if the rules make it hard to find.
    """
    model = settings.model
    point = model.space.nearest([others.get(name, place) for name in model.space.ranges])
    return [] if point is None else [Configuration(part, model.values_at(point))]


def same_training(one: StudySettings, other: StudySettings) -> bool:
    """Return whether a rehearsal of one is valid for the other: same data, model, metric and number of workers."""
    return (one.data, one.model, one.objective.metric, one.workers) == (
        other.data,
        other.model,
        other.objective.metric,
        other.workers,
    )


def is_harmless(settings: StudySettings) -> bool:
    """Return whether no rehearsal is needed: for the tutorial's model on its data with a limited budget."""
    tutorial, budget = tutorial_settings(), settings.budget
    same = (settings.data, settings.model) == (tutorial.data, tutorial.model)
    return same and (budget.trials <= _HARMLESS_TRIALS or budget.seconds is not None)


def memory_needed(settings: StudySettings, measured: Measured) -> int:
    """Return the memory, in bytes, that the process of a trial like this needs.

    The rehearsal trains on one hold-out. With folds, a process caches up to MAX_FOLDS_BYTES of prepared folds; beyond
    that, the previous fold is still in memory while the next one is prepared.
    """
    data = measured.data_memory
    if not settings.data.folds or not data:
        return measured.memory
    return measured.memory + data * min(settings.data.fits - 1, MAX_FOLDS_BYTES // data + 1)
