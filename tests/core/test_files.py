"""Files: read within a limit, written whole or not at all, named so that nothing else has the name."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from errno import EACCES, EFBIG, ENOSPC
from pathlib import Path

import pytest

from core.files import NotAFile, TooLarge, free_path, numbered_paths, proper_stem, read_file, write_file
from tests.disks import full_disk, late_full_disk, names

OLD, NEW = b"old " * 100, b"new" * 1000
NOT_ON_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other modes and links")


def test_that_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_file(path, 5) == b"12345"
    with pytest.raises(TooLarge):
        read_file(path, 4)


@NOT_ON_WINDOWS
def test_that_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(NotAFile, match="It is not a file"):
            read_file(path, 100)


def test_that_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".json")  # as long as a name can be
    for content in (OLD, NEW, b""):
        write_file(path, content)
        assert path.read_bytes() == content
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize(("full", "number"), [(full_disk, EFBIG), (late_full_disk, ENOSPC)])
@pytest.mark.parametrize("exists", [True, False])
def test_that_a_full_disk_leaves_what_was_there_and_no_part(
    full: Callable[[], AbstractContextManager[None]], number: int, exists: bool, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    if exists:
        path.write_bytes(OLD)
    with full(), pytest.raises(OSError, match=str(path)) as caught:
        write_file(path, NEW)
    assert (caught.value.errno, caught.value.filename) == (number, str(path))
    assert names(tmp_path) == ["file"] * exists
    assert not exists or path.read_bytes() == OLD


DIES = """
import os, signal, sys
from pathlib import Path
from core.files import write_file

os.fsync = lambda _file: os.kill(os.getpid(), signal.SIGKILL)
write_file(Path(sys.argv[1]), b"new" * 1000)
"""


@NOT_ON_WINDOWS
def test_that_a_kill_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run([sys.executable, "-c", DIES, str(path)], cwd=root, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_bytes() == OLD
    write_file(path, NEW)
    assert path.read_bytes() == NEW


@NOT_ON_WINDOWS
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_that_a_replaced_file_keeps_its_mode_and_is_never_open_to_more(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    path.chmod(mode)
    seen: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: seen.append(os.fstat(file).st_mode & 0o777))
    write_file(path, NEW)
    assert path.stat().st_mode & 0o777 == mode
    assert not seen[0] & ~mode


@NOT_ON_WINDOWS
def test_that_a_new_file_has_the_mode_that_any_new_file_has(tmp_path: Path) -> None:
    (tmp_path / "any").write_bytes(OLD)
    write_file(tmp_path / "new", NEW)
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "any").stat().st_mode


@NOT_ON_WINDOWS
def test_that_a_link_is_replaced_and_its_file_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(OLD)
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    write_file(tmp_path / "link", NEW)
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "link").read_bytes() == NEW
    assert (tmp_path / "theirs").read_bytes() == OLD


@NOT_ON_WINDOWS
def test_that_a_link_goes_on_to_lead_where_it_led_when_asked_to(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "there" / "file")
    for content in (OLD, NEW):  # at first it leads to nothing
        write_file(link, content, through_link=True)
        assert link.is_symlink()
        assert (tmp_path / "there" / "file").read_bytes() == content
    assert names(tmp_path / "there") == ["file"]


def test_that_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # root may write everything
    with pytest.raises(PermissionError) as caught:
        write_file(path, NEW)
    assert caught.value.errno == EACCES
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["file"]


def test_that_only_a_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        write_file(tmp_path / "folder", NEW)
    with pytest.raises(OSError, match="nowhere"):
        write_file(tmp_path / "nowhere" / "file", NEW)
    assert names(tmp_path) == ["folder"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(NotAFile):
            write_file(tmp_path / "pipe", NEW)


def test_that_a_free_name_is_one_that_nothing_has(tmp_path: Path) -> None:
    wanted = tmp_path / "study.afina"
    assert free_path(wanted) == wanted
    wanted.write_bytes(b"")
    (tmp_path / "study-2.afina").mkdir()
    if sys.platform != "win32":
        (tmp_path / "study-3.afina").symlink_to(tmp_path / "gone")
        assert free_path(wanted) == tmp_path / "study-4.afina"
    assert free_path(wanted, "{} ({})") == tmp_path / "study (2).afina"
    numbered = numbered_paths(wanted, "{}_{}")
    assert [next(numbered).name for _ in range(3)] == ["study.afina", "study_2.afina", "study_3.afina"]


@pytest.mark.parametrize(
    ("wanted", "stem"),
    [
        ("houses 2", "houses 2"),
        ("Häuser, 漢字", "Häuser, 漢字"),
        ("../../x", "_.._x"),
        ("C:\\data\\x", "C__data_x"),
        ('a/b:c*d?e"f<g>h|i', "a_b_c_d_e_f_g_h_i"),
        (".hidden. ", "hidden"),
        ("..", "data"),
        ("", "data"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1 .x", "_com1 .x"),
        ("lpt²", "_lpt²"),
        ("console", "console"),
        ("a\nb\x1b\u202ec\u200b", "a_b__c_"),
        ("\ud800", "_"),
        ("x" * 500, "x" * 120),
        ("漢" * 100, "漢" * 40),
    ],
    ids=ascii,
)
def test_that_a_proposed_name_is_one_that_every_system_takes(wanted: str, stem: str, tmp_path: Path) -> None:
    assert proper_stem(wanted) == stem
    (tmp_path / f"{proper_stem(wanted)}.afina").touch()
    assert len(list(tmp_path.iterdir())) == 1
