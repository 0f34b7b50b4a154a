"""Targets: which paths may be written, and a sentence on why another may not. No study is ever overwritten."""

import os
import re
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from errno import EPERM
from pathlib import Path
from urllib.parse import quote

SUFFIX = ".afina"
APPLICATION_ID = 0x4146494E
"""Marks a SQLite file as a study ("AFIN")."""
LOGS = ("-wal", "-shm", "-journal")
"""Endings of SQLite's files beside a study that is being written, or was when its program was killed."""
DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
"""Names that stand for devices on Windows, whatever their suffix is."""

_DATABASE = b"SQLite format 3\0"
_MARK_AT = 68  # bytes from the beginning of a database: where its application id is
_LOG_STARTS = (bytes.fromhex("377f0682"), bytes.fromhex("377f0683"), bytes.fromhex("d9d505f920a163d7"))
_JOURNAL = len("-journal")  # bytes: how much longer than a study's a name beside it is while it is read
_PART = len("." + ".part") + _JOURNAL  # bytes: while it is made
_PATH_LIMIT = 512  # bytes; SQLite's own, on POSIX
_USUAL_NAME_LIMIT = 255  # bytes; on Windows, letters
_ON_WINDOWS = os.name == "nt"
_OTHER = "Choose another name"


class NotATarget(OSError):
    """A path that must not be written. `strerror` says why, and what can be done, of "it", the file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(EPERM, reason, str(path))


def require_target(path: Path, kept: Iterable[Path] = ()) -> None:
    """Raise NotATarget, or another OSError, unless a file may be written at the path, in place of any file there.

    Links are followed. `kept` are files that must stay as they are: the study that is exported, its data, its model.
    """
    _require_name(path, _name_limit(path.parent))
    _require_place(path)
    if not os.path.lexists(path):
        return
    if has_suffix(path):
        raise _a_study(path)
    if path.exists():
        _require_not_kept(path, kept)
        _require_no_study(path)


def require_study_target(path: Path, kept: Iterable[Path] = ()) -> None:
    """Raise NotATarget, or another OSError, unless a study may be written at the path, in place of any file there.

    A study in the place of another one is the user's choice. The names of the helpers beside it must fit, too.
    """
    _require_short(path, _PART)
    _require_place(path)
    for log in logs_of(path):
        if not log.name.endswith("-shm") and is_study(log):  # a handle on that one, closed, would drop locks
            raise NotATarget(path, f"{log.name} beside it is a study, with a name that it would need itself. {_OTHER}")
    if path.exists():
        _require_not_kept(path, kept)


def require_readable_name(path: Path) -> None:
    """Raise OSError if the names are too long that SQLite gives to the files beside a study, though it may be there."""
    _require_short(path, _JOURNAL)


def has_suffix(path: Path) -> bool:
    """Return whether the path is named like a study."""
    return path.suffix.lower() == SUFFIX


def is_study(path: Path) -> bool:
    """Return whether the content of the file is a study's. Raises OSError when that cannot be found out.

    SQLite reads it: closing any other handle would drop the locks on a study that this program has open. What SQLite
    takes for no database, so that nobody has it open, is read as bytes: a damaged study is still marked as one.
    """
    if not path.is_file():
        return False
    with suppress(sqlite3.Error), closing(sqlite3.connect(uri_of(path, "mode=ro&immutable=1"), uri=True)) as file:
        (application,) = file.execute("PRAGMA application_id").fetchone()
        if application:
            return bool(application == APPLICATION_ID)
    mark = APPLICATION_ID.to_bytes(4, "big")
    start = _start(path)
    return start.startswith(_DATABASE) and start[_MARK_AT : _MARK_AT + len(mark)] == mark


def uri_of(path: Path, options: str) -> str:
    """Return SQLite's URI for the file, which may have any name that the system can give one."""
    place = os.fsencode(path.absolute().as_posix())
    if not place.startswith(b"/"):
        place = b"/" + place  # one slash before a drive letter, two before a server name
    return f"file://{quote(place)}?{options}"


def logs_of(path: Path) -> list[Path]:
    """Return the paths of SQLite's files beside a study."""
    return [Path(f"{path}{ending}") for ending in LOGS]


def _require_place(path: Path) -> None:
    """Raise NotATarget for a folder, a pipe, a device, and a name that belongs to a study."""
    if not path.name or path.name == ".." or path.is_dir():
        raise NotATarget(path, "it is a folder. Name a file in it")
    kind = _kind(path)
    if kind:
        raise NotATarget(path, f"it is {kind}, and not a file. {_OTHER}")
    for place in (path, Path(os.path.realpath(path))):
        owner = next((owner for owner in _owners(place) if _is_there_as_study(owner)), None)
        if owner is not None:
            raise NotATarget(path, f"the study {owner.name} needs that name for itself. {_OTHER}")


def _kind(path: Path) -> str:
    """Return what is at the path, if it is no file; empty for a file, or nothing."""
    with suppress(OSError):
        mode = path.stat().st_mode
        if stat.S_ISFIFO(mode):
            return "a pipe"
        if stat.S_ISSOCK(mode):
            return "a socket"
        if not stat.S_ISREG(mode):
            return "a device"
        if path.is_symlink() and path.readlink().as_posix().startswith("/proc/"):
            return "a device"  # /dev/stdout, sent to a file: replacing the link would harm every other program
    return "a device" if _ON_WINDOWS and DEVICES.match(path.name) else ""


def _owners(path: Path) -> Iterator[Path]:
    """Yield the paths of the studies to which a file of this name would belong, were they there."""
    name, lower = path.name, path.name.lower()
    endings = [*LOGS, *((".lock", ".part") if name.startswith(".") else ())]
    for ending in endings:
        owner = name[: -len(ending)].removeprefix("." if ending.startswith(".") else "")
        if lower.endswith(ending) and owner not in ("", ".", ".."):
            yield path.with_name(owner)
            yield from _owners(path.with_name(owner))


def _is_there_as_study(path: Path) -> bool:
    return os.path.lexists(path) and (has_suffix(path) or is_study(path))


def _require_short(path: Path, more: int) -> None:
    """Raise NotATarget if a name, or a path, that is longer by so many bytes would be too long."""
    _require_name(path, _name_limit(path.parent) - more)
    length, most = len(os.fsencode(os.path.realpath(path))), _PATH_LIMIT - more
    if length > most and not _ON_WINDOWS:
        possible = f"{most} bytes are possible for a study"
        raise NotATarget(path, f"its path is {length} bytes long, and {possible}. Put it into a folder nearer the root")


def _require_name(path: Path, most: int) -> None:
    length = len(path.name) if _ON_WINDOWS else len(os.fsencode(path.name))
    if length > most:
        unit = "letters" if _ON_WINDOWS else "bytes"
        raise NotATarget(path, f"its name is {length} {unit} long, and {most} are possible. Give it a shorter one")


def _name_limit(folder: Path) -> int:
    """Return the longest name that a file in the folder, or in the one that is there so far, can have."""
    if hasattr(os, "pathconf"):
        for place in (folder, *folder.parents):
            with suppress(OSError, ValueError):
                return int(os.pathconf(place, "PC_NAME_MAX"))
    return _USUAL_NAME_LIMIT


def _require_not_kept(path: Path, kept: Iterable[Path]) -> None:
    if any(_is_same(path, other) for keep in kept for other in (keep, *logs_of(keep))):
        raise NotATarget(path, f"it is the study itself, its data or its model. {_OTHER}")


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def _require_no_study(path: Path) -> None:
    if is_study(path):
        raise _a_study(path)
    if _start(path).startswith(_LOG_STARTS):
        raise NotATarget(path, f"it holds what a database has not taken in yet. {_OTHER}")


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MARK_AT + 4)


def _a_study(path: Path) -> NotATarget:
    return NotATarget(path, f"it is a study, and no study is overwritten. {_OTHER}")
