"""Inspecting files in a real child process."""

import logging
import os
import re
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
from msgspec import structs

from core.tables.description import (
    ColumnProfile,
    ColumnRole,
    CountAsMissing,
    CountAsValue,
    Findings,
    Gaps,
    TargetProfile,
    Task,
)
from core.tables.fingerprint import fingerprint
from core.tables.inspected import LARGE
from core.tables.inspection import (
    ColumnRead,
    CountGaps,
    DescribeTarget,
    LookForTraps,
    Progress,
    ReadColumn,
    ReadTable,
    Refused,
    TableAnswer,
    TableInspector,
    TableRead,
)
from core.tables.readings import PLAIN, CellKind, ColumnReading
from core.tables.table_format import FIRST_RULES, RULES, FileKind, TableFormat

pytestmark = pytest.mark.slow


@pytest.fixture
def inspector() -> Iterator[TableInspector]:
    found = TableInspector()
    yield found
    found.close()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "houses.csv"
    path.write_text("rooms;sold;price\n" + "".join(f"{n % 7};{'yes' if n % 3 else 'no'};{n},5\n" for n in range(50)))
    return path


def answer_of(inspector: TableInspector, seen: list[Progress] | None = None) -> TableAnswer:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = inspector.answer(0.1)
        if isinstance(answer, Progress):
            if seen is not None:
                seen.append(answer)
        elif answer is not None:
            return answer
    raise AssertionError("no answer")


def test_that_a_file_is_read_in_the_format_that_it_seems_to_have_or_in_another(
    inspector: TableInspector, table: Path
) -> None:
    seen: list[Progress] = []
    inspector.ask(ReadTable(str(table)))
    found = answer_of(inspector, seen)
    assert isinstance(found, TableRead)
    layout = found.layout
    assert (layout.rules, layout.separator, layout.decimal_comma) == (RULES, ";", True)
    assert found.fingerprint == fingerprint(table)
    assert [column.name for column in found.profile.columns] == ["rooms", "sold", "price"]
    assert list(dict.fromkeys(progress.doing for progress in seen)) == ["Reading houses.csv", "Looking at the columns"]
    inspector.ask(ReadTable(str(table), structs.replace(layout, header=False)))
    other = answer_of(inspector)
    assert isinstance(other, TableRead)
    assert other.profile.rows == found.profile.rows + 1


def test_that_a_target_is_described_for_the_task_that_is_asked_for(inspector: TableInspector, table: Path) -> None:
    inspector.ask(ReadTable(str(table)))
    answer_of(inspector)
    inspector.ask(DescribeTarget("sold"))
    sold = answer_of(inspector)
    assert isinstance(sold, TargetProfile)
    assert (sold.task, sold.classes) == (Task.BINARY, (("yes", 33), ("no", 17)))
    inspector.ask(DescribeTarget("price", Task.MULTICLASS))
    price = answer_of(inspector)
    assert isinstance(price, TargetProfile)
    assert "has one row only" in price.problem


def test_that_what_cannot_be_used_gets_a_sentence_and_the_inspector_goes_on(
    inspector: TableInspector, table: Path
) -> None:
    inspector.ask(ReadTable(str(table.with_name("none.csv"))))
    assert answer_of(inspector) == Refused("none.csv cannot be read: No such file or directory")
    inspector.ask(DescribeTarget("sold"))
    assert answer_of(inspector) == Refused("There is no column “sold”")
    inspector.ask(ReadTable(str(table)))
    assert isinstance(answer_of(inspector), TableRead)


def test_that_a_duration_is_a_target_like_any_number(inspector: TableInspector, tmp_path: Path) -> None:
    path = tmp_path / "trips.parquet"
    took = [timedelta(minutes=n) for n in range(20)]
    pl.DataFrame({"way": range(20), "took": took, "lists": [[n] for n in range(20)]}).write_parquet(path)
    inspector.ask(ReadTable(str(path)))
    found = answer_of(inspector)
    assert isinstance(found, TableRead)
    assert [column.note for column in found.profile.columns] == [
        "A running number",
        "Durations, as numbers of seconds",
        "Holds lists",
    ]
    for task, problem in ((None, ""), (Task.REGRESSION, ""), (Task.MULTICLASS, "has one row only")):
        inspector.ask(DescribeTarget("took", task))
        took_as_target = answer_of(inspector)
        assert isinstance(took_as_target, TargetProfile)
        assert problem in took_as_target.problem
    inspector.ask(DescribeTarget("lists"))
    lists = answer_of(inspector)
    assert isinstance(lists, TargetProfile)
    assert lists.problem == "“lists” holds lists, which cannot be predicted: choose another target"
    inspector.ask(CountGaps("took", Task.REGRESSION, {"lists": ColumnRole.CATEGORY}))
    assert answer_of(inspector) == Gaps(no_target=0, incomplete=0)


def test_that_what_a_parser_says_goes_to_the_log_and_not_to_the_user(
    inspector: TableInspector, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    inspector.ask(ReadTable(str(path)))
    with caplog.at_level(logging.INFO, "core"):
        refused = answer_of(inspector)
    assert isinstance(refused, Refused)
    assert refused.sentence.startswith("broken.parquet cannot be read as a table: it is damaged")
    assert refused.said == ""
    assert "broken.parquet cannot be read" in caplog.text
    assert "ComputeError" in caplog.text


def test_that_a_refused_file_is_told_with_the_format_that_it_was_taken_to_have(
    inspector: TableInspector, tmp_path: Path
) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(b"name,n\n" + b"plain,1\n" * 40_000 + "Zoë,2\n".encode("latin-1"))  # beyond the sample
    inspector.ask(ReadTable(str(path)))
    refused = answer_of(inspector)
    assert isinstance(refused, Refused)
    assert refused.layout is not None
    assert refused.layout.encoding == "utf-8"
    inspector.ask(ReadTable(str(path), TableFormat(encoding="latin-1")))
    assert isinstance(answer_of(inspector), TableRead)


def test_that_of_many_columns_not_each_is_told(inspector: TableInspector, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{n}" for n in range(1000)) + "\n" + (",".join("1" * 1000) + "\n") * 20)
    seen: list[Progress] = []
    inspector.ask(ReadTable(str(path)))
    answer_of(inspector, seen)
    steps = [progress.done for progress in seen if progress.doing == "Looking at the columns"]
    assert steps == list(range(10, 1001, 10))


def test_that_questions_are_answered_in_turn_and_given_up_for_another_file(
    inspector: TableInspector, table: Path
) -> None:
    inspector.ask(ReadTable(str(table)))
    answer_of(inspector)
    inspector.ask(DescribeTarget("sold"))
    inspector.ask(CountGaps("sold", Task.BINARY, {"rooms": ColumnRole.NUMBER}))
    assert inspector.waiting == 2
    assert isinstance(answer_of(inspector), TargetProfile)
    assert answer_of(inspector) == Gaps(no_target=0, incomplete=0)
    assert inspector.waiting == 0
    inspector.ask(DescribeTarget("price"))
    inspector.ask(ReadTable(str(table)))
    assert isinstance(answer_of(inspector), TableRead)


def test_that_another_file_takes_the_place_of_one_that_is_still_being_read(
    inspector: TableInspector, table: Path
) -> None:
    first = inspector.pid
    os.kill(first, signal.SIGSTOP)  # its reading does not end
    inspector.ask(ReadTable(str(table)))
    inspector.ask(ReadTable(str(table)))
    assert isinstance(answer_of(inspector), TableRead)
    assert inspector.pid != first


def test_that_a_lost_process_is_told_and_replaced(inspector: TableInspector, table: Path) -> None:
    os.kill(inspector.pid, signal.SIGKILL)
    inspector.ask(ReadTable(str(table)))
    lost = answer_of(inspector)
    assert isinstance(lost, Refused)
    assert "SIGKILL" in lost.sentence
    inspector.ask(ReadTable(str(table)))
    assert isinstance(answer_of(inspector), TableRead)


def table_of(inspector: TableInspector, question: ReadTable) -> TableRead:
    inspector.ask(question)
    answer = answer_of(inspector)
    assert isinstance(answer, TableRead), answer
    return answer


def column_of(inspector: TableInspector, name: str, reading: ColumnReading) -> ColumnRead:
    inspector.ask(ReadColumn(name, reading))
    answer = answer_of(inspector)
    assert isinstance(answer, ColumnRead), answer
    return answer


def by_name(table: TableRead) -> dict[str, ColumnProfile]:
    return {column.name: column for column in table.profile.columns}


@pytest.fixture
def rents(tmp_path: Path) -> Path:
    path = tmp_path / "rents.csv"
    rows = [
        f"{n % 90:05},{'NA' if n % 3 == 2 else 'AB'[n % 2]},{-999 if n % 9 == 0 else n % 40},{n}" for n in range(60)
    ]
    path.write_text("\n".join(["code,grade,age,y", *rows]))
    return path


def test_that_one_column_is_read_in_another_way_and_back(inspector: TableInspector, rents: Path) -> None:
    code = by_name(table_of(inspector, ReadTable(str(rents))))["code"]
    assert (code.kind, code.example, code.role) == (CellKind.TEXT, "00000", ColumnRole.IGNORE)
    assert code.reading.kind is CellKind.TEXT
    number = column_of(inspector, "code", ColumnReading(kind=CellKind.NUMBER))
    assert (number.profile.kind, number.profile.high) == (CellKind.NUMBER, 59.0)
    assert number.cells[:3] == ("0", "1", "2")
    assert column_of(inspector, "code", code.reading) == ColumnRead(code, tuple(f"{n:05}" for n in range(20)))
    age = column_of(inspector, "age", ColumnReading(kind=CellKind.TEXT))
    assert (age.profile.kind, age.profile.role, age.cells[0]) == (CellKind.TEXT, ColumnRole.CATEGORY, "-999")
    inspector.ask(DescribeTarget("age"))
    target = answer_of(inspector)
    assert isinstance(target, TargetProfile)
    assert target.task is Task.MULTICLASS
    inspector.ask(ReadColumn("none", PLAIN))
    assert answer_of(inspector) == Refused("There is no column “none”")


def test_that_the_remedies_of_findings_mend_what_was_found(inspector: TableInspector, rents: Path) -> None:
    table = table_of(inspector, ReadTable(str(rents)))
    roles = {"code": ColumnRole.IGNORE, "age": ColumnRole.NUMBER}

    def traps() -> Findings:
        inspector.ask(LookForTraps("grade", Task.BINARY, roles, held_out=0.2))
        answer = answer_of(inspector)
        assert isinstance(answer, Findings)
        return answer

    found = traps().findings
    assert [(finding.column, finding.remedy) for finding in found] == [
        ("grade", CountAsValue("NA")),
        ("age", CountAsMissing("-999")),
    ]
    assert found[0].sentence == "20 rows have “NA” as “grade”, which counts as missing: they are left out"
    usual = table.layout.missing
    age = column_of(inspector, "age", ColumnReading(missing=(*usual, "-999")))
    assert (age.profile.missing, age.profile.low, age.cells[0]) == (7, 0, "")
    kept = tuple(mark for mark in usual if mark != "NA")
    grade = column_of(inspector, "grade", ColumnReading(missing=kept))
    assert (grade.profile.missing, grade.profile.distinct, grade.cells[2]) == (0, 3, "NA")
    assert traps().findings == ()


def test_that_recorded_readings_are_taken_and_those_of_no_column_are_told(
    inspector: TableInspector, rents: Path
) -> None:
    recorded = {"code": ColumnReading(kind=CellKind.NUMBER), "rent": ColumnReading(kind=CellKind.DATE), "y": PLAIN}
    table = table_of(inspector, ReadTable(str(rents), readings=recorded))
    assert table.gone == ("rent",)
    columns = by_name(table)
    assert (columns["code"].kind, columns["code"].reading) == (CellKind.NUMBER, recorded["code"])
    assert columns["grade"].kind is CellKind.TEXT


def test_that_a_number_that_may_be_thousands_is_asked_about(inspector: TableInspector, tmp_path: Path) -> None:
    path = tmp_path / "incomes.csv"
    path.write_text("income;y\n" + "".join(f"{1 + n % 9}.{100 + n};{n},5\n" for n in range(40)))
    income = by_name(table_of(inspector, ReadTable(str(path))))["income"]
    assert (income.low, income.example) == (1100.0 + 0, "1.100")
    for choice in income.choices:
        assert column_of(inspector, "income", choice.reading).profile.low in (1100.0, 1.1)


def test_that_of_a_large_file_the_first_rows_come_first(inspector: TableInspector, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    rows = "".join(f"{n};{n % 7},5;name {n};Zoë\n" for n in range(350_000))
    path.write_bytes(("n;x;name;who\n" + rows).encode("latin-1"))
    assert path.stat().st_size > LARGE
    seen: list[Progress] = []
    inspector.ask(ReadTable(str(path)))
    inspector.ask(DescribeTarget("x"))
    first = answer_of(inspector, seen)
    assert isinstance(first, TableRead)
    assert first.partial
    assert inspector.waiting == 2
    assert 20 <= first.profile.rows <= 500
    whole = answer_of(inspector, seen)
    assert isinstance(whole, TableRead)
    assert (whole.partial, whole.profile.rows, whole.fingerprint) == (False, 350_000, fingerprint(path))
    assert whole.profile.preview == first.profile.preview
    assert [column.kind for column in whole.profile.columns] == [column.kind for column in first.profile.columns]
    target = answer_of(inspector)
    assert isinstance(target, TargetProfile)
    assert target.rows == 350_000
    assert inspector.waiting == 0
    for doing in ("Reading large.csv", "Looking at the columns"):
        steps = [progress.done for progress in seen if progress.doing == doing and progress.steps]
        assert len(steps) > 1
        assert steps == sorted(steps)


def test_that_of_a_large_file_with_types_the_first_rows_come_first_too(
    inspector: TableInspector, tmp_path: Path
) -> None:
    path = tmp_path / "large.parquet"
    pl.DataFrame({"x": [n / 7 for n in range(1_500_000)]}).write_parquet(path, compression="uncompressed")
    assert path.stat().st_size > LARGE
    first = table_of(inspector, ReadTable(str(path)))
    assert (first.partial, first.profile.rows) == (True, 500)
    whole = answer_of(inspector)
    assert isinstance(whole, TableRead)
    assert (whole.partial, whole.profile.rows) == (False, 1_500_000)


def test_that_a_refused_sheet_is_told_with_the_names_of_all(inspector: TableInspector, tmp_path: Path) -> None:
    towns = Path(__file__).parents[1] / "data" / "towns.xlsx"
    path = tmp_path / "empty.xlsx"
    with ZipFile(towns) as whole, ZipFile(path, "w") as emptied:
        for name in whole.namelist():
            cells = whole.read(name)
            if name.startswith("xl/worksheets/"):
                cells = re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", cells, flags=re.DOTALL)
            emptied.writestr(name, cells)
    inspector.ask(ReadTable(str(path), TableFormat(kind=FileKind.EXCEL, rules=RULES)))
    refused = answer_of(inspector)
    assert isinstance(refused, Refused)
    assert refused.sheets == ("towns",)


def test_that_a_table_by_the_first_rules_is_read_as_it_was(inspector: TableInspector, rents: Path) -> None:
    table = table_of(inspector, ReadTable(str(rents), TableFormat()))
    code = by_name(table)["code"]
    assert (table.layout.rules, code.role, code.high) == (FIRST_RULES, ColumnRole.IGNORE, 59.0)
    inspector.ask(ReadColumn("code", ColumnReading(kind=CellKind.TEXT)))
    refused = answer_of(inspector)
    assert isinstance(refused, Refused)
    assert "rules of an earlier Afina" in refused.sentence


def test_that_a_file_that_has_changed_since_is_not_mixed_with_what_was_read(
    inspector: TableInspector, rents: Path
) -> None:
    table_of(inspector, ReadTable(str(rents)))
    rents.write_text(rents.read_text() + "\n00077,A,4,5\n")
    inspector.ask(ReadColumn("y", ColumnReading(kind=CellKind.TEXT)))
    assert answer_of(inspector) == Refused("rents.csv has changed since it was read: read it again")
