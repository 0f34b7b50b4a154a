"""A rehearsal in words: what it does, its verdict, its table, its forecast and its warnings."""

from collections.abc import Mapping

from core.formatting import (
    counted,
    format_bytes,
    format_duration,
    format_in_words,
    format_roughly,
    format_shortly,
    listed,
)
from core.models.declarations import PATIENCE
from core.parameters import Fixed, Value
from core.rehearsal.configurations import Configuration, Measured, Part, Rehearsal, Result, memory_needed
from core.rehearsal.forecast import Forecast, forecast, forecast_trials, trial_seconds
from core.settings import StudySettings
from core.words.captions import in_a_sentence, told_apart

LONG_STUDY = 3600.0
"""The duration of a study, in seconds, above which a warning is given."""


def stage(rehearsal: Rehearsal) -> str:
    """Return what a rehearsal under way does, and how far it is: "Trying the largest, 3 of 4: training…"."""
    if not rehearsal.free_memory:
        return "Loading TensorFlow…"
    named = _named(rehearsal)
    place = next((place for place, result in enumerate(named) if not _is_done(result)), None)
    if place is None:
        return "Trying random ones, to know better how long the study takes…"
    result = named[place]
    trains = result.measured is not None and result.measured.trace_seconds is not None
    doing = "training" if trains else "building and compiling its model"
    return f"Trying the {result.configuration.part}, {place + 1} of {len(named)}: {doing}…"


def done_and_all(rehearsal: Rehearsal) -> tuple[int, int]:
    """Return how many of the named configurations have been tried, and how many there are."""
    named = _named(rehearsal)
    return sum(map(_is_done, named)), len(named)


def verdict(rehearsal: Rehearsal) -> str:
    """Return whether the configurations can be trained, and how long the study will take.

    "All 4 can be trained. About 1½ minutes."
    """
    named, predicted = _named(rehearsal), forecast(rehearsal)
    well = sum(map(_is_well, named))
    if not named:
        return "Nothing could be tried: the rules leave no values at the ends of the ranges."
    if well < len(named):
        failed = [str(result.configuration.part) for result in named if _has_failed(result)]
        which = f": the {listed(failed)} cannot" if well and failed else ""
        return f"{well or 'None'} of {len(named)} can be trained{which}."
    if rehearsal.failed:
        return f"{_all_of(len(named))} can be trained, but a random one cannot."
    time = "" if predicted is None else f" About {format_in_words(predicted.study.typical)}."
    return f"{_all_of(len(named))} can be trained.{time}"


def _all_of(count: int) -> str:
    return {1: "The only one", 2: "Both"}.get(count, f"All {count}")


def remedy(rehearsal: Rehearsal) -> str:
    """Return what can be done about configurations that cannot be trained, or were not tried; empty if all is well."""
    named = _named(rehearsal)
    if rehearsal.failed and not any(map(_is_well, named)):
        return "A study would fail, too: mend first what is wrong with the model, the data or the ranges."
    if rehearsal.failed:
        return (
            "Narrow the ranges, or add a rule, so that no such trial is made. You can also start anyway: trials that "
            "fail are recorded, and the study goes on with others."
        )
    if not all(map(_is_well, named)):
        return "What was not tried is likely to take long: narrow the ranges, or start anyway."
    return ""


def _named(rehearsal: Rehearsal) -> list[Result]:
    """Return the results of the configurations that have a name, which are the table's columns."""
    return [result for result in rehearsal.results if result.configuration.part is not Part.SAMPLE]


def _is_done(result: Result) -> bool:
    return result.measured is not None and result.measured.over


def _has_failed(result: Result) -> bool:
    return result.measured is not None and bool(result.measured.problem)


def _is_well(result: Result) -> bool:
    return _is_done(result) and not _has_failed(result)


def describe(settings: StudySettings, values: Mapping[str, Value]) -> str:
    """Return the varied values in words."""
    return ", ".join(
        f"{in_a_sentence(parameter)} {parameter.text(values[parameter.name])}"
        for parameter in settings.family.parameters
        if parameter.name in settings.varied and parameter.name in values
    )


def sheet(rehearsal: Rehearsal) -> list[list[str]]:
    """Return a table with one column for each named configuration: its values and its measurements.

    The first row has the names of the configurations, the first column has the labels of the rows.
    """
    settings, named = rehearsal.settings, _named(rehearsal)
    rows = [["", *(str(result.configuration.part) for result in named)]]
    varied = [parameter for parameter in settings.family.parameters if parameter.name in settings.varied]
    labels = told_apart({parameter.name: parameter.label for parameter in varied}, MEASUREMENTS)
    for parameter in varied:
        values = [result.configuration.values.get(parameter.name) for result in named]
        rows.append([labels[parameter.name], *("–" if value is None else parameter.text(value) for value in values)])
    columns = [_measurements(rehearsal, result) for result in named]
    return rows + [[what, *taken] for what, *taken in zip(MEASUREMENTS, *columns, strict=True)]


MEASUREMENTS = ("Weights", "Memory", "An epoch", "A trial", "Compiling, once")


def _measurements(rehearsal: Rehearsal, result: Result) -> list[str]:
    measured = result.measured or Measured()
    trial = trial_seconds(rehearsal, result)
    return [
        "–" if measured.weights is None else f"{measured.weights:,}",
        format_bytes(memory_needed(rehearsal.settings, measured)) if measured.memory else "–",
        _seconds(measured.epoch_seconds),
        "failed" if measured.problem else _seconds(trial),
        _seconds(measured.trace_seconds),
    ]


def _seconds(taken: float | None) -> str:
    return "–" if taken is None else format_shortly(taken)


def summary(rehearsal: Rehearsal) -> list[str]:
    """Return sentences on the time and the memory that the study will take."""
    settings, predicted = rehearsal.settings, forecast(rehearsal)
    said = []
    if predicted is not None:
        said.append(f"A trial: {predicted.trial.text()}.")
        at_once = f", {settings.workers} at a time" if settings.workers > 1 else ""
        early = " Trials that stop early make it shorter." if _may_stop_early(settings) else ""
        said.append(f"The study of {forecast_trials(settings)} trials{at_once}: {predicted.study.in_words()}.{early}")
    if rehearsal.memory:
        each = " for each of the trials at once" if settings.workers > 1 else ""
        free = f"; {format_bytes(rehearsal.free_memory)} are free" if rehearsal.free_memory else ""
        said.append(f"Memory: up to {format_bytes(rehearsal.memory)}{each}{free}.")
    random = sum(map(_is_done, rehearsal.results)) - done_and_all(rehearsal)[0]
    if random:
        said.append(f"{counted(random, 'random configuration')} tried as well, for these numbers.")
    return said


def _may_stop_early(settings: StudySettings) -> bool:
    return settings.model.ranges.get(PATIENCE.name, Fixed(0)) != Fixed(0)


def worries(rehearsal: Rehearsal) -> list[str]:
    """Return the warnings to the user before the study begins, one sentence each."""
    predicted = forecast(rehearsal)
    return [
        *_problems(rehearsal),
        *_worries_about_memory(rehearsal),
        *([] if predicted is None else _worries_about_time(rehearsal.settings, predicted)),
    ]


def _problems(rehearsal: Rehearsal) -> list[str]:
    """Return a sentence for each problem; a problem that several configurations share is told once."""
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
            f"The longest trials may take {format_roughly(predicted.trial.high)}, and a trial that takes longer than "
            f"{format_duration(limit)} fails."
        )
    if budget is not None and study.typical > budget:
        trials = int(forecast_trials(settings) * budget / study.typical)
        found.append(
            f"The study ends after {format_duration(budget)}: by then about {trials} of its "
            f"{forecast_trials(settings)} trials will have ended."
        )
    elif budget is None and study.typical > LONG_STUDY:
        found.append("The study will take longer than an hour; a limit of its time would end it earlier.")
    return found
