"""Describes a table: the content of its columns, their best use, and a column as a target."""

from collections.abc import Callable, Mapping

import msgspec
import polars as pl

from core.formatting import in_short
from core.tables.column_types import as_labels, as_numbers, count_distinct, measured, unusable, writable
from core.tables.description import MAX_NUMBER, ColumnProfile, ColumnRole, Gaps, TableProfile, TargetProfile, Task
from core.tables.table_file import TableFile

PREVIEW_ROWS = 20
HISTOGRAM_BINS = 24
MAX_CATEGORIES = 50
"""A text column with more distinct values is ignored at first: it says little about each value."""
MAX_CLASSES = 100
"""A target with more distinct values is a quantity, not a class."""
MIN_ROWS = 10
_MOSTLY = 0.8
"""The share of cells that must be numbers for a text column to count as numbers with some odd cells."""
_MAX_CELL_LENGTH = 60
_SHOWN_CLASSES = 12
_NARROWEST, _LEAST = 1e-12, 1e-300
"""The narrowest bin of a histogram, as a share of the largest number, and at all: no axis can show a narrower one."""


def profile_table(table: TableFile, progress: Callable[[int, int], object] = lambda _done, _all: None) -> TableProfile:
    """Describe the table; `progress` is called after each column, with the columns done and their number."""
    frame = table.frame
    columns = []
    for number, name in enumerate(frame.columns, start=1):
        columns.append(profile_column(frame[name]))
        progress(number, frame.width)
    notes = list(table.notes)
    if frame.height < MIN_ROWS:
        notes.append(f"There are only {frame.height} rows; a model needs at least {MIN_ROWS}")
    preview = tuple(zip(*map(_cells, frame.head(PREVIEW_ROWS)), strict=True))
    return TableProfile(rows=frame.height, columns=tuple(columns), preview=preview, notes=tuple(notes))


def profile_column(column: pl.Series) -> ColumnProfile:
    """Describe the content of a column and its best use."""
    name, missing, kind = column.name, column.null_count(), unusable(column)
    filled = len(column) - missing
    if not filled:
        return ColumnProfile(name=name, role=ColumnRole.IGNORE, missing=missing, distinct=0, note="Every cell is empty")
    if kind:
        return ColumnProfile(
            name=name, role=ColumnRole.IGNORE, missing=missing, distinct=0, unusable=kind, note=f"Holds {kind}"
        )
    numbers = as_numbers(column)
    if numbers is not None and len(numbers) - numbers.null_count() >= _MOSTLY * filled:
        return _profile_numbers(column, numbers)
    note, role, distinct = "", ColumnRole.CATEGORY, count_distinct(column)
    if distinct < 2:
        note, role = "Every cell is the same", ColumnRole.IGNORE
    elif distinct > MAX_CATEGORIES:
        note, role = f"Too many texts ({distinct:,}) to be categories", ColumnRole.IGNORE
    return ColumnProfile(name=name, role=role, missing=missing, distinct=distinct, note=note)


def _profile_numbers(column: pl.Series, numbers: pl.Series) -> ColumnProfile:
    low, high = numbers.min(), numbers.max()
    odd, distinct = numbers.null_count() - column.null_count(), count_distinct(column)
    constant = distinct < 2
    note = "Every cell is the same" if constant else measured(column) or _odd_note(column, numbers, odd)
    return ColumnProfile(
        name=column.name,
        role=ColumnRole.IGNORE if constant else ColumnRole.NUMBER,
        missing=column.null_count(),
        odd=odd,
        distinct=distinct,
        low=None if low is None else float(low),  # type: ignore[arg-type]
        high=None if high is None else float(high),  # type: ignore[arg-type]
        note=note,
    )


def _odd_note(column: pl.Series, numbers: pl.Series, odd: int) -> str:
    if not odd:
        return ""
    example = _cell(column.filter(column.is_not_null() & numbers.is_null())[0])
    cells = "1 cell is" if odd == 1 else f"{odd:,} cells are"
    return f"{cells} no number, such as “{example}”; they count as empty"


def profile_target(column: pl.Series, task: Task | None = None) -> TargetProfile:
    """Describe the column as a target, for the given task or else for the likeliest one."""
    task = task or likely_task(column)
    found = TargetProfile(
        name=column.name,
        task=task,
        rows=len(column) - column.null_count(),
        distinct=count_distinct(column),
        problem=target_problem(column, task),
    )
    if unusable(column):
        return found
    if task is Task.REGRESSION:
        numbers = as_numbers(column)
        filled = None if numbers is None else numbers.drop_nulls()
        if filled is None or not len(filled) or filled.min() == filled.max():
            return found
        counts, edges = _histogram(filled)
        return msgspec.structs.replace(found, edges=edges, counts=counts)
    counted = as_labels(column).drop_nulls().value_counts(sort=True).head(_SHOWN_CLASSES)
    classes = tuple((str(label)[:_MAX_CELL_LENGTH], int(count)) for label, count in counted.iter_rows())
    return msgspec.structs.replace(found, classes=classes)


def likely_task(column: pl.Series) -> Task:
    """Return the task that the target's values suggest: two values, few whole numbers and texts are classes."""
    filled = column.drop_nulls()
    distinct = count_distinct(filled)
    if distinct <= 2:
        return Task.BINARY
    numbers = as_numbers(filled)
    if numbers is None or numbers.null_count() > (1 - _MOSTLY) * len(filled):
        return Task.MULTICLASS
    numbers = numbers.drop_nulls()
    whole = bool((numbers == numbers.round(0)).all())
    return Task.MULTICLASS if whole and distinct <= 20 and distinct <= len(numbers) / 5 else Task.REGRESSION


def target_problem(column: pl.Series, task: Task) -> str:
    """Return a sentence on why the column cannot be the target of this task; empty when it can."""
    name, filled, kind = column.name, column.drop_nulls(), unusable(column)
    if kind:
        return f"“{name}” holds {kind}, which cannot be predicted: choose another target"
    if not len(filled):
        return f"Every cell of “{name}” is empty, so it cannot be the target"
    if len(filled) < MIN_ROWS:
        return f"“{name}” has a value in {len(filled)} rows only; a model needs at least {MIN_ROWS}"
    if count_distinct(filled) < 2:
        return f"“{name}” is {_cells(filled.head(1))[0]} in every row, so there is nothing to predict"
    return _quantity_problem(filled) if task is Task.REGRESSION else _classes_problem(filled, task)


def _classes_problem(filled: pl.Series, task: Task) -> str:
    name, distinct = filled.name, count_distinct(filled)
    if task is Task.BINARY and distinct != 2:
        return f"“{name}” has {distinct:,} different values; a yes-or-no target has two"
    if distinct > MAX_CLASSES:
        return f"“{name}” has {distinct:,} different values, too many for classes (at most {MAX_CLASSES})"
    rarest = as_labels(filled).value_counts(sort=True).row(-1)
    if rarest[1] < 2:
        return f"The class “{_cell(rarest[0])}” of “{name}” has one row only, so it cannot be in both parts of a split"
    return ""


def _quantity_problem(filled: pl.Series) -> str:
    name, numbers = filled.name, as_numbers(filled)
    numbers = pl.Series() if numbers is None else numbers.drop_nulls()
    if len(numbers) < _MOSTLY * len(filled):
        return f"“{name}” is text, which regression cannot predict: choose a classification"
    if len(numbers) < MIN_ROWS:
        return f"“{name}” is a number in {len(numbers)} rows only; a model needs at least {MIN_ROWS}"
    if float(numbers.abs().max()) > MAX_NUMBER:  # type: ignore[arg-type]
        return f"“{name}” has numbers beyond ±{MAX_NUMBER:.1e}, which are too large to compute with: take another unit"
    if numbers.n_unique() < 2:
        return f"“{name}” is {_cell(numbers[0])} wherever it is a number, so there is nothing to predict"
    return ""


def count_gaps(frame: pl.DataFrame, target: str, task: Task, features: Mapping[str, ColumnRole]) -> Gaps:
    """Count the rows that lack the target or a feature; text counts as missing where a number is needed."""

    def filled(name: str, *, as_number: bool) -> pl.Series:
        numbers = as_numbers(frame[name]) if as_number else None
        return (frame[name] if numbers is None else numbers).is_not_null()

    has_target = filled(target, as_number=task is Task.REGRESSION)
    complete = has_target
    for name, role in features.items():
        if role is ColumnRole.IGNORE:
            continue
        complete = complete & filled(name, as_number=role is ColumnRole.NUMBER)
    with_target = int(has_target.sum())
    return Gaps(no_target=frame.height - with_target, incomplete=with_target - int(complete.sum()))


def _histogram(numbers: pl.Series) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return counts and edges; both are empty when the numbers lie too far apart or too close together for bins."""
    import numpy as np

    values = numbers.to_numpy()
    with np.errstate(over="ignore", invalid="ignore"):
        edges = np.linspace(values.min(), values.max(), HISTOGRAM_BINS + 1)
    largest = float(np.abs(values).max())
    if largest > MAX_NUMBER or np.diff(edges).min() < max(_NARROWEST * largest, _LEAST):
        return (), ()
    counts, edges = np.histogram(values, bins=HISTOGRAM_BINS)
    return tuple(counts.tolist()), tuple(edges.tolist())


def _cells(column: pl.Series) -> list[str]:
    """Return the column's cells as they are shown."""
    return [_cell(value) for value in (column if writable(column) else as_labels(column)).to_list()]


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return in_short(text, _MAX_CELL_LENGTH)
