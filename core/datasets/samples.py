"""Samples: all rows of a data set before they are split. Imports no scikit-learn, so that the window can read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.builtin import Dataset
from core.datasets.changes import require_unchanged
from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings, TargetScale
from core.errors import DataError
from core.formatting import format_number
from core.tables.description import ColumnRole, MissingValues, Task, unusable_column

if TYPE_CHECKING:
    import polars as pl

EMPTY = "(empty)"
"""The category of an empty cell."""
GROUP = "(group)"
"""The name of the column with each row's group in a file of samples."""
_LEAST = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class Samples:
    """Rows with a target.

    `numbers` (rows × columns, float64, NaN for a gap) and `categories` (rows × columns, text, None for a gap) are the
    features, named by `number_names` and `category_names`. `target` (rows) holds numbers or, for a classification,
    indices of `classes`. `groups` (rows) holds the group of each row, and is None without grouping.
    """

    numbers: NDArray[np.float64]
    categories: NDArray[np.object_]
    number_names: tuple[str, ...]
    category_names: tuple[str, ...]
    target: NDArray[np.float64]
    task: Task
    classes: tuple[str, ...] = ()
    groups: NDArray[np.object_] | None = None
    image: tuple[int, int, int] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.number_names, *self.category_names)

    def rows(self, indices: Sequence[int] | NDArray[np.int64]) -> NDArray[Any]:
        """Return the features of some rows (rows × columns) in the form that a transformer takes."""
        if not self.category_names:
            return self.numbers[indices]
        return np.hstack([self.numbers[indices].astype(object), self.categories[indices]])

    @property
    def has_gaps(self) -> bool:
        return bool(np.isnan(self.numbers).any())


def read_samples(settings: DataSettings) -> Samples:
    """Return all rows of the data that the settings name.

    Raises DataError, and DataChanged when the file has changed since it was imported.
    """
    source = settings.source
    if isinstance(source, DataFile):
        samples = _from_file(source, settings.missing, settings.group)
    else:
        samples = _from_builtin(source, settings.excluded)
    if settings.target_scale is TargetScale.LOGARITHM:
        _require_logarithms(samples.target, source.target)
    return samples


def _require_logarithms(targets: NDArray[np.float64], name: str) -> None:
    """Raise DataError unless every target has a logarithm in 32 bits."""
    lowest = float(targets.min())
    if lowest < _LEAST:
        rule = (
            "and only numbers above 0 have a logarithm" if lowest <= 0 else "which is 0 in 32 bits and has no logarithm"
        )
        raise DataError(
            f"The lowest “{name}” is {format_number(lowest)}, {rule}: train the target as it is, or standardised"
        )


def _from_builtin(dataset: Dataset, excluded: tuple[str, ...]) -> Samples:
    features, target, names = dataset.read(excluded)
    return Samples(
        numbers=features,
        categories=np.empty((len(features), 0), object),
        number_names=names,
        category_names=(),
        target=target,
        task=dataset.task,
        classes=dataset.classes,
        image=dataset.image,
    )


def _from_file(data: DataFile, missing: MissingValues, group: str) -> Samples:
    from core.tables.column_types import as_labels, as_numbers

    frame = _read_frame(data)
    numbers, categories = (
        tuple(name for name, role in data.columns.items() if role is wanted and name != group)
        for wanted in (ColumnRole.NUMBER, ColumnRole.CATEGORY)
    )
    matrix, texts = _matrix(frame, numbers), _texts(frame, categories)
    targets = as_numbers(frame[data.target]) if data.task is Task.REGRESSION else as_labels(frame[data.target])
    assert targets is not None  # `target_problem` has checked it
    kept = targets.is_not_null().to_numpy()
    if missing is MissingValues.DROP:
        kept = kept & ~np.isnan(matrix).any(axis=1) & ~_is_none(texts).any(axis=1)
        _require_rows_left(frame[data.target], kept, data.task)
    target, classes = _target(targets.filter(kept), data.task)
    return Samples(
        numbers=matrix[kept],
        categories=texts[kept],
        number_names=numbers,
        category_names=categories,
        target=target,
        task=data.task,
        classes=classes,
        groups=_groups(frame[group])[kept] if group else None,
    )


def _read_frame(data: DataFile) -> "pl.DataFrame":
    """Return the file's table. Raises DataError when a column is missing or cannot have its use."""
    from core.tables.column_types import unusable
    from core.tables.profile import target_problem
    from core.tables.table_file import read_table

    try:
        frame = read_table(data.file_path, data.layout).frame
    finally:
        require_unchanged(data)  # checked last, to find a change during the reading, too
    absent = [name for name in (data.target, *data.columns) if name not in frame.columns]
    if absent:
        raise DataError(f"{data.file_path.name} has no column “{absent[0]}” any more")
    problem = target_problem(frame[data.target], data.task)
    if problem:
        raise DataError(problem)
    for name in data.features:
        kind = unusable(frame[name])
        if kind:
            raise DataError(unusable_column(name, kind))
    return frame


def _matrix(frame: "pl.DataFrame", names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return columns of numbers (rows × columns). Raises DataError for a column without numbers."""
    from core.tables.column_types import as_numbers

    matrix = np.empty((frame.height, len(names)))
    for index, name in enumerate(names):
        column = as_numbers(frame[name])
        if column is None:
            raise DataError(f"The column “{name}” holds no numbers; use it as a category, or ignore it")
        matrix[:, index] = column.to_numpy()
    return matrix


def _texts(frame: "pl.DataFrame", names: tuple[str, ...]) -> NDArray[np.object_]:
    """Return columns of labels (rows × columns), None for a gap."""
    from core.tables.column_types import as_labels

    texts = np.empty((frame.height, len(names)), object)
    for index, name in enumerate(names):
        texts[:, index] = as_labels(frame[name]).to_list()
    return texts


def _groups(column: "pl.Series") -> NDArray[np.object_]:
    """Return the group of each row; rows without one form a group of their own. Raises DataError."""
    from core.tables.column_types import as_labels, unusable

    kind = unusable(column)
    if kind:
        raise DataError(f"“{column.name}” holds {kind}, which cannot say what to keep together: choose another column")
    return np.array([str(label) for label in as_labels(column).to_list()], object)


def _require_rows_left(target: "pl.Series", kept: NDArray[np.bool_], task: Task) -> None:
    """Raise DataError unless the rows without gaps have a target that can be learnt."""
    from core.tables.profile import target_problem

    if not kept.any():
        raise DataError("Every row has a gap, so none is left: impute missing values instead")
    problem = target_problem(target.filter(kept), task)
    if problem:
        raise DataError(f"In the rows without gaps: {problem}. Impute missing values instead")


def _is_none(texts: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.array([[text is None for text in row] for row in texts], bool).reshape(texts.shape)


def _target(values: "pl.Series", task: Task) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the target, and the names of its classes in order; only classes with a row are listed."""
    if task is Task.REGRESSION:
        return values.to_numpy().astype(np.float64), ()
    classes = tuple(sorted(set(values), key=_in_order))
    index = {label: float(position) for position, label in enumerate(classes)}
    return np.array([index[label] for label in values]), classes


def _in_order(label: str) -> tuple[bool, float, str]:
    """Sort numbers as numbers, before texts."""
    try:
        return False, float(label), label
    except ValueError:
        return True, 0.0, label


def write_samples(samples: Samples, target: str, path: Path) -> None:
    """Write the rows as CSV in UTF-8: the features, the group if there is one, and the target."""
    import polars as pl

    numbers = [
        pl.Series(name, samples.numbers[:, at], nan_to_null=True) for at, name in enumerate(samples.number_names)
    ]
    texts = dict(zip(samples.category_names, samples.categories.T, strict=True))
    if samples.groups is not None:
        texts[GROUP] = samples.groups
    categories = [pl.Series(name, cells.tolist(), dtype=pl.String) for name, cells in texts.items()]
    labels = [samples.classes[int(place)] for place in samples.target] if samples.classes else samples.target
    pl.DataFrame([*numbers, *categories, pl.Series(target, labels)]).write_csv(path)
