"""Simple predictions for the validation rows: always the same, and those of a linear model of scikit-learn."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from core.datasets.features import Rows
from core.datasets.prepare import PreparedData
from core.tables.description import Task

_MOST_NUMBERS = 1e7
"""Features × classes of the rows that a linear model learns from: so many take a second at most."""
_MOST_WORK = 5e9
"""Multiplications of a linear regression: rows times features times the fewer of both."""
_MOST_PREDICTED = 2e8
"""Features × classes of the rows that are predicted."""
_FEWEST_ROWS = 200
"""A linear model that would have to be learnt from fewer of many rows says nothing."""
_BLOCK = 2**22
"""Numbers of the rows that are predicted at once."""


def constant(data: PreparedData, columns: int) -> Rows:
    """Return for each validation row (rows × columns) the mean of the training part or the shares of its classes."""
    target = data.y_train[:, 0]
    if columns == 1:  # of two classes the mean is the share of the second
        always = np.array([target.mean(dtype=np.float64)])
    else:
        always = np.bincount(target.astype(int), minlength=columns) / len(target)
    return np.broadcast_to(always.astype(np.float32), (len(data.x_val), columns))


def linear(data: PreparedData, columns: int, *, seed: int, times: int = 1) -> Rows | None:
    """Return the validation rows' predictions (rows × columns) by a linear model: numbers, or the classes' shares.

    It is scikit-learn's with its own defaults, Ridge or LogisticRegression, on standardised features. It learns from
    as many rows as take about a second where that is done so many `times`, drawn by `seed`. Returns None when that
    would be too few, and when it cannot be trained.
    """
    shares = columns > 1 or data.task is Task.BINARY
    features, validation = (x.reshape(len(x), -1) for x in (data.x_train, data.x_val))
    width = features.shape[1]
    count = _rows_to_learn_from(len(features), width, columns if shares else 0, times)
    if not count or len(validation) * width * columns > _MOST_PREDICTED / times:
        return None
    rows = np.sort(np.random.default_rng(seed).permutation(len(features))[:count])
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), threadpool_limits(1):
            warnings.simplefilter("ignore")
            return _learnt(features[rows], data.y_train[rows, 0], validation, columns, shares=shares)
    except (ValueError, ArithmeticError, MemoryError):  # one class only, numbers that are too large
        return None


def _rows_to_learn_from(rows: int, width: int, classes: int, times: int) -> int:
    """Return the number of rows that a linear model can learn from in time; 0 if they are too few."""
    most = _MOST_NUMBERS / times / (width * max(1, classes))
    if not classes:
        work = _MOST_WORK / times
        most = min(most, max(work / width**2, min(width, (work / width) ** 0.5)))
    count = min(rows, int(most))
    return count if count >= min(rows, _FEWEST_ROWS) else 0


def _learnt(x: Rows, y: NDArray[np.float32], validation: Rows, columns: int, *, shares: bool) -> Rows:
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model: Any = make_pipeline(StandardScaler(), LogisticRegression() if shares else Ridge())
    model.fit(x.astype(np.float64), y.astype(int) if shares else y.astype(np.float64))
    found = np.zeros((len(validation), max(2, columns) if shares else 1), np.float32)
    count = max(1, _BLOCK // max(validation.shape[1], found.shape[1]))
    for first in range(0, len(validation), count):
        block = validation[first : first + count].astype(np.float64)
        if shares:
            found[first : first + count, model[-1].classes_] = model.predict_proba(block)
        else:
            found[first : first + count, 0] = model.predict(block)
    return found[:, 1:] if shares and columns == 1 else found
