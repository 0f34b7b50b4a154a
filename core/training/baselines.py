"""Baselines: what simple predictions score on the validation rows, by the study's own loss and metrics.

They are measured before a trial's first training, on a model of their own: nothing of them is left when the trial's
model is built, so its numbers are the same without them.
"""

import gc
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras
import numpy as np
import tensorflow as tf

from core.datasets.features import Rows
from core.datasets.prepare import PreparedData, prepare, with_class_columns
from core.events import Baseline, BaselinesMeasured, TrialReport
from core.models.compiled import compiled_metrics, overridden
from core.models.custom.building import loss_name, wants_columns
from core.models.family import HEADS
from core.models.keras_runtime import configure
from core.objective import is_metric_name
from core.tables.description import Task
from core.training.plan import VALIDATION_ROWS
from core.training.request import TrialRequest
from core.training.simple_models import constant, linear
from core.training.strategies import shape_of

_OWN_SCORES = ("test_step", "compute_loss", "compute_metrics", "get_metrics_result", "compile", "fit", "evaluate")
"""Methods of Keras by which a model may report other numbers than those of its loss and metrics."""
_PROBABLE = ("crossentropy", "mean", "huber", "log_cosh", "logcosh")
"""Parts of the names of Keras's losses that take probabilities, unless they say that they take logits."""
_LEAST = 1e-7
"""The least probability, as in Keras."""
_LARGE = 1_000_000
"""Weights from which on a model must not stay in memory while the trial's is built."""
_EAGER_STEPS = 20
"""Validation steps up to which it is faster not to trace a graph."""


def measured(request: TrialRequest) -> Iterator[list[TrialReport]]:
    """Measure the baselines of each of a trial's trainings if the request asks for it; yield the reports, often none.

    Between two steps the trial can be paused or given up. Nothing is raised: what is wrong with the data or the model,
    the training will tell.
    """
    if not request.baselines or request.test_epochs:
        return
    try:
        yield from _measured(request)
    except (Exception, SystemExit):  # noqa: BLE001  a model file may raise anything
        return


def _measured(request: TrialRequest) -> Iterator[list[TrialReport]]:
    data = prepare(request.data, request.split_seed, 1)
    yield []
    configure(request.conduct)
    judge = _judge_of(request, data)
    scores: dict[Baseline, dict[str, float]] = {}
    for fit in range(1, request.fits + 1):
        if fit == 1 or request.data.folds:  # without folds all repeats have the same rows
            data, scores = prepare(request.data, request.split_seed, fit), {}
            for baseline in Baseline:
                yield []
                if judge is not None:
                    scores[baseline] = judge.scores(data, _predictions(request, data, baseline, judge.columns))
        found = {baseline: metrics for baseline, metrics in scores.items() if metrics}
        yield [BaselinesMeasured(trial=request.trial, fit=fit, scores=found)]


def _predictions(request: TrialRequest, data: PreparedData, baseline: Baseline, columns: int) -> Rows | None:
    if baseline is Baseline.CONSTANT:
        return constant(data, columns)
    return linear(data, columns, seed=request.split_seed, times=max(1, request.data.folds * request.data.repeats))


@dataclass(frozen=True)
class _Judge:
    """A loss and metrics, and the predictions that they take.

    Predictions are rows × `columns`: of classes their probabilities, or the only probability that matters; else the
    target in its own unit. `logits`: the loss takes the logits of the probabilities. `of_columns`: it takes a target
    column for each class.
    """

    loss: Any
    metrics: Sequence[Any]
    columns: int = 1
    logits: bool = False
    of_columns: bool = False

    def scores(self, data: PreparedData, predictions: Rows | None) -> dict[str, float]:
        """Return the loss and the metrics by the names that they have in validation, without those that fail."""
        if predictions is None:
            return {}
        targets = (with_class_columns(data) if self.of_columns else data).y_val
        given = _logits(predictions) if self.logits else predictions
        try:
            return _evaluated(self.loss, self.metrics, targets, given)
        except Exception:  # noqa: BLE001  one of the metrics; which one, is seen when each is alone
            found: dict[str, float] = {}
            for metrics in ([], *([metric] for metric in self.metrics)):
                found |= _evaluated_if_possible(self.loss, metrics, targets, given)
            return found


def _judge_of(request: TrialRequest, data: PreparedData) -> _Judge | None:
    """Return who scores the predictions; None if it is not certain what the model's loss takes."""
    if request.file is None:
        head = HEADS[data.task]
        return _Judge(head.loss, head.metrics, columns=len(data.classes) if data.task is Task.MULTICLASS else 1)
    keras.utils.clear_session(free_memory=False)
    model = request.family.build(request.values, shape_of(data), request.seed)
    judge, large = _judge_in(model, data), model.count_params() > _LARGE
    del model
    if large:
        gc.collect()  # Keras's models are full of cycles
    return judge


def _judge_in(model: keras.Model, data: PreparedData) -> _Judge | None:
    if overridden(model, _OWN_SCORES):
        return None
    if getattr(model, "loss", None) is None or model._compile_config.config.get("loss_weights") is not None:
        return None
    of_columns = wants_columns(model)
    columns = len(data.classes) if of_columns or "sparse" in loss_name(model) else 1
    targets = (with_class_columns(data) if of_columns else data).y_train[:1]
    metrics = _metrics_of(model, targets, columns)
    if data.task is not Task.REGRESSION:
        logits = _takes_logits(model)
        return None if logits is None else _Judge(model.loss, metrics, columns, logits, of_columns)
    judge = _Judge(model.loss, metrics)
    return judge if _takes_the_target(judge, data) else None


def _metrics_of(model: keras.Model, targets: Rows, columns: int) -> list[keras.metrics.Metric]:
    """Return the metrics that the model was compiled with."""
    with suppress(Exception):  # one that fails was made all the same
        model.compute_metrics(None, targets, np.ones((1, columns), np.float32))  # makes those that are named only
    return compiled_metrics(model)


def _takes_logits(model: keras.Model) -> bool | None:
    """Return whether the loss takes logits of classes, else probabilities; None if that is not known."""
    loss = keras.losses.get(model.loss)
    said = getattr(loss, "from_logits", None)
    if isinstance(said, bool):
        return said
    home = loss if hasattr(loss, "__name__") else type(loss)
    if str(home.__module__).startswith("keras.") and any(part in loss_name(model) for part in _PROBABLE):
        return False
    last = model.layers[-1] if model.layers else None
    probable = (keras.activations.softmax, keras.activations.sigmoid)
    if isinstance(last, keras.layers.Softmax) or getattr(last, "activation", None) in probable:
        return False
    return None


def _takes_the_target(judge: _Judge, data: PreparedData) -> bool:
    """Return whether the targets themselves are better predictions than others, higher or lower, for the loss.

    They are not where the model's predictions mean something else, such as the target's logarithm.
    """
    targets = data.y_val[:VALIDATION_ROWS]
    far = float(np.std(data.y_train)) or 1.0

    def loss(predictions: Rows) -> float:
        return _evaluated(judge.loss, (), targets, predictions).get("val_loss", math.inf)

    return loss(targets) < min(loss(targets - far), loss(targets + far))


def _evaluated(loss: Any, metrics: Sequence[Any], targets: Rows, predictions: Rows) -> dict[str, float]:
    """Return what a model with these predictions would report in validation, as far as it is finite."""
    model = keras.Sequential([keras.Input(predictions.shape[1:]), keras.layers.Identity()])
    model.compile(loss=loss, metrics=list(metrics))
    model.test_step((predictions[:1], targets[:1]))  # makes the metrics' variables, because a graph must not make them
    model.reset_metrics()
    few = len(targets) <= _EAGER_STEPS * VALIDATION_ROWS
    step = model.test_step if few else tf.function(model.test_step, autograph=False, reduce_retracing=True)
    for first in range(0, len(targets), VALIDATION_ROWS):
        rows = slice(first, first + VALIDATION_ROWS)
        step((tf.constant(predictions[rows]), tf.constant(targets[rows])))
    numbers = {f"val_{name}": float(np.mean(value)) for name, value in model.get_metrics_result().items()}
    return {name: number for name, number in numbers.items() if is_metric_name(name) and math.isfinite(number)}


def _evaluated_if_possible(loss: Any, metrics: Sequence[Any], targets: Rows, predictions: Rows) -> dict[str, float]:
    try:
        return _evaluated(loss, metrics, targets, predictions)
    except Exception:  # noqa: BLE001  what fails is left out
        return {}


def _logits(probabilities: Rows) -> Rows:
    """Return the logits: of one column those of its share, of several their logarithms."""
    bounded = np.clip(probabilities.astype(np.float64), _LEAST, 1 - _LEAST)
    logits = np.log(bounded) - (np.log1p(-bounded) if bounded.shape[1] == 1 else 0.0)
    return logits.astype(np.float32)
