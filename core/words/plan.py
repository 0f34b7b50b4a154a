"""The plan of a study with given settings, in a sentence or two."""

import html
from typing import assert_never

from core.datasets.settings import TargetScale
from core.formatting import format_duration, format_number, listed
from core.objective import ObjectiveSettings
from core.parameters import Fixed
from core.progress import StudyProgress
from core.search.settings import Acquisition, SearchMethod, SearchSettings, Surrogate
from core.settings import StudySettings
from core.words.captions import in_a_sentence, told_apart

_SURROGATES = {
    Surrogate.GAUSSIAN_PROCESS: "a Gaussian process",
    Surrogate.RANDOM_FOREST: "a random forest",
    Surrogate.EXTRA_TREES: "extra trees",
    Surrogate.GRADIENT_BOOSTING: "gradient-boosted trees",
}
_ACQUISITIONS = {
    Acquisition.EXPECTED_IMPROVEMENT: "expected improvement",
    Acquisition.LOWER_CONFIDENCE_BOUND: "the lower confidence bound",
    Acquisition.PROBABILITY_OF_IMPROVEMENT: "the probability of improvement",
    Acquisition.HEDGE: "a portfolio of acquisition functions",
}


def describe_values(progress: StudyProgress) -> str:
    """Return the best trial's varied values in words."""
    assert progress.best is not None
    values, varied = progress.best.values, progress.settings.varied
    given = [p for p in progress.settings.family.parameters if p.name in varied and p.name in values]
    names = told_apart({p.name: in_a_sentence(p) for p in given}, ["trial", "objective"])
    return ", ".join(f"{html.escape(names[p.name])} <b>{html.escape(p.text(values[p.name]))}</b>" for p in given)


def describe_plan(settings: StudySettings) -> str:
    """Return one sentence on what Start will do."""
    family = settings.family
    varied = listed([in_a_sentence(p) for p in family.parameters if p.name in settings.varied])
    epochs = settings.model.ranges["epochs"]
    each = f" of {epochs.value} epochs" if isinstance(epochs, Fixed) else ""
    at_once = f", {settings.workers} at a time" if settings.workers > 1 else ""
    search = settings.search
    match search.method:
        case SearchMethod.BAYESIAN:
            how = _bayesian_in_words(search, settings.budget.trials)
        case SearchMethod.RANDOM:
            how = "each at a random point of the ranges"
        case SearchMethod.GRID:
            how = "each at a point of a grid over the ranges"
        case _:
            assert_never(search.method)
    wanted = settings.objective
    aim = "" if wanted == ObjectiveSettings() else f" for the {wanted.extreme} {wanted.label}"
    caution = "" if settings.data.standardise else " Features that are not standardised make most trials diverge."
    scale = target_scale_in_words(settings)
    return (
        f"Start trains {_model_in_words(settings)} on {settings.data.source.label} in {settings.budget.trials} "
        f"trials{each}{at_once}{_fits_in_words(settings)}, varying {varied}{_where(settings)}{aim}: {how}."
        f"{_fewer_points(settings)}{_earlier_end(settings)}{caution}{scale and f' {scale}'}"
    )


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


def _bayesian_in_words(search: SearchSettings, trials: int) -> str:
    if search.initial_points >= trials:
        return "all of them spread over the ranges, before the surrogate would choose any"
    return (
        f"the first {search.initial_points} spread over the ranges, each further one chosen by "
        f"{_SURROGATES[search.surrogate]} and {_ACQUISITIONS[search.acquisition]}"
    )


def _model_in_words(settings: StudySettings) -> str:
    file = settings.model.file
    return f"a {settings.family.label.lower()}" if file is None else file.name


def _fits_in_words(settings: StudySettings) -> str:
    data = settings.data
    folds = f"in {data.folds} folds" if data.folds else ""
    repeats = f"{data.repeats} times" if data.repeats > 1 else ""
    return f", each trained {' '.join(filter(None, (folds, repeats)))}" if folds or repeats else ""


def _where(settings: StudySettings) -> str:
    words = {parameter.name: in_a_sentence(parameter) for parameter in settings.family.parameters}
    rules = [rule.text(words.__getitem__) for rule in settings.model.rules_in_force]
    return f" where {listed(rules)}" if rules else ""


def _fewer_points(settings: StudySettings) -> str:
    points, trials = settings.points, settings.budget.trials
    return f" There are only {points:,} points to try." if points is not None and points < trials else ""


def _earlier_end(settings: StudySettings) -> str:
    """Return a sentence on the limits that may end the study before its last trial; empty if there are none."""
    budget = settings.budget
    ends = [] if budget.seconds is None else [f"after {format_duration(budget.seconds)} of running"]
    if budget.target is not None:
        ends.append(f"as soon as the objective is at or {settings.objective.beyond} {format_number(budget.target)}")
    return f" It ends earlier {' or '.join(ends)}." if ends else ""
