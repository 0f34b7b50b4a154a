"""Studies for the scorecard: run in this process, with the scripted trainer, into a real file."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from core.events import Event, StudyEnded, StudyStarted, TrialStarted
from core.progress import StudyProgress
from core.search.searchers import InlineSearcher
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.loop import Study, study_started
from tests.scripted import ScriptedTrainer

Publish = Callable[[Sequence[Event]], None]


def settings(trials: int, seed: int = 0, **search: object) -> StudySettings:
    return StudySettings(
        search=msgspec.convert({"initial_points": min(8, trials)} | search, SearchSettings),
        budget=BudgetSettings(trials=trials),
        seed=seed,
    )


def start(
    path: Path, given: StudySettings, trainer: ScriptedTrainer, publish: Publish = lambda _events: None
) -> StudyEnded:
    first = study_started(given)
    with Store.create(path, first) as store:
        return Study([first], store, trainer, InlineSearcher(), publish, StudyControl()).start()


def resume(path: Path, trials: int, trainer: ScriptedTrainer, publish: Publish = lambda _events: None) -> StudyEnded:
    events = read_study(path)
    with Store.open(path) as store:
        return Study(events, store, trainer, InlineSearcher(), publish, StudyControl()).resume(trials)


def write(path: Path, events: Sequence[Event]) -> None:
    """Make a study file of the events."""
    first = events[0]
    assert isinstance(first, StudyStarted)
    with Store.create(path, first) as store:
        store.record(events[1:])


def numbers(events: Sequence[Event]) -> list[object]:
    """Return all that must be the same in two runs of a study: points, seeds, losses, results."""
    points = {event.trial: (event.values, event.seed) for event in events if isinstance(event, TrialStarted)}
    trials = StudyProgress.of(events).trials.values()
    return [(t.number, points[t.number], t.losses, t.val_losses, t.state, t.objective) for t in trials]
