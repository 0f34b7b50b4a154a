"""Trials of several trainings, folds and repeats: their events, record, progress and search, and the evaluation."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

import core.headless.commands
from core.datasets.settings import DataSettings
from core.errors import DamagedStudy, NotEvaluated, StoreBlocked
from core.events import (
    EpochEnded,
    Epochs,
    Event,
    StudyStarted,
    TrialEnded,
    TrialReport,
    TrialStarted,
    TrialState,
    TrialTested,
)
from core.export.exporters import CSV, JSON, PYTHON
from core.headless.commands import evaluate
from core.headless.listing import show
from core.objective import EpochChoice, ObjectiveSettings
from core.parameters import Fixed, Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings, tutorial_settings
from core.store.order import OrderCheck
from core.store.reader import StudyReader, read_study
from core.store.salvage import salvage
from core.store.writer import Store
from core.study.control import StudyControl, StudyPhase
from core.study.engine import ResumeRequest
from core.study.evaluation import evaluation_request, why_not_evaluated
from core.training.request import TrialRequest, fit_seed
from core.words.evaluations import evaluation_in_words
from tests.scripted import ScriptedTrainer, bowl, scripted_engine

VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 2, "optimizer": "sgd"}


def settings(trials: int = 2, epochs: int = 3, **data: Any) -> StudySettings:
    """Return the tutorial's experiment with so many trials and epochs, and changes of its data."""
    tutorial, replace = tutorial_settings(), msgspec.structs.replace
    return replace(
        tutorial,
        data=replace(DataSettings(), **data),
        model=replace(tutorial.model, ranges=tutorial.model.ranges | {"epochs": Fixed(epochs)}),
        budget=replace(tutorial.budget, trials=trials),
        search=replace(tutorial.search, initial_points=1),
    )


def start(**data: Any) -> StudyStarted:
    return StudyStarted(settings=settings(**data), time=1.0, versions={})


def started(trial: int = 1) -> TrialStarted:
    return TrialStarted(trial=trial, values=VALUES, seed=trial, origin=PointOrigin.INITIAL)


def epoch(fit: int, number: int, val_loss: float, trial: int = 1) -> EpochEnded:
    return EpochEnded(
        trial=trial,
        fit=fit,
        epoch=number,
        loss=2 * val_loss,
        val_loss=val_loss,
        metrics={"mae": 1.0, "val_mae": val_loss},
        seconds=float(fit + number),
    )


def ended(*scores: float, trial: int = 1) -> TrialEnded:
    return TrialEnded(
        trial=trial,
        state=TrialState.COMPLETE,
        epoch=2,
        seconds=9.0,
        objective=sum(scores) / len(scores),
        scores=scores,
    )


TWO_FOLDS: list[Event] = [
    start(folds=2, test_fraction=0.1),
    started(),
    *(epoch(1, 1, 8.0), epoch(1, 2, 6.0), epoch(2, 1, 6.0), epoch(2, 2, 2.0)),
    ended(6.0, 2.0),
    TrialTested(trial=1, metrics={"loss": (5.0,), "mae": (1.5,)}, time=2.0),
]


# What is recorded


def test_that_epochs_of_every_fit_read_back_as_they_were_recorded(tmp_path: Path) -> None:
    first, *others = TWO_FOLDS
    assert isinstance(first, StudyStarted)
    with Store.create(tmp_path / "at once.afina", first) as store:
        store.record(others)
    with Store.create(tmp_path / "one by one.afina", first) as store:
        for event in others:
            store.record([event])
    for name in ("at once.afina", "one by one.afina"):
        assert read_study(tmp_path / name) == TWO_FOLDS
        assert salvage(tmp_path / name, tmp_path / f"saved {name}").records == len(TWO_FOLDS)
        assert read_study(tmp_path / f"saved {name}") == TWO_FOLDS


def test_that_epochs_of_two_fits_are_never_taken_together(tmp_path: Path) -> None:
    long = [epoch(1, 1, 8.0), epoch(2, 1, 6.0), epoch(2, 2, 6.0)]
    first = start(folds=2)
    with Store.create(tmp_path / "a.afina", first) as store:
        store.record([started(), *long])
    with StudyReader(tmp_path / "a.afina") as reader:
        runs = [record for record in reader.records() if isinstance(record, Epochs)]
    assert [(run.fit, run.first, len(run)) for run in runs] == [(1, 1, 1), (2, 1, 2)]


@pytest.mark.parametrize(
    "events",
    [
        [epoch(2, 1, 1.0)],
        [epoch(1, 1, 1.0), epoch(3, 1, 1.0)],
        [epoch(1, 1, 1.0), epoch(2, 2, 1.0)],
        [epoch(1, 1, 1.0), epoch(2, 1, 1.0), epoch(1, 2, 1.0)],
        [epoch(1, 1, 1.0), epoch(2, 1, 1.0), epoch(3, 1, 1.0)],
        [ended(1.0)],
        [ended(1.0, 2.0, 3.0)],
        [msgspec.structs.replace(ended(1.0, 2.0), scores=(math.inf, 1.0))],
        [msgspec.structs.replace(ended(1.0, 2.0), scores=())],
        [TrialTested(trial=1, metrics={"loss": (1.0,)}, time=0.0)],
        [ended(1.0, 2.0), TrialTested(trial=1, metrics={}, time=0.0)],
        [ended(1.0, 2.0), TrialTested(trial=1, metrics={"loss": ()}, time=0.0)],
        [ended(1.0, 2.0), TrialTested(trial=1, metrics={"loss": (math.nan,)}, time=0.0)],
        [ended(1.0, 2.0), TrialTested(trial=2, metrics={"loss": (1.0,)}, time=0.0)],
        [ended(1.0, 2.0), TrialTested(trial=1, metrics={"mae": (1.0,)}, time=0.0)],
        [ended(1.0, 2.0), TrialTested(trial=1, metrics={"loss": (1.0, 2.0)}, time=0.0)],
        [ended(1.0, 2.0), TrialTested(trial=1, metrics={"loss": (1.0,), "mae": (1.0, 2.0)}, time=0.0)],
        *(
            [ended(1.0, 2.0), TrialTested(trial=1, metrics={"loss": (1.0,), name: (1.0,)}, time=0.0)]
            for name in ("", "<b>auc</b>", "\x1b[31m", "a\nb", "a" * 101)
        ),
    ],
)
def test_that_fits_scores_and_tests_that_cannot_be_are_damage(events: Sequence[Event]) -> None:
    order = OrderCheck()
    for event in (start(folds=2, test_fraction=0.1), started(), *events[:-1]):
        order.check(event)
    with pytest.raises(DamagedStudy):
        order.check(events[-1])


def test_that_a_test_without_a_test_part_is_damage() -> None:
    order = OrderCheck()
    for event in (start(folds=2), started(), ended(1.0, 2.0)):
        order.check(event)
    with pytest.raises(DamagedStudy, match="without a test part"):
        order.check(TrialTested(trial=1, metrics={"loss": (1.0,)}, time=0.0))


# What is known of it


def test_that_curves_are_kept_for_each_fit_and_their_mean_is_over_those_that_got_so_far() -> None:
    progress = StudyProgress.of(TWO_FOLDS[:5])
    trial = progress.trials[1]
    assert trial.val_losses == [7.0, 6.0], "the second fold has trained one epoch"
    progress.apply(TWO_FOLDS[5])
    assert [fit.val_losses for fit in trial.fits] == [[8.0, 6.0], [6.0, 2.0]]
    assert trial.val_losses == trial.course("val_mae") == [7.0, 4.0]
    assert trial.losses == [14.0, 8.0]
    assert (trial.train_loss, trial.latest("val_mae")) == (8.0, 4.0)


def test_that_several_epochs_at_once_leave_the_same_progress(tmp_path: Path) -> None:
    first, *others = TWO_FOLDS
    assert isinstance(first, StudyStarted)
    with Store.create(tmp_path / "a.afina", first, others):
        pass
    with StudyReader(tmp_path / "a.afina") as reader:
        folded = StudyProgress.of(reader.records())
    assert folded.trials == StudyProgress.of(TWO_FOLDS).trials


def test_that_the_last_losses_of_unequally_long_fits_are_averaged() -> None:
    events: list[Event] = [
        start(folds=2),
        started(),
        epoch(1, 1, 8.0),
        epoch(1, 2, 6.0),
        epoch(2, 1, 2.0),
        ended(6.0, 2.0),
    ]
    trial = StudyProgress.of(events).trials[1]
    assert trial.val_losses == [5.0, 6.0]
    assert trial.latest("val_loss") == trial.objective == 4.0
    assert trial.epochs_done == 3


def test_that_the_spread_is_the_sample_standard_deviation_of_the_scores() -> None:
    trial = StudyProgress.of(TWO_FOLDS).trials[1]
    assert (trial.objective, trial.scores) == (4.0, (6.0, 2.0))
    assert trial.spread == pytest.approx(math.sqrt(8.0))
    assert trial.objective_in_words == "4 ± 2.8"
    single = StudyProgress.of([start(), started(), ended(6.0)]).trials[1]
    assert (single.spread, single.objective_in_words) == (None, "6")


def test_that_the_time_left_counts_all_folds() -> None:
    progress = StudyProgress.of([start(folds=2), started(), epoch(1, 1, 8.0), epoch(1, 2, 8.0), epoch(2, 1, 8.0)])
    assert progress.trials[1].share_done == 0.75
    whole = 2.0 + 3 * 0.5  # the first of four epochs ended at 2 s, and the next two took a second
    assert progress.seconds_left() == pytest.approx(2 * whole - 3.0)


# A study


def test_that_a_studys_objective_is_the_mean_of_the_folds(tmp_path: Path) -> None:
    trainer = ScriptedTrainer()
    engine = scripted_engine(trainer)
    engine.start(settings(folds=2, repeats=2), tmp_path / "a.afina", lambda _events: None, StudyControl())
    progress = StudyProgress.of(read_study(tmp_path / "a.afina"))
    for trial, request in zip(progress.trials.values(), trainer.requests, strict=True):
        last = bowl(request)[-1]
        assert trial.scores == pytest.approx([last, 1.1 * last, 1.2 * last, 1.3 * last])
        assert trial.objective == pytest.approx(1.15 * last)
        assert len(trial.fits) == 4
        assert trial.epochs_done == 12


def test_that_a_study_stopped_within_a_fold_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    def run(path: Path, stop_after: int | None) -> list[object]:
        engine, control, seen = scripted_engine(ScriptedTrainer()), StudyControl(), 0

        def publish(events: Sequence[Event]) -> None:
            nonlocal seen
            seen += sum(isinstance(event, EpochEnded) for event in events)
            if seen == stop_after:
                control.stop()

        engine.start(settings(folds=3), path, publish, control)
        if stop_after is not None:
            assert not StudyProgress.of(read_study(path)).finished
            engine.resume(ResumeRequest(path, 2), lambda _events: None, StudyControl())
        return [(t.values, t.scores, t.fits) for t in StudyProgress.of(read_study(path)).trials.values()]

    assert run(tmp_path / "a.afina", 5) == run(tmp_path / "b.afina", None)


def test_that_a_skipped_trial_counts_with_the_folds_that_it_had(tmp_path: Path) -> None:
    control = StudyControl()

    def publish(events: Sequence[Event]) -> None:
        if any(isinstance(event, EpochEnded) and (event.fit, event.epoch) == (2, 1) for event in events):
            control.skip(1)

    trainer = ScriptedTrainer()
    scripted_engine(trainer).start(settings(folds=3), tmp_path / "a.afina", publish, control)
    progress = StudyProgress.of(read_study(tmp_path / "a.afina"))
    assert progress.trials[1].state is TrialState.SKIPPED
    assert progress.trials[1].val_losses[-1] == pytest.approx(bowl(trainer.requests[0])[-1])


def test_that_the_first_fit_has_the_trials_own_seed_and_each_other_one_of_its_own() -> None:
    assert fit_seed(5, 1) == 5
    seeds = [fit_seed(seed, fit) for seed in (5, 6) for fit in range(1, 21)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**31 for seed in seeds)


@pytest.mark.parametrize(
    ("data", "fit", "words"),
    [
        ({}, 1, ""),
        ({"folds": 5}, 3, "Fold 3 of 5"),
        ({"repeats": 3}, 2, "Repeat 2 of 3"),
        ({"folds": 5, "repeats": 2}, 7, "Fold 2 of 5, repeat 2 of 2"),
    ],
)
def test_that_a_fit_is_named_by_its_fold_and_repeat(data: dict[str, Any], fit: int, words: str) -> None:
    assert msgspec.structs.replace(DataSettings(), **data).fit_in_words(fit) == words


# What is taken away


def test_that_exports_and_the_list_of_trials_have_mean_spread_and_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = StudyProgress.of(TWO_FOLDS)
    header, row = CSV.text(progress).splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["objective"], cells["score_1"], cells["score_2"]) == ("4.0", "6.0", "2.0")
    assert float(cells["objective_spread"]) == pytest.approx(math.sqrt(8.0))
    assert (cells["val_loss"], cells["epochs_trained"]) == ("4.0", "4")
    best = msgspec.json.decode(JSON.text(progress))
    assert best["objective"]["scores"] == [6.0, 2.0]
    assert best["objective"]["spread"] == pytest.approx(math.sqrt(8.0))
    assert best["test"] == {"loss": [5.0], "mae": [1.5]}
    first, *others = TWO_FOLDS
    assert isinstance(first, StudyStarted)
    with Store.create(tmp_path / "a.afina", first, others):
        pass
    assert show(tmp_path / "a.afina") == 0
    shown = capsys.readouterr().out
    assert "4 ± 2.8" in shown
    assert "★ on the test part: loss 5, MAE 1.5." in shown


def test_that_exports_of_one_training_are_as_they_were() -> None:
    progress = StudyProgress.of([start(), started(), epoch(1, 1, 8.0), ended(8.0)])
    header = CSV.text(progress).splitlines()[0].split(",")
    assert not [name for name in header if "score" in name or "spread" in name]
    assert set(msgspec.json.decode(JSON.text(progress))["objective"]) == {"name", "value", "direction", "epoch"}


@pytest.mark.parametrize(
    "data", [{"folds": 2}, {"repeats": 2}, {"folds": 2, "repeats": 2, "test_fraction": 0.1}, {"test_fraction": 0.2}]
)
def test_that_the_script_of_several_trainings_compiles(data: dict[str, Any]) -> None:
    fits = msgspec.structs.replace(DataSettings(), **data).fits
    script = PYTHON.text(StudyProgress.of([start(**data), started(), ended(*map(float, range(fits)))]))
    compile(script, "best.py", "exec")
    assert ("SCORES = [" in script) is (fits > 1)
    assert ("KFold(FOLDS" in script) is ("folds" in data)


# The evaluation


def evaluated(tmp_path: Path, given: StudySettings) -> tuple[ScriptedTrainer, StudyProgress, TrialTested | None]:
    trainer = ScriptedTrainer()
    engine, path = scripted_engine(trainer), tmp_path / "a.afina"
    engine.start(given, path, lambda _events: None, StudyControl())
    published: list[Event] = []
    tested = engine.evaluate(path, published.extend, StudyControl())
    assert published == [tested]
    progress = StudyProgress.of(read_study(path))
    assert progress.tests == [tested]
    return trainer, progress, tested


@pytest.mark.parametrize(("data", "trainings"), [({}, 1), ({"folds": 3}, 1), ({"folds": 3, "repeats": 2}, 2)])
def test_that_the_best_trial_is_evaluated_as_recorded_and_the_result_is_recorded(
    tmp_path: Path, data: dict[str, Any], trainings: int
) -> None:
    trainer, progress, tested = evaluated(tmp_path, settings(trials=3, test_fraction=0.2, **data))
    request, best = trainer.requests[-1], progress.best
    assert best is not None
    assert tested is not None
    assert tested is not progress.test
    assert progress.test == tested
    assert (request.trial, request.values, request.seed) == (best.number, best.values, best.seed)
    assert request.test_epochs == (3,) * trainings
    assert [len(numbers) for numbers in tested.metrics.values()] == [trainings] * 2
    assert tested.metrics["loss"][0] == bowl(request)[-1]
    assert len(progress.finished) == 3, "it is no trial of the study"
    assert ("±" in evaluation_in_words(tested)) is (trainings > 1)


def test_that_the_evaluated_training_ends_at_the_epoch_that_counted() -> None:
    wanted = ObjectiveSettings(epoch=EpochChoice.BEST)

    def request(fits: Sequence[Sequence[float]], **data: Any) -> TrialRequest:
        first = start(test_fraction=0.2, **data)
        first = msgspec.structs.replace(first, settings=msgspec.structs.replace(first.settings, objective=wanted))
        epochs = [epoch(fit, n, x) for fit, course in enumerate(fits, 1) for n, x in enumerate(course, 1)]
        return evaluation_request(
            StudyProgress.of([first, started(), *epochs, ended(*(min(course) for course in fits))])
        )

    assert request([[3.0, 1.0, 2.0]]).test_epochs == (2,)
    assert request([[3.0, 1.0, 2.0], [1.0, 2.0, 3.0]], repeats=2).test_epochs == (2, 1)
    assert request([[3.0, 1.0, 2.0], [4.0, 3.0, 2.0, 1.0]], folds=2).test_epochs == (3,)
    assert request([[3.0, 1.0]]).objective.epoch is EpochChoice.LAST, "the best on the test part is never taken"


def test_that_the_evaluated_training_ends_at_the_epoch_that_counted_though_some_reported_no_metric() -> None:
    first = start(test_fraction=0.2)
    wanted = ObjectiveSettings(metric="val_mae", epoch=EpochChoice.BEST)
    first = msgspec.structs.replace(first, settings=msgspec.structs.replace(first.settings, objective=wanted))
    unreported = msgspec.structs.replace(epoch(1, 1, 9.0), metrics={})
    events: list[Event] = [
        first,
        started(),
        unreported,
        epoch(1, 2, 3.0),
        epoch(1, 3, 1.0),
        epoch(1, 4, 2.0),
        ended(1.0),
    ]
    assert evaluation_request(StudyProgress.of(events)).test_epochs == (3,)


def test_that_the_mean_over_fits_is_of_those_that_reported_the_metric() -> None:
    unreported = msgspec.structs.replace(epoch(1, 1, 9.0), metrics={})
    fits: list[Event] = [unreported, epoch(1, 2, 6.0), epoch(2, 1, 5.0), epoch(2, 2, 2.0)]
    trial = StudyProgress.of([start(folds=2), started(), *fits]).trials[1]
    assert trial.course("val_mae") == [5.0, 4.0]


def test_that_a_study_without_a_test_part_or_a_result_is_not_evaluated(tmp_path: Path) -> None:
    assert why_not_evaluated(StudyProgress.of([start()])) == "No trial has finished yet"
    assert why_not_evaluated(StudyProgress.of([start(), started(), ended(1.0)])) == "The study kept no test part"
    engine, path = scripted_engine(ScriptedTrainer()), tmp_path / "a.afina"
    engine.start(settings(), path, lambda _events: None, StudyControl())
    with pytest.raises(NotEvaluated, match="no test part"):
        engine.evaluate(path, lambda _events: None, StudyControl())


def test_that_an_evaluation_that_fails_or_is_stopped_records_nothing(tmp_path: Path) -> None:
    def script(request: TrialRequest) -> Sequence[float] | str:
        return "The loss became infinite" if request.test_epochs and fails else bowl(request)

    engine, path = scripted_engine(ScriptedTrainer(script)), tmp_path / "a.afina"
    engine.start(settings(test_fraction=0.2), path, lambda _events: None, StudyControl())
    before, fails = read_study(path), True
    with pytest.raises(NotEvaluated, match=r"could not be trained again\. The loss became infinite"):
        engine.evaluate(path, lambda _events: None, StudyControl())
    fails, control = False, StudyControl()
    control.stop()
    assert engine.evaluate(path, lambda _events: None, control) is None
    assert read_study(path) == before


class LockedForTests:
    """A file that takes no result of a test before `refusals` were made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refusals: float) -> None:
        self.refused = 0
        record = Store.record

        def troubled(store: Store, events: Sequence[Event]) -> None:
            if isinstance(events[-1], TrialTested) and self.refused < refusals:
                self.refused += 1
                raise StoreBlocked("Another program has locked it")
            record(store, events)

        monkeypatch.setattr(Store, "record", troubled)


def test_that_an_evaluation_waits_for_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.study.recorder.RETRY_INTERVAL", 0.01)
    file = LockedForTests(monkeypatch, refusals=2)
    trainer, _progress, tested = evaluated(tmp_path, settings(test_fraction=0.2))
    assert file.refused == 2
    assert tested is not None
    assert len([request for request in trainer.requests if request.test_epochs]) == 1, "it is not trained again"


def test_that_an_evaluation_that_waits_for_its_file_says_why_and_is_saved_beside_it_when_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LockedForTests(monkeypatch, refusals=math.inf)
    engine, path = scripted_engine(ScriptedTrainer()), tmp_path / "a.afina"
    engine.start(settings(test_fraction=0.2), path, lambda _events: None, StudyControl())
    troubles: list[str] = []

    def stop(_phase: StudyPhase, trouble: str) -> None:
        troubles.append(trouble)
        control.stop()

    control = StudyControl(stop)
    tested = engine.evaluate(path, lambda _events: None, control)
    assert troubles == ["Another program has locked it"]
    assert not StudyProgress.of(read_study(path)).tests
    assert StudyProgress.of(read_study(tmp_path / "a rescued.afina")).tests == [tested]


def test_that_a_study_goes_on_after_an_evaluation_as_if_there_had_been_none(tmp_path: Path) -> None:
    def run(path: Path, *, evaluate: bool) -> list[object]:
        engine = scripted_engine(ScriptedTrainer())
        engine.start(settings(trials=3, test_fraction=0.2), path, lambda _events: None, StudyControl())
        if evaluate:
            engine.evaluate(path, lambda _events: None, StudyControl())
        engine.resume(ResumeRequest(path, 6), lambda _events: None, StudyControl())
        return [(t.values, t.objective) for t in StudyProgress.of(read_study(path)).trials.values()]

    assert run(tmp_path / "a.afina", evaluate=True) == run(tmp_path / "b.afina", evaluate=False)


def test_that_a_metric_whose_name_cannot_be_shown_is_left_out_of_an_evaluation(tmp_path: Path) -> None:
    class OddlyNamed(ScriptedTrainer):
        def reports(self, seconds: float) -> list[TrialReport]:
            return [
                msgspec.structs.replace(r, metrics=r.metrics | {"val_<odd>": 1.0}) if isinstance(r, EpochEnded) else r
                for r in super().reports(seconds)
            ]

    engine, path = scripted_engine(OddlyNamed()), tmp_path / "a.afina"
    engine.start(settings(test_fraction=0.2), path, lambda _events: None, StudyControl())
    engine.evaluate(path, lambda _events: None, StudyControl())
    test = StudyProgress.of(read_study(path)).test
    assert test is not None
    assert set(test.metrics) == {"loss", "mae"}


def test_that_the_command_line_evaluates_and_says_what_it_came_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.afina"
    scripted_engine(ScriptedTrainer()).start(settings(test_fraction=0.2), path, lambda _events: None, StudyControl())
    monkeypatch.setattr(core.headless.commands, "LocalEngine", lambda **_options: scripted_engine(ScriptedTrainer()))
    assert evaluate(path) == 0
    test = StudyProgress.of(read_study(path)).test
    assert test is not None
    said = capsys.readouterr()
    assert said.out == f"Trial {test.trial} on the test part: {evaluation_in_words(test)}\n"
    assert "nothing is chosen by it" in said.err


def test_that_the_command_line_refuses_to_evaluate_without_a_test_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.afina"
    scripted_engine(ScriptedTrainer()).start(settings(), path, lambda _events: None, StudyControl())
    monkeypatch.setattr(core.headless.commands, "LocalEngine", lambda **_options: scripted_engine(ScriptedTrainer()))
    assert evaluate(path) == 2
    assert capsys.readouterr().err == "Error: The study kept no test part\n"


@pytest.mark.parametrize(("folds", "test"), [(2, 0.5), (20, 0.1), (5, 0.3)])
def test_that_a_training_alone_has_about_the_rows_of_a_fold(folds: int, test: float) -> None:
    once = DataSettings(folds=folds, test_fraction=test).once
    assert once.fits == 1
    assert once.validation_fraction == pytest.approx(max(0.05, (1 - test) / folds))
