"""Whether a data file is still the one that a study was made with."""

from core.datasets.data_file import DataFile
from core.datasets.fingerprint import fingerprint

QUICK = 64 * 2**20
"""Bytes of a file that are looked through in a moment."""


def change_of(file: DataFile, *, quickly: bool = False) -> str:
    """Return how the file differs from what was imported, as a sentence; empty when it does not.

    `quickly`: of a large file only the size is compared.
    """
    path = file.file_path
    try:
        size = path.stat().st_size
    except OSError:
        return f"{path.name} is not in {path.parent} any more"
    if size != file.fingerprint.size:
        return f"{path.name} has changed since it was imported: it has {size:,} bytes, not {file.fingerprint.size:,}"
    if (not quickly or size <= QUICK) and fingerprint(path) != file.fingerprint:
        return f"{path.name} has changed since it was imported"
    return ""
