"""Samples: all rows of a data set before they are split. Imports no scikit-learn, so that the window can read them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from core.datasets.builtin import Dataset
from core.datasets.changes import require_unchanged
from core.datasets.data_file import DataFile
from core.datasets.labels import in_first_order, in_order
from core.datasets.settings import DataSettings, TargetScale
from core.errors import DataError
from core.formatting import format_number
from core.tables.description import EMPTY, ColumnRole, MissingValues, Task, unusable_column
from core.tables.names import free_name
from core.tables.readings import PLAIN, CellKind
from core.tables.table_format import FIRST_RULES, RULES

if TYPE_CHECKING:
    import polars as pl

_GROUP = "(group)"
"""The name of the column with each row's group in a file of samples, if no feature or target has it."""
_NO_GROUP = "(none)"
"""The group of the rows without one, if there is no real one of that name."""
_LEAST = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class Samples:
    """Rows with a target.

    `numbers` (rows × columns, float64, NaN for a gap) and `categories` (rows × columns, text, None for a gap) are the
    features, named by `number_names` and `category_names`. `target` (rows) holds numbers or, for a classification,
    indices of `classes`. `groups` (rows) holds the group of each row, and is None without grouping. `rules` are those
    of the table's format.
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
    rules: int = RULES

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.number_names, *self.category_names)

    @property
    def has_gaps(self) -> bool:
        return bool(np.isnan(self.numbers).any())

    @property
    def empty(self) -> str:
        """The category of a gap."""
        return EMPTY if self.rules == FIRST_RULES else free_name(EMPTY, set(self.categories.ravel().tolist()))


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
    from core.tables.column_types import as_labels

    columns = _read_columns(data)
    numbers, categories = names_by_use(data, group)
    target = columns[data.target]
    values = _numbers(target) if data.task is Task.REGRESSION else as_labels(target)
    kept = values.is_not_null()
    if missing is MissingValues.DROP:
        for name in numbers:
            kept &= _numbers(columns[name]).is_not_null()
        for name in categories:
            kept &= as_labels(columns[name]).is_not_null()
        _require_rows_left(target, kept, data.task)
    targets, classes = _target(values.filter(kept), data.task, data.layout.rules)
    return Samples(
        groups=_groups(columns[group], data.layout.rules)[kept.to_numpy()] if group else None,
        numbers=_matrix(columns, numbers, kept),
        categories=_texts(columns, categories, kept),
        number_names=numbers,
        category_names=categories,
        target=targets,
        task=data.task,
        classes=classes,
        rules=data.layout.rules,
    )


def names_by_use(data: DataFile, group: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the features that are numbers, and of those that are categories."""
    numbers, categories = (
        tuple(name for name, role in data.columns.items() if role is wanted and name != group)
        for wanted in (ColumnRole.NUMBER, ColumnRole.CATEGORY)
    )
    return numbers, categories


def _read_columns(data: DataFile) -> dict[str, "pl.Series"]:
    """Return the columns of the file's table. Raises DataError when one is missing or cannot have its use."""
    from core.tables.column_types import unusable
    from core.tables.profile import target_problem
    from core.tables.table_file import read_table

    try:
        frame = read_table(data.file_path, data.layout, data.readings).frame
    finally:
        require_unchanged(data)  # checked last, to find a change during the reading, too
    columns = {column.name: _as_used(column, data) for column in frame}
    absent = [name for name in (data.target, *data.columns) if name not in columns]
    if absent:
        raise DataError(f"{data.file_path.name} has no column “{absent[0]}” any more")
    problem = target_problem(columns[data.target], data.task)
    if problem:
        raise DataError(problem)
    for name in data.features:
        kind = unusable(columns[name])
        if kind:
            raise DataError(unusable_column(name, kind))
    return columns


def _as_used(column: "pl.Series", data: DataFile) -> "pl.Series":
    """Return the column; texts are numbers where it is used so, and a new cell has kept it from being plain ones.

    They are read with the signs that were recorded, as an import would read them now. Raises DataError for a column
    that was recorded as something else. Under the first rules a text that looks like a number is one.
    """
    import polars as pl

    from core.tables.cells import read_cells

    name = column.name
    is_number = data.columns.get(name) is ColumnRole.NUMBER or (name == data.target and data.task is Task.REGRESSION)
    if not is_number or column.dtype != pl.String or data.layout.rules == FIRST_RULES:
        return column
    reading = data.readings.get(name, PLAIN)
    if reading.kind not in (None, CellKind.NUMBER):
        raise _without_numbers(name)
    return read_cells(column, replace(reading, kind=CellKind.NUMBER), data.layout).values


def _without_numbers(name: str) -> DataError:
    return DataError(f"The column “{name}” holds no numbers; use it as a category, or leave it out")


def _numbers(column: "pl.Series") -> "pl.Series":
    """Return the column as float64, null for a gap. Raises DataError for a column without numbers."""
    from core.tables.column_types import as_numbers

    numbers = as_numbers(column)
    if numbers is None:
        raise _without_numbers(column.name)
    return numbers


def _matrix(columns: dict[str, "pl.Series"], names: tuple[str, ...], kept: "pl.Series") -> NDArray[np.float64]:
    """Take columns of numbers out, and return them (rows that are kept × columns), NaN for a gap. Raises DataError."""
    matrix = np.empty((int(kept.sum()), len(names)))
    for index, name in enumerate(names):
        matrix[:, index] = _numbers(columns.pop(name)).filter(kept).to_numpy()
    return matrix


def _texts(columns: dict[str, "pl.Series"], names: tuple[str, ...], kept: "pl.Series") -> NDArray[np.object_]:
    """Take columns of labels out, and return them (rows that are kept × columns), None for a gap."""
    from core.tables.column_types import as_labels

    texts = np.empty((int(kept.sum()), len(names)), object)
    for index, name in enumerate(names):
        texts[:, index] = as_labels(columns.pop(name)).filter(kept).to_list()
    return texts


def _groups(column: "pl.Series", rules: int) -> NDArray[np.object_]:
    """Return the group of each row; rows without one form a group of their own. Raises DataError."""
    from core.tables.column_types import as_labels, unusable

    kind = unusable(column)
    if kind:
        raise DataError(f"“{column.name}” holds {kind}, which cannot say what to keep together: choose another column")
    labels = as_labels(column)
    nobody = "None" if rules == FIRST_RULES else free_name(_NO_GROUP, set(labels.unique()))
    return np.array(labels.fill_null(nobody).to_list(), object)


def _require_rows_left(target: "pl.Series", kept: "pl.Series", task: Task) -> None:
    """Raise DataError unless the rows without gaps have a target that can be learnt."""
    from core.tables.profile import target_problem

    if not kept.any():
        raise DataError("Every row has a gap, so none is left: impute missing values instead")
    problem = target_problem(target.filter(kept), task)
    if problem:
        raise DataError(f"In the rows without gaps: {problem}. Impute missing values instead")


def _target(values: "pl.Series", task: Task, rules: int) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the target, and the names of its classes in order; only classes with a row are listed."""
    if task is Task.REGRESSION:
        return values.to_numpy().astype(np.float64), ()
    classes = tuple(order_of_classes(rules)(set(values.unique())))
    places = {label: float(place) for place, label in enumerate(classes)}
    return np.array([places[label] for label in values]), classes


def order_of_classes(rules: int) -> Callable[[set[str]], list[str]]:
    """Return the function that sorts the labels of classes in a table that is read by these rules."""
    return in_first_order if rules == FIRST_RULES else in_order


def group_name(features: Iterable[str], target: str) -> str:
    """Return the name of the column with each row's group in a file of samples with these features."""
    return free_name(_GROUP, {*features, target})


def write_samples(samples: Samples, target: str, path: Path) -> None:
    """Write the rows as CSV in UTF-8: the features, the group if there is one, and the target."""
    import polars as pl

    numbers = [
        pl.Series(name, samples.numbers[:, at], nan_to_null=True) for at, name in enumerate(samples.number_names)
    ]
    texts = dict(zip(samples.category_names, samples.categories.T, strict=True))
    if samples.groups is not None:
        texts[group_name(samples.names, target)] = samples.groups
    categories = [pl.Series(name, cells.tolist(), dtype=pl.String) for name, cells in texts.items()]
    labels = [samples.classes[int(place)] for place in samples.target] if samples.classes else samples.target
    pl.DataFrame([*numbers, *categories, pl.Series(target, labels)]).write_csv(path)
