"""Split and preparation of a data set; every statistic comes from the training part alone."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GroupShuffleSplit, StratifiedGroupKFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.datasets.description import Task
from core.datasets.samples import EMPTY, Samples, read_samples
from core.errors import DataError
from core.settings import DataSettings

Rows = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class PreparedData:
    """Features (rows × columns, or rows × height × width × channels) and targets (rows × 1), split, all float32.

    The target of a classification is the index of its class in `classes`. The test part is there only
    when one is asked for; only who reports a study's result may look at it.
    """

    x_train: Rows
    y_train: Rows
    x_val: Rows
    y_val: Rows
    names: tuple[str, ...]
    task: Task = Task.REGRESSION
    classes: tuple[str, ...] = ()
    x_test: Rows | None = None
    y_test: Rows | None = None


def prepare(settings: DataSettings, seed: int) -> PreparedData:
    """Read, shuffle, split and prepare the data; the shuffle is that of `seed`. Raises DataError."""
    return _prepared(msgspec.json.encode(settings), seed)  # settings with a mapping in them cannot be a key


@lru_cache(maxsize=2)
def _prepared(encoded: bytes, seed: int) -> PreparedData:
    settings = msgspec.json.decode(encoded, type=DataSettings)
    samples = read_samples(settings)
    train, validation, test = split(samples, settings, seed)
    transformer = make_transformer(samples, standardise=settings.standardise)
    transformer.fit(samples.rows(train))

    def features(rows: Indices) -> Rows:
        made: NDArray[Any] = transformer.transform(samples.rows(rows))
        return made.astype(np.float32).reshape(len(rows), *(samples.image or made.shape[1:]))

    def target(rows: Indices) -> Rows:
        return samples.target[rows].astype(np.float32)[:, None]

    return PreparedData(
        features(train),
        target(train),
        features(validation),
        target(validation),
        samples.names,
        samples.task,
        samples.classes,
        features(test) if len(test) else None,
        target(test) if len(test) else None,
    )


_columns: tuple[PreparedData, PreparedData] | None = None


def with_class_columns(data: PreparedData) -> PreparedData:
    """Return the data of a classification with a target of one column for each class, for losses that take that.

    The same data give the same object again, so that whoever keeps it need not keep two.
    """
    global _columns
    if _columns is None or _columns[0] is not data:
        columns = np.eye(len(data.classes), dtype=np.float32)

        def of(target: Rows | None) -> Any:
            return None if target is None else columns[target[:, 0].astype(int)]

        _columns = data, replace(data, y_train=of(data.y_train), y_val=of(data.y_val), y_test=of(data.y_test))
    return _columns[1]


def make_transformer(samples: Samples, *, standardise: bool) -> ColumnTransformer:
    """Return what makes numbers of the features; it is to be fitted on the training part.

    Numbers: gaps get the median, then mean 0 and standard deviation 1. Categories: gaps are a category of their own,
    then a column for each; one that training has not seen is 0 in all of them.
    """
    steps: list[Any] = [SimpleImputer(strategy="median", keep_empty_features=True)] if samples.has_gaps else []
    if standardise:
        steps.append(StandardScaler())
    one_hot = make_pipeline(
        SimpleImputer(missing_values=None, strategy="constant", fill_value=EMPTY),
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    )
    count = len(samples.number_names)
    return ColumnTransformer(
        [
            ("numbers", make_pipeline(*(steps or ["passthrough"])), list(range(count))),
            ("categories", one_hot, list(range(count, len(samples.names)))),
        ]
    )


def split(samples: Samples, settings: DataSettings, seed: int) -> tuple[Indices, Indices, Indices]:
    """Return the rows for training, for validation and for the test.

    For a regression the first rows of the order shuffled by `seed` are for training and the last for the test. Classes
    keep their shares in each part; rows of one group stay in one part. Raises DataError.
    """
    count = len(samples.target)
    rest = np.arange(count)
    if samples.groups is None and samples.task is Task.REGRESSION:
        order = np.random.default_rng(seed).permutation(count)
        first = round(count * (1 - settings.validation_fraction - settings.test_fraction))
        second = round(count * (1 - settings.test_fraction))
        parts = order[:first], order[first:second], order[second:]
    else:
        test = np.empty(0, np.int64)
        if settings.test_fraction:
            rest, test = _two_parts(samples, rest, settings.test_fraction, seed)
        share = settings.validation_fraction / (1 - settings.test_fraction)
        parts = (*_two_parts(samples, rest, share, seed + 1), test)
    names = ("training", "validation", "test")
    for name, part in zip(names, parts, strict=True):
        if not len(part) and (name != "test" or settings.test_fraction):
            raise DataError(f"{count} rows are too few: the {name} part of the split is empty")
    return parts


def _two_parts(samples: Samples, rows: Indices, share: float, seed: int) -> tuple[Indices, Indices]:
    labels = samples.target[rows] if samples.task is not Task.REGRESSION else None
    try:
        if samples.groups is None:
            first, second = train_test_split(rows, test_size=share, stratify=labels, random_state=seed)
            return first, second
        groups = samples.groups[rows]
        if labels is None:
            splits = GroupShuffleSplit(1, test_size=share, random_state=seed).split(rows, groups=groups)
        else:
            folds = max(2, round(1 / share))
            splits = StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(rows, labels, groups)
        one, other = next(iter(splits))
    except ValueError as error:
        raise DataError(f"The data cannot be split: {error}") from None
    return rows[one], rows[other]
