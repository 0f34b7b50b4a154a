"""Features: makes the inputs of a model from numbers and categories, by what is in the training part alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.datasets.samples import Samples

Rows = NDArray[np.float32]
Indices = NDArray[np.int64]

_BLOCK = 32 * 2**20
"""Bytes of numbers that are prepared at once: each step of a pipeline takes them anew."""


class Features:
    """Turns rows of samples into numbers.

    Numbers: a gap becomes the median; `standardise` then scales to mean 0 and standard deviation 1. Categories: gaps
    are a category of their own, and each category gets a column; one not seen in training is 0 in all columns.
    """

    def __init__(self, samples: Samples, train: Indices, *, standardise: bool) -> None:
        """Find medians, means, deviations and categories in the rows `train`."""
        self._samples = samples
        steps: list[Any] = [SimpleImputer(strategy="median", keep_empty_features=True)] if samples.has_gaps else []
        steps += [StandardScaler()] if standardise else []
        self._blocks = [
            (block, clone(make_pipeline(*(steps or ["passthrough"]))).fit(_block_of(samples, train, block)))
            for block in _blocks(len(samples.number_names), len(train))
        ]
        self._one_hot: Pipeline | None = None
        self._width = len(samples.number_names)
        if samples.category_names:
            self._one_hot = make_pipeline(
                SimpleImputer(missing_values=None, strategy="constant", fill_value=samples.empty),
                OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=np.float32),
            ).fit(samples.categories[train])
            self._width += sum(map(len, self._one_hot[-1].categories_))

    def of(self, rows: Indices) -> Rows:
        """Return the features of these rows (rows × inputs), infinite where a number does not fit into 32 bits."""
        made = np.empty((len(rows), self._width), np.float32)
        for block, pipeline in self._blocks:
            made[:, block] = pipeline.transform(_block_of(self._samples, rows, block))
        if self._one_hot is not None:
            made[:, len(self._samples.number_names) :] = self._one_hot.transform(self._samples.categories[rows])
        return made


def _blocks(columns: int, rows: int) -> Iterator[slice]:
    """Yield the columns in blocks of about `_BLOCK` bytes."""
    width = max(1, _BLOCK // (8 * rows))
    for first in range(0, columns, width):
        yield slice(first, min(first + width, columns))


def _block_of(samples: Samples, rows: Indices, block: slice) -> NDArray[np.float64]:
    """Return some columns of numbers, each in one piece of memory: the last digit of a mean depends on that."""
    numbers = np.empty((len(rows), block.stop - block.start), order="F")
    for place, column in enumerate(range(block.start, block.stop)):
        numbers[:, place] = samples.numbers[rows, column]
    return numbers
