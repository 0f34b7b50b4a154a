"""How fast a table is shown and read at import, beside polars' own read of the same file, and the memory it takes.

Run: python -m tests.bench.import_tables [--quick] [--runs 3] [FILE …]
Without files a long table (1,000,000 rows × 20) and a wide one (2,000 × 5,000) are made; `--quick`: a tenth of each.
Prints for each run: seconds to the first answer, with the process's start, and to the whole one; to look for traps and
to read a column otherwise; the ratio of the first answer to polars' read; MB at the peak above that before the
reading, and as a multiple of rows × columns × 8 bytes. Ends with 1 if the first answer takes more than twice polars'
read, or the memory more than three times those bytes (`--quick`: ten times each).
"""

import argparse
import statistics
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import polars as pl
import psutil

from core.tables.description import TargetProfile, likely_target
from core.tables.inspection import (
    DescribeTarget,
    LookForTraps,
    Progress,
    Question,
    ReadColumn,
    ReadTable,
    Refused,
    TableAnswer,
    TableInspector,
    TableRead,
)
from core.tables.readings import CellKind, ColumnReading

_SLOWEST, _LARGEST = 2, 3
_QUICK = 10
"""How much of the tables `--quick` makes, and how much more it allows."""


class Took(NamedTuple):
    """What one run took: seconds, MB, and the size of the table."""

    polars: float
    first: float
    whole: float
    traps: float
    column: float
    peak: float
    cells: int

    @property
    def ratio(self) -> float:
        return self.first / self.polars

    @property
    def times(self) -> float:
        return self.peak * 1e6 / (8 * self.cells)


def write_tables(folder: Path, share: int) -> list[Path]:
    """Write a long table and a wide one, or one of `share` of their rows."""
    random = np.random.default_rng(0)
    rows, long, wide = 1_000_000 // share, folder / "long.csv", folder / "wide.csv"
    colours = np.array(["red", "green", "blue", "black"])
    kinds = (
        lambda: random.integers(0, 100_000, rows),
        lambda: np.round(random.normal(size=rows) * 100, 3),
        lambda: random.normal(size=rows),
        lambda: colours[random.integers(0, 4, rows)],
    )
    pl.DataFrame({f"c{number}": kinds[number % 4]() for number in range(20)}).write_csv(long)
    numbers = np.round(random.normal(size=(2_000 // share, 5_000)), 6)
    pl.DataFrame(numbers, schema=[f"c{number}" for number in range(5_000)]).write_csv(wide)
    return [long, wide]


class Meter:
    """Asks an inspector, and keeps the peak of its memory above that at its first word."""

    def __init__(self, inspector: TableInspector) -> None:
        self._inspector = inspector
        self._process = psutil.Process(inspector.pid)
        self._before = 0
        self.peak = 0

    def ask(self, question: Question) -> tuple[TableAnswer, float]:
        """Return the next answer, which may be a partial one, and the seconds that it took."""
        began = perf_counter()
        self._inspector.ask(question)
        return self.next(), perf_counter() - began

    def next(self) -> TableAnswer:
        while True:
            answer = self._inspector.answer(0.005)
            memory = self._process.memory_info().rss
            self._before = self._before or (memory if answer is not None else 0)
            self.peak = max(self.peak, memory - self._before if self._before else 0)
            if isinstance(answer, Refused):
                raise RuntimeError(answer.sentence)
            if not (answer is None or isinstance(answer, Progress)):
                return answer


def measure(path: Path) -> Took:
    began = perf_counter()
    frame = pl.read_csv(path, infer_schema_length=10_000)
    polars, cells = perf_counter() - began, frame.height * frame.width
    del frame
    began = perf_counter()
    with closing(TableInspector()) as inspector:
        meter = Meter(inspector)
        answer, _seconds = meter.ask(ReadTable(str(path)))
        first = perf_counter() - began
        while not (isinstance(answer, TableRead) and not answer.partial):
            answer = meter.next()
        whole, peak = perf_counter() - began, meter.peak
        columns = answer.profile.columns
        target = likely_target(columns)
        roles = {column.name: column.role for column in columns if column.name != target}
        described, _seconds = meter.ask(DescribeTarget(target))
        assert isinstance(described, TargetProfile)
        _traps, traps = meter.ask(LookForTraps(target, described.task, roles))
        _column, column = meter.ask(ReadColumn(columns[0].name, ColumnReading(kind=CellKind.TEXT)))
    return Took(polars, first, whole, traps, column, peak / 1e6, cells)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    allowed = _QUICK if options.quick else 1
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for path in options.files or write_tables(Path(folder), allowed):
            print(f"{path.name}, {path.stat().st_size / 1e6:.0f} MB")
            runs = [measure(path) for _run in range(options.runs)]
            for run in runs:
                print(
                    f"polars {run.polars:.2f} s  first {run.first:.2f} s ({run.ratio:.2f} ×)  whole {run.whole:.2f} s  "
                    f"traps {run.traps:.2f} s  column {run.column:.2f} s  {run.peak:.0f} MB ({run.times:.2f} × 8 bytes)"
                )
            ratio, times = (
                statistics.median(values) for values in zip(*((r.ratio, r.times) for r in runs), strict=True)
            )
            print(f"median: first {ratio:.2f} × polars, memory {times:.2f} × 8 bytes a cell")
            failed |= ratio > allowed * _SLOWEST or times > allowed * _LARGEST
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
