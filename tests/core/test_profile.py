"""What is said of a table before it is used."""

import polars as pl
import pytest

from core.tables.column_types import as_labels
from core.tables.description import ColumnRole, Gaps, Task, likely_target, role_problem
from core.tables.profile import (
    count_gaps,
    likely_task,
    profile_column,
    profile_table,
    profile_target,
    target_problem,
)
from core.tables.table_file import TableFile


def column(*values: object) -> pl.Series:
    return pl.Series("x", values, strict=False)


def test_that_numbers_are_numbers_with_their_range_and_gaps() -> None:
    found = profile_column(column(1.0, None, 3.0, 3.0))
    assert (found.role, found.missing, found.distinct, found.low, found.high) == (ColumnRole.NUMBER, 1, 3 - 1, 1.0, 3.0)


def test_that_a_few_texts_among_numbers_are_told_and_count_as_empty() -> None:
    found = profile_column(pl.Series("x", [*map(str, range(20)), "unknown"]))
    assert (found.role, found.odd) == (ColumnRole.NUMBER, 1)
    assert found.note == "1 cell is no number, such as “unknown”; they count as empty"


@pytest.mark.parametrize(
    ("values", "role", "note"),
    [
        (["red", "blue", "red"], ColumnRole.CATEGORY, ""),
        ([True, False, None], ColumnRole.NUMBER, ""),
        ([None, None], ColumnRole.IGNORE, "Every cell is empty"),
        ([7, 7, 7], ColumnRole.IGNORE, "Every cell is the same"),
        (["a", "a"], ColumnRole.IGNORE, "Every cell is the same"),
        ([f"id {n}" for n in range(60)], ColumnRole.IGNORE, "Too many texts (60) to be categories"),
    ],
)
def test_that_each_column_gets_the_role_that_suits_it(values: list[object], role: ColumnRole, note: str) -> None:
    found = profile_column(column(*values))
    assert (found.role, found.note) == (role, note)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["yes", "no"] * 10, Task.BINARY),
        ([0, 1] * 10, Task.BINARY),
        (["a", "b", "c"] * 10, Task.MULTICLASS),
        ([0, 1, 2] * 10, Task.MULTICLASS),
        ([n + 0.5 for n in range(30)], Task.REGRESSION),
        (list(range(30)), Task.REGRESSION),
    ],
)
def test_that_the_task_follows_from_the_target(values: list[object], task: Task) -> None:
    assert likely_task(column(*values)) is task
    assert target_problem(column(*values), task) == ""


@pytest.mark.parametrize(
    ("values", "task", "sentence"),
    [
        ([None] * 20, Task.REGRESSION, "Every cell of “x” is empty"),
        ([1.0, 2.0, 3.0], Task.REGRESSION, "has a value in 3 rows only"),
        ([5.0] * 20, Task.REGRESSION, "is 5 in every row, so there is nothing to predict"),
        (["a"] * 20, Task.BINARY, "is a in every row"),
        ([*["5"] * 20, "oops"], Task.REGRESSION, "is 5 wherever it is a number, so there is nothing to predict"),
        ([n * 1e300 for n in range(20)], Task.REGRESSION, "has numbers beyond ±3.4e+38"),
        ([-n * 1e300 for n in range(20)], Task.REGRESSION, "has numbers beyond ±3.4e+38"),
        ([*map(str, range(9)), "oops"], Task.REGRESSION, "is a number in 9 rows only; a model needs at least 10"),
        (["a", "b"] * 20, Task.REGRESSION, "is text, which regression cannot predict"),
        (["a", "b", "c"] * 20, Task.BINARY, "has 3 different values; a yes-or-no target has two"),
        (["a", "b"] * 20 + ["c"], Task.MULTICLASS, "The class “c” of “x” has one row only"),
        ([f"n{i % 150}" for i in range(600)], Task.MULTICLASS, "150 different values, too many for classes"),
    ],
)
def test_that_a_target_that_cannot_be_one_gets_a_sentence(values: list[object], task: Task, sentence: str) -> None:
    assert sentence in target_problem(column(*values), task)


def test_that_a_target_is_shown_as_classes_or_as_a_histogram() -> None:
    classes = profile_target(column(*(["no"] * 30 + ["yes"] * 10)))
    assert classes.classes == (("no", 30), ("yes", 10))
    numbers = profile_target(column(*[n / 7 for n in range(100)]))
    assert sum(numbers.counts) == 100
    assert len(numbers.edges) == len(numbers.counts) + 1


def test_that_whole_numbers_are_labelled_without_a_point() -> None:
    assert as_labels(pl.Series("x", [1.0, 2.0])).to_list() == ["1", "2"]
    assert as_labels(pl.Series("x", [1.5, 2.0])).to_list() == ["1.5", "2.0"]


def test_that_a_table_shows_its_first_rows_and_what_is_odd() -> None:
    seen: list[tuple[int, int]] = []
    frame = pl.DataFrame({"a": [1, 2, None], "b": ["x", "y" * 100, "z"]})
    found = profile_table(TableFile(frame, ("A note.",)), lambda *now: seen.append(now))
    assert found.rows == 3
    assert found.preview[0] == ("1", "x")
    assert found.preview[1][1] == "y" * 59 + "…"
    assert found.preview[2] == ("", "z")
    assert found.notes == ("A note.", "There are only 3 rows; a model needs at least 10")
    assert seen == [(1, 2), (2, 2)]


def test_that_rows_without_a_target_are_counted_apart_from_those_without_a_feature() -> None:
    frame = pl.DataFrame(
        {
            "age": ["31", None, "old", "44", None],
            "town": ["A", "B", None, "C", "D"],
            "price": ["1.5", "2.5", "3.5", "unknown", None],
        }
    )
    roles = {"age": ColumnRole.NUMBER, "town": ColumnRole.CATEGORY}
    assert count_gaps(frame, "price", Task.REGRESSION, roles) == Gaps(no_target=2, incomplete=2)
    assert count_gaps(frame, "price", Task.MULTICLASS, roles) == Gaps(no_target=1, incomplete=2)
    as_text = {"age": ColumnRole.CATEGORY, "town": ColumnRole.IGNORE}
    assert count_gaps(frame, "price", Task.REGRESSION, as_text) == Gaps(no_target=2, incomplete=1)


@pytest.mark.parametrize(
    ("values", "role", "sentence"),
    [
        (["a", "b"], ColumnRole.NUMBER, "“x” is text, so it cannot be used as a number"),
        ([None, None], ColumnRole.CATEGORY, "Every cell of “x” is empty: ignore it"),
        (
            range(1001),
            ColumnRole.CATEGORY,
            "“x” has 1,001 different values, too many for a category (at most 1,000)",
        ),
        (range(1001), ColumnRole.NUMBER, ""),
        ([None, None], ColumnRole.IGNORE, ""),
    ],
)
def test_that_a_role_that_a_column_cannot_have_is_a_sentence(
    values: list[object], role: ColumnRole, sentence: str
) -> None:
    assert role_problem(profile_column(column(*values)), role) == sentence


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (["Class", "age", "note"], "Class"),
        (["age", "y", "income"], "y"),
        (["age", "income", "empty"], "income"),
        (["empty", "empty 2"], "empty 2"),
    ],
)
def test_that_the_target_is_guessed_by_name_or_else_is_the_last_column_in_use(names: list[str], target: str) -> None:
    columns = {name: [None, None] if "empty" in name else [1, 2] for name in names}
    profile = profile_table(TableFile(pl.DataFrame(columns)))
    assert likely_target(profile.columns) == target


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([1.7e308, -1.7e308], id="their difference is no number"),
        pytest.param([9007199254740993, 9007199254740995], id="identifiers of 16 digits"),
        pytest.param([1.0, 1.0000000000000002], id="neighbours"),
        pytest.param([0.0, 5e-324], id="the smallest of all"),
        pytest.param([10.0**30, 10.0**30 + 2.0**48], id="large, and close together"),
    ],
)
def test_that_numbers_that_no_axis_can_show_have_no_histogram(values: list[float]) -> None:
    found = profile_target(column(*values * 10), Task.REGRESSION)
    assert (found.edges, found.counts) == ((), ())


def test_that_whole_numbers_too_large_for_64_bits_stay_different_labels() -> None:
    labels = as_labels(column(1e300, 2.0, None, 1e19)).to_list()
    assert labels[2] is None
    assert [float(label) for label in labels if label is not None] == [1e300, 2, 1e19]
    assert as_labels(column(1.0, 2.0, None)).to_list() == ["1", "2", None]
