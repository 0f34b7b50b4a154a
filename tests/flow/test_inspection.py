"""Inspecting files in a real child process."""

import logging
import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from core.tables.description import ColumnRole, Gaps, TargetProfile, Task
from core.tables.fingerprint import fingerprint
from core.tables.inspection import (
    CountGaps,
    DescribeTarget,
    Progress,
    ReadTable,
    Refused,
    TableAnswer,
    TableInspector,
    TableRead,
)
from core.tables.table_format import TableFormat

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
    assert found.layout == TableFormat(separator=";", decimal_comma=True)
    assert found.fingerprint == fingerprint(table)
    assert [column.name for column in found.profile.columns] == ["rooms", "sold", "price"]
    assert [progress.doing for progress in seen][:2] == ["Reading houses.csv", "Looking at the columns"]
    inspector.ask(ReadTable(str(table), TableFormat(separator=";", decimal_comma=True, header=False)))
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
    assert [column.note for column in found.profile.columns] == ["", "Durations, as numbers of seconds", "Holds lists"]
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
    assert refused.layout == TableFormat(encoding="utf-8")
    inspector.ask(ReadTable(str(path), TableFormat(encoding="latin-1")))
    assert isinstance(answer_of(inspector), TableRead)


def test_that_of_many_columns_not_each_is_told(inspector: TableInspector, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{n}" for n in range(1000)) + "\n" + (",".join("1" * 1000) + "\n") * 20)
    seen: list[Progress] = []
    inspector.ask(ReadTable(str(path)))
    answer_of(inspector, seen)
    steps = [progress.done for progress in seen if progress.steps]
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
