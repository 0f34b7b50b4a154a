"""Metrics of model files: which suit the loss and the outputs, and what becomes of a trial with one that does not."""

from pathlib import Path

import msgspec
import pytest

from core.conduct import FIRST_RULES, RULES, Conduct
from core.datasets.settings import DataSettings
from core.events import FailureReason, TrialEnded, TrialState
from core.headless.commands import run
from core.headless.console import BAD_INPUT
from core.models.custom.building import build
from core.models.custom.inspection import InspectModel, ModelRead, _inspected, _problem_at
from core.models.family import DataShape
from core.ranges import Value
from core.tables.description import Task
from core.training.request import trial_request, trial_seed
from core.training.trial import Training
from tests.model_files import custom_file, custom_settings

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("keras_at_hand")]

FILE = """\
import functools
import keras
from afina import Integer
from keras import losses, metrics

PARAMETERS = [Integer("units", 2, 16)]


def own(y, outputs):
    return keras.ops.mean(keras.ops.cast(keras.ops.argmax(outputs, -1) == y[:, 0], "float32"))


class OwnPrecision(metrics.Precision):
    def update_state(self, y, outputs, sample_weight=None):
        super().update_state(keras.ops.one_hot(keras.ops.cast(y[:, 0], "int32"), 3), outputs)


class OnlyNamed(metrics.F1Score):
    pass


class Own(keras.Sequential):
    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(x, keras.utils.to_categorical(y, 3), y_pred)


class OwnTraining(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)


def build_model(values, data):
    head = keras.layers.Dense(OUTPUTS, activation="softmax" if OUTPUTS > 1 else "sigmoid")
    model = KIND([keras.Input(data.inputs), keras.layers.Dense(values["units"]), head])
    model.compile("adam", LOSS, metrics=METRICS)
    return model
"""
SPARSE, COLUMNS, TWO = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"


def source_of(metrics: str, loss: str = SPARSE, outputs: int = 3, kind: str = "keras.Sequential") -> str:
    """Return a file whose model is compiled with these arguments, as they are written in Python."""
    written = FILE.replace("METRICS)", f"{metrics})").replace("KIND", kind).replace("OUTPUTS", str(outputs))
    return written.replace("LOSS", loss if "(" in loss else repr(loss))


def doubt_of(source: str, classes: int = 3) -> str:
    task = Task.BINARY if classes == 2 else Task.MULTICLASS
    return str(build(source, "/models/model.py", {"units": 4}, DataShape((4,), task, classes), 1).afina_doubt)


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ("['mae']", "MeanAbsoluteError (“mae”) wants one column for each class, but the loss sparse_categorical_"),
        ("[metrics.F1Score(average='macro', name='f1')]", "F1Score (“f1”) wants one column for each class"),
        ("[metrics.CategoricalAccuracy()]", "use SparseCategoricalAccuracy, or the loss categorical_crossentropy"),
        ("[metrics.CategoricalAccuracy(name='cat'), metrics.Recall()]", "CategoricalAccuracy (“cat”) and Recall want"),
        ("['acc', 'AUC']", "AUC wants one column"),
        ("{'dense': 'precision'}", "Precision wants one column"),
        ("['top_k_categorical_accuracy']", "use SparseTopKCategoricalAccuracy"),
        ("[metrics.categorical_accuracy]", "categorical_accuracy wants one column"),
        ("[losses.KLDivergence()]", "KLDivergence wants one column"),
        ("[losses.mean_squared_error]", "mean_squared_error wants one column"),
        ("None, weighted_metrics=['cosine_similarity']", "CosineSimilarity wants one column"),
        ("[OnlyNamed()]", "OnlyNamed wants one column"),
        ("[metrics.OneHotIoU(3, [0])]", "use IoU with sparse_y_true=True and sparse_y_pred=False"),
        ("[metrics.MeanIoU(3)]", "use MeanIoU with sparse_y_true=True and sparse_y_pred=False"),
        ("[metrics.BinaryAccuracy()]", "use SparseCategoricalAccuracy"),
        ("[metrics.Accuracy()]", "Accuracy counts outputs that equal the target"),
        ("['accuracy', metrics.MeanMetricWrapper(metrics.mean_absolute_error)]", "mean_absolute_error (“mean_metric_"),
    ],
)
def test_that_a_metric_that_wants_a_column_for_each_class_does_not_suit_a_sparse_loss(metrics: str, said: str) -> None:
    assert said in doubt_of(source_of(metrics))


@pytest.mark.parametrize(
    "metrics",
    [
        "['accuracy', 'sparse_top_k_categorical_accuracy']",
        "[metrics.SparseCategoricalAccuracy(), metrics.sparse_categorical_crossentropy]",
        "[own, functools.partial(own), lambda y, outputs: own(y, outputs), OwnPrecision()]",
        "[metrics.MeanIoU(3, sparse_y_true=True, sparse_y_pred=False)]",
        "[metrics.MeanMetricWrapper(own)]",
        "{'dense': ['acc', own]}, weighted_metrics=['accuracy']",
        "None",
    ],
)
def test_that_a_metric_that_takes_the_number_of_the_class_suits_a_sparse_loss(metrics: str) -> None:
    assert doubt_of(source_of(metrics)) == ""


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ("['accuracy', 'AUC', 'mae', metrics.F1Score(), metrics.Precision(class_id=1), metrics.OneHotIoU(3, [0])]", ""),
        ("[losses.CategoricalCrossentropy(), metrics.categorical_accuracy, own]", ""),
        (
            "[metrics.SparseCategoricalAccuracy()]",
            "does not take one column for each of several classes, but the loss c",
        ),
        ("['sparse_top_k_categorical_accuracy']", "use TopKCategoricalAccuracy"),
        ("[metrics.sparse_categorical_accuracy]", "use categorical_accuracy"),
        ("['binary_accuracy']", "use CategoricalAccuracy"),
        ("[metrics.MeanIoU(3, sparse_y_pred=False)]", "use OneHotMeanIoU"),
    ],
)
def test_that_metrics_for_columns_suit_a_loss_for_columns_and_no_others(metrics: str, said: str) -> None:
    doubt = doubt_of(source_of(metrics, COLUMNS))
    assert said in doubt if said else doubt == ""


@pytest.mark.parametrize(
    ("metrics", "loss", "outputs", "said"),
    [
        ("['acc', 'AUC', metrics.Precision(), metrics.F1Score(threshold=0.5), metrics.BinaryIoU(), 'mae']", TWO, 1, ""),
        ("[metrics.F1Score()]", TWO, 1, "use F1Score with threshold=0.5"),
        ("['categorical_accuracy']", TWO, 1, 'but the model has one output: use "accuracy"'),
        ("[metrics.SparseCategoricalAccuracy()]", TWO, 1, "looks which of several outputs is the largest"),
        ("[metrics.MeanIoU(2)]", TWO, 1, "use BinaryIoU"),
        ("[metrics.AUC()]", SPARSE, 2, 'use Dense(1, activation="sigmoid") with the loss binary_crossentropy, or'),
        ("['accuracy']", SPARSE, 2, ""),
        ("[metrics.BinaryAccuracy(), metrics.AUC()]", COLUMNS, 2, ""),
        (
            "['f1_score']",
            "keras.losses.SparseCategoricalCrossentropy()",
            2,
            "the loss SparseCategoricalCrossentropy takes",
        ),
    ],
)
def test_that_with_two_classes_it_depends_on_the_outputs(metrics: str, loss: str, outputs: int, said: str) -> None:
    doubt = doubt_of(source_of(metrics, loss, outputs), classes=2)
    assert said in doubt if said else doubt == ""


LOGITS = "keras.losses.BinaryCrossentropy(from_logits=True)"
OF_CLASSES = "is for classes, but the target is a number"


@pytest.mark.parametrize(
    ("metrics", "loss", "outputs", "task", "said"),
    [
        (
            "['accuracy', 'mae']",
            LOGITS,
            1,
            Task.BINARY,
            "BinaryAccuracy (“accuracy”) takes probabilities, but the loss B",
        ),
        ("['AUC']", LOGITS, 1, Task.BINARY, "use AUC with from_logits=True, or"),
        (
            "[metrics.Recall(), metrics.BinaryCrossentropy()]",
            LOGITS,
            1,
            Task.BINARY,
            "Recall and BinaryCrossentropy take",
        ),
        ("['accuracy']", "hinge", 1, Task.BINARY, "but the loss hinge does not: use BinaryAccuracy with threshold=0"),
        ("[metrics.AUC(from_logits=True), metrics.BinaryAccuracy(threshold=0.0)]", LOGITS, 1, Task.BINARY, ""),
        ("['accuracy']", TWO, 1, Task.BINARY, ""),
        ("['accuracy']", LOGITS.replace("Binary", "SparseCategorical"), 3, Task.MULTICLASS, ""),
        ("['AUC', 'f1_score']", LOGITS.replace("Binary", "Categorical"), 3, Task.MULTICLASS, "AUC takes probabilities"),
        ("['accuracy']", "mse", 1, Task.REGRESSION, f"BinaryAccuracy (“accuracy”) {OF_CLASSES}"),
        ("['categorical_accuracy']", "mse", 1, Task.REGRESSION, OF_CLASSES),
        ("[metrics.F1Score(), metrics.TruePositives()]", "mse", 1, Task.REGRESSION, "TruePositives are for classes"),
        ("['mae', 'r2_score', 'msle', metrics.RootMeanSquaredError(), own]", "mse", 1, Task.REGRESSION, ""),
    ],
)
def test_that_metrics_that_mean_nothing_are_told_and_a_trial_goes_on(
    metrics: str, loss: str, outputs: int, task: Task, said: str
) -> None:
    source = source_of(metrics, loss, outputs)
    if loss != TWO:
        source = source.replace('"softmax"', "None").replace('"sigmoid"', "None")
    classes = {Task.BINARY: 2, Task.MULTICLASS: 3, Task.REGRESSION: 0}[task]
    model = build(source, "/models/model.py", {"units": 4}, DataShape((4,), task, classes), 1)

    assert model.afina_doubt == ""
    assert model.afina_note == model.afina_remark
    assert said in model.afina_remark if said else model.afina_remark == ""


def test_that_a_model_that_hands_its_metrics_columns_itself_is_left_alone() -> None:
    assert doubt_of(source_of("['f1_score']", kind="Own")) == ""
    assert "F1Score wants" in doubt_of(source_of("['f1_score']", kind="OwnTraining"))


def ended(source: str, rules: int) -> TrialEnded:
    settings = custom_settings(custom_file(source=source), epochs=1, dataset="wine")
    values: dict[str, Value] = {"units": 4, "rate": 0.01, "batch_size": 32, "epochs": 1, "patience": 0}
    request = trial_request(settings, 1, values, trial_seed(1, 1), conduct=Conduct(rules=rules))
    run = Training().begin(request)
    while True:
        for report in run.advance():
            if isinstance(report, TrialEnded):
                return report


def test_that_such_a_trial_fails_and_in_an_older_study_goes_on_with_a_note() -> None:
    source = source_of("['accuracy', 'categorical_accuracy']")
    sentence = (
        "CategoricalAccuracy wants one column for each class, but the loss sparse_categorical_crossentropy takes the "
        "number of the class: use SparseCategoricalAccuracy, or the loss categorical_crossentropy"
    )
    new, old = ended(source, RULES), ended(source, FIRST_RULES)

    assert (new.state, new.reason) == (TrialState.FAILED, FailureReason.MODEL_ERROR)
    assert new.message == f"model.py: {sentence}"
    assert old.state is TrialState.COMPLETE
    assert old.message == sentence


def settings_of(source: str, path: Path) -> Path:
    settings = custom_settings(custom_file(source=source), epochs=1, dataset="wine")
    path.write_bytes(msgspec.json.encode(settings))
    return path


def test_that_a_study_of_failed_trials_alone_is_refused_before_it_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study.afina"
    settings = settings_of(source_of("['AUC']"), tmp_path / "settings.json")

    assert run(settings, out=study, trust_model=True) == BAD_INPUT
    assert "Error: model.py: AUC wants one column for each class" in capsys.readouterr().err
    assert not study.exists()


@pytest.mark.parametrize(
    ("loss", "refused"),
    [
        (f"'{SPARSE}' if values['units'] < 9 else '{COLUMNS}'", False),
        (f"'{SPARSE}'", True),
        ("1 / 0", False),
        (f"'{TWO}'", True),
    ],
)
def test_that_one_point_that_suits_the_data_or_fails_otherwise_lets_a_study_begin(loss: str, refused: bool) -> None:
    source = source_of("['AUC']").replace(f'"adam", {SPARSE!r}', f'"adam", {loss}')
    assert loss in source
    points: tuple[dict[str, Value], ...] = tuple({"units": units, "rate": 0.01} for units in (4, 16))
    shape = DataShape((4,), Task.MULTICLASS, 3)

    assert bool(_problem_at(points, custom_file(source=source), shape)) is refused


def test_that_the_form_is_told_of_such_a_file_while_other_data_may_suit_it() -> None:
    question = InspectModel("/models/model.py", source_of("['mae']"), DataSettings(dataset="wine"))
    answer = _inspected(question, DataShape((13,), Task.MULTICLASS, 3))

    assert isinstance(answer, ModelRead)
    assert answer.problem.startswith("model.py: MeanAbsoluteError (“mae”) wants one column for each class")
