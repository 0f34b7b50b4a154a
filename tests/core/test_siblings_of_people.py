"""Columns and files like those that people have: what is taken for a number, a date or a mark, and what is told."""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from core.errors import DataError
from core.tables.cells import read_cells
from core.tables.column_types import as_numbers
from core.tables.description import LeaveOut, Task
from core.tables.detection import detect_format
from core.tables.footer import notes_on_footer
from core.tables.inspected import Inspected
from core.tables.old_encodings import old_encoding
from core.tables.profile import profile_column
from core.tables.proposal import Proposal, propose
from core.tables.readings import CellKind
from core.tables.sentinels import sentinels_in
from core.tables.table_file import read_table
from core.tables.table_format import MARKS, RULES, FileKind, TableFormat
from core.tables.traps import find_traps
from tests.tables import inspected

POINT = TableFormat(rules=RULES, missing=MARKS)
COMMA = TableFormat(rules=RULES, missing=MARKS, separator=";", decimal_comma=True)
ROWS = 24


def proposed(cells: Sequence[str], layout: TableFormat = POINT) -> tuple[Proposal, pl.Series, tuple[str, ...]]:
    column = pl.Series("a", cells)
    proposal = propose(column, layout)
    found = read_cells(column, proposal.reading, layout)
    return proposal, found.values, (*proposal.notes, *found.notes)


def imported(path: Path, text: str | bytes) -> Inspected:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return inspected(path)[0]


def table(names: str, row: Callable[[int], str], rows: int = ROWS) -> str:
    return "\n".join([names, *map(row, range(rows))]) + "\n"


@pytest.mark.parametrize(
    ("cells", "layout", "numbers", "note"),
    [
        (["Fr. 94.–", "Fr. 12.50"], POINT, [94, 12.5], "Fr."),
        (["94.-", "12.-"], POINT, [94, 12], ""),
        (["19,-", "1.200,--"], COMMA, [19, 1200], "thousands"),
        (["5,5-", "4,5"], COMMA, [-5.5, 4.5], "−5,5"),
        (["47 cm", "8 cm"], POINT, [47, 8], "units (cm)"),
        (["17,1°C", "-3,5°C"], COMMA, [17.1, -3.5], "units (°C)"),
        (["998 CC", "1,197 CC"], POINT, [998, 1197], "thousands"),
        (["77元", "8元"], POINT, [77, 8], "元"),
    ],
)
def test_that_what_stands_beside_a_number_is_taken_off(
    cells: list[str], layout: TableFormat, numbers: list[float], note: str
) -> None:
    _, values, notes = proposed(cells, layout)
    assert values.to_list() == numbers
    assert note in "; ".join(notes)


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        (["10.100.200.101", "10.100.200.254"], "addresses"),
        (["5 m", "8 cm"], "units are mixed"),
        (["5A", "7B"], ""),
        (["8.3K", "2.1M"], ""),
    ],
)
def test_that_what_is_no_one_quantity_stays_text(cells: list[str], note: str) -> None:
    _, values, notes = proposed(cells)
    assert values.to_list() == cells
    assert note in "; ".join(notes)


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2020-01", "2020-03"], [18262, 18322]),
        (["01/2020", "03/2020"], [18262, 18322]),
        (["Jan 2020", "March 2020"], [18262, 18322]),
        (["1. Januar 2020", "1. Mrz. 2020"], [18262, 18322]),
        (["1er janvier 2020", "1 mars 2020"], [18262, 18322]),
        (["1 de enero de 2020", "1 de marzo de 2020"], [18262, 18322]),
        (["2020年1月1日", "2020年3月1日"], [18262, 18322]),
    ],
)
def test_that_months_and_their_names_in_other_languages_are_dates(cells: list[str], days: list[int]) -> None:
    _, values, notes = proposed(cells)
    numbers = as_numbers(values)
    assert numbers is not None
    assert numbers.to_list() == days
    assert notes == ("looks like a date: days since 1970",)


@pytest.mark.parametrize("cells", [["2020-13", "2020-99"], ["3:2", "1:0"], ["may", "march"]])
def test_that_what_only_resembles_dates_is_text(cells: list[str]) -> None:
    assert proposed(cells)[1].to_list() == cells


@pytest.mark.parametrize(
    ("cells", "kind", "seconds"),
    [
        (["19:47.103", "4:31.5"], CellKind.DURATION, [1187.103, 271.5]),
        (["2h 38m", "45 min 30 s", "3 hours"], CellKind.DURATION, [9480, 2730, 10800]),
        (["18.30.00", "00.15.30"], CellKind.TIME, [66600, 930]),
    ],
)
def test_that_times_and_durations_are_read_in_other_ways(
    cells: list[str], kind: CellKind, seconds: list[float]
) -> None:
    proposal, values, _ = proposed(cells)
    numbers = as_numbers(values)
    assert numbers is not None
    assert proposal.reading.kind is kind
    assert numbers.to_list() == pytest.approx(seconds)


@pytest.mark.parametrize("column", [pl.Series([20200101, 20200301]), pl.Series(["20200101", "20200301"])])
def test_that_eight_digits_may_be_dates_and_it_is_asked(column: pl.Series) -> None:
    found = propose(column, POINT)
    assert (found.reading.kind, found.question) == (CellKind.DATE, "Is 20200101 a date or a number?")
    date, number = (read_cells(column, choice.reading, POINT).values.to_list() for choice in found.choices)
    assert [day.isoformat() for day in date] == ["2020-01-01", "2020-03-01"]
    assert number == [20200101, 20200301]
    assert propose(pl.Series([20200101, 20201301]), POINT) == Proposal()


def test_that_a_word_in_many_cells_of_numbers_may_be_a_missing_value() -> None:
    cells = [str(place) if place % 3 else "unknown" for place in range(ROWS)]
    found, values, _ = proposed(cells)
    assert (values.null_count(), found.question) == (8, "Is “unknown” a missing value?")
    assert read_cells(pl.Series(cells), found.choices[1].reading, POINT).values.to_list() == cells
    floors = [str(place % 5) if place % 3 else "ground" for place in range(ROWS)]
    assert proposed(floors)[1].to_list() == floors


@pytest.mark.parametrize("mark", ["n.a.", "\\N", "(null)", "#BEZUG!", "#¡VALOR!", "#ЗНАЧ!", "NaT", "1.#QNAN", ".."])
def test_that_more_marks_are_missing_values(mark: str) -> None:
    assert proposed(["1", mark, "2", mark])[1].to_list() == [1, None, 2, None]
    assert proposed(["red", mark, "blue", mark])[1].to_list() == ["red", None, "blue", None]


@pytest.mark.parametrize(
    ("rows", "separator"),
    [
        (table("phone,y", lambda row: f"0{row + 30} {row + 10000},{row}.5"), ","),
        (table("phone,y", lambda row: f"+49 {row + 30} {row + 10000},{row}.5"), ","),
        (table("x,y", lambda row: f"{row + 1} {row + 100},{row}.5"), ","),
        ("".join(f'{row}.5   4   130.0      3504.\t"ford {"ab"[row % 2]}"\n' for row in range(ROWS)), " "),
        (table("a^b^y", lambda row: f"{row}^2.5^{row}.5"), "^"),
        (table("a~b~y", lambda row: f"{row}~2.5~{row}.5"), "~"),
        (table("name\ty", lambda row: f"Ann  Lee\t{row}.5"), "\t"),
    ],
)
def test_that_spaces_in_cells_are_no_separators_and_spaces_between_columns_are(
    rows: str, separator: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(rows)
    assert detect_format(path).separator == separator


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Île;1\nMalmö;2\n"),
        ("cp1252", "año;niño\n"),
        ("cp1252", "5\xa0289,16\n"),
        ("cp1252", "Temp (°C);5 €\nl’été;m²\n"),
        ("cp1250", "město;cena\nPlzeň;1\nDěčín;2\n"),
        ("cp1250", "Łódź;Gdańsk\n"),
        ("mac_roman", "Orléans;Besançon\nGröße;niño\n"),
        ("cp850", "Größe;Müller\nKöln;1\n"),
        ("koi8_r", "Москва;Казань\n"),
        ("cp1251", "Москва;Казань\n"),
        ("cp866", "Москва;Казань\n"),
        ("cp932", "データ;東京\n"),
    ],
)
def test_that_an_old_encoding_is_told_by_its_letters(encoding: str, text: str) -> None:
    assert old_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("Total,276,999.5", "“Total”"),
        ("Gesamt,276,999.5", "“Gesamt”"),
        ("Source: Statistical Office,,", "“Source: Statistical Office”"),
        ("* preliminary,,", "“* preliminary”"),
        (",276,288.0", "a total or a remark and"),
        ("Sumatra,5,5.5", ""),
        ("N,,5.5", ""),
    ],
)
def test_that_totals_and_remarks_under_a_table_are_told(last: str, told: str, tmp_path: Path) -> None:
    text = table("region,a,y", lambda row: f"{'NSE'[row % 3]},{row},{row}.5") + last + "\n"
    notes = imported(tmp_path / "a.csv", text).profile.notes
    assert (told in " ".join(notes)) if told else notes == ()


def test_that_tables_of_any_type_can_be_looked_at_for_a_footer() -> None:
    frame = pl.DataFrame({"a": [True] * 6, "b": [[1]] * 6, "c": [None] * 6})
    assert notes_on_footer(frame, {}) == ()
    assert notes_on_footer(frame.head(0), {}) == ()
    assert notes_on_footer(pl.DataFrame({"^x.*$": [1, 2, 3, 4, 5, 6], "$1": [1, 2, 3, 4, 5, 15]}), {}) == ()


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        ([-200.0] * 5 + list(range(40, 120)), ["-200"]),
        ([-6999.0] * 3 + [place / 7 for place in range(60)], ["-6999"]),
        ([77.0] * 3 + [88.0] * 3 + [99.0] * 3 + [1, 2, 3, 4, 5, 6] * 5, ["99", "88", "77"]),
        ([float("inf")] * 4 + list(range(40)), []),
        ([0.0] * 9 + list(range(1, 60)), []),
    ],
)
def test_that_marks_of_any_form_that_stand_often_are_found(values: list[float], marks: list[str]) -> None:
    assert [found.mark for found in sentinels_in(pl.Series(values, dtype=pl.Float64))] == marks


def findings(columns: Mapping[str, Sequence[object]], target: str, task: Task) -> Sequence[tuple[str, object]]:
    frame = pl.DataFrame(columns)
    roles = {name: profile_column(frame[name]).role for name in frame.columns if name != target}
    return [(found.column, found.remedy) for found in find_traps(frame, target, task, roles).findings]


def test_that_a_class_in_several_columns_is_told() -> None:
    rng = random.Random(1)
    classes = [rng.randrange(3) for _ in range(60)]
    columns: dict[str, list[float]] = {"x": [rng.random() for _ in range(60)]}
    columns |= {f"y_{part}": [float(one == part) for one in classes] for part in range(3)}
    assert findings(columns, "y_2", Task.BINARY) == [("y_0", LeaveOut()), ("y_1", LeaveOut())]
    others = {"abcd"[place]: cells for place, cells in enumerate(columns.values())}
    assert findings(others, "d", Task.BINARY) == []


def test_that_labels_spelt_in_two_ways_are_told() -> None:
    rng = random.Random(1)
    numbers = [rng.random() for _ in range(60)]
    spelt = [("TRUE", "True", "false")[place % 3] for place in range(60)]
    assert findings({"flag": spelt, "y": numbers}, "y", Task.REGRESSION) == [("flag", None)]
    assert findings({"x": numbers, "flag": spelt}, "flag", Task.MULTICLASS) == [("flag", None)]
    plain = [one.lower() for one in spelt]
    assert findings({"flag": plain, "y": numbers}, "y", Task.REGRESSION) == []


@pytest.mark.parametrize(("separator", "asks"), [(";", True), ("\t", True), (",", False)])
def test_that_whole_thousands_are_asked_about(separator: str, asks: bool, tmp_path: Path) -> None:
    rows = table(f"x{separator}y", lambda row: f"{row % 7}{separator}{100 + row * 30}.000")
    column = imported(tmp_path / "a.csv", rows).profile.columns[1]
    assert bool(column.question) is asks
    assert column.low == (100_000 if asks else 100)


def test_that_whole_thousands_need_no_question_beside_decimal_commas(tmp_path: Path) -> None:
    column = imported(tmp_path / "a.csv", table("x;y", lambda row: f"{row},5;{100 + row}.000")).profile.columns[1]
    assert (column.low, column.question) == (100_000, "")


@pytest.mark.parametrize("text", ['[{"a": 1, "y": 2}]', '{"a": [1, 2]}'])
def test_that_json_is_called_so(text: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is JSON, and no table"):
        imported(tmp_path / "a.csv", text)


@pytest.mark.parametrize("target", ["^y.*$_2", "$1", "{x}"])
def test_that_names_like_patterns_do_no_harm(target: str, tmp_path: Path) -> None:
    rng = random.Random(2)
    names = ["^x.*$", "*", "{x}", "$1", "^y.*$_0", "^y.*$_1", "^y.*$_2"]

    def row(place: int) -> str:
        flags = [str(int(place % 3 == part)) for part in range(3)]
        number = -999 if place % 8 == 0 else rng.randint(50, 90)
        return ",".join([str(number), ("Yes", "yes", "no")[place % 3], f"{rng.random():.3f}", f"{place} kg", *flags])

    found = imported(tmp_path / "a.csv", table(",".join(names), row, 60))
    assert found.frame.columns == names
    roles = {column.name: column.role for column in found.profile.columns if column.name != target}
    task = found.describe_target(target, None).task
    told = {finding.column for finding in found.find_traps(target, task, roles, "", 0.25, lambda *_: None).findings}
    assert {"^x.*$", "*"} <= told


def test_that_a_page_may_begin_with_any_tag(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{row}<td>{row}.5 %" for row in range(ROWS))
    found = imported(tmp_path / "a.xls", f"<p>Intro<table><tr><th>a<th>y{rows}</table>")
    assert [column.high for column in found.profile.columns] == [23, 23.5]


def test_that_of_arrays_in_parts_those_for_training_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    parts = {"train": 60, "test": 20}
    arrays = {f"{name}_{part}": np.arange(count) / 7 for part, count in parts.items() for name in ("x", "y")}
    np.savez(path, **arrays)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="different numbers of rows"):  # as ever by the first rules
        read_table(path, TableFormat(kind=FileKind.NPZ))
    found = imported(path, path.read_bytes())
    assert (found.frame.columns, found.frame.height) == (["x_train", "y_train"], 60)
    assert found.profile.notes == (
        "The arrays for training are read; “x_test”, “y_test” are left out, because Afina splits by itself",
    )
