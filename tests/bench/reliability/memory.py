"""Line 13: the memory of the window and of its processes over hundreds of trials."""

import contextlib
from pathlib import Path

import psutil

from tests.bench.reliability.figure import Figure
from tests.bench.reliability.kills import Program

_GROWTH = 5.0
"""Per cent by which the window may grow after its first 30 trials."""
_WORKER = 900
"""Megabytes that the process that trains may have at most; a fresh one has about 500."""


def measure(quick: bool, folder: Path) -> list[Figure]:
    trials = 60 if quick else 300
    program = Program("window", folder / "a.afina", trials)
    window: list[float] = []
    children: dict[int, float] = {}
    handles: list[int] = []
    process = psutil.Process(program.pid)
    for line in program.lines(3600):
        word, _, number = line.partition(" ")
        if word == "ended" and int(number) % 10 == 0:
            window.append(process.memory_info().rss / 2**20)
            handles.append(process.num_fds() + process.num_threads())
            for child in program.children():
                with contextlib.suppress(psutil.Error):
                    children[child.pid] = max(children.get(child.pid, 0.0), child.memory_info().rss / 2**20)
        if line in ("gone", f"ended {trials}"):
            break
    program.kill()
    growth = 100 * (window[-1] / window[2] - 1)
    largest = max(children.values())
    met = growth < _GROWTH and largest < _WORKER and handles[-1] <= handles[2] + 2 and len(window) == trials // 10
    return [
        Figure(
            13,
            f"memory over {trials} trials: growth of the window after 30, largest child; handles and threads",
            f"{growth:+.1f} % ({window[2]:.0f} → {window[-1]:.0f} MB), {largest:.0f} MB; {handles[2]} → {handles[-1]}",
            f"< {_GROWTH:.0f} %, bounded ({_WORKER} MB); level",
            met,
            trials,
        )
    ]
