"""ImportedTable: what an import gives, and what it begins with when its choices are to be changed."""

from dataclasses import dataclass

from core.datasets.data_file import DataFile
from core.tables.description import MissingValues

NO_GROUP = ""
"""Stands for no column in the choice of the rows that are kept together: no column has this name."""


@dataclass(frozen=True)
class ImportedTable:
    """A file, what becomes of its rows with gaps, and the column (or NO_GROUP) whose equal rows stay together."""

    file: DataFile
    missing: MissingValues = MissingValues.IMPUTE
    group: str = NO_GROUP
