"""Real Keras: folds and repeats repeat by the exported script and after a stop, and the test part is never seen."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from core.datasets.samples import read_samples
from core.datasets.settings import DataSettings
from core.events import EpochEnded, Event, FailureReason, StudyEnd, TrialEnded, TrialState
from core.export.exporters import PYTHON
from core.parameters import Fixed, Value
from core.progress import StudyProgress
from core.settings import StudySettings, TrainerKind, tutorial_settings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.local_engine import LocalEngine
from core.training.request import TrialRequest
from tests.exports import save_export
from tests.scripts import run_script

pytestmark = pytest.mark.slow


def settings(trials: int = 2, epochs: int = 3, **data: Any) -> StudySettings:
    tutorial, replace = tutorial_settings(), msgspec.structs.replace
    return replace(
        tutorial,
        data=replace(DataSettings(), **data),
        model=replace(tutorial.model, ranges=tutorial.model.ranges | {"epochs": Fixed(epochs)}),
        budget=replace(tutorial.budget, trials=trials),
        search=replace(tutorial.search, initial_points=1),
        trainer=TrainerKind.INLINE,
    )


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine()
    yield engine
    engine.close()


def run(
    engine: LocalEngine, path: Path, given: StudySettings, publish: Callable[[Sequence[Event]], None] = lambda _: None
) -> StudyProgress:
    engine.start(given, path, publish, StudyControl())
    return StudyProgress.of(read_study(path))


def results(progress: StudyProgress) -> list[object]:
    return [(trial.values, trial.scores, trial.fits) for trial in progress.trials.values()]


def test_that_the_script_repeats_mean_and_scores_of_folds_and_repeats(engine: LocalEngine, tmp_path: Path) -> None:
    progress = run(engine, tmp_path / "a.afina", settings(trials=1, epochs=1, folds=2, repeats=2, test_fraction=0.2))
    best = progress.best
    assert best is not None
    save_export(PYTHON, progress, tmp_path / "best.py")
    *said, mean = run_script(tmp_path / "best.py").splitlines()
    trainings, saved = said[::2], said[1::2]
    assert saved == [f"Saved the model as best-{fit}.keras" for fit in (1, 2, 3, 4)]
    assert all((tmp_path / line.split()[-1]).is_file() for line in saved)
    assert len(trainings) == len(best.scores) == 4
    for line, score in zip(trainings, best.scores, strict=True):
        assert float(line.split()[4].rstrip(";")) == pytest.approx(score, rel=1e-4)
    words = mean.split()
    assert float(words[2]) == pytest.approx(best.objective, rel=1e-4)
    assert float(words[4].rstrip(";")) == pytest.approx(best.spread, rel=1e-3)


def test_that_a_study_stopped_within_a_fold_repeats_what_it_would_have_been(
    engine: LocalEngine, tmp_path: Path
) -> None:
    control, path = StudyControl(), tmp_path / "a.afina"

    def publish(events: Sequence[Event]) -> None:
        if any(isinstance(event, EpochEnded) and event.fit == 3 for event in events):
            control.stop()

    given = settings(trials=1, epochs=300, folds=5)
    end = engine.start(given, path, publish, control)
    assert end.reason is StudyEnd.STOPPED
    assert not StudyProgress.of(read_study(path)).finished
    engine.resume(ResumeRequest(path, 1), lambda _events: None, StudyControl())
    assert results(StudyProgress.of(read_study(path))) == results(run(engine, tmp_path / "b.afina", given))


def test_that_the_test_part_never_influences_the_search(
    engine: LocalEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.datasets import prepare as preparing

    given = settings(test_fraction=0.2, folds=2)
    expected = run(engine, tmp_path / "a.afina", given)

    def with_another_test_part(data: DataSettings) -> Any:
        samples = read_samples(data)
        test = preparing.split(samples, data, given.seed)[2]
        samples.numbers[test] += 1
        samples.target[test] += 1000
        return samples

    monkeypatch.setattr(preparing, "read_samples", with_another_test_part)
    monkeypatch.setattr(preparing, "_cache", preparing._PreparedCache())
    path = tmp_path / "b.afina"
    assert results(run(engine, path, given)) == results(expected)
    spoilt = engine.evaluate(path, lambda _events: None, StudyControl())
    assert spoilt is not None
    assert spoilt.metrics["loss"][0] > 900**2, "only the evaluation looks at it"


def test_that_the_evaluation_is_what_keras_says_of_the_test_rows(engine: LocalEngine, tmp_path: Path) -> None:
    from core.datasets.prepare import prepare_test
    from core.models.families.linear import build
    from core.models.family import DataShape

    path = tmp_path / "a.afina"
    best = run(engine, path, settings(trials=1, test_fraction=0.2)).best
    assert best is not None
    tested = engine.evaluate(path, lambda _events: None, StudyControl())
    assert tested is not None
    data = prepare_test(DataSettings(test_fraction=0.2), 0)
    assert (len(data.x_train), len(data.x_val)) == (304, 101)
    model = build(best.values, DataShape(data.x_train.shape[1:]), best.seed)
    for epoch in range(1, 4):
        order = np.random.default_rng([best.seed, epoch]).permutation(len(data.x_train))
        x, y = data.x_train[order], data.y_train[order]
        model.fit(x, y, batch_size=best.values["batch_size"], shuffle=False, verbose=0)
    loss, mae = model.evaluate(data.x_val, data.y_val, verbose=0)
    assert tested.metrics["loss"] == pytest.approx((loss,), rel=1e-4)
    assert tested.metrics["mae"] == pytest.approx((mae,), rel=1e-4)


# Training


def train(training: Any, asked: TrialRequest) -> tuple[list[EpochEnded], TrialEnded]:
    run = training.begin(asked)
    reports: list[Any] = []
    while not reports or not isinstance(reports[-1], TrialEnded):
        reports += run.advance()
    return reports[:-1], reports[-1]


def request(epochs: int = 3, rate: float = 0.003, **data: Any) -> TrialRequest:
    values: dict[str, Value] = {"learning_rate": rate, "batch_size": 32, "epochs": epochs, "optimizer": "sgd"}
    return TrialRequest(1, "linear", values, 5, msgspec.structs.replace(DataSettings(), **data), 0)


def test_that_folds_are_traced_once_and_the_first_repeat_is_todays_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    from core.training.trial import Training

    training, traced, step = Training(), [], keras.Model.train_step

    def counted(model: keras.Model, data: Any) -> Any:
        traced.append(1)
        return step(model, data)

    monkeypatch.setattr(keras.Model, "train_step", counted)
    epochs, end = train(training, request(folds=5))
    assert len(traced) == 1
    assert [(e.fit, e.epoch) for e in epochs] == [(fit, n) for fit in range(1, 6) for n in range(1, 4)]
    assert [e.val_loss for e in epochs if e.epoch == 3] == list(end.scores)
    assert end.objective == pytest.approx(np.mean(end.scores))
    assert len(set(end.scores)) == 5
    only, single = train(training, request())
    several, repeated = train(training, request(repeats=2))
    assert [e.val_loss for e in several[:3]] == [e.val_loss for e in only]
    assert repeated.scores[0] == single.objective == single.scores[0]
    assert repeated.scores[1] != repeated.scores[0]
    assert len(traced) == 1


def test_that_a_fold_that_fails_fails_the_trial_and_is_named() -> None:
    from core.training.trial import Training

    _epochs, end = train(Training(), request(rate=50.0, folds=5))
    assert (end.state, end.reason, end.scores) == (TrialState.FAILED, FailureReason.DIVERGED, ())
    assert end.message.startswith("Fold 1 of 5: The loss became")
