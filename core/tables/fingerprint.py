"""The fingerprint of a data file; it tells a study whether the file has changed."""

import hashlib
from pathlib import Path

import msgspec

from core.errors import DataError
from core.files import NotAFile, open_file

_BLOCK = 2**20


class Fingerprint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Identifies the content of a file: its size in bytes and its SHA-256."""

    size: int
    sha256: str


def fingerprint(path: Path) -> Fingerprint:
    """Return the fingerprint of the file. Raises DataError."""
    digest, size = hashlib.sha256(), 0
    try:
        with open_file(path) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except NotAFile:
        raise DataError(f"{path.name} in {path.parent} is no file that can be read") from None
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from None
    return Fingerprint(size, digest.hexdigest())
