"""The one reading policy for cells: what numbers, dates, times, durations and marks of missing values become."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import hypothesis
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.cells import CellsRead, read_cells
from core.tables.column_types import as_labels, as_numbers
from core.tables.proposal import propose
from core.tables.readings import PLAIN, CellKind, ColumnReading, DateOrder
from core.tables.table_format import FileKind, TableFormat

MARKS = ("NA", "nan", "NULL", "?", "-", "#N/A", ".", "--", "<NA>", "#DIV/0!")
POINT = TableFormat(rules=2, missing=MARKS)
COMMA = TableFormat(rules=2, separator=";", decimal_comma=True, missing=MARKS)
PARQUET = TableFormat(rules=2, kind=FileKind.PARQUET)
NUMBER = ColumnReading(kind=CellKind.NUMBER)
DATE, TIME, DURATION = (ColumnReading(kind=kind) for kind in (CellKind.DATE, CellKind.TIME, CellKind.DURATION))


def read(cells: Sequence[Any], reading: ColumnReading = NUMBER, layout: TableFormat = POINT) -> CellsRead:
    return read_cells(pl.Series("x", cells), reading, layout)


def values(cells: Sequence[Any], reading: ColumnReading = NUMBER, layout: TableFormat = POINT) -> list[Any]:
    return read(cells, reading, layout).values.to_list()


# Numbers


@pytest.mark.parametrize(
    ("cell", "layout", "number"),
    [
        ("12", POINT, 12),
        ("+7", POINT, 7),
        ("007", POINT, 7),
        ("-1.5e-3", POINT, -0.0015),
        (".5", POINT, 0.5),
        ("5.", POINT, 5.0),
        ("0,25", COMMA, 0.25),
        ("-1,5E+2", COMMA, -150.0),
        ("1,234", POINT, 1234),
        ("1,234,567.25", POINT, 1234567.25),
        ("12,34,567", POINT, 1234567),
        ("1.234", COMMA, 1234),
        ("1.234.567,25", COMMA, 1234567.25),
        ("1 234,5", COMMA, 1234.5),
        ("2\u202f619", POINT, 2619),
        ("2\u00a0619", POINT, 2619),
        ("2\u2009619.5", POINT, 2619.5),
        ("6'119.53", POINT, 6119.53),
        ("6’119", POINT, 6119),
        ("-1,234", POINT, -1234),
        ("12%", POINT, 12),
        ("12,5 %", COMMA, 12.5),
        ("%12", POINT, 12),
        ("-3%", POINT, -3),
        ("3‰", POINT, 3),
        ("$697.44", POINT, 697.44),
        ("$1,234.50", POINT, 1234.5),
        ("-$5", POINT, -5),
        ("$-5", POINT, -5),
        ("5 €", POINT, 5),
        ("1.234,50 €", COMMA, 1234.5),
        ("EUR 12.5", POINT, 12.5),
        ("CHF 1’234.50", POINT, 1234.5),
        ("12 kr", POINT, 12),
        ("₹12,34,567", POINT, 1234567),
        ("US$ 3", POINT, 3),
        ("3 zł", POINT, 3),
        ("(1.50)", POINT, -1.5),
        ("($1,234)", POINT, -1234),
        ("$(3)", POINT, -3),
        ("(3) €", POINT, -3),
        ("1.50-", POINT, -1.5),
        ("5€-", POINT, -5),
        ("−3.5", POINT, -3.5),
        ("–3,5", COMMA, -3.5),
        ("－3", POINT, -3),
        ("３", POINT, 3),
        ("１２．５", POINT, 12.5),
        ("٣٫٥", POINT, 3.5),
        ("٣٫٥", COMMA, 3.5),
        ("١٬٢٣٤", POINT, 1234),
        ("१२", POINT, 12),
        ("১২", POINT, 12),
        ("\u200e-5", POINT, -5),
        ("\ufeff5", POINT, 5),
    ],
)
def test_that_a_number_is_read_in_whatever_way_it_is_written(cell: str, layout: TableFormat, number: float) -> None:
    found = read([cell, f" {cell} "], layout=layout)
    assert found.values.to_list() == pytest.approx([number, number])
    assert found.values.dtype == (pl.Int64 if isinstance(number, int) else pl.Float64)
    assert found.odd == 0


@pytest.mark.parametrize(
    ("cell", "layout"),
    [
        *((cell, POINT) for cell in ("12,5", "0,123", "1,23", "12,345,6", "1.234.567", "1,234 567", "1 23")),
        *((cell, COMMA) for cell in ("12.5", "0.123", "1,234,567", "1,234.5")),
        *(
            (cell, POINT)
            for cell in ("--5", "-5-", "-(5)", "5%%", "$5%", "$5€", "5 apples", "5 EURO", "1_000", "0x1", "1e")
        ),
        *((cell, POINT) for cell in ("NaN", "inf", "-Infinity", "1e999", "k.A.", "1:30", "e5", "%", "$", "()")),
    ],
)
def test_that_what_is_no_number_counts_as_empty_and_is_told(cell: str, layout: TableFormat) -> None:
    found = read(["1", cell, "2", cell], layout=layout)
    assert (found.values.to_list(), found.odd, found.odd_example) == ([1, None, 2, None], 2, cell)
    assert found.notes[-1] == f"2 cells cannot be read as a number, such as “{cell}”; they count as empty"
    alone = read(["1", cell], layout=layout).notes[-1]
    assert alone == f"1 cell, “{cell}”, cannot be read as a number; it counts as empty"


@pytest.mark.parametrize(
    ("cells", "notes"),
    [
        (["12%", "34%"], ["percent signs taken off"]),
        (["12%", "0.5", "NA"], ["percent signs taken off from 1 of 2 cells, and the others have none"]),
        (["$5", "$6"], ["currency signs ($) taken off"]),
        (["$5", "7", "8"], ["currency signs ($) taken off from 1 of 3 cells, and the others have none"]),
        (["1,234", "5"], ["thousands signs (,) taken off"]),
        (["1 234", "1’234"], ["thousands signs (’, spaces) taken off"]),
        (["3", "(10.50)"], ["“(10.50)” is read as −10.50"]),
        (["3", "10.50-"], ["“10.50-” is read as −10.50"]),
        (["−3.5", "4"], ["“−” is read as a minus sign"]),
        (["３", "4"], ["digits of another script are read as 0 to 9"]),
        (
            ["$1,234.50", "($5)"],
            [*("currency signs ($) taken off", "thousands signs (,) taken off"), "“($5)” is read as −5"],
        ),
        (["1", "-2.5", "1e-5", "NA"], []),
    ],
)
def test_that_what_is_taken_off_is_told(cells: list[str], notes: list[str]) -> None:
    assert list(read(cells).notes) == notes


def test_that_a_column_may_have_another_decimal_sign_than_its_file() -> None:
    comma = ColumnReading(kind=CellKind.NUMBER, decimal_comma=True)
    assert values(["1,5", "2.000"], comma) == [1.5, 2000]
    assert "decimal commas are read as such" in read(["1,5"], comma).notes
    point = ColumnReading(kind=CellKind.NUMBER, decimal_comma=False)
    assert values(["1.5", "2,000"], point, COMMA) == [1.5, 2000]
    assert "decimal points are read as such" in read(["1.5"], point, COMMA).notes
    assert values(["1,5", "2"], ColumnReading(decimal_comma=True)) == [1.5, 2.0]


def test_that_whole_numbers_of_64_bits_are_exact_and_larger_ones_no_numbers_unless_asked_for() -> None:
    largest, smallest, beyond = str(2**63 - 1), str(-(2**63)), str(2**63)
    assert values([largest, smallest], PLAIN) == [2**63 - 1, -(2**63)]
    assert values([f"{2**63 - 1:,}", f"({2**53 + 1})"]) == [2**63 - 1, -(2**53) - 1]
    assert values([largest, beyond], PLAIN) == [largest, beyond]
    rounded = read([largest, beyond])
    assert rounded.values.to_list() == [2.0**63, 2.0**63]
    assert rounded.notes == ("whole numbers of more than 64 bits are rounded",)


@st.composite
def written_numbers(draw: st.DrawFn) -> tuple[float, bool, str]:
    """Return a number, whether it has a decimal comma, and one of the ways to write it."""
    comma = draw(st.booleans())
    number: float = draw(st.integers(-(10**12), 10**12))
    text = f"{abs(number):,}"
    if draw(st.booleans()):
        number /= 8
        text = f"{abs(number):,.3f}"
    group = draw(st.sampled_from(["", "." if comma else ",", " ", "\u202f", "’", "'"]))
    text = text.replace(",", "_").replace(".", "," if comma else ".").replace("_", group)
    script = draw(st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"]))
    text = text.translate(str.maketrans("0123456789", script))
    mark = draw(st.sampled_from(["{}", "{}%", "{} %", "${}", "€ {}", "{} EUR", "{}kr"]))
    negative = draw(st.sampled_from(["-{}", "−{}", "({})", "{}-"])) if number < 0 else "{}"
    outer, inner = (negative, mark) if draw(st.booleans()) or "(" in negative else (mark, negative)
    return number, comma, outer.format(inner.format(text))


@hypothesis.settings(deadline=None)
@given(written_numbers())
def test_that_a_number_in_any_style_is_read_back_as_itself(written: tuple[float, bool, str]) -> None:
    number, comma, text = written
    found = read([text], layout=COMMA if comma else POINT)
    assert (found.values.to_list(), found.odd) == ([number], 0), text


CELLS = st.lists(
    st.one_of(
        st.none(),
        st.sampled_from(["", "NA", "-", "1.5", "2", "1,234", "12%", "$5", "(3)", "−1", "007", "nan", "x", "9" * 20]),
        st.sampled_from(
            ["2025-01-02", "3.4.2025", "03/04/25 1:05 pm", "8:15", "26:15:00", "1 day, 2:00:00", "3 Mar 2025"]
        ),
        st.text(max_size=6),
    ),
    min_size=2,
    max_size=12,
)
READINGS = st.builds(
    ColumnReading,
    kind=st.sampled_from(CellKind),
    decimal_comma=st.sampled_from([None, True, False]),
    dates=st.sampled_from([None, *DateOrder]),
    missing=st.sampled_from([None, (), ("2", "x")]),
)


@hypothesis.settings(deadline=None)
@given(CELLS, READINGS, st.integers(1, 11))
def test_that_a_column_is_read_as_its_pieces_are(cells: list[str | None], reading: ColumnReading, cut: int) -> None:
    column = pl.Series("x", cells, dtype=pl.String)
    whole = read_cells(column, reading, POINT)
    pieces = [read_cells(piece, reading, POINT) for piece in (column[:cut], column[cut:])]
    joined = pl.concat([piece.values.to_frame() for piece in pieces], how="vertical_relaxed")["x"]
    assert joined.cast(whole.values.dtype).to_list() == whole.values.to_list()
    assert sum(piece.odd for piece in pieces) == whole.odd
    assert column.to_list() == cells


# Plain


@pytest.mark.parametrize(
    ("cells", "layout", "found"),
    [
        (["1", "-", "3"], POINT, [1, None, 3]),
        (["1", "2.5", ""], POINT, [1.0, 2.5, None]),
        (["1,5", "2", "NA"], COMMA, [1.5, 2.0, None]),
        (["007", "1"], POINT, ["007", "1"]),
        (["12%", "1"], POINT, ["12%", "1"]),
        (["1,234"], POINT, ["1,234"]),
        (["1", "k.A."], POINT, ["1", "k.A."]),
        (["1", "1e999"], POINT, ["1", "1e999"]),
        (["３"], POINT, ["３"]),
        (["NA", None, " "], POINT, [None, None, None]),
        ([" farm ", "?", "office"], POINT, ["farm", None, "office"]),
        (["1", "2", "nan"], PARQUET, ["1", "2", "nan"]),
        (["1", "2"], PARQUET, ["1", "2"]),
        (["2.0", "nan", "0.0"], PARQUET, ["2.0", "nan", "0.0"]),
    ],
)
def test_that_plain_cells_are_numbers_only_if_all_plainly_are(
    cells: list[str | None], layout: TableFormat, found: list[Any]
) -> None:
    assert values(cells, PLAIN, layout) == found


def test_that_inf_and_nan_are_no_numbers_where_the_file_says_that_they_are_texts() -> None:
    for word in ("nan", "inf", "-Infinity"):
        assert values(["1", word], PLAIN, PARQUET) == ["1", word]
        assert read(["1", word], NUMBER, PARQUET).odd == 1


@pytest.mark.parametrize("name", ["", "*", "^x.*$", "text", "(group)"])
def test_that_no_name_of_a_column_means_anything(name: str) -> None:
    cells = pl.Series(name, ["1,234", "NA", "892", "k.A."])
    for kind in (None, *CellKind):
        found = read_cells(cells, ColumnReading(kind=kind), POINT).values
        assert (found.name, len(found)) == (name, 4)
    for numbers in (pl.Series(name, ["1", "x"]), pl.Series(name, [1.5, 2.0])):
        assert [found.name for found in (as_numbers(numbers), as_labels(numbers)) if found is not None] == [name, name]
    assert propose(cells, POINT).reading == PLAIN
    assert propose(cells.head(3), POINT).reading == NUMBER


# Missing values


@pytest.mark.parametrize("mark", MARKS)
def test_that_marks_are_missing_with_spaces_around_too_and_in_every_kind_of_column(mark: str) -> None:
    assert values([f" {mark}", "2"], PLAIN) == [None, 2]
    assert values([mark, "12%"]) == [None, 12]
    assert values([mark, "a"], ColumnReading(kind=CellKind.TEXT)) == [None, "a"]
    assert values([mark, "2025-01-02"], DATE) == [None, date(2025, 1, 2)]
    assert values([mark, "a"], ColumnReading(missing=())) == [mark, "a"]


@pytest.mark.parametrize(
    ("column", "marks", "found"),
    [
        (pl.Series([1, -999]), ("-999",), [1, None]),
        (pl.Series([1, -999]), ("-999.0", "x"), [1, None]),
        (pl.Series([1.5, -999.0, float("nan")]), ("-999",), [1.5, None, None]),
        (pl.Series([1.5, -99.5]), ("-99.5",), [1.5, None]),
        (pl.Series([7, 255], dtype=pl.UInt8), ("255", "-1"), [7, None]),
        (pl.Series([1.0, float("nan")]), (), [1.0, None]),
        (pl.Series([1.0, float("nan")], dtype=pl.Float32), ("nan",), [1.0, None]),
        (pl.Series([date(1900, 1, 1), date(2025, 1, 1)]), ("1900-01-01",), [None, date(2025, 1, 1)]),
        (pl.Series(["1", "-999.0"]), ("-999",), [1, None]),
        (pl.Series(["a", "b"], dtype=pl.Categorical), ("b",), ["a", None]),
        (pl.Series([True, False]), (), [True, False]),
    ],
)
def test_that_marks_hold_for_columns_with_a_type_by_value(
    column: pl.Series, marks: tuple[str, ...], found: list[Any]
) -> None:
    assert read_cells(column, ColumnReading(missing=marks), POINT).values.to_list() == found


# Columns with a type


@pytest.mark.parametrize(
    ("column", "kind", "found"),
    [
        (pl.Series([True, False]), CellKind.NUMBER, [1.0, 0.0]),
        (pl.Series([date(1970, 1, 3)]), CellKind.NUMBER, [2.0]),
        (pl.Series([1, 2]), CellKind.TEXT, ["1", "2"]),
        (pl.Series([1.0, 2.0]), CellKind.TEXT, ["1", "2"]),
        (pl.Series([date(1970, 1, 3)]), CellKind.DATE, [date(1970, 1, 3)]),
        (pl.Series([20250103]), CellKind.DATE, [date(2025, 1, 3)]),
        (pl.Series([time(1)]), CellKind.TIME, [time(1)]),
        (pl.Series([time(1)]), CellKind.DURATION, [timedelta(hours=1)]),
        (pl.Series([timedelta(1)]), CellKind.DURATION, [timedelta(1)]),
        (pl.Series([[1], [2]]), CellKind.NUMBER, [[1], [2]]),
    ],
)
def test_that_a_column_with_a_type_is_read_as_another_kind_where_that_makes_sense(
    column: pl.Series, kind: CellKind, found: list[Any]
) -> None:
    assert read_cells(column, ColumnReading(kind=kind), PARQUET).values.to_list() == found


@pytest.mark.parametrize(
    ("cells", "reading", "labels"),
    [
        (["1", "2", "01"], PLAIN, ["1", "2", "01"]),
        (["1", "2", "10"], PLAIN, ["1", "2", "10"]),
        (["1.0", "2.0"], PLAIN, ["1", "2"]),
        (["1.5", "2.0"], PLAIN, ["1.5", "2.0"]),
        (["1,000", "2"], NUMBER, ["1000", "2"]),
    ],
)
def test_that_labels_of_what_is_read_have_no_needless_point(
    cells: list[str], reading: ColumnReading, labels: list[str]
) -> None:
    assert as_labels(read(cells, reading).values).to_list() == labels


# Dates, times and durations


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        *((cell, None, date(2025, 3, 1)) for cell in ("2025-03-01", "2025/3/1", "2025.03.01", "20250301")),
        *((cell, None, date(2025, 3, 1)) for cell in ("1 Mar 2025", "1-mar-25", "Mar 1, 2025", "March 1st 2025")),
        *((cell, None, date(2025, 3, 1)) for cell in ("Sat, 1 Mar 2025", "1. March 2025", "01MAR2025", "2025-Mar-01")),
        *((cell, None, date(2025, 3, 1)) for cell in ("1.3.2025", "01.03.25", "1-3-2025", "3/1/2025", "03/01/25")),
        *((cell, DateOrder.DMY, date(2025, 3, 1)) for cell in ("1/3/2025", "01.03.25", "2025-03-01", "1 Mar 2025")),
        *((cell, DateOrder.MDY, date(2025, 3, 1)) for cell in ("3/1/2025", "03.01.25", "2025-03-01", "1 Mar 2025")),
        *((cell, DateOrder.YMD, date(2025, 3, 1)) for cell in ("25/3/1", "25-03-01", "2025-03-01", "1 Mar 2025")),
        ("5 Sept 2024", None, date(2024, 9, 5)),
        ("29.2.2024", None, date(2024, 2, 29)),
        ("1.1.69", None, date(2069, 1, 1)),
        ("1.1.70", None, date(1970, 1, 1)),
        ("2025-03-01 08:05", None, datetime(2025, 3, 1, 8, 5)),
        ("2025-03-01T08:05:06", None, datetime(2025, 3, 1, 8, 5, 6)),
        ("2025-03-01 08:05:06.25", None, datetime(2025, 3, 1, 8, 5, 6, 250000)),
        ("2025-03-01T08:05:06Z", None, datetime(2025, 3, 1, 8, 5, 6)),
        ("2025-03-01T08:05:06,5+01:00", None, datetime(2025, 3, 1, 7, 5, 6, 500000)),
        ("2025-03-01 08:05 -0530", None, datetime(2025, 3, 1, 13, 35)),
        ("2025-03-01 23:30:00-01", None, datetime(2025, 3, 2, 0, 30)),
        ("01.03.2025, 8:05", None, datetime(2025, 3, 1, 8, 5)),
        ("3/1/25 8:05 PM", None, datetime(2025, 3, 1, 20, 5)),
        ("3/1/2025 12:05:06 a.m.", None, datetime(2025, 3, 1, 0, 5, 6)),
        ("1 March 2025 08:05:06 UTC", None, datetime(2025, 3, 1, 8, 5, 6)),
    ],
)
def test_that_dates_are_read_in_whatever_way_they_are_written(cell: str, order: DateOrder | None, day: date) -> None:
    found = read([cell, "NA", cell], ColumnReading(kind=CellKind.DATE, dates=order))
    assert (found.values.to_list(), found.odd) == ([day, None, day], 0)
    assert found.values.dtype == (pl.Datetime("us") if isinstance(day, datetime) else pl.Date)


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        *((cell, None) for cell in ("30.2.2025", "13/13/2025", "2025-13-01", "1.2", "soon", "12", "1.5", "08:15")),
        *((cell, None) for cell in ("2025-01-01 25:00", "2025-01-01 8:61", "2025-01-01 13:00 pm", "1.2/2025")),
        ("13.1.2025", DateOrder.MDY),
        ("1/13/2025", DateOrder.DMY),
        ("24.12.2025", DateOrder.YMD),
    ],
)
def test_that_what_is_no_date_counts_as_empty_and_is_told(cell: str, order: DateOrder | None) -> None:
    found = read(["2025-01-02 00:00", cell], ColumnReading(kind=CellKind.DATE, dates=order))
    assert (found.values.to_list(), found.odd) == ([datetime(2025, 1, 2), None], 1)
    assert found.notes == (f"1 cell, “{cell}”, cannot be read as a date; it counts as empty",)


def test_that_dates_with_and_without_a_time_of_day_make_one_column_and_zones_are_told() -> None:
    found = read(["2025-01-02", "2025-01-02T03:00+01:00"], DATE)
    assert found.values.to_list() == [datetime(2025, 1, 2), datetime(2025, 1, 2, 2)]
    assert found.notes == ("times with a zone are converted to UTC",)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("08:15", time(8, 15)),
        ("8:15:30", time(8, 15, 30)),
        ("08:15:30.5", time(8, 15, 30, 500000)),
        ("08:15:30,5", time(8, 15, 30, 500000)),
        ("8:15 pm", time(20, 15)),
        ("12:00 AM", time()),
        ("24:00", None),
        ("8", None),
        ("13:00 pm", None),
    ],
)
def test_that_times_of_day_are_read(cell: str, found: time | None) -> None:
    assert values(["00:01", cell], TIME) == [time(0, 1), found]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("26:15:00", timedelta(hours=26, minutes=15)),
        ("0:05:00", timedelta(minutes=5)),
        ("0:00:01.25", timedelta(seconds=1.25)),
        ("26:15", timedelta(hours=26, minutes=15)),
        ("1 days 02:03:04", timedelta(1, 7384)),
        ("1 day, 2:03:04.000005", timedelta(1, 7384, 5)),
        ("-1 days +23:59:59", timedelta(seconds=-1)),
        ("-1 day, 23:59:59", timedelta(seconds=-1)),
        ("-26:15:00", -timedelta(hours=26, minutes=15)),
        ("−0:00:01", -timedelta(seconds=1)),
        ("3 days", timedelta(3)),
        ("26:75", None),
        ("5", None),
        ("soon", None),
    ],
)
def test_that_durations_are_read(cell: str, found: timedelta | None) -> None:
    assert values(["0:00:00", cell], DURATION) == [timedelta(), found]


def test_that_a_duration_of_two_numbers_is_told() -> None:
    assert read(["1:00:00", "26:15"], DURATION).notes == ("“26:15” is read as hours and minutes",)


@pytest.mark.parametrize("kind", CellKind)
@pytest.mark.parametrize("cells", [[], [None, None], ["NA", ""]])
def test_that_a_column_without_a_filled_cell_has_no_values(cells: list[str | None], kind: CellKind) -> None:
    for reading in (PLAIN, ColumnReading(kind=kind)):
        found = read_cells(pl.Series("x", cells, dtype=pl.String), reading, POINT)
        assert (found.values.name, found.values.to_list(), found.odd, found.notes) == ("x", [None] * len(cells), 0, ())
