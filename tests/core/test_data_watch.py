"""DataWatch: what happens to a data file is found out, and found out cheaply."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

import core.datasets.watch
from core.datasets.data_file import DataFile
from core.datasets.watch import DataWatch
from core.files import open_file
from core.tables.description import ColumnRole, Task
from tests.tables import imported

TEXT = "size,price\n" + "".join(f"{n},{2 * n}\n" for n in range(40))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "houses.csv"
    path.write_text(TEXT)
    let_time_pass(path)
    return path


def let_time_pass(table: Path) -> None:
    """Wait until the clock of the file system has moved on, which it does some hundred times a second."""
    probe, then = table.with_name("probe"), table.stat().st_ctime_ns
    probe.touch()
    while probe.stat().st_ctime_ns == then:
        probe.touch()
    probe.unlink()


def file_of(table: Path) -> DataFile:
    return imported(table, 40, "price", Task.REGRESSION, {"size": ColumnRole.NUMBER})


def looks(watch: DataWatch, times: int = 5) -> list[str]:
    """Return the news of several looks."""
    return [news for _ in range(times) if (news := watch.look()) is not None]


def append_rows(table: Path) -> None:
    with table.open("a") as file:
        file.write("41,82\n")


def change_a_value(table: Path) -> None:
    table.write_text(TEXT.replace("7,14", "7,15"))


def move_away(table: Path) -> None:
    table.rename(table.with_name("elsewhere.csv"))


def remove_its_folder(table: Path) -> None:
    table.rename(table.parent.parent / "elsewhere.csv")
    table.parent.rmdir()


def replace_by_one_as_old_and_long(table: Path) -> None:
    found = table.stat()
    other = table.with_name("other.csv")
    other.write_text(TEXT.replace("7,14", "7,15"))
    os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
    other.replace(table)


def change_a_value_and_turn_its_time_back(table: Path) -> None:
    found = table.stat()
    change_a_value(table)
    os.utime(table, ns=(found.st_atime_ns, found.st_mtime_ns))


def put_a_folder_in_its_place(table: Path) -> None:
    move_away(table)
    table.mkdir()


CHANGED = "houses.csv has changed since it was imported"


@pytest.mark.parametrize(
    ("happen", "sentence"),
    [
        (append_rows, f"{CHANGED}: it has 242 bytes, not 236"),
        (lambda table: table.write_text(""), f"{CHANGED}: it has 0 bytes, not 236"),
        (change_a_value, CHANGED),
        (change_a_value_and_turn_its_time_back, CHANGED),
        (replace_by_one_as_old_and_long, CHANGED),
        (move_away, "houses.csv is not in {} any more"),
        (remove_its_folder, "houses.csv is not in {} any more"),
        (put_a_folder_in_its_place, "houses.csv in {} is no file that can be read"),
    ],
)
def test_that_whatever_happens_to_the_file_is_told_once(
    tmp_path: Path, happen: Callable[[Path], object], sentence: str
) -> None:
    table = tmp_path / "data" / "houses.csv"
    table.parent.mkdir()
    table.write_text(TEXT)
    let_time_pass(table)
    watch = DataWatch(file_of(table))
    assert not looks(watch)
    happen(table)
    (news,) = looks(watch)
    assert news.startswith(sentence.format(table.parent))


@pytest.mark.parametrize(
    "happen",
    [
        lambda table: os.utime(table),
        lambda table: table.write_text(TEXT),
        lambda table: table.chmod(0o600),
        lambda table: table.with_name("another.csv").write_text(TEXT),
    ],
)
def test_that_a_file_with_the_same_content_is_no_news(table: Path, happen: Callable[[Path], object]) -> None:
    watch = DataWatch(file_of(table))
    happen(table)
    assert not looks(watch)


def test_that_a_file_that_is_put_back_is_told(table: Path) -> None:
    watch = DataWatch(file_of(table))
    move_away(table)
    assert len(looks(watch)) == 1
    change_a_value(table)
    assert looks(watch) == [CHANGED]
    let_time_pass(table)
    table.write_text(TEXT)
    assert looks(watch) == [""]


def test_that_a_file_that_changes_again_and_again_is_told_once(table: Path) -> None:
    """It may be one that another program appends to."""
    watch = DataWatch(file_of(table))
    append_rows(table)
    assert len(looks(watch)) == 1
    for _ in range(3):
        append_rows(table)
        assert not looks(watch)


def test_that_the_content_is_read_only_when_something_shows_a_change_and_then_in_steps(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def noted(path: Path) -> BinaryIO:
        opened.append(path)
        return open_file(path)

    monkeypatch.setattr(core.datasets.watch, "open_file", noted)
    table.write_bytes(bytes(3 * core.datasets.watch.STEP + 1))
    watch = DataWatch(file_of(table))
    assert not looks(watch, 100)
    assert not opened
    let_time_pass(table)
    content = bytearray(table.read_bytes())
    content[-1] = 1
    table.write_bytes(content)
    assert [watch.look() for _ in range(4)] == [None, None, None, CHANGED]
    assert not looks(watch, 100)
    assert opened == [table]


def test_that_a_file_that_changes_while_it_is_read_is_read_anew(table: Path) -> None:
    table.write_bytes(bytes(2 * core.datasets.watch.STEP))
    watch = DataWatch(file_of(table))
    os.utime(table)
    assert watch.look() is None
    let_time_pass(table)
    change = bytearray(table.read_bytes())
    change[0] = 1
    table.write_bytes(change)
    assert looks(watch) == [CHANGED]
