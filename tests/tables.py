"""A table of a test's own, as the import describes it, and as its dialog makes a data file of it."""

from pathlib import Path

from core.datasets.data_file import DataFile
from core.tables.description import ColumnRole, TableProfile, Task
from core.tables.fingerprint import fingerprint
from core.tables.profile import describe, profile_column
from core.tables.table_file import TableFile
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


def profile_table(table: TableFile) -> TableProfile:
    """Return the description of a table in which nothing was proposed."""
    columns = [profile_column(column, table.read.get(column.name)) for column in table.frame]
    return describe(table.frame, columns, table.notes)
