"""Which configurations of the search space are rehearsed, and what was measured of each."""

from enum import StrEnum

import msgspec
import numpy as np

from core.datasets.description import MAX_FOLDS_BYTES
from core.parameters import Value
from core.settings import StudySettings, tutorial_settings

SHORTLY, THOROUGHLY = 1.0, 3.0
"""Seconds for which random points are tried: before a study, and when it is asked how long one takes."""
_HARMLESS_TRIALS = 1000


class Part(StrEnum):
    """What a configuration stands for."""

    SMALLEST = "smallest"
    MIDDLE = "middle"
    LARGEST = "largest"
    SLOWEST = "slowest"
    SAMPLE = "random"


class Configuration(msgspec.Struct, frozen=True):
    """The values of a trial that may come, and what it stands for."""

    part: Part
    values: dict[str, Value]


class Measured(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What is known of a configuration so far. `over`: nothing more will come.

    `weights` are those that training changes. `trace_seconds` are next to none where loops of an earlier one serve.
    `memory` is the most that its process had in use, `data_memory` what the prepared data take of it; both in bytes.
    `note` says what is special about its training, `problem` why it cannot be trained.
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
    """A configuration and what is known of it; None while it has not been tried."""

    configuration: Configuration
    measured: Measured | None = None


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """A rehearsal so far. `free_memory` is what the study's processes may have, in bytes; 0 when it is not known."""

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
    """Return what is to be tried, each once.

    The smallest has every parameter at its low end and the largest batches, so it is the shortest; the largest has
    everything at its high end, so it takes the most memory; the slowest is the largest with the smallest batches. Of
    choices these are the first and the last.
    """
    chosen = [
        *_at(settings, Part.SMALLEST, 0.0, batch_size=1.0),
        *_at(settings, Part.MIDDLE, 0.5),
        *_at(settings, Part.LARGEST, 1.0),
        *_at(settings, Part.SLOWEST, 1.0, batch_size=0.0),
    ]
    return [one for number, one in enumerate(chosen) if one.values not in [other.values for other in chosen[:number]]]


def samples(settings: StudySettings, count: int) -> list[Configuration]:
    """Return random configurations, the same for the same seed."""
    model = settings.model
    units = np.random.default_rng(settings.seed).random((count, len(model.space.ranges)))
    points = (model.space.spread(unit.tolist()) for unit in units)
    return [Configuration(Part.SAMPLE, model.values_at(point)) for point in points if point is not None]


def _at(settings: StudySettings, part: Part, place: float, **others: float) -> list[Configuration]:
    """Return the configuration at that place of every range, 0 its low and 1 its high end, as near as rules allow.

    `others` have a place of their own. Empty if rules make it hard to find.
    """
    model = settings.model
    point = model.space.nearest([others.get(name, place) for name in model.space.ranges])
    return [] if point is None else [Configuration(part, model.values_at(point))]


def same_training(one: StudySettings, other: StudySettings) -> bool:
    """Return whether a rehearsal of one is one of the other: data, model and metric, and the threads of each."""
    return (one.data, one.model, one.objective.metric, one.workers) == (
        other.data,
        other.model,
        other.objective.metric,
        other.workers,
    )


def is_harmless(settings: StudySettings) -> bool:
    """Return whether all is well without a rehearsal: with the tutorial's model on its data, for a while."""
    tutorial, budget = tutorial_settings(), settings.budget
    same = (settings.data, settings.model) == (tutorial.data, tutorial.model)
    return same and (budget.trials <= _HARMLESS_TRIALS or budget.seconds is not None)


def memory_needed(settings: StudySettings, measured: Measured) -> int:
    """Return how much memory the process of such a trial needs, in bytes.

    It is rehearsed on one part held out. Of folds a process keeps as many as it has room for; of those beyond them the
    one before is still there while the next is prepared.
    """
    data = measured.data_memory
    if not settings.data.folds or not data:
        return measured.memory
    return measured.memory + data * min(settings.data.fits - 1, MAX_FOLDS_BYTES // data + 1)
