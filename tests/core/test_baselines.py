"""Baselines and how sure a test is: the record, the progress, what is asked for, and the words."""

import math
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from core.datasets.settings import DataSettings
from core.errors import DamagedStudy
from core.events import (
    Baseline,
    BaselinesMeasured,
    EpochEnded,
    Event,
    FailureReason,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialReport,
    TrialStarted,
    TrialState,
    TrialTested,
)
from core.export.exporters import JSON
from core.headless.listing import show
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.objective import Direction, ObjectiveSettings
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import LimitSettings, StudySettings, tutorial_settings
from core.store.order import OrderCheck
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.tables.fingerprint import Fingerprint
from core.trainers.slot import MEASURING, Slot
from core.trainers.worker import Reports
from core.training.request import TrialRequest
from core.words.baselines import Guess, baselines_in_words, guess_in_words
from core.words.evaluations import evaluation_in_words, part_in_words
from core.words.notices import evaluation_in_a_notice
from tests.model_files import custom_file, custom_settings
from tests.scripted import ScriptedTrainer, scripted_engine, turn_clocks_by_hand

DATA = Path(__file__).resolve().parents[1] / "data"
CONSTANT, LINEAR = Baseline.CONSTANT, Baseline.LINEAR
ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)


def settings(objective: ObjectiveSettings = ObjectiveSettings(), **data: Any) -> StudySettings:  # noqa: B008
    tutorial, replace = tutorial_settings(), msgspec.structs.replace
    return replace(
        tutorial,
        data=replace(DataSettings(), **data),
        objective=objective,
        budget=replace(tutorial.budget, trials=2),
        search=replace(tutorial.search, initial_points=1),
    )


def start(objective: ObjectiveSettings = ObjectiveSettings(), **data: Any) -> StudyStarted:  # noqa: B008
    return StudyStarted(settings=settings(objective, **data), time=1.0, versions={})


def begun(number: int = 1) -> TrialStarted:
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 2, "optimizer": "sgd"}
    return TrialStarted(trial=number, values=values, seed=number, origin=PointOrigin.INITIAL)


def measured(
    constant: Mapping[str, float], linear: Mapping[str, float] | None = None, fit: int = 1
) -> BaselinesMeasured:
    scores = {CONSTANT: dict(constant)} | ({} if linear is None else {LINEAR: dict(linear)})
    return BaselinesMeasured(trial=1, scores=scores, fit=fit)


def ended(*scores: float) -> TrialEnded:
    mean = math.fsum(scores) / len(scores)
    return TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=2, seconds=1.0, objective=mean, scores=scores)


def said(*events: Event) -> list[str]:
    return list(baselines_in_words(StudyProgress.of(events)))


# In words


def test_that_the_best_trial_is_told_beside_simple_predictions() -> None:
    baselines = measured({"val_loss": 84.42, "val_mae": 6.5}, {"val_loss": 21.3, "val_mae": 3.2})
    beside = "Validation loss: ★ 15.74; always guessing the mean: 84.42; a linear model: 21.3."
    assert said(start(), begun(), baselines, ended(15.74)) == [beside]
    assert said(start(), begun(), measured({"val_loss": 84.42}), ended(15.74)) == [
        "Validation loss: ★ 15.74; always guessing the mean: 84.42."
    ]


def test_that_a_model_worse_than_a_simple_prediction_is_told_so() -> None:
    baselines = measured({"val_loss": 84.42}, {"val_loss": 21.3})
    assert said(start(), begun(), baselines, ended(30.0))[:-1] == ["★ is worse than a linear model."]
    assert said(start(), begun(), baselines, ended(90.0))[:-1] == [
        "★ is worse than always guessing the mean and than a linear model."
    ]


GUESS = Guess("Always guessing the mean scores 84.4.", beaten=True)


@pytest.mark.parametrize(
    ("family", "best", "guess"),
    [
        ("mlp", 15.0, GUESS),
        ("mlp", 30.0, Guess("A plain linear model scores 21.3, which is better.", beaten=False)),
        ("mlp", 21.3, Guess("No better than a plain linear model, which scores 21.3.", beaten=False)),
        ("mlp", 90.0, Guess("Worse than always guessing the mean, which scores 84.42.", beaten=False)),
        ("linear", 30.0, Guess("A linear model of scikit-learn scores 21.3.", beaten=True)),
        ("linear", 21.3, GUESS),
        ("linear", 15.0, GUESS),
    ],
)
def test_that_the_headline_warns_of_a_linear_model_that_is_better_unless_the_best_is_one(
    family: str, best: float, guess: Guess
) -> None:
    ranges = {parameter.name: parameter.first_range() for parameter in FAMILIES[family].parameters}
    study = msgspec.structs.replace(settings(), model=ModelSettings(family_name=family, ranges=ranges))
    started = StudyStarted(settings=study, time=1.0, versions={})
    baselines = measured({"val_loss": 84.42}, {"val_loss": 21.3})
    assert guess_in_words(StudyProgress.of([started, begun(), baselines, ended(best)])) == guess


@pytest.mark.parametrize(
    ("objective", "scores", "words"),
    [
        (
            ACCURACY,
            0.95,
            "Validation accuracy: ★ 0.95; always guessing the most frequent class: 0.63; a linear model: 0.9.",
        ),
        (
            ObjectiveSettings(metric="val_loss"),
            0.1,
            "Validation loss: ★ 0.1; always guessing the shares of the classes: 0.66; a linear model: 0.2.",
        ),
    ],
)
def test_that_guesses_of_classes_have_the_words_that_are_true(
    objective: ObjectiveSettings, scores: float, words: str
) -> None:
    baselines = measured(
        {"val_accuracy": 0.63, "val_loss": 0.66},
        {"val_accuracy": 0.9, "val_loss": 0.2},
    )
    assert said(start(objective, dataset="breast_cancer"), begun(), baselines, ended(scores)) == [words]


@pytest.mark.parametrize(("metric", "guess"), [("val_f1_score", "most frequent class"), ("val_auc", "shares of the")])
def test_that_only_metrics_of_decisions_are_about_the_most_frequent_class(metric: str, guess: str) -> None:
    study = msgspec.structs.replace(
        custom_settings(custom_file(), dataset="breast_cancer"),
        objective=ObjectiveSettings(metric=metric, direction=Direction.MAXIMISE),
    )
    started = StudyStarted(settings=study, time=1.0, versions={})
    assert guess in said(started, begun(), measured({metric: 0.39}), ended(0.7))[0]


def test_that_an_accuracy_below_the_most_frequent_class_is_worse_and_the_same_is_no_better() -> None:
    study, baselines = start(ACCURACY, dataset="breast_cancer"), measured({"val_accuracy": 0.63})
    assert said(study, begun(), baselines, ended(0.5))[:-1] == [
        "★ is worse than always guessing the most frequent class."
    ]
    assert said(study, begun(), baselines, ended(0.63))[:-1] == [
        "★ is no better than always guessing the most frequent class."
    ]


def test_that_what_looks_the_same_is_no_better_and_never_worse() -> None:
    for constant in (72.05460, 72.05463):
        assert said(start(), begun(), measured({"val_loss": constant}), ended(72.05461)) == [
            "★ is no better than always guessing the mean.",
            "Validation loss: ★ 72.05; always guessing the mean: 72.05.",
        ]


def test_that_folds_are_averaged_and_nothing_is_told_before_all_are_measured() -> None:
    events: list[Event] = [
        start(folds=2),
        begun(),
        measured({"val_loss": 80.0}),
        measured({"val_loss": 90.0}, fit=2),
        ended(4.0, 6.0),
    ]
    assert said(*events) == ["Validation loss: ★ 5 ± 1.4; always guessing the mean: 85 ± 7.1."]
    assert said(*events[:3], events[4]) == []


def test_that_without_a_result_or_for_a_metric_of_training_nothing_is_told() -> None:
    assert said(start(), begun(), measured({"val_loss": 80.0})) == []
    assert said(start(), begun(), ended(5.0)) == []
    assert said(start(ObjectiveSettings(metric="loss")), begun(), measured({"val_loss": 80.0}), ended(5.0)) == []


@pytest.mark.parametrize("path", sorted(DATA.glob("schema-[1-5].afina")), ids=lambda path: path.stem)
def test_that_older_studies_are_shown_without_baselines(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = shutil.copy(path, tmp_path)
    assert show(Path(older)) == 0
    assert "guessing" not in capsys.readouterr().out


def test_that_show_and_the_settings_as_json_have_the_baselines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baselines = measured({"val_loss": 84.42, "val_mae": 6.5}, {"val_loss": 21.3})
    with Store.create(tmp_path / "a.afina", start(), [begun(), baselines, ended(15.74)]):
        pass
    assert show(tmp_path / "a.afina") == 0
    assert "15.74; always guessing the mean: 84.42; a linear model: 21.3.\n" in capsys.readouterr().out
    exported = msgspec.json.decode(JSON.text(StudyProgress.of(read_study(tmp_path / "a.afina"))))
    assert exported["baselines"] == {"constant": {"val_loss": 84.42, "val_mae": 6.5}, "linear": {"val_loss": 21.3}}
    assert "baselines" not in msgspec.json.decode(JSON.text(StudyProgress.of([start(), begun(), ended(1.0)])))


def test_that_folds_have_the_means_of_their_baselines_in_the_settings_as_json() -> None:
    events: list[Event] = [
        start(folds=2),
        begun(),
        measured({"val_loss": 80.0}, {"val_loss": 30.0}),
        measured({"val_loss": 90.0, "val_mae": 7.0}, fit=2),
        ended(4.0, 6.0),
    ]
    exported = msgspec.json.decode(JSON.text(StudyProgress.of(events)))
    assert exported["baselines"] == {"constant": {"val_loss": 85.0}}


# In the record


@pytest.mark.parametrize(
    "event",
    [
        measured({"val_loss": math.nan}),
        measured({"<b>": 1.0}),
        measured({"val_loss": 1.0}, fit=2),
        msgspec.structs.replace(measured({"val_loss": 1.0}), trial=2),
    ],
)
def test_that_baselines_that_cannot_be_are_damage(event: BaselinesMeasured) -> None:
    order = OrderCheck()
    order.check(start())
    order.check(begun())
    order.check(measured({"val_loss": 1.0}))
    with pytest.raises(DamagedStudy):
        order.check(event)


def test_that_baselines_belong_to_the_data_on_which_they_were_measured() -> None:
    changed = Fingerprint(size=1, sha256="0" * 64)
    progress = StudyProgress.of([start(), begun(), measured({"val_loss": 80.0}), ended(5.0)])
    assert not progress.lacks_baselines_of(progress.trials[1])
    progress.apply(StudyResumed(time=2.0, trials=3, data=changed))
    progress.apply(begun(2))
    assert progress.lacks_baselines_of(progress.trials[2])
    progress.apply(msgspec.structs.replace(measured({"val_loss": 70.0}), trial=2))
    assert progress.baselines_of(progress.trials[1]) == {1: {CONSTANT: {"val_loss": 80.0}}}
    assert progress.baselines_of(progress.trials[2]) == {1: {CONSTANT: {"val_loss": 70.0}}}


# In a study


class Measuring(ScriptedTrainer):
    """Reports baselines where they are asked for, those of one training at each call."""

    def __init__(self, fits: int = 1) -> None:
        super().__init__()
        self._fits = fits
        self._to_report: list[TrialReport] = []

    def start(self, request: TrialRequest) -> None:
        super().start(request)
        if request.baselines:
            fits = range(1, self._fits + 1)
            self._to_report += [BaselinesMeasured(trial=request.trial, scores={}, fit=fit) for fit in fits]

    def reports(self, seconds: float) -> list[TrialReport]:
        return [self._to_report.pop(0)] if self._to_report else super().reports(seconds)


@pytest.mark.parametrize("fits", [1, 3])
def test_that_baselines_are_asked_for_until_those_of_each_training_are_recorded(tmp_path: Path, fits: int) -> None:
    def asked(trainer: ScriptedTrainer) -> list[bool]:
        return [request.baselines for request in trainer.requests]

    folds = fits if fits > 1 else 0
    silent, path = ScriptedTrainer(), tmp_path / "a.afina"
    scripted_engine(silent).start(settings(folds=folds), path, lambda _events: None, StudyControl())
    assert asked(silent) == [True, True], "nothing was reported"
    measuring = Measuring(fits)
    scripted_engine(measuring).resume(ResumeRequest(path, 4), lambda _events: None, StudyControl())
    assert asked(measuring) == [True, False]
    assert [event.fit for event in read_study(path) if isinstance(event, BaselinesMeasured)] == [*range(1, fits + 1)]


def test_that_the_course_of_a_study_is_the_same_with_baselines(tmp_path: Path) -> None:
    def course(trainer: ScriptedTrainer, path: Path) -> list[Event]:
        scripted_engine(trainer).start(settings(), path, lambda _events: None, StudyControl())
        return [event for event in read_study(path) if isinstance(event, TrialStarted | EpochEnded | TrialEnded)]

    assert course(Measuring(), tmp_path / "a.afina") == course(ScriptedTrainer(), tmp_path / "b.afina")


def test_that_an_evaluation_asks_for_no_baselines(tmp_path: Path) -> None:
    trainer, path = Measuring(), tmp_path / "a.afina"
    engine = scripted_engine(trainer)
    engine.start(settings(test_fraction=0.2), path, lambda _events: None, StudyControl())
    engine.evaluate(path, lambda _events: None, StudyControl())
    assert [request.baselines for request in trainer.requests] == [True, False, False]


class Child:
    """A worker's handle whose messages a test gives."""

    ready = alive = True

    def __init__(self) -> None:
        self.messages: list[Reports] = []

    def has_grown(self) -> bool:
        return False

    def send(self, _message: object) -> None:
        pass

    def receive(self, _seconds: float) -> Reports | None:
        return self.messages.pop(0) if self.messages else None

    def close(self) -> None:
        pass


def measuring_slot(child: Child) -> Slot:
    slot = Slot(cast("Any", SimpleNamespace(take=lambda: child, ready=False)))
    limits, data = LimitSettings(trial_seconds=10), DataSettings(folds=2)
    slot.start(TrialRequest(1, "linear", {}, 0, data, 0, limits=limits, baselines=True))
    return slot


def test_that_a_worker_that_measures_baselines_does_not_pass_the_trials_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, child = turn_clocks_by_hand(monkeypatch), Child()
    slot = measuring_slot(child)
    for fit in (1, 2):
        clock.now += 30.0
        assert slot.reports() == [], "it measures"
        clock.now += 30.0
        child.messages.append(Reports((measured({"val_loss": 1.0}, fit=fit),)))
        assert slot.reports() == [measured({"val_loss": 1.0}, fit=fit)]
    clock.now += 9.0
    assert slot.reports() == []
    clock.now += 9.0
    (end,) = slot.reports()
    assert isinstance(end, TrialEnded)
    assert end.reason is FailureReason.TIME_LIMIT


@pytest.mark.parametrize("done", [0, 1])
def test_that_a_limit_of_time_also_ends_a_model_file_that_loops_while_baselines_are_measured(
    monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    clock, child = turn_clocks_by_hand(monkeypatch), Child()
    slot = measuring_slot(child)
    for fit in range(1, done + 1):
        child.messages.append(Reports((measured({"val_loss": 1.0}, fit=fit),)))
        assert len(slot.reports()) == 1
    clock.now += MEASURING
    assert slot.reports() == []
    clock.now += 2.0
    (end,) = slot.reports()
    assert isinstance(end, TrialEnded)
    assert end.reason is FailureReason.TIME_LIMIT


# How sure a test is


def a_test(rows: int = 102, **intervals: tuple[float, float]) -> TrialTested:
    return TrialTested(trial=1, metrics={"loss": (15.71,), "mae": (2.91,)}, time=2.0, rows=rows, intervals=intervals)


def test_that_a_test_is_told_with_its_rows_and_intervals() -> None:
    test = a_test(loss=(11.234, 20.87), mae=(2.4, 3.421))
    assert part_in_words(test) == "the test part (102 rows)"
    assert evaluation_in_words(test) == "loss 15.71, 95 % interval 11.2 to 20.9; MAE 2.91, 95 % interval 2.4 to 3.42"
    assert evaluation_in_words(a_test(mae=(2.4, 3.421))) == "loss 15.71; MAE 2.91, 95 % interval 2.4 to 3.42"
    assert part_in_words(a_test(1)) == "the test part (1 row)"


def test_that_a_user_who_is_elsewhere_is_told_of_rows_and_interval_too() -> None:
    notice = evaluation_in_a_notice(a_test(loss=(11.234, 20.87)))
    assert notice.text == "Trial 1 on the test part (102 rows): loss 15.71, 95 % interval 11.2 to 20.9; MAE 2.91"


def test_that_an_older_test_is_told_as_before() -> None:
    test = a_test(0)
    assert part_in_words(test) == "the test part"
    assert evaluation_in_words(test) == "loss 15.71, MAE 2.91"


@pytest.mark.parametrize(
    "test",
    [
        a_test(-1),
        a_test(auc=(0.1, 0.2)),
        a_test(loss=(2.0, 1.0)),
        a_test(loss=(math.nan, 1.0)),
        a_test(loss=(1.0, math.inf)),
    ],
)
def test_that_rows_and_intervals_that_cannot_be_are_damage(test: TrialTested) -> None:
    order = OrderCheck()
    for event in (start(test_fraction=0.2), begun(), ended(1.0), a_test(loss=(0.0, 20.0))):
        order.check(event)
    with pytest.raises(DamagedStudy):
        order.check(test)


def test_that_show_and_the_settings_as_json_have_the_rows_and_intervals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events: list[Event] = [begun(), ended(15.0), a_test(loss=(11.2, 20.9))]
    with Store.create(tmp_path / "a.afina", start(test_fraction=0.2), events):
        pass
    assert show(tmp_path / "a.afina") == 0
    assert (
        "★ on the test part (102 rows): loss 15.71, 95 % interval 11.2 to 20.9; MAE 2.91.\n" in capsys.readouterr().out
    )
    exported = msgspec.json.decode(JSON.text(StudyProgress.of(read_study(tmp_path / "a.afina"))))
    assert exported["test_rows"] == 102
    assert exported["test_intervals"] == {"loss": [11.2, 20.9]}
