"""Columns of every type, and files that are no tables: each is read rightly, or refused in words of ours."""

import bz2
import gzip
import io
import lzma
import os
import random
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest

from core.datasets.prepare import prepare
from core.datasets.samples import read_samples
from core.datasets.settings import DataSettings
from core.errors import DataError
from core.tables import parsing
from core.tables.column_types import as_labels, as_numbers
from core.tables.description import ColumnRole, Task, role_problem
from core.tables.detection import detect_format
from core.tables.profile import profile_column, profile_target
from core.tables.table_file import TableFile, read_table
from core.tables.table_format import RULES, FileKind, TableFormat
from tests.bench.reliability import tables
from tests.foreign_words import foreign_words
from tests.tables import imported as imported_file
from tests.tables import profile_table

TOWNS = Path(__file__).parents[1] / "data" / "towns.xlsx"
ROWS = 40
OLD = bytes.fromhex("d0cf11e0a1b11ae1")


def refusal(path: Path, layout: TableFormat | None = None) -> str:
    """Return the sentence with which a file is refused; it must name the file, and be ours."""
    with pytest.raises(DataError) as caught:
        read_table(path, layout or detect_format(path))
    sentence = str(caught.value)
    assert path.name in sentence
    assert foreign_words(sentence) == []
    return sentence


def imported(path: Path, target: str, task: Task, columns: dict[str, ColumnRole]) -> DataSettings:
    return DataSettings(file=imported_file(path, ROWS, target, task, columns, detect_format(path)))


# Durations, times and dates


@pytest.mark.parametrize(
    ("values", "dtype", "first", "last", "note"),
    [
        ([timedelta(minutes=n) for n in range(ROWS)], pl.Duration("us"), 0, 2340, "Durations, as numbers of seconds"),
        ([timedelta(days=-n) for n in range(ROWS)], pl.Duration("ms"), 0, -3369600, "Durations, as numbers of seconds"),
        ([timedelta(milliseconds=n) for n in range(ROWS)], pl.Duration("ns"), 0, 0.039, "Durations, as numbers of"),
        ([time(6, n) for n in range(ROWS)], pl.Time, 21600, 23940, "Times, as seconds since midnight"),
        ([date(1970, 1, 2) + timedelta(n) for n in range(ROWS)], pl.Date, 1, 40, "Dates, as days since 1970-01-01"),
        (
            [datetime(1970, 1, 1 + n // 24, n % 24) for n in range(ROWS)],
            pl.Datetime("us"),
            0,
            39 / 24,
            "Dates, as days",
        ),
        ([datetime(1970, 1, 1, n % 24) for n in range(24)], pl.Datetime("ms", "Europe/Berlin"), 0, 23 / 24, "in UTC"),
    ],
)
def test_that_durations_times_and_dates_are_numbers_with_a_note(
    tmp_path: Path, values: list[Any], dtype: Any, first: float, last: float, note: str
) -> None:
    rows = len(values)
    path = tmp_path / "a.parquet"
    made = pl.Series("x", values, dtype=dtype)
    pl.DataFrame([made, pl.Series("y", range(rows)), pl.Series("c", ["u", "v"] * (rows // 2))]).write_parquet(path)
    column = read_table(path, detect_format(path)).frame["x"]
    found = profile_column(column)
    assert (found.role, note in found.note) == (ColumnRole.NUMBER, True)
    assert [found.low, found.high] == pytest.approx(sorted([first, last]))
    for task in (None, *Task):
        assert profile_target(column, task).name == "x"
    as_target = read_samples(imported(path, "x", Task.REGRESSION, {"y": ColumnRole.NUMBER}))
    assert as_target.target[[0, -1]] == pytest.approx([first, last])
    as_feature = read_samples(imported(path, "c", Task.BINARY, {"x": ColumnRole.NUMBER}))
    assert as_feature.numbers[[0, -1], 0] == pytest.approx([first, last])
    as_category = read_samples(imported(path, "y", Task.REGRESSION, {"x": ColumnRole.CATEGORY}))
    assert len(set(as_category.categories[:, 0])) == rows


def test_that_dates_as_categories_keep_the_labels_that_older_studies_have() -> None:
    day = datetime(2024, 3, 1, 12)
    assert as_labels(pl.Series([day.date()])).to_list() == ["2024-03-01"]
    assert as_labels(pl.Series([day])).to_list() == ["2024-03-01 12:00:00.000000"]
    assert as_labels(pl.Series([time(1, 2)])).to_list() == ["01:02:00"]
    assert as_labels(pl.Series([timedelta(minutes=5)])).to_list() == ["300"]


@pytest.mark.parametrize(
    ("column", "number"),
    [
        (pl.Series("x", [2**31 - 1, 0, None], dtype=pl.Int32).cast(pl.Date), 2**31 - 1),
        (pl.Series("x", [2**62, 0, None]).cast(pl.Datetime("us")), 2**62 / 86_400e6),
        (pl.Series("x", [2**62, 0, None]).cast(pl.Duration("ms")), 2**62 / 1e3),
    ],
)
def test_that_dates_and_durations_beyond_all_calendars_are_numbers(column: pl.Series, number: float) -> None:
    whole = column.extend_constant(column[1], 20)
    numbers = as_numbers(whole)
    assert numbers is not None
    assert numbers[0] == pytest.approx(number)
    profile = profile_table(TableFile(pl.DataFrame([whole])))
    assert profile.preview[0][0].startswith(str(int(number))[:8])
    for task in (None, *Task):
        assert profile_target(whole, task).distinct == 2


# Types that are neither


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pl.Series([[n, n] for n in range(ROWS)]), "lists"),
        (pl.Series(np.zeros((ROWS, 2)), dtype=pl.Array(pl.Float64, 2)), "lists"),
        (pl.Series([[]] * ROWS, dtype=pl.List(pl.Null)), "lists"),
        (pl.Series([{"k": n} for n in range(ROWS)]), "groups of values"),
        (pl.Series([bytes([n, 255]) for n in range(ROWS)]), "bytes that are no text"),
    ],
)
def test_that_a_column_that_is_neither_numbers_nor_labels_is_refused_wherever_it_is_used(
    tmp_path: Path, column: pl.Series, kind: str
) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame([column.alias("x"), pl.Series("y", range(ROWS))]).write_parquet(path)
    found = profile_column(read_table(path, detect_format(path)).frame["x"])
    assert (found.role, found.unusable) == (ColumnRole.IGNORE, kind)
    no_feature = f"“x” holds {kind}, which can be neither numbers nor categories: leave it out"
    no_target = f"“x” holds {kind}, which cannot be predicted: choose another target"
    for role in (ColumnRole.NUMBER, ColumnRole.CATEGORY):
        assert role_problem(found, role) == no_feature
        with pytest.raises(DataError, match=no_feature):
            read_samples(imported(path, "y", Task.REGRESSION, {"x": role}))
    for task in Task:
        assert profile_target(read_table(path, detect_format(path)).frame["x"], task).problem == no_target
        with pytest.raises(DataError, match=no_target):
            read_samples(imported(path, "x", task, {"y": ColumnRole.NUMBER}))
    pl.read_parquet(path).with_columns(z=pl.col("y")).write_parquet(path)
    settings = imported(path, "y", Task.REGRESSION, {"x": ColumnRole.IGNORE, "z": ColumnRole.NUMBER})
    assert read_samples(settings).names == ("z",)
    with pytest.raises(DataError, match=f"“x” holds {kind}, which cannot say what to keep together"):
        read_samples(msgspec.structs.replace(settings, group="x"))


@pytest.mark.parametrize(
    ("column", "role", "first"),
    [
        (pl.Series([b"Ulm", b"Bonn"] * 20), ColumnRole.CATEGORY, "Ulm"),
        (pl.Series([str(n).encode() for n in range(ROWS)]), ColumnRole.NUMBER, 0),
        (pl.Series(["a", "b"] * 20, dtype=pl.Enum(["a", "b"])), ColumnRole.CATEGORY, "a"),
        (pl.Series(["a", "b"] * 20, dtype=pl.Categorical), ColumnRole.CATEGORY, "a"),
        (pl.Series([Decimal(n) / 4 for n in range(1, ROWS + 1)]), ColumnRole.NUMBER, 0.25),
        (pl.Series([2**63 + n * 10**10 for n in range(ROWS)], dtype=pl.UInt64), ColumnRole.NUMBER, 2.0**63),
        (pl.Series([2**100 * n for n in range(1, ROWS + 1)], dtype=pl.Int128), ColumnRole.NUMBER, 2.0**100),
        (pl.Series(np.arange(2, ROWS + 2, dtype=np.float16)), ColumnRole.NUMBER, 2),
        (pl.Series([None] * ROWS), ColumnRole.IGNORE, None),
    ],
)
def test_that_numbers_and_labels_of_every_type_are_read(
    tmp_path: Path, column: pl.Series, role: ColumnRole, first: object
) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame([column.alias("x"), pl.Series("y", range(ROWS))]).write_parquet(path)
    found = read_table(path, detect_format(path)).frame["x"]
    assert profile_column(found).role is role
    if role is ColumnRole.IGNORE:
        return
    samples = read_samples(imported(path, "y", Task.REGRESSION, {"x": role}))
    assert (samples.numbers if role is ColumnRole.NUMBER else samples.categories)[0, 0] == first
    if role is ColumnRole.NUMBER:
        assert read_samples(imported(path, "x", Task.REGRESSION, {"y": ColumnRole.NUMBER})).target[0] == first


@pytest.mark.parametrize("column", [pl.Series([None] * ROWS), pl.Series([float("nan")] * ROWS), pl.Series([""] * ROWS)])
def test_that_a_category_without_any_value_is_told(tmp_path: Path, column: pl.Series) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame([column.alias("x"), pl.Series("y", range(ROWS)), pl.Series("z", range(ROWS))]).write_parquet(path)
    for features in ({"x": ColumnRole.CATEGORY}, {"x": ColumnRole.CATEGORY, "z": ColumnRole.NUMBER}):
        with pytest.raises(DataError, match="Every cell of “x” is empty in the training part: leave it out"):
            prepare(imported(path, "y", Task.REGRESSION, features), seed=1)


def test_that_a_target_beyond_whole_numbers_is_prepared_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    large = pl.Series("y", [2**63 + n * 10**12 for n in range(ROWS)], dtype=pl.UInt64)
    pl.DataFrame([large, pl.Series("x", range(ROWS))]).write_parquet(path)
    assert prepare(imported(path, "y", Task.REGRESSION, {"x": ColumnRole.NUMBER}), seed=1).y_train.min() >= 2.0**63


# NumPy's files


def npz(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize(
    ("array", "low", "high"),
    [
        (np.arange(3).astype("M8[D]"), 0, 2),
        (np.arange(3).astype("M8[s]"), 0, 2 / 86_400),
        (np.arange(3).astype("M8[Y]"), 0, 730),
        (np.arange(3).astype("m8[D]"), 0, 172_800),
        (np.arange(3).astype("m8[h]"), 0, 7200),
        (np.arange(3).astype("m8[25s]"), 0, 50),
        (np.array([np.timedelta64("NaT"), np.timedelta64(1, "s"), np.timedelta64(2, "s")]), 1, 2),
        (np.arange(3).astype(">i2"), 0, 2),
        (np.arange(3).astype(">f4"), 0, 2),
        (np.arange(3, dtype=np.longdouble), 0, 2),
        (np.array([b"5", b"6", b"7"]), 5, 7),
        (np.array(["5", "6", "7"]).astype(">U3"), 5, 7),
        (np.asfortranarray([[5.0], [6.0], [7.0]]), 5, 7),
    ],
)
def test_that_arrays_of_every_kind_of_number_are_columns(tmp_path: Path, array: Any, low: float, high: float) -> None:
    path = npz(tmp_path / "a.npz", x=array, y=np.arange(3))
    found = profile_column(read_table(path, detect_format(path)).frame["x"])
    assert [found.low, found.high] == pytest.approx([low, high])


def test_that_the_fields_of_records_are_columns(tmp_path: Path) -> None:
    records = np.array([(1, 2.5, b"x"), (3, 4.5, b"y")], [("n", "i4"), ("v", "f8"), ("t", "S3")])
    table = read_table(npz(tmp_path / "a.npz", r=records), TableFormat(kind=FileKind.NPZ))
    assert table.frame.to_dict(as_series=False) == {"n": [1, 3], "v": [2.5, 4.5], "t": ["x", "y"]}


@pytest.mark.parametrize(
    ("array", "what"),
    [
        (np.arange(3) * 1j, "complex numbers"),
        (np.zeros(3, "V5"), "raw bytes"),
        (np.arange(3).astype("m8[Y]"), "durations without a fixed unit"),
        (np.full(3, 2**62).astype("M8[D]"), "dates beyond all bounds"),
    ],
)
def test_that_an_array_that_can_be_no_column_is_left_out_with_a_note(tmp_path: Path, array: Any, what: str) -> None:
    table = read_table(npz(tmp_path / "a.npz", x=array, y=np.arange(3)), TableFormat(kind=FileKind.NPZ))
    assert table.frame.columns == ["y"]
    assert table.notes == (f"“x” holds {what}: it is left out",)
    assert "no array in it can be a column" in refusal(npz(tmp_path / "b.npz", x=array))


@pytest.mark.parametrize("suffix", [".npz", ".csv", ".xlsx", ".parquet", ".npy", ""])
def test_that_an_array_alone_is_read_whatever_its_file_is_called(tmp_path: Path, suffix: str) -> None:
    np.save(tmp_path / "a.npy", np.arange(6.0).reshape(3, 2))
    path = (tmp_path / "a.npy").rename(tmp_path / f"a{suffix}")
    frame = read_table(path, detect_format(path)).frame
    assert frame.to_dict(as_series=False) == {"column 1": [0, 2, 4], "column 2": [1, 3, 5]}


@pytest.mark.parametrize("wrap", [False, True])
def test_that_objects_are_never_loaded(tmp_path: Path, wrap: bool) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "canary"),)

    objects = np.array([Bomb()] * 3, [("field", object)] if wrap else object)
    np.savez(tmp_path / "a.npz", x=objects, y=np.arange(3))
    np.save(tmp_path / "b.npy", objects, allow_pickle=True)
    for name in ("a.npz", "b.npy"):
        assert "Python objects, which could run a program" in refusal(tmp_path / name)
    assert not (tmp_path / "canary").exists()


def header(shape: str, kind: str = "'<f8'") -> bytes:
    text = f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.txt": b"hello"}, "it is no NPZ file, whatever its name says. It holds no arrays, but “a.txt”"),
        ({}, "It holds no arrays, nor anything else"),
        ({"folder/": b""}, "It holds no arrays, nor anything else"),
        ({"inner.npz": b"PK\x03\x04"}, "It holds no arrays, but “inner.npz”"),
        ({"x.npy": header("(3,)")[:60]}, "“x” in it is damaged"),
        ({"x.npy": header("(3,)")}, "“x” in it is damaged"),
        ({"x.npy": header("(1000000000000,)")}, "“x” in it is damaged"),
        ({"x.npy": header("(1000000000000,)", "'<U0'")}, "“x” in it is damaged"),
        ({"x.npy": header("(-3,)") + bytes(24)}, "“x” in it is damaged"),
        ({"x.npy": header("(3,)", "'nothing'") + bytes(24)}, "“x” in it is damaged"),
        ({"x.npy": header("(3,)", "'<U2'") + b"\xff" * 24}, "“x” in it is damaged"),
        (
            {"x.npy": header("(3,)", "'<U1'") + "\ud800".encode("utf-32-le", "surrogatepass") * 3},
            "“x” in it is damaged",
        ),
        ({"x.npy": header("(2, 6000)", "'|u1'") + bytes(12_000)}, "“x” in it has 6,000 columns"),
        ({"x.npy": header("(0, 3)")}, "holds no rows: its arrays are empty"),
        ({"x.npy": header("(3, 0)")}, "no array in it can be a column"),
        ({"x.npy": header("()") + bytes(8)}, "“x” is a single value"),
        ({"x.npy": header("(1,)") + bytes(8), "y.npy": header("(2,)") + bytes(16)}, "different numbers of rows: 1, 2"),
    ],
)
def test_that_a_zip_without_sound_arrays_is_refused(tmp_path: Path, files: dict[str, bytes], sentence: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert sentence in refusal(tmp_path / "a.npz", TableFormat(kind=FileKind.NPZ))


def test_that_a_locked_archive_is_told(tmp_path: Path) -> None:
    npz(tmp_path / "a.npz", x=np.arange(3))
    for original in (tmp_path / "a.npz", TOWNS):
        content = bytearray(original.read_bytes())
        content[content.find(b"PK\x01\x02") + 8] |= 1
        (tmp_path / f"locked{original.suffix}").write_bytes(content)
        assert "is protected by a password" in refusal(tmp_path / f"locked{original.suffix}")


# What would fill the memory


def test_that_what_is_packed_too_tightly_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_HARMLESS", 100_000)
    np.savez_compressed(tmp_path / "a.npz", x=np.zeros(1_000_000))
    pl.DataFrame({"x": [0] * 1_000_000}).write_parquet(tmp_path / "a.parquet")
    towns_with(tmp_path / "a.xlsx", "xl/media/zeros", bytes(8_000_000))
    for name in ("a.npz", "a.parquet", "a.xlsx"):
        sentence = refusal(tmp_path / name)
        assert "is not unpacked" in sentence
        assert "would become 8," in sentence


def test_that_what_is_larger_than_the_memory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_HARMLESS", 0)
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Memory", (), {"available": 1000}))
    assert "GB of memory, and only 0.0 are free" in refusal(npz(tmp_path / "a.npz", x=np.arange(1000)))


SHEET = "xl/worksheets/sheet1.xml"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def towns_with(path: Path, name: str, content: bytes | None) -> Path:
    """Write a workbook with another content of one of its files, or without that file."""
    with zipfile.ZipFile(TOWNS) as towns, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for part in towns.namelist():
            if part != name:
                made.writestr(part, towns.read(part))
        if content is not None:
            made.writestr(name, content)
    return path


def sheet(*cells: str) -> bytes:
    rows = "".join(f'<row r="{cell.lstrip("ABCDX")}"><c r="{cell}"><v>1</v></c></row>' for cell in cells)
    return f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def test_that_a_stray_cell_does_not_make_a_sheet_of_a_milliard_cells(tmp_path: Path) -> None:
    path = towns_with(tmp_path / "a.xlsx", SHEET, sheet("A1", "ABC1048576"))
    assert "a cell far below or beside the table makes a sheet 766,509,056 cells large" in refusal(path)


def test_that_a_sheet_that_is_longer_than_its_archive_says_is_refused(tmp_path: Path) -> None:
    path = towns_with(tmp_path / "a.xlsx", SHEET, sheet("A1") + b" " * 100_000)
    content = path.read_bytes()
    place = content.find(b"PK\x01\x02")
    while content[place + 46 :].find(SHEET.encode()) != 0:
        place = content.find(b"PK\x01\x02", place + 4)
    path.write_bytes(content[: place + 24] + struct.pack("<I", 100) + content[place + 28 :])
    assert "its sheet “towns” is damaged" in refusal(path)


# Workbooks


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("xl/workbook.xml", None, "it is a zip file without a workbook in it"),
        ("xl/workbook.xml", b"<a", "it is damaged, or protected by a password"),
        (SHEET, None, "its sheet “towns” is damaged, or holds no cells"),
        (SHEET, sheet("A1")[:-30], "its sheet “towns” is damaged, or holds no cells"),
        (SHEET, sheet(), "its sheet “towns” has no cells"),
    ],
)
def test_that_a_workbook_without_a_sound_sheet_is_refused(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    assert sentence in refusal(towns_with(tmp_path / "a.xlsx", name, content))


def test_that_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    assert refusal(TOWNS, TableFormat(kind=FileKind.EXCEL, sheet="houses")).endswith("no sheet “houses”; it has towns")


def compressed(pack: Callable[[bytes], bytes]) -> bytes:
    return pack(b"a,b\n" + b"1,2\n" * 50)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xls", b"<html><table><tr><th>1</th></tr></table></html>", "holds no rows under its header"),
        ("a.xls", b'<?xml version="1.0"?><Workbook>', "is XML, and has no table that can be read"),
        ("a.csv", b"<!DOCTYPE html>\n<head>", "is a web page without a table in it"),
        ("a.xls", OLD + bytes(600), "it holds no workbook, but another document"),
        ("a.xls", OLD + bytes(600) + "Workbook".encode("utf-16-le"), "it is damaged, or protected by a password"),
        ("a.xlsx", OLD + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        ("a.xlsx", TOWNS.read_bytes()[:2000], "it is no whole workbook"),
        ("a.csv", compressed(partial(gzip.compress, mtime=0)), "is compressed with gzip: unpack it first"),
        ("a.csv", compressed(bz2.compress), "is compressed with bzip2: unpack it first"),
        ("a.csv", compressed(lzma.compress), "is compressed with xz: unpack it first"),
        ("a.csv", b"\x28\xb5\x2f\xfd" + bytes(20), "is compressed with Zstandard: unpack it first"),
        ("a.csv", b"SQLite format 3\0" + bytes(100), "is a database or a study"),
        ("a.csv", b"\x89PNG\r\n" + bytes(100), "is a picture"),
        ("a.csv", bytes(5000), "it holds bytes that no text has"),
        ("a.csv", b'a,b\n1,2\n"x,3\n4,5\n', "a quote is opened and never closed"),
        ("a.csv", b"a,b\n" + b"x,1\n" * 200_000 + b"\xff,1\n", "its line 200,002 does not fit"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16") + b"x", "is not text in the encoding utf-16"),
        ("a.csv", b"x" * 2_000_000, "cell of more than 1,048,576 letters"),
    ],
)
def test_that_a_file_of_another_kind_is_told_what_it_is(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=sentence) as caught:
        read_table(tmp_path / name, detect_format(tmp_path / name))
    assert foreign_words(str(caught.value)) == []


def test_that_parquet_files_that_are_cut_off_encrypted_or_damaged_are_told(tmp_path: Path) -> None:
    path, packed = tmp_path / "a.parquet", io.BytesIO()
    pl.DataFrame({"x": range(1000)}).write_parquet(packed)
    whole = packed.getvalue()
    for content, sentence in (
        (whole[: len(whole) // 2], "it is no whole Parquet file. Its end is missing"),
        (b"PARE" + whole[4:-4] + b"PARE", "is encrypted"),
        (b"PAR1" + bytes(100) + b"PAR1", "it is damaged, encrypted, or of a newer kind of Parquet"),
        (whole[:-12] + b"\xff\xff\xff\x7f" + whole[-8:], "it is damaged, encrypted"),
        (b"version 1\noid 2\n", "it is no Parquet file, whatever its name says"),
    ):
        path.write_bytes(content)
        assert sentence in refusal(path)


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"]
)
@pytest.mark.parametrize("name", ["größe", "имя"])
def test_that_wide_letters_are_read_with_and_without_a_mark(tmp_path: Path, encoding: str, name: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((f"{name},n\n" + "Köln,1\n" * 30).encode(encoding))
    assert read_table(path, detect_format(path)).frame.columns == [name, "n"]


def test_that_a_text_that_a_program_calls_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("a\tb\n1\t2\n3\t4\n")
    assert read_table(tmp_path / "a.xls", detect_format(tmp_path / "a.xls")).frame.rows() == [(1, 2), (3, 4)]


def test_that_digits_of_another_script_are_texts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n３,1\n４,2\n", encoding="utf-8")
    assert read_table(tmp_path / "a.csv", TableFormat()).frame["a"].to_list() == ["３", "４"]


@pytest.mark.parametrize("layout", [TableFormat(kind=kind) for kind in FileKind])
def test_that_folders_pipes_and_devices_are_never_opened(tmp_path: Path, layout: TableFormat) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name in ("folder.csv", "pipe.csv", "zero.csv"):
        with pytest.raises(DataError, match="is no file that can be read"):
            detect_format(tmp_path / name)
        assert "is no file that can be read" in refusal(tmp_path / name, layout)
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    refusal(tmp_path / "loop.csv", layout)
    refusal(tmp_path / "gone.csv", layout)


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        (TableFormat(separator=""), "cannot be read with the separator “”"),
        (TableFormat(separator="ab"), "cannot be read with the separator “ab”"),
        (TableFormat(separator="§"), "cannot be read with the separator “§”"),
        (TableFormat(separator="\n"), "cannot be read with the separator"),
        (TableFormat(encoding="no-such"), "There is no encoding “no-such”"),
        (TableFormat(encoding="rot13"), "There is no encoding “rot13”"),
        (TableFormat(encoding="a\0b"), "There is no encoding"),
        (TableFormat(encoding="a\0b", kind=FileKind.HTML, rules=RULES), "There is no encoding"),
        (TableFormat(encoding="undefined"), "is not text in the encoding undefined"),
        (TableFormat(encoding="utf-16"), "is not text in the encoding utf-16"),
    ],
)
def test_that_a_format_that_cannot_be_is_refused(tmp_path: Path, layout: TableFormat, sentence: str) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3")
    assert sentence in refusal(tmp_path / "a.csv", layout)


def test_that_columns_of_a_parquet_file_without_a_name_get_one(tmp_path: Path) -> None:
    pl.DataFrame({"": [1], " ": [2], " a": [3], "a": [4], "column 1": [5]}).write_parquet(tmp_path / "a.parquet")
    frame = read_table(tmp_path / "a.parquet", TableFormat(kind=FileKind.PARQUET)).frame
    assert frame.to_dict(as_series=False) == {"column 2": [1], "column 3": [2], " a": [3], "a": [4], "column 1": [5]}


def test_that_a_hundred_thousand_columns_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({f"c{n}": [1] for n in range(6000)}).write_parquet(path)
    assert "has 6,000 columns; Afina takes up to 5,000" in refusal(path)


# Anything


@pytest.mark.parametrize("name", sorted(tables.originals()))
def test_that_a_broken_file_is_a_table_or_refused_in_our_words(tmp_path: Path, name: str) -> None:
    whole = tables.originals()
    path = tmp_path / f"a{Path(name).suffix}"
    for seed in range(12):
        how, content = tables.broken(whole, name, random.Random(seed))
        path.write_bytes(content)
        assert tables.try_table(path) in ("read", "refused"), (seed, how)
