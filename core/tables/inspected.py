"""The table that is being imported, in the process that reads it: its columns as they are read now."""

import codecs
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

import msgspec
import polars as pl

from core.children.process import own_folder
from core.errors import DataError
from core.files import open_file
from core.formatting import in_short
from core.tables.cells import MAX_EXAMPLE, read_cells
from core.tables.description import ColumnProfile, ColumnRole, Findings, Gaps, TargetProfile, Task
from core.tables.footer import notes_on_footer
from core.tables.grid import Grid, Told, read_grid
from core.tables.parsing import readable
from core.tables.profile import count_gaps, describe, preview_cells, profile_column, profile_target
from core.tables.proposal import Proposal, propose
from core.tables.readings import PLAIN, CellKind, ColumnReading
from core.tables.table_file import read_table
from core.tables.table_format import FIRST_RULES, FileKind, TableFormat
from core.tables.traps import find_traps

LARGE = 8 * 2**20
"""Bytes of a file from which on its first rows are shown before the whole is read."""
_FIRST_ROWS, _FIRST_BYTES = 500, 2**20
"""How much of a large file is shown first."""
_KEPT_TEXTS = 64 * 2**20
"""Bytes of texts that are kept so that a column can be read otherwise at once; others are read again from the file."""


def _quietly(_done: int, _steps: int) -> None:
    pass


class Inspected:
    """A table, and all that is asked about it. `profile` describes it, `gone` are names without a column."""

    def __init__(
        self,
        path: Path,
        layout: TableFormat,
        grid: Grid,
        columns: list[pl.Series],
        readings: Mapping[str, ColumnReading],
        told: Told = _quietly,
        reading: Told = _quietly,
    ) -> None:
        """Read the columns of a grid as `readings` says, all others as is proposed; `told` hears of each column.

        `reading` hears how far a second reading of the file is, where texts are needed. `columns` is emptied, so that
        texts are freed as soon as they are numbers.
        """
        self._path, self._layout = path, layout
        self.sheets = grid.sheets
        known = set(grid.names)
        self.gone = tuple(name for name in readings if name not in known)
        self._proposals: dict[str, Proposal] = {}
        self._texts: dict[str, pl.Series] = {}
        self._plain: dict[str, pl.Series] = {}
        self._room = _KEPT_TEXTS
        self._swallowed: dict[str, tuple[tuple[str, int], ...]] = {}
        self._fetch_texts(grid.names, columns, readings, reading)
        profiles, values = [], []
        columns.reverse()
        for number, name in enumerate(grid.names, start=1):
            profile, read = self._look_at(columns.pop().alias(name), readings.get(name))
            profiles.append(profile)
            values.append(read)
            told(number, len(known))
        self.frame = pl.DataFrame(values)
        footer = notes_on_footer(self.frame, self._texts) if self._typed else ()
        self.profile = describe(self.frame, profiles, (*grid.notes, *footer))

    def _fetch_texts(
        self, names: Sequence[str], columns: list[pl.Series], readings: Mapping[str, ColumnReading], reading: Told
    ) -> None:
        """Put texts in the place of numbers that may be others, such as 1.248, where the texts are needed to tell."""
        wanted = set()
        for name, column in zip(names, columns, strict=True):
            if self._typed and column.dtype.is_numeric() and name not in readings:
                self._proposals[name] = propose(column, self._layout)
                if self._proposals[name].reading != PLAIN:
                    del self._proposals[name]
                    wanted.add(name)
        if wanted:
            again = read_grid(self._path, self._layout, texts=wanted, progress=reading)
            texts = dict(zip(again.names, again.columns, strict=True))
            columns[:] = [
                texts[name] if name in wanted else column for name, column in zip(names, columns, strict=True)
            ]

    def _look_at(self, column: pl.Series, chosen: ColumnReading | None) -> tuple[ColumnProfile, pl.Series]:
        """Return the description and the values of a column, read as is chosen or else as is proposed."""
        name, proposal = column.name, Proposal()
        if self._typed:
            known = name in self._proposals
            proposal = self._proposals.pop(name) if known else propose(column, self._layout)
            if chosen not in (None, proposal.reading):
                proposal = replace(proposal, reading=chosen, notes=())
        cells = read_cells(column, proposal.reading, self._layout)
        values = cells.values.alias(name)
        self._swallowed.pop(name, None)
        example = ""
        if column.dtype == pl.String:
            self._keep(column)
            example = _first_filled(column, values)
            if values.dtype == pl.String and values.null_count() > column.null_count():
                self._swallowed[name] = _marks_in(column, values)
        elif column.dtype.is_numeric():
            self._plain[name] = column
        return profile_column(values, cells if self._typed else None, proposal, example), values

    def _keep(self, column: pl.Series) -> None:
        size = int(column.estimated_size())
        if column.name not in self._texts and size <= self._room:
            self._room -= size
            self._texts[column.name] = column

    @property
    def _typed(self) -> bool:
        return self._layout.rules != FIRST_RULES

    def read_column(self, name: str, reading: ColumnReading, told: Told) -> tuple[ColumnProfile, tuple[str, ...]]:
        """Read one column in another way; return its description and its cells in the preview. Raises DataError."""
        self._require([name])
        if not self._typed:
            raise DataError(
                f"{self._path.name} is read by the rules of an earlier Afina, which know one way only: choose the "
                "file anew to read it by today's"
            )
        column = self._texts.get(name)
        if column is None and self._needs_no_text(name, reading):
            column = self._plain[name]
        if column is None:
            column = self._read_again(name, told)
        profile, values = self._look_at(column, reading)
        self.frame = self.frame.with_columns(values)
        return profile, preview_cells(values)

    def _needs_no_text(self, name: str, reading: ColumnReading) -> bool:
        """Return whether numbers of the file can be read so as they are: only more of them may count as missing."""
        return (
            name in self._plain
            and reading.kind in (None, CellKind.NUMBER)
            and self._layout.has_decimal_comma(reading) == self._layout.decimal_comma
            and set(self._layout.marks_of(reading)) >= set(self._layout.missing)
        )

    def _read_again(self, name: str, told: Told) -> pl.Series:
        grid = read_grid(self._path, self._layout, texts=[name], progress=told)
        if name not in grid.names or len(grid.columns[0]) != self.frame.height:
            raise DataError(f"{self._path.name} has changed since it was read: read it again")
        return grid.columns[grid.names.index(name)].alias(name)

    def describe_target(self, name: str, task: Task | None) -> TargetProfile:
        """Describe a column as a target. Raises DataError when there is none of this name."""
        self._require([name])
        return profile_target(self.frame[name], task, typed=self._typed)

    def count_gaps(self, target: str, task: Task, features: Mapping[str, ColumnRole]) -> Gaps:
        """Count the rows with gaps. Raises DataError for names that are no columns."""
        self._require([target, *features])
        return count_gaps(self.frame, target, task, features)

    def find_traps(
        self, target: str, task: Task, features: Mapping[str, ColumnRole], group: str, held_out: float, told: Told
    ) -> Findings:
        """Look for what makes a study worthless. Raises DataError for names that are no columns."""
        self._require([target, *features, *([group] if group else [])])
        marks = self._swallowed.get(target, ())
        return find_traps(self.frame, target, task, features, group=group, held_out=held_out, marks=marks, told=told)

    def _require(self, names: Iterable[str]) -> None:
        known = set(self.frame.columns)
        for name in names:
            if name not in known:
                raise DataError(f"There is no column “{name}”")


def inspect_file(
    path: Path,
    layout: TableFormat,
    readings: Mapping[str, ColumnReading],
    progress: Callable[[str, int, int], object],
    partly: Callable[[Inspected], object],
) -> Inspected:
    """Read the file; `partly` gets the first rows of a large one before. Raises DataError.

    `progress` is told what is being done, and how many of how many steps are done.
    """

    def reading(done: int, steps: int) -> None:
        progress(f"Reading {path.name}", done, steps)

    def again(done: int, steps: int) -> None:
        progress(f"Reading {path.name} again", done, steps)

    def looking(done: int, steps: int) -> None:
        progress("Looking at the columns", done, steps)

    if layout.rules == FIRST_RULES:
        table = read_table(path, layout)
        grid = Grid(tuple(table.frame.columns), (), table.notes, table.sheets)
        return Inspected(path, layout, grid, table.frame.get_columns(), readings, looking)
    with readable(path):
        large = path.stat().st_size > LARGE
    if large and layout.kind is FileKind.TEXT:
        with suppress(DataError, OSError, LookupError):  # the reading of the whole file says what is wrong
            partly(_first_rows_of_text(path, layout, readings))
    grid = read_grid(path, layout, texts=_as_texts(readings), progress=reading)
    if large and layout.kind is not FileKind.TEXT:
        partly(Inspected(path, layout, grid, [column.head(_FIRST_ROWS) for column in grid.columns], readings))
    columns, grid = list(grid.columns), replace(grid, columns=())
    return Inspected(path, layout, grid, columns, readings, looking, again)


def _as_texts(readings: Mapping[str, ColumnReading]) -> list[str]:
    """Return the columns whose cells are wanted as they stand in the file."""
    return [name for name, reading in readings.items() if reading != PLAIN]


def _first_rows_of_text(path: Path, layout: TableFormat, readings: Mapping[str, ColumnReading]) -> Inspected:
    """Return the first rows of a large text. Raises DataError, OSError, and LookupError for an unknown encoding."""
    with open_file(path) as file:
        start = file.read(_FIRST_BYTES)
    text = codecs.getincrementaldecoder(layout.encoding)(errors="replace").decode(start)
    lines = list(islice(io.StringIO(text, newline=""), _FIRST_ROWS + 1))[:-1]  # the last one may be cut off
    copy = own_folder() / path.name
    copy.write_text("".join(lines), "utf-8", newline="")
    try:
        unmarked = msgspec.structs.replace(layout, encoding="utf-8")
        grid = read_grid(copy, unmarked, texts=_as_texts(readings))
        return Inspected(copy, unmarked, grid, list(grid.columns), readings)
    finally:
        copy.unlink()


def _first_filled(texts: pl.Series, values: pl.Series) -> str:
    """Return the first text that has a value; one that has none where no text has."""
    for cells in (values, texts):
        if cells.null_count() < len(cells):
            return in_short(texts[cells.is_not_null().arg_max() or 0], MAX_EXAMPLE)
    return ""


def _marks_in(texts: pl.Series, values: pl.Series) -> tuple[tuple[str, int], ...]:
    """Return the texts that count as missing, and how often each stands in the column, the most frequent first."""
    marks = texts.filter(values.is_null() & texts.is_not_null()).alias("mark").value_counts()
    return tuple(marks.sort("count", "mark", descending=[True, False]).iter_rows())
