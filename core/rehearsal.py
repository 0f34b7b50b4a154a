"""The rehearsal of a study: which configurations are tried before it, and what they say about duration and memory."""

import os
import statistics
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec
import numpy as np

from core.datasets.description import ROOM_FOR_FOLDS
from core.formatting import format_bytes, format_duration
from core.models.declarations import PATIENCE
from core.parameters import Fixed, Value
from core.settings import SearchMethod, StudySettings, tutorial_settings

SHORTLY, THOROUGHLY = 1.0, 3.0
"""Seconds for which random points are tried: before a study, and when it is asked how long one takes."""
LONG_STUDY = 3600.0
"""Seconds of study above which it is worth a warning."""
_HARMLESS_TRIALS = 1000
_RECORD_SECONDS = 0.01
"""Of each trial, for study file, pipes and events."""
_ASK_SECONDS, _ASK_GROWTH = 0.02, 0.0005
"""What a proposal takes, and what each observation adds to that (`tests.bench.search --growth`)."""


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


class Span(msgspec.Struct, frozen=True):
    """Seconds: of the shortest, as expected, of the longest."""

    low: float
    typical: float
    high: float

    def text(self) -> str:
        low, typical, high = map(_roughly, (self.low, self.typical, self.high))
        return f"about {typical} ({low} to {high})" if low != high else f"about {typical}"


class Forecast(msgspec.Struct, frozen=True):
    """How long a trial is going to take, and the study."""

    trial: Span
    study: Span


# Which configurations


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


def describe(settings: StudySettings, values: Mapping[str, Value]) -> str:
    """Return the varied values in words."""
    return ", ".join(
        f"{parameter.label.lower()} {parameter.text(values[parameter.name])}"
        for parameter in settings.family.parameters
        if parameter.name in settings.varied and parameter.name in values
    )


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


# What they say


def trial_seconds(rehearsal: Rehearsal, result: Result) -> float | None:
    """Return how long a trial of the configuration takes with all its trainings; None while that is not known.

    Left out are tracing, which is done once for all trainings of models of the same structure, and what is done once in
    a process.
    """
    measured, epochs = result.measured, int(result.configuration.values["epochs"])
    if measured is None or measured.epoch_seconds is None or measured.build_seconds is None:
        return None
    build = measured.build_seconds - (_once(rehearsal) if result is rehearsal.results[0] else 0.0)
    return rehearsal.settings.data.fits * (build + epochs * measured.epoch_seconds)


def _once(rehearsal: Rehearsal) -> float:
    """Return how much longer the first configuration, which was the first in its process, took to build."""
    builds = [
        r.measured.build_seconds for r in rehearsal.results if r.measured and r.measured.build_seconds is not None
    ]
    first = rehearsal.results[0].measured
    return 0.0 if first is None or first.build_seconds is None else first.build_seconds - min(builds)


def memory_needed(settings: StudySettings, measured: Measured) -> int:
    """Return how much memory the process of such a trial needs, in bytes.

    It is rehearsed on one part held out. Of folds a process keeps as many as it has room for; of those beyond them the
    one before is still there while the next is prepared.
    """
    data = measured.data_memory
    if not settings.data.folds or not data:
        return measured.memory
    return measured.memory + data * min(settings.data.fits - 1, ROOM_FOR_FOLDS // data + 1)


def forecast(rehearsal: Rehearsal) -> Forecast | None:
    """Predict the duration of trials and study; None while no configuration has been measured.

    A typical trial is the mean of the middle and the random ones.
    """
    settings = rehearsal.settings
    known = [(r, seconds) for r in rehearsal.results if (seconds := trial_seconds(rehearsal, r)) is not None]
    if not known:
        return None
    lengths = [seconds for _result, seconds in known]
    inner = [seconds for r, seconds in known if r.configuration.part in (Part.MIDDLE, Part.SAMPLE)] or lengths
    trial = Span(min(lengths), statistics.mean(inner), max(lengths))
    tracing = _tracing(rehearsal.results, _trials(settings))
    return Forecast(trial, _study(settings, trial, tracing, _once(rehearsal)))


def _trials(settings: StudySettings) -> int:
    """Return how many trials the study has, of which there are no more than points."""
    points = settings.points
    return settings.budget.trials if points is None else min(settings.budget.trials, points)


def _study(settings: StudySettings, trial: Span, tracing: Span, once: float) -> Span:
    trials = _trials(settings)
    at_once = min(settings.workers, os.cpu_count() or 1, trials)
    proposals = trials * _RECORD_SECONDS
    if settings.search.method is SearchMethod.BAYESIAN:
        proposals += trials * (_ASK_SECONDS + _ASK_GROWTH * trials / 2)

    def seconds(of_a_trial: float, traced: float) -> float:
        return once + (trials * of_a_trial + traced) / at_once + proposals

    return Span(
        seconds(trial.low, tracing.low), seconds(trial.typical, tracing.typical), seconds(trial.high, tracing.high)
    )


def _tracing(results: Sequence[Result], trials: int) -> Span:
    """Return for how long the study's loops are traced and compiled in all.

    Low: the shortest trace, once. High: every trial needs the longest. In between: those that were needed here are
    needed there, and of the trials beyond them such a share as of the later half of the configurations.
    """
    traces = [r.measured.trace_seconds for r in results if r.measured and r.measured.trace_seconds is not None]
    if not traces:
        return Span(0.0, 0.0, 0.0)
    new = [seconds for seconds in traces if seconds > max(traces) / 10] or [0.0]
    mean = statistics.mean(new)
    later = traces[len(traces) // 2 :]
    share = sum(seconds > max(traces) / 10 for seconds in later) / len(later)
    typical = mean * (min(trials, len(new)) + share * max(0, trials - len(traces)))
    return Span(min(new), typical, max(traces) * trials)


# In words


def sheet(rehearsal: Rehearsal) -> list[list[str]]:
    """Return a table with a column for each configuration that has a name: their values, and what they took.

    The first row has their names, the first column says what a row holds.
    """
    settings = rehearsal.settings
    named = [result for result in rehearsal.results if result.configuration.part is not Part.SAMPLE]
    rows = [["", *(str(result.configuration.part) for result in named)]]
    for parameter in settings.family.parameters:
        if parameter.name in settings.varied:
            values = [result.configuration.values.get(parameter.name) for result in named]
            rows.append([parameter.label, *("–" if value is None else parameter.text(value) for value in values)])
    columns = [_measurements(rehearsal, result) for result in named]
    return rows + [[what, *taken] for what, *taken in zip(MEASUREMENTS, *columns, strict=True)]


MEASUREMENTS = ("Weights", "Memory", "Tracing", "An epoch", "A trial")


def _measurements(rehearsal: Rehearsal, result: Result) -> list[str]:
    measured = result.measured or Measured()
    trial = trial_seconds(rehearsal, result)
    return [
        "–" if measured.weights is None else f"{measured.weights:,}",
        format_bytes(memory_needed(rehearsal.settings, measured)) if measured.memory else "–",
        *("–" if s is None else _short(s) for s in (measured.trace_seconds, measured.epoch_seconds)),
        "failed" if measured.problem else "–" if trial is None else _short(trial),
    ]


def _short(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 0.1 else format_duration(seconds)


def _roughly(seconds: float) -> str:
    """Write a duration that is only predicted, in two digits or three."""
    if seconds < 10:
        return _short(seconds)
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    if minutes < 100:
        return f"{minutes:.0f} min" if minutes >= 10 else f"{minutes:.2g} min"
    return f"{minutes / 60:.1f} h" if minutes < 600 else f"{minutes / 60:,.0f} h"


def summary(rehearsal: Rehearsal) -> list[str]:
    """Return what the study is going to take, a sentence each."""
    settings, predicted = rehearsal.settings, forecast(rehearsal)
    said = []
    if predicted is not None:
        said.append(f"A trial: {predicted.trial.text()}.")
        at_once = f", {settings.workers} at a time" if settings.workers > 1 else ""
        early = " Trials that stop early make it shorter." if _may_stop_early(settings) else ""
        said.append(f"The study of {_trials(settings)} trials{at_once}: {predicted.study.text()}.{early}")
    if rehearsal.memory:
        each = " for each of the trials at once" if settings.workers > 1 else ""
        free = f"; {format_bytes(rehearsal.free_memory)} are free" if rehearsal.free_memory else ""
        said.append(f"Memory: up to {format_bytes(rehearsal.memory)}{each}{free}.")
    return said


def _may_stop_early(settings: StudySettings) -> bool:
    return settings.model.ranges.get(PATIENCE.name, Fixed(0)) != Fixed(0)


# What is worth a warning


def worries(rehearsal: Rehearsal) -> list[str]:
    """Return what the user should know before the study begins, a sentence each."""
    predicted = forecast(rehearsal)
    return [
        *_problems(rehearsal),
        *_worries_about_memory(rehearsal),
        *([] if predicted is None else _worries_about_time(rehearsal.settings, predicted)),
    ]


def _problems(rehearsal: Rehearsal) -> list[str]:
    """Return a sentence for each problem; one that several configurations share is told once."""
    shared: dict[str, list[Configuration]] = {}
    for result in rehearsal.results:
        if result.measured is not None and result.measured.problem:
            shared.setdefault(result.measured.problem.rstrip("."), []).append(result.configuration)
    tried = sum(result.measured is not None for result in rehearsal.results)
    left = [str(r.configuration.part) for r in rehearsal.results if rehearsal.over and r.measured is None]
    return [
        f"Every configuration that was tried failed: {problem}."
        if len(failed) == tried > 1
        else f"The {failed[0].part} configuration ({describe(rehearsal.settings, failed[0].values)}) failed: {problem}."
        for problem, failed in shared.items()
    ] + ([f"Not tried any more: the {' and the '.join(left)} configuration."] if left else [])


def _worries_about_memory(rehearsal: Rehearsal) -> list[str]:
    settings, memory = rehearsal.settings, rehearsal.memory
    found = []
    limit = settings.limits.trial_megabytes
    if limit is not None and memory > limit * 2**20:
        found.append(
            f"The process of a trial may need {format_bytes(memory)} of memory, and a trial that takes more than "
            f"{format_bytes(limit * 2**20)} fails."
        )
    if rehearsal.free_memory and settings.workers * memory > rehearsal.free_memory:
        who = "A trial" if settings.workers == 1 else f"{settings.workers} trials at once"
        found.append(
            f"{who} may need {format_bytes(settings.workers * memory)} of memory, and "
            f"{format_bytes(rehearsal.free_memory)} are free."
        )
    return found


def _worries_about_time(settings: StudySettings, predicted: Forecast) -> list[str]:
    found = []
    limit, budget, study = settings.limits.trial_seconds, settings.budget.seconds, predicted.study
    if limit is not None and predicted.trial.high > limit:
        found.append(
            f"The longest trials may take {_roughly(predicted.trial.high)}, and a trial that takes longer than "
            f"{format_duration(limit)} fails."
        )
    if budget is not None and study.typical > budget:
        trials = int(_trials(settings) * budget / study.typical)
        found.append(
            f"The study ends after {format_duration(budget)}: by then about {trials} of its {_trials(settings)} "
            "trials will have ended."
        )
    elif budget is None and study.typical > LONG_STUDY:
        found.append("The study will take longer than an hour; a limit of its time would end it earlier.")
    return found
