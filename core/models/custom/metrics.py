"""Whether the metrics of a compiled model get what they are made for: the number of the class, or a column for each.

TensorFlow broadcasts one target column over several of predictions without a word, so a metric that wants a column for
each class gives numbers that mean nothing. What Keras's own metrics want is known; a metric or a function of the file's
own is taken to know what it gets.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from core.formatting import listed
from core.models.compiled import compiled_metrics, name_of_loss, overridden

_HANDING = ("test_step", "compute_metrics")
"""Methods that hand targets and predictions to the metrics: one of the model's own may hand them anything."""
_WITHOUT_TARGETS = ("Mean", "Sum")
_OF_CLASSES = (
    keras.metrics.AUC,
    keras.metrics.Precision,
    keras.metrics.Recall,
    keras.metrics.FBetaScore,
    keras.metrics.IoU,
)
_PARTS_OF_CLASSES = (
    "accuracy",
    "hinge",
    "crossentropy",
    "positives",
    "negatives",
    "sensitivity",
    "specificity",
    "atrecall",
)
_SPARSE = {
    "CategoricalAccuracy": "SparseCategoricalAccuracy",
    "TopKCategoricalAccuracy": "SparseTopKCategoricalAccuracy",
    "CategoricalCrossentropy": "SparseCategoricalCrossentropy",
    "categorical_accuracy": "sparse_categorical_accuracy",
    "top_k_categorical_accuracy": "sparse_top_k_categorical_accuracy",
    "categorical_crossentropy": "sparse_categorical_crossentropy",
}
"""What takes the number of the class, for what takes a column for each."""


class _Kind(NamedTuple):
    """A metric that follows Keras's own rules: the name of Keras's class or function, and the metric itself."""

    name: str
    metric: Any

    @property
    def words(self) -> str:
        """The name of the class as the file has it, with the one that the file gave the metric: F1Score (“f1”)."""
        given, own = str(self.metric.name), type(self.metric)
        name = self.name if _is_of_keras(own) else own.__name__
        return name if _alike(given).startswith((_alike(self.name), _alike(name))) else f"{name} (“{given}”)"

    @property
    def is_sparse(self) -> bool:
        return "sparse" in self.name.lower()

    @property
    def is_overlap(self) -> bool:
        """Whether it is one of the classes that count intersections over unions."""
        return isinstance(self.metric, keras.metrics.IoU)

    @property
    def is_of_two(self) -> bool:
        """Whether it takes each column by itself, as being above the threshold or not."""
        return _alike(self.name) in ("binaryaccuracy", "binaryiou")

    @property
    def is_of_classes(self) -> bool:
        """Whether it counts right and wrong classes, or wants their probabilities."""
        return isinstance(self.metric, _OF_CLASSES) or any(part in _alike(self.name) for part in _PARTS_OF_CLASSES)

    @property
    def wants_probabilities(self) -> bool:
        """Whether it was made for outputs between 0 and 1, and not for logits."""
        given = self.metric
        by_half = getattr(given, "threshold", None) == 0.5 or getattr(given, "thresholds", None) == [0.5]
        if self.name in ("BinaryAccuracy", "binary_accuracy"):
            by_half = given._fn_kwargs.get("threshold", 0.5) == 0.5
        return by_half or False in (getattr(given, "from_logits", None), getattr(given, "_from_logits", None))

    @property
    def compares_outputs(self) -> bool:
        """Whether it looks which output is the largest."""
        score = isinstance(self.metric, keras.metrics.FBetaScore) and self.metric.threshold is None
        return score or "categorical" in self.name.lower() or (self.is_overlap and not self.is_of_two)

    def overlaps(self, *, of_numbers: bool) -> bool:
        """Return whether it is such a class, for numbers of classes or columns, and outputs with a column for each."""
        return self.is_overlap and bool(self.metric.sparse_y_true) is of_numbers and not self.metric.sparse_y_pred


def why_unsuitable(model: keras.Model, outputs: Any, *, classes: int, by_columns: bool) -> str:
    """Return a sentence on metrics that cannot be right with the model's loss and outputs; empty if all can.

    `outputs` (rows × outputs) are the model's for any rows of a classification. `by_columns`: the loss takes a column
    for each of the `classes`, else the number of the class.
    """
    if overridden(model, _HANDING):
        return ""
    kinds = _kinds(_compiled(model, outputs, classes if by_columns else 1))
    exact = [kind.words for kind in kinds if _alike(kind.name) == "accuracy"]
    if exact:
        return f'{exact[0]} counts outputs that equal the target, which probabilities never do: use "accuracy"'
    if outputs.shape[-1] == 1:
        return _for_one_output([kind for kind in kinds if kind.compares_outputs])
    loss = name_of_loss(model.loss)
    if by_columns:
        return _for_columns([kind for kind in kinds if not _suits_columns(kind, classes)], loss)
    return _for_numbers([kind for kind in kinds if not _suits_numbers(kind)], loss, classes)


def remark_on(model: keras.Model, outputs: Any, *, of_classes: bool) -> str:
    """Return a sentence on metrics that say nothing of what the model predicts; empty if all do.

    `outputs` (rows × outputs) are the model's for any rows. Not `of_classes`, it predicts a number. It may be trained
    all the same: by another objective all is well.
    """
    if overridden(model, _HANDING):
        return ""
    kinds = _kinds(_compiled(model, outputs, outputs.shape[-1]))
    if not of_classes:
        unsuited = [kind for kind in kinds if kind.is_of_classes]
        return _sentence(unsuited, ("is for classes", "are for classes"), "the target is a number", {}, '"mae"')
    loss = _loss_without_probabilities(model)
    if not loss:
        return ""
    unsuited = [kind for kind in kinds if kind.wants_probabilities]
    instead = {"BinaryAccuracy": "BinaryAccuracy with threshold=0", "AUC": "AUC with from_logits=True"}
    last = "sigmoid" if outputs.shape[-1] == 1 else "softmax"
    otherwise = f'activation="{last}" in the last layer with a loss for it'
    return _sentence(
        unsuited, ("takes probabilities", "take probabilities"), f"the loss {loss} does not", instead, otherwise
    )


def _loss_without_probabilities(model: keras.Model) -> str:
    """Return the name of a loss on logits or margins, if the last layer does make no probabilities; else empty."""
    loss = model.loss
    name = name_of_loss(loss)
    activation = getattr(model.layers[-1], "activation", None) if model.layers else None
    is_logits = getattr(loss, "from_logits", False) is True and activation is keras.activations.linear
    is_margin = "hinge" in name.lower() and activation in (keras.activations.linear, keras.activations.tanh)
    return f"{name} with from_logits=True" if is_logits else name if is_margin else ""


def _suits_numbers(kind: _Kind) -> bool:
    return kind.overlaps(of_numbers=True) if kind.is_overlap else kind.is_sparse


def _suits_columns(kind: _Kind, classes: int) -> bool:
    if kind.is_of_two:
        return classes == 2  # both columns are then right, or none is
    return kind.overlaps(of_numbers=False) if kind.is_overlap else not kind.is_sparse


def _for_one_output(unsuited: Sequence[_Kind]) -> str:
    instead = {"F1Score": "F1Score with threshold=0.5", "FBetaScore": "FBetaScore with threshold=0.5"}
    overlaps = dict.fromkeys(("IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU"), "BinaryIoU")
    does = ("looks which of several outputs is the largest", "look which of several outputs is the largest")
    return _sentence(unsuited, does, "the model has one output", instead | overlaps, '"accuracy"')


def _for_columns(unsuited: Sequence[_Kind], loss: str) -> str:
    dense = {sparse: dense for dense, sparse in _SPARSE.items()}
    two = {"BinaryAccuracy": "CategoricalAccuracy", "binary_accuracy": "categorical_accuracy"}
    overlaps = {"IoU": "OneHotIoU", "MeanIoU": "OneHotMeanIoU", "BinaryIoU": "OneHotIoU"}
    does = (
        "does not take one column for each of several classes",
        "do not take one column for each of several classes",
    )
    return _sentence(unsuited, does, f"the loss {loss} does", dense | two | overlaps, '"accuracy"')


def _for_numbers(unsuited: Sequence[_Kind], loss: str, classes: int) -> str:
    two = {"BinaryAccuracy": "SparseCategoricalAccuracy", "binary_accuracy": "sparse_categorical_accuracy"}
    of_numbers = "sparse_y_true=True and sparse_y_pred=False"
    overlaps = {f"{hot}{name}": f"{name} with {of_numbers}" for name in ("IoU", "MeanIoU") for hot in ("", "OneHot")}
    ending = 'Dense(1, activation="sigmoid") with the loss binary_crossentropy, or ' if classes == 2 else ""
    does = ("wants one column for each class", "want one column for each class")
    return _sentence(
        unsuited,
        does,
        f"the loss {loss} takes the number of the class",
        _SPARSE | two | overlaps,
        f"{ending}the loss categorical_crossentropy",
    )


def _sentence(
    unsuited: Sequence[_Kind], does: tuple[str, str], but: str, instead: Mapping[str, str], otherwise: str
) -> str:
    """Return the sentence on the metrics: what one does, or several do, why that is wrong, and what to write."""
    if not unsuited:
        return ""
    names = list(dict.fromkeys(kind.words for kind in unsuited))
    others = list(dict.fromkeys(instead[kind.name] for kind in unsuited if kind.name in instead))
    use = f"{listed(others)}, or {otherwise}" if others else otherwise
    return f"{listed(names)} {does[len(names) > 1]}, but {but}: use {use}"


def _compiled(model: keras.Model, outputs: Any, columns: int) -> list[keras.metrics.Metric]:
    """Return the metrics that the model was compiled with; none if Keras cannot make one: the training will say so."""
    group = next((group for group in model.metrics if group.name == "compile_metrics"), None)
    if group is None:
        return []
    try:
        if not group.built:  # metrics that are only named are made by the shapes of what they get
            group.build(np.zeros((len(outputs), columns), np.float32), outputs)
    except Exception:  # noqa: BLE001  a metric of the file's own may raise anything
        return []
    return compiled_metrics(model)


def _kinds(metrics: Iterable[keras.metrics.Metric]) -> list[_Kind]:
    """Return the metrics that follow Keras's rules: none that takes targets and predictions in a way of its own."""
    kinds = []
    for metric in metrics:
        updating = next(kind for kind in type(metric).__mro__ if "update_state" in vars(kind))
        function = getattr(metric, "_fn", None) if updating is keras.metrics.MeanMetricWrapper else None
        is_of_keras = _is_of_keras(updating) and (function is None or _is_of_keras(function))
        if is_of_keras and updating.__name__ not in _WITHOUT_TARGETS:
            kind = next(kind for kind in type(metric).__mro__ if _is_of_keras(kind))
            named = function if kind is keras.metrics.MeanMetricWrapper else kind
            kinds.append(_Kind(getattr(named, "__name__", type(named).__name__), metric))
    return kinds


def _is_of_keras(what: Any) -> bool:
    """Return whether a class, a function or the class of an object is Keras's own."""
    module = what.__module__ if isinstance(what, type) or hasattr(what, "__name__") else type(what).__module__
    return str(module).partition(".")[0] == "keras"


def _alike(name: str) -> str:
    """Return what the names of a class and of a metric that Keras names after it have in common."""
    return name.replace("_", "").lower()
