"""A worker in which a trial's batch size says what its model does wrong."""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Mapping
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
    _MISDEEDS.get(misdeed, _nothing)()


def _nothing() -> None:
    pass


def _abort() -> None:
    sys.stderr.write("cannot go on\n")
    os.abort()


def _hog() -> None:
    hog = []
    while True:
        hog.append(bytearray(b"x" * (32 << 20)))


def _loop() -> None:
    while True:
        pass


def _raise() -> None:
    raise ValueError("Dense needs a positive number of units")


def _print() -> None:
    for _ in range(100):
        sys.stdout.write(("x" * 79 + "\n") * 13_108)


def _fail_for_memory() -> None:
    raise MemoryError


_MISDEEDS: dict[int, Callable[[], object]] = {
    ABORT: _abort,
    SEGFAULT: lambda: ctypes.string_at(0),
    EXIT: lambda: os._exit(3),
    HOG: _hog,
    LOOP: _loop,
    RAISE: _raise,
    PRINT: _print,
    SYS_EXIT: lambda: sys.exit("no more"),
    MEMORY_ERROR: _fail_for_memory,
    C_LOOP: lambda: time.sleep(1e6),
}
