"""The values that a metric can have, as far as its name tells."""

import math
import re

from core.progress import StudyProgress
from core.settings import StudySettings

Range = tuple[float, float]
UNBOUNDED: Range = (-math.inf, math.inf)
_SHARE: Range = (0.0, 1.0)
_NOT_NEGATIVE: Range = (0.0, math.inf)
_CORRELATION: Range = (-1.0, 1.0)
_AT_MOST_ONE: Range = (-math.inf, 1.0)
_BY_NAME = {
    "acc": _SHARE,
    "accuracy": _SHARE,
    "auc": _SHARE,
    "precision": _SHARE,
    "recall": _SHARE,
    "sensitivity": _SHARE,
    "specificity": _SHARE,
    "f1": _SHARE,
    "f1 score": _SHARE,
    "fbeta score": _SHARE,
    "iou": _SHARE,
    "io u": _SHARE,
    "error": _NOT_NEGATIVE,
    "mse": _NOT_NEGATIVE,
    "rmse": _NOT_NEGATIVE,
    "mae": _NOT_NEGATIVE,
    "mape": _NOT_NEGATIVE,
    "msle": _NOT_NEGATIVE,
    "logcosh": _NOT_NEGATIVE,
    "log cosh": _NOT_NEGATIVE,
    "crossentropy": _NOT_NEGATIVE,
    "hinge": _NOT_NEGATIVE,
    "positives": _NOT_NEGATIVE,
    "negatives": _NOT_NEGATIVE,
    "cosine similarity": _CORRELATION,
    "r2": _AT_MOST_ONE,
    "r2 score": _AT_MOST_ONE,
    "r squared": _AT_MOST_ONE,
}
"""What a metric's name ends in, as words, and the values that it can then have: Keras's metrics, and usual names."""
_NUMBERED = re.compile(r"_[0-9]+$")
"""How Keras tells two metrics of one name apart."""
_AT_SOMETHING = ("sensitivity at ", "specificity at ", "precision at ", "recall at ")
"""What the names of some of Keras's metrics begin with: a share at another share."""


def bounds_of(quantity: str, settings: StudySettings) -> Range:
    """Return the least and the most that a quantity of the study can be; ±∞ where nothing is known.

    The loss of a model file can be anything, those of the other models are never below zero.
    """
    if quantity == "loss":
        return UNBOUNDED if settings.model.file is not None else _NOT_NEGATIVE
    name = _NUMBERED.sub("", quantity.lower()).replace("_", " ")
    if name.startswith(_AT_SOMETHING):
        return _SHARE
    return next((bounds for end, bounds in _BY_NAME.items() if name == end or name.endswith(f" {end}")), UNBOUNDED)


def objective_bounds(progress: StudyProgress) -> Range:
    """Return the bounds of the study's objective; ±∞ where its best result is beyond, so the name misleads."""
    low, high = bounds_of(progress.objective.quantity, progress.settings)
    best = None if progress.best is None else progress.best.objective
    return (low, high) if best is None or low <= best <= high else UNBOUNDED


def within_bounds(progress: StudyProgress, objective: float) -> float:
    """Return a believed objective, within those bounds."""
    least, most = objective_bounds(progress)
    return min(max(objective, least), most)
