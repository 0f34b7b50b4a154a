"""A training begins with the state that its model was built with, whatever the process has trained before."""

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import core.training.plan
from core.conduct import FIRST_RULES, RULES, Conduct
from core.datasets.settings import DataSettings
from core.events import FailureReason, TrialState
from core.models.custom.model_file import ModelFile
from core.trainers.workers import WorkerTrainer
from core.training.plan import NOT_COMPILED, VALIDATION_ROWS, row_order
from core.training.request import TrialRequest
from tests.flow.test_loops import train

pytestmark = pytest.mark.slow

BEFORE = """
import keras
import tensorflow as tf
PARAMETERS = []

class Noisy(keras.layers.Layer):
    def call(self, inputs):
        return inputs + keras.random.normal(keras.ops.shape(inputs), stddev=0.3)

class NoisyByTensorFlow(keras.layers.Layer):
    def call(self, inputs):
        return inputs + 0.3 * tf.random.normal(tf.shape(inputs))

class Counting(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)
        self.others = tf.Variable(0.0)
    def call(self, inputs):
        self.calls.assign(self.calls + 1.0)
        self.others.assign_add(1.0)
        return inputs * (1.0 + 0.01 * self.calls + 0.02 * self.others)

class Function(keras.layers.Layer):
    @tf.function
    def call(self, inputs):
        return 2.0 * inputs


class Largest(keras.metrics.Metric):
    def __init__(self):
        super().__init__(name="mae")
        self.largest = self.add_weight(initializer="zeros")
    def update_state(self, y, prediction, sample_weight=None):
        self.largest.assign(keras.ops.maximum(self.largest, keras.ops.max(keras.ops.abs(y - prediction))))
    def result(self):
        return self.largest

class OwnFit(keras.Sequential):
    def fit(self, *arguments, **options):
        return super().fit(*arguments, **options)

def build_model(values, data):
"""
LAYERS = {
    "LSTM": "keras.layers.Reshape((13, 1)), keras.layers.LSTM(4, dropout=0.3, recurrent_dropout=0.2)",
    "GRU": "keras.layers.Reshape((13, 1)), keras.layers.GRU(4, dropout=0.4)",
    "without a seed": "Noisy(), keras.layers.Dense(5)",
    "counting": "Counting(), keras.layers.Dense(5)",
    "TensorFlow's": "NoisyByTensorFlow(), keras.layers.Dense(5)",
    "function": "Function(), keras.layers.Dense(5)",
    "plain": "keras.layers.Dense(5), keras.layers.BatchNormalization()",
}


def asked(
    layers: str,
    seed: int = 1,
    rules: int = RULES,
    *,
    model: str = "keras.Sequential",
    rate: float = 0.01,
    before: str = "",
    metric: str = "'mae'",
    **conduct: Any,
) -> TrialRequest:
    source = BEFORE + (
        f"    {before or 'pass'}\n"
        f"    model = {model}([{layers}, keras.layers.Dense(1)])\n"
        f"    model.compile(keras.optimizers.Adam({rate}), 'mse', metrics=[{metric}])\n"
        "    return model\n"
    )
    file = ModelFile(path="/model.py", source=source, parameters=())
    values = {"batch_size": 64, "epochs": 2, "patience": 0}
    conducted = Conduct(rules=rules, **conduct)
    return TrialRequest(1, "linear", values, seed, DataSettings(), 0, file=file, conduct=conducted)  # type: ignore[arg-type]


def numbers(training: Any, request: TrialRequest) -> list[list[float]]:
    epochs, end = train(training, request)
    assert end.state is TrialState.COMPLETE, end.message
    return [[epoch.loss, epoch.val_loss, epoch.metrics["mae"], epoch.metrics["val_mae"]] for epoch in epochs]


def by_keras(request: TrialRequest, prepare: Callable[[Any, Any], object] = lambda *_given: None) -> list[list[float]]:
    """Return the same numbers as Keras alone has them with the model as the file builds it."""
    import keras

    from core.datasets.prepare import prepare as prepared
    from core.models.custom.program import execute
    from core.models.family import DataShape

    assert request.file is not None
    data = prepared(request.data, request.split_seed)
    keras.utils.clear_session()
    keras.utils.set_random_seed(request.seed)
    program = execute(request.file.source, request.file.path)
    keras.utils.set_random_seed(request.seed)
    model, _missed = program.build({}, DataShape(data.x_train.shape[1:]))
    prepare(model, data)
    found = []
    for epoch in (1, 2):
        order = row_order(request.seed, epoch, len(data.x_train))
        validation = {"validation_data": (data.x_val, data.y_val), "validation_batch_size": VALIDATION_ROWS}
        options: dict[str, Any] = {"batch_size": 64, "shuffle": False, "verbose": 0, **validation}
        logs = model.fit(data.x_train[order], data.y_train[order], **options).history
        found.append([float(logs[name][0]) for name in ("loss", "val_loss", "mae", "val_mae")])
    return found


@pytest.fixture
def training() -> Any:
    from core.training.trial import Training

    return Training()


@pytest.mark.parametrize("kind", ["LSTM", "without a seed", "counting"])
def test_that_a_trial_has_the_numbers_of_keras_in_new_loops_and_in_kept_ones(training: Any, kind: str) -> None:
    new, other = numbers(training, asked(LAYERS[kind])), numbers(training, asked(LAYERS[kind], 2))
    assert numbers(training, asked(LAYERS[kind])) == new != other
    np.testing.assert_allclose(new, by_keras(asked(LAYERS[kind])), rtol=1e-5)


def test_that_a_metric_is_read_before_its_reset_even_where_its_result_is_its_own_variable(training: Any) -> None:
    request = asked(LAYERS["plain"], metric="Largest()")
    found, expected = np.array(numbers(training, request)), np.array(by_keras(request))
    np.testing.assert_allclose(found[:, (0, 1, 3)], expected[:, (0, 1, 3)], rtol=1e-5)  # fit's own "mae" is read late
    older = numbers(training, asked(LAYERS["plain"], rules=FIRST_RULES, metric="Largest()"))
    assert all(epoch[2:] == [0, 0] for epoch in older), "an older study goes on as it was"


def test_that_a_model_with_a_fit_of_its_own_draws_what_the_loops_draw(training: Any) -> None:
    layers = LAYERS["without a seed"]
    by_fit = numbers(training, asked(layers, model="OwnFit"))
    np.testing.assert_allclose(by_fit, numbers(training, asked(layers)), rtol=1e-5)


def test_that_an_older_study_draws_as_it_did(training: Any) -> None:
    def call(model: Any, data: Any) -> None:
        model(np.zeros((1, *data.x_train.shape[1:]), np.float32))

    def call_and_test(model: Any, data: Any) -> None:
        call(model, data)
        model.optimizer.build(model.trainable_variables)
        model.test_step((data.x_val[:1], data.y_val[:1]))
        model.reset_metrics()

    request = asked(LAYERS["GRU"], rules=FIRST_RULES)
    np.testing.assert_allclose(numbers(training, request), by_keras(request, call_and_test), rtol=1e-5)
    np.testing.assert_allclose(numbers(training, request), by_keras(request, call), rtol=1e-5)


def test_that_no_model_that_draws_unseen_is_compiled(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.training.plan, "XLA_STEPS", 1)
    compiled = {}
    for kind in ("counting", "function", "without a seed", "TensorFlow's"):
        training._loops._loops.clear()
        _epochs, end = train(training, asked(LAYERS[kind]))
        ((*_graph, sizes),) = training._loops._loops
        compiled[kind] = sizes is not None
        assert (NOT_COMPILED in end.message) is not compiled[kind], "the script has to know it"
    assert compiled == {"counting": True, "function": True, "without a seed": False, "TensorFlow's": False}


@pytest.mark.parametrize("model", ["keras.Sequential", "OwnFit"])
def test_that_the_recorded_type_of_numbers_is_the_one_that_trains(training: Any, model: str) -> None:
    single = numbers(training, asked(LAYERS["plain"], model=model))
    double = numbers(training, asked(LAYERS["plain"], model=model, floatx="float64"))
    assert numbers(training, asked(LAYERS["plain"], model=model)) == single != double
    assert not np.array_equal(double, np.asarray(double, np.float32)), "all digits are reported"
    assert np.array_equal(single, np.asarray(single, np.float32))
    np.testing.assert_allclose(double, single, rtol=0.1)

    _epochs, end = train(training, asked(LAYERS["plain"], model=model, floatx="float64", rate=1e6))
    assert end.reason is FailureReason.DIVERGED


def test_that_layers_have_the_type_of_numbers_that_a_model_file_sets(training: Any) -> None:
    request = asked(LAYERS["plain"], before="keras.config.set_floatx('float64')")
    np.testing.assert_allclose(numbers(training, request), by_keras(request), rtol=1e-10)


def test_that_what_a_model_file_sets_counts_for_its_own_trial_only(training: Any) -> None:
    import keras

    plain = numbers(training, asked(LAYERS["plain"]))
    for setting in (
        "keras.config.set_dtype_policy('mixed_float16')",
        "keras.mixed_precision.set_global_policy('mixed_bfloat16')",
        "keras.config.set_floatx('float64')",
        "keras.config.set_epsilon(0.1)",
        "tf.config.run_functions_eagerly(True)",
    ):
        set_so = numbers(training, asked(LAYERS["plain"], before=setting))
        assert set_so != plain or "epsilon" in setting or "eagerly" in setting, "it counts for its own trial"
        np.testing.assert_allclose(set_so, plain, rtol=0.1)
        assert numbers(training, asked(LAYERS["plain"])) == plain, setting
        assert keras.config.epsilon() == 1e-7


def idle(connection: Connection) -> None:
    connection.recv_bytes()


@pytest.mark.shares_processes
def test_that_workers_of_another_number_of_threads_are_replaced() -> None:
    trainer = WorkerTrainer(idle)
    try:
        (first,) = (worker.pid for worker in trainer.workers)
        trainer.resize(1, trainer.threads)
        assert [worker.pid for worker in trainer.workers] == [first]
        trainer.resize(1, trainer.threads + 2)
        assert [worker.pid for worker in trainer.workers] != [first]
    finally:
        trainer.close()


def test_that_keras_loads_whatever_its_file_says(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    (tmp_path / "keras.json").write_text('{"floatx": "float8", "epsilon": 1}')
    code = (
        "import os\nfrom core.training.trial import Training\nimport keras\n"
        "print(keras.config.floatx(), os.environ['KERAS_HOME'])"
    )
    environment = os.environ | {"KERAS_HOME": str(tmp_path)}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, env=environment, check=True
    )
    assert done.stdout.split() == ["float32", str(tmp_path)]
