"""A worker in which a trial's batch size says what its model does wrong."""

import ctypes
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from core.models.family import DataShape
from core.parameters import Value

ABORT, SEGFAULT, EXIT, HOG, LOOP, RAISE, PRINT, SYS_EXIT, MEMORY_ERROR, C_LOOP = range(1, 11)
GOOD = 50
"""A batch size with which the model is as good as any."""


def run_evil_worker(connection: Connection) -> None:
    """Be a worker whose linear regression does what its batch size says."""
    from core.models.catalogue import FAMILIES
    from core.trainers.worker import run_worker

    linear = FAMILIES["linear"]

    def evil_build(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
        misbehave(int(values["batch_size"]))
        return linear.build(values, data, seed)

    FAMILIES["linear"] = replace(linear, build=evil_build)
    run_worker(connection)


def misbehave(misdeed: int) -> None:
    if misdeed == ABORT:
        sys.stderr.write("cannot go on\n")
        os.abort()
    elif misdeed == SEGFAULT:
        ctypes.string_at(0)
    elif misdeed == EXIT:
        os._exit(3)
    elif misdeed == HOG:
        hog = []
        while True:
            hog.append(bytearray(b"x" * (32 << 20)))
    elif misdeed == LOOP:
        while True:
            pass
    elif misdeed == RAISE:
        raise ValueError("Dense needs a positive number of units")
    elif misdeed == PRINT:
        for _ in range(100):
            sys.stdout.write(("x" * 79 + "\n") * 13_108)
    elif misdeed == SYS_EXIT:
        sys.exit("no more")
    elif misdeed == MEMORY_ERROR:
        raise MemoryError
    elif misdeed == C_LOOP:
        time.sleep(1e6)
