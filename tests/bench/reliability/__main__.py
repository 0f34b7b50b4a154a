"""The reliability scorecard: `python -m tests.bench.reliability [--quick] [--only 1,5]`.

Kills, disk troubles, damaged files, models that misbehave: each line says how many cases were tried and what came out.
"""

import argparse
import importlib
import multiprocessing
import os
import platform
import sys
import time
from itertools import chain
from pathlib import Path

from tests.bench.reliability.figure import Figure

MEASUREMENTS = {
    "kills": (1, 2, 3, 4),
    "resuming": (5, 6),
    "disks": (7,),
    "writers": (8,),
    "misdeeds": (9, 11),
    "results": (10,),
    "orphans": (12,),
    "memory": (13,),
    "hostile": (14,),
    "mutations": (15,),
    "schemas": (16,),
    "commits": (17,),
    "alone": (18,),
    "links": (19,),
    "exports": (20,),
    "imports": (21,),
    "tables": (22,),
    "extremes": (23,),
    "trainings": (24,),
}
"""Each module of this folder that has a `measure(quick, folder)`, and the lines that it gives."""


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reliability", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few cases of each, as CI runs them")
    parser.add_argument("--only", help="the lines to measure, as 1,5,17")
    options = parser.parse_args()
    wanted = {int(number) for number in options.only.split(",")} if options.only else set(chain(*MEASUREMENTS.values()))
    figures: list[Figure] = []
    for module, numbers in MEASUREMENTS.items():
        if wanted & set(numbers):
            began = time.monotonic()
            figures += measure(module, quick=options.quick)
            print(f"{module}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(f"Afina's reliability scorecard, {platform.platform()}, Python {platform.python_version()}")
    for figure in sorted(figures, key=lambda f: f.number):
        print(f"{figure.number:>2}  {'met   ' if figure.met else 'MISSED'}  {figure.name}")
        print(f"            {figure.result}  (target {figure.target}; {figure.count} tried) {figure.note}".rstrip())
    return 0 if all(figure.met for figure in figures) else 1


def measure(module: str, *, quick: bool, folder: Path | None = None) -> list[Figure]:
    """Run one of the measurements in a folder of its own."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="afina-bench-", ignore_cleanup_errors=True) as made:
        result: list[Figure] = importlib.import_module(f"tests.bench.reliability.{module}").measure(
            quick, folder or Path(made)
        )
        return result


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
