"""Workbooks as people have them, by the second rules."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import polars as pl
import pytest

from core.errors import DataError
from core.tables.cells import read_cells
from core.tables.grid import Grid, SheetUnreadable, read_grid
from core.tables.proposal import propose
from core.tables.readings import CellKind, ColumnReading
from core.tables.table_file import read_table
from core.tables.workbook import propose_workbook
from tests.sheets import Fault, Percent, Rows, Value, excel, open_document

TABLE: Rows = [["a", "b", "y"], *([n % 3 + 1, n, n + 0.5] for n in range(12))]


def grid_of(folder: Path, rows: Rows) -> Grid:
    path = excel(folder / "a.xlsx", {"S": rows})
    return read_grid(path, propose_workbook(path))


def column(folder: Path, cells: list[Value], **layout: Any) -> pl.Series:
    """Return a column with these cells, beside a full one."""
    path = excel(folder / "a.xlsx", {"S": [["v", "full"], *([cell, 1] for cell in cells)]})
    return read_grid(path, msgspec.structs.replace(propose_workbook(path), **layout)).columns[0]


def values(folder: Path, cells: list[Value]) -> list[object]:
    """Return the cells as they are read by the reading that is proposed for them."""
    path = excel(folder / "a.xlsx", {"S": [["v", "full"], *([cell, 1] for cell in cells)]})
    layout = propose_workbook(path)
    reading = propose(read_grid(path, layout).columns[0], layout).reading
    return read_table(path, layout, {"v": reading}).frame["v"].to_list()


# Which sheet, and where its table is


@pytest.mark.parametrize(
    "first",
    [
        [["Readings of June, all sites"]],
        [],
        [["Author", "M. Meyer"], ["Date", date(2024, 6, 1)], ["Rows", 12]],
        [[None, "Contents"], [], [None, "1"], [None, "2"]],
    ],
)
def test_that_the_first_sheet_with_a_table_is_proposed(tmp_path: Path, first: Rows) -> None:
    path = excel(tmp_path / "a.xlsx", {"Read me": first, "Readings": TABLE, "More": TABLE})
    layout = propose_workbook(path)
    assert layout.sheet == "Readings"
    grid = read_grid(path, layout)
    assert grid.names == ("a", "b", "y")
    assert grid.columns[2].to_list() == [n + 0.5 for n in range(12)]
    assert grid.sheets == ("Read me", "Readings", "More")


@pytest.mark.parametrize("broken", ["Notes", "Last"])
def test_that_a_sheet_can_be_chosen_though_another_cannot_be_read(tmp_path: Path, broken: str) -> None:
    path = excel(tmp_path / "a.xlsx", {"Notes": TABLE, "Readings": TABLE, "Last": TABLE}, broken=[broken])
    layout = msgspec.structs.replace(propose_workbook(path), sheet="Readings")
    assert len(read_grid(path, layout).columns[0]) == 12
    with pytest.raises(SheetUnreadable, match=f"its sheet “{broken}” is damaged") as refused:
        read_grid(path, msgspec.structs.replace(layout, sheet=broken))
    assert refused.value.sheets == ("Notes", "Readings", "Last")


def test_that_the_first_sheet_that_can_be_read_is_proposed(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"First": TABLE, "Second": TABLE}, broken=["First"])
    assert propose_workbook(path).sheet == "Second"


def test_that_a_hidden_sheet_is_proposed_last(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"Lists": TABLE, "Readings": TABLE}, hidden=["Lists"])
    assert propose_workbook(path).sheet == "Readings"
    assert propose_workbook(excel(path, {"Lists": TABLE, "Note": [["x"]]}, hidden=["Lists"])).sheet == "Lists"


@pytest.mark.parametrize(
    ("name", "rows"), [("Empty", []), ("Header", [["a", "b"]]), ("Blank", [[" "], [" "]]), ("Gone", None)]
)
def test_that_a_refused_sheet_leaves_the_others_to_choose(tmp_path: Path, name: str, rows: Rows | None) -> None:
    path = excel(tmp_path / "a.xlsx", {"S": TABLE} | ({} if rows is None else {name: rows}))
    layout = msgspec.structs.replace(propose_workbook(path), sheet=name)
    with pytest.raises(SheetUnreadable) as refused:
        read_grid(path, layout)
    assert "S" in refused.value.sheets
    assert not isinstance(refused.value.__cause__, DataError), "a parser's words, or nothing"


def test_that_a_far_cell_matters_in_the_sheet_that_is_read_only(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"S": TABLE, "Far": TABLE})
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            far = content.replace(b"C13", b"XFD1048576").replace(b'r="13"', b'r="1048576"')
            archive.writestr(name, far if name.endswith("sheet2.xml") else content)
    layout = propose_workbook(path)
    assert len(read_grid(path, layout).columns) == 3
    with pytest.raises(SheetUnreadable, match="a cell far below or beside the table"):
        read_grid(path, msgspec.structs.replace(layout, sheet="Far"))


@pytest.mark.parametrize(
    ("above", "skip"),
    [
        ([["Quarterly figures"], []], 2),
        ([[], [None, "Export of 2024-06-01"], []], 3),
        ([["Station", "Ulm"], ["Sensor", 7], []], 3),
    ],
)
def test_that_rows_above_the_table_are_skipped(tmp_path: Path, above: Rows, skip: int) -> None:
    path = excel(tmp_path / "a.xlsx", {"S": [*above, *TABLE]})
    layout = propose_workbook(path)
    assert (layout.skip, layout.header) == (skip, True)
    assert read_grid(path, layout).names == ("a", "b", "y")


def test_that_a_table_may_stand_beside_empty_columns(tmp_path: Path) -> None:
    grid = grid_of(tmp_path, [[], *([None, None, *row] for row in TABLE)])
    assert grid.names == ("a", "b", "y")
    assert grid.columns[0].to_list() == [1, 2, 3] * 4


def test_that_a_header_of_two_rows_names_each_column_once(tmp_path: Path) -> None:
    grid = grid_of(tmp_path, [["size", None, "price"], ["cm", "kg", "EUR"], *([n, n + 60, n + 0.5] for n in range(12))])
    assert grid.names == ("size (cm)", "size (kg)", "price (EUR)")
    assert [len(column) for column in grid.columns] == [12] * 3


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (["name", date(2025, 1, 1), "y"], ("name", "2025-01-01 00:00:00", "y")),
        (["region", 2023, 2024], ("region", "2023", "2024")),
    ],
)
def test_that_dates_and_years_name_columns(tmp_path: Path, header: list[Value], names: tuple[str, ...]) -> None:
    body: Rows = [[f"n{n % 3}", n % 8 + 1, n + 0.5] for n in range(12)]
    grid = grid_of(tmp_path, [header, *body])
    assert grid.names == names
    assert grid.columns[1].to_list() == [n % 8 + 1 for n in range(12)]


def test_that_a_table_without_a_header_gets_names(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"S": [[1, 2.5], [3, None]]})
    layout = msgspec.structs.replace(propose_workbook(path), header=False)
    grid = read_grid(path, layout)
    assert grid.names == ("column 1", "column 2")
    assert [column.to_list() for column in grid.columns] == [[1, 3], [2.5, None]]


def test_that_empty_rows_and_columns_without_a_name_are_no_part_of_the_table(tmp_path: Path) -> None:
    grid = grid_of(tmp_path, [["a", None, "b"], [1, None, 2], [None, " ", None], [3, None, 4], [None, None, None]])
    assert grid.names == ("a", "b")
    assert grid.columns[0].to_list() == [1, 3]


# What a column holds


@pytest.mark.parametrize(
    ("cells", "dtype", "expected"),
    [
        ([1, 2, None], pl.Int64, [1, 2, None]),
        ([0.1 + 0.2, 1.0, -3e9], pl.Float64, [0.1 + 0.2, 1.0, -3e9]),
        ([Percent(0.125), Percent(1.0)], pl.Float64, [0.125, 1.0]),
        ([1.5, Fault("#DIV/0!"), 2.5, Fault("#N/A")], pl.Float64, [1.5, None, 2.5, None]),
        (["NA", 2.5, "?", 3.5], pl.Float64, [None, 2.5, None, 3.5]),
        (["1", 2, "3.5"], pl.Float64, [1.0, 2.0, 3.5]),
        ([1.248, 1.5, 892], pl.Float64, [1.248, 1.5, 892.0]),
        ([1.248, 2.496], pl.Float64, [1.248, 2.496]),
        ([1e20, 1.0], pl.Float64, [1e20, 1.0]),
        ([True, False, None], pl.Boolean, [True, False, None]),
        ([True, "NA", False], pl.Boolean, [True, None, False]),
        ([date(2024, 1, 31), None, date(1999, 12, 31)], pl.Date, [date(2024, 1, 31), None, date(1999, 12, 31)]),
        (
            [datetime(2024, 1, 31, 6), "?", datetime(2024, 2, 1)],
            pl.Datetime,
            [datetime(2024, 1, 31, 6), None, datetime(2024, 2, 1)],
        ),
        ([time(6), time(23, 59, 30)], pl.Time, [time(6), time(23, 59, 30)]),
        ([time(6), "NA", time(7)], pl.Time, [time(6), None, time(7)]),
        (["NA", timedelta(minutes=5)], pl.Duration, [None, timedelta(minutes=5)]),
        (
            [timedelta(hours=3, minutes=55), timedelta(minutes=5)],
            pl.Duration,
            [timedelta(hours=3, minutes=55), timedelta(minutes=5)],
        ),
        (
            [timedelta(hours=3, minutes=55), "NA", timedelta(hours=30)],
            pl.Duration,
            [timedelta(hours=3, minutes=55), None, timedelta(hours=30)],
        ),
    ],
)
def test_that_a_column_of_one_kind_has_its_type(
    tmp_path: Path, cells: list[Value], dtype: type[pl.DataType], expected: list[object]
) -> None:
    found = column(tmp_path, cells)
    assert found.dtype == dtype
    assert found.to_list() == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["00501", "01010", "90210"], ["00501", "01010", "90210"]),
        (["1234567890123456789", "1234567890123456788"], ["1234567890123456789", "1234567890123456788"]),
        ([1.248, "k.A.", 892], ["1.2480", "k.A.", "892"]),
        (["12,5", 1.248, 0.5, -2.25, 3], ["12,5", "1248e-3", "5e-1", "-225e-2", "3"]),
        (["1.248", "2.500"], ["1.248", "2.500"]),
        ([" x ", "", "NA", 7], ["x", None, "NA", "7"]),
        ([date(2024, 1, 31), "k.A.", datetime(2024, 2, 1, 6)], ["2024-01-31", "k.A.", "2024-02-01 06:00:00"]),
        ([timedelta(hours=26, minutes=5), "did not finish", 3], ["26:05:00", "did not finish", "3"]),
        ([True, "maybe", 1], ["true", "maybe", "1"]),
        ([True, 5], ["true", "5"]),
    ],
)
def test_that_a_column_of_several_kinds_is_texts(tmp_path: Path, cells: list[Value], expected: list[str]) -> None:
    found = column(tmp_path, cells)
    assert found.dtype == pl.String
    assert found.to_list() == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([1.248, "k.A.", 892, *range(1, 20)], [1.248, None, 892.0, *range(1, 20)]),
        (["12,5", 1.248, 0.5, "1.248,75", *range(20)], [12.5, 1.248, 0.5, 1248.75, *range(20)]),
        (["12,5", "13,25", 1.248, 1e-7], [12.5, 13.25, 1.248, 1e-7]),
        (["00501", 1010, "90210"], ["00501", "1010", "90210"]),
        ([timedelta(hours=26), "26:05:00", *[timedelta(minutes=n) for n in range(20)]], None),
    ],
)
def test_that_a_number_among_texts_is_the_same_number_in_every_reading(
    tmp_path: Path, cells: list[Value], expected: list[object] | None
) -> None:
    found = values(tmp_path, cells)
    assert found == (
        [timedelta(hours=26), timedelta(hours=26, minutes=5), *cells[2:]] if expected is None else expected
    )


@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize("cells", [[1.248, "k.A.", 892], ["12,5", 1.248, 7]])
def test_that_a_number_cell_is_never_taken_for_a_thousand(tmp_path: Path, cells: list[Value], comma: bool) -> None:
    found = column(tmp_path, cells, decimal_comma=comma)
    layout = msgspec.structs.replace(propose_workbook(tmp_path / "a.xlsx"), decimal_comma=comma)
    read = read_cells(found, ColumnReading(kind=CellKind.NUMBER), layout).values.to_list()
    assert read[cells.index(1.248)] in (1.248, None)


def test_that_a_text_with_a_point_is_left_to_the_decimal_comma_of_the_file(tmp_path: Path) -> None:
    assert column(tmp_path, ["1.500", "2.5"], decimal_comma=True).to_list() == ["1.500", "2.5"]
    assert column(tmp_path, [1.5, 2.5], decimal_comma=True).to_list() == [1.5, 2.5]


def test_that_marks_are_values_where_a_column_says_so(tmp_path: Path) -> None:
    cells: list[Value] = ["NA", 2.5, "?", 3.5]
    path = excel(tmp_path / "a.xlsx", {"S": [["v", "full"], *([cell, 1] for cell in cells)]})
    reading = ColumnReading(kind=CellKind.TEXT, missing=("?",))
    assert read_table(path, propose_workbook(path), {"v": reading}).frame["v"].to_list() == ["NA", "2.5", None, "3.5"]


def test_that_a_number_can_be_a_mark(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"S": [["v", "full"], *([cell, 1] for cell in (51.5, -999, 87))]})
    read = read_table(path, propose_workbook(path), {"v": ColumnReading(missing=("-999",))})
    assert read.frame["v"].to_list() == [51.5, None, 87.0]


def test_that_dates_and_times_of_an_open_document_are_read(tmp_path: Path) -> None:
    rows = [
        [("string", "day"), ("string", "took"), ("string", "size"), ("string", "code")],
        [("date", "2024-01-31"), ("time", "PT03H55M00S"), ("float", "0.30000000000000004"), ("string", "00501")],
        [("date", "2024-02-01"), ("", ""), ("float", "2"), ("string", "7")],
    ]
    path = open_document(tmp_path / "a.ods", rows)
    frame = read_table(path, propose_workbook(path)).frame
    assert frame["day"].to_list() == [date(2024, 1, 31), date(2024, 2, 1)]
    assert frame["took"].to_list() == [timedelta(hours=3, minutes=55), None]
    assert frame["size"].to_list() == [0.30000000000000004, 2.0]
    assert frame["code"].to_list() == ["00501", "7"]


def test_that_an_old_workbook_is_read_as_a_new_one() -> None:
    path = Path(__file__).parents[1] / "data" / "old.xls"
    layout = propose_workbook(path)
    assert layout.sheet == "Data"
    frame = read_table(path, layout).frame
    assert frame["num"].to_list() == [n + 0.1 for n in range(1, 14)]
    assert frame["code"].to_list() == [f"00{n}" for n in range(1, 14)]
    assert frame["day"].to_list() == [date(2024, 1, n) for n in range(1, 14)]
    assert frame["time"].to_list() == [time(n, 30) for n in range(1, 14)]
    assert frame["dur"].to_list() == [timedelta(days=1) * n / 10 for n in range(1, 14)]
    assert frame["mixed"].to_list() == ["1.2480" if n % 2 else "k.A." for n in range(1, 14)]
    assert frame["ok"].to_list() == [n % 2 == 1 for n in range(1, 14)]
    assert frame["moment"].to_list() == [datetime(2024, 1, n, 6) for n in range(1, 14)]


def test_that_no_long_duration_of_an_open_document_is_lost(tmp_path: Path) -> None:
    took = ["PT03H55M00S", "PT26H05M00S", "PT120H00M30.5S", "PT23H59M59S"]
    rows = [
        [("string", "took"), ("string", "n")],
        *([("time", cell), ("float", str(n))] for n, cell in enumerate(took)),
    ]
    path = open_document(tmp_path / "a.ods", rows)
    layout = propose_workbook(path)
    cells = read_grid(path, layout).columns[0]
    assert cells.to_list() == ["3:55:00", "26:05:00", "120:00:30", "23:59:59"]
    seconds = [14_100, 93_900, 432_030, 86_399]
    read = read_table(path, layout, {"took": propose(cells, layout).reading}).frame["took"]
    assert read.dt.total_seconds().to_list() == seconds


def test_that_marks_stand_in_a_column_of_moments_that_are_texts(tmp_path: Path) -> None:
    cells: list[Value] = ["NA", date(2024, 1, 2), time(12, 30), None]
    found = column(tmp_path, cells)
    assert found.to_list() == ["NA", "2024-01-02", "12:30:00", None]


def test_that_dates_with_marks_of_their_own_stay_dates(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"S": [["v", "full"], *([cell, 1] for cell in (date(2024, 1, 2), "NA", "k.A."))]})
    reading = ColumnReading(kind=CellKind.DATE, missing=("NA", "k.A."))
    found = read_table(path, propose_workbook(path), {"v": reading})
    assert (found.frame["v"].to_list(), found.read["v"].odd) == ([date(2024, 1, 2), None, None], 0)
