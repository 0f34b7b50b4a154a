"""Line 21: files in the current folder that are called as modules, and each way of starting a child."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests import starting_children
from tests.bench.reliability.figure import Figure
from tests.starting_children import MODULES, OTHERS, PATIENCE, WAYS, executed, plant

ROOT = Path(__file__).parents[3]
_FEW_NAMES, _FEW_WAYS = ("multiprocessing", "signal"), ("search", "table reader")


def measure(quick: bool, folder: Path) -> list[Figure]:
    """Start each kind of child beside files of all names at once; the table reader beside one file after another."""
    names = (*MODULES, *OTHERS)
    ways = _FEW_WAYS if quick else tuple(WAYS)  # a test has them all
    singly = _FEW_NAMES if quick else names
    trouble = [f"all names: {sentence}" for sentence in _trouble(folder / "all", names, ways)]
    for name in singly:
        trouble += [f"{name}: {sentence}" for sentence in _trouble(folder / name, (name,), ("table reader",))]
    return [
        Figure(
            21,
            "modules of the current folder that a child executed, or that kept one from its work",
            f"{len(trouble)} of {len(ways)} ways × {len(names)} names at once, and {len(singly)} names alone",
            "0",
            not trouble,
            len(ways) * len(names) + len(singly),
            "; ".join(trouble[:5]),
        )
    ]


def _trouble(folder: Path, names: tuple[str, ...], ways: tuple[str, ...]) -> list[str]:
    """Start children in a folder of planted files; return what went wrong."""
    folder.mkdir()
    plant(folder, names)
    done = subprocess.run(
        [sys.executable, starting_children.__file__, *ways],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=len(ways) * PATIENCE,
    )
    answers = json.loads(done.stdout) if done.stdout else {}
    wrong = [f"{way}: {answers.get(way, 'nothing')}" for way in ways if answers.get(way) != WAYS[way][1]]
    ran = [f"{name} was executed" for name in executed(folder)]
    return [*wrong, *ran, *filter(None, [done.stderr.strip()[-200:]])]
