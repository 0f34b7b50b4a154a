"""How a column is proposed to be read at import: kinds, reasons, and questions where two readings are possible."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import hypothesis
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.cells import read_cells
from core.tables.decimal_signs import likely_decimal_comma
from core.tables.proposal import Proposal, propose
from core.tables.readings import PLAIN, CellKind, ColumnReading, DateOrder
from core.tables.table_format import FileKind, TableFormat

MARKS = ("NA", "nan", "None", "?", "-", "#N/A", ".", "--", "<NA>", "#NV", "#DIV/0!")
POINT = TableFormat(rules=2, missing=MARKS)
SEMICOLON = TableFormat(rules=2, separator=";", missing=MARKS)
COMMA = TableFormat(rules=2, separator=";", decimal_comma=True, missing=MARKS)
EXCEL = TableFormat(rules=2, kind=FileKind.EXCEL, missing=MARKS)
PARQUET = TableFormat(rules=2, kind=FileKind.PARQUET)
NUMBER, TEXT = ColumnReading(kind=CellKind.NUMBER), ColumnReading(kind=CellKind.TEXT)
WITH_COMMA = ColumnReading(kind=CellKind.NUMBER, decimal_comma=True)
WITH_POINT = ColumnReading(kind=CellKind.NUMBER, decimal_comma=False)
PURE = random.Random(1)
GROUPED = [f"{PURE.randint(1000, 9999):,}" for _ in range(30)]
PARTLY = [f"{PURE.randint(600, 1500):,}" for _ in range(60)]
LARGE = [f"{PURE.randint(10_000, 99_999):,}" for _ in range(30)]


def with_points(cells: Sequence[str]) -> list[str]:
    return [cell.replace(",", ".") for cell in cells]


def proposed(cells: Sequence[str | None], layout: TableFormat = POINT) -> Proposal:
    return propose(pl.Series("x", cells, dtype=pl.String), layout)


def seen(cells: Sequence[str | None], layout: TableFormat = POINT) -> list[Any]:
    column = pl.Series("x", cells, dtype=pl.String)
    return read_cells(column, propose(column, layout).reading, layout).values.to_list()


@pytest.mark.parametrize(
    ("cells", "layout", "reading"),
    [
        (["1", "2.5", "-3e5"], POINT, PLAIN),
        (["1,5", "2"], COMMA, PLAIN),
        (["1", "NA", "?"], POINT, PLAIN),
        (["a", "b", "a"], POINT, PLAIN),
        (["NA", None], POINT, PLAIN),
        ([], POINT, PLAIN),
        (["12%", "34%"], POINT, NUMBER),
        (["$1.5", "$2"], POINT, NUMBER),
        (["(1.5)", "2"], POINT, NUMBER),
        (["−1", "2"], POINT, NUMBER),
        (["３", "5"], POINT, NUMBER),
        (["1 234", "12"], POINT, NUMBER),
        (["1’234.5", "12"], POINT, NUMBER),
        (["1,234.5", "12"], POINT, NUMBER),
        (["1,234,567", "12"], POINT, NUMBER),
        (["12,34,567", "12"], POINT, NUMBER),
        (["1.234,5", "12"], COMMA, NUMBER),
        (["1.234.567", "12"], COMMA, NUMBER),
        (["1,5", "2"], POINT, WITH_COMMA),
        (["0,125", "0,250"], POINT, WITH_COMMA),
        (["1.234.567", "12"], POINT, WITH_COMMA),
        (["1.5", "2"], COMMA, WITH_POINT),
        (["1,234.5", "2"], COMMA, WITH_POINT),
        (["1.5", *"1234567", "k.A."], POINT, NUMBER),
        (["1.5", *"12", "k.A."], POINT, PLAIN),
        (["1", "2", "3", "4", "1e999"], POINT, NUMBER),
        (["2.5", "3", "4", "5", "1,5"], POINT, NUMBER),
        (["1.5", "1.6"], PARQUET, NUMBER),
        (["1.5", "1,234"], EXCEL, NUMBER),
    ],
)
def test_that_a_column_is_read_plainly_or_as_numbers_where_most_cells_are_some(
    cells: list[str | None], layout: TableFormat, reading: ColumnReading
) -> None:
    found = proposed(cells, layout)
    assert (found.reading, found.question) == (reading, "")


# Text


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        (["00501", "90210"], "codes with leading zeros stay text"),
        (["001", "002", "NA"], "codes with leading zeros stay text"),
        (["00", "1", "12"], "codes with leading zeros stay text"),
        (["1" * 20, "2" * 20], "whole numbers of more than 64 bits stay text: as numbers they would be rounded"),
        (
            ["9" * 19, "5", "6", "7", "x"],
            "whole numbers of more than 64 bits stay text: as numbers they would be rounded",
        ),
        (["$5", "€6", "€ 7"], "units are mixed, $ (1 cell) and EUR (2 cells), so all stays text"),
        (["5 EUR", "€6", "7 CHF"], "units are mixed, EUR (2 cells) and CHF (1 cell), so all stays text"),
        (["5%", "3‰"], "units are mixed, % (1 cell) and ‰ (1 cell), so all stays text"),
        (["5%", "$3"], "units are mixed, % (1 cell) and $ (1 cell), so all stays text"),
        (["1", "2-", "3", "2"], "marks such as 2- stay text"),
        (["1", "2+", "3", "2", "1", "4"], "marks such as 2- stay text"),
        (["1,5", "2.5"], "some numbers have a decimal comma and some a point, so all stays text"),
    ],
)
def test_that_what_would_lose_something_as_a_number_stays_text_with_the_reason(cells: list[str], note: str) -> None:
    found = proposed(cells)
    assert (found.reading, found.notes) == (TEXT, (note,))
    assert seen(cells) == [None if cell == "NA" else cell for cell in cells]


@pytest.mark.parametrize(
    "cells", [["0", "1"], ["0.5", "0.25"], ["-0.5", "10"], ["00.5", "1"], ["5 EUR", "€6"], ["12-", "5"]]
)
def test_that_other_zeros_and_units_do_not_make_a_text(cells: list[str]) -> None:
    assert proposed(cells).reading in (PLAIN, NUMBER)
    assert all(not isinstance(value, str) for value in seen(cells))


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (["0", "1", "2", *["nan"] * 2, *"012012"], True),
        (["0.0", "1.0", "2.0", "nan", *["1.0"] * 9], True),
        (["0", "1", "1", "0", "1", "inf"], True),
        (["0", "1", "2", "none so far"] * 5, True),
        (["00501", "01010"], True),
        (["0", "1", "2"], False),
        ([f"{n}.5" for n in range(99)] + ["nan"], False),
        ([f"{n}.5" for n in range(20)] + ["k.A."], False),
    ],
)
def test_that_in_a_file_with_types_few_texts_with_nan_among_them_are_labels(cells: list[str], text: bool) -> None:
    assert all(isinstance(value, str) for value in seen(cells, PARQUET)) is text


@pytest.mark.parametrize(
    ("column", "layout"),
    [
        (pl.Series([1.031, 892.0]), PARQUET),
        (pl.Series([1, 2]), COMMA),
        (pl.Series([1.5, 2.25, 3.125]), SEMICOLON),
        (pl.Series([0.125, 0.375]), SEMICOLON),
        (pl.Series([1.125, 2.375]), POINT),
        (pl.Series([1.5]), EXCEL),
        (pl.Series([date(2025, 1, 1)]), PARQUET),
        (pl.Series([[1]]), PARQUET),
    ],
)
def test_that_columns_with_a_type_need_nothing(column: pl.Series, layout: TableFormat) -> None:
    assert propose(column, layout) == Proposal()


@pytest.mark.parametrize(
    ("column", "layout"),
    [
        (pl.Series([1.25, 850.0]), COMMA),
        (pl.Series([2.0, 850.0]), COMMA),
        (pl.Series([1.031, 2.248]), SEMICOLON),
        (pl.Series([1.031, 1.248, 892.0, 740.0]), POINT),
    ],
)
def test_that_the_texts_of_numbers_that_may_be_thousands_are_asked_for(column: pl.Series, layout: TableFormat) -> None:
    assert propose(column, layout).reading == WITH_POINT


# Marks of a missing value


@pytest.mark.parametrize(
    ("cells", "values", "note"),
    [
        (["+", "-"] * 12, {"+", "-"}, "“-” counts as a value here, because there would be one value only otherwise"),
        (
            ["yes", "None"],
            {"yes", "None"},
            "“None” counts as a value here, because there would be one value only otherwise",
        ),
        (
            ["present", "NA", "NA", None],
            {"present", "NA"},
            "“NA” counts as a value here, because there would be one value",
        ),
        (
            ["+", "-", "-", "?"],
            {"+", "-"},
            "“-” counts as a value here, because there would be one value only otherwise",
        ),
        (
            ["None", "-", "-"],
            {"None", "-"},
            "“-” and “None” count as values here, because there would be no value otherwise",
        ),
        (["a", "b", "NA", "NA"], {"a", "b"}, "2 cells are “NA”, which count as missing"),
        (["a", "b", "NA"], {"a", "b"}, "1 cell is “NA”, which counts as missing"),
        (["a", "b", "?", "NA", "NA"], {"a", "b"}, "3 cells are “NA” or “?”, which count as missing"),
        (["a", "#N/A", "#N/A"], {"a"}, "2 cells are “#N/A”, which count as missing"),
    ],
)
def test_that_a_mark_that_would_swallow_a_class_is_a_value(
    cells: list[str | None], values: set[str], note: str
) -> None:
    assert set(seen(cells)) - {None} == values
    assert proposed(cells).notes[0].startswith(note)


@pytest.mark.parametrize("mark", MARKS)
def test_that_numbers_with_any_marks_are_numbers(mark: str) -> None:
    assert seen([*"1234", mark, mark, mark]) == [1, 2, 3, 4, None, None, None]
    assert seen(["12%", "13%", mark, mark]) == [12, 13, None, None]
    assert not proposed(["12%", "13%", mark, mark]).notes


# Thousands or decimals


@pytest.mark.parametrize(
    ("cells", "layout", "reading"),
    [
        (PARTLY, POINT, NUMBER),
        (PARTLY, SEMICOLON, NUMBER),
        (with_points(PARTLY), COMMA, NUMBER),
        (with_points(["5", "87", *GROUPED]), COMMA, NUMBER),
        (["1,031", "892", "12,031.5"], POINT, NUMBER),
        (["1.031", "892", "12.031,5"], COMMA, NUMBER),
        (["1,031", "2,5"], COMMA, PLAIN),
        (LARGE, COMMA, PLAIN),
        (with_points(GROUPED), POINT, PLAIN),
        (["0,371", "1,482"], SEMICOLON, WITH_COMMA),
        (["0.371", "1.482"], COMMA, WITH_POINT),
    ],
)
def test_that_nothing_is_asked_where_magnitudes_or_other_numbers_tell_what_a_sign_is(
    cells: list[str], layout: TableFormat, reading: ColumnReading
) -> None:
    found = proposed(cells, layout)
    assert (found.reading, found.question, found.choices) == (reading, "", ())


@pytest.mark.parametrize(
    ("cells", "layout", "first", "second"),
    [
        (LARGE, POINT, WITH_POINT, WITH_COMMA),
        (GROUPED, SEMICOLON, WITH_POINT, WITH_COMMA),
        ([f"${cell}" for cell in LARGE], POINT, WITH_POINT, WITH_COMMA),
        (with_points(GROUPED), COMMA, WITH_COMMA, WITH_POINT),
        (with_points(GROUPED), SEMICOLON, WITH_POINT, WITH_COMMA),
        (with_points(PARTLY), POINT, WITH_COMMA, WITH_POINT),
        ([*PARTLY, *PARTLY, "1,5"], POINT, WITH_POINT, WITH_COMMA),
    ],
)
def test_that_it_is_asked_where_a_sign_before_three_digits_may_be_either(
    cells: list[str], layout: TableFormat, first: ColumnReading, second: ColumnReading
) -> None:
    found = proposed(cells, layout)
    assert found.reading == first
    assert [choice.reading for choice in found.choices] == [first, second]
    example = next(cell for cell in cells if "," in cell or "." in cell).strip("$")
    whole, fraction = example.replace(",", "").replace(".", ""), example.replace(",", ".")
    assert found.question == f"Is {example} the number {whole} or {fraction}?"
    assert {choice.label for choice in found.choices} == {f"{example} is {whole}", f"{example} is {fraction}"}
    for choice in found.choices:
        number = read_cells(pl.Series([example]), choice.reading, layout).values[0]
        assert number == pytest.approx(float(choice.label.split()[-1]))


@pytest.mark.parametrize(
    ("columns", "separator", "comma"),
    [
        ([["1,22", "8,84"], ["2025-03-01", "2025-03-02"]], ";", True),
        ([["6,57", "k.A.", "5,1"], ["1", "2", "3"]], ";", True),
        ([["6,76 ", " 0,95"]], ";", True),
        ([["5,76", "2,60"], ["5,62", "8,25"]], ",", True),
        ([["1.031", "836"], ["2,60", "1,56"], ["0,19", "9,17"]], ";", True),
        ([["3.544,91", "2.920,60"], ["41", "49"]], ";", True),
        ([["1,5", "2,5"], ["1.5", "2.5"]], ";", True),
        ([with_points(PARTLY)], ";", True),
        ([["3.48", "n.s."], ["4,6", "x"], ["4.6", "5.1"]], ",", False),
        ([PARTLY, ["10", "20"]], "\t", False),
        ([LARGE, ["36", "50"]], ",", False),
        ([["2\u202f619", "9\u202f128"]], ";", False),
        ([["6'119.53", "8'551.12"]], ";", False),
        ([["10.000", "10.143"]], " ", False),
        ([["24.12.2025", "25.12.2025"], ["a,5", "b,7"]], ";", False),
        ([["1,5", "2,5"], ["1.5", "2.5"]], ",", False),
        ([["1,5", "one", "two"], ["1.5", "2", "3"]], ";", False),
        ([[], [""]], ";", False),
    ],
)
def test_that_a_file_has_decimal_commas_if_more_columns_have_them_than_points(
    columns: list[list[str]], separator: str, comma: bool
) -> None:
    assert likely_decimal_comma([pl.Series(column, dtype=pl.String) for column in columns], separator) is comma


# Dates, times and durations


@pytest.mark.parametrize(
    ("cells", "kind", "order", "note"),
    [
        (["2025-03-01 08:00:00", "2025-03-02 08:00:00"], CellKind.DATE, None, "looks like a date: days since 1970"),
        (["2025-03-01", "soon", "2025-03-03", "2025-03-04", "2025-03-05"], CellKind.DATE, None, "looks like a date"),
        (["2025-03-01T08:00Z", "NA"], CellKind.DATE, None, "looks like a date: days since 1970"),
        (["3 Mar 2025", "Mar 4, 2025"], CellKind.DATE, None, "looks like a date: days since 1970"),
        (["24.12.2025", "01.02.2025"], CellKind.DATE, DateOrder.DMY, "looks like a date: days since 1970"),
        (["24/12/2025 8:05", "01/02/2025 9:00"], CellKind.DATE, DateOrder.DMY, "looks like a date: days since 1970"),
        (["12/24/25", "01/02/25"], CellKind.DATE, DateOrder.MDY, "looks like a date: days since 1970"),
        (["99-12-24", "98-10-31"], CellKind.DATE, DateOrder.YMD, "looks like a date: days since 1970"),
        (["08:15", "9:00"], CellKind.TIME, None, "looks like a time of day or a duration below 24 hours: seconds"),
        (["0:05:00", "23:59:59.5"], CellKind.TIME, None, "looks like a time of day or a duration below 24 hours"),
        (["8:15 am", "9:00 PM"], CellKind.TIME, None, "looks like a time of day or a duration below 24 hours"),
        (["26:15:00", "0:05:00"], CellKind.DURATION, None, "looks like a duration: seconds"),
        (["1 days 02:03:04", "0 days 00:00:00"], CellKind.DURATION, None, "looks like a duration: seconds"),
    ],
)
def test_that_dates_times_and_durations_are_found_and_told(
    cells: list[str], kind: CellKind, order: DateOrder | None, note: str
) -> None:
    found = proposed(cells)
    assert (found.reading, found.question) == (ColumnReading(kind=kind, dates=order), "")
    assert found.notes[0].startswith(note)


@pytest.mark.parametrize(
    ("cells", "layout", "days"),
    [
        (["03.04.2025", "05.01.2025", "01.06.2025"], POINT, ["3 April 2025", "4 March 2025"]),
        (["03/04/2025", "05/01/2025", "01/06/2025"], POINT, ["4 March 2025", "3 April 2025"]),
        (["03/04/2025", "05/01/2025", "01/06/2025"], COMMA, ["3 April 2025", "4 March 2025"]),
        (["03/04/2025", "05/01/2025", "01/06/2025"], SEMICOLON, ["3 April 2025", "4 March 2025"]),
        (["01/03/2025", "02/03/2025", "01/04/2025"], POINT, ["1 March 2025", "3 January 2025"]),
        (
            ["03-04-25 10:00", "05-01-25 8:00", "01-06-25 9:00"],
            POINT,
            ["3 April 2025", "4 March 2025", "25 April 2003"],
        ),
    ],
)
def test_that_it_is_asked_where_day_and_month_may_be_either(
    cells: list[str], layout: TableFormat, days: list[str]
) -> None:
    found = proposed(cells, layout)
    example = cells[0].split()[0]
    assert found.question == f"Is {example} {' or '.join(days)}?"
    assert [choice.label for choice in found.choices] == [f"{example} is {day}" for day in days]
    assert found.reading == found.choices[0].reading
    for choice in found.choices:
        read = read_cells(pl.Series(cells), choice.reading, layout)
        day = read.values[0]
        assert (read.odd, f"{day.day} {day:%B %Y}") == (0, choice.label.partition(" is ")[2])


def test_that_nothing_is_asked_where_both_orders_give_the_same_days() -> None:
    assert proposed(["01.01.2025", "02.02.2025"]).question == ""


@pytest.mark.parametrize(
    "cells",
    [["1.2", "3.4"], ["10-20", "20-30"], ["v1.2.3", "v1.2.4"], ["a 1 b 2", "c"], ["12:345", "1:2"], ["2025-13-45"]],
)
def test_that_other_texts_with_digits_are_no_dates(cells: list[str]) -> None:
    assert proposed(cells).reading in (PLAIN, NUMBER)


def test_that_a_proposal_is_the_same_when_most_cells_are_different_or_repeated() -> None:
    for cells in (["1,234.5", "12%"], ["a", "b"], ["24.12.2025", "1.2.2025"], GROUPED):
        assert proposed(cells).reading == proposed(cells * 50).reading


STYLES = [
    "NA",
    "-",
    "1.5",
    "1,5",
    "1,234",
    "1.234",
    "12%",
    "$5",
    "€6",
    "(3)",
    "−1",
    "007",
    "nan",
    "x",
    "9" * 20,
    "1e999",
    "2025-01-02",
    "3.4.2025",
    "03/04/25 1:05 pm",
    "2025-01-01T99:00",
    "8:15",
    "26:15:00",
    "1 day, 2:00",
    "2-",
    "3+",
]


@hypothesis.settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(STYLES), max_size=3, unique=True), st.text(max_size=4), st.randoms(use_true_random=False)
)
def test_that_what_is_proposed_reads_most_cells_and_leaves_the_others_for_a_reason(
    styles: list[str], text: str, chance: random.Random
) -> None:
    cells = [chance.choice([*styles, *styles, text]) for _ in range(12)]
    for layout in (POINT, COMMA, PARQUET):
        found = proposed(cells, layout)
        for reading in (found.reading, *(choice.reading for choice in found.choices)):
            read = read_cells(pl.Series(cells), reading, layout)
            filled = len(cells) - read.values.null_count()
            assert read.odd <= filled / 3
        assert bool(found.question) == (len(found.choices) > 1)
