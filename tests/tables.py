"""A table of a test's own, as the import dialog makes a data file of it."""

from pathlib import Path

from core.datasets.data_file import DataFile
from core.tables.description import ColumnRole, Task
from core.tables.fingerprint import fingerprint
from core.tables.table_format import TableFormat


def imported(path: Path, rows: int, target: str, task: Task, columns: dict[str, ColumnRole]) -> DataFile:
    """Return the data file of a CSV file that has so many rows."""
    return DataFile(
        path=str(path),
        layout=TableFormat(),
        fingerprint=fingerprint(path),
        rows=rows,
        target=target,
        task=task,
        columns=columns,
    )
