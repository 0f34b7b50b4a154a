"""How evenly the window's thread runs while the import dialog reads a large table, and how long that takes.

Run: python -m tests.bench.import_gaps [--rows 1000000] [--columns 20] [--runs 3]   (under a display, or offscreen)
The table has two texts, a target, and numbers, two of them with gaps. Prints a line a run and medians. The worst gap
should stay below 100 ms, also with --rows 2000 --columns 5000.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import polars as pl
from PySide6.QtWidgets import QMainWindow

from core.tables.description import ColumnRole, Task
from gui.app import make_application, tune_interpreter
from gui.data_import.dialog import ImportDialog
from gui.program.garbage import GarbageCollector
from gui.widgets.theme import Theme
from tests.bench.window.harness import GapMeter, spin


def write_table(path: Path, rows: int, width: int) -> None:
    random = np.random.default_rng(0)
    columns = {f"x{number}": random.normal(size=rows) for number in range(width - 3)}
    frame = pl.DataFrame(columns).with_columns(
        pl.when(pl.col(name).abs() < 2).then(pl.col(name)) for name in ("x0", "x1")
    )
    towns = pl.Series("town", random.integers(0, 40, rows)).cast(pl.String)
    grades = pl.Series("grade", random.integers(0, 5, rows)).cast(pl.String)
    target = pl.Series("target", random.gamma(2.0, size=rows))
    frame.with_columns(("town " + towns).alias("town"), ("grade " + grades).alias("grade"), target).write_csv(path)


def settle(dialog: ImportDialog) -> None:
    """Wait until all questions are answered."""
    while dialog.inspection.waiting:
        spin(10)


def run_once(path: Path, theme: Theme, window: QMainWindow) -> tuple[float, float, float, float, float]:
    """Return ms to open, worst gap in ms, seconds to read and to take another target, and ms to cancel."""
    meter = GapMeter()
    began = perf_counter()
    dialog = ImportDialog(path, path.parent, theme, window)
    dialog.open()
    opened = perf_counter() - began
    meter.start()
    settle(dialog)
    read = perf_counter() - began
    began = perf_counter()
    dialog.set_target("x5")
    dialog.target_view.task_chosen.emit(Task.REGRESSION)
    settle(dialog)
    described = perf_counter() - began
    dialog.columns.model.use(range(1, dialog.columns.model.rowCount(), 2), ColumnRole.IGNORE)
    dialog.columns.model.count_as_missing("x3", ("-9",))
    settle(dialog)
    meter.stop()
    assert dialog.import_button.isEnabled(), dialog.problem.text()
    dialog.read(path)
    spin(500)
    began = perf_counter()
    dialog.reject()
    cancelled = perf_counter() - began
    dialog.deleteLater()
    return 1000 * opened, meter.report()["worst"], read, described, 1000 * cancelled


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    app = make_application(["afina"])
    tune_interpreter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write_table(path, options.rows, options.columns)
        print(f"{options.rows:,} rows × {options.columns:,} columns, {path.stat().st_size / 1e6:.0f} MB")
        window, theme = QMainWindow(), Theme()
        window.show()
        collector = GarbageCollector()  # as in the program: a full collection in the middle takes tens of ms
        spin(500)
        collector.settle()
        words = "open {:.0f} ms  worst gap {:.0f} ms  read {:.1f} s  other target {:.2f} s  cancel {:.0f} ms"
        results = []
        for _run in range(options.runs):
            results.append(run_once(path, theme, window))
            print(words.format(*results[-1]))
        print("median:", words.format(*(statistics.median(column) for column in zip(*results, strict=True))))
        window.close()
        collector.stop()
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
