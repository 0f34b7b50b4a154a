"""What the form says of a user's own table before a study: each doubt about a column in use, and what is none."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.tables.description import ColumnRole, MissingValues, Task
from core.tables.facts import TableFacts, facts_of
from core.tables.inspected import Inspected, inspect_file
from core.tables.table_format import RULES, FileKind, TableFormat
from core.words.data_warnings import data_warnings
from tests.tables import imported

ROWS = 60
NUMBER, CATEGORY, IGNORE = ColumnRole.NUMBER, ColumnRole.CATEGORY, ColumnRole.IGNORE
X = [round((number * 37 % 61) / 7, 3) for number in range(ROWS)]
Y = [round((number * 23 % 59) / 3, 3) for number in range(ROWS)]
TYPED = TableFormat(kind=FileKind.PARQUET, rules=RULES)


class Table:
    """A table with these columns and the target `y`, as it is read; `left_out` are no features."""

    def __init__(self, path: Path, task: Task = Task.REGRESSION, /, **columns: Any) -> None:
        frame = pl.DataFrame({"x": X, "y": Y} | columns, strict=False)
        frame.write_parquet(path)
        self.read: Inspected = inspect_file(path, TYPED, {}, lambda *_: None, lambda _: None)
        roles = {
            column.name: CATEGORY if column.low is None else NUMBER
            for column in self.read.profile.columns
            if column.name != "y"
        }
        self.file: DataFile = imported(path, frame.height, "y", task, roles, TYPED)

    @property
    def facts(self) -> TableFacts:
        profile = self.read.profile
        return facts_of(profile.rows, profile.columns, self.read.describe_target("y", self.file.task))

    def warnings(self, **data: Any) -> Mapping[str, str]:
        return data_warnings(DataSettings(file=self.file, **data), self.facts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.parquet"


def gaps(filled: int, value: object = None) -> list[object]:
    """Return cells of which so many are filled, with different numbers unless there is a value."""
    return [*(range(filled) if value is None else [value] * filled), *[None] * (ROWS - filled)]


def test_that_a_sound_table_has_no_warnings(path: Path) -> None:
    table = Table(path, town=["Ulm", "Bonn", "Kiel"] * 20, plot=[f"p{row % 12}" for row in range(ROWS)])
    assert table.warnings(group="plot") == {}
    assert table.warnings() == {}


def test_that_nothing_is_said_of_our_own_data_or_of_what_was_not_looked_at(path: Path) -> None:
    table = Table(path, n=range(ROWS))
    assert data_warnings(DataSettings(), table.facts) == {}
    assert data_warnings(DataSettings(file=table.file), None) == {}


@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [
        ("n", range(ROWS), "“n” only counts the rows"),
        ("n", range(1, ROWS + 1), "“n” only counts the rows"),
        ("Sample Number", [*range(1, 32), *range(1, 30)], "“Sample Number” only counts the rows"),
        ("id", range(5000, 5000 + ROWS), "“id” only tells the rows apart"),
        ("name", [f"plot {row}" for row in range(ROWS)], "“name” only tells the rows apart"),
        ("patient", [row // 3 for row in range(ROWS)], "“patient” only says whose a row is"),
        (
            "when",
            [date(2024, 1, 1) + timedelta(row) for row in range(ROWS)],
            "“when” is a date, read as days since 1970",
        ),
        ("c", [5] * ROWS, "“c” has one value only"),
        ("c", ["yes"] * ROWS, "“c” has one value only"),
        ("c", gaps(40, "yes"), "“c” has one value only"),
        ("c", [None] * ROWS, "“c” is empty"),
        ("c", gaps(10), "“c” is 83 % empty"),
        ("c", ["a", "b", *[None] * (ROWS - 2)], "“c” is 97 % empty"),
    ],
)
def test_that_a_feature_that_says_little_is_told(path: Path, name: str, cells: list[object], said: str) -> None:
    table = Table(path, **{name: cells})
    assert table.warnings() == {"data.file": f"{said}: Columns… leaves it out"}
    table.file = imported(path, ROWS, "y", Task.REGRESSION, {"x": NUMBER, name: IGNORE}, TYPED)
    assert table.warnings() == {}


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("n", range(2, ROWS + 2)),
        ("hour", [row % 24 for row in range(ROWS)]),
        ("Day Number", [*range(1, 32), *range(1, 30)]),
        ("replicate number", [row % 3 for row in range(ROWS)]),
        ("c", gaps(13)),
        ("took", [timedelta(minutes=row % 9) for row in range(ROWS)]),
    ],
)
def test_that_a_feature_that_says_more_is_not_told(path: Path, name: str, cells: list[object]) -> None:
    assert Table(path, **{name: cells}).warnings() == {}


def test_that_a_mostly_empty_feature_that_takes_rows_with_it_is_told_so(path: Path) -> None:
    said = "“c” is 83 % empty, and rows with a gap are left out: Columns… leaves it out"
    assert Table(path, c=gaps(10)).warnings(missing=MissingValues.DROP) == {"data.file": said}


def test_that_it_is_never_rounded_to_completely_empty(path: Path) -> None:
    frame = pl.DataFrame({"x": X * 10, "y": Y * 10, "c": ["a", "b", *[None] * (10 * ROWS - 2)]})
    said = Table(path, **{name: frame[name] for name in frame.columns}).warnings()["data.file"]
    assert said.startswith("“c” is 99 % empty")


def test_that_more_than_three_features_are_counted(path: Path) -> None:
    three: dict[str, Any] = {
        "n": range(ROWS),
        "c": [5] * ROWS,
        "d": [date(2024, 1, 1) + timedelta(r) for r in range(60)],
    }
    said = "“n” only counts the rows; “c” has one value only; “d” is a date, read as days since 1970"
    assert Table(path, **three).warnings() == {"data.file": f"{said}: Columns… leaves them out"}
    more = three | {"e": gaps(2), "f": [None] * ROWS}
    assert Table(path, **more).warnings() == {"data.file": f"{said}; and 2 more: Columns… leaves them out"}


def test_that_the_only_feature_cannot_be_left_out(path: Path) -> None:
    table = Table(path, when=[date(2024, 1, 1) + timedelta(row) for row in range(ROWS)])
    table.file = imported(path, ROWS, "y", Task.REGRESSION, {"x": IGNORE, "when": NUMBER}, TYPED)
    assert table.warnings() == {"data.file": "“when” is a date, read as days since 1970"}


def test_that_a_date_that_is_a_category_is_no_number_of_days(path: Path) -> None:
    table = Table(path, when=[date(2024, 1, 1 + row % 9) for row in range(ROWS)])
    table.file = imported(path, ROWS, "y", Task.REGRESSION, {"x": NUMBER, "when": CATEGORY}, TYPED)
    assert table.warnings() == {"data.file": "“when” is a date: Columns… leaves it out"}


def test_that_a_running_number_is_a_feature_if_there_is_no_other(path: Path) -> None:
    assert Table(path, x=range(ROWS)).warnings() == {}


def test_that_the_column_that_keeps_rows_together_is_no_feature(path: Path) -> None:
    assert Table(path, patient=[row // 3 for row in range(ROWS)]).warnings(group="patient") == {}


def test_that_names_are_shortened_and_stay_as_they_are(path: Path) -> None:
    long, odd = "n" * 500, "^<b>x{}%.*$"
    said = Table(path, **{long: [1] * ROWS, odd: [2] * ROWS}).warnings()["data.file"]
    assert said == f"“{'n' * 29}…” has one value only; “{odd}” has one value only: Columns… leaves them out"


# Groups


def group(said: str) -> Mapping[str, str]:
    return {"data.group": f"{said}: choose another column, or none"}


def test_that_a_group_column_that_is_no_use_is_told(path: Path) -> None:
    constant = group("“g” is the same in every row, so its rows cannot lie in two parts of a split")
    assert Table(path, g=["a"] * ROWS).warnings(group="g") == constant
    assert Table(path, g=[None] * ROWS).warnings(group="g") == constant
    assert Table(path, g=gaps(50, "a")).warnings(group="g") == {}  # those without a value are a group
    different = group("“g” is different in every row, so it keeps no rows together")
    assert Table(path, g=[f"p{row}" for row in range(ROWS)]).warnings(group="g") == different
    assert Table(path, g=[5] * ROWS).warnings() != constant


def test_that_groups_that_are_too_few_for_the_split_are_told(path: Path) -> None:
    table = Table(path, g=["a", "b", "c"] * 20)
    assert table.warnings(group="g", folds=3) == {}
    assert table.warnings(group="g", folds=5) == group("“g” makes 3 groups of rows, but 5 folds need 5")
    assert table.warnings(group="g", folds=3, test_fraction=0.2) == group(
        "“g” makes 3 groups of rows, but 3 folds and the test part need 4"
    )
    two = Table(path, g=["a", "b"] * 30)
    assert two.warnings(group="g") == {}
    assert two.warnings(group="g", test_fraction=0.2) == group(
        "“g” makes 2 groups of rows, but training, validation and test need 3"
    )


# The target


def test_that_a_quantity_that_is_to_be_classes_is_told(path: Path) -> None:
    quantity = [round(row % 25 / 7, 3) for row in range(2 * ROWS)]
    said = "“y” has 25 different values, each a class of its own: in Columns…, it can be predicted as a number"
    assert Table(path, Task.MULTICLASS, x=X * 2, y=quantity).warnings() == {"data.file": said}
    assert Table(path, Task.MULTICLASS, x=X * 2, y=quantity, n=range(2 * ROWS)).warnings() == {
        "data.file": f"{said}. “n” only counts the rows: Columns… leaves it out"
    }


def test_that_classes_that_are_numbers_are_no_quantity(path: Path) -> None:
    letters = [row % 26 for row in range(26 * 6)]
    assert Table(path, Task.MULTICLASS, x=[row / 7 for row in letters], y=letters).warnings() == {}
    assert Table(path, Task.MULTICLASS, y=[0.5, 1.5, 2.5] * 20).warnings() == {}


@pytest.mark.parametrize("values", [[0, 1], [0.5, 1.5, 2.5]])
def test_that_classes_that_are_to_be_a_number_are_told(path: Path, values: list[float]) -> None:
    said = f"“y” has only {len(values)} different values: in Columns…, it can be predicted as classes"
    assert Table(path, y=values * (ROWS // len(values))).warnings() == {"data.file": said}


def test_that_a_mark_from_one_to_six_may_be_a_number(path: Path) -> None:
    assert Table(path, y=[1, 2, 3, 4, 5, 6] * 10).warnings() == {}


def test_that_a_class_of_one_row_is_told(path: Path) -> None:
    assert Table(path, Task.MULTICLASS, y=["a", *["b", "c"] * 29, "c"]).warnings() == {
        "data.file": "The class “a” of “y” has one row only, so it cannot be in both parts of a split"
    }


def test_that_what_is_said_of_a_target_is_bounded(path: Path) -> None:
    name = "y" * 5000
    frame = pl.DataFrame({"x": X, name: ["a", *["b", "c"] * 29, "c"]})
    frame.write_parquet(path)
    read = inspect_file(path, TYPED, {}, lambda *_: None, lambda _: None)
    facts = facts_of(ROWS, read.profile.columns, read.describe_target(name, Task.MULTICLASS))
    file = imported(path, ROWS, name, Task.MULTICLASS, {"x": NUMBER}, TYPED)
    (said,) = data_warnings(DataSettings(file=file), facts).values()
    assert len(said) < 250
