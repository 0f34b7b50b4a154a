"""Files: read up to a size limit, written whole or not at all, given a free name."""

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from errno import EACCES, EFBIG, EINVAL, EISDIR, ENOSYS, ENOTSUP
from pathlib import Path
from typing import BinaryIO

from core.letters import is_hidden

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
"""Signs that the name of a file cannot have on every system."""
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
"""Names that stand for devices on Windows, whatever their suffix is."""
_MAX_STEM_BYTES = 120
"""The most bytes of a proposed name; 255 are possible, and numbers, times and suffixes are added to it."""
_NEW_MODE = 0o666
"""The mode of a new file, before the umask is applied."""


class NotAFile(OSError):
    """A folder, a pipe or a device where a file is needed."""

    def __init__(self, path: Path) -> None:
        super().__init__(EINVAL, "It is not a file", str(path))


class TooLarge(OSError):
    """A file with more bytes than the limit."""

    def __init__(self, path: Path) -> None:
        super().__init__(EFBIG, os.strerror(EFBIG), str(path))


def open_file(path: Path) -> BinaryIO:
    """Open a file to read its bytes. Raises NotAFile or another OSError.

    Pipes and devices are refused: opening a pipe could block Afina, and a device may never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise NotAFile(path)
    return path.open("rb")


def read_file(path: Path, most: int) -> bytes:
    """Return the content of a file of at most `most` bytes. Raises NotAFile, TooLarge or another OSError."""
    with open_file(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge(path)
    return content


def write_file(path: Path, content: bytes, *, through_link: bool = False) -> None:
    """Write the whole file or, when that fails, leave the old one. Raises OSError.

    The bytes go into a file in the same folder, which must be writable. Once they are safe on the disk, that file takes
    the old one's place and its mode; a hard link parts. A link at `path` is replaced or, with `through_link`, the file
    to which it leads. A file that the user may not write is not replaced.
    """
    target = Path(os.path.realpath(path)) if through_link else path
    part = target.with_name(f".afina-{secrets.token_hex(8)}.part")
    try:
        mode = _mode(target)
        _write_safely(part, content, mode)
        part.replace(target)
    except OSError as error:
        error.filename = str(path)  # the user does not know the other names
        del error.filename2
        raise
    finally:
        with suppress(OSError):
            part.unlink()


def _write_safely(path: Path, content: bytes, mode: int | None) -> None:
    """Write a new file and wait until the disk has it. With a mode, the file gets it whatever the umask says."""
    with os.fdopen(os.open(path, _NEW, _NEW_MODE if mode is None else mode), "wb") as file:
        file.write(content)
        file.flush()
        _sync(file.fileno())
    if mode is not None and stat.S_IMODE(path.stat().st_mode) != mode:
        path.chmod(mode)


def _sync(descriptor: int) -> None:
    """Wait until the disk has the file, on a file system that can tell."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (EINVAL, ENOTSUP, ENOSYS):
            raise


def _mode(path: Path) -> int | None:
    """Return the mode of the file to replace, or None when there is none. Raises OSError if it may not be replaced."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise NotAFile(path)
    if not os.access(path, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(path))
    return stat.S_IMODE(mode)


def proper_stem(wanted: str) -> str:
    """Return the text as a name, without its suffix, that a file can have on every system; it may come from anybody.

    It leads to no other folder, is no hidden file and no device, and has no letter that cannot be seen.
    """
    seen = "".join("_" if is_hidden(letter) else letter for letter in _NOT_IN_NAMES.sub("_", wanted))
    short = seen.encode(errors="replace")[:_MAX_STEM_BYTES].decode(errors="ignore")
    stem = short.strip(" .") or "data"
    return f"_{stem}" if _DEVICES.match(stem) else stem


def free_path(wanted: Path, form: str = "{}-{}") -> Path:
    """Return the path or, when it is taken, the first free one with a number added to its name by `form`."""
    return next(path for path in numbered_paths(wanted, form) if not os.path.lexists(path))


def numbered_paths(wanted: Path, form: str = "{}-{}") -> Iterator[Path]:
    """Yield the path, then paths with 2, 3 and so on added to its name by `form`."""
    yield wanted
    number = 1
    while True:
        number += 1
        yield wanted.with_name(f"{form.format(wanted.stem, number)}{wanted.suffix}")
