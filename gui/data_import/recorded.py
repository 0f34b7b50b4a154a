"""How an import that is to be repeated was read."""

from core.datasets.data_file import DataFile
from core.tables.readings import PLAIN, ColumnReading


def all_readings(file: DataFile) -> dict[str, ColumnReading]:
    """Return the reading of every column: what is not recorded was plain, and is not to be proposed anew."""
    return {name: file.readings.get(name, PLAIN) for name in (*file.columns, file.target)}
