"""The strategies to train: all give the numbers of Keras's fit; what is traced anew, and what falls back to fit."""

import math
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.datasets.settings import DataSettings
from core.events import BaselinesMeasured, EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.models.declarations import OPTIMISER
from core.parameters import Value
from core.phases import Stage
from core.training.plan import row_order
from core.training.request import TrialRequest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PERCEPTRON: dict[str, Value] = {"layers": 2, "units": 8, "activation": "relu", "dropout": 0.0}
NAMES = ("loss", "val_loss", "mae", "val_mae")
LONG = 5000
"""Epochs of the data below that are worth compiling for, at every batch size below."""


def request(family: str = "mlp", seed: int = 5, **values: Value) -> TrialRequest:
    given: dict[str, Value] = {"learning_rate": 0.003, "batch_size": 32, "epochs": 3, "optimizer": "sgd"}
    own = PERCEPTRON if family == "mlp" else {}
    return TrialRequest(1, family, given | own | values, seed, DataSettings(), 0)


def finish(run: Any) -> tuple[list[EpochEnded], TrialEnded]:
    reports: list[TrialReport] = []
    while not reports or not isinstance(reports[-1], TrialEnded):
        reports += run.advance()
    assert isinstance(reports[-1], TrialEnded)
    return [report for report in reports if isinstance(report, EpochEnded)], reports[-1]


def train(training: Any, asked: TrialRequest) -> tuple[list[EpochEnded], TrialEnded]:
    return finish(training.begin(asked))


def numbers(epochs: list[EpochEnded]) -> list[list[float]]:
    return [[epoch.loss, epoch.val_loss, *epoch.metrics.values()] for epoch in epochs]


@pytest.fixture
def training() -> Any:
    from core.training.trial import Training

    return Training()


def counted(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> list[str]:
    """Return a list that grows with each call of a function from now on."""
    calls: list[str] = []
    called = getattr(where, name)

    def count(*arguments: Any) -> Any:
        calls.append(name)
        return called(*arguments)

    monkeypatch.setattr(where, name, count)
    return calls


def by_plain_fit(asked: TrialRequest) -> list[list[float]]:
    """Return loss, validation loss and metrics of each epoch as Keras alone has them, with its own layers."""
    import keras

    from core.datasets.prepare import prepare

    data, values = prepare(asked.data, asked.split_seed), asked.values
    layers = []
    for seed in range(asked.seed, asked.seed + 2 * int(values["layers"]), 2):
        first = keras.initializers.GlorotUniform(seed=seed)
        penalty = keras.regularizers.L2(values["l2"]) if "l2" in values else None
        biased = not values.get("batch_normalisation")
        layers += [
            keras.layers.Dense(values["units"], use_bias=biased, kernel_initializer=first, kernel_regularizer=penalty),
            *([keras.layers.BatchNormalization()] if values.get("batch_normalisation") else []),
            keras.layers.Activation(values["activation"]),
            keras.layers.Dropout(values["dropout"], seed=seed + 1),
        ]
    first = keras.initializers.GlorotUniform(seed=asked.seed + 2 * int(values["layers"]))
    features = data.x_train.shape[1]
    model = keras.Sequential([keras.Input((features,)), *layers, keras.layers.Dense(1, kernel_initializer=first)])
    model.compile(optimizer=plain_optimizer(values, len(data.x_train)), loss="mse", metrics=["mae"])
    result = []
    for epoch in range(1, int(values["epochs"]) + 1):
        order = row_order(asked.seed, epoch, len(data.x_train))
        options: dict[str, Any] = {"batch_size": values["batch_size"], "shuffle": False, "verbose": 0}
        validation = (data.x_val, data.y_val)
        logs = model.fit(data.x_train[order], data.y_train[order], validation_data=validation, **options).history
        logs["val_loss"][0] -= float(sum(model.losses))  # the penalty of L2
        result.append([logs[name][0] for name in NAMES])
    return result


def plain_optimizer(values: Mapping[str, Value], rows: int) -> Any:
    """Return Keras's own optimiser with its own schedule for the trial's steps."""
    import keras

    steps = int(values["epochs"]) * math.ceil(rows / int(values["batch_size"]))
    rate, schedules = values["learning_rate"], keras.optimizers.schedules
    schedule = {
        "constant": lambda: rate,
        "cosine": lambda: schedules.CosineDecay(rate, steps),
        "linear": lambda: schedules.PolynomialDecay(rate, steps, 0.0),
        "exponential": lambda: schedules.ExponentialDecay(rate, steps, 0.01),
    }[str(values.get("schedule", "constant"))]
    options = {"momentum": values["momentum"]} if "momentum" in values else {}
    kind = getattr(keras.optimizers, dict(OPTIMISER.choices)[str(values["optimizer"])])
    return kind(learning_rate=schedule(), **options)


def by(way: Callable[[Any, Any], Iterator[Any]], asked: TrialRequest, compiled: bool) -> list[list[float]]:
    from core.training.loops import DataTensors, TrainingLoops
    from core.training.strategies import FitJob

    job = FitJob(asked)
    loops = TrainingLoops(job.model, DataTensors(job.data), job.batch_size if compiled else None)
    epochs = [logs for piece in way(job, loops) for logs in piece]
    return [[logs[name] for name in NAMES] for logs in epochs]


EVERYTHING: dict[str, Value] = {"l2": 0.01, "batch_normalisation": True, "momentum": 0.8, "schedule": "cosine"}
TWO_WAYS = (("epochs", True), ("pieces", False))
"""How loops are run, and whether they are compiled."""
ALL_WAYS = (*TWO_WAYS, ("epochs", False), ("pieces", True))


@pytest.mark.parametrize(
    ("batch_size", "values", "ways"),
    [
        (7, {"optimizer": "sgd"}, ALL_WAYS),
        (32, {"optimizer": "adam"}, TWO_WAYS),
        (1000, {"optimizer": "rmsprop"}, TWO_WAYS),
        (32, {"optimizer": "adamw", "schedule": "linear", "l2": 0.1}, TWO_WAYS),
        (32, {"optimizer": "nadam", "schedule": "exponential", "batch_normalisation": True}, TWO_WAYS),
        (32, {"optimizer": "rmsprop", "momentum": 0.5, "l2": 0.001}, TWO_WAYS),
        (32, {"optimizer": "adagrad"}, TWO_WAYS),
        (7, EVERYTHING, ALL_WAYS),
    ],
)
def test_that_all_ways_to_train_give_the_numbers_of_fit(
    batch_size: int, values: dict[str, Any], ways: tuple[tuple[str, bool], ...]
) -> None:
    """`tests.bench.combinations` tries each optimiser with each size of a batch, in all ways."""
    from core.training.strategies import FitJob, train_by_fit, train_epochs, train_pieces

    asked = request(batch_size=batch_size, **values)
    expected = np.array(by_plain_fit(asked))
    assert np.isfinite(expected).all()
    in_loops = {"epochs": train_epochs, "pieces": train_pieces}
    for way, compiled in ways:
        np.testing.assert_allclose(by(in_loops[way], asked, compiled), expected, rtol=1e-4)
    by_fit = [logs for piece in train_by_fit(FitJob(asked)) for logs in piece]
    np.testing.assert_allclose([[logs[name] for name in NAMES] for logs in by_fit], expected, rtol=1e-4)


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "nadam"])
def test_that_a_graph_serves_every_momentum_penalty_and_length_of_schedule(
    training: Any, monkeypatch: pytest.MonkeyPatch, optimizer: str
) -> None:
    import keras

    extra: dict[str, Any] = dict(EVERYTHING) if optimizer != "nadam" else {"schedule": "cosine"}
    train(training, request(optimizer=optimizer, dropout=0.1, **extra))
    traced = counted(monkeypatch, keras.Model, "train_step")
    others: dict[str, Any] = {"l2": 0.03, "momentum": 0.3} if "l2" in extra else {}
    others |= {"epochs": 4, "units": 19, "batch_size": 50, "learning_rate": 0.001}
    asked = request(optimizer=optimizer, dropout=0.2, seed=8, **extra | others)
    again, _end = train(training, asked)
    assert traced == []
    expected = by_plain_fit(asked)
    np.testing.assert_allclose(
        [[e.loss, e.val_loss, e.metrics["mae"], e.metrics["val_mae"]] for e in again], expected, rtol=1e-4
    )
    traced.clear()
    train(training, request(optimizer=optimizer, dropout=0.1, **extra | {"schedule": "linear"}))
    assert len(traced) == 1


@pytest.mark.parametrize("activation", ["relu", "elu", "gelu", "tanh"])
def test_that_dropout_leaves_the_same_out_as_in_fit(training: Any, activation: str) -> None:
    asked = request(dropout=0.3, activation=activation, optimizer="adam")
    epochs, _end = train(training, asked)
    np.testing.assert_allclose(
        [[e.loss, e.val_loss, e.metrics["mae"], e.metrics["val_mae"]] for e in epochs], by_plain_fit(asked), rtol=1e-4
    )


def test_that_a_perceptron_is_not_traced_anew_for_another_width_rate_or_batch_size(
    training: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    traced = counted(monkeypatch, keras.Model, "train_step")
    train(training, request(dropout=0.2))
    assert len(traced) == 1
    asked = request(units=31, dropout=0.4, batch_size=9, learning_rate=0.001, seed=77)
    again, _end = train(training, asked)
    assert len(traced) == 1
    np.testing.assert_allclose(
        [[e.loss, e.val_loss, e.metrics["mae"], e.metrics["val_mae"]] for e in again], by_plain_fit(asked), rtol=1e-4
    )
    traced.clear()
    train(training, request(layers=3, dropout=0.2))
    assert len(traced) == 1


def test_that_a_perceptrons_numbers_do_not_depend_on_the_trials_before_it(training: Any) -> None:
    for values in ({"dropout": 0.25}, {"dropout": 0.25, "optimizer": "adam"}, {"epochs": LONG, "batch_size": 100}):
        asked = request(**values)
        first, _end = train(training, asked)
        train(training, request(units=13, dropout=0.5, seed=9))
        assert numbers(train(training, asked)[0]) == numbers(first)


def test_that_every_layer_of_a_perceptron_draws_other_numbers() -> None:
    from core.models.families.mlp import build
    from core.models.family import DataShape

    model = build(request(layers=3, units=13, dropout=0.5).values, DataShape((13,)), 5)
    kernels = [layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")]
    assert not np.array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[1], kernels[2])
    seeds = [layer.seed_generator.state.numpy().tolist() for layer in model.layers if hasattr(layer, "seed_generator")]
    assert len({str(seed) for seed in seeds}) == 3


def test_that_a_layer_may_have_a_width_of_its_own_and_is_else_as_wide_as_the_one_before_it() -> None:
    from core.models.families.mlp import build
    from core.models.family import DataShape

    model = build(request(layers=4, units=7, units_2=5, units_3=0, units_4=3).values, DataShape((2,)), 5)
    assert [layer.units for layer in model.layers] == [7, 5, 5, 3, 1]


def test_that_many_short_epochs_are_reported_together_in_order(training: Any) -> None:
    run = training.begin(request(family="linear", epochs=500))
    sizes: list[int] = []
    epochs: list[EpochEnded | TrialEnded] = []
    while not epochs or not isinstance(epochs[-1], TrialEnded):
        reports = run.advance()
        sizes.append(len(reports))
        epochs += [report for report in reports if not isinstance(report, BaselinesMeasured)]
    assert max(sizes) > 1
    assert [report.epoch for report in epochs[:-1]] == list(range(1, 501))
    seconds = [report.seconds for report in epochs]
    assert seconds == sorted(seconds)
    assert isinstance(epochs[-1], TrialEnded)
    assert isinstance(epochs[-2], EpochEnded)
    assert epochs[-1].objective == epochs[-2].val_loss


# What cannot be trained in loops


def strange_linear(monkeypatch: pytest.MonkeyPatch, **methods: Any) -> None:
    """Let the linear regression be of a class with methods of its own."""
    import keras

    from core.models.catalogue import FAMILIES

    linear = FAMILIES["linear"]

    def strange_build(values: Mapping[str, Value], data: Any, seed: int) -> keras.Model:
        model = linear.build(values, data, seed)
        model.__class__ = type("Strange", (keras.Sequential,), methods)
        return model

    monkeypatch.setitem(FAMILIES, "linear", replace(linear, build=strange_build))


def test_that_a_training_step_of_its_own_is_used_in_the_loops(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    expected, _end = train(training, request(family="linear", learning_rate=0.006))
    step = keras.Model.train_step

    def twice(model: Any, data: Any) -> Any:
        step(model, data)
        return step(model, data)

    strange_linear(monkeypatch, train_step=twice)
    epochs, end = train(training, request(family="linear", learning_rate=0.006))
    assert end.message == ""
    assert numbers(epochs) != numbers(expected)


def untraceable_step(model: Any, data: Any) -> Any:
    import keras

    float(data[0][0, 0])
    return keras.Model.train_step(model, data)


def fit_of_its_own(model: Any, *arguments: Any, **options: Any) -> Any:
    import keras

    return keras.Model.fit(model, *arguments, **options)


@pytest.mark.parametrize("what", ["run_eagerly", "fit", "train_step", "memory"])
def test_that_what_the_loops_cannot_train_falls_back_to_fit_and_says_so(
    what: str, training: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psutil

    expected, end = train(training, request(family="linear"))
    assert end.message == ""
    if what == "run_eagerly":
        strange_linear(monkeypatch, run_eagerly=True)
    elif what == "fit":
        strange_linear(monkeypatch, fit=fit_of_its_own)
    elif what == "train_step":
        strange_linear(monkeypatch, train_step=untraceable_step, run_eagerly=property(lambda model: fitting(), no_set))
    else:
        memory = psutil.virtual_memory()._replace(available=10_000)
        monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
        training = type(training)()
    epochs, end = train(training, request(family="linear"))
    reason = {
        "run_eagerly": "the model asks to be run eagerly",
        "fit": "the model has a fit of its own",
        "train_step": "TensorFlow cannot compile the model (TypeError: float()",
        "memory": "the data (0 MB) are large for the 0 MB of memory left",
    }[what]
    assert end.state is TrialState.COMPLETE
    assert end.message.startswith(f"Trained by Keras's fit, which is slower: {reason}")
    np.testing.assert_allclose(numbers(epochs), numbers(expected), rtol=1e-4)


def fitting() -> bool:
    """Return whether Keras's fit is under way; a model that is eager only then cannot be traced, but trained."""
    return any(thread.name == "keras-fit" for thread in threading.enumerate())


def no_set(model: Any, value: Any) -> None:
    """Ignore what Keras sets."""


def test_that_fit_stands_still_after_each_batch_and_leaves_no_thread(
    training: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange_linear(monkeypatch, fit=fit_of_its_own)
    run = training.begin(request(family="linear", batch_size=5, epochs=100))
    for _ in range(20):
        assert run.advance() == []
    assert fitting()
    assert run.give_up(TrialState.SKIPPED).state is TrialState.SKIPPED
    assert not fitting()


def test_that_divergence_ends_fit_too(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    strange_linear(monkeypatch, fit=fit_of_its_own)
    _, end = train(training, request(family="linear", learning_rate=50.0, epochs=100))
    assert (end.state, end.reason, end.epoch) == (TrialState.FAILED, FailureReason.DIVERGED, 1)
    assert not fitting()


def test_that_a_fit_that_ends_early_is_an_error_of_the_model(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    strange_linear(monkeypatch, fit=lambda *arguments, **options: None)
    _, end = train(training, request(family="linear"))
    assert (end.reason, end.message) == (FailureReason.MODEL_ERROR, "The model's fit ended in epoch 1 of 3")


def test_that_a_long_epoch_is_cut_into_pieces(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import core.training.plan
    import core.training.strategies

    expected, _end = train(training, request())
    monkeypatch.setattr(core.training.plan, "SHORT_EPOCH", 0.0)
    monkeypatch.setattr(core.training.strategies, "PIECE_SECONDS", 1e-9)
    run = training.begin(request())
    silent = 0
    while not (reports := run.advance()):
        silent += 1
    assert silent > 5
    epochs, _end = finish(run)
    assert numbers([*reports, *epochs]) == numbers(expected)


def test_that_the_data_are_given_to_tensorflow_once(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import core.training.loop_cache

    made = counted(monkeypatch, core.training.loop_cache, "DataTensors")
    train(training, request())
    train(training, request(layers=1, optimizer="adam"))
    train(training, request(family="linear"))
    assert len(made) == 1


@pytest.mark.parametrize(("asked", "given"), [(None, max(1, (os.cpu_count() or 2) - 1)), (3, 3)])
def test_that_tensorflow_gets_the_threads_that_it_is_given(asked: int | None, given: int) -> None:
    code = (
        f"from core.training.trial import Training\nTraining({asked})\nimport tensorflow as tf\n"
        "print(tf.config.threading.get_intra_op_parallelism_threads())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert int(done.stdout) == given


def stages_of(run: Any) -> list[Stage]:
    """Train the trial; return the stages that it came through, up to its first epoch."""
    stages = [run.stage]
    while not run.advance():
        if run.stage is not stages[-1]:
            stages.append(run.stage)
    if run.stage is not stages[-1]:
        stages.append(run.stage)
    run.give_up(TrialState.SKIPPED)
    return stages


def test_that_a_trial_tells_that_it_compiles_only_where_it_does(training: Any) -> None:
    compiling = [Stage.PREPARING, Stage.COMPILING, Stage.TRAINING]
    traced = [Stage.PREPARING, Stage.TRAINING]
    assert stages_of(training.begin(request())) == compiling
    assert stages_of(training.begin(request(seed=6, batch_size=30))) == traced
    assert stages_of(training.begin(request(epochs=LONG))) == compiling  # by XLA
    assert stages_of(training.begin(request(epochs=LONG, seed=6))) == traced


def test_that_fit_compiles_in_its_first_batch(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    strange_linear(monkeypatch, fit=fit_of_its_own)
    run = training.begin(request(family="linear", batch_size=5, epochs=100))
    while run.stage is not Stage.COMPILING:
        assert run.advance() == []
    assert run.advance() == []
    assert (run.stage, fitting()) == (Stage.TRAINING, True)
    run.give_up(TrialState.SKIPPED)
