"""How files are taken for tables: kind, encoding, separator, quotes, lines above, header, decimal comma."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from msgspec.structs import replace

from core.errors import DataError
from core.tables.detection import SAMPLE, detect_format
from core.tables.table_format import MARKS, RULES, FileKind, TableFormat

LAYOUT = TableFormat(rules=RULES, missing=MARKS)


def detected(folder: Path, text: str | bytes, name: str = "a.csv") -> TableFormat:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return detect_format(path)


def many(head: str, *rows: str, times: int = 6) -> str:
    return "\n".join([head, *rows * times, ""])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (many("size,town,price", "1.5,Ulm,10", "2.5,Köln,20"), {}),
        (many("size\ttown", "1.5\tUlm", "2.5\tBonn"), {"separator": "\t"}),
        (many("1.5|10", "2.5|20"), {"separator": "|", "header": False}),
        (many("size", "1.5", "2.5"), {}),
        # decimal commas
        (many("size;town;price", "1,5;Ulm;10", "2,5;Köln;20"), {"separator": ";", "decimal_comma": True}),
        (many("1,5;2,5", "3,5;4,25"), {"separator": ";", "decimal_comma": True, "header": False}),
        (many("a;b", "5,76 ;0,2", "k.A. ;3,5"), {"separator": ";", "decimal_comma": True}),
        (many("a\tb", "5,76\t0,2", "1,5\t3,5"), {"separator": "\t", "decimal_comma": True}),
        (many('"a","b"', '"5,76","0,2"', '"1,55","3,5"'), {"decimal_comma": True}),
        (many("a b", "5,76 0,2", "1,55 3,5"), {"separator": " ", "decimal_comma": True}),
        (many("price", "1,5", "22,75", "3,5"), {"separator": ";", "decimal_comma": True}),
        (
            many("when;t", "2025-03-01 08:00:00;1,22", "2025-03-02 08:00:00;8,84"),
            {"separator": ";", "decimal_comma": True},
        ),
        (many("income;age", "3.544,91;41", "920,60;49"), {"separator": ";", "decimal_comma": True}),
        # thousands
        (many("income,age", '"93,153",36', '"5,533",58'), {}),
        (many("income;age", "6'119.53;55", "8'551.12;44"), {"separator": ";"}),
        (many("income;age", "2 619;48", "9 128;52"), {"separator": ";"}),
        # spaces
        (many("  time  temp", "     0  10.5", "     1   9.5"), {"separator": " "}),
        (many("time temp", "0 10.5", "1 9.5"), {"separator": " "}),
        (many("a b c d", "x y n n", "x n y n"), {"separator": " "}),
        (many("full name", "John Smith", "Mary Major"), {}),
        (many("place", "Bad Tölz", "Ulm", "Neu Ulm", "Rothenburg ob der Tauber"), {}),
        (many("n, town", '0, "Ulm, South"', '1, "Bonn, West"'), {}),
        (many("a, b, c, d", "1, 0.5, town 1, 7", "2, 1.5, town 2, 8"), {}),
        # texts with separators in them
        (many("n\ttown\tsize", "1\tBad Tölz\t7", "2\tNeu Ulm\t8"), {"separator": "\t"}),
        (many("n \ttown \tsize", "1 \tUlm \t7", "2 \tKöln \t8"), {"separator": "\t"}),
        (many("n;text", '1;"yes, it is"', '2;"no, never"'), {"separator": ";"}),
        (many("n,text", '1,"a;b"', '2,"c;d"'), {}),
        (many("text", "a, b, and c", "d", "e, f", "g; h"), {"separator": "\t"}),
        # quotes
        (many("size,y", '9" pipe,28.5', '3" pipe,97.5'), {}),
        (
            "n,text\n" + "".join(f"{n},word\n" for n in range(20)) + '20,"tis\n21,word\n22,"twas\n23,word\n',
            {"quotes": False},
        ),
        # lines above
        ("sep=;\n" + many("a;b", "1;2.5", "3;4.5"), {"separator": ";", "skip": 1}),
        ("SEP=|\r\n" + many("1|2.5", "3|4.5"), {"separator": "|", "skip": 1, "header": False}),
        ("sep=;\nA title\n\n" + many("a;b", "1;2.5", "3;4.5"), {"separator": ";", "skip": 3}),
        ("# buoy 7\n" + many("t,a,b", "0,1.5,2", "1,2.5,3"), {"skip": 1}),
        ("A title, by hand\n\n" + many("t;a;b", "0;1.5;2", "1;2.5;3"), {"separator": ";", "skip": 2}),
        ('"A title\nof two lines"\n' + many("t,a,b", "0,1.5,2", "1,2.5,3"), {"skip": 2}),
        (many("size,,price\ncm,kg,EUR", "1,2,3", "4,5,6"), {"header_rows": 2}),
        (many("region,2023,2024", "r0,1.5,2.5", "r1,3.5,4.5"), {}),
        # a few odd lines
        (many("a,b,c", "1,2,3", "4,5,6", times=10) + "1,2\nTotal,,,,\n", {}),
    ],
)
def test_that_the_layout_of_a_text_is_found_out(tmp_path: Path, text: str, expected: dict[str, Any]) -> None:
    assert detected(tmp_path, text) == replace(LAYOUT, **expected)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"])
def test_that_encodings_and_line_ends_do_not_matter(tmp_path: Path, encoding: str, found: str, end: str) -> None:
    text = many("Größe\tStraße", "1,5\tKöln-Mülheim", "2,5\tÄußere Straße").replace("\n", end)
    expected = replace(LAYOUT, encoding=found, separator="\t", decimal_comma=True)
    assert detected(tmp_path, text.encode(encoding)) == expected


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.xlsx", "a.html", "a", "a.data"])
def test_that_text_is_text_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    assert detected(tmp_path, many("a\tb", "1\t2", "3\t4"), name) == replace(LAYOUT, separator="\t")


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.htm"])
def test_that_a_web_page_is_one_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{n}.5</td></tr>" for n in range(9))
    page = f"<html><body><table><tr><th>a</th><th>y</th></tr>{rows}</table></body></html>"
    found = detected(tmp_path, page, name)
    assert (found.kind, found.rules, found.header, found.missing) == (FileKind.HTML, RULES, True, MARKS)


def test_that_files_with_types_have_no_marks(tmp_path: Path) -> None:
    pl.DataFrame({"a": ["nan", "x"]}).write_parquet(tmp_path / "a.parquet")
    assert detect_format(tmp_path / "a.parquet") == TableFormat(kind=FileKind.PARQUET, rules=RULES)
    np.savez(tmp_path / "a.npz", a=np.arange(3))
    assert detect_format(tmp_path / "a.npz") == TableFormat(kind=FileKind.NPZ, rules=RULES)


def test_that_a_workbook_has_the_usual_marks(tmp_path: Path) -> None:
    towns = Path(__file__).parents[1] / "data" / "towns.xlsx"
    assert detected(tmp_path, towns.read_bytes(), "a.csv").missing == MARKS


def test_that_long_lines_and_cells_cut_off_by_the_sample_do_not_mislead(tmp_path: Path) -> None:
    names = ",".join(f"c{place}" for place in range(900))
    wide = names + "\n" + (",".join(["0.123456"] * 900) + "\n") * 100
    assert len(wide) > SAMPLE
    assert detected(tmp_path, wide) == LAYOUT
    assert detected(tmp_path, "n;text\n" + f'1;"{"word, " * 30_000}"\n' * 3) == replace(LAYOUT, separator=";")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "a.csv is empty"), (bytes(100), "it holds bytes that no text has"), (b"BZh9", "is compressed with bzip2")],
)
def test_that_what_is_no_text_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        detected(tmp_path, content)
