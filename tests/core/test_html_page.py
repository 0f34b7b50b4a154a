"""Web pages as tables, whatever their names say."""

from pathlib import Path

import msgspec
import pytest

from core.errors import DataError
from core.tables.detection import detect_format
from core.tables.grid import Grid, read_grid
from core.tables.html_page import propose_html
from core.tables.readings import ColumnReading
from core.tables.table_file import read_table
from core.tables.table_format import FileKind

ROWS = "".join(f"<tr><td>{n % 9 + 1}<td>{n % 8}<td>{n}.5" for n in range(24))
HEADER = "<tr><th>a</th><th>b</th><th>y</th></tr>"


def written(path: Path, page: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(page.encode(encoding))
    return path


def grid_of(folder: Path, page: str, encoding: str = "utf-8") -> Grid:
    path = written(folder / "a.html", page, encoding)
    return read_grid(path, propose_html(path))


def cells(grid: Grid) -> dict[str, list[object]]:
    return {name: column.to_list() for name, column in zip(grid.names, grid.columns, strict=True)}


@pytest.mark.parametrize("name", ["a.xls", "a.html", "a.csv"])
@pytest.mark.parametrize(
    "page",
    [
        f"<html><head><meta charset='utf-8'></head><body>\n<table border=1>{HEADER}{ROWS}</table></body></html>",
        f"<!DOCTYPE html><TABLE>\r\n<TR><TD>a</TD><TD>b</TD><TD>y</TD></TR>{ROWS}",
        f"<table><caption>All</caption><thead>{HEADER}</thead><tbody>{ROWS}</tbody></table>",
        f"<table><tr><th colspan=3>Readings</th></tr>{HEADER}{ROWS}</table>",
        f"<table><tr><td>Readings of June</td></tr><tr></tr>{HEADER}{ROWS}</table>",
        f"<table><tr><td>Menu</td></tr></table><table>{HEADER}{ROWS}</table><table><tr><td>1<td>2</table>",
        f"<table><tr><td>Menu<td><table>{HEADER}{ROWS}</table></td></tr></table>",
    ],
)
def test_that_the_largest_table_is_read(tmp_path: Path, page: str, name: str) -> None:
    path = written(tmp_path / name, page)
    table = read_table(path, propose_html(path))
    assert table.frame.columns == ["a", "b", "y"]
    assert table.frame["a"].to_list() == [n % 9 + 1 for n in range(24)]
    assert table.frame["y"].to_list() == [n + 0.5 for n in range(24)]
    told = f"{name} is a web page, whatever its name says" in table.notes
    assert told == (name != "a.html")


@pytest.mark.parametrize("name", ["a.xls", "a.htm", "a.txt"])
@pytest.mark.parametrize(
    "begin",
    [
        "",
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'>",
        "<!-- made by a program -->\n",
        "\r\n<meta http-equiv=Content-Type content='text/html; charset=utf-8'>",
        "<style>td {color: red}</style>",
        "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE html><html>",
        "\ufeff<HEAD></HEAD><BODY>",
        "<div><center>",
        "<![if supportMisalignedColumns]>",
    ],
)
def test_that_a_page_is_known_by_its_beginning(tmp_path: Path, begin: str, name: str) -> None:
    layout = detect_format(written(tmp_path / name, f"{begin}<table>{HEADER}{ROWS}</table>"))
    assert layout.kind is FileKind.HTML
    assert read_grid(tmp_path / name, layout).names == ("a", "b", "y")


def test_that_other_tables_are_told(tmp_path: Path) -> None:
    grid = grid_of(tmp_path, f"<table><tr><td>x</table><table>{HEADER}{ROWS}</table>")
    assert grid.notes == ("a.html has 2 tables; the largest is read",)


def test_that_cells_are_read_as_those_of_a_text(tmp_path: Path) -> None:
    rows = "<tr><td>00501<td>1.248,50<td>k.A.<tr><td>01010<td>892,25<td>NA" * 6
    path = written(tmp_path / "a.html", f"<table><tr><th>code<th>rent<th>z</th></tr>{rows}</table>")
    layout = propose_html(path)
    frame = read_table(path, layout, {"rent": ColumnReading(decimal_comma=True)}).frame
    assert frame["code"].to_list() == ["00501", "01010"] * 6
    assert frame["z"].to_list() == ["k.A.", None] * 6
    read = read_table(path, layout, {"rent": msgspec.convert({"kind": "number", "decimal_comma": True}, ColumnReading)})
    assert read.frame["rent"].to_list() == [1248.5, 892.25] * 6


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("&lt;5&nbsp;&euro;&#33;", "<5 €!"),
        (" two \n words ", "two words"),
        ("a<br>b<p>c</p>", "a b c"),
        ("<b>bo</b>ld", "bold"),
        ("3 < 4", "3 < 4"),
        ("x<script>alert('</td><td>')</script>y<style>td {}</style>", "xy"),
        ("x<!-- <td>no</td> -->", "x"),
        ('<a title="a > b" href="c">x</a>', "x"),
        ("<table><tr><td>in<td>ner</table> text", "in ner text"),
        ("&nbsp;", None),
        ("&#x202e;x", "\u202ex"),
    ],
)
def test_that_a_cell_holds_what_a_page_shows(tmp_path: Path, cell: str, text: str | None) -> None:
    grid = grid_of(tmp_path, f"<table><tr><th>a<th>b</tr><tr><td>{cell}</td><td>1</td></tr></table>")
    assert cells(grid) == {"a": [text], "b": ["1"]}


def test_that_cells_may_span_rows_and_columns(tmp_path: Path) -> None:
    page = (
        "<table><tr><th rowspan=2>site<th colspan='2'>size</tr><tr><th>cm<th>kg</tr>"
        "<tr><td rowspan=2>Ulm<td>1<td>2</tr><tr><td>3<td>4</tr><tr><td>Kiel<td colspan=2>5</tr></table>"
    )
    assert cells(grid_of(tmp_path, page)) == {
        "site": ["Ulm", "Ulm", "Kiel"],
        "size (cm)": ["1", "3", "5"],
        "size (kg)": ["2", "4", "5"],
    }


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset=utf-8>", "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252"),
        ("<meta charset='iso-8859-1'>", "cp1252"),
        ("<meta charset='shift_jis'>", "utf-8"),
        ("<meta charset='no such'>", "utf-8"),
        ("", "utf-8"),
        ("", "cp1252"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
    ],
)
def test_that_the_encoding_is_the_one_that_fits(tmp_path: Path, head: str, encoding: str) -> None:
    page = f"<html>{head}<table><tr><th>Größe<th>b</tr><tr><td>€ Köln ß<td>1</tr></table>"
    assert cells(grid_of(tmp_path, page, encoding)) == {"Größe": ["€ Köln ß"], "b": ["1"]}


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("<html><p>Nothing</p></html>", "a.xls is a web page without a table in it"),
        ("<table><tr><td></table>", "a.xls is a web page without a table in it"),
        (
            '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table><Row>',
            "a.xls is an XML spreadsheet of 2003",
        ),
        ("<?xml version='1.0'?><rows><row/></rows>", "a.xls is XML, and has no table"),
    ],
)
def test_that_a_page_without_a_table_is_refused(tmp_path: Path, page: str, sentence: str) -> None:
    with pytest.raises(DataError) as refused:
        propose_html(written(tmp_path / "a.xls", page))
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("encoding", ["ascii", "no such"])
def test_that_another_encoding_can_be_chosen(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "a.html", f"<table>{HEADER}<tr><td>ä")
    layout = msgspec.structs.replace(propose_html(path), encoding=encoding)
    with pytest.raises(DataError, match="encoding"):
        read_grid(path, layout)


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr>" + "<td colspan=1000>x" * 6,
        "<table>" + ("<tr>" + "<td colspan=1000>x" * 5) * 3000,
        "<table><tr>" + "<td rowspan=65534>x" * 4000 + "<tr>" * 2000,
    ],
)
def test_that_spans_do_not_fill_the_memory(tmp_path: Path, page: str) -> None:
    with pytest.raises(DataError, match=r"columns; Afina takes|no real table is packed so tightly"):
        propose_html(written(tmp_path / "a.html", page))


@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "<table><tr><td>", "<td a='", "<![x[", "</", "&", "<a b=\"'"])
def test_that_a_page_of_broken_tags_is_read_in_one_pass(tmp_path: Path, piece: str) -> None:
    path = written(tmp_path / "a.html", f"<table>{HEADER}<tr><td>1<td>2<td>3</td>" + piece * 20_000)
    read_grid(path, propose_html(path))
