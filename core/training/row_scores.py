"""How sure a score on the test part is: what each row scores, and the confidence intervals that follow."""

import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras
import numpy as np
import tensorflow as tf

from core.datasets.settings import TargetScale
from core.events import RowsScored
from core.models.compiled import compiled_metrics
from core.models.keras_state import unmoved, variables_of
from core.models.target_scale import ReportedLoss, ReportedMetric, in_unit
from core.training import intervals
from core.training.intervals import Interval, Numbers
from core.training.plan import VALIDATION_ROWS
from core.training.strategies import FitJob

_Epochs = Sequence[Mapping[str, float]]
_RowFunction = Callable[[Any, Any], Any]
"""From targets and predictions (rows × columns) to a number for each row."""

_TOLERANCE = 1e-4
"""By how much, relatively, the mean over the rows may differ from the recorded number, which was summed in 32 bits."""


@dataclass(frozen=True)
class _Scored:
    """What each row scored in a training. `root`: the metric is the root of the values' mean."""

    values: Numbers
    number: float
    root: bool = False


class RowScores:
    """Gathers the rows' scores over the trainings of an evaluation.

    A metric has an interval only where the mean of its rows' values, or the root of that mean, is the number that was
    reported: areas under curves, penalties and means over batches are no such means.
    """

    def __init__(self) -> None:
        self._trainings: list[dict[str, _Scored]] = []
        self._rows = 0
        self._groups: Any = None

    def after(
        self, pieces: Generator[_Epochs, None, str], job: FitJob, model: keras.Model
    ) -> Generator[_Epochs, None, str]:
        """Pass on the epochs of a training; after the last one find the rows' scores with `model`, which was trained.

        Nothing that the model raises then is raised: its metrics have been reported.
        """
        logs: Mapping[str, float] = {}
        with closing(pieces):
            for epochs in pieces:
                logs = epochs[-1] if epochs else logs
                yield epochs
        self._rows, self._groups = len(job.data.x_val), job.data.groups
        try:
            with unmoved([*job.variables, *variables_of(model)]):
                self._trainings.append(dict(_scored(job, model, logs)))
        except Exception:  # noqa: BLE001  a model may raise anything; without the rows there are no intervals
            self._trainings.append({})
        return ""

    def report(self, trial: int) -> list[RowsScored]:
        """Return the report after the last training; none if the request was no evaluation."""
        if not self._trainings:
            return []
        names = [name for name in self._trainings[0] if all(name in training for training in self._trainings)]
        found = {name: self._interval([training[name] for training in self._trainings]) for name in names}
        sure = {name: ends for name, ends in found.items() if ends is not None and all(map(math.isfinite, ends))}
        return [RowsScored(trial=trial, rows=self._rows, intervals=sure)]

    def _interval(self, trainings: Sequence[_Scored]) -> Interval | None:
        """Return the interval of a metric's mean over the trainings, which all have the same rows."""
        values = np.mean([scored.values for scored in trainings], axis=0)
        if all(scored.root for scored in trainings):
            return intervals.of_root(values, float(np.mean([scored.number for scored in trainings])), self._groups)
        if all(np.isin(scored.values, (0.0, 1.0)).all() for scored in trainings):
            return intervals.of_share(values, self._groups)
        return intervals.of_mean(values, self._groups)


def _scored(job: FitJob, model: keras.Model, logs: Mapping[str, float]) -> Iterator[tuple[str, _Scored]]:
    """Yield the metrics that are means over the rows, each with what the rows scored."""
    scale = job.scale
    predictions = tf.constant(_predicted(job, model))
    targets = tf.constant(job.data.y_val)
    if scale is not TargetScale.AS_IT_IS:
        targets, predictions = in_unit(targets, predictions, scale)
    for name, function in _row_functions(model).items():
        number = logs.get(f"val_{name}")
        if number is None:
            continue
        scored = _found(function, targets, predictions, number)
        if scored is None and targets.shape == predictions.shape and targets.shape[1] == 1:
            scored = _as_root(_squares, targets, predictions, number)
        if scored is not None:
            yield name, scored


def _predicted(job: FitJob, model: keras.Model) -> Numbers:
    """Return the model's predictions for the rows of the test part (rows × columns)."""
    own = job.model
    if own is not model:  # cached loops keep a model that was built for another width
        for mine, trained in zip(own.weights, model.weights, strict=True):
            mine.assign(trained.value)
    rows = job.data.x_val
    blocks = [
        np.asarray(own(rows[first : first + VALIDATION_ROWS], training=False))
        for first in range(0, len(rows), VALIDATION_ROWS)
    ]
    return np.concatenate(blocks)


def _row_functions(model: keras.Model) -> dict[str, _RowFunction]:
    """Return what gives a row's value of the loss and of each metric that may be a mean over rows, by their names."""
    metrics = compiled_metrics(model)
    found: dict[str, _RowFunction] = {}
    if not any(isinstance(metric, ReportedLoss) for metric in metrics):
        found["loss"] = _loss_of_rows(model.loss)
    for metric in metrics:
        if isinstance(metric, ReportedLoss):
            found["loss"] = _loss_of_rows(metric.given)
            continue
        own = metric.metric if isinstance(metric, ReportedMetric) else metric
        if isinstance(own, keras.metrics.MeanMetricWrapper):
            found[metric.name] = _value_of_rows(own)
        elif isinstance(own, keras.metrics.RootMeanSquaredError):
            found[metric.name] = _squares
    return found


def _loss_of_rows(given: Any) -> _RowFunction:
    loss = keras.losses.get(given)
    function: _RowFunction = loss.call if isinstance(loss, keras.losses.Loss) else loss
    return function


def _value_of_rows(metric: keras.metrics.MeanMetricWrapper) -> _RowFunction:
    return lambda targets, predictions: metric._fn(targets, predictions, **metric._fn_kwargs)


def _squares(targets: Any, predictions: Any) -> Any:
    return tf.square(tf.cast(targets, tf.float64) - tf.cast(predictions, tf.float64))


def _found(function: _RowFunction, targets: Any, predictions: Any, number: float) -> _Scored | None:
    """Return the rows' values if their mean is the number; None if it is not, or there are none."""
    try:
        values = np.asarray(function(targets, predictions), np.float64)
        if not values.ndim:
            values = np.asarray(_row_by_row(function, targets, predictions), np.float64)
    except Exception:  # noqa: BLE001  a function of a model file may raise anything
        return None
    if not values.ndim or len(values) != len(targets):
        return None
    values = values.reshape(len(values), -1).mean(axis=1)
    return _Scored(values, number) if _is(float(values.mean()), number) else None


def _row_by_row(function: _RowFunction, targets: Any, predictions: Any) -> Any:
    """Return the values of a function that gives one number for all rows, each row for itself."""
    return tf.vectorized_map(
        lambda row: function(row[0][None], row[1][None]), (targets, predictions), fallback_to_while_loop=False
    )


def _as_root(squares: _RowFunction, targets: Any, predictions: Any, number: float) -> _Scored | None:
    """Return the rows' squares if the root of their mean is the number, else None."""
    values = np.asarray(squares(targets, predictions), np.float64)[:, 0]
    root = math.sqrt(float(values.mean()))
    return _Scored(values, number, root=True) if root and _is(root, number) else None


def _is(found: float, number: float) -> bool:
    return math.isclose(found, number, rel_tol=_TOLERANCE, abs_tol=1e-7)
