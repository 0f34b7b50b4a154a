"""Files as tables: how they are read, and what is said of those that cannot be."""

import logging
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import polars as pl
import pytest

from core.errors import DataError
from core.tables.detection import detect_format
from core.tables.fingerprint import fingerprint
from core.tables.names import unique_names
from core.tables.table_file import read_table
from core.tables.table_format import FileKind, TableFormat

FRAME = pl.DataFrame({"size": [1.5, 2.5, 3.5], "town": ["Ulm", "Köln", "Ulm"], "price": [10, 20, 30]})


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_that_text_of_an_old_encoding_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Größe;Straße;Preis\n" + "1,5;Köln-Mülheim;10\n" * 50, "cp1252")
    table = read_table(path, detect_format(path))
    assert table.frame.columns == ["Größe", "Straße", "Preis"]
    assert table.frame["Straße"][0] == "Köln-Mülheim"
    assert table.frame["Größe"][0] == 1.5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe;Größe\n1;2\n", "cp1252"),
        ("prénom,ville\nHélène,Évry à côté\n", "cp1252"),
        ("año,niño\n1,¿sí?\n", "cp1252"),
        ("имя,цена\nИван,2\n", "cp1251"),
        ("名前,年齢\n太郎,3\n花子,4\n", "cp932"),
    ],
)
def test_that_an_old_encoding_is_told_by_its_script(tmp_path: Path, text: str, encoding: str) -> None:
    assert detect_format(written(tmp_path / "a.csv", text, encoding)).encoding == encoding


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".xlsx", ".npz"])
def test_that_every_kind_of_file_gives_the_same_numbers(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    match suffix:
        case ".csv":
            FRAME.write_csv(path)
        case ".tsv":
            FRAME.write_csv(path, separator="\t")
        case ".parquet":
            FRAME.write_parquet(path)
        case ".xlsx":
            path.write_bytes((Path(__file__).parents[1] / "data" / "towns.xlsx").read_bytes())
        case _:
            np.savez(path, size=FRAME["size"].to_numpy(), price=FRAME["price"].to_numpy())
    frame = read_table(path, detect_format(path)).frame
    assert frame["size"].to_list() == [1.5, 2.5, 3.5]
    assert frame["price"].to_list() == [10, 20, 30]


def test_that_empty_cells_and_their_usual_names_are_missing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "a,b\n1,x\nNA,\n?,z\n")
    frame = read_table(path, detect_format(path)).frame
    assert frame["a"].to_list() == [1, None, None]
    assert frame["b"].to_list() == ["x", None, "z"]


def test_that_an_empty_text_is_missing_in_every_kind_of_file(tmp_path: Path) -> None:
    texts = pl.Series(["", "x", None])
    frame = pl.DataFrame({"a": texts, "b": texts.cast(pl.Categorical), "c": texts.cast(pl.Enum(["", "x"])), "n": 1})
    frame.write_parquet(tmp_path / "a.parquet")
    read = read_table(tmp_path / "a.parquet", TableFormat(kind=FileKind.PARQUET)).frame
    assert [read[name].to_list() for name in "abc"] == [[None, "x", None]] * 3
    np.savez(tmp_path / "a.npz", a=np.array(["", "x"]))
    assert read_table(tmp_path / "a.npz", TableFormat(kind=FileKind.NPZ)).frame["a"].to_list() == [None, "x"]


def test_that_a_text_after_ten_thousand_numbers_does_not_stop_the_reading(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "a\n" + "1\n" * 20_000 + "one\n")
    assert read_table(path, detect_format(path)).frame["a"][20_000] == "one"


def test_that_columns_of_the_same_name_and_of_none_get_names_of_their_own(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "x,x,\n1,2,3\n")
    table = read_table(path, detect_format(path))
    assert table.frame.columns == ["x", "x (2)", "column 3"]
    assert table.notes == ("The name “x” stands more than once; column 2 is called “x (2)” here",)
    assert unique_names(["a (2)", "a", "a"])[0] == ["a (2)", "a", "a (3)"]


def excel(path: Path, rows: list[list[str | int | None]]) -> Path:
    """Write the rows as the only sheet of an Excel file."""

    def cell(value: str | int | None) -> str:
        if value is None:
            return "<c/>"
        return f"<c><v>{value}</v></c>" if isinstance(value, int) else f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'
    with ZipFile(Path(__file__).parents[1] / "data" / "towns.xlsx") as towns, ZipFile(path, "w") as written:
        for name in towns.namelist():
            written.writestr(name, sheet if name.startswith("xl/worksheets/sheet") else towns.read(name))
    return path


def test_that_names_in_excel_are_made_up_as_in_a_csv_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "fastexcel")  # which warns of empty columns
    rows: list[list[str | int | None]] = [["a", "a", None, None, 2020], [1, 2, 3, None, 4], [5, 6, None, None, 8]]
    table = read_table(excel(tmp_path / "a.xlsx", rows), TableFormat(kind=FileKind.EXCEL))
    assert table.frame.columns == ["a", "a (2)", "column 3", "2020"], "an empty column without a name is none"
    assert table.notes == ("The name “a” stands more than once; column 2 is called “a (2)” here",)
    assert table.frame.rows() == [(1, 2, 3, 4), (5, 6, None, 8)]
    path = excel(tmp_path / "b.xlsx", [[1, None, 2], [3, None, 4]])
    frame = read_table(path, TableFormat(kind=FileKind.EXCEL, header=False)).frame
    assert frame.to_dict(as_series=False) == {"column 1": [1, 3], "column 2": [None] * 2, "column 3": [2, 4]}


def test_that_a_table_without_header_gets_names(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "1,2\n3,4\n")
    table = read_table(path, detect_format(path))
    assert table.frame.columns == ["column 1", "column 2"]
    assert table.frame.height == 2


@pytest.mark.parametrize("line_end", ["\r", "\r\n", "\n"])
def test_that_lines_may_end_as_any_system_ends_them(tmp_path: Path, line_end: str) -> None:
    path = written(tmp_path / "a.csv", line_end.join(["size,town", "1.5,Ulm", '2.5,"Bad\nTölz"', ""]))
    table = read_table(path, detect_format(path))
    assert table.frame.to_dict(as_series=False) == {"size": [1.5, 2.5], "town": ["Ulm", "Bad\nTölz"]}


def test_that_a_long_text_of_old_line_ends_is_taken_for_unicode(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "a,town\r" + "1,Köln\r" * 60_000)
    assert detect_format(path).encoding == "utf-8"


def test_that_blank_lines_above_the_table_are_skipped(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\n  \na,b\n1,2\n3,4\n")
    assert read_table(path, detect_format(path)).frame.to_dict(as_series=False) == {"a": [1, 3], "b": [2, 4]}
    path = written(tmp_path / "b.csv", "\n1,2\n3,4\n")
    assert read_table(path, detect_format(path)).frame.rows() == [(1, 2), (3, 4)]


def test_that_a_name_may_have_several_lines(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", '"size\nin m²",b\n1,2\n3,4\n')
    assert read_table(path, detect_format(path)).frame.to_dict(as_series=False) == {"size\nin m²": [1, 3], "b": [2, 4]}


def test_that_a_long_text_is_a_cell_like_any_other(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text,b\n" + f'"{"word, " * 30_000}.",1\n' * 3)
    frame = read_table(path, detect_format(path)).frame
    assert frame["text"].str.len_chars().to_list() == [180_001] * 3
    assert frame["b"].to_list() == [1, 1, 1]


def test_that_a_matrix_in_an_npz_becomes_numbered_columns(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(6.0).reshape(3, 2), y=np.arange(3))
    frame = read_table(tmp_path / "a.npz", TableFormat(kind=FileKind.NPZ)).frame
    assert frame.columns == ["x_0", "x_1", "y"]


def test_that_a_single_value_in_an_npz_is_left_out_with_a_note(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(3.0), scale=np.float64(3))
    table = read_table(tmp_path / "a.npz", TableFormat(kind=FileKind.NPZ))
    assert table.frame.columns == ["x"]
    assert table.notes == ("“scale” is a single value, not a column: it is left out",)


def test_that_no_column_of_an_npz_takes_the_place_of_another(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros((3, 2)), x_0=np.arange(3.0))
    table = read_table(tmp_path / "a.npz", TableFormat(kind=FileKind.NPZ))
    assert table.frame.to_dict(as_series=False) == {"x_0": [0.0] * 3, "x_1": [0.0] * 3, "x_0 (2)": [0.0, 1.0, 2.0]}
    assert table.notes == ("The name “x_0” stands more than once; column 3 is called “x_0 (2)” here",)


def test_that_nothing_in_an_npz_is_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([{"a": 1}, None], dtype=object))
    with pytest.raises(DataError, match="cannot be read as a table"):
        read_table(tmp_path / "a.npz", TableFormat(kind=FileKind.NPZ))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "a.csv is empty"),
        ("a.csv", b"a,b\n", "no rows under its header|holds no rows"),
        ("a.csv", b"a,b\n1,2\n1,2,3\n1,2\n", "Line 3 of a.csv has 3 cells, and its header has 2"),
        ("a.csv", b'"a,b\n' + b"1,2\n" * 300_000, "cell of more than 1,048,576 letters: check the quotes"),
        ("a.csv", b"a," * 40_000 + b"b\n" + b"1," * 40_000 + b"1\n", "40,001 columns; Afina takes up to 5,000"),
        ("a.csv", b"[" + b'{"a":1},' * 40_000 + b"]", "a.csv is JSON, and no table"),
        ("a.csv", b"a" * 300_000 + b"\nb,c,d\n", "Line 2 of a.csv has 3 cells, and its header has 1"),
        (
            "a.csv",
            ",".join(f"c{i}" for i in range(10_000)).encode() + b"\n1,2\n",
            "10,000 columns; Afina takes up to 5,000",
        ),
        ("a.parquet", b"PAR1 but no more", "cannot be read as a table"),
        ("a.xlsx", b"PK\x03\x04 but no more", "cannot be read as a table"),
        ("a.npz", b"PK\x03\x04 but no more", "cannot be read as a table"),
    ],
)
def test_that_a_file_that_is_no_table_gets_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        read_table(path, detect_format(path))


def test_that_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.csv cannot be read: No such file"):
        detect_format(tmp_path / "a.csv")


def test_that_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "a\n1\n")
    before = fingerprint(path)
    assert before == fingerprint(path)
    assert before.size == 4
    written(path, "a\n2\n")
    assert fingerprint(path) != before
