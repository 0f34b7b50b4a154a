"""What is told of a table before a study starts: each trap, and a near miss of it that is none."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from core.tables.copies import copied_rows, expected_on_both_sides
from core.tables.description import (
    ColumnRole,
    CountAsMissing,
    CountAsValue,
    Finding,
    KeepTogether,
    LeaveOut,
    PredictAs,
    Task,
)
from core.tables.sentinels import sentinels_in
from core.tables.traps import find_traps

ROWS = 60
random = np.random.default_rng(0)
NOISE = random.normal(size=ROWS)
OTHER = random.normal(size=ROWS)


def found(
    columns: Mapping[str, Any],
    task: Task = Task.REGRESSION,
    group: str = "",
    marks: Sequence[tuple[str, int]] = (),
    **roles: ColumnRole,
) -> tuple[Finding, ...]:
    """Return the findings in a table with the target `y`; a column is a number unless it holds texts."""
    frame = pl.DataFrame(columns, strict=False)
    used = {
        name: roles.get(name, ColumnRole.CATEGORY if frame[name].dtype == pl.String else ColumnRole.NUMBER)
        for name in frame.columns
        if name != "y"
    }
    return find_traps(frame, "y", task, used, group=group, held_out=0.25, marks=marks).findings


def sentences(*args: Any, **roles: Any) -> list[str]:
    return [finding.sentence for finding in found(*args, **roles)]


def test_that_a_table_without_traps_has_no_findings() -> None:
    town = ["Ulm", "Bonn", "Kiel"] * 20
    assert found({"x": NOISE, "town": town, "y": OTHER}) == ()
    assert found({"x": NOISE, "town": town, "y": ["yes", "no"] * 30}, Task.BINARY) == ()


# The target


def test_that_an_uneven_target_is_told_that_its_logarithm_is_more_even() -> None:
    prices = np.exp(3 + 1.5 * OTHER)
    assert "its logarithm is more even" in sentences({"x": NOISE, "y": prices})[-1]
    assert sentences({"x": NOISE, "y": prices - prices.min()}) == []  # 0 has none
    assert sentences({"x": NOISE, "y": 100 + OTHER}) == []


def test_that_a_target_that_is_empty_in_most_rows_is_told() -> None:
    mostly = [*OTHER[:20], *[None] * 40]
    assert sentences({"x": NOISE, "y": mostly}) == ["“y” is empty in 40 of 60 rows: only 20 can be used"]
    assert sentences({"x": NOISE, "y": [*OTHER[:31], *[None] * 29]}) == []


def test_that_a_constant_target_is_told() -> None:
    assert sentences({"x": NOISE, "y": [5] * ROWS}) == ["“y” is 5 in every row, so there is nothing to predict"]


def test_that_texts_that_are_names_are_no_target() -> None:
    names = [f"person {number}" for number in range(ROWS)]
    assert sentences({"x": NOISE, "y": names}, Task.MULTICLASS) == [
        "“y” has 60 different texts in 60 rows, as names do: nothing about new rows can be learnt"
    ]
    assert sentences({"x": NOISE, "y": ["a", "b", "c", "d"] * 15}, Task.MULTICLASS) == []


@pytest.mark.parametrize(
    ("values", "task", "shown"),
    [
        ([0.5, 1.5, 2.5] * 20, Task.MULTICLASS, "3 different values, 0.5, 1.5, 2.5"),
        ([1, 2] * 30, Task.BINARY, "2 different values, 1, 2"),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] * 6, Task.MULTICLASS, "10 different values, 1, 2, 3, 4, 5 …"),
    ],
)
def test_that_a_number_with_few_values_may_be_classes(values: list[float], task: Task, shown: str) -> None:
    assert found({"x": NOISE, "y": values}) == (
        Finding(sentence=f"“y” has only {shown}: these may be classes", column="y", remedy=PredictAs(task)),
    )


@pytest.mark.parametrize("values", [list(range(ROWS)), [0.5, 1.25, 2.5, 3.75, 4.5, 5.5] * 10, [*[1, 2] * 29, 3, 4]])
def test_that_a_number_with_many_values_or_a_class_of_one_row_is_a_number(values: list[float]) -> None:
    assert found({"x": NOISE, "y": values}) == ()
    assert found({"x": NOISE, "y": [1, 2, 3] * 20}, Task.MULTICLASS) == ()


def test_that_a_date_with_few_values_is_no_class() -> None:
    days = [date(2024, 1, 1) + timedelta(number % 3) for number in range(ROWS)]
    assert found({"x": NOISE, "y": days}) == ()


def test_that_marks_in_a_target_may_be_classes() -> None:
    grades = ["A", "B", None] * 20
    assert found({"x": NOISE, "y": grades}, Task.BINARY, marks=(("NA", 19), ("?", 1))) == (
        Finding(
            sentence="19 rows have “NA” as “y”, which counts as missing: they are left out",
            column="y",
            remedy=CountAsValue("NA"),
        ),
        Finding(
            sentence="1 row has “?” as “y”, which counts as missing: it is left out",
            column="y",
            remedy=CountAsValue("?"),
        ),
    )


# Features that know too much


@pytest.mark.parametrize(
    ("leak", "words"),
    [
        (OTHER, "is the same as “y” in every row"),
        (100 * OTHER + 7, "nearly equals “y”, but for its scale"),
        (OTHER + NOISE / 1000, "nearly equals “y”"),
        (-OTHER, "nearly equals “y”, but for its scale"),
        (np.exp(2 * OTHER), "is in the same order as “y” in every row"),
        (-np.exp(2 * OTHER), "is in the same order as “y” in every row"),
        (np.digitize(OTHER, [-0.5, 0.5]), "is in the same order as “y” in every row"),
        ([*OTHER[:50], *[None] * 10], "is the same as “y” in every row"),
    ],
)
def test_that_a_number_that_tells_the_target_is_told(leak: Sequence[float], words: str) -> None:
    findings = found({"x": NOISE, "leak": leak, "y": OTHER})
    assert [(finding.column, finding.remedy) for finding in findings] == [("leak", LeaveOut())]
    assert words in findings[0].sentence


@pytest.mark.parametrize(
    "near",
    [OTHER + NOISE / 5, np.digitize(OTHER + NOISE / 5, [-0.5, 0.5]), OTHER**2, [*OTHER[:5], *[None] * 55]],
)
def test_that_a_number_that_only_helps_is_no_leak(near: Sequence[float]) -> None:
    findings = found({"x": NOISE, "near": near, "y": OTHER})
    assert [finding for finding in findings if "“y”" in finding.sentence] == []


@pytest.mark.parametrize(
    "leak",
    [
        ["p", "q", "r"] * 20,
        [10, 30, 20] * 20,
        [f"{'pqr'[number % 3]}{number % 2}" for number in range(ROWS)],
        [(1, 5, 3)[number % 3] + NOISE[number] / 10 for number in range(ROWS)],
    ],
    ids=["one to one", "codes", "finer", "ranges"],
)
def test_that_a_column_that_tells_the_class_is_told(leak: list[object]) -> None:
    classes = ["a", "b", "c"] * 20
    findings = found({"x": NOISE, "leak": leak, "y": classes}, Task.MULTICLASS)
    assert findings == (
        Finding(
            sentence="“leak” alone tells “y” in every row, as if it were made from it", column="leak", remedy=LeaveOut()
        ),
    )


def test_that_the_target_under_another_name_is_told() -> None:
    classes = ["a", "b", "c"] * 20
    assert sentences({"x": NOISE, "leak": classes, "y": classes}, Task.MULTICLASS) == [
        "“leak” is the same as “y” in every row: the model would only copy it"
    ]


def test_that_a_category_that_is_wrong_in_some_rows_is_no_leak() -> None:
    classes = ["a", "b", "c"] * 20
    nearly = ["p", "q", "r"] * 18 + ["q", "q", "p"] * 2
    ranges = [(1, 3, 5)[number % 3] + 2 * NOISE[number] for number in range(ROWS)]
    assert found({"x": NOISE, "near": nearly, "ranges": ranges, "y": classes}, Task.MULTICLASS) == ()


def test_that_a_class_of_few_rows_is_told_by_many_columns_by_chance() -> None:
    rare = ["no"] * (ROWS - 2) + ["yes"] * 2
    assert found({"x": NOISE, "low": [1.0] * (ROWS - 2) + [0.0] * 2, "y": rare}, Task.BINARY) == ()


# Rows


def test_that_rows_of_one_patient_are_proposed_to_be_kept_together() -> None:
    patients = [f"P{number % 20}" for number in range(ROWS)]
    table = {"patient_id": patients, "x": NOISE, "y": OTHER}
    (owners,) = found(table, patient_id=ColumnRole.IGNORE)
    assert owners.sentence.startswith("60 rows belong to 20 different “patient_id”")
    assert owners.remedy == KeepTogether()
    numbers = table | {"patient_id": [number % 20 for number in range(ROWS)]}
    assert found(numbers, patient_id=ColumnRole.IGNORE) == (owners,)
    assert found(table, group="patient_id") == ()
    assert found({"town": patients, "x": NOISE, "y": OTHER}) == ()
    devices = table | {"patient_id": [f"D{number % 3}" for number in range(ROWS)]}
    assert found(devices) == ()


def test_that_copied_rows_are_counted_with_how_many_lie_on_both_sides() -> None:
    values = {"x": [*NOISE[:40], *NOISE[:20]], "y": [*OTHER[:40], *OTHER[:20]]}
    # a held-out row (15 of 60) has its one copy among the other 59, of which 45 are trained on: 40 * 15/60 * 45/59
    assert sentences(values) == ["20 rows are copies of others: about 8 would be held out while a copy is trained on"]


def test_that_copies_in_one_group_are_kept_together() -> None:
    values = {"x": [*NOISE[:40], *NOISE[:20]], "y": [*OTHER[:40], *OTHER[:20]], "g": [*range(40), *range(20)]}
    assert sentences(values, group="g", g=ColumnRole.IGNORE) == [
        "20 rows are copies of others: “g” keeps them together"
    ]
    values["g"] = [*[number % 9 for number in range(40)], *[9] * 20]
    assert "would be held out while a copy is trained on" in sentences(values, group="g", g=ColumnRole.IGNORE)[0]


def test_that_rows_that_differ_in_an_ignored_column_only_are_copies() -> None:
    values = {"x": [*NOISE[:59], NOISE[0]], "y": [*OTHER[:59], OTHER[0]], "id": range(ROWS)}
    assert sentences(values, id=ColumnRole.IGNORE)[0].startswith("1 row is a copy of another: less than one")
    assert sentences(values) == []


def test_that_rows_of_few_categories_repeat_by_chance() -> None:
    kinds = {"a": random.integers(0, 3, ROWS), "b": random.integers(0, 3, ROWS), "y": random.integers(0, 2, ROWS)}
    assert sentences(kinds, Task.BINARY, a=ColumnRole.CATEGORY, b=ColumnRole.CATEGORY) == []


def test_that_the_expected_copies_on_both_sides_are_those_of_many_random_splits() -> None:
    rows = [0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8]
    copies = copied_rows(pl.DataFrame({"x": rows}))
    assert (copies.rows, copies.pairs) == (3, 4)
    counts = []
    for _split in range(4000):
        shuffled = random.permutation(rows)
        held_out, trained = shuffled[:4], set(shuffled[4:])
        counts.append(sum(row in trained for row in held_out))
    assert expected_on_both_sides(copies, 1 / 3) == pytest.approx(np.mean(counts), rel=0.05)


def test_that_groups_that_keep_nothing_together_are_told() -> None:
    values = {"x": NOISE, "g": [1] * ROWS, "y": OTHER}
    assert sentences(values, group="g") == [
        "“g” is the same in every row, so its rows cannot lie in two parts of a split"
    ]
    assert sentences(values | {"g": range(ROWS)}, group="g") == [
        "“g” is different in every row, so it keeps no rows together"
    ]
    assert sentences(values | {"g": [number // 2 for number in range(ROWS)]}, group="g") == []


# Cells


@pytest.mark.parametrize(
    ("values", "mark", "count"),
    [
        ([-999] * 4 + list(range(51, 88)), "-999", 4),
        ([255] * 3 + list(range(90)), "255", 3),
        ([9999.0] * 2 + [number / 7 for number in range(90)], "9999", 2),
        ([1e30, *map(float, range(20))], "1e+30", 1),
        ([-1] * 5 + list(range(18, 80)), "-1", 5),
        ([-1] * 30 + list(range(60)), "-1", 30),
        ([99] * 4 + [0, 1] * 20, "99", 4),
        ([99] * 4 + list(range(1, 70)), "99", 4),
    ],
)
def test_that_a_number_far_outside_the_rest_may_mean_a_missing_value(
    values: list[float], mark: str, count: int
) -> None:
    assert [(found.mark, found.count) for found in sentinels_in(pl.Series(values))] == [(mark, count)]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([-999, *range(51, 88)], id="once"),
        pytest.param([99] * 3 + list(range(98)), id="next to the rest"),
        pytest.param([250] * 3 + list(range(90)), id="of no usual form"),
        pytest.param([-1, 0, 1] * 20, id="a score"),
        pytest.param([-1] * 2 + list(range(60)), id="one of many whole numbers"),
        pytest.param([999] * 30, id="nothing else"),
        pytest.param([10.0**number for number in range(15)] * 2 + [9999.0] * 3, id="over many decades"),
        pytest.param([None] * 5, id="empty"),
    ],
)
def test_that_other_numbers_mean_themselves(values: list[float]) -> None:
    assert sentinels_in(pl.Series(values, dtype=pl.Float64)) == []


def test_that_several_sentinels_of_a_column_are_found_and_told() -> None:
    pulse = [-999] * 3 + [9999] * 3 + [60 + number % 30 for number in range(ROWS - 6)]
    findings = found({"pulse": pulse, "y": OTHER})
    assert [finding.remedy for finding in findings] == [CountAsMissing("9999"), CountAsMissing("-999")]
    assert findings[0].sentence == (
        "3 cells of “pulse” are 9999, far outside the rest (60 to 89): a mark for a missing value?"
    )
    assert found({"pulse": pulse, "y": OTHER}, pulse=ColumnRole.IGNORE) == ()


def test_that_a_column_with_very_many_gaps_is_told() -> None:
    assert found({"x": NOISE, "a": [*NOISE[:9], *[None] * 51], "y": OTHER}) == (
        Finding(
            sentence="“a” is empty in 85% of the rows (51 of 60): what fills them says little",
            column="a",
            remedy=LeaveOut(),
        ),
    )
    assert found({"x": NOISE, "a": [*NOISE[:20][::-1], *[None] * 40], "y": OTHER}) == ()


def test_that_a_category_of_nearly_as_many_values_as_rows_is_told() -> None:
    codes = [f"c{number % 40}" for number in range(ROWS)]
    assert sentences({"x": NOISE, "code": codes, "y": OTHER}) == [
        "“code” has 40 different values in 60 rows: most categories stand in one row only, and say nothing about others"
    ]
    assert sentences({"x": NOISE, "code": [f"c{number % 20}" for number in range(ROWS)], "y": OTHER}) == []


def test_that_equal_features_are_told_once_and_many_are_counted() -> None:
    assert sentences({"x": NOISE, "copy": NOISE, "y": OTHER}) == [
        "“copy” is the same as “x” in every row: one of them is enough"
    ]
    assert sentences({"x": NOISE, "near": [*NOISE[:-1], 0.0], "y": OTHER}) == []
    many = sentences({"x": NOISE, **{f"copy {number}": NOISE for number in range(100)}, "y": OTHER})
    assert many == [
        "“copy 0” is the same as “x” in every row: one of them is enough",
        "“copy 1” is the same as “x” in every row: one of them is enough",
        "“copy 2” is the same as “x” in every row: one of them is enough; and 97 more columns like that",
    ]


def test_that_whole_and_other_numbers_can_be_equal_and_a_text_is_none() -> None:
    whole = [number % 7 for number in range(ROWS)]
    same = {"x": whole, "float": [float(number) for number in whole], "text": list(map(str, whole)), "y": OTHER}
    assert sentences(same) == ["“float” is the same as “x” in every row: one of them is enough"]


# All together


def test_that_the_gravest_come_first_and_there_are_at_most_eight() -> None:
    gaps = [*NOISE[:6], *[None] * 54]
    traps = {
        **{f"gaps {number}": gaps for number in range(5)},
        **{f"mark {number}": [-999] * 4 + [number % 50 for number in range(ROWS - 4)] for number in range(5)},
        **{f"leak {number}": OTHER * (number + 2) for number in range(5)},
        "y": OTHER,
    }
    findings = sentences(traps)
    assert len(findings) == 8
    assert [sentence[1:5] for sentence in findings[:3]] == ["leak"] * 3
    assert findings[2].endswith("; and 2 more columns like that")
    assert ["-999" in sentence for sentence in findings[3:6]] == [True] * 3
    assert findings[-1] == "And 5 more findings of lesser weight"


def test_that_columns_that_hold_lists_or_are_ignored_are_left_alone() -> None:
    values = {"x": NOISE, "lists": [[1]] * ROWS, "leak": OTHER, "y": OTHER}
    assert found(values, leak=ColumnRole.IGNORE) == ()
    assert found({"x": NOISE, "y": [[1]] * ROWS}) == ()


def test_that_each_step_is_told() -> None:
    steps: list[tuple[int, int]] = []
    frame = pl.DataFrame({"x": NOISE, "y": OTHER})
    find_traps(frame, "y", Task.REGRESSION, {"x": ColumnRole.NUMBER}, told=lambda *now: steps.append(now))
    assert steps == [(number, len(steps)) for number in range(1, len(steps) + 1)]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(pl.Series([None] * ROWS, dtype=pl.Null), id="nothing"),
        pytest.param(pl.Series([True, False, None] * 20), id="yes and no"),
        pytest.param(pl.Series([1e308, -1e308, 5e-324] * 20), id="as far apart as can be"),
        pytest.param(pl.Series([2**100 * number for number in range(ROWS)], dtype=pl.Int128), id="128 bits"),
        pytest.param(pl.Series(["a", "b"] * 30, dtype=pl.Categorical), id="categories"),
        pytest.param(pl.Series([timedelta(number) for number in range(ROWS)]), id="durations"),
        pytest.param(pl.Series([[1]] * ROWS), id="lists"),
        pytest.param(pl.Series([b"\xff"] * ROWS), id="bytes"),
    ],
)
@pytest.mark.parametrize("task", Task)
def test_that_columns_of_every_type_can_be_looked_at_in_every_place(cells: pl.Series, task: Task) -> None:
    frame = pl.DataFrame([cells.alias("x"), cells.alias("z"), pl.Series("y", OTHER), pl.Series("g", ["a", "b"] * 30)])
    for target, group in (("y", "x"), ("x", "g"), ("g", "z")):
        for role in ColumnRole:
            find_traps(frame, target, task, dict.fromkeys(frame.columns, role), group=group)
