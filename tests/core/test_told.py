"""What the search is told of trials that were skipped, and that it tells when it cannot propose."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from core.conduct import FIRST_RULES, RULES, Conduct
from core.errors import SearchRefused
from core.events import EpochEnded, Event, StudyEnd, StudyEnded, TrialEnded, TrialStarted, TrialState
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.progress import StudyProgress
from core.search.proposal import Observation, PointOrigin, Proposal, ProposalRequest
from core.search.searchers import InlineSearcher
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.loop import Study, study_started
from core.study.next_points import NextPoints
from tests.scripted import ScriptedTrainer

LOSS = ObjectiveSettings()
MERIT = ObjectiveSettings(metric="val_mae", direction=Direction.MAXIMISE)
BEST_LOSS, BEST_MERIT = (msgspec.structs.replace(one, epoch=EpochChoice.BEST) for one in (LOSS, MERIT))


class Listening(InlineSearcher):
    """Keeps what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[ProposalRequest] = []

    def ask(self, request: ProposalRequest) -> None:
        self.requests.append(request)
        super().ask(request)


class Record:
    """A study's events, made one trial after the other."""

    def __init__(self, objective: ObjectiveSettings, rules: int = RULES, initial_points: int = 2) -> None:
        settings = StudySettings(
            objective=objective,
            search=SearchSettings(initial_points=initial_points),
            budget=BudgetSettings(trials=50),
        )
        self.objective = objective
        started = study_started(settings)
        self.events: list[Event] = [msgspec.structs.replace(started, conduct=Conduct(rules=rules))]
        self._number = 0

    def add(self, state: TrialState, *courses: Sequence[float], objective: float | None = None) -> None:
        """Add a trial that ended so, with the objective's metric after the epochs of each of its trainings."""
        self._number = number = self._number + 1
        values = {"learning_rate": 10.0 ** -(1 + number / 10), "batch_size": 10, "epochs": 10, "optimizer": "sgd"}
        self.events.append(TrialStarted(trial=number, values=values, seed=number, origin=PointOrigin.INITIAL))
        for fit, course in enumerate(courses, start=1):
            for epoch, value in enumerate(course, start=1):
                self.events.append(self._epoch(number, fit, epoch, value))
        self.events.append(TrialEnded(trial=number, state=state, objective=objective, epoch=1, seconds=1.0))

    def complete(self, *objectives: float) -> None:
        for objective in objectives:
            self.add(TrialState.COMPLETE, [objective], objective=objective)

    def skip(self, *courses: Sequence[float]) -> None:
        self.add(TrialState.SKIPPED, *courses)

    def _epoch(self, trial: int, fit: int, epoch: int, value: float) -> EpochEnded:
        metrics, loss = ({}, value) if self.objective.metric == "val_loss" else ({self.objective.metric: value}, 1.0)
        return EpochEnded(trial=trial, fit=fit, epoch=epoch, loss=loss, val_loss=loss, metrics=metrics, seconds=1.0)

    def told(self) -> list[Observation]:
        """Return what the search is told when it is asked for the next point."""
        return list(self.request().observations)

    def request(self) -> ProposalRequest:
        searcher = Listening()
        points = NextPoints(StudyProgress.of(self.events), searcher)
        for event in self.events:
            points.take(event)
        points.next()
        return searcher.requests[-1]


def last_cost(record: Record) -> float | None:
    return record.told()[-1].objective


@pytest.mark.parametrize(
    ("objective", "complete", "skipped", "first", "now"),
    [
        (LOSS, [4.0, 8.0, 6.0], [9.0, 5.0], 5.0, 6.0),
        (LOSS, [4.0, 8.0, 6.0], [9.0, 7.0], 7.0, 7.0),
        (LOSS, [4.0, 8.0], [9.0, 5.0], 5.0, 6.0),
        (LOSS, [4.0, 8.0, 6.0, 7.0], [1.0], 1.0, 6.5),
        (LOSS, [4.0], [9.0, 1.0], 1.0, 4.0),
        (LOSS, [], [9.0, 1.0], 1.0, 1.0),
        (BEST_LOSS, [4.0, 8.0, 6.0], [5.0, 9.0], 5.0, 6.0),
        (BEST_LOSS, [4.0, 8.0, 6.0], [7.0, 9.0], 7.0, 7.0),
        (MERIT, [0.5, 0.9, 0.8], [0.2, 0.85], -0.85, -0.8),
        (MERIT, [0.5, 0.9, 0.8], [0.2, 0.7], -0.7, -0.7),
        (MERIT, [0.5, 0.75], [0.9], -0.9, -0.625),
        (BEST_MERIT, [0.5, 0.9, 0.8], [0.85, 0.1], -0.85, -0.8),
        (BEST_MERIT, [0.5, 0.9, 0.8], [0.6, 0.1], -0.6, -0.6),
    ],
)
def test_that_a_skipped_trial_costs_at_least_the_median_unless_the_study_began_by_the_first_rules(
    objective: ObjectiveSettings, complete: list[float], skipped: list[float], first: float, now: float
) -> None:
    for rules, cost in ((FIRST_RULES, first), (RULES, now)):
        record = Record(objective, rules)
        record.complete(*complete)
        record.skip(skipped)
        assert last_cost(record) == cost
        assert [o.objective for o in record.told()[:-1]] == [objective.cost(one) for one in complete]


def test_that_the_median_is_that_of_all_complete_trials_and_of_no_others() -> None:
    record = Record(LOSS)
    record.skip([1.0])
    record.add(TrialState.FAILED, [0.5])
    record.skip([2.0])
    assert [o.objective for o in record.told()] == [1.0, None, 2.0]
    record.complete(5.0, 9.0, 7.0)
    assert [o.objective for o in record.told()] == [7.0, None, 7.0, 5.0, 9.0, 7.0]
    record.complete(6.0)
    assert [o.objective for o in record.told()] == [6.5, None, 6.5, 5.0, 9.0, 7.0, 6.0]


def test_that_medians_of_enormous_objectives_are_numbers() -> None:
    record = Record(LOSS)
    record.complete(1.6e308, 1.7e308)
    record.skip([1.0])
    assert last_cost(record) == pytest.approx(1.65e308)


@pytest.mark.parametrize("rules", [FIRST_RULES, RULES])
def test_that_a_trial_skipped_before_its_first_epoch_counts_as_one_without_a_result(rules: int) -> None:
    record = Record(LOSS, rules)
    record.complete(4.0, 6.0)
    record.skip()
    assert last_cost(record) is None


@pytest.mark.parametrize(
    ("courses", "so_far"), [(([9.0, 3.0], [7.0]), 3.0), (([9.0, 3.0], [7.0, 8.0, 7.0]), 7.0), (([9.0, 8.0], []), 8.0)]
)
def test_that_a_skipped_trial_with_folds_counts_by_its_mean_curve(
    courses: tuple[list[float], ...], so_far: float
) -> None:
    for rules in (FIRST_RULES, RULES):
        record = Record(LOSS, rules)
        record.complete(5.0, 6.0, 4.0)
        record.skip(*courses)
        assert last_cost(record) == (so_far if rules == FIRST_RULES else max(so_far, 5.0))


def proposal_of(record: Record) -> Proposal:
    searcher = InlineSearcher()
    searcher.ask(record.request())
    proposal = searcher.answer(0.0)
    assert proposal is not None
    return proposal


def test_that_a_skipped_trial_is_never_believed_to_be_the_best() -> None:
    believed = {}
    for rules in (FIRST_RULES, RULES):
        record = Record(LOSS, rules)
        record.complete(9.0, 7.0, 5.0)
        record.skip([3.0])
        record.complete(5.1, 7.0, 9.0)
        belief = proposal_of(record).belief
        assert belief is not None
        believed[rules] = belief.trial
    assert believed[FIRST_RULES] == 4
    assert believed[RULES] in (3, 5)


def test_that_nothing_is_believed_while_no_trial_is_complete() -> None:
    record = Record(LOSS)
    record.skip([3.0])
    record.skip([4.0])
    proposal = proposal_of(record)
    assert proposal.origin is PointOrigin.MODEL
    assert proposal.belief is None


@pytest.mark.parametrize("rules", [FIRST_RULES, RULES])
def test_that_a_study_with_skipped_trials_is_resumed_with_the_same_points(tmp_path: Path, rules: int) -> None:
    def points(path: Path, stop_after: int) -> list[object]:
        control, trainer = StudyControl(), ScriptedTrainer()

        def publish(events: Sequence[Event]) -> None:
            for event in events:
                if isinstance(event, EpochEnded) and event.trial in (2, 4, 5) and event.epoch == 2:
                    control.skip(event.trial)
                if isinstance(event, TrialEnded) and event.trial == stop_after:
                    control.stop()

        settings = StudySettings(search=SearchSettings(initial_points=2), budget=BudgetSettings(trials=8))
        first = msgspec.structs.replace(study_started(settings), conduct=Conduct(rules=rules))
        with Store.create(path, first) as store:
            end = Study([first], store, trainer, InlineSearcher(), publish, control).start()
        if end.reason is StudyEnd.STOPPED:
            control, events = StudyControl(), read_study(path)
            with Store.open(path) as store:
                Study(events, store, trainer, InlineSearcher(), publish, control).resume(8)
        progress = StudyProgress.of(read_study(path))
        assert progress.count(TrialState.SKIPPED) == 3
        return [(trial.values, trial.objective) for trial in progress.trials.values()]

    whole = points(tmp_path / "whole.afina", 0)
    for stop_after in (2, 5, 6):
        assert points(tmp_path / f"{stop_after}.afina", stop_after) == whole


def test_that_a_study_whose_points_cannot_be_spread_ends_before_its_first_trial_and_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, trainer = tmp_path / "a.afina", ScriptedTrainer()
    first = study_started(StudySettings(search=SearchSettings(initial_points=4), budget=BudgetSettings(trials=3)))

    def ignore(_events: Sequence[Event]) -> None:
        pass

    with monkeypatch.context() as broken, Store.create(path, first) as store:
        broken.setattr("scipy.stats._qmc._initialize_v", lambda *_numbers, **_sizes: None)
        with pytest.raises(SearchRefused, match="cannot be spread"):
            Study([first], store, trainer, InlineSearcher(), ignore, StudyControl()).start()
    events = read_study(path)
    assert isinstance(events[-1], StudyEnded)
    assert events[-1].reason is StudyEnd.FAILED
    assert "Install SciPy again" in events[-1].message
    assert not trainer.requests
    with Store.open(path) as store:
        Study(events, store, trainer, InlineSearcher(), ignore, StudyControl()).resume(3)
    assert len({tuple(request.values.items()) for request in trainer.requests}) == 3
