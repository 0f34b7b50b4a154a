"""Checks whether a data file is still the one that a study was made with."""

from core.datasets.data_file import DataFile
from core.datasets.fingerprint import Fingerprint, fingerprint
from core.errors import DataChanged, DataError

QUICK = 64 * 2**20
"""Bytes: the fingerprint of a file up to this size takes only a moment."""


def change_of(file: DataFile, *, quickly: bool = False) -> str:
    """Return a sentence on how the file differs from the imported one; empty when it does not.

    `quickly`: of a file larger than `QUICK` only the size is compared.
    """
    path = file.file_path
    try:
        size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return f"{path.name} is not in {path.parent} any more"
    except OSError as error:
        return f"{path.name} cannot be read: {error.strerror or error}"
    if size != file.fingerprint.size:
        return f"{path.name} has changed since it was imported: it has {size:,} bytes, not {file.fingerprint.size:,}"
    if quickly and size > QUICK:
        return ""
    try:
        return "" if fingerprint(path) == file.fingerprint else f"{path.name} has changed since it was imported"
    except DataError as error:
        return str(error)


def require_unchanged(file: DataFile) -> None:
    """Raise DataChanged when the file differs from the imported one."""
    change = change_of(file)
    if change:
        raise DataChanged(change)


def accepted_change(file: DataFile, *, accepted: bool) -> Fingerprint | None:
    """Return the fingerprint of a file that has changed, None for one that has not.

    Raises DataError, and DataChanged for a change that is not `accepted`.
    """
    if not accepted:
        require_unchanged(file)
        return None
    found = fingerprint(file.file_path)
    return None if found == file.fingerprint else found
