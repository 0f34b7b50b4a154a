"""The forecast: the duration of a study and its trials, predicted from a rehearsal."""

import os
import statistics
from collections.abc import Sequence

import msgspec

from core.formatting import format_in_words, format_roughly
from core.rehearsal.configurations import Part, Rehearsal, Result
from core.search.settings import SearchMethod
from core.settings import StudySettings

_RECORD_SECONDS = 0.01
"""Seconds of each trial for the study file, pipes and events."""
_ASK_SECONDS, _ASK_GROWTH = 0.02, 0.0005
"""Seconds that a proposal takes, and that each observation adds to it (`tests.bench.search --growth`)."""


class Span(msgspec.Struct, frozen=True):
    """A range of seconds: the lowest, the expected and the highest duration."""

    low: float
    typical: float
    high: float

    def text(self) -> str:
        low, typical, high = map(format_roughly, (self.low, self.typical, self.high))
        return f"about {typical} ({low} to {high})" if low != high else f"about {typical}"

    def in_words(self) -> str:
        """Return the same as people say it of what takes long: "about 35 seconds (5 seconds to 7 minutes)"."""
        low, typical, high = map(format_in_words, (self.low, self.typical, self.high))
        return f"about {typical} ({low} to {high})" if low != high else f"about {typical}"


class Forecast(msgspec.Struct, frozen=True):
    """The predicted durations of one trial and of the study."""

    trial: Span
    study: Span


def trial_seconds(rehearsal: Rehearsal, result: Result) -> float | None:
    """Return the seconds of a trial of the configuration, with all its trainings; None while that is not known.

    Not included are tracing, which is done once for all models of the same structure, and the work that a process does
    only once.
    """
    measured, epochs = result.measured, int(result.configuration.values["epochs"])
    if measured is None or measured.epoch_seconds is None or measured.build_seconds is None:
        return None
    build = measured.build_seconds - (_once(rehearsal) if result is rehearsal.results[0] else 0.0)
    return rehearsal.settings.data.fits * (build + epochs * measured.epoch_seconds)


def _once(rehearsal: Rehearsal) -> float:
    """Return the extra seconds to build the first configuration, which was the first in its process."""
    builds = [
        r.measured.build_seconds for r in rehearsal.results if r.measured and r.measured.build_seconds is not None
    ]
    first = rehearsal.results[0].measured
    return 0.0 if first is None or first.build_seconds is None else first.build_seconds - min(builds)


def forecast(rehearsal: Rehearsal) -> Forecast | None:
    """Predict the durations of a trial and of the study; None while no configuration has been measured.

    A typical trial takes the mean of the middle and the random configurations.
    """
    settings = rehearsal.settings
    known = [(r, seconds) for r in rehearsal.results if (seconds := trial_seconds(rehearsal, r)) is not None]
    if not known:
        return None
    lengths = [seconds for _result, seconds in known]
    inner = [seconds for r, seconds in known if r.configuration.part in (Part.MIDDLE, Part.SAMPLE)] or lengths
    trial = Span(min(lengths), statistics.mean(inner), max(lengths))
    tracing = _tracing(rehearsal.results, forecast_trials(settings))
    return Forecast(trial, _study(settings, trial, tracing, _once(rehearsal)))


def forecast_trials(settings: StudySettings) -> int:
    """Return the number of trials of the study: those of the budget, but no more than the space has points."""
    points = settings.points
    return settings.budget.trials if points is None else min(settings.budget.trials, points)


def _study(settings: StudySettings, trial: Span, tracing: Span, once: float) -> Span:
    trials = forecast_trials(settings)
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
    """Return the total seconds in which the study traces and compiles its loops.

    Low: the shortest trace, once. High: the longest trace, in every trial. Typical: as many traces as in the rehearsal,
    and for the further trials the same share as in the later half of the configurations.
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
