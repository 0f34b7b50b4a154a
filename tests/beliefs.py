"""Made-up beliefs for tests: a tutorial study with results where they are wanted, and answers of the analysis to it."""

import math
from typing import Any

import msgspec

from core.analysis.answers import Band, BeliefAnswer, Believer, Estimate, MapAnswer, Slice, TrustAnswer
from core.events import FailureReason, TrialEnded, TrialStarted, TrialState
from core.figures.parameter_axis import parameter_axes
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings, tutorial_settings
from core.study.loop import study_started

RATES = 1e-4, 1e-3, 1e-2, 1e-1
SIZES = 1, 34, 67, 100


def study(*objectives: float | None, under_way: int = 0, settings: StudySettings | None = None) -> StudyProgress:
    """Return a study with these results, of which None is a failed trial, and so many trials under way."""
    progress = StudyProgress(study_started(settings or tutorial_settings()))
    for number in range(1, len(objectives) + under_way + 1):
        values: dict[str, Value] = {
            "learning_rate": RATES[number % 4],
            "batch_size": SIZES[number // 4 % 4],
            "epochs": 10,
        }
        progress.apply(TrialStarted(trial=number, values=values, seed=number, origin=PointOrigin.INITIAL))
        if number <= len(objectives):
            objective = objectives[number - 1]
            state = TrialState.FAILED if objective is None else TrialState.COMPLETE
            reason = FailureReason.DIVERGED if objective is None else None
            progress.apply(
                TrialEnded(trial=number, state=state, epoch=10, seconds=1.0, objective=objective, reason=reason)
            )
    return progress


def slice_of(progress: StudyProgress, name: str, trials: int, **changes: Any) -> Slice:
    """Return a slice with a valley in its middle: 16 at the lowest, ± 1 everywhere."""
    values = tuple(RATES if name == "learning_rate" else SIZES)
    mean = tuple(16.0 + (2 * place - 3) ** 2 for place in range(4))
    one = Slice(
        parameter=name,
        values=values,
        band=_band(mean),
        as_good=(False, True, True, False),
        improvement=(0.0, 0.5, 1.0, 0.0),
        nearness=tuple(1 / number for number in range(1, trials + 1)),
        told=True,
        stretches=((0.0058, 0.046) if name == "learning_rate" else (None, 67.0),),
    )
    return msgspec.structs.replace(one, **changes)


def _band(mean: tuple[float, ...]) -> Band:
    def moved(by: float) -> tuple[float, ...]:
        return tuple(number + by for number in mean)

    return Band(mean, moved(-2), moved(2), moved(-1), moved(1))


def belief(progress: StudyProgress, **changes: Any) -> BeliefAnswer:
    """Return a belief about all trials that ended, through the best one."""
    best = progress.best
    assert best is not None
    trials = tuple(progress.finished)
    names = parameter_axes(progress.settings)
    answer = BeliefAnswer(
        believer=Believer.PROCESS,
        trials=trials,
        total=len(trials),
        cut=25.1,
        through={name: best.values[name] for name in names},
        through_trial=best.number,
        here=Estimate(16.58, 15.99, 17.23, 0.3),
        lowest=Estimate(16.47, 15.89, 17.1, 0.3),
        lowest_trial=best.number,
        next={"learning_rate": 0.02348, "batch_size": 40},
        next_improvement=0.12,
        spread=False,
        noise=0.76,
        slices=tuple(slice_of(progress, name, len(trials)) for name in names),
    )
    return msgspec.structs.replace(answer, **changes)


def map_of(progress: StudyProgress) -> MapAnswer:
    """Return a map of learning rate and batch size."""
    rows = tuple(tuple(16.0 + abs(up - 1) + abs(across - 2) for across in range(4)) for up in range(4))
    whole = tuple((True,) * 4 for _ in range(4))
    shares = tuple((0.5,) * 4 for _ in range(4))
    return MapAnswer("learning_rate", "batch_size", RATES, SIZES, rows, shares, shares, whole)


def trust_of(progress: StudyProgress, r2: float = 0.57) -> TrustAnswer:
    """Return predictions that are one too high, on a logarithmic scale of the search's own."""
    known = {n: t.objective for n, t in progress.trials.items() if t.objective is not None}
    observed = tuple(known.values())

    def scaled(by: float) -> tuple[float, ...]:
        return tuple(math.log(number + by) for number in observed)

    def moved(by: float) -> tuple[float, ...]:
        return tuple(number + by for number in observed)

    columns = moved(1), moved(-1), moved(3), scaled(0), scaled(1), scaled(-1), scaled(3)
    return TrustAnswer(tuple(known), observed, *columns, r2, 0.2, 0.77, len(observed) - 1)
