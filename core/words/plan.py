"""The plan of a study with given settings: a title and the facts, as they stand before Start."""

import html
from typing import NamedTuple, assert_never

from core.datasets.settings import DataSettings, TargetScale
from core.formatting import counted, format_number, format_percent, format_plainly, in_letters, in_short
from core.letters import on_one_line
from core.objective import EpochChoice, ObjectiveSettings
from core.progress import StudyProgress
from core.search.settings import SearchMethod
from core.settings import BudgetSettings, StudySettings
from core.words.captions import in_a_sentence, told_apart
from core.words.form import aim_in_words, features_in_words

_NAME = 30
"""Letters of a stranger's name in the plan."""


class Plan(NamedTuple):
    """What Start will do, as plain text. `title` begins a sentence, without a full stop; `facts` are sentences."""

    title: str
    facts: str


def describe_values(progress: StudyProgress) -> str:
    """Return the best trial's varied values in words."""
    assert progress.best is not None
    values, varied = progress.best.values, progress.settings.varied
    given = [p for p in progress.settings.family.parameters if p.name in varied and p.name in values]
    names = told_apart({p.name: in_a_sentence(p) for p in given}, ["trial", "objective"])
    return ", ".join(f"{html.escape(names[p.name])} <b>{html.escape(p.text(values[p.name]))}</b>" for p in given)


def describe_plan(settings: StudySettings) -> Plan:
    """Return what Start will do: "20 trials of a linear model on Boston Housing", and the facts.

    Trials for which there is no point are not promised.
    """
    points, trials = settings.points, settings.budget.trials
    possible = trials if points is None else min(trials, points)
    source = in_short(on_one_line(settings.data.source.label), _NAME)
    few = f"There are no more points for the budget of {trials:,} trials." if possible < trials else ""
    facts = (_aim(settings.data), _judgement(settings), _how(settings), few, _end(settings.budget, settings.objective))
    title = f"{counted(possible, 'trial')} of {_model_in_words(settings)} on {source}"
    return Plan(title, " ".join(filter(None, facts)))


def target_scale_in_words(settings: StudySettings) -> str:
    """Return a sentence on the scale of the target; empty for a target that is trained as it is."""
    match settings.data.target_scale:
        case TargetScale.AS_IT_IS:
            return ""
        case TargetScale.LOGARITHM:
            how = "as its logarithm"
        case TargetScale.STANDARDISED:
            how = "standardised"
        case other:
            assert_never(other)
    return f"The target is trained {how}; losses, metrics and predictions are in its own unit."


def _model_in_words(settings: StudySettings) -> str:
    file = settings.model.file
    if file is not None:
        return in_short(file.name, _NAME)
    label = settings.family.label.lower()
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def _aim(data: DataSettings) -> str:
    return f"{aim_in_words(data)} from {features_in_words(data)}."


def _judgement(settings: StudySettings) -> str:
    """Return which metric is wanted, and on which rows it is measured."""
    objective, data = settings.objective, settings.data
    best = " of any epoch" if objective.epoch is EpochChoice.BEST else ""
    rows = _judging_rows(data) if objective.in_validation else "judged on the rows that train"
    test = f"{format_percent(data.test_fraction)} kept for a test" if data.test_fraction else "no test part"
    groups = f"rows grouped by {in_short(on_one_line(data.group), _NAME)}" if data.group else "rows not grouped"
    return f"Seeks the {objective.extreme} {_metric(objective)}{best}, {rows}; {test}, {groups}."


def _metric(objective: ObjectiveSettings) -> str:
    return in_short(on_one_line(objective.label), 2 * _NAME)


def _judging_rows(data: DataSettings) -> str:
    where = f"in {data.folds} folds" if data.folds else f"on {format_percent(data.validation_fraction)}"
    rows = "" if data.folds else " of the rows"
    times = f", {data.repeats} times over" if data.repeats > 1 else ""
    return f"judged {where}{rows}{times}"


def _how(settings: StudySettings) -> str:
    """Return how points are found and how many trials are trained at once, as far as that is not as usual."""
    said = []
    match settings.search.method:
        case SearchMethod.BAYESIAN:
            pass
        case SearchMethod.RANDOM:
            said.append("points at random")
        case SearchMethod.GRID:
            said.append(f"points of a grid, {settings.search.grid_points:,} values each")
        case method:
            assert_never(method)
    if settings.workers > 1:
        said.append(f"{in_letters(settings.workers)} trials at a time")
    words = "; ".join(said)
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _end(budget: BudgetSettings, objective: ObjectiveSettings) -> str:
    """Return what may end the study before its last trial; empty if nothing does."""
    ends = [] if budget.seconds is None else [f"after {format_plainly(budget.seconds)}"]
    if budget.target is not None:
        ends.append(f"at {format_number(budget.target)} or {objective.beyond}")
    return f"Ends early {' or '.join(ends)}." if ends else ""
