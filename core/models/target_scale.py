"""Trains a model on its target's logarithm, or on the target standardised, and reports in the target's own unit.

The batches keep the targets in their own unit: the loss that is trained turns targets into the scale, the loss and the
metrics that are reported turn predictions back. A standardised target comes with its mean and standard deviation in
two more columns.
"""

from typing import Any

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras

from core.datasets.settings import TargetScale
from core.errors import ModelFileError
from core.models.compiled import compiled_metrics, overridden

_OWN_STEPS = ("train_step", "test_step", "compute_loss", "compute_metrics", "compile", "fit", "evaluate")
"""Methods of Keras that see targets and predictions: one of the model's own would have them on two scales."""


def in_own_unit(model: keras.Model, scale: TargetScale) -> keras.Model:
    """Return the compiled model, changed so that it is trained on the scale and reports in the target's own unit.

    What it reports is without penalties of weights, which have no unit. Raises ModelFileError when it cannot be changed
    so.
    """
    _require_keras_steps(model)
    model.compile(
        optimizer=model.optimizer,
        loss=ScaledLoss(model.loss, scale),
        metrics=[ReportedLoss(model.loss, scale), *(ReportedMetric(metric, scale) for metric in _metrics(model))],
        run_eagerly=model.run_eagerly,
        jit_compile=model.jit_compile,
        steps_per_execution=model.steps_per_execution,
    )
    return model


def _require_keras_steps(model: keras.Model) -> None:
    own = overridden(model, _OWN_STEPS)
    if own:
        raise ModelFileError(
            f"The model has a {own[0]} of its own, which would see targets in one unit and predictions in another: "
            "train the target as it is"
        )
    if getattr(model, "loss", None) is None:
        raise ModelFileError("The model is compiled without a loss: give it one, or train the target as it is")


def _metrics(model: keras.Model) -> list[keras.metrics.Metric]:
    """Return the metrics that the model was compiled with."""
    one = keras.ops.ones((1, 1))
    model.compute_metrics(None, one, one)  # makes those that are named only
    found = compiled_metrics(model)
    for metric in found:
        metric.reset_state()
    return found


def _own(targets: Any) -> Any:
    return targets[:, :1]


def _scaled(targets: Any, scale: TargetScale) -> Any:
    if scale is TargetScale.LOGARITHM:
        return keras.ops.log(_own(targets))
    return (_own(targets) - targets[:, 1:2]) / targets[:, 2:3]


def in_unit(targets: Any, predictions: Any, scale: TargetScale) -> tuple[Any, Any]:
    """Return targets of batches and predictions on the scale, both (rows × 1) in the target's own unit."""
    return _own(targets), _turned_back(predictions, targets, scale)


def _turned_back(predictions: Any, targets: Any, scale: TargetScale) -> Any:
    if scale is TargetScale.LOGARITHM:
        return keras.ops.exp(predictions)
    return predictions * targets[:, 2:3] + targets[:, 1:2]


class ScaledLoss(keras.losses.Loss):  # type: ignore[misc]
    """The model's loss on the scale: what is trained."""

    def __init__(self, loss: Any, scale: TargetScale) -> None:
        self._given, self._scale = loss, scale
        found = keras.losses.get(loss)
        self._loss = found.call if isinstance(found, keras.losses.Loss) else found
        super().__init__(name="scaled_loss", reduction=getattr(found, "reduction", "sum_over_batch_size"))

    def call(self, targets: Any, predictions: Any) -> Any:
        return self._loss(_scaled(targets, self._scale), predictions)

    def get_config(self) -> dict[str, Any]:
        """Return what the traced graph depends on."""
        return {"loss": keras.saving.serialize_keras_object(self._given), "scale": str(self._scale)}


class ReportedLoss(keras.metrics.Mean):  # type: ignore[misc]
    """The mean of the batches' losses in the target's own unit.

    Its name puts it in the place of the trained loss: Keras reports the metrics after the loss, by their names.
    """

    def __init__(self, loss: Any, scale: TargetScale) -> None:
        super().__init__(name="loss")
        self.given, self._scale = loss, scale
        self._loss = keras.losses.get(loss)

    def update_state(self, targets: Any, predictions: Any, sample_weight: Any = None) -> None:
        turned_back = _turned_back(predictions, targets, self._scale)
        rows = keras.ops.shape(predictions)[0]
        super().update_state(keras.ops.mean(self._loss(_own(targets), turned_back)), sample_weight=rows)

    def get_config(self) -> dict[str, Any]:
        """Return what the traced graph depends on."""
        return {"loss": keras.saving.serialize_keras_object(self.given), "scale": str(self._scale)}


class ReportedMetric(keras.metrics.Metric):  # type: ignore[misc]
    """A metric in the target's own unit."""

    def __init__(self, metric: keras.metrics.Metric, scale: TargetScale) -> None:
        super().__init__(name=metric.name)
        self.metric, self._scale = metric, scale

    def update_state(self, targets: Any, predictions: Any, sample_weight: Any = None) -> None:
        self.metric.update_state(_own(targets), _turned_back(predictions, targets, self._scale))

    def result(self) -> Any:
        return self.metric.result()

    def reset_state(self) -> None:
        self.metric.reset_state()

    def get_config(self) -> dict[str, Any]:
        """Return what the traced graph depends on."""
        return {"metric": keras.saving.serialize_keras_object(self.metric), "scale": str(self._scale)}
