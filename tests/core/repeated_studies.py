"""Studies whose trials were trained several times each."""

import math
from collections.abc import Sequence

import msgspec

from core.datasets.settings import DataSettings
from core.events import Event, TrialEnded, TrialStarted, TrialState
from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import tutorial_settings
from core.study.loop import study_started
from tests.core.told_studies import VALUES as FEW

VALUES = FEW | {"optimizer": "sgd"}
REPEATED = DataSettings(repeats=2)
LOWEST = ObjectiveSettings()
POOR = [40.0] * 10


def events(
    results: Sequence[float | Sequence[float]], data: DataSettings = REPEATED, objective: ObjectiveSettings = LOWEST
) -> list[Event]:
    """Return a study whose trials had these scores; of a number alone, 0.1 above and 0.1 below it, or that."""
    settings = msgspec.structs.replace(tutorial_settings(), data=data, objective=objective)
    made: list[Event] = [study_started(settings)]
    for number, result in enumerate(results, 1):
        scores = _scores(result, data) if isinstance(result, float) else tuple(result)
        ended = TrialEnded(
            trial=number,
            state=TrialState.COMPLETE,
            epoch=10,
            seconds=1.0,
            objective=math.fsum(scores) / len(scores),
            scores=scores,
        )
        made += [TrialStarted(trial=number, values=VALUES, seed=number, origin=PointOrigin.INITIAL), ended]
    return made


def _scores(result: float, data: DataSettings) -> tuple[float, ...]:
    return (result,) if data.fits == 1 else (result - 0.1, result + 0.1)


def study(
    *results: float | Sequence[float], data: DataSettings = REPEATED, objective: ObjectiveSettings = LOWEST
) -> StudyProgress:
    return StudyProgress.of(events(results, data, objective))


def near(*others: float) -> list[float]:
    """Return twenty trials: the best at 15, these, some that are a little worse, and poor ones."""
    return [15.0, *others, *(20.0 + number for number in range(9 - len(others))), *POOR]
