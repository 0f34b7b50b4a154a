"""Trials in words: tool tips for the plots, and summaries for those who cannot see a plot."""

import html
import math
from collections.abc import Mapping

from core.events import TrialState
from core.formatting import format_number, format_value
from core.objective import EpochChoice, ObjectiveSettings, in_words
from core.parameters import Parameter
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.trial_progress import TrialProgress
from core.words.captions import told_apart

_MAX_SCORES = 10
"""The largest number of scores that fit into a trial's tool tip."""
_ORIGINS = {
    PointOrigin.INITIAL: "one of those spread over the ranges",
    PointOrigin.MODEL: "chosen by what was seen before",
    PointOrigin.RANDOM: "at random",
    PointOrigin.GRID: "of the grid",
}
_OBJECTIVE = "Objective"
"""How the caption of an objective begins; the metric follows."""


def parameters_by_name(settings: StudySettings) -> dict[str, Parameter]:
    """Return the parameters of the study's model family."""
    return {parameter.name: parameter for parameter in settings.family.parameters}


def trial_tip(trial: TrialProgress, settings: StudySettings) -> str:
    """Return the tool tip of a trial, as rich text."""
    heading = f"<b>Trial {trial.number}</b>, {_state_in_words(trial)}"
    cells = "".join(
        f"<tr><td>{html.escape(label)}&nbsp;&nbsp;</td><td>{html.escape(value)}</td></tr>"
        for label, value in _rows(trial, settings)
    )
    return f"{heading}<table>{cells}</table>"


def trial_read_out(trial: TrialProgress, settings: StudySettings, curve: str = "") -> str:
    """Return what is said of a trial to those who cannot see its tool tip, nor its curve if one is told of."""
    state = html.unescape(_state_in_words(trial).replace("<br>", ". "))
    first = f"Trial {trial.number}, {state}", f"{curve[:1].upper()}{curve[1:]}"
    said = ". ".join(filter(None, [*first, *map(" ".join, _rows(trial, settings))]))
    return said.replace(f" {settings.objective.arrow} ", " ")


def _rows(trial: TrialProgress, settings: StudySettings) -> list[tuple[str, str]]:
    """Return what is said of a trial, as labels and values."""
    parameters = parameters_by_name(settings)
    rows = [(settings.objective.caption, trial.objective_in_words)] if trial.objective is not None else []
    if len(trial.scores) > 1:
        rows.append(("of each training", _first_scores(trial)))
    if trial.objective is not None and settings.objective.epoch is EpochChoice.BEST:
        rows += _counted_epochs(trial, settings.objective)
    origin = ("Point", _ORIGINS[trial.origin])
    known = {name: parameters[name].label if name in parameters else name for name in trial.values}
    labels = told_apart(known, ["Trial", _OBJECTIVE, *(label for label, _value in (*rows, origin))])
    for name, value in trial.values.items():
        rows.append((labels[name], parameters[name].text(value) if name in parameters else format_value(value)))
    rows.append(origin)
    return rows


def _first_scores(trial: TrialProgress) -> str:
    more = ", …" if len(trial.scores) > _MAX_SCORES else ""
    return ", ".join(map(format_number, trial.scores[:_MAX_SCORES])) + more


def _counted_epochs(trial: TrialProgress, objective: ObjectiveSettings) -> list[tuple[str, str]]:
    fits = [fit for fit in trial.fits[:_MAX_SCORES] if fit.of(objective.metric)]
    epochs = ", ".join(f"{fit.counting_epoch(objective)}" for fit in fits)
    return [("in epoch", epochs + (", …" if len(trial.fits) > _MAX_SCORES else ""))] if epochs else []


def _state_in_words(trial: TrialProgress) -> str:
    if trial.state is TrialState.FAILED and trial.reason is not None:
        message = f"<br>{html.escape(trial.message)}" if trial.message else ""
        return f"failed in epoch {trial.epoch}: {html.escape(trial.reason.value)}{message}"
    if trial.state is TrialState.RUNNING:
        return f"in epoch {min(trial.epoch + 1, trial.epochs)} of {trial.epochs}"
    return trial.state.value


def running_in_words(progress: StudyProgress, quantity: str) -> str:
    """Return, for each trial under way, "Trial 2, epoch 3 of 4: training loss 90, validation loss 100. "."""
    said = ""
    for trial in progress.under_way.values():
        metrics = ("training", quantity), ("validation", f"val_{quantity}")
        courses = [(part, trial.course(metric)) for part, metric in metrics]
        values = [f"{part} {in_words(quantity)} {format_number(course[-1])}" for part, course in courses if course]
        said += f"Trial {trial.number}, epoch {trial.epoch} of {trial.epochs}"
        said += f"{': ' if values else ''}{', '.join(values)}. "
    return said


def curve_in_words(trial: TrialProgress, quantity: str, *, higher_is_better: bool) -> str:
    """Return "validation loss 16.2 after epoch 10, lowest 15.7 after epoch 8"; empty for a curve without a value.

    Without validation it is the training's curve.
    """
    courses = ("validation", trial.course(f"val_{quantity}")), ("training", trial.course(quantity))
    for part, course in courses:
        known = [(value, epoch) for epoch, value in enumerate(course, 1) if math.isfinite(value)]
        if known:
            last, at = known[-1]
            sign = -1 if higher_is_better else 1
            best, best_at = min(known, key=lambda one: (sign * one[0], one[1]))
            extreme = "highest" if higher_is_better else "lowest"
            more = f"its {extreme}" if best == last else f"{extreme} {format_number(best)} after epoch {best_at}"
            return f"{part} {in_words(quantity)} {format_number(last)} after epoch {at}, {more}"
    return ""


def best_in_words(progress: StudyProgress) -> str:
    """Return "Best 15.71 at trial 17 of 20", or a sentence that there is no result yet."""
    best = progress.best
    if best is None or best.objective is None:
        return f"No result yet: {len(progress.finished)} of {progress.budget} trials have ended"
    return f"Best {best.objective_in_words} at trial {best.number} of {progress.budget}"


def done_in_words(budget: int, ended: Mapping[TrialState, int]) -> str:
    """Return how many of a study's trials are done: "12 of 20 done, 1 failed"; `ended` counts them by their states."""
    more = [f"{ended[state]} {state.value}" for state in (TrialState.FAILED, TrialState.SKIPPED) if ended.get(state)]
    return ", ".join([f"{sum(ended.values())} of {budget} done", *more])


def failed_or_skipped(progress: StudyProgress | None) -> frozenset[int]:
    """Return the numbers of the trials that have ended without a result."""
    return frozenset(() if progress is None else progress.without_result)


def ties_in_words(progress: StudyProgress) -> str:
    """Return a sentence, after a space, on the trials that share the best objective; empty when there is only one."""
    return f" {progress.tied} trials tie for the best." if progress.tied > 1 else ""


def failures_in_words(failed: int, unfinished: int) -> str:
    """Return "; 2 failed, 1 not finished", empty when there are none."""
    said = [f"{count} {word}" for count, word in ((failed, "failed"), (unfinished, "not finished")) if count]
    return f"; {', '.join(said)}" if said else ""


def beyond_in_words(count: int, *, higher_is_better: bool) -> str:
    """Return "; 6 above the view" for so many objectives that are too bad to be shown; empty for none."""
    return f"; {count} {'below' if higher_is_better else 'above'} the view" if count else ""
