"""The fingerprint of a data file, by which a study knows whether the file is still the one that it was."""

import hashlib
import stat
from pathlib import Path

import msgspec

from core.errors import DataError

_BLOCK = 2**20


class Fingerprint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What tells whether a file is still the one that it was: its size in bytes and the SHA-256 of its content."""

    size: int
    sha256: str


def fingerprint(path: Path) -> Fingerprint:
    """Return the fingerprint of the file. Raises DataError."""
    digest, size = hashlib.sha256(), 0
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a device or a pipe may be without end
            raise DataError(f"{path.name} in {path.parent} is no file that can be read")
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from None
    return Fingerprint(size, digest.hexdigest())
