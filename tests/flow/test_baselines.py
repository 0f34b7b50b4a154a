"""Real Keras: what simple predictions score, that a trial's numbers stay the same, and the rows of the test part."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from core.conduct import FIRST_RULES, RULES, Conduct
from core.datasets.settings import DataSettings, TargetScale
from core.events import Baseline, BaselinesMeasured, EpochEnded, RowsScored, TrialEnded, TrialReport, TrialState
from core.models.custom.model_file import ModelFile
from core.objective import Direction, ObjectiveSettings
from core.parameters import Value
from core.progress import StudyProgress
from core.settings import LimitSettings, StudySettings, TrainerKind, tutorial_settings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.local_engine import LocalEngine
from core.tables.description import ColumnRole, Task
from core.training.intervals import of_mean, wilson
from core.training.request import TrialRequest
from tests.model_files import custom_file
from tests.tables import imported

pytestmark = pytest.mark.slow

Scores = dict[Baseline, dict[str, float]]

OWN = """\
import keras
from keras import layers, ops

PARAMETERS = []


def build_model(values, data):
    model = keras.Sequential([keras.Input(data.inputs), {layers}])
    model.compile(keras.optimizers.Adam(0.01), loss={loss}, metrics=[{metrics}])
    return model
"""
STATEFUL = """

class Steps(keras.metrics.Metric):
    def __init__(self, name="steps"):
        super().__init__(name=name)
        self.count = self.add_variable((), "zeros", name="count")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.count.assign_add(ops.mean(ops.abs(y_true - y_pred)) + 1.0)

    def result(self):
        return self.count

    def reset_state(self):
        self.count.assign(0.0)


def noisy(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred + keras.random.normal(ops.shape(y_pred))), axis=-1)
"""
LSTM = "layers.Reshape((13, 1)), layers.LSTM(4, dropout=0.2, recurrent_dropout=0.2), layers.Dense(1)"


@pytest.fixture(scope="module")
def training() -> Any:
    from core.training.trial import Training

    return Training(1)


def own(layers: str = "layers.Dense(1)", loss: str = "'mse'", metrics: str = "'mae'", more: str = "") -> ModelFile:
    return custom_file(source=OWN.format(layers=layers, loss=loss, metrics=metrics) + more)


def request(file: ModelFile | None = None, family: str = "linear", **more: Any) -> TrialRequest:
    values: dict[str, Value] = {"learning_rate": 0.003, "batch_size": 32, "epochs": 2, "optimizer": "sgd"}
    if family == "mlp":
        values |= {"layers": 2, "units": 8, "activation": "relu", "dropout": 0.3}
    asked = TrialRequest(1, family, values, 5, more.pop("data", DataSettings()), 0, file=file, baselines=True)
    return msgspec.structs.replace(asked, **{"conduct": Conduct(rules=RULES)} | more)


def reports(training: Any, asked: TrialRequest) -> list[TrialReport]:
    run = training.begin(asked)
    found: list[TrialReport] = []
    while not found or not isinstance(found[-1], TrialEnded):
        found += run.advance()
    assert found[-1].state is TrialState.COMPLETE, found[-1].message
    return found


def measured(asked: TrialRequest) -> list[Scores]:
    from core.training import baselines

    found = [report for reports in baselines.measured(asked) for report in reports]
    assert [report.fit for report in found if isinstance(report, BaselinesMeasured)] == [*range(1, asked.fits + 1)]
    return [report.scores for report in found if isinstance(report, BaselinesMeasured)]


def parts(data: DataSettings, fit: int = 1) -> tuple[Any, Any, Any, Any]:
    from core.datasets.prepare import prepare

    prepared = prepare(data, 0, fit)
    flat = [x.reshape(len(x), -1).astype(float) for x in (prepared.x_train, prepared.x_val)]
    return flat[0], prepared.y_train[:, 0].astype(float), flat[1], prepared.y_val[:, 0].astype(float)


def test_that_the_mean_and_a_linear_model_score_what_scikit_learn_says() -> None:
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import StandardScaler

    for number, scores in enumerate(measured(request(data=DataSettings(folds=2))), 1):
        x, y, x_val, y_val = parts(DataSettings(folds=2), number)
        errors = y_val - y.mean()
        assert scores[Baseline.CONSTANT] == pytest.approx(
            {"val_loss": np.square(errors).mean(), "val_mae": np.abs(errors).mean()}, rel=1e-5
        )
        scaler = StandardScaler().fit(x)
        errors = y_val - Ridge().fit(scaler.transform(x), y).predict(scaler.transform(x_val))
        assert scores[Baseline.LINEAR] == pytest.approx(
            {"val_loss": np.square(errors).mean(), "val_mae": np.abs(errors).mean()}, rel=1e-4
        )


@pytest.mark.parametrize("dataset", ["breast_cancer", "wine", "digits"])
def test_that_classes_are_guessed_by_their_shares_and_by_a_logistic_regression(dataset: str) -> None:
    data = DataSettings(dataset=dataset)
    (scores,) = measured(request(data=data))
    _x, y, _x_val, y_val = parts(data)
    shares = np.bincount(y.astype(int)) / len(y)
    assert scores[Baseline.CONSTANT] == pytest.approx(
        {
            "val_loss": -np.log(shares[y_val.astype(int)]).mean(),
            "val_accuracy": (y_val == shares.argmax()).mean(),
        },
        rel=1e-4,
    )
    assert scores[Baseline.LINEAR]["val_accuracy"] > 0.9
    assert scores[Baseline.LINEAR]["val_loss"] < scores[Baseline.CONSTANT]["val_loss"] / 4


def test_that_repeats_of_one_hold_out_have_the_same_baselines() -> None:
    first, second = measured(request(data=DataSettings(repeats=2)))
    assert first == second


@pytest.mark.parametrize("scale", [TargetScale.LOGARITHM, TargetScale.STANDARDISED])
def test_that_the_scale_on_which_the_target_is_trained_makes_no_difference(scale: TargetScale) -> None:
    for file in (None, own(metrics="'mae', keras.metrics.RootMeanSquaredError()")):
        assert measured(request(file, data=DataSettings(target_scale=scale))) == measured(request(file))


@pytest.mark.parametrize(
    ("layers", "loss"),
    [
        ("layers.Dense(3, activation='softmax')", "'sparse_categorical_crossentropy'"),
        ("layers.Dense(3, activation='softmax')", "'categorical_crossentropy'"),
        ("layers.Dense(3)", "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"),
        ("layers.Dense(3)", "keras.losses.CategoricalCrossentropy(from_logits=True)"),
        ("layers.Dense(3), layers.Softmax()", "own_sparse"),
    ],
)
def test_that_own_losses_of_classes_get_what_they_take(layers: str, loss: str) -> None:
    more = "\n\ndef own_sparse(y, p):\n    return keras.losses.sparse_categorical_crossentropy(y, p)\n"
    data = DataSettings(dataset="wine")
    (scores,), (expected,) = (
        measured(request(own(layers, loss, "'accuracy'", more), data=data)),
        measured(request(data=data)),
    )
    for baseline in Baseline:
        assert scores[baseline] == pytest.approx(expected[baseline], rel=1e-4)


def test_that_logits_of_two_classes_are_those_of_the_share() -> None:
    data = DataSettings(dataset="breast_cancer")
    file = own(
        "layers.Dense(1)", "keras.losses.BinaryCrossentropy(from_logits=True)", "keras.metrics.AUC(from_logits=True)"
    )
    (scores,), (expected,) = measured(request(file, data=data)), measured(request(data=data))
    for baseline in Baseline:
        assert scores[baseline]["val_loss"] == pytest.approx(expected[baseline]["val_loss"], rel=1e-3)
    assert scores[Baseline.CONSTANT]["val_auc"] == 0.5
    assert scores[Baseline.LINEAR]["val_auc"] > 0.95


IN_LOGARITHMS = "\n\ndef on_logarithms(y, p):\n    return ops.square(ops.log(y) - p)\n"
OWN_STEP = """

class Model(keras.Sequential):
    def test_step(self, data):
        return {"loss": ops.sum(self(data[0]))}
"""


@pytest.mark.parametrize(
    ("dataset", "file"),
    [
        ("boston_housing", own(loss="on_logarithms", more=IN_LOGARITHMS)),
        ("boston_housing", custom_file(source=own(more=OWN_STEP).source.replace("= keras.Sequential", "= Model"))),
        ("breast_cancer", own("layers.Dense(1, activation='tanh')", "'hinge'", "")),
        ("wine", own("layers.Dense(3)", "own_sparse", "", "\n\ndef own_sparse(y, p):\n    return ops.sum(y - p)\n")),
    ],
)
def test_that_nothing_is_told_where_predictions_may_mean_something_else(dataset: str, file: ModelFile) -> None:
    assert measured(request(file, data=DataSettings(dataset=dataset))) == [{}]


ONLY_IN_A_GRAPH = """

def odd(y, p):
    if not hasattr(p, "graph"):
        raise ValueError("It is not inside a graph")
    return p
"""


def test_that_a_metric_that_fails_is_left_out_and_no_trial_fails(training: Any) -> None:
    found = reports(training, request(own(metrics="'mae', odd", more=ONLY_IN_A_GRAPH)))
    (scores,) = (report.scores for report in found if isinstance(report, BaselinesMeasured))
    assert [*scores[Baseline.CONSTANT]] == ["val_loss", "val_mae"]
    assert any(isinstance(report, EpochEnded) and "val_odd" in report.metrics for report in found)


@pytest.mark.parametrize(
    ("file", "rules"),
    [
        (None, FIRST_RULES),
        (None, RULES),
        (own(LSTM), RULES),
        (
            own("layers.Dense(4), layers.GaussianNoise(0.5), layers.Dense(1)", "noisy", "Steps(), 'mae'", STATEFUL),
            RULES,
        ),
    ],
    ids=["perceptron by the first rules", "perceptron", "lstm", "noise and state"],
)
def test_that_a_trials_numbers_are_the_same_with_baselines_and_without(file: ModelFile | None, rules: int) -> None:
    from core.training.trial import Training

    def course(*, baselines: bool) -> list[object]:
        asked = request(file, family="mlp", baselines=baselines, data=DataSettings(folds=0 if file else 2))
        asked = msgspec.structs.replace(asked, conduct=Conduct(rules=rules))
        found = reports(Training(1), asked)
        assert any(isinstance(report, BaselinesMeasured) for report in found) is baselines
        return [(e.fit, e.epoch, e.loss, e.val_loss, e.metrics) for e in found if isinstance(e, EpochEnded)]

    assert course(baselines=True) == course(baselines=False)


def test_that_measuring_is_no_part_of_a_trials_time(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.training import baselines, simple_models, trial

    now = 0.0
    monkeypatch.setattr(trial, "seconds_awake", lambda: now)
    constant = simple_models.constant

    def slow(*arguments: Any) -> Any:
        nonlocal now
        now += 100.0
        return constant(*arguments)

    monkeypatch.setattr(baselines, "constant", slow)
    end = reports(training, request(limits=LimitSettings(trial_seconds=10)))[-1]
    assert isinstance(end, TrialEnded)
    assert (now, end.seconds) == (100.0, 0.0)


def test_that_many_rows_are_learnt_in_part_and_too_many_columns_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.training import simple_models

    whole = measured(request())
    monkeypatch.setattr(simple_models, "_MOST_NUMBERS", 13 * 250)
    part = measured(request())
    assert part[0][Baseline.LINEAR] != whole[0][Baseline.LINEAR]
    assert part == measured(request()), "the rows are drawn by the seed"
    monkeypatch.setattr(simple_models, "_MOST_NUMBERS", 13 * 150)
    assert [*measured(request())[0]] == [Baseline.CONSTANT]


def test_that_few_rows_at_once_are_predicted_as_all_are(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.datasets.prepare import prepare
    from core.training import simple_models

    for dataset, columns in (("boston_housing", 1), ("wine", 3)):
        data = prepare(DataSettings(dataset=dataset), 0)
        whole = simple_models.linear(data, columns, seed=0)
        with monkeypatch.context() as small:
            small.setattr(simple_models, "_BLOCK", 7 * 13)
            by_few = simple_models.linear(data, columns, seed=0)
        assert whole is not None
        assert by_few is not None
        np.testing.assert_allclose(by_few.astype(float), whole.astype(float), rtol=1e-5)


# In a study


def study(trials: int, **data: Any) -> StudySettings:
    tutorial, replace = tutorial_settings(), msgspec.structs.replace
    budget, search = replace(tutorial.budget, trials=trials), replace(tutorial.search, initial_points=1)
    return replace(
        tutorial, data=replace(DataSettings(), **data), budget=budget, search=search, trainer=TrainerKind.INLINE
    )


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine()
    yield engine
    engine.close()


def test_that_a_study_measures_its_baselines_once_also_after_a_stop(engine: LocalEngine, tmp_path: Path) -> None:
    path, control = tmp_path / "a.afina", StudyControl()

    def publish(events: Any) -> None:
        if any(isinstance(event, BaselinesMeasured) and event.fit == 1 for event in events):
            control.stop()

    engine.start(study(2, folds=2), path, publish, control)
    engine.resume(ResumeRequest(path, 2), lambda _events: None, StudyControl())
    events = read_study(path)
    fits = [event.fit for event in events if isinstance(event, BaselinesMeasured)]
    assert fits in ([1, 1, 2], [1, 2]), "a trial that was stopped measures the rest, and begins anew"
    progress = StudyProgress.of(events)
    assert progress.best is not None
    assert [*progress.baselines_of(progress.best)] == [1, 2]
    assert not progress.lacks_baselines_of(progress.best)


# The rows of the test part


def evaluated(
    training: Any, asked: TrialRequest, epochs: tuple[int, ...] = (2,)
) -> tuple[RowsScored, list[EpochEnded]]:
    found = reports(training, msgspec.structs.replace(asked, baselines=False, test_epochs=epochs))
    (rows,) = (report for report in found if isinstance(report, RowsScored))
    return rows, [report for report in found if isinstance(report, EpochEnded)]


def test_that_the_intervals_are_those_of_the_rows_errors(training: Any) -> None:
    import keras

    from core.datasets.prepare import prepare_test
    from core.training.strategies import FitJob

    asked = request(data=DataSettings(test_fraction=0.2))
    rows, epochs = evaluated(training, asked)
    job = FitJob(msgspec.structs.replace(asked, test_epochs=(2,)))
    for epoch in (1, 2):
        order = job.order(epoch)
        job.model.fit(job.data.x_train[order], job.data.y_train[order], batch_size=32, shuffle=False, verbose=0)
    data = prepare_test(asked.data, 0)
    errors = (data.y_val - np.asarray(job.model(data.x_val)))[:, 0].astype(float)
    assert rows.rows == len(errors) == 101
    assert np.square(errors).mean() == pytest.approx(epochs[-1].val_loss, rel=1e-4)
    assert rows.intervals["loss"] == pytest.approx(of_mean(np.square(errors)), rel=1e-3)
    assert rows.intervals["mae"] == pytest.approx(of_mean(np.abs(errors)), rel=1e-3)
    assert keras.backend.floatx() == "float32"


def test_that_an_accuracy_has_wilsons_interval_and_an_area_none(training: Any) -> None:
    data = DataSettings(dataset="breast_cancer", test_fraction=0.2)
    file = own(
        "layers.Dense(1, activation='sigmoid')", "'binary_crossentropy'", "'accuracy', keras.metrics.AUC(name='auc')"
    )
    for asked in (request(data=data), request(file, data=data)):
        rows, epochs = evaluated(training, asked)
        accuracy = epochs[-1].metrics["val_accuracy"]
        assert rows.intervals["accuracy"] == pytest.approx(wilson(accuracy, rows.rows), rel=1e-5)
        assert [*rows.intervals] == ["loss", "accuracy"]


ROOT_AND_MEAN = """

def rmse(y, p):
    return ops.sqrt(ops.mean(ops.square(y - p)))


def mean(y, p):
    return ops.mean(ops.abs(y - p))
"""


def test_that_a_root_has_the_roots_of_the_squares_interval(training: Any) -> None:
    file = own(
        metrics="keras.metrics.RootMeanSquaredError(name='root'), rmse, 'mae', mean, keras.metrics.R2Score()",
        more=ROOT_AND_MEAN,
    )
    for scale in TargetScale:
        rows, epochs = evaluated(training, request(file, data=DataSettings(test_fraction=0.2, target_scale=scale)))
        assert rows.intervals["root"] == pytest.approx(tuple(map(math.sqrt, rows.intervals["loss"])), rel=1e-4)
        assert rows.intervals["rmse"] == pytest.approx(rows.intervals["root"], rel=1e-4)
        assert rows.intervals["mean"] == pytest.approx(rows.intervals["mae"], rel=1e-4)
        assert "r2_score" not in rows.intervals
        low, high = rows.intervals["loss"]
        assert low < epochs[-1].val_loss < high


ALWAYS = """

class Always(layers.GaussianNoise):
    def call(self, inputs, training=False):
        return super().call(inputs, training=True)
"""


def test_that_a_loss_with_a_penalty_or_of_a_random_model_has_no_interval(training: Any) -> None:
    penalised = own("layers.Dense(1, kernel_regularizer=keras.regularizers.L2(10.0))")
    rows, _epochs = evaluated(training, request(penalised, data=DataSettings(test_fraction=0.2)))
    assert [*rows.intervals] == ["mae"]
    random = own("layers.Dense(1), Always(1.0)", more=ALWAYS)
    rows, _epochs = evaluated(training, request(random, data=DataSettings(test_fraction=0.2)))
    assert (rows.rows, rows.intervals) == (101, {})


def test_that_several_trainings_are_averaged_row_by_row_and_each_ends_at_its_epoch(training: Any) -> None:
    data = DataSettings(test_fraction=0.2, repeats=3)
    rows, epochs = evaluated(training, request(data=data, family="mlp"), (1, 2, 1))
    last = {epoch.fit: epoch.val_loss for epoch in epochs}
    assert [epoch.epoch for epoch in epochs] == [1, 1, 2, 1]
    low, high = rows.intervals["loss"]
    assert low < np.mean([*last.values()]) < high, "the values are those of the epochs that count"


def test_that_rows_of_one_group_are_as_sure_as_the_groups(tmp_path: Path, training: Any) -> None:
    rng = np.random.default_rng(0)
    lines = ["x,who,y"]
    for person in range(40):
        level = rng.normal()
        lines += [f"{rng.normal():.3f},p{person},{10 + 5 * level:.3f}" for _ in range(5)]
    (tmp_path / "people.csv").write_text("\n".join(lines))
    file = imported(
        tmp_path / "people.csv", 1, "y", Task.REGRESSION, {"x": ColumnRole.NUMBER, "who": ColumnRole.CATEGORY}
    )
    grouped = DataSettings(file=file, group="who", test_fraction=0.4)
    rows, _epochs = evaluated(training, request(data=grouped))
    assert rows.rows == 80
    low, high = rows.intervals["mae"]
    single, _epochs = evaluated(training, request(data=DataSettings(file=file, test_fraction=0.4)))
    assert high - low > 1.5 * (single.intervals["mae"][1] - single.intervals["mae"][0])


def test_that_an_evaluation_records_rows_and_intervals_with_the_objective_first(
    engine: LocalEngine, tmp_path: Path
) -> None:
    path = tmp_path / "a.afina"
    given = msgspec.structs.replace(
        study(1, dataset="wine", test_fraction=0.2),
        objective=ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE),
    )
    engine.start(given, path, lambda _events: None, StudyControl())
    tested = engine.evaluate(path, lambda _events: None, StudyControl())
    assert tested is not None
    assert [*tested.metrics] == [*tested.intervals] == ["accuracy", "loss"]
    assert tested.rows == 36
    assert StudyProgress.of(read_study(path)).test == tested
