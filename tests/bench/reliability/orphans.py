"""Line 12: however the window ends, none of its processes stays."""

import os
import random
import signal
import sys
import time
from pathlib import Path

import psutil

from tests.bench.reliability.figure import Figure, allowed
from tests.bench.reliability.kills import Program

_ENDINGS = {"closed": signal.SIGTERM, "interrupted": signal.SIGINT, "killed": signal.SIGKILL, "crashed": signal.SIGABRT}
_TIME = 10.0
"""Seconds after which a process that is still there counts, in CI ten times as many."""


def measure(quick: bool, folder: Path) -> list[Figure]:
    endings = 4 if quick else 50
    chance = random.Random(12)
    orphans, patience = 0, allowed(_TIME, quick=quick)
    for number in range(endings):
        program = Program("window", folder / f"{number}.afina", 1000)
        for line in program.lines(60):
            if line.startswith("ready"):
                break
        time.sleep(chance.uniform(0.3, 4 if quick else 12))
        processes = [psutil.Process(program.pid), *program.children()]
        os.kill(program.pid, list(_ENDINGS.values())[number % len(_ENDINGS)])
        program.wait(patience)
        deadline = time.monotonic() + patience
        while (left := [child for child in processes[1:] if _runs(child)]) and time.monotonic() < deadline:
            time.sleep(0.05)
        orphans += len(left)
        for process in left:
            print(list(_ENDINGS)[number % len(_ENDINGS)], _described(process), file=sys.stderr)
            process.kill()
        program.kill()
    name = f"orphan processes after windows were {', '.join(_ENDINGS)}"
    return [Figure(12, name, str(orphans), "0", orphans == 0, endings)]


def _described(process: psutil.Process) -> str:
    """Return what the process is doing, for whoever looks for the cause."""
    try:
        seconds = sum(process.cpu_times()[:2])
        return (
            f"{process.status()}, {seconds:.1f} s of CPU, parent {process.ppid()}: {' '.join(process.cmdline())[-80:]}"
        )
    except psutil.Error as error:
        return str(error)


def _runs(process: psutil.Process) -> bool:
    """Return whether it is there, and not dead with nobody to take note of it."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
