"""What simple predictions score, beside the best trial, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.events import Baseline
from core.formatting import format_number, format_spread, listed
from core.means import mean_of
from core.progress import StudyProgress
from core.tables.description import Task
from core.trial_progress import TrialProgress, spread_of

_OF_DECISIONS = ("acc", "f1", "fbeta", "f_beta", "precision", "recall", "iou", "kappa", "sensitivity", "specificity")
"""Parts of the names of metrics that count which class a prediction decides for, not how sure it is."""


@dataclass(frozen=True)
class BaselineScore:
    """What a baseline scores by a study's objective: the mean over the trainings of a trial, and its spread if any."""

    baseline: Baseline
    name: str
    value: float
    spread: float | None

    @property
    def text(self) -> str:
        return f"{self.name}: {format_spread(self.value, self.spread)}"


def baseline_scores(progress: StudyProgress, trial: TrialProgress) -> list[BaselineScore]:
    """Return what the baselines score by the objective on the validation rows of the trial, as far as it is known."""
    measured, metric = progress.baseline_metrics(trial), progress.objective.metric
    return [
        BaselineScore(baseline, _name(baseline, progress), mean_of(numbers), spread_of(numbers) or None)
        for baseline in Baseline
        if (numbers := measured.get(baseline, {}).get(metric))
    ]


@dataclass(frozen=True)
class Guess:
    """What a simple prediction scores, in a sentence. `beaten`: the best trial is better."""

    text: str
    beaten: bool


def guess_in_words(progress: StudyProgress) -> Guess | None:
    """Return what a simple prediction scores beside the best trial; None where that is not known.

    That is "Always guessing the mean scores 84.4." unless the best trial does not beat a linear model either.
    """
    best = progress.best
    if best is None or best.objective is None:
        return None
    scores = {score.baseline: score.value for score in baseline_scores(progress, best)}
    constant, linear = scores.get(Baseline.CONSTANT), scores.get(Baseline.LINEAR)
    beside_constant = None if constant is None else _beside_constant(progress, best.objective, constant)
    if linear is None or (beside_constant is not None and not beside_constant.beaten):
        return beside_constant
    return _beside_linear(progress, best.objective, linear) or beside_constant


def _beside_constant(progress: StudyProgress, best: float, score: float) -> Guess:
    name, shown = _name(Baseline.CONSTANT, progress), format_number(score)
    if shown == format_number(best):
        return Guess(f"No better than {name}, which scores {shown}.", beaten=False)
    if progress.objective.is_better(score, best):
        return Guess(f"Worse than {name}, which scores {shown}.", beaten=False)
    return Guess(f"{name[0].upper()}{name[1:]} scores {format_number(score, digits=3)}.", beaten=True)


def _beside_linear(progress: StudyProgress, best: float, score: float) -> Guess | None:
    """Return what a linear model scores where the best trial does not beat it, else None.

    If the best trial is a linear model too, that says only how near it came to the usual fit, and warns of nothing.
    """
    model = progress.settings.model
    shown, ours = format_number(score), model.file is None and model.family_name == "linear"
    if shown == format_number(best):
        return None if ours else Guess(f"No better than a plain linear model, which scores {shown}.", beaten=False)
    if not progress.objective.is_better(score, best):
        return None
    if ours:
        return Guess(f"A linear model of scikit-learn scores {shown}.", beaten=True)
    return Guess(f"A plain linear model scores {shown}, which is better.", beaten=False)


def baselines_in_words(progress: StudyProgress) -> Iterator[str]:
    """Yield sentences on the best trial beside simple predictions; none while nothing is measured.

    That it is no better than one of them comes first.
    """
    best = progress.best
    if best is None or best.objective is None:
        return
    scores = baseline_scores(progress, best)
    if not scores:
        return
    shown = format_number(best.objective)  # of numbers that look the same none is called worse
    equal = [score.name for score in scores if format_number(score.value) == shown]
    better = [
        score.name
        for score in scores
        if score.name not in equal and progress.objective.is_better(score.value, best.objective)
    ]
    if better:
        yield f"★ is worse than {listed(better, 'and than')}."
    if equal:
        yield f"★ is no better than {listed(equal, 'and than')}."
    others = "; ".join(score.text for score in scores)
    yield f"{progress.objective.title}: ★ {best.objective_in_words}; {others}."


def _name(baseline: Baseline, progress: StudyProgress) -> str:
    """Return the name of a baseline: what the constant prediction amounts to, goes by the task and the metric."""
    if baseline is Baseline.LINEAR:
        return "a linear model"
    if progress.settings.data.task is Task.REGRESSION:
        return "always guessing the mean"
    if any(part in progress.objective.quantity.lower() for part in _OF_DECISIONS):
        return "always guessing the most frequent class"
    return "always guessing the shares of the classes"
