"""Builds the model of a trial from a model file, and checks that its output suits the data."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from itertools import chain
from typing import Any

import keras
import numpy as np

from core.errors import ModelFileError
from core.models.compiled import name_of_loss
from core.models.custom.metrics import remark_on, why_unsuitable
from core.models.custom.program import Output, execute, printing_to
from core.models.family import DataShape
from core.models.keras_state import unmoved, variables_of
from core.ranges import Value
from core.tables.description import Task

_LOSSES_OF_TWO = ("binary", "hinge")


def build(
    source: str,
    path: str,
    values: Mapping[str, Value],
    data: DataShape,
    seed: int,
    made: Iterable[Any] | None = None,
) -> keras.Model:
    """Return the compiled model with all its variables; every random draw follows from `seed`.

    The file is executed again for each model, so that no trial leaves anything for the next. The model is called once;
    unless `made` is None, this leaves its state, and that of the variables `made` so far, as the file built it. The
    model has three sentences as attributes, which may be empty: `afina_note` for the trial, `afina_remark`, a part of
    it, on metrics that mean nothing, and `afina_doubt` on those that cannot be right. Raises ModelFileError, and
    whatever the file raises.
    """
    with printing_to(Output()):
        keras.utils.set_random_seed(seed)
        program = execute(source, path)
        keras.utils.set_random_seed(seed)
        model, missed = program.build(values, data)
        require_model(model)
        with nullcontext() if made is None else unmoved(chain(made, variables_of(model))):
            outputs = model(np.zeros((1, *data.inputs), np.float32))
    require_fit(model, outputs, data)
    model.afina_doubt = _doubt(model, outputs, data)
    model.afina_remark = remark_on(model, outputs, of_classes=data.task is not Task.REGRESSION)
    model.afina_note = ". ".join(filter(None, [_note(missed), model.afina_remark]))
    return model


def require_model(model: object) -> None:
    """Raise ModelFileError unless `model` is a compiled Keras model."""
    if not isinstance(model, keras.Model):
        what = "nothing" if model is None else f"{type(model).__name__}, which is not a Keras model"
        raise ModelFileError(f"build_model returned {what}: it must return a compiled Keras model")
    if not model.compiled:
        raise ModelFileError("build_model returned a model that is not compiled: call model.compile(…) before")


def require_fit(model: keras.Model, outputs: Any, data: DataShape) -> None:
    """Raise ModelFileError when the output for one row cannot be compared with the data's target."""
    count, loss = _count_outputs(outputs, data), loss_name(model)
    if data.task is not Task.REGRESSION:
        _require_classes(model, loss, count, data)
    elif count != 1:
        raise ModelFileError(f"The model has {count} outputs, but one number is to be predicted: end in Dense(1)")


def _count_outputs(outputs: Any, data: DataShape) -> int:
    """Return the number of outputs for one row. Raises ModelFileError when the output is not a row of numbers."""
    shape = getattr(outputs, "shape", None)
    if shape is None or len(shape) != 2:
        got = f"the shape {tuple(shape[1:])}" if shape is not None else "several parts"
        flat = ", after Flatten()" if len(data.inputs) > 1 else ""
        raise ModelFileError(f"The model's output has {got} for a row; it must be a row of numbers: end in Dense{flat}")
    return int(shape[1])


def _require_classes(model: keras.Model, loss: str, count: int, data: DataShape) -> None:
    """Raise ModelFileError when the loss cannot separate the data's classes with `count` outputs."""
    if wants_columns(model):
        if count != data.classes:
            raise ModelFileError(f"The model has {count} outputs, but the data have {data.classes} classes")
    elif "sparse" in loss:
        if count < data.classes:
            raise ModelFileError(f"The model has {count} outputs, but the data have {data.classes} classes")
    elif count != 1:
        raise ModelFileError(
            f"The model has {count} outputs and the loss {loss}; with an output for each class the loss must be "
            "sparse_categorical_crossentropy or categorical_crossentropy"
        )
    elif data.task is Task.MULTICLASS and any(word in loss for word in _LOSSES_OF_TWO):
        raise ModelFileError(f"The loss {loss} is for two classes, but the data have {data.classes}")


def wants_columns(model: keras.Model) -> bool:
    """Return whether the loss takes one target column for each class, as to_categorical makes them, not an index."""
    loss = loss_name(model)
    return "categorical" in loss and "sparse" not in loss


def _doubt(model: keras.Model, outputs: Any, data: DataShape) -> str:
    """Return a sentence on metrics that cannot be right; a regression's compare one number with one output."""
    if data.task is Task.REGRESSION:
        return ""
    return why_unsuitable(model, outputs, classes=data.classes, by_columns=wants_columns(model))


def loss_name(model: keras.Model) -> str:
    """Return the name of the model's loss in lower case. Raises ModelFileError when it has several losses."""
    loss = model.loss
    if isinstance(loss, list | tuple | dict):
        raise ModelFileError("The model has several losses; it must have one")
    return name_of_loss(loss).lower()


def _note(missed: list[str]) -> str:
    if not missed:
        return ""
    which = f"{', '.join(missed[:3])}{' and others' if len(missed) > 3 else ''}"
    return f"Not found when the model file was read, so at its default: {which}"
