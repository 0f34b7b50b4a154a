"""Targets: no study is overwritten, nor what belongs to it; names that are too long or are no text; SQLite's locks."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from core.errors import StoreError
from core.export.exporters import EXPORTERS
from core.files import is_text, shortened, write_file
from core.headless.commands import rescue
from core.progress import StudyProgress
from core.settings import StudySettings
from core.store.connection import connect
from core.store.reader import read_study
from core.store.salvage import salvage
from core.store.writer import Store, copy_study
from core.study.loop import study_started
from core.targets import NotATarget, is_study, require_study_target, require_target
from tests.bench.reliability.exports import (
    DATA,
    MODEL,
    OTHER,
    STUDY,
    TARGETS,
    Make,
    contents,
    furnished,
    in_process,
    what_is_wrong,
)
from tests.disks import names
from tests.exports import save_export

NOT_ON_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other names and locks")
LONGEST_NAME, LONGEST_PATH = 241, 498  # bytes of a study's: 255 and SQLite's 512, less those of a helper's name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return furnished(tmp_path / "folder")


@pytest.fixture(scope="module")
def furnished_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished(tmp_path_factory.mktemp("targets") / "folder")


@pytest.fixture
def lasting(furnished_once: Path) -> Iterator[Path]:
    """Yield a folder that must stay as it is but for what a test adds, which is removed in the end."""
    before = names(furnished_once)
    yield furnished_once
    for path in furnished_once.iterdir():
        if path.name not in before:
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def new_study(path: Path) -> Path:
    Store.create(path, study_started(StudySettings())).close()
    return path


# What is not overwritten


@pytest.mark.parametrize("make", TARGETS.values(), ids=TARGETS)
def test_that_no_export_overwrites_a_study_what_belongs_to_it_or_what_is_no_file(make: Make, lasting: Path) -> None:
    target = make(lasting)
    for name in EXPORTERS:
        assert what_is_wrong(lasting, partial(in_process, lasting / STUDY, name, target)) == ""


@pytest.mark.parametrize("make", TARGETS.values(), ids=TARGETS)
def test_that_no_file_at_all_is_written_there(make: Make, lasting: Path) -> None:
    target = make(lasting)
    before = contents(lasting)
    for through_link in (True, False):
        with pytest.raises(OSError, match=r"it |its name|needs that name"):
            write_file(target, b"new", through_link=through_link, kept=[lasting / DATA, lasting / MODEL])
    assert contents(lasting) == before


def test_that_a_study_that_runs_is_not_overwritten_nor_its_log(folder: Path) -> None:
    progress = StudyProgress.of(read_study(folder / STUDY))
    with Store.open(folder / STUDY):
        (folder / "soft.json").symlink_to(f"{STUDY}-wal")
        (folder / "hard.json").hardlink_to(folder / f"{STUDY}-shm")
        for name in (STUDY, f"{STUDY}-wal", f"{STUDY}-shm", f".{STUDY}.lock", "soft.json", "hard.json"):
            with pytest.raises(NotATarget):
                require_target(folder / name, [folder / STUDY])
    assert StudyProgress.of(read_study(folder / STUDY)).settings == progress.settings


@pytest.mark.parametrize("name", ["best.json", "a study.json", "best.afina.json", "wal", "x-wal", ".lock", ".x.part"])
def test_that_other_names_are_free(name: str, lasting: Path) -> None:
    progress = StudyProgress.of(read_study(lasting / STUDY))
    for content in ("first", "second"):
        write_file(lasting / name, content.encode(), kept=[lasting / DATA])
    assert save_export(EXPORTERS["csv"], progress, lasting / name, study=lasting / STUDY) == [lasting / name]


def test_that_another_program_s_database_and_the_file_of_another_study_s_data_are_free(lasting: Path) -> None:
    with closing(connect(lasting / "theirs.db", "rwc")) as other:
        other.execute("CREATE TABLE t (x)")
    for name in ("theirs.db", DATA, MODEL):
        require_target(lasting / name)


def test_that_the_script_s_data_never_go_over_a_study(folder: Path) -> None:
    new_study(folder / "houses samples.csv")
    progress = StudyProgress.of(read_study(folder / STUDY))
    written = save_export(EXPORTERS["python"], progress, folder / "best.py", study=folder / STUDY)
    assert [path.name for path in written] == ["best.py", "houses samples-2.csv"]
    assert is_study(folder / "houses samples.csv")


HELD = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
    except OSError:
        print("held")
"""
"""Asks for the bytes of a database that SQLite locks while it has it open."""


@NOT_ON_WINDOWS
def test_that_looking_at_a_study_does_not_drop_the_locks_of_the_one_who_writes_it(folder: Path) -> None:
    path = folder / STUDY

    def held() -> bool:
        asked = subprocess.run([sys.executable, "-c", HELD, path], capture_output=True, text=True, check=True)
        return asked.stdout == "held\n"

    with Store.open(path):
        assert held()
        assert is_study(path)
        with pytest.raises(NotATarget):
            write_file(path, b"")
        assert held()
    assert not held()


# Studies that are written


@pytest.mark.parametrize(
    "write",
    [
        lambda _study, target: Store.create(target, study_started(StudySettings())).close(),
        copy_study,
        salvage,
    ],
    ids=["new", "copied", "salvaged"],
)
@pytest.mark.parametrize("name", [f"{STUDY}-wal", f".{OTHER}.lock", f".{STUDY}.part-journal", ".", "..", "folder"])
def test_that_a_study_takes_no_name_that_another_one_needs(
    write: Callable[[Path, Path], object], name: str, lasting: Path
) -> None:
    (lasting / "folder").mkdir()
    before = contents(lasting)
    with pytest.raises(StoreError, match=r"needs that name|it is a folder|exists already"):
        write(lasting / STUDY, lasting / name)
    assert contents(lasting) == before


def test_that_a_study_is_saved_over_another_one_but_never_over_itself(folder: Path) -> None:
    copy_study(folder / STUDY, folder / OTHER)
    assert len(read_study(folder / OTHER)) == len(read_study(folder / STUDY))
    (folder / "same.afina").hardlink_to(folder / STUDY)
    before = contents(folder)
    with pytest.raises(StoreError, match="it is the study itself"):
        copy_study(folder / STUDY, folder / "same.afina")
    assert contents(folder) == before
    with Store.open(folder / OTHER), pytest.raises(StoreError, match="Another Afina is running other"):
        copy_study(folder / STUDY, folder / OTHER)
    assert len(read_study(folder / OTHER)) == len(read_study(folder / STUDY))


def test_that_a_study_of_a_log_s_name_is_not_taken_for_the_log_of_a_new_one(folder: Path) -> None:
    new_study(folder / "new.afina-wal")
    with pytest.raises(StoreError, match=r"new\.afina-wal beside it is a study"):
        new_study(folder / "new.afina")
    assert is_study(folder / "new.afina-wal")


# Long names


@NOT_ON_WINDOWS
@pytest.mark.parametrize("letter", ["x", "é", "學"])
def test_that_a_name_that_is_too_long_is_refused_before_anything_is_made(letter: str, tmp_path: Path) -> None:
    size = len(letter.encode())
    fits = letter * ((LONGEST_NAME - 6) // size) + ".afina"
    new_study(tmp_path / fits)
    with Store.open(tmp_path / fits):
        pass
    for name in (letter + fits, letter * 250 + ".afina"):
        long = tmp_path / "made" / name
        with pytest.raises(StoreError, match=f"{len(name.encode())} bytes long, and {LONGEST_NAME} are possible"):
            new_study(long)
        with pytest.raises(StoreError, match="Give it a shorter one"):
            copy_study(tmp_path / fits, tmp_path / name)
    assert names(tmp_path) == [fits]


@NOT_ON_WINDOWS
def test_that_a_path_that_is_too_long_for_sqlite_is_refused_with_its_length(tmp_path: Path) -> None:
    deep = tmp_path
    while len(os.fsencode(deep / "s.afina")) < LONGEST_PATH - 100:
        deep = deep / ("d" * 50)
    deep = deep / ("e" * (LONGEST_PATH - len(os.fsencode(deep / "s.afina")) - 1))
    study = new_study(deep / "s.afina")
    assert len(os.fsencode(study)) == LONGEST_PATH
    with pytest.raises(StoreError, match=f"its path is {LONGEST_PATH + 1} bytes long, and {LONGEST_PATH} bytes"):
        new_study(deep / "ss.afina")
    assert names(deep) == ["s.afina"]
    with pytest.raises(StoreError, match="its path is 4"):
        new_study(tmp_path / "/".join(["d" * 200] * 22) / "s.afina")


@NOT_ON_WINDOWS
def test_that_a_study_with_the_longest_name_is_read_or_refused_with_the_reason(folder: Path) -> None:
    for length, readable in ((247, True), (248, False), (255, False)):
        path = (folder / STUDY).rename(folder / ("y" * (length - 6) + ".afina"))
        if readable:
            assert read_study(path)
        else:
            with pytest.raises(StoreError, match=rf"its name is {length} bytes long, and 247 are possible\. Give it"):
                read_study(path)
        path.rename(folder / STUDY)


@NOT_ON_WINDOWS
def test_that_names_that_afina_makes_itself_fit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = (folder / STUDY).rename(folder / ("y" * 230 + ".afina"))
    assert rescue(path, None) == 0
    saved = f"{'y' * 180} saved.afina"
    assert is_study(folder / saved)
    assert saved in capsys.readouterr().err
    assert len(shortened("學" * 100).encode()) == 180
    assert shortened("short") == "short"


# Names that are no text


@NOT_ON_WINDOWS
@pytest.mark.parametrize("name", [b"caf\xe9", b"\xff\xfe", b"a\nb\tc\x1b[31m\x07", b"~", b"a?b#c%41&d=e", b"-rf", b" "])
def test_that_a_study_can_have_any_name_that_the_system_gives_it(name: bytes, lasting: Path, tmp_path: Path) -> None:
    place = tmp_path / os.fsdecode(name)
    place.mkdir()
    study = place / os.fsdecode(name + b".afina")
    copy_study(lasting / STUDY, study)
    with Store.open(study):
        pass
    progress = StudyProgress.of(read_study(study))
    for exporter in EXPORTERS.values():
        target = place / os.fsdecode(name + exporter.suffix.encode())
        assert save_export(exporter, progress, target, study=study)[0].read_bytes()
        with pytest.raises(NotATarget, match="it is a study"):
            require_target(study)
    salvage(study, place / os.fsdecode(b"saved " + name))
    assert is_text(study) == (not name.startswith((b"caf", b"\xff")))


def test_that_what_stands_at_a_study_s_place_may_go(lasting: Path) -> None:
    for target in (lasting / OTHER, lasting / "new.afina"):
        require_study_target(target)
