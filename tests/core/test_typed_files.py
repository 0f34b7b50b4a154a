"""Parquet files and arrays of NumPy, by the second rules: NaN is missing, and a text is what it says."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from core.tables.column_types import as_labels, as_numbers, unusable
from core.tables.grid import read_grid
from core.tables.table_file import read_table
from core.tables.table_format import RULES, FileKind, TableFormat

PARQUET = TableFormat(kind=FileKind.PARQUET, rules=RULES)
NPZ = TableFormat(kind=FileKind.NPZ, rules=RULES)
NAN = float("nan")


def read(folder: Path, column: pl.Series) -> pl.Series:
    pl.DataFrame([column.alias("c")]).write_parquet(folder / "a.parquet")
    return read_table(folder / "a.parquet", PARQUET).frame["c"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (pl.Series([1.5, NAN, None]), [1.5, None, None]),
        (pl.Series([0.5, NAN, 1.5], dtype=pl.Float32), [0.5, None, 1.5]),
        (pl.Series([NAN, NAN]), [None, None]),
        (pl.Series(["nan", " a ", "", "NA", None, "?"]), ["nan", "a", None, "NA", None, "?"]),
        (pl.Series(["b", " ", "a"], dtype=pl.Categorical), ["b", None, "a"]),
        (pl.Series(["b", "", "a"], dtype=pl.Enum(["", "a", "b"])), ["b", None, "a"]),
        (pl.Series([b"a", b"", None]), ["a", None, None]),
        (pl.Series([True, None, False]), [True, None, False]),
        (pl.Series([2**53 + 1, 2**53 + 2]), [2**53 + 1, 2**53 + 2]),
        (pl.Series([2**64 - 1, 1], dtype=pl.UInt64), [2**64 - 1, 1]),
        (pl.Series([Decimal("1.50"), None]), [1.5, None]),
        (pl.Series([Decimal(2**62), None]), [2**62, None]),
        (pl.Series([Decimal(10**30 + 1)], dtype=pl.Decimal(38, 0)), [10**30 + 1]),
        (pl.Series([date(2024, 1, 31), None]), [date(2024, 1, 31), None]),
        (pl.Series([timedelta(hours=5), None]), [timedelta(hours=5), None]),
    ],
)
def test_that_only_nan_and_empty_texts_are_missing(tmp_path: Path, given: pl.Series, expected: list[object]) -> None:
    assert read(tmp_path, given).to_list() == expected


def test_that_large_labels_are_never_rounded(tmp_path: Path) -> None:
    for given in (
        pl.Series([9007199254740993, 9007199254740994, 9007199254740995]),
        pl.Series([2**64 - 1, 2**64 - 2], dtype=pl.UInt64),
        pl.Series([10**30 + 1, 10**30 + 2], dtype=pl.Int128),
        pl.Series([Decimal(10**20 + 1), Decimal(10**20 + 2)], dtype=pl.Decimal(30, 0)),
    ):
        assert as_labels(read(tmp_path, given)).to_list() == [str(value) for value in given.to_list()]


def test_that_labels_of_numbers_do_not_depend_on_gaps(tmp_path: Path) -> None:
    assert as_labels(read(tmp_path, pl.Series([0.5, NAN, 1.5]))).to_list() == ["0.5", None, "1.5"]
    assert as_labels(read(tmp_path, pl.Series([0.0, NAN, 2.0]))).to_list() == ["0", None, "2"]


@pytest.mark.parametrize("given", [pl.Series([[1, 2], None]), pl.Series([{"a": 1}, {"a": 2}]), pl.Series([b"\xff"])])
def test_that_what_can_be_no_column_is_left_as_it_is(tmp_path: Path, given: pl.Series) -> None:
    assert unusable(read(tmp_path, given))


def test_that_nan_in_arrays_is_missing(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "a.npz",
        X=np.array([[1.0, NAN], [2.5, 3.0]]),
        half=np.array([NAN, 2.0], dtype=np.float16),
        label=np.array(["nan", " a"]),
        y=np.array([NAN, 1.5]),
    )
    frame = read_table(tmp_path / "a.npz", NPZ).frame
    assert frame["X_1"].to_list() == [None, 3.0]
    assert frame["y"].to_list() == [None, 1.5]
    assert frame["label"].to_list() == ["nan", "a"]
    half = as_numbers(frame["half"])
    assert half is not None
    assert half.to_list() == [None, 2.0]


def test_that_blank_names_and_names_that_repeat_are_replaced(tmp_path: Path) -> None:
    pl.DataFrame({" ": [1], "a": [2]}).write_parquet(tmp_path / "a.parquet")
    assert read_grid(tmp_path / "a.parquet", PARQUET).names == ("column 1", "a")
    records = np.array([(1, 2.0)], dtype=[("p", "i4"), ("q", "f4")])
    np.savez(tmp_path / "a.npz", records=records, p=np.array([3]))
    grid = read_grid(tmp_path / "a.npz", NPZ)
    assert grid.names == ("p", "q", "p (2)")
    assert len(grid.notes) == 1
