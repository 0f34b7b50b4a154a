"""A table of a test's own, as the import describes it, and as its dialog makes a data file of it."""

from collections.abc import Mapping
from pathlib import Path

from core.datasets.data_file import DataFile
from core.tables.description import ColumnRole, TableProfile, Task
from core.tables.detection import detect_format
from core.tables.fingerprint import fingerprint
from core.tables.inspected import Inspected, inspect_file
from core.tables.profile import describe, profile_column
from core.tables.readings import ColumnReading
from core.tables.table_file import TableFile
from core.tables.table_format import TableFormat


def imported(
    path: Path,
    rows: int,
    target: str,
    task: Task,
    columns: dict[str, ColumnRole],
    layout: TableFormat = TableFormat(),  # noqa: B008  it is immutable
    readings: Mapping[str, ColumnReading] | None = None,
) -> DataFile:
    """Return the data file of a file that has so many rows: of a CSV file, unless `layout` says otherwise."""
    return DataFile(
        path=str(path),
        layout=layout,
        fingerprint=fingerprint(path),
        rows=rows,
        target=target,
        task=task,
        columns=columns,
        readings=dict(readings or {}),
    )


def inspected(path: Path) -> tuple[Inspected, TableFormat]:
    """Read the file as an import does when nobody changes anything; return its format, too."""
    layout = detect_format(path)
    return inspect_file(path, layout, {}, lambda *_: None, lambda _: None), layout


def profile_table(table: TableFile) -> TableProfile:
    """Return the description of a table in which nothing was proposed."""
    columns = [profile_column(column, table.read.get(column.name)) for column in table.frame]
    return describe(table.frame, columns, table.notes)
