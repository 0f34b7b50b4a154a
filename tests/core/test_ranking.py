"""Which trial is the best, and how ties are broken."""

from itertools import permutations
from pathlib import Path

import pytest

from core.datasets.settings import DataSettings
from core.events import EpochEnded, Event, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.headless.listing import show
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Value
from core.progress import StudyProgress
from core.ranking import Ranking
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.store.writer import Store
from core.words.trials import ties_in_words

ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)
VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 2, "optimizer": "sgd"}


def begin(objective: ObjectiveSettings = ACCURACY, repeats: int = 1) -> StudyStarted:
    data = DataSettings(dataset="wine", repeats=repeats)
    return StudyStarted(settings=StudySettings(data=data, objective=objective), time=0.0, versions={})


def trained(number: int, *scores: float, losses: tuple[float, ...] = (0.5,)) -> list[Event]:
    """Return the events of a trial: for each score a training of one epoch for each loss, its best the last."""
    events: list[Event] = [
        TrialStarted(trial=number, values=VALUES, seed=number, origin=PointOrigin.INITIAL),
    ]
    for fit, score in enumerate(scores, start=1):
        events += [
            EpochEnded(
                trial=number,
                epoch=epoch,
                loss=1.0,
                val_loss=loss,
                metrics={"val_accuracy": score if epoch == len(losses) else 0.0},
                seconds=0.1,
                fit=fit,
            )
            for epoch, loss in enumerate(losses, start=1)
        ]
    mean = sum(scores) / len(scores)
    end = TrialEnded(
        trial=number, state=TrialState.COMPLETE, epoch=1, seconds=1.0, objective=mean, scores=tuple(scores)
    )
    return [*events, end]


def best_of(start: StudyStarted, *trials: list[Event]) -> tuple[int, int]:
    """Return the number of the best trial and how many tie, which must not depend on the order of the ends."""
    found = set()
    for order in permutations(trials):
        progress = StudyProgress.of([start, *(event for trial in order for event in trial)])
        assert progress.best is not None
        found.add((progress.best.number, progress.tied))
    (only,) = found
    return only


def test_that_the_validation_loss_of_the_epoch_that_counts_breaks_a_tie() -> None:
    worse, better = trained(1, 0.9, losses=(0.1, 0.4)), trained(2, 0.9, losses=(0.8, 0.3))
    assert best_of(begin(), worse, better, trained(3, 0.8, losses=(0.01,))) == (2, 2)


def test_that_the_spread_breaks_a_tie_of_equal_validation_losses() -> None:
    wide, narrow = trained(1, 0.75, 1.0), trained(2, 0.875, 0.875)
    assert best_of(begin(repeats=2), wide, narrow) == (2, 2)


def test_that_the_number_breaks_what_ties_remain_whichever_trial_ended_first() -> None:
    assert best_of(begin(), trained(3, 0.9), trained(2, 0.9), trained(7, 0.9)) == (2, 3)


def test_that_a_better_objective_needs_no_other_reason() -> None:
    assert best_of(begin(), trained(1, 0.9, losses=(0.1,)), trained(2, 0.91, losses=(9.0,))) == (2, 1)
    lowest = ObjectiveSettings()
    assert best_of(begin(lowest), trained(1, 0.5), trained(2, 0.4)) == (2, 1)


def test_that_a_trial_without_an_objective_ranks_behind_every_other_one() -> None:
    failed = [*trained(1, 0.9)[:-1], TrialEnded(trial=1, state=TrialState.FAILED, epoch=1, seconds=1.0)]
    progress = StudyProgress.of([begin(), *failed, *trained(2, 0.1)])
    ranking, one, two = Ranking(ACCURACY), progress.trials[1], progress.trials[2]
    assert not ranking.counts(one)
    assert ranking.is_better(two, one)
    assert not ranking.is_better(one, two)
    assert not ranking.is_better(one, None)
    assert not ranking.ties(one, one)


def test_that_ties_are_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = [begin(), *trained(1, 0.9), *trained(2, 0.9)]
    path = tmp_path / "study.afina"
    with Store.create(path, begin()) as store:
        store.record(events[1:])
    assert show(path) == 0
    assert "2 trials tie: ★ has the lower validation loss" in capsys.readouterr().out
    assert ties_in_words(StudyProgress.of(events)) == " 2 trials tie for the best."
    assert ties_in_words(StudyProgress.of(events[:5])) == ""


def test_that_the_best_after_each_end_and_what_has_no_result_are_kept() -> None:
    failing = TrialEnded(trial=2, state=TrialState.FAILED, epoch=0, seconds=0.1)
    events = [*trained(1, 0.5), trained(2, 0.1)[0], failing, *trained(3, 0.9), *trained(4, 0.7)]
    progress = StudyProgress.of([begin(), *events])
    assert [progress.best_after(after) for after in (0, 1, 2, 3, 4, 9, None)] == [None, 1, 1, 3, 3, 3, 3]
    assert [trial.number for trial in progress.ended_after(2)] == [1, 2]
    assert progress.without_result == {2}
    progress.apply(trained(2, 0.1)[0])
    assert not progress.without_result
