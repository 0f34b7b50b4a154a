"""Traps: what makes a study worthless or its scores too good to be true, found in the table before it starts."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import msgspec
import polars as pl

from core.tables.column_types import as_labels, as_numbers, count_distinct, measured, unusable
from core.tables.copies import copied_rows, expected_on_both_sides, likely_by_chance
from core.tables.description import (
    ColumnRole,
    CountAsMissing,
    CountAsValue,
    Finding,
    Findings,
    KeepTogether,
    LeaveOut,
    PredictAs,
    Task,
)
from core.tables.facts import group_problem
from core.tables.grid import Told
from core.tables.leaks import Leak, LeakFinder
from core.tables.profile import MIN_ROWS, better_task, is_mostly_empty
from core.tables.row_names import names_owners
from core.tables.sentinels import sentinels_in
from core.tables.skew import suggests_logarithm

_MOST = 8
"""The most findings that are told."""
_OF_A_KIND = 3
"""The most findings of one kind that are told one by one; the rest is counted."""
_FEW_SHOWN = 5
"""The most values of a target that are shown."""
_MANY_LABELS = 0.5
"""From this share of rows with a value of its own on, a category says little."""
_FEWEST_LABELS = 10
_FEWEST_PARTS, _MOST_SPELT = 2, 1000
"""The fewest other columns of a class in several columns, and the most labels whose spelling is compared."""
_NEARLY_NONE = 0.05
"""A number of rows so small is none."""


@dataclass(frozen=True)
class Study:
    """The table, and how it would be used; `advance` is called for each feature that is compared with the target.

    `features` have a role other than to be ignored.
    """

    frame: pl.DataFrame
    target: str
    task: Task
    features: Mapping[str, ColumnRole]
    group: str
    held_out: float
    marks: Sequence[tuple[str, int]]
    advance: Callable[[], object]

    @cached_property
    def goal(self) -> pl.Series:
        """The target: numbers in a regression, else labels; null where it is missing."""
        column = self.frame[self.target]
        numbers = as_numbers(column) if self.task is Task.REGRESSION and column.dtype != pl.String else None
        return as_labels(column) if numbers is None else numbers


def find_traps(
    frame: pl.DataFrame,
    target: str,
    task: Task,
    features: Mapping[str, ColumnRole],
    *,
    group: str = "",
    held_out: float = 0.25,
    marks: Sequence[tuple[str, int]] = (),
    told: Told = lambda _done, _steps: None,
) -> Findings:
    """Return what was found, the gravest first, with at most `_MOST` findings.

    `group` is the column whose rows are kept together, or empty; `held_out` the share of rows that are not trained on.
    `marks` are texts that stand in the target and count as missing, with their counts. `told` hears how far it is.
    """
    used = {
        name: role
        for name, role in features.items()
        if role is not ColumnRole.IGNORE and name not in (target, group) and not unusable(frame[name])
    }
    if unusable(frame[target]):
        return Findings(())
    kept_together = group if group and not unusable(frame[group]) else ""
    done = count(1)

    def advance() -> None:
        told(next(done), len(_TRAPS) + len(used))

    study = Study(frame, target, task, used, kept_together, held_out, marks, advance)
    found: list[Finding] = []
    for look in _TRAPS:
        found += _in_brief(list(look(study)))
        advance()
    if len(found) > _MOST:
        left = len(found) - _MOST + 1
        found = [*found[: _MOST - 1], Finding(sentence=f"And {left} more findings of lesser weight")]
    return Findings(tuple(found))


def _in_brief(found: list[Finding]) -> list[Finding]:
    """Return the first findings of one kind; the last one says how many columns more there are."""
    if len(found) <= _OF_A_KIND:
        return found
    left = len(found) - _OF_A_KIND
    last = found[_OF_A_KIND - 1]
    columns = "1 more column" if left == 1 else f"{left:,} more columns"
    more = msgspec.structs.replace(last, sentence=f"{last.sentence}; and {columns} like that")
    return [*found[: _OF_A_KIND - 1], more]


# The target


def _target_that_cannot_be_learnt(study: Study) -> Iterator[Finding]:
    column, rows = study.frame[study.target], study.frame.height
    filled, distinct = rows - column.null_count(), count_distinct(column)
    sentences = []
    if filled < rows / 2:
        sentences.append(f"is empty in {rows - filled:,} of {rows:,} rows: only {filled:,} can be used")
    if distinct == 1:
        value = as_labels(column.drop_nulls().head(1))[0]
        sentences.append(f"is {value} in every row, so there is nothing to predict")
    if column.dtype == pl.String and filled >= MIN_ROWS and distinct > _MANY_LABELS * filled:
        sentences.append(
            f"has {distinct:,} different texts in {filled:,} rows, as names do: nothing about new rows can be learnt"
        )
    for sentence in sentences:
        yield Finding(sentence=f"“{study.target}” {sentence}", column=study.target)


def _marks_in_the_target(study: Study) -> Iterator[Finding]:
    """Yield texts that count as missing, and may be classes, such as the grade “NA”."""
    for mark, cells in study.marks:
        rows = "1 row has" if cells == 1 else f"{cells:,} rows have"
        are = "it is" if cells == 1 else "they are"
        yield Finding(
            sentence=f"{rows} “{mark}” as “{study.target}”, which counts as missing: {are} left out",
            column=study.target,
            remedy=CountAsValue(mark),
        )


def _number_that_may_be_classes(study: Study) -> Iterator[Finding]:
    task = better_task(study.frame[study.target], study.task, typed=True)
    if study.task is not Task.REGRESSION or task is None:
        return
    values = study.goal.drop_nulls().unique().sort()
    count = len(values)
    shown = ", ".join(as_labels(values.head(_FEW_SHOWN)).to_list()) + (" …" if count > _FEW_SHOWN else "")
    yield Finding(
        sentence=f"“{study.target}” has only {count} different values, {shown}: these may be classes",
        column=study.target,
        remedy=PredictAs(task),
    )


def _uneven_target(study: Study) -> Iterator[Finding]:
    numbers = study.frame[study.target]
    if study.task is Task.REGRESSION and numbers.dtype.is_numeric() and suggests_logarithm(study.goal):
        yield Finding(
            sentence=f"A few large values of “{study.target}” outweigh all others; its logarithm is more even, and "
            "the form can train on that (“Train target as”)",
            column=study.target,
        )


# Features that know too much


def _leaks(study: Study) -> Iterator[Finding]:
    finder = LeakFinder(study.goal)
    sentences: dict[Leak, Callable[[str, str], str]] = {
        Leak.EQUAL: lambda x, y: f"{x} is the same as {y} in every row: the model would only copy it",
        Leak.LINE: lambda x, y: f"{x} nearly equals {y}, but for its scale: the model would only copy it",
        Leak.ORDER: lambda x, y: f"{x} is in the same order as {y} in every row, as if it were made from it",
        Leak.CLASS: lambda x, y: f"{x} alone tells {y} in every row, as if it were made from it",
    }
    for name, role in study.features.items():
        column = study.frame[name]
        leak = finder.look_at(column, as_label=role is ColumnRole.CATEGORY)
        study.advance()
        if leak is not None:
            yield Finding(sentence=sentences[leak](f"“{name}”", f"“{study.target}”"), column=name, remedy=LeaveOut())


def _other_parts_of_the_target(study: Study) -> Iterator[Finding]:
    """Yield the columns that, with the target, are one class in several columns, each of which is 0 or 1."""
    stem = re.sub(r"(?:[_. -]\w+|\d+)$", "", study.target)
    goal = study.frame[study.target]
    if not stem or not _is_flag(goal):
        return
    parts = [name for name in study.features if name.startswith(stem) and _is_flag(study.frame[name])]
    if len(parts) < _FEWEST_PARTS:
        return
    total = sum((study.frame[name].alias("").cast(pl.Float64) for name in parts), goal.alias("").cast(pl.Float64))
    if (total != 1).any():
        return
    for name in parts:
        yield Finding(
            sentence=f"“{name}” and “{study.target}” are parts of one class: one of {len(parts) + 1} columns is 1 in "
            "each row, so together they tell the target",
            column=name,
            remedy=LeaveOut(),
        )


def _is_flag(column: pl.Series) -> bool:
    """Return whether a column is 0 or 1 in every row."""
    if not (column.dtype.is_numeric() or column.dtype == pl.Boolean) or column.null_count():
        return False
    numbers = column.alias("").cast(pl.Float64)
    return bool(((numbers == 0) | (numbers == 1)).all())


# Rows


def _copied_rows(study: Study) -> Iterator[Finding]:
    frame = study.frame.filter(study.goal.is_not_null())
    columns = [name for name in (*study.features, study.target) if not unusable(frame[name])]
    groups = as_labels(frame[study.group]) if study.group else None
    used = pl.DataFrame([frame[name].alias(str(place)) for place, name in enumerate(columns)])
    copies = copied_rows(used, groups)
    if not copies.rows or likely_by_chance(used, copies.pairs):
        return
    rows = "1 row is a copy of another" if copies.rows == 1 else f"{copies.rows:,} rows are copies of others"
    across = expected_on_both_sides(copies, study.held_out)
    if across < _NEARLY_NONE:
        where = f"“{study.group}” keeps them together" if study.group else "none would be held out"
    else:
        count = "less than one" if across < 1 else f"about {across:,.0f}"
        where = f"{count} would be held out while a copy is trained on"
    yield Finding(sentence=f"{rows}: {where}")


def _owners(study: Study) -> Iterator[Finding]:
    """Yield columns that say whose the rows are, while nothing keeps rows together."""
    for name in () if study.group else study.frame.columns:
        column = study.frame[name]
        if name != study.target and not unusable(column) and names_owners(column):
            yield Finding(
                sentence=f"{len(column):,} rows belong to {count_distinct(column):,} different “{name}”: with rows of "
                "one on both sides of the split, scores are too good",
                column=name,
                remedy=KeepTogether(),
            )


def _groups(study: Study) -> Iterator[Finding]:
    if not study.group:
        return
    column = study.frame[study.group]
    sentence = group_problem(study.group, count_distinct(column), column.null_count(), len(column))
    if sentence:
        yield Finding(sentence=sentence, column=study.group)


# Cells


def _sentinels(study: Study) -> Iterator[Finding]:
    numbers = [name for name, role in study.features.items() if role is ColumnRole.NUMBER]
    for name in [*([study.target] if study.task is Task.REGRESSION else []), *numbers]:
        column = study.frame[name]
        if not column.dtype.is_numeric():
            continue
        for found in sentinels_in(column):
            cells = "1 cell" if found.count == 1 else f"{found.count:,} cells"
            yield Finding(
                sentence=f"{cells} of “{name}” {'is' if found.count == 1 else 'are'} {found.mark}, far outside the "
                f"rest ({found.low:.6g} to {found.high:.6g}): a mark for a missing value?",
                column=name,
                remedy=CountAsMissing(found.mark),
            )


def _mostly_empty(study: Study) -> Iterator[Finding]:
    rows = study.frame.height
    for name in study.features:
        gaps = study.frame[name].null_count()
        if is_mostly_empty(gaps, rows):
            yield Finding(
                sentence=f"“{name}” is empty in {gaps / rows:.0%} of the rows ({gaps:,} of {rows:,}): what fills them "
                "says little",
                column=name,
                remedy=LeaveOut(),
            )


def _categories_of_one_row(study: Study) -> Iterator[Finding]:
    for name, role in study.features.items():
        column = study.frame[name]
        filled = len(column) - column.null_count()
        if role is not ColumnRole.CATEGORY or filled <= _FEWEST_LABELS or measured(column):
            continue
        distinct = count_distinct(column)
        if distinct > max(_FEWEST_LABELS, _MANY_LABELS * filled):
            yield Finding(
                sentence=f"“{name}” has {distinct:,} different values in {filled:,} rows: most categories stand in "
                "one row only, and say nothing about others",
                column=name,
                remedy=LeaveOut(),
            )


def _spelt_in_two_ways(study: Study) -> Iterator[Finding]:
    names = [name for name, role in study.features.items() if role is ColumnRole.CATEGORY]
    for name in [*([] if study.task is Task.REGRESSION else [study.target]), *names]:
        if study.frame[name].dtype != pl.String:
            continue
        labels = study.frame[name].alias("").drop_nulls().unique(maintain_order=True)
        if len(labels) > _MOST_SPELT:
            continue
        folded = pl.DataFrame({"label": labels, "folded": labels.str.to_lowercase().str.replace_all(r"[\s_-]+", " ")})
        alike = folded.filter(pl.col("folded").is_duplicated())
        if alike.height:
            one, other, *_ = alike.filter(pl.col("folded") == alike["folded"][0])["label"]
            yield Finding(
                sentence=f"“{one}” and “{other}” of “{name}” count as two values: are they one, spelt in two ways?",
                column=name,
            )


def _equal_features(study: Study) -> Iterator[Finding]:
    seen: dict[tuple[str, int], str] = {}
    for name in study.features:
        column = study.frame[name]
        first = seen.setdefault(_print_of(column), name)
        if first != name and _same(study.frame[first], column):
            yield Finding(
                sentence=f"“{name}” is the same as “{first}” in every row: one of them is enough",
                column=name,
                remedy=LeaveOut(),
            )


def _print_of(column: pl.Series) -> tuple[str, int]:
    """Return what is equal for equal columns, and hardly ever for others."""
    numbers = as_numbers(column) if column.dtype.is_numeric() else None
    if numbers is not None:
        return "number", hash(numbers.to_numpy().tobytes())
    places = pl.int_range(1, 2 * len(column), 2, dtype=pl.UInt64, eager=True)
    return str(column.dtype), int((column.hash(1) ^ places).hash(2).sum())


def _same(one: pl.Series, other: pl.Series) -> bool:
    if one.dtype.is_numeric() and other.dtype.is_numeric():
        one, other = one.cast(pl.Float64), other.cast(pl.Float64)
    return one.dtype == other.dtype and one.equals(other, null_equal=True)


_TRAPS: tuple[Callable[[Study], Iterator[Finding]], ...] = (
    _target_that_cannot_be_learnt,
    _leaks,
    _other_parts_of_the_target,
    _marks_in_the_target,
    _number_that_may_be_classes,
    _owners,
    _groups,
    _copied_rows,
    _sentinels,
    _mostly_empty,
    _categories_of_one_row,
    _spelt_in_two_ways,
    _equal_features,
    _uneven_target,
)
"""What is looked for, the gravest first."""
