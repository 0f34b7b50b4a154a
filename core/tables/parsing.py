"""Calls of foreign parsers: whatever they raise becomes a sentence of ours, and what they take is bounded before."""

import codecs
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from core.errors import DataError
from core.files import NotAFile

UNREADABLE = "cannot be read as a table"
_SHOWN = 60
_ENCRYPTED = 1
"""The flag of an encrypted file in a zip."""
_HARMLESS = 2**30
"""Bytes of memory that a file may take, however well it is packed."""
_TIGHTEST = 100
"""How many times the bytes of a file its content may take; more is made to fill the memory, and is no table."""


@contextmanager
def parsed(sentence: str | Callable[[], str]) -> Iterator[None]:
    """Turn whatever a foreign parser raises into a DataError with this sentence; its own words are kept as the cause.

    A function makes the sentence only when it is needed. What the system says of a file, and a lack of memory, pass.
    """
    try:
        yield
    except (DataError, MemoryError):
        raise
    except BaseException as error:
        from_system = isinstance(error, OSError) and error.errno is not None
        panic = type(error).__name__ == "PanicException"  # of Rust's libraries; each has its own
        if from_system or not (panic or isinstance(error, Exception)):
            raise
        raise DataError(sentence if isinstance(sentence, str) else sentence()) from error


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what the system says of a file that cannot be read, and a lack of memory, into a DataError."""
    try:
        yield
    except NotAFile:
        raise DataError(f"{path.name} in {path.parent} is no file that can be read") from None
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from None
    except MemoryError:
        raise DataError(f"{path.name} does not fit into the memory") from None


def require_encoding(path: Path, encoding: str) -> None:
    """Raise DataError unless this is the name of an encoding of texts."""
    try:
        codecs.getincrementaldecoder(encoding)
        b"-".decode(encoding)
    except UnicodeError:
        pass  # there is such an encoding, in which one byte is no text
    except (LookupError, ValueError):  # no codec, none of texts, or a name with a zero character
        raise DataError(f"There is no encoding “{encoding[:_SHOWN]}” in which {path.name} could be read") from None


def require_room(path: Path, packed: int, unpacked: int) -> None:
    """Raise DataError if the file's `packed` bytes would take `unpacked` bytes of memory, and that is too much."""
    import psutil

    if unpacked <= _HARMLESS:
        return
    if unpacked > _TIGHTEST * packed:
        raise DataError(
            f"{path.name} is not unpacked: its {packed:,} bytes would become {unpacked:,}, and no real table is packed "
            "so tightly"
        )
    free = psutil.virtual_memory().available
    if unpacked > free:
        raise DataError(f"{path.name} needs {unpacked / 2**30:.1f} GB of memory, and only {free / 2**30:.1f} are free")


def members_of(path: Path, archive: ZipFile, size: int) -> list[ZipInfo]:
    """Return the files in the archive of `size` bytes. Raises DataError if they are locked, or too large together."""
    members = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if any(info.flag_bits & _ENCRYPTED for info in members):
        raise DataError(f"{path.name} is protected by a password: save it without one")
    require_room(path, size, sum(info.file_size for info in members))
    return members
