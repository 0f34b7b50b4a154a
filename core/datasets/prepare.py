"""Split and preparation of a data set; every statistic comes from the training part alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from weakref import WeakKeyDictionary

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    train_test_split,
)

from core.datasets.features import Features, Indices, Rows
from core.datasets.samples import Samples, read_samples
from core.datasets.settings import DataSettings
from core.errors import DataError
from core.tables.description import DRAWS, MAX_FOLDS_BYTES, MAX_NUMBER, Task
from core.tables.table_format import FIRST_RULES

_FOR_TEST = 0
"""Used in place of a fit's number for the data that evaluate a study's result on the test part."""
_SEEDS = 2**32


@dataclass(frozen=True, eq=False)
class PreparedData:
    """Features (rows × columns, or rows × height × width × channels) and targets (rows × 1), split, all float32.

    The target of a classification is the index of its class in `classes`. `note` is a sentence on classes that are
    missing in one part, or empty. `groups` has the number of each test row's group (rows) if there are groups.
    """

    x_train: Rows
    y_train: Rows
    x_val: Rows
    y_val: Rows
    names: tuple[str, ...]
    task: Task = Task.REGRESSION
    classes: tuple[str, ...] = ()
    note: str = ""
    groups: Indices | None = None

    @property
    def nbytes(self) -> int:
        return sum(part.nbytes for part in (self.x_train, self.y_train, self.x_val, self.y_val))


def prepare(settings: DataSettings, seed: int, fit: int = 1) -> PreparedData:
    """Read, shuffle (by `seed`), split and prepare the data for the training number `fit` of a trial.

    The test part is not included. Raises DataError.
    """
    return _cache.get(settings, seed, fit if settings.folds else 1)


def prepare_test(settings: DataSettings, seed: int) -> PreparedData:
    """Prepare the data with the test part in place of the validation part: only to report a study's result.

    The training part is that of the hold-out or, with k-fold cross-validation, everything except the test part.
    Raises DataError.
    """
    return _cache.get(settings, seed, _FOR_TEST)


def split_problem(settings: DataSettings, seed: int) -> str:
    """Return a sentence on why the data cannot be read and split; empty when they can."""
    try:
        samples = read_samples(settings)
        _require_values(samples, split(samples, settings, seed)[0])
    except DataError as error:
        return str(error)
    return ""


class _PreparedCache:
    """Caches the prepared data of one data set and seed; of its folds as many as fit into `MAX_FOLDS_BYTES`."""

    def __init__(self) -> None:
        self._key: tuple[bytes, int] | None = None
        self._samples: Samples | None = None
        self._prepared: dict[int, PreparedData] = {}

    def get(self, settings: DataSettings, seed: int, fit: int) -> PreparedData:
        key = (msgspec.json.encode(settings), seed)
        if key != self._key:
            self._samples, self._prepared = None, {}
            self._key = key
        if fit in self._prepared:
            return self._prepared[fit]
        samples = self._samples or read_samples(settings)
        self._samples = samples if settings.folds else None  # the other folds are made from them
        data = _prepared(samples, settings, seed, fit)
        if not settings.folds or sum(d.nbytes for d in (data, *self._prepared.values())) <= MAX_FOLDS_BYTES:
            self._prepared[fit] = data
        return data


_cache = _PreparedCache()


def _prepared(samples: Samples, settings: DataSettings, seed: int, fit: int) -> PreparedData:
    train, validation, test = split(samples, settings, seed, max(1, fit))
    if fit == _FOR_TEST:
        train = _without_test(samples, settings, seed)[0] if settings.folds else train
        validation = test
    _require_values(samples, train)
    with np.errstate(over="ignore", invalid="ignore"):  # `_require_finite` reports it
        found = Features(samples, train, standardise=settings.standardise)

    def features(rows: Indices) -> Rows:
        with np.errstate(over="ignore", invalid="ignore"):
            made = found.of(rows)
        _require_finite(made, samples.number_names)
        return made.reshape(len(rows), *(samples.image or made.shape[1:]))

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
        _lacking(samples, train, "training") or _lacking(samples, validation, "validation"),
        groups=_numbered(samples.groups[test]) if fit == _FOR_TEST and samples.groups is not None else None,
    )


def _numbered(groups: NDArray[np.object_]) -> Indices:
    """Return the number of each row's group, from 0 on."""
    return np.unique(groups.astype(str), return_inverse=True)[1]


def _require_values(samples: Samples, train: Indices) -> None:
    """Raise DataError for a feature without a value in the training part: nothing can be learnt from it.

    scikit-learn would leave a category out and fill numbers with zeros, in silence. So it does under the first rules,
    whose studies go on as they began; it only cannot leave all categories out.
    """
    first, names = samples.rules == FIRST_RULES, samples.category_names
    empty = [
        name
        for name, cells in zip(names, samples.categories.T, strict=True)
        if all(cell is None for cell in cells[train])
    ]
    if empty and not (first and len(empty) < len(names)):
        raise DataError(f"Every cell of “{empty[0]}” is empty in the training part: leave it out")
    for name, cells in zip(samples.number_names, samples.numbers.T, strict=True):
        if not first and np.isnan(cells[train]).all():
            raise DataError(f"“{name}” has no finite number in the training part: leave it out")


def _require_finite(features: Rows, names: Sequence[str]) -> None:
    """Raise DataError when a number became infinite in 32 bits. The columns of numbers come first."""
    finite = np.isfinite(features).all(axis=0)
    if not finite.all():
        raise DataError(
            f"“{names[int(finite.argmin())]}” has numbers that are too large to compute with (beyond ±{MAX_NUMBER:.1e})"
            ": take another unit, or leave it out"
        )


def _lacking(samples: Samples, rows: Indices, part: str) -> str:
    """Return a sentence on the classes that have no row in the part; empty when every class has one."""
    if samples.task is Task.REGRESSION:
        return ""
    lacking = np.setdiff1d(samples.target, samples.target[rows]).astype(int)
    if not len(lacking):
        return ""
    others = f" and {len(lacking) - 1} others" if len(lacking) > 1 else ""
    return f"The {part} part has no row of the class “{samples.classes[lacking[0]]}”{others}"


_with_columns: WeakKeyDictionary[PreparedData, PreparedData] = WeakKeyDictionary()


def with_class_columns(data: PreparedData) -> PreparedData:
    """Return the data of a classification with one target column for each class, for losses that need them.

    The same data always give the same object, so that a cache does not hold it twice.
    """
    if data not in _with_columns:
        columns = np.eye(len(data.classes), dtype=np.float32)
        train, validation = (columns[target[:, 0].astype(int)] for target in (data.y_train, data.y_val))
        _with_columns[data] = replace(data, y_train=train, y_val=validation)
    return _with_columns[data]


_with_statistics: WeakKeyDictionary[PreparedData, PreparedData] = WeakKeyDictionary()


def with_target_statistics(data: PreparedData) -> PreparedData:
    """Return the data of a regression with targets of rows × 3: the target, its mean and its standard deviation.

    Mean and deviation, the same in each row, are those of the training part. They are data, so that one graph serves
    all folds. The same data always give the same object, so that a cache does not hold it twice.
    """
    if data not in _with_statistics:
        mean, deviation = data.y_train.mean(dtype=np.float64), data.y_train.std(dtype=np.float64)
        statistics = np.array([[mean, deviation or 1.0]], np.float32)
        train, validation = (
            np.hstack([target, statistics.repeat(len(target), axis=0)]) for target in (data.y_train, data.y_val)
        )
        _with_statistics[data] = replace(data, y_train=train, y_val=validation)
    return _with_statistics[data]


def split(samples: Samples, settings: DataSettings, seed: int, fit: int = 1) -> tuple[Indices, Indices, Indices]:
    """Return the indices of the rows for training, validation and test; the test rows are the same for every fit.

    In a regression without groups the rows are shuffled by `seed`: the last ones are for the test and, in a hold-out,
    the first ones for training. Classes keep their shares in each part; rows of one group stay in one part. Raises
    DataError.
    """
    count = len(samples.target)
    rest, test = _without_test(samples, settings, seed)
    if settings.folds:
        parts = (*_fold(samples, rest, settings, seed, fit), test)
    elif samples.groups is None and samples.task is Task.REGRESSION:
        first = round(count * (1 - settings.validation_fraction - settings.test_fraction))
        parts = rest[:first], rest[first:], test
    else:
        share = settings.validation_fraction / (1 - settings.test_fraction)
        parts = (*_two_parts(samples, rest, share, seed + 1), test)
    names = ("training", "validation", "test")
    for name, part in zip(names, parts, strict=True):
        if not len(part) and (name != "test" or settings.test_fraction):
            raise DataError(f"{count} rows are too few: the {name} part of the split is empty")
    return parts


def _without_test(samples: Samples, settings: DataSettings, seed: int) -> tuple[Indices, Indices]:
    count = len(samples.target)
    if samples.groups is None and samples.task is Task.REGRESSION:
        order = np.random.default_rng(seed).permutation(count)
        last = round(count * (1 - settings.test_fraction))
        return order[:last], order[last:]
    if settings.test_fraction:
        return _two_parts(samples, np.arange(count), settings.test_fraction, seed)
    return np.arange(count), np.empty(0, np.int64)


def _fold(samples: Samples, rows: Indices, settings: DataSettings, seed: int, fit: int) -> tuple[Indices, Indices]:
    """Return the rows for training and for validation; each repeat shuffles again."""
    repeat, fold = divmod(fit - 1, settings.folds)
    labels = samples.target[rows] if samples.task is not Task.REGRESSION else None
    groups = samples.groups[rows] if samples.groups is not None else None
    _require_enough(samples, rows, settings.folds)
    if groups is None:
        kind = KFold if labels is None else StratifiedKFold
    else:
        kind = GroupKFold if labels is None else StratifiedGroupKFold
    splitter = kind(settings.folds, shuffle=True, random_state=(seed + 1 + repeat) % _SEEDS)
    train, validation = next(islice(splitter.split(rows, labels, groups), fold, None))
    return rows[train], rows[validation]


def _require_enough(samples: Samples, rows: Indices, folds: int) -> None:
    """Raise DataError when rows, groups, or the rows of a class are fewer than the folds."""
    if len(rows) < folds:
        raise DataError(f"{len(rows)} rows are too few for {folds} folds")
    if samples.groups is not None:
        groups = len(set(samples.groups[rows]))
        if groups < folds:
            raise DataError(f"{groups} groups of rows are too few for {folds} folds")
    if samples.task is not Task.REGRESSION:
        counts = np.bincount(samples.target[rows].astype(int), minlength=len(samples.classes))
        rarest = int(counts.argmin())
        if counts[rarest] < folds:
            name, count = samples.classes[rarest], counts[rarest]
            raise DataError(f"The class “{name}” has {count} rows, too few for {folds} folds")


def _two_parts(samples: Samples, rows: Indices, share: float, seed: int) -> tuple[Indices, Indices]:
    labels = samples.target[rows].astype(int) if samples.task is not Task.REGRESSION else None
    seed %= _SEEDS
    if samples.groups is None:
        try:
            first, second = train_test_split(rows, test_size=share, stratify=labels, random_state=seed)
        except ValueError as error:
            raise DataError(
                f"The data cannot be split: {len(rows)} rows are too few for parts in which each class has its share"
            ) from error
        return first, second
    groups = samples.groups[rows]
    try:
        if labels is None:
            one, other = next(GroupShuffleSplit(1, test_size=share, random_state=seed).split(rows, groups=groups))
        else:
            one, other = _nearest_draw(labels, groups, share, seed)
    except ValueError:
        count = len(set(samples.groups))
        raise DataError(
            f"{count} groups of rows are too few for such a split: each part needs one of its own"
        ) from None
    return rows[one], rows[other]


def _nearest_draw(
    labels: NDArray[np.int64], groups: NDArray[np.object_], share: float, seed: int
) -> tuple[Indices, Indices]:
    """Return two parts of whole groups: of `DRAWS` draws the one nearest to `share`, of all rows and of each class.

    Raises ValueError when there is only one group.
    """
    count = len(set(groups))
    size = min(count - 1, max(1, round(share * count)))
    splitter = GroupShuffleSplit(DRAWS, test_size=size, random_state=seed)
    draws: Iterator[tuple[Indices, Indices]] = splitter.split(labels, groups=groups)
    whole = np.maximum(np.bincount(labels), 1)

    def distance(draw: tuple[Indices, Indices]) -> float:
        of_each = np.bincount(labels[draw[1]], minlength=len(whole)) / whole
        return float(abs(of_each - share).mean() + abs(len(draw[1]) / len(labels) - share))

    return min(draws, key=distance)
