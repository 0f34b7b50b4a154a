"""Checks of data before they are used: whether the file is still the one of the study, and whether one can start."""

import stat
from os import stat_result
from pathlib import Path

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings, TargetScale
from core.errors import DataChanged, DataError, DataGone
from core.files import NotAFile, open_file
from core.tables.fingerprint import Fingerprint, fingerprint

CHANGED = "{} has changed since it was imported"
MISSING = (FileNotFoundError, NotADirectoryError)
"""The errors of a file that is not where it was."""
QUICK = 64 * 2**20
"""Bytes: the fingerprint of a file up to this size takes only a moment."""


def change_of(file: DataFile, *, quickly: bool = False) -> str:
    """Return a sentence on how the file differs from the imported one; empty when it does not.

    `quickly`: of a file larger than `QUICK` only the size is compared.
    """
    path = file.file_path
    try:
        size = facts(path).st_size
    except OSError as error:
        return not_there(path, error)
    if size != file.fingerprint.size:
        return other_size(file, size)
    if quickly and size > QUICK:
        return ""
    try:
        return "" if fingerprint(path) == file.fingerprint else CHANGED.format(path.name)
    except DataError as error:
        return str(error)


def facts(path: Path) -> stat_result:
    """Return what the system knows about the file. Raises NotAFile, for a folder or a pipe, or another OSError."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise NotAFile(path)
    return found


def not_there(path: Path, error: OSError) -> str:
    """Return a sentence on a file that cannot be read because of the error."""
    if isinstance(error, MISSING):
        return f"{path.name} is not in {path.absolute().parent} any more"
    if isinstance(error, NotAFile):
        return f"{path.name} in {path.absolute().parent} is no file that can be read"
    return f"{path.name} cannot be read: {error.strerror or error}"


def other_size(file: DataFile, size: int) -> str:
    """Return a sentence on a file that has another `size`, in bytes, than the imported one."""
    return f"{CHANGED.format(file.file_path.name)}: it has {size:,} bytes, not {file.fingerprint.size:,}"


def require_unchanged(file: DataFile) -> None:
    """Raise DataChanged when the file differs from the imported one, DataGone when it cannot be read."""
    change = change_of(file)
    if change:
        _require_readable(file.file_path)
        raise DataChanged(change)


def require_startable(data: DataSettings) -> None:
    """Raise DataError when the data are not as imported, or when no trial could be trained on the target's scale.

    The data are read only for a scale that not every target has; otherwise the first trial reads them.
    """
    if data.target_scale is TargetScale.LOGARITHM:
        from core.datasets.samples import read_samples  # with NumPy and polars, for which the window does not wait

        read_samples(data)
    elif data.file is not None:
        require_unchanged(data.file)


def accepted_change(file: DataFile, *, accepted: bool) -> Fingerprint | None:
    """Return the fingerprint of a file that has changed, None for one that has not.

    Raises DataGone for a file that cannot be read, and DataChanged for a change that is not `accepted`.
    """
    if not accepted:
        require_unchanged(file)
        return None
    _require_readable(file.file_path)
    found = fingerprint(file.file_path)
    return None if found == file.fingerprint else found


def _require_readable(path: Path) -> None:
    try:
        open_file(path).close()
    except OSError as error:
        raise DataGone(not_there(path, error)) from None
