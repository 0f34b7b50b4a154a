"""Real Keras: targets trained as their logarithm or standardised, and every number in the target's own unit."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from core.datasets.settings import DataSettings, TargetScale
from core.events import EpochEnded, Event, FailureReason, StudyEnd, TrialEnded, TrialReport, TrialStarted, TrialState
from core.export.exporters import PYTHON
from core.models.custom.inspection import InspectModel, ModelRead, _inspected, _shape
from core.models.custom.model_file import ModelFile
from core.objective import EpochChoice, ObjectiveSettings
from core.parameters import Fixed, Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings, TrainerKind, tutorial_settings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.local_engine import LocalEngine
from core.study.loop import study_started
from core.tables.description import ColumnRole, Task
from core.training.plan import row_order
from core.training.request import TrialRequest
from tests.exports import save_export
from tests.model_files import CUSTOM, custom_file, custom_settings
from tests.scripts import run_script
from tests.tables import imported

pytestmark = pytest.mark.slow

LOGARITHM, STANDARDISED = TargetScale.LOGARITHM, TargetScale.STANDARDISED
SCALES = (LOGARITHM, STANDARDISED)
NAMES = ("loss", "val_loss", "mae", "val_mae")
WAYS: dict[TargetScale, Callable[[Any], tuple[Callable[[Any], Any], Callable[[Any], Any]]]] = {
    LOGARITHM: lambda _y: (np.log, np.exp),
    STANDARDISED: lambda y: (lambda t: (t - y.mean()) / y.std(), lambda z: z * y.std() + y.mean()),
}
"""For each scale and the targets of the training part: the way onto the scale, and the way back."""


def request(
    scale: TargetScale, *, seed: int = 5, file: ModelFile | None = None, data: DataSettings | None = None, **values: Any
) -> TrialRequest:
    usual: dict[str, Value] = {"learning_rate": 0.003, "batch_size": 32, "epochs": 2, "optimizer": "sgd"}
    split = msgspec.structs.replace(data or DataSettings(), target_scale=scale)
    return TrialRequest(1, "linear", usual | values, seed, split, 0, file=file)


def train(asked: TrialRequest, training: Any = None) -> tuple[list[EpochEnded], TrialEnded]:
    from core.training.trial import Training

    run = (training or Training()).begin(asked)
    reports: list[TrialReport] = []
    while not reports or not isinstance(reports[-1], TrialEnded):
        reports += run.advance()
    assert isinstance(reports[-1], TrialEnded)
    return [report for report in reports if isinstance(report, EpochEnded)], reports[-1]


def by_hand(asked: TrialRequest) -> list[list[float]]:
    """Return what SGD of one Dense(1) gives by NumPy in 64 bits: loss, validation loss, MAE and its validation."""
    import keras

    from core.datasets.prepare import prepare

    data = prepare(asked.data, asked.split_seed)
    x, y, rate = data.x_train.astype(float), data.y_train.astype(float), float(asked.values["learning_rate"])
    scaled, back = WAYS[asked.data.target_scale](y)
    weights = np.array(keras.initializers.GlorotUniform(seed=asked.seed)((x.shape[1], 1)), float)
    bias, size, result = 0.0, int(asked.values["batch_size"]), []
    for epoch in range(1, int(asked.values["epochs"]) + 1):
        order, errors = row_order(asked.seed, epoch, len(x)), []
        for rows in (order[first : first + size] for first in range(0, len(x), size)):
            predicted = x[rows] @ weights + bias
            errors.append(back(predicted) - y[rows])
            slope = 2 * (predicted - scaled(y[rows])) / len(rows)
            weights, bias = weights - rate * x[rows].T @ slope, bias - rate * slope.sum()
        training, validation = np.concatenate(errors), back(data.x_val @ weights + bias) - data.y_val
        result.append([m(e) for m in (_squared, _absolute) for e in (training, validation)])
    return result


def _squared(errors: Any) -> float:
    return float(np.mean(errors**2))


def _absolute(errors: Any) -> float:
    return float(np.mean(abs(errors)))


@pytest.mark.parametrize("scale", SCALES)
def test_that_every_way_of_training_gives_the_numbers_worked_out_by_hand(scale: TargetScale) -> None:
    from core.training.loops import DataTensors, TrainingLoops
    from core.training.strategies import FitJob, train_by_fit, train_epochs, train_pieces

    asked = request(scale)
    expected = by_hand(asked)

    def same(pieces: Any) -> None:
        found = [[logs[name] for name in NAMES] for epochs in pieces for logs in epochs]
        np.testing.assert_allclose(found, expected, rtol=1e-5)

    for way in (train_epochs, train_pieces):
        for compiled in (False, True):
            job = FitJob(asked)
            same(way(job, TrainingLoops(job.model, DataTensors(job.data), job.batch_size if compiled else None)))
    same(train_by_fit(FitJob(asked)))


@pytest.mark.parametrize("scale", SCALES)
def test_that_one_graph_serves_all_folds_and_seeds(scale: TargetScale, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    from core.training.trial import Training

    expected = by_hand(request(scale, seed=8))
    traced: list[str] = []
    step = keras.Model.train_step

    def counted(model: Any, rows: Any) -> Any:
        traced.append(model.name)
        return step(model, rows)

    monkeypatch.setattr(keras.Model, "train_step", counted)
    training = Training()
    train(request(scale, data=DataSettings(folds=3)), training)
    epochs, _end = train(request(scale, seed=8), training)
    assert len(traced) == 1
    found = [[e.loss, e.val_loss, e.metrics["mae"], e.metrics["val_mae"]] for e in epochs]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


MINE = CUSTOM.replace(
    'loss="mse", metrics=["mae"]',
    'loss=keras.losses.Huber(delta=0.5), metrics=["mae", keras.metrics.RootMeanSquaredError(name="rmse"), spread]',
).replace(
    "def build_model",
    "def spread(y, predicted):\n    return keras.ops.max(keras.ops.abs(y - predicted), axis=-1)\n\n\ndef build_model",
)
FUNCTIONAL = """\
import keras
from afina import Float, Integer

PARAMETERS = [Integer("units", 4, 64, scale="log", default=8), Float("rate", 1e-4, 1e-1, scale="log", default=0.01)]


def build_model(values, data):
    inputs = keras.Input(data.inputs)
    hidden = keras.layers.Dense(values["units"], activation="tanh", kernel_regularizer="l2")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile(keras.optimizers.Adam(values["rate"]), loss="mse", weighted_metrics=[keras.metrics.R2Score()])
    return model
"""
STEPS_OF_ITS_OWN = CUSTOM.replace("model = keras.Sequential(layers)", "model = Net(layers)").replace(
    "def build_model",
    "class Net(keras.Sequential):\n    def train_step(self, rows):\n        return super().train_step(rows)\n\n\n"
    "def build_model",
)


@pytest.mark.parametrize("scale", SCALES)
def test_that_a_model_file_is_trained_on_its_own_loss_and_reports_its_own_metrics(scale: TargetScale) -> None:
    import keras

    from core.datasets.prepare import prepare

    asked = request(scale, file=custom_file(source=MINE), units=6, rate=0.02)
    epochs, end = train(asked)
    assert (end.state, end.message) == (TrialState.COMPLETE, "")

    data = prepare(asked.data, 0)
    scaled, back = WAYS[scale](data.y_train)
    keras.utils.set_random_seed(asked.seed)
    layers = [keras.layers.Dense(6, activation="relu"), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input(data.x_train.shape[1:]), *layers])
    model.compile(keras.optimizers.Adam(0.02), loss=keras.losses.Huber(delta=0.5))
    for epoch in (1, 2):
        order = row_order(asked.seed, epoch, len(data.x_train))
        targets = scaled(data.y_train[order])
        model.fit(data.x_train[order], targets, batch_size=32, shuffle=False, verbose=0)
        errors = back(model.predict(data.x_val, verbose=0)) - data.y_val
        huber = np.where(abs(errors) <= 0.5, errors**2 / 2, 0.5 * (abs(errors) - 0.25))
        found = epochs[epoch - 1]
        assert found.val_loss == pytest.approx(huber.mean(), rel=1e-4)
        assert found.metrics["val_mae"] == found.metrics["val_spread"] == pytest.approx(_absolute(errors), rel=1e-4)
        assert found.metrics["val_rmse"] == pytest.approx(_squared(errors) ** 0.5, rel=1e-4)
        assert {name for name in found.metrics if not name.startswith("val_")} == {"mae", "rmse", "spread"}


def test_that_a_model_with_steps_of_its_own_is_refused_with_a_sentence() -> None:
    asked = request(LOGARITHM, file=custom_file(source=STEPS_OF_ITS_OWN), units=6, rate=0.02)
    epochs, end = train(asked)
    assert (epochs, end.reason) == ([], FailureReason.MODEL_ERROR)
    assert "The model has a train_step of its own" in end.message
    assert "train the target as it is" in end.message
    _, end = train(request(TargetScale.AS_IT_IS, file=custom_file(source=STEPS_OF_ITS_OWN), units=6, rate=0.02))
    assert end.state is TrialState.COMPLETE


def test_that_the_form_hears_of_such_a_model_before_a_study_starts() -> None:
    def problem(source: str, scale: TargetScale) -> str:
        question = InspectModel("/models/model.py", source, DataSettings(target_scale=scale))
        answer = _inspected(question, _shape(question))
        assert isinstance(answer, ModelRead)
        return answer.problem

    assert "The model has a train_step of its own" in problem(STEPS_OF_ITS_OWN, STANDARDISED)
    without = CUSTOM.replace('loss="mse", ', "")
    assert "The model is compiled without a loss" in problem(without, LOGARITHM)
    assert problem(STEPS_OF_ITS_OWN, TargetScale.AS_IT_IS) == problem(MINE, LOGARITHM) == ""


def test_that_an_overflow_of_the_way_back_is_a_trial_that_diverged() -> None:
    _, end = train(request(LOGARITHM, learning_rate=50.0, epochs=100))
    assert (end.state, end.reason, end.epoch) == (TrialState.FAILED, FailureReason.DIVERGED, 1)


def test_that_a_target_of_millions_is_learnt_when_standardised(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 3))
    price = 5e6 + 1e6 * (x @ [1.0, -2.0, 0.5])
    path = tmp_path / "plots.csv"
    rows = np.column_stack([x, price])
    path.write_text("a,b,c,price\n" + "".join(f"{','.join(map(repr, row))}\n" for row in rows.tolist()))
    file = imported(path, 200, "price", Task.REGRESSION, dict.fromkeys("abc", ColumnRole.NUMBER))
    options: dict[str, Any] = {
        "learning_rate": 0.01,
        "optimizer": "adam",
        "epochs": 100,
        "data": DataSettings(file=file),
    }
    as_it_is, standardised = (
        train(request(scale, **options))[0][-1].metrics["val_mae"] for scale in (TargetScale.AS_IT_IS, STANDARDISED)
    )
    assert as_it_is > 4e6
    assert standardised < 1e5


# Studies


def study(scale: TargetScale, objective: ObjectiveSettings, epochs: int = 3, **data: Any) -> StudySettings:
    tutorial, replace = tutorial_settings(), msgspec.structs.replace
    return replace(
        tutorial,
        data=replace(DataSettings(), target_scale=scale, **data),
        model=replace(tutorial.model, ranges=tutorial.model.ranges | {"epochs": Fixed(epochs)}),
        objective=objective,
        budget=replace(tutorial.budget, trials=2),
        search=replace(tutorial.search, initial_points=1),
        trainer=TrainerKind.INLINE,
    )


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine()
    yield engine
    engine.close()


def results(path: Path) -> list[object]:
    return [(trial.values, trial.scores, trial.fits) for trial in StudyProgress.of(read_study(path)).trials.values()]


def ignore(_events: Sequence[Event]) -> None:
    pass


SAVED = """
loaded = keras.models.load_model(saved)
print("loaded", float(np.mean({error}(loaded.predict(x_val, verbose=0) - y_val))))
"""


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (study(LOGARITHM, ObjectiveSettings()), "np.square"),
        (study(STANDARDISED, ObjectiveSettings(metric="val_mae"), folds=3, test_fraction=0.2), "np.abs"),
    ],
    ids=["the logarithm, by the loss", "standardised, by a metric, in folds"],
)
def test_that_the_script_gets_the_recorded_number_and_saves_a_model_in_the_targets_own_unit(
    engine: LocalEngine, tmp_path: Path, given: StudySettings, error: str
) -> None:
    engine.start(given, tmp_path / "a.afina", ignore, StudyControl())
    progress = StudyProgress.of(read_study(tmp_path / "a.afina"))
    best, script = progress.best, tmp_path / "best.py"
    assert best is not None
    save_export(PYTHON, progress, script)
    script.write_text(f"{script.read_text(encoding='utf-8')}{SAVED.format(error=error)}", encoding="utf-8")
    *said, loaded = run_script(script).splitlines()
    last = next(line for line in reversed(said) if line.startswith("Validation")).replace(";", "").split()
    assert float(last[2]) == pytest.approx(best.objective, rel=1e-4)
    assert float(loaded.split()[1]) == pytest.approx(best.scores[-1], rel=1e-3)


def test_that_the_script_of_a_model_file_gets_the_recorded_number(tmp_path: Path) -> None:
    objective = ObjectiveSettings(metric="val_r2_score", epoch=EpochChoice.BEST)
    for scale in SCALES:
        asked = request(scale, file=custom_file(source=FUNCTIONAL), units=6, rate=0.02, epochs=3, patience=0)
        epochs, end = train(msgspec.structs.replace(asked, objective=objective))
        script = tmp_path / f"{scale}.py"
        save_export(PYTHON, progress_of(asked, objective, epochs, end), script)
        said = run_script(script).replace(";", "").splitlines()
        assert float(said[0].split()[3]) == pytest.approx(end.objective, rel=1e-4)
        assert said[1] == f"Saved the model as {scale}.keras"


def progress_of(
    asked: TrialRequest, objective: ObjectiveSettings, epochs: Sequence[EpochEnded], end: TrialEnded
) -> StudyProgress:
    """Return a study of this one trial."""
    assert asked.file is not None
    settings = msgspec.structs.replace(custom_settings(asked.file), data=asked.data, objective=objective)
    begun = TrialStarted(trial=1, values=asked.values, seed=asked.seed, origin=PointOrigin.INITIAL)
    return StudyProgress.of([study_started(settings), begun, *epochs, end])


def test_that_a_stopped_study_goes_on_with_the_same_numbers_and_is_evaluated_in_the_own_unit(
    engine: LocalEngine, tmp_path: Path
) -> None:
    given = study(STANDARDISED, ObjectiveSettings(metric="val_mae"), epochs=40, folds=3, test_fraction=0.2)
    whole, stopped = tmp_path / "whole.afina", tmp_path / "stopped.afina"
    engine.start(given, whole, ignore, StudyControl())
    control = StudyControl()

    def stop_in_the_second_fold(events: Sequence[Event]) -> None:
        if any(isinstance(event, EpochEnded) and event.trial == 2 and event.fit == 2 for event in events):
            control.stop()

    assert engine.start(given, stopped, stop_in_the_second_fold, control).reason is StudyEnd.STOPPED
    engine.resume(ResumeRequest(stopped, 2), ignore, StudyControl())
    assert results(stopped) == results(whole)

    tested, best = engine.evaluate(whole, ignore, StudyControl()), StudyProgress.of(read_study(whole)).best
    assert tested is not None
    assert best is not None
    np.testing.assert_allclose(tested.metrics["mae"], on_the_test_part(given, best.values, best.seed), rtol=1e-4)


def on_the_test_part(given: StudySettings, values: Any, seed: int) -> float:
    """Return the mean absolute error that plain Keras has on the test part."""
    from core.datasets.prepare import prepare_test
    from core.models.families.linear import build
    from core.models.family import DataShape

    data = prepare_test(given.data, given.seed)
    scaled, back = WAYS[given.data.target_scale](data.y_train)
    model = build(values, DataShape(data.x_train.shape[1:], rows=len(data.x_train)), seed)
    for epoch in range(1, int(values["epochs"]) + 1):
        order = row_order(seed, epoch, len(data.x_train))
        targets = scaled(data.y_train[order])
        model.fit(data.x_train[order], targets, batch_size=int(values["batch_size"]), shuffle=False, verbose=0)
    return _absolute(back(model.predict(data.x_val, verbose=0)) - data.y_val)
