"""What is said of a table before it is used."""

from datetime import date, time, timedelta

import polars as pl
import pytest

from core.tables.cells import CellsRead
from core.tables.column_types import as_labels
from core.tables.description import (
    ColumnProfile,
    ColumnRole,
    Gaps,
    ReadingChoice,
    Task,
    likely_target,
    role_problem,
)
from core.tables.profile import (
    count_gaps,
    likely_task,
    profile_column,
    profile_target,
    target_problem,
)
from core.tables.proposal import Proposal
from core.tables.readings import CellKind, ColumnReading
from core.tables.table_file import TableFile
from tests.tables import profile_table


def column(*values: object) -> pl.Series:
    return pl.Series("x", values, strict=False)


def test_that_numbers_are_numbers_with_their_range_and_gaps() -> None:
    found = profile_column(column(1.0, None, 3.0, 3.0))
    assert (found.role, found.missing, found.distinct, found.low, found.high) == (ColumnRole.NUMBER, 1, 3 - 1, 1.0, 3.0)


def test_that_a_few_texts_among_numbers_are_told_and_count_as_empty() -> None:
    found = profile_column(pl.Series("x", [*map(str, range(20)), "unknown"]))
    assert (found.role, found.odd) == (ColumnRole.NUMBER, 1)
    assert found.note == "1 cell, “unknown”, cannot be read as a number; it counts as empty"


@pytest.mark.parametrize(
    ("values", "role", "note"),
    [
        (["red", "blue", "red"], ColumnRole.CATEGORY, ""),
        ([True, False, None], ColumnRole.NUMBER, ""),
        ([None, None], ColumnRole.IGNORE, "Every cell is empty"),
        ([7, 7, 7], ColumnRole.IGNORE, "Every cell is the same"),
        (["a", "a"], ColumnRole.IGNORE, "Every cell is the same"),
        ([f"id {n // 2}" for n in range(120)], ColumnRole.IGNORE, "Too many texts (60) to be categories"),
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
    frame = pl.DataFrame({"a": [1, 2, None], "b": ["x", "y" * 100, "z"]})
    found = profile_table(TableFile(frame, ("A note.",)))
    assert found.rows == 3
    assert found.preview[0] == ("1", "x")
    assert found.preview[1][1] == "y" * 59 + "…"
    assert found.preview[2] == ("", "z")
    assert found.notes == ("A note.", "There are only 3 rows; a model needs at least 10")


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
        ([None, None], ColumnRole.CATEGORY, "Every cell of “x” is empty: leave it out"),
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


# Columns that were read by the second rules


def typed(column: pl.Series, *notes: str, odd: int = 0, proposal: Proposal | None = None) -> ColumnProfile:
    return profile_column(column, CellsRead(column, odd, notes=notes), proposal or Proposal())


def test_that_a_text_that_looks_like_a_number_stays_a_text() -> None:
    codes = pl.Series("x", ["00501", "01010", "90210"] * 8)
    found = typed(codes)
    assert (found.kind, found.role, found.low, found.distinct) == (CellKind.TEXT, ColumnRole.CATEGORY, None, 3)
    assert profile_column(codes).role is ColumnRole.NUMBER  # by the first rules
    many = pl.Series("x", [f"{number:03}" for number in range(30)] * 2)
    assert likely_task(many, typed=True) is Task.MULTICLASS
    assert "is text, which regression cannot predict" in target_problem(many, Task.REGRESSION, typed=True)
    assert target_problem(many, Task.REGRESSION) == ""
    assert profile_target(many, typed=True).task is Task.MULTICLASS


def test_that_a_text_nan_is_a_class_and_a_gap_is_none() -> None:
    grade = profile_target(pl.Series("grade", ["0", "1", "nan", None] * 5), typed=True)
    assert (grade.task, grade.classes) == (Task.MULTICLASS, (("0", 5), ("1", 5), ("nan", 5)))
    assert (grade.rows, grade.missing) == (15, 5)


@pytest.mark.parametrize(
    ("values", "kind", "example"),
    [
        ([None, 93153, 5], CellKind.NUMBER, "93153"),
        ([None, 0.7522234183692774, 2.0], CellKind.NUMBER, "0.7522234183692774"),
        ([4.0, 2.5], CellKind.NUMBER, "4"),
        ([True, False], CellKind.NUMBER, "True"),
        ([date(2024, 5, 1), None], CellKind.DATE, "2024-05-01"),
        ([time(6, 30), time(7)], CellKind.TIME, "06:30:00"),
        ([timedelta(minutes=90), timedelta(0)], CellKind.DURATION, "1:30:00"),
        (["red", "blue"], CellKind.TEXT, "red"),
        ([[1], [2]], CellKind.TEXT, ""),
        ([None, None], CellKind.TEXT, ""),
    ],
)
def test_that_a_column_has_a_kind_and_an_example_with_all_digits(
    values: list[object], kind: CellKind, example: str
) -> None:
    found = typed(column(*values))
    assert (found.kind, found.example) == (kind, example)


def test_that_a_column_is_shown_with_all_that_was_proposed_and_done() -> None:
    choices = tuple(ReadingChoice(f"1.248 is {shown}", ColumnReading(kind=CellKind.NUMBER)) for shown in ("1248", "1¼"))
    reading = ColumnReading(kind=CellKind.NUMBER, decimal_comma=True)
    proposal = Proposal(reading, ("percent signs taken off",), "Is 1.248 the number 1248?", choices)
    found = typed(column(1.5, None, None), "percent signs taken off", "a cell", odd=1, proposal=proposal)
    assert found.note == "Every cell is the same"
    found = typed(column(1.5, 2.5, None, None), "percent signs taken off", "a cell", odd=1, proposal=proposal)
    assert found.note == "Percent signs taken off; a cell"
    assert (found.reading, found.question, found.choices) == (reading, proposal.question, choices)
    assert (found.missing, found.odd) == (1, 1)
    assert found.filler == "the median, about 2"


@pytest.mark.parametrize(
    ("values", "filler"),
    [
        ([4, 5, None], "the median, about 4.5"),
        ([4, 5], ""),
        (["a", "b", None], "a category of its own, “(empty)”"),
        (["a", "b"], ""),
        ([date(2024, 3, 1), date(2024, 3, 5), None], "the median, about 2024-03-03 00:00:00"),
        ([timedelta(hours=1), timedelta(hours=2), None], "the median, about 1:30:00"),
        (["a", "a", None], ""),
        ([None, None], ""),
    ],
)
def test_that_it_is_said_what_fills_a_gap(values: list[object], filler: str) -> None:
    assert typed(column(*values)).filler == filler


@pytest.mark.parametrize(
    ("name", "values", "note"),
    [
        ("n", range(24), "A running number: left out"),
        ("n", range(1, 25), "A running number: left out"),
        ("time", [float(number) for number in range(24)], "A running number: left out"),
        ("Sample Number", [*range(1, 36), *range(1, 34), *range(1, 31)], "A running number: left out"),
        ("id", range(5000, 5024), "An identifier, different in each row: left out"),
        ("customerID", [7.0 * number for number in range(24)], "An identifier, different in each row: left out"),
        ("order_id", [number * 37 % 101 for number in range(24)], "An identifier, different in each row: left out"),
        ("x", [f"plot{number}" for number in range(24)], "Different in each row, as names are: left out"),
        ("id", [number // 2 for number in range(24)], "An identifier, with several rows each: left out"),
        ("Patient", [f"P{number // 2}" for number in range(24)], "An identifier, with several rows each: left out"),
    ],
)
def test_that_what_only_tells_rows_apart_is_left_out(name: str, values: list[object], note: str) -> None:
    found = typed(pl.Series(name, values))
    assert (found.role, found.note) == (ColumnRole.IGNORE, note)
    assert role_problem(found, ColumnRole.NUMBER if found.low is not None else ColumnRole.CATEGORY) == ""


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("n", range(2, 26)),
        ("n", [*range(23), 24]),
        ("n", [1, 0, *range(2, 24)]),
        ("n", [*range(23), None]),
        ("n", range(0, 48, 2)),
        ("n", [*range(1, 36), *range(1, 34)]),
        ("Lap Number", [*range(1, 36), *range(1, 34)]),
        ("plot number", [*range(1, 6)] * 20),
        ("plot number", [*range(1, 36), *range(2, 34)]),
        ("n", range(9)),
        ("id", [number // 8 for number in range(24)]),
        ("visits", [number // 2 for number in range(24)]),
        ("id", [number + 0.5 for number in range(24)]),
        ("humid", range(5000, 5024)),
        ("x", [f"plot{number // 2}" for number in range(24)]),
        ("x", [f"plot{number}" for number in range(9)]),
    ],
)
def test_that_what_says_more_is_a_feature(name: str, values: list[object]) -> None:
    assert typed(pl.Series(name, values)).role is not ColumnRole.IGNORE


def test_that_a_running_number_is_a_feature_if_there_is_no_other() -> None:
    frame = pl.DataFrame({"n": range(24), "town": ["Ulm"] * 24, "y": [number % 7 / 2 for number in range(24)]})
    read = {name: CellsRead(frame[name]) for name in frame.columns}
    alone = profile_table(TableFile(frame, read=read)).columns[0]
    assert (alone.role, alone.note) == (ColumnRole.NUMBER, "A running number")
    more = frame.with_columns(town=pl.Series(["Ulm", "Bonn"] * 12))
    read = {name: CellsRead(more[name]) for name in more.columns}
    assert profile_table(TableFile(more, read=read)).columns[0].role is ColumnRole.IGNORE


@pytest.mark.parametrize(
    ("gaps", "note", "role"),
    [
        (20, "83% of the cells are empty", ColumnRole.NUMBER),
        (19, "", ColumnRole.NUMBER),
        (23, "Every cell is the same", ColumnRole.IGNORE),
        (24, "Every cell is empty", ColumnRole.IGNORE),
    ],
)
def test_that_a_column_of_gaps_is_pointed_out(gaps: int, note: str, role: ColumnRole) -> None:
    found = typed(pl.Series("x", [*[None] * gaps, *range(24 - gaps)], dtype=pl.Int64))
    assert (found.note, found.role) == (note, role)


def test_that_dates_are_numbers_with_a_note_and_as_a_target_too() -> None:
    days = pl.Series("c", [timedelta(number) for number in range(20)])
    found = typed(days)
    assert (found.role, found.note) == (ColumnRole.NUMBER, "Durations, as numbers of seconds")
    assert typed(days, proposal=Proposal(notes=("looks like a duration",))).note == "Looks like a duration"
    target = profile_target(days, typed=True)
    assert (target.task, target.problem) == (Task.REGRESSION, "")
    few = pl.Series("c", [date(2024, 1, 1 + number % 3) for number in range(60)])
    assert profile_target(few, typed=True).task is Task.REGRESSION


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        ({"x": [1.5, 2.5] * 12, "z": [1, 3] * 12, "when": [date(2024, 1, 1 + n) for n in range(24)]}, "z"),
        ({"x": [1.5, 2.5] * 12, "n": range(24)}, "x"),
        ({"x": [1.5, 2.5] * 12, "y": range(24)}, "x"),
        ({"label": [f"plot{n}" for n in range(24)], "x": [1.5, 2.5] * 12}, "x"),
        ({"label": [f"class {n % 60}" for n in range(120)], "x": [1.5, 2.5] * 60}, "label"),
        ({"target": [5] * 24, "x": [1.5, 2.5] * 12}, "target"),
        ({"n": range(24), "when": [date(2024, 1, 1 + n) for n in range(24)]}, "when"),
        ({"n": range(24), "town": ["Ulm"] * 24}, "town"),
    ],
)
def test_that_the_target_is_no_date_and_nothing_that_is_left_out(columns: dict[str, list[object]], target: str) -> None:
    frame = pl.DataFrame(columns)
    read = {name: CellsRead(frame[name]) for name in frame.columns}
    assert likely_target(profile_table(TableFile(frame, read=read)).columns) == target


def test_that_infinite_numbers_are_gaps_where_a_number_is_needed() -> None:
    values = [1.0, float("inf"), None, 4.0, 5.0, 6.0, 7.0]
    frame = pl.DataFrame({"x": values, "n": [1, 2, None, 4, 5, 6, 7], "y": [1.5, 2.5, 3.5, None, 2.0, 1.0, 3.0]})
    roles = {"x": ColumnRole.NUMBER, "n": ColumnRole.NUMBER}
    assert count_gaps(frame, "y", Task.REGRESSION, roles) == Gaps(no_target=1, incomplete=2)
    assert profile_column(frame["x"]).note == "1 cell, “inf”, cannot be read as a number; it counts as empty"


@pytest.mark.parametrize("rows", [50, 20_000])
def test_that_different_values_are_counted_without_gaps(rows: int) -> None:
    whole = [number % 7 for number in range(rows)]
    for values in (whole, [None, *whole[1:]], [number / 2 for number in whole], [None, *map(float, whole[1:])]):
        assert profile_column(column(*values)).distinct == 7
    large = [9007199254740992 + number % 3 for number in range(rows)]
    assert profile_column(column(None, *large)).distinct == 3
