"""A study follows its objective: what the search is told, what is best, when the target is reached, what is said."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from core.datasets.settings import DataSettings
from core.events import Event, StudyEnd, StudyEnded, TrialStarted
from core.headless.listing import show
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.progress import StudyProgress
from core.search.proposal import Proposal, ProposalRequest
from core.search.searchers import InlineSearcher
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.loop import Study, study_started
from core.training.request import TrialRequest
from tests.scripted import ScriptedTrainer, bowl

ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)


class ListeningSearcher(InlineSearcher):
    """Keeps what it is asked and what it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[ProposalRequest] = []
        self.proposals: list[Proposal] = []

    def ask(self, request: ProposalRequest) -> None:
        self.requests.append(request)
        super().ask(request)

    def answer(self, seconds: float) -> Proposal | None:
        proposal = super().answer(seconds)
        self.proposals += [proposal] if proposal is not None else []
        return proposal


class Run:
    """A study of a linear model that is run in this thread."""

    def __init__(self, path: Path, objective: ObjectiveSettings, trials: int = 6, target: float | None = None) -> None:
        self.settings = StudySettings(
            data=DataSettings(dataset="wine"),
            objective=objective,
            search=SearchSettings(initial_points=3),
            budget=BudgetSettings(trials=trials, target=target),
        )
        self.path = path
        self.searcher = ListeningSearcher()
        self.control = StudyControl()
        self.events: list[Event] = []
        self.on_events: Callable[[], None] = lambda: None

    def start(self, trainer: ScriptedTrainer | None = None) -> StudyEnded:
        first = study_started(self.settings)
        with Store.create(self.path, first) as store:
            study = Study([first], store, trainer or ScriptedTrainer(), self.searcher, self._publish, self.control)
            return study.start()

    def _publish(self, events: Sequence[Event]) -> None:
        self.events += events
        self.on_events()

    @property
    def progress(self) -> StudyProgress:
        return StudyProgress.of(read_study(self.path))


def test_that_an_accuracy_is_recorded_as_it_is_and_the_highest_is_best(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ACCURACY)
    end = run.start()
    trials = run.progress.trials.values()
    assert [t.objective for t in trials] == [t.metrics["val_accuracy"][-1] for t in trials]
    best = run.progress.best
    assert best is not None
    assert best.objective == max(t.objective or 0.0 for t in trials)
    assert f"Best validation accuracy {best.objective:.4g} at trial {best.number}" in end.message


def test_that_maximising_tries_the_points_that_minimising_the_opposite_does(tmp_path: Path) -> None:
    def opposite(request: TrialRequest) -> Sequence[float]:
        return [-loss for loss in bowl(request)]

    lowest = Run(tmp_path / "a.afina", ObjectiveSettings())
    highest = Run(tmp_path / "b.afina", ObjectiveSettings(direction=Direction.MAXIMISE))
    lowest.start(ScriptedTrainer(bowl))
    highest.start(ScriptedTrainer(opposite))
    assert [t.values for t in highest.progress.trials.values()] == [t.values for t in lowest.progress.trials.values()]


def test_that_the_search_is_told_costs_and_its_belief_comes_back_in_the_metrics_unit(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ACCURACY)
    run.start()
    told = run.searcher.requests[-1].observations
    assert [o.objective for o in told] == [-(t.objective or 0.0) for t in list(run.progress.trials.values())[:-1]]
    believed = run.searcher.proposals[-1].belief
    recorded = [event for event in run.events if isinstance(event, TrialStarted)][-1].belief
    assert believed is not None
    assert recorded is not None
    assert recorded.mean == -believed.mean > 0
    assert recorded.deviation == believed.deviation >= 0


@pytest.mark.parametrize(
    ("objective", "target", "reached"),
    [
        (ACCURACY, 0.001, True),
        (ACCURACY, 0.999, False),
        (ObjectiveSettings(), 1000.0, True),
        (ObjectiveSettings(), 0.001, False),
    ],
)
def test_that_a_target_is_reached_in_the_objectives_direction(
    tmp_path: Path, objective: ObjectiveSettings, target: float, reached: bool
) -> None:
    run = Run(tmp_path / "a.afina", objective, trials=4, target=target)
    end = run.start()
    assert end.reason is (StudyEnd.TARGET_REACHED if reached else StudyEnd.FINISHED)
    assert len(run.progress.finished) == (1 if reached else 4)


def test_that_a_skipped_trial_counts_as_far_as_its_metric_got(tmp_path: Path) -> None:
    best_so_far = msgspec.structs.replace(ACCURACY, epoch=EpochChoice.BEST)
    run = Run(tmp_path / "a.afina", best_so_far, trials=4)

    def skip_the_second() -> None:
        trial = StudyProgress.of(run.events).trials.get(2)
        if trial is not None and len(trial.losses) == 2:
            run.control.skip(2)

    run.on_events = skip_the_second
    run.start(ScriptedTrainer(lambda request: [5.0, 7.0, 9.0, 9.0]))
    observed = run.searcher.requests[-1].observations[1]
    assert run.progress.trials[2].objective is None
    assert observed.objective == -1 / (1 + 5.0)


def test_that_the_list_of_a_study_names_the_objective(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(tmp_path / "a.afina", ACCURACY, trials=3)
    run.start()
    assert show(run.path) == 0
    assert "objective: val accuracy ↑" in capsys.readouterr().out
