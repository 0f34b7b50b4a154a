"""Text files as grids: rows as Python reads them, columns of plain numbers or of texts, and sentences with the line."""

import csv
import io
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace

from core.errors import DataError
from core.tables import text_file
from core.tables.grid import Grid, read_grid
from core.tables.table_format import MARKS, RULES, TableFormat
from core.tables.text_grid import read_text
from tests.foreign_words import foreign_words

LAYOUT = TableFormat(rules=RULES, missing=MARKS)
SMALL = 64


@pytest.fixture
def grid(tmp_path: Path) -> Callable[..., Grid]:
    def read(text: str | bytes, *, texts: tuple[str, ...] = (), **layout: Any) -> Grid:
        path = tmp_path / "a.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_grid(path, replace(LAYOUT, **layout), texts=texts)

    return read


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file.TextFile.blocks, "__defaults__", (SMALL,))


def cells(grid: Grid) -> dict[str, list[object]]:
    return {name: column.to_list() for name, column in zip(grid.names, grid.columns, strict=True)}


# Which columns are plain numbers


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["1", "-12", "+3", "9223372036854775807"], [1, -12, 3, 9223372036854775807]),
        (["-9223372036854775808", "0"], [-9223372036854775808, 0]),
        (["3.5", "1e-3", ".5", "5.", "1E3", "-0.25"], [3.5, 0.001, 0.5, 5.0, 1000.0, -0.25]),
        (["1", "2.5", "NA", "", "#N/A", "<NA>", "nan"], [1.0, 2.5, None, None, None, None, None]),
        (["?", "7", "--"], [None, 7, None]),
        ([" 7", "8 ", "\u00a09"], [7, 8, 9]),
        (["9223372036854775808.5", "1e300"], [9223372036854775808.5, 1e300]),
    ],
)
@pytest.mark.usefixtures("small_blocks")
def test_that_columns_of_plain_numbers_are_numbers(
    grid: Callable[..., Grid], column: list[str], expected: list[float]
) -> None:
    found = grid("x,y\n" + "".join(f"{cell},1\n" for cell in column * 9)).columns[0]
    assert found.to_list() == expected * 9
    assert found.dtype == (pl.Float64 if any(isinstance(number, float) for number in expected) else pl.Int64)


@pytest.mark.parametrize(
    "odd",
    [
        *("007", "00501", "-07", "+01", "00", "01.5", "9223372036854775808", "-9223372036854775809", "1" * 40),
        *(
            "inf",
            "-Infinity",
            "1e999",
            "12%",
            "$5",
            "(1.5)",
            "1,5",
            "1_000",
            "0x10",
            "−3",
            "３",
            "k.A.",
            "1 2",
            "- 1",
            "1e",
        ),
    ],
)
@pytest.mark.parametrize("others", ["1", "1.5", "NA"])
@pytest.mark.parametrize("place", [0, 30, 59])
@pytest.mark.usefixtures("small_blocks")
def test_that_one_other_cell_anywhere_makes_the_column_text_with_its_cells_as_they_stand(
    grid: Callable[..., Grid], odd: str, others: str, place: int
) -> None:
    column = [others] * 60
    column[place] = odd
    found = cells(
        grid("a;x;b\n" + "".join(f"{number};{cell};0.5\n" for number, cell in enumerate(column)), separator=";")
    )
    assert found == {"a": list(range(60)), "x": column, "b": [0.5] * 60}


def test_that_what_a_column_is_does_not_depend_on_blocks(tmp_path: Path) -> None:
    rng = random.Random(7)
    kinds = [
        ["1", "22", "-3"],
        ["1", "2.5", "1e5"],
        ["", "NA"],
        ["", ""],
        ["1", "NA", " 5"],
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", "05"],
        ["x", "NA", '"a,b"', '"a\nb"', '"say ""hi"""', ""],
        ["1"] * 30 + ["nan"],
        ["1.5"] * 30 + ["2" * 25],
    ]
    for _ in range(12):
        chosen = rng.choices(kinds, k=4)
        path = tmp_path / "a.csv"
        path.write_text("a,b,c,d\n" + "".join(",".join(map(rng.choice, chosen)) + "\n" for _ in range(40)))
        whole = read_text(path, LAYOUT, (), lambda _done, _steps: None)
        for size in (17, 60, 200):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(text_file.TextFile.blocks, "__defaults__", (size,))
                pieces = read_text(path, LAYOUT, (), lambda _done, _steps: None)
            assert cells(pieces) == cells(whole)
            assert [column.dtype for column in pieces.columns] == [column.dtype for column in whole.columns]


@pytest.mark.parametrize("size", [40, text_file.BLOCK])
@pytest.mark.parametrize("cell", ["NaN", "nan", "-NaN", "NA"])
def test_that_a_mark_that_looks_like_a_number_is_one_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, size: int
) -> None:
    monkeypatch.setattr(text_file.TextFile.blocks, "__defaults__", (size,))
    path = tmp_path / "a.csv"
    path.write_text("a\n" + "1.5\n" * 150 + f"{cell}\n" + "2\n")
    (column,) = read_text(path, LAYOUT, (), lambda _done, _steps: None).columns
    assert column.dtype == pl.Float64
    assert column.tail(3).to_list() == [1.5, None, 2.0]


def test_that_columns_of_marks_alone_are_texts_and_empty_ones_too(grid: Callable[..., Grid]) -> None:
    found = grid("a,b,c\nNA,,1\n?,,2\n")
    assert cells(found) == {"a": ["NA", "?"], "b": [None, None], "c": [1, 2]}
    assert [column.dtype for column in found.columns] == [pl.String, pl.String, pl.Int64]


def test_that_marks_are_those_of_the_format_alone(grid: Callable[..., Grid]) -> None:
    found = cells(grid("a,b\n-999,x\nNA,y\n5,NA\n", missing=("-999", "NA")))
    assert found == {"a": [None, None, 5], "b": ["x", "y", "NA"]}
    assert cells(grid("a\nNA\n5\nnan\n", missing=())) == {"a": ["NA", "5", "nan"]}


@pytest.mark.usefixtures("small_blocks")
def test_that_columns_asked_for_as_texts_are_texts(grid: Callable[..., Grid]) -> None:
    found = grid("a,b\n" + "1.50,2\n" * 50, texts=("a",))
    assert cells(found) == {"a": ["1.50"] * 50, "b": [2] * 50}


# What rows and cells are


def by_python(text: str, separator: str) -> list[list[str | None]]:
    rows = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, skipinitialspace=True)
    return [[cell.strip() or None for cell in row] for row in rows if row]


def open_at_the_end(text: str, separator: str) -> bool:
    return by_python(f"{text}#{separator}#", separator)[-1] != ["#", "#"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_that_rows_are_those_of_pythons_reader_in_blocks_of_any_size(tmp_path: Path, separator: str) -> None:
    rng = random.Random(3)
    parts = [
        "a",
        "b c",
        '"',
        '""',
        "\n",
        "\n\n",
        separator,
        separator,
        f'{separator} "',
        f'"{separator}',
        " ",
        "ü",
        "\n",
    ]
    tried = 0
    while tried < 40:
        text = "x\n" + "".join(rng.choices(parts, k=40)).strip("\n") + "\n"
        rows = by_python(text, separator)[1:]
        width = max(map(len, rows), default=0)
        if width < 2 or text.count('"') % 2 or re.search("^ +$", text, re.MULTILINE):
            continue
        head = separator.join(f"c{place}" for place in range(width)) + "\n"
        path = tmp_path / "a.csv"
        path.write_text(head + text[2:], newline="\n")
        layout = replace(LAYOUT, separator=separator, missing=())
        if open_at_the_end(text, separator):
            with pytest.raises(DataError, match="a quote is opened and never closed"):
                read_text(path, layout, (), lambda _done, _steps: None)
            continue
        tried += 1
        whole = read_text(path, layout, (), lambda _done, _steps: None)
        wanted = [[*row, *[None] * (width - len(row))] for row in rows]
        for size in (11, 50, text_file.BLOCK):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(text_file.TextFile.blocks, "__defaults__", (size,))
                found = read_text(path, layout, (), lambda _done, _steps: None)
            assert [list(row) for row in zip(*(column.to_list() for column in found.columns), strict=True)] == wanted, (
                text
            )
        assert whole.names == tuple(f"c{place}" for place in range(width))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('size,y\n9" pipe,1\n"10"" pipe",2\n', {"size": ['9" pipe', '10" pipe'], "y": [1, 2]}),
        ('a,b\n"x"y,3\n', {"a": ["xy"], "b": [3]}),
        ('n, town\n0, "Ulm, South"\n', {"n": [0], "town": ["Ulm, South"]}),
        ('a,b\n"" ,3\n" x ",4\n', {"a": [None, "x"], "b": [3, 4]}),
        ('a,b\n"two\r\nlines",3\r\n', {"a": ["two\nlines"], "b": [3]}),
        ("a,b\r\r\n1,2\r\r\n3,4\r\r\n", {"a": [1, 3], "b": [2, 4]}),
        ("a,b\r1,2\r3,4", {"a": [1, 3], "b": [2, 4]}),
        ("a,b\r\n\r\n1,2\n\n  \n3,4\r", {"a": [1, 3], "b": [2, 4]}),
        ("\n\n a , b \n 1 , 2 \n", {"a": [1], "b": [2]}),
        ("a\n1\n\n2\n", {"a": [1, 2]}),
        ("a,b,c\n1\n1,2\n1,2,3\n", {"a": [1, 1, 1], "b": [None, 2, 2], "c": [None, None, 3]}),
        ("\ufeffa,b\n1,2\n", {"a": [1], "b": [2]}),
    ],
)
def test_that_files_as_people_have_them_are_read(
    grid: Callable[..., Grid], text: str, expected: dict[str, list[object]]
) -> None:
    assert cells(grid(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a   b\n  1  2.5\n 10 11.5 \n", {"a": [1, 10], "b": [2.5, 11.5]}),
        ("a b\n1\t2\n\t3  4\n", {"a": [1, 3], "b": [2, 4]}),
        ('a b c\n"x  y" 2 ""\n"" 3 z\n', {"a": ["x  y", None], "b": [2, 3], "c": [None, "z"]}),
    ],
)
@pytest.mark.parametrize("size", [5, text_file.BLOCK])
def test_that_columns_can_be_apart_by_any_number_of_spaces_and_tabs(
    grid: Callable[..., Grid], monkeypatch: pytest.MonkeyPatch, text: str, expected: dict[str, list[object]], size: int
) -> None:
    monkeypatch.setattr(text_file.TextFile.blocks, "__defaults__", (size,))
    assert cells(grid(text, separator=" ")) == expected


def test_that_quotes_can_be_letters(grid: Callable[..., Grid]) -> None:
    assert cells(grid('a,b\n"x,1\ny",2\n', quotes=False)) == {"a": ['"x', 'y"'], "b": [1, 2]}


# The frame of the table


@pytest.mark.parametrize(
    ("text", "names", "note"),
    [
        ("a,b\n1,2,\n3,4,\n", ("a", "b"), "The last column has no name, and every cell is empty: it is left out"),
        ("a,b,,\n1,2,,\n", ("a", "b"), "The last 2 columns have no names, and every cell is empty: they are left out"),
        ("a,,b\n1,,2\n", ("a", "column 2", "b"), ""),
        ("a,b\nr1,1,2\nr2,3,4\n", ("row name", "a", "b"), "The header is one name short: the first column is taken"),
        ("row name,b\nr1,1,2\n", ("row name", "row name (2)", "b"), "The header is one name short"),
        ("a,a\n1,2\n", ("a", "a (2)"), "The name “a” stands more than once"),
    ],
)
def test_that_separators_too_many_and_names_too_few_are_found(
    grid: Callable[..., Grid], text: str, names: tuple[str, ...], note: str
) -> None:
    found = grid(text)
    assert found.names == names
    assert any(sentence.startswith(note) for sentence in found.notes) == bool(note)


def test_that_lines_above_and_headers_of_two_rows_are_as_the_format_says(grid: Callable[..., Grid]) -> None:
    text = 'A "title\n\nsize,,price\ncm,kg,EUR\n1,2,3\n'
    assert cells(grid(text, skip=1, header_rows=2)) == {"size (cm)": [1], "size (kg)": [2], "price (EUR)": [3]}
    assert cells(grid("1,2\n3,4\n", header=False)) == {"column 1": [1, 3], "column 2": [2, 4]}
    assert cells(grid("sep=;\n1;2\n3;4\n", header=False, skip=1, separator=";"))["column 2"] == [2, 4]


# What is refused


@pytest.mark.parametrize(
    ("text", "layout", "sentence"),
    [
        (b"a,b\n1,2\n1,2,3\n", {}, "Line 3 of a.csv has 3 cells, and its header has 2"),
        (b'a,b\n"x\ny",2\n\n1,2,3\n', {}, "Line 5 of a.csv has 3 cells"),
        (b"a,b\n" + b"1,2,\n" * 300 + b"1,2,3\n", {}, "Line 302 of a.csv has 3 cells"),
        (b"1,2\n1,2,3\n1,2\n", {"header": False}, "Line 2 of a.csv has 3 cells, and its first rows have 2"),
        (b'a,b\n1,2\n"x,3\n4,5\n', {}, "in its line 3 a quote is opened and never closed"),
        (b'a,b\n1,"x"" ,3\n4,5\n', {}, "in its line 2 a quote is opened and never closed"),
        (b"a,b\n" + b"1,2\n" * 100 + b"1,\0\n", {}, "its line 102 holds a zero byte"),
        (b"a,\0b\n1,2\n", {}, "its line 1 holds a zero byte"),
        (b"a,b\n" + b"1,2\n" * 100 + b"1,\xff\n", {}, "is not text in the encoding utf-8: its line 102 does not fit"),
        (b"a,b\n" + b"1,2\n" * 100 + b"1,\x81\n", {"encoding": "cp1252"}, "encoding cp1252: its line 102 does not fit"),
        (b"a,b\n1,2\n3", {"encoding": "utf-16"}, "is not text in the encoding utf-16"),
        (b"a,b\n1,2\n", {"encoding": "utf-9"}, "There is no encoding “utf-9”"),
        (b"a,b\n1,2\n", {"encoding": "rot13"}, "There is no encoding “rot13”"),
        (b"a,b\n1,2\n", {"encoding": "a\0b"}, "There is no encoding"),
        (b"a,b\n1,2\n", {"separator": "::"}, "cannot be read with the separator “::”"),
        (b"a,b\n", {}, "holds no rows under its header"),
        (b"a,b\n1,2\n", {"skip": 1}, "holds no rows under its header"),
        (b"\n\n", {}, "holds no rows under its header"),
        (b"a,b\n1," + b"x" * 2_000_000 + b"\n", {}, "Line 2 of a.csv begins a cell of more than 1,048,576 letters"),
        (b"," * 6000 + b"\n1\n", {}, "6,001 columns; Afina takes up to 5,000"),
        (b"a\n" + b"," * 6000 + b"\n", {}, "6,001 columns"),
    ],
)
@pytest.mark.parametrize("size", [SMALL, text_file.BLOCK])
def test_that_what_is_wrong_is_told_with_its_line(
    grid: Callable[..., Grid],
    monkeypatch: pytest.MonkeyPatch,
    text: bytes,
    layout: dict[str, Any],
    sentence: str,
    size: int,
) -> None:
    monkeypatch.setattr(text_file.TextFile.blocks, "__defaults__", (size,))
    with pytest.raises(DataError, match=re.escape(sentence)) as caught:
        grid(text, **layout)
    assert foreign_words(str(caught.value)) == []


def test_that_a_quote_that_is_never_closed_is_found_long_before_the_end(grid: Callable[..., Grid]) -> None:
    rows = b"1,2\n" * 2000
    with pytest.raises(DataError, match="in its line 2,002 a quote is opened and never closed"):
        grid(b"a,b\n" + rows + b'"x,2\n' + rows * 1500)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1251", "utf-16", "utf-32-be", "cp037", "shift_jis", "U8"])
@pytest.mark.usefixtures("small_blocks")
def test_that_encodings_of_any_name_are_read(grid: Callable[..., Grid], encoding: str) -> None:
    word = {"cp1251": "имя", "shift_jis": "名前"}.get(encoding, "Köln")
    found = grid((f"{word},n\n" + f"{word},1\n" * 40).encode(encoding), encoding=encoding)
    assert cells(found) == {word: [word] * 40, "n": [1] * 40}


def test_that_the_reading_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file.TextFile.blocks, "__defaults__", (100,))
    path, told = tmp_path / "a.csv", []
    path.write_text("a,b\n" + "1,2\n" * 249)
    read_text(path, LAYOUT, (), lambda done, steps: told.append((done, steps)))
    assert told[0] == (1, 10)
    assert told[-1] == (10, 10)
    assert told == sorted(told)
