"""The first rules of reading give what they always gave; the values were written down from the code of that time."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from core.datasets.samples import read_samples
from core.datasets.settings import DataSettings
from core.progress import StudyProgress
from core.store.reader import read_study
from core.tables.first_rules import read_by_first_rules
from core.tables.readings import CellKind, ColumnReading
from core.tables.table_file import read_table
from core.tables.table_format import FileKind, TableFormat
from tests.sheets import Fault, Percent, Rows, excel

DATA = Path(__file__).resolve().parents[1] / "data"
NAN, INF = float("nan"), float("inf")
Frame = dict[str, tuple[str, list[object]]]


def frame_of(path: Path, layout: TableFormat) -> Frame:
    return {column.name: (str(column.dtype), column.to_list()) for column in read_table(path, layout).frame}


TEXTS: dict[str, tuple[str, dict[str, Any]]] = {
    "marks": ("a,b,c\n1,x,NA\n?,-,2.5\nNaN,N/A,null\n,n.a.,#N/A\n", {}),
    "spaces around cells": ("a, b,c\n1, x ,2\n 2,y, ?\n3 ,,4\n", {}),
    "decimal comma": ("a;b;c\n1,5;1.248;x\n-2,25;892;1,5\n;3;2\n", {"separator": ";", "decimal_comma": True}),
    "thousands in quotes": ('a,b\n"1,234",1\n"99",2\n', {}),
    "leading zeros": ("zip,class\n00501,001\n01010,010\n90210,2\n", {}),
    "truth": ("a,b\ntrue,TRUE\nfalse,False\ntrue,x\n", {}),
    "large": ("a,b\n9223372036854775807,9223372036854775808\n-1,1\n", {}),
    "odd numbers": ("a,b,c\n1e3,inf,+5\n.5,-inf,6.\n1E-2,NaN,7\n", {}),
    "signs": ("a,b,c\n5 %,$1.50,(3)\n6 %,$2,-4\n7 %,$3,5\n", {}),
    "dates": ("a,b,c\n2024-01-31,2024-01-31 12:00:00,12:30\n2024-02-01,2024-02-01T06:00:00,1:05\n", {}),
    "short rows": ("a,b,c\n1\n2,3\n4,5,6\n", {}),
    "no header": ("1,a\n2,b\n", {"header": False}),
    "names": (" x ,x,,x (2)\n1,2,3,4\n", {}),
    "quotes": ('a,b\n"say ""no""","1\n2"\n"",\' \n', {}),
    "blank lines": ("\n\na,b\n1,2\n\n3,4\n", {}),
    "western": ("Größe;Ort\n1;Köln\n", {"separator": ";", "encoding": "cp1252"}),
}
FRAMES: dict[str, Frame] = {
    "marks": {
        "a": ("Int64", [1, None, None, None]),
        "b": ("String", ["x", None, None, "n.a."]),
        "c": ("String", [None, "2.5", None, "#N/A"]),
    },
    "spaces around cells": {
        "a": ("String", ["1", " 2", "3 "]),
        "b": ("String", [" x ", "y", None]),
        "c": ("String", ["2", " ?", "4"]),
    },
    "decimal comma": {
        "a": ("Float64", [1.5, -2.25, None]),
        "b": ("String", ["1.248", "892", "3"]),
        "c": ("String", ["x", "1,5", "2"]),
    },
    "thousands in quotes": {
        "a": ("String", ["1,234", "99"]),
        "b": ("Int64", [1, 2]),
    },
    "leading zeros": {
        "zip": ("Int64", [501, 1010, 90210]),
        "class": ("Int64", [1, 10, 2]),
    },
    "truth": {
        "a": ("Boolean", [True, False, True]),
        "b": ("String", ["TRUE", "False", "x"]),
    },
    "large": {
        "a": ("Int64", [9223372036854775807, -1]),
        "b": ("Int128", [9223372036854775808, 1]),
    },
    "odd numbers": {
        "a": ("Float64", [1000.0, 0.5, 0.01]),
        "b": ("Float64", [INF, -INF, None]),
        "c": ("String", ["+5", "6.", "7"]),
    },
    "signs": {
        "a": ("String", ["5 %", "6 %", "7 %"]),
        "b": ("String", ["$1.50", "$2", "$3"]),
        "c": ("String", ["(3)", "-4", "5"]),
    },
    "dates": {
        "a": ("String", ["2024-01-31", "2024-02-01"]),
        "b": ("String", ["2024-01-31 12:00:00", "2024-02-01T06:00:00"]),
        "c": ("String", ["12:30", "1:05"]),
    },
    "short rows": {
        "a": ("Int64", [1, 2, 4]),
        "b": ("Int64", [None, 3, 5]),
        "c": ("Int64", [None, None, 6]),
    },
    "no header": {
        "column 1": ("Int64", [1, 2]),
        "column 2": ("String", ["a", "b"]),
    },
    "names": {
        "x": ("Int64", [1]),
        "x (2)": ("Int64", [2]),
        "column 3": ("Int64", [3]),
        "x (2) (2)": ("Int64", [4]),
    },
    "quotes": {
        "a": ("String", ['say "no"', None]),
        "b": ("String", ["1\n2", "' "]),
    },
    "blank lines": {
        "a": ("Int64", [1, None, 3]),
        "b": ("Int64", [2, None, 4]),
    },
    "western": {
        "Größe": ("Int64", [1]),
        "Ort": ("String", ["Köln"]),
    },
}


@pytest.mark.parametrize("name", TEXTS)
def test_that_a_text_is_read_as_ever(tmp_path: Path, name: str) -> None:
    text, options = TEXTS[name]
    (tmp_path / "a.csv").write_bytes(text.encode(options.get("encoding", "utf-8")))
    assert frame_of(tmp_path / "a.csv", TableFormat(**options)) == FRAMES[name]


def test_that_every_type_of_parquet_is_read_as_ever(tmp_path: Path) -> None:
    columns: Mapping[str, pl.Series] = {
        "floats": pl.Series([1.5, NAN, None, INF]),
        "whole": pl.Series([1, None, 2**63 - 1, -5]),
        "unsigned": pl.Series([1, None, 2**64 - 1, 5], dtype=pl.UInt64),
        "texts": pl.Series([" a", "", "nan", None]),
        "groups": pl.Series(["b", "", None, "a"], dtype=pl.Categorical),
        "truth": pl.Series([True, None, False, True]),
        "bytes": pl.Series([b"a", b"", None, b"c"]),
        "raw": pl.Series([b"\xff", b"", None, b"c"]),
        "dates": pl.Series([date(2024, 1, 31), None, date(1969, 12, 31), date(2024, 2, 1)]),
        "times": pl.Series([time(12, 30), None, time(0), time(23, 59, 59)]),
        "durations": pl.Series([timedelta(hours=5), None, timedelta(0), timedelta(days=2)]),
        " ": pl.Series([1, 2, 3, 4], dtype=pl.Int8),
    }
    pl.DataFrame(columns).write_parquet(tmp_path / "a.parquet")
    frame = frame_of(tmp_path / "a.parquet", TableFormat(kind=FileKind.PARQUET))
    floats = frame.pop("floats")[1]
    assert str(floats) == "[1.5, nan, None, inf]"
    assert frame == {
        "whole": ("Int64", [1, None, 9223372036854775807, -5]),
        "unsigned": ("UInt64", [1, None, 18446744073709551615, 5]),
        "texts": ("String", [" a", None, "nan", None]),
        "groups": ("Categorical", ["b", None, None, "a"]),
        "truth": ("Boolean", [True, None, False, True]),
        "bytes": ("String", ["a", None, None, "c"]),
        "raw": ("Binary", [b"\xff", b"", None, b"c"]),
        "dates": ("Date", [date(2024, 1, 31), None, date(1969, 12, 31), date(2024, 2, 1)]),
        "times": ("Time", [time(12, 30), None, time(0), time(23, 59, 59)]),
        "durations": ("Duration(time_unit='us')", [timedelta(hours=5), None, timedelta(0), timedelta(days=2)]),
        "column 12": ("Int8", [1, 2, 3, 4]),
    }


def test_that_arrays_are_read_as_ever(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "a.npz",
        X=np.array([[1.0, NAN], [2.5, 3.0]]),
        label=np.array([" a", ""]),
        n=np.array([1, 2], dtype=np.uint8),
        t=np.array(["2024-01-31", "NaT"], dtype="datetime64[D]"),
        ok=np.array([True, False]),
        rec=np.array([(1, 2.0), (3, 4.0)], dtype=[("p", "i4"), ("q", "f4")]),
    )
    frame = frame_of(tmp_path / "a.npz", TableFormat(kind=FileKind.NPZ))
    assert str(frame.pop("X_1")) == "('Float64', [nan, 3.0])"
    assert frame == {
        "X_0": ("Float64", [1.0, 2.5]),
        "label": ("String", [" a", None]),
        "n": ("UInt8", [1, 2]),
        "t": ("Date", [date(2024, 1, 31), None]),
        "ok": ("Boolean", [True, False]),
        "p": ("Int32", [1, 3]),
        "q": ("Float32", [2.0, 4.0]),
    }


def test_that_a_sheet_is_read_as_ever(tmp_path: Path) -> None:
    rows: Rows = [
        ["a", "b", "b", None, "d", "e", "f", "g", "h"],
        [1, "x", True, None, 2.5, "00501", date(2024, 1, 31), Percent(0.5), time(6)],
        [2, None, False, None, "NA", " x", datetime(2024, 2, 1, 6), 1.25, time(7, 30)],
        [None, None, None, None, None, None, None, None, None],
        [None, " y ", True, None, 3, "", None, Fault("#N/A"), None],
    ]
    path = excel(tmp_path / "a.xlsx", {"First": rows, "Second": [["x"], [timedelta(hours=5)], [timedelta(days=2)]]})
    table = read_by_first_rules(path, TableFormat(kind=FileKind.EXCEL))
    assert table.sheets == ("First", "Second")
    assert table.notes == ("The name “b” stands more than once; column 3 is called “b (2)” here",)
    assert frame_of(path, TableFormat(kind=FileKind.EXCEL)) == {
        "a": ("Int64", [1, 2, None]),
        "b": ("String", ["x", None, " y "]),
        "b (2)": ("Boolean", [True, False, True]),
        "d": ("Float64", [2.5, None, 3.0]),
        "e": ("String", ["00501", " x", None]),
        "f": (
            "Datetime(time_unit='ms', time_zone=None)",
            [datetime(2024, 1, 31, 0, 0), datetime(2024, 2, 1, 6, 0), None],
        ),
        "g": ("Float64", [0.5, 1.25, None]),
        "h": (
            "Datetime(time_unit='ms', time_zone=None)",
            [datetime(1899, 12, 31, 6, 0), datetime(1899, 12, 31, 7, 30), None],
        ),
    }
    assert frame_of(path, TableFormat(kind=FileKind.EXCEL, sheet="Second")) == {
        "x": ("Duration(time_unit='ms')", [timedelta(seconds=18000), timedelta(days=2)]),
    }


def test_that_readings_and_marks_mean_nothing_to_the_first_rules(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n007,x\n")
    readings = {"a": ColumnReading(kind=CellKind.TEXT), "b": ColumnReading(missing=("x",))}
    table = read_table(tmp_path / "a.csv", TableFormat(missing=("x",)), readings)
    assert table.frame.rows() == [(7, "x")]
    assert table.read == {}


def test_that_the_samples_of_an_old_study_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA / "first-rules")  # the study has a relative path
    samples = read_samples(data_of_the_old_study())
    assert samples.number_names == ("Fläche", "PLZ", "Bad", "Etage; von unten", "Strom")
    assert samples.category_names == ("Lage", "Anteil")
    sums = [4432.62, 59118.0, 20.0, 136.0, 17778.140000000007]
    assert np.nansum(samples.numbers, axis=0).tolist() == sums, "Strom has thousands that were read as 1.012 and so on"
    assert np.isnan(samples.numbers).sum(axis=0).tolist() == [6, 0, 19, 7, 3]
    assert float(samples.target.sum()) == 61161.299999999996
    assert samples.categories[:8].tolist() == [
        ["Ulm", "0"],
        ["Kiel; Nord", "1,5 %"],
        ['Haus "Süd"', "2"],
        [None, "3,5 %"],
        [None, "4"],
        [" Bonn", "5,5 %"],
        [None, "6"],
        [None, "0,5 %"],
    ]


def data_of_the_old_study() -> DataSettings:
    return StudyProgress.of(read_study(DATA / "first-rules" / "rooms.afina")).settings.data
