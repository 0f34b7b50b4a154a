"""Describes a table: the content of its columns, their best use, and a column as a target."""

from collections.abc import Mapping, Sequence

import msgspec
import polars as pl

from core.formatting import in_short
from core.tables.cells import CellsRead, odd_in_words
from core.tables.column_types import as_labels, as_numbers, count_distinct, measured, unusable, writable
from core.tables.description import (
    EMPTY,
    LEFT_OUT,
    MAX_CATEGORIES,
    MAX_CLASSES,
    MAX_NUMBER,
    ColumnProfile,
    ColumnRole,
    Doubt,
    Gaps,
    TableProfile,
    TargetProfile,
    Task,
    with_a_feature,
)
from core.tables.proposal import Proposal
from core.tables.readings import CellKind
from core.tables.row_names import is_identifier, is_running, names_owners

PREVIEW_ROWS = 20
HISTOGRAM_BINS = 24
MIN_ROWS = 10
_MANY_GAPS = 0.8
"""From this share of empty cells on a column is pointed out."""
_FEW_VALUES, _FEW_WHOLE = 5, 20
"""A number with so few values may mean classes; a whole number may have more of them."""
_ROWS_A_VALUE = 5
"""How many rows a value must have on average to be a class."""
_MOSTLY = 0.8
"""The share of cells that must be numbers for a text column to count as numbers with some odd cells."""
_MAX_CELL_LENGTH = 60
_SHOWN_CLASSES = 12
_NARROWEST, _LEAST = 1e-12, 1e-300
"""The narrowest bin of a histogram, as a share of the largest number, and at all: no axis can show a narrower one."""
_LEFT_OUT = {
    Doubt.ONE_VALUE: "Every cell is the same",
    Doubt.COUNTS_ROWS: f"A running number{LEFT_OUT}",
    Doubt.NAMES_ROWS: f"An identifier, different in each row{LEFT_OUT}",
    Doubt.NAMES_OWNERS: f"An identifier, with several rows each{LEFT_OUT}",
}
_USUAL = Proposal()


def describe(frame: pl.DataFrame, columns: Sequence[ColumnProfile], notes: Sequence[str]) -> TableProfile:
    """Return the description of a table whose columns are described already; `notes` are sentences on its file."""
    few = [f"There are only {frame.height} rows; a model needs at least {MIN_ROWS}"] if frame.height < MIN_ROWS else []
    preview = tuple(zip(*map(preview_cells, frame.get_columns()), strict=True))
    return TableProfile(rows=frame.height, columns=with_a_feature(columns), preview=preview, notes=(*notes, *few))


def preview_cells(column: pl.Series) -> tuple[str, ...]:
    """Return the column's first cells as they are shown."""
    return tuple(_cells(column.head(PREVIEW_ROWS)))


def profile_column(
    column: pl.Series, cells: CellsRead | None = None, proposal: Proposal = _USUAL, example: str = ""
) -> ColumnProfile:
    """Describe the content of a column and its best use.

    `cells` is the column as it was read, and None by the first rules, where texts can be numbers; `proposal` says why
    it was read so, `example` how its first filled cell stands in the file.
    """
    missing, kind = column.null_count() - (cells.odd if cells else 0), unusable(column)
    found = ColumnProfile(
        name=column.name,
        role=ColumnRole.IGNORE,
        missing=missing,
        distinct=0,
        odd=cells.odd if cells else 0,
        unusable=kind,
        kind=_kind(column),
        reading=proposal.reading,
        example=example or _example(column),
        question=proposal.question,
        choices=proposal.choices,
    )
    notes = (*proposal.notes, *(cells.notes if cells else ()))
    filled = len(column) - column.null_count()
    if not filled:
        return _noted(msgspec.structs.replace(found, doubt=Doubt.EMPTY), "Every cell is empty", *notes)
    if kind:
        return _noted(found, f"Holds {kind}", *notes)
    numbers = _numbers(column, typed=cells is not None)
    if numbers is not None and len(numbers) - numbers.null_count() >= _MOSTLY * filled:
        return _profile_numbers(column, numbers, found, notes)
    return _profile_texts(column, found, notes)


def _numbers(column: pl.Series, *, typed: bool) -> pl.Series | None:
    """Return the column's numbers; None when it has none. `typed`: a text is a text, though it may look like one."""
    return None if typed and column.dtype == pl.String else as_numbers(column)


def _profile_texts(column: pl.Series, found: ColumnProfile, notes: Sequence[str]) -> ColumnProfile:
    distinct, role, why, doubt = count_distinct(column), ColumnRole.IGNORE, "", _doubt_by_cells(found, len(column))
    if distinct < 2:
        doubt = Doubt.ONE_VALUE
        why = _LEFT_OUT[doubt]
    elif distinct == len(column) >= MIN_ROWS:
        why, doubt = f"Different in each row, as names are{LEFT_OUT}", Doubt.NAMES_ROWS
    elif names_owners(column):
        doubt = Doubt.NAMES_OWNERS
        why = _LEFT_OUT[doubt]
    elif distinct > MAX_CATEGORIES:
        why = f"Too many texts ({distinct:,}) to be categories"
    else:
        role = ColumnRole.CATEGORY
    filler = f"a category of its own, “{EMPTY}”" if found.missing and distinct > 1 else ""
    found = msgspec.structs.replace(found, role=role, distinct=distinct, filler=filler, doubt=doubt)
    return _noted(found, why or _gaps_note(found, len(column)), *notes)


def _profile_numbers(
    column: pl.Series, numbers: pl.Series, found: ColumnProfile, notes: Sequence[str]
) -> ColumnProfile:
    low, high = numbers.min(), numbers.max()
    odd, distinct = numbers.null_count() - column.null_count(), count_distinct(column)
    says_nothing = Doubt.ONE_VALUE if distinct < 2 else _how_rows_are_told_apart(column, distinct)
    left_out = "" if says_nothing is None else _LEFT_OUT[says_nothing]
    found = msgspec.structs.replace(
        found,
        role=ColumnRole.IGNORE if left_out else ColumnRole.NUMBER,
        odd=found.odd + odd,
        distinct=distinct,
        low=None if low is None else float(low),  # type: ignore[arg-type]
        high=None if high is None else float(high),  # type: ignore[arg-type]
        filler=_median(column, numbers) if numbers.null_count() and distinct > 1 else "",
    )
    found = msgspec.structs.replace(found, doubt=says_nothing or _doubt_by_cells(found, len(column)))
    if distinct < 2:
        return _noted(found, left_out)
    said = notes or (measured(column),)
    return _noted(found, left_out or _gaps_note(found, len(column)), *said, _odd_note(column, numbers, odd))


def _how_rows_are_told_apart(column: pl.Series, distinct: int) -> Doubt | None:
    """Return why a column of numbers only tells the rows apart; None when it says more."""
    if len(column) >= MIN_ROWS and is_running(column):
        return Doubt.COUNTS_ROWS
    if names_owners(column):
        return Doubt.NAMES_OWNERS
    apart = distinct == len(column) >= MIN_ROWS
    return Doubt.NAMES_ROWS if apart and is_identifier(column) else None


def _doubt_by_cells(found: ColumnProfile, rows: int) -> Doubt | None:
    """Return what is doubtful about a column that says something: its gaps, or that it is a date."""
    if is_mostly_empty(found.missing + found.odd, rows):
        return Doubt.MOSTLY_EMPTY
    return Doubt.DATE if found.kind is CellKind.DATE else None


def is_mostly_empty(gaps: int, rows: int) -> bool:
    """Return whether a column with so many empty cells is to be pointed out."""
    return gaps >= _MANY_GAPS * rows


def _gaps_note(found: ColumnProfile, rows: int) -> str:
    gaps = found.missing + found.odd
    return f"{gaps / rows:.0%} of the cells are empty" if is_mostly_empty(gaps, rows) else ""


def _median(column: pl.Series, numbers: pl.Series) -> str:
    """Return what a gap is filled with, in a few digits: the exact number is that of the training part."""
    middle = column.median() if column.dtype.is_temporal() and writable(column) else numbers.median()
    shown = f"{middle:.4g}" if isinstance(middle, float) else str(middle)
    return f"the median, about {shown}"


def _noted(found: ColumnProfile, *notes: str) -> ColumnProfile:
    """Return the column with a sentence of these parts; each is said once."""
    said = "; ".join(dict.fromkeys(note for note in notes if note))
    return msgspec.structs.replace(found, note=said[:1].upper() + said[1:])


def _kind(column: pl.Series) -> CellKind:
    match column.dtype:
        case pl.Date() | pl.Datetime():
            return CellKind.DATE
        case pl.Time():
            return CellKind.TIME
        case pl.Duration():
            return CellKind.DURATION
        case dtype if dtype.is_numeric() or dtype == pl.Boolean:
            return CellKind.NUMBER
    return CellKind.TEXT


def _example(column: pl.Series) -> str:
    """Return the first filled cell with all its digits."""
    if column.null_count() == len(column) or unusable(column):
        return ""
    first = column.is_not_null().arg_max() if column.null_count() else 0
    cell = column.slice(first or 0, 1)
    text = repr(cell[0]).removesuffix(".0") if column.dtype.is_float() else _cells(cell)[0]
    return in_short(text, _MAX_CELL_LENGTH)


def _odd_note(column: pl.Series, numbers: pl.Series, odd: int) -> str:
    if not odd:
        return ""
    example = _cell(column.filter(column.is_not_null() & numbers.is_null())[0])
    return odd_in_words(odd, "a number", example)


def profile_target(column: pl.Series, task: Task | None = None, *, typed: bool = False) -> TargetProfile:
    """Describe the column as a target, for the given task or else for the likeliest one.

    `typed`: the column was read by the second rules, where a text is a text, though it may look like a number.
    """
    task = task or likely_task(column, typed=typed)
    found = TargetProfile(
        name=column.name,
        task=task,
        rows=len(column) - column.null_count(),
        missing=column.null_count(),
        distinct=count_distinct(column),
        problem=target_problem(column, task, typed=typed),
        rather=better_task(column, task, typed=typed),
    )
    if unusable(column):
        return found
    if task is Task.REGRESSION:
        numbers = _numbers(column, typed=typed)
        filled = None if numbers is None else numbers.drop_nulls()
        if filled is None or not len(filled) or filled.min() == filled.max():
            return found
        counts, edges = _histogram(filled)
        return msgspec.structs.replace(found, edges=edges, counts=counts)
    counted = as_labels(column).alias("").drop_nulls().value_counts().sort("count", "", descending=[True, False])
    classes = tuple(
        (str(label)[:_MAX_CELL_LENGTH], int(count)) for label, count in counted.head(_SHOWN_CLASSES).iter_rows()
    )
    return msgspec.structs.replace(found, classes=classes)


def likely_task(column: pl.Series, *, typed: bool = False) -> Task:
    """Return the task that the target's values suggest: two values, few whole numbers and texts are classes.

    Dates, times and durations are numbers. `typed`: see `profile_target`.
    """
    filled = column.drop_nulls()
    distinct = count_distinct(filled)
    if distinct <= 2:
        return Task.BINARY
    if column.dtype.is_temporal():
        return Task.REGRESSION
    numbers = _numbers(filled, typed=typed)
    if numbers is None or numbers.null_count() > (1 - _MOSTLY) * len(filled):
        return Task.MULTICLASS
    numbers = numbers.drop_nulls()
    whole = bool((numbers == numbers.round(0)).all())
    return Task.MULTICLASS if whole and distinct <= 20 and distinct <= len(numbers) / 5 else Task.REGRESSION


def better_task(column: pl.Series, task: Task, *, typed: bool = False) -> Task | None:
    """Return the task that suits the target's values better than this one; None when this one suits them.

    Few numbers, with many rows each, may be classes; many classes that are no whole numbers, or have a few rows each,
    are a quantity. `typed`: see `profile_target`.
    """
    numbers = None if unusable(column) else _numbers(column, typed=typed)
    other: Task | None = None
    if numbers is not None and task is Task.MULTICLASS and _may_be_a_quantity(numbers):
        other = Task.REGRESSION
    elif numbers is not None and task is Task.REGRESSION and not column.dtype.is_temporal():
        other = _task_of_classes(numbers)
    return None if other is None or target_problem(column, other, typed=typed) else other


def _may_be_a_quantity(numbers: pl.Series) -> bool:
    distinct, whole, often = _tally(numbers)
    return distinct > _FEW_WHOLE and not (whole and often)


def _task_of_classes(numbers: pl.Series) -> Task | None:
    """Return the task for numbers that may be classes; None for others."""
    distinct, whole, often = _tally(numbers)
    if not often or not 2 <= distinct <= (_FEW_WHOLE if whole else _FEW_VALUES):
        return None
    return Task.BINARY if distinct == 2 else Task.MULTICLASS


def _tally(numbers: pl.Series) -> tuple[int, bool, bool]:
    """Return how many different numbers there are, whether all are whole, and whether each stands in several rows."""
    values = numbers.alias("").drop_nulls()  # polars takes names such as "^x.*$" for patterns
    distinct = values.n_unique()
    return distinct, bool((values == values.round(0)).all()), len(values) >= _ROWS_A_VALUE * distinct


def target_problem(column: pl.Series, task: Task, *, typed: bool = False) -> str:
    """Return a sentence on why the column cannot be the target of this task; empty when it can.

    `typed`: see `profile_target`.
    """
    name, filled, kind = column.name, column.drop_nulls(), unusable(column)
    if kind:
        return f"“{name}” holds {kind}, which cannot be predicted: choose another target"
    if not len(filled):
        return f"Every cell of “{name}” is empty, so it cannot be the target"
    if len(filled) < MIN_ROWS:
        return f"“{name}” has a value in {len(filled)} rows only; a model needs at least {MIN_ROWS}"
    if count_distinct(filled) < 2:
        return f"“{name}” is {_cells(filled.head(1))[0]} in every row, so there is nothing to predict"
    if task is Task.REGRESSION:
        return _quantity_problem(filled, _numbers(filled, typed=typed))
    return _classes_problem(filled, task)


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


def _quantity_problem(filled: pl.Series, numbers: pl.Series | None) -> str:
    name, numbers = filled.name, pl.Series() if numbers is None else numbers.drop_nulls()
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
    has_target = _filled(frame[target], as_number=task is Task.REGRESSION)
    complete = has_target
    for name, role in features.items():
        if role is not ColumnRole.IGNORE:
            complete = complete & _filled(frame[name], as_number=role is ColumnRole.NUMBER)
    with_target = int(has_target.sum())
    return Gaps(no_target=frame.height - with_target, incomplete=with_target - int(complete.sum()))


def _filled(column: pl.Series, *, as_number: bool) -> pl.Series:
    """Return which cells have a value or, if one is wanted, a number."""
    in_doubt = as_number and (column.dtype.is_float() or column.dtype == pl.String)
    numbers = as_numbers(column) if in_doubt else None
    return (column if numbers is None else numbers).is_not_null()


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
