"""Workbooks written by hand: of Excel, with sheets that may be broken, and of OpenDocument."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZipFile

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FORMATS = ("General", "yyyy\\-mm\\-dd", "yyyy\\-mm\\-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss", "0.0%")
_EPOCH = datetime(1899, 12, 30)


class Percent(NamedTuple):
    """A share, shown in per cent."""

    share: float


class Fault(NamedTuple):
    """A fault of a formula, such as "#DIV/0!"."""

    sign: str


Value = str | int | float | bool | date | datetime | time | timedelta | Percent | Fault | None
Rows = Sequence[Sequence[Value]]


def excel(path: Path, sheets: Mapping[str, Rows], broken: Collection[str] = (), hidden: Collection[str] = ()) -> Path:
    """Write a workbook of Excel; the content of the sheets named in `broken` is no XML."""
    places = {name: f"worksheets/sheet{number}.xml" for number, name in enumerate(sheets, start=1)}
    state = ' state="hidden"'
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"{state * (name in hidden)}/>'
        for number, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" Target="{place}"/>'
        for number, place in enumerate(places.values(), start=1)
    )
    styles = "".join(f'<xf numFmtId="{164 + number}"/>' for number in range(len(_FORMATS)))
    formats = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(_FORMATS))
    with ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{SPACE}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}<Relationship Id="rIdS" '
            f'Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{SPACE}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
        )
        for name, rows in sheets.items():
            archive.writestr(f"xl/{places[name]}", "no sheet <" if name in broken else _sheet(rows))
    return path


def _sheet(rows: Rows) -> str:
    body = "".join(
        f'<row r="{number}">{"".join(_cell(value, f"{chr(65 + at)}{number}") for at, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return f'<worksheet xmlns="{SPACE}"><sheetData>{body}</sheetData></worksheet>'


def _cell(value: Value, place: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case Fault():
            return f'<c r="{place}" t="e"><v>{value.sign}</v></c>'
    number, style = _number(value)
    return f'<c r="{place}" s="{style}"><v>{number!r}</v></c>'


def _number(value: float | date | datetime | time | timedelta | Percent) -> tuple[float, int]:
    """Return a value as a workbook keeps it, and the number of its format."""
    day = timedelta(days=1)
    match value:
        case datetime():
            return (value - _EPOCH) / day, 2
        case date():
            return (datetime.combine(value, time()) - _EPOCH) / day, 1
        case time():
            return (datetime.combine(_EPOCH, value) - _EPOCH) / day, 3
        case timedelta():
            return value / day, 4
        case Percent():
            return value.share, 5
    return value, 0


def open_document(path: Path, rows: Sequence[Sequence[tuple[str, str]]]) -> Path:
    """Write a sheet of OpenDocument whose cells are a type and a value, such as ("float", "1.5"), or ("", "")."""
    names = "office table text"
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names.split())

    def cell(kind: str, value: str) -> str:
        if not kind:
            return "<table:table-cell/>"
        attribute = {"float": "value", "date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind)
        given = f' office:{attribute}="{value}"' if attribute else ""
        return f'<table:table-cell office:value-type="{kind}"{given}><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(cell(*c) for c in row)}</table:table-row>" for row in rows)
    sheet = f'<table:table table:name="S">{body}</table:table>'
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{sheet}</office:spreadsheet>"
            "</office:body></office:document-content>",
        )
    return path
