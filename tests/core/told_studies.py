"""Studies in every state, of which words tell."""

from typing import Any

import msgspec

from core.datasets.settings import DataSettings
from core.events import StudyEnd, StudyEnded, TrialEnded, TrialStarted, TrialState
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import tutorial_settings
from core.study.loop import study_started

VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 10}


def progress_with(
    *objectives: float, under_way: int = 0, end: StudyEnd | None = None, message: str = "", **changes: Any
) -> StudyProgress:
    """Return a study with these results, some trials more under way, perhaps an end, and changes of its settings."""
    changes = {"data": DataSettings(test_fraction=0.2)} | changes
    settings = msgspec.structs.replace(tutorial_settings(), **changes)
    progress = StudyProgress(study_started(settings))
    for number in range(1, len(objectives) + under_way + 1):
        progress.apply(TrialStarted(trial=number, values=VALUES, seed=number, origin=PointOrigin.INITIAL))
        if number <= len(objectives):
            objective = objectives[number - 1]
            ended = TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=10, seconds=1.0, objective=objective)
            progress.apply(ended)
    if end is not None:
        progress.apply(StudyEnded(reason=end, message=message, time=2.0))
    return progress
