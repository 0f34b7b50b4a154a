"""A spare child process, started before it is needed."""

import contextlib
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import psutil

from core.children.process import ChildLost

SPARE_MEMORY = 2 * 2**30
"""Bytes of memory that must be free for a spare process."""


def room_for_spare() -> bool:
    """Return whether there is enough free memory for a spare process."""
    return int(psutil.virtual_memory().available) > SPARE_MEMORY


class Child(Protocol):
    """A child process, or an object that owns one."""

    @property
    def alive(self) -> bool: ...

    def close(self) -> None: ...


_Child = TypeVar("_Child", bound=Child)


class Spare(Generic[_Child]):
    """Keeps a spare child, which is started before it is needed. `child` is None while there is none."""

    def __init__(self, start: Callable[[], _Child]) -> None:
        """Take the function `start`, which makes a child or raises ChildLost."""
        self._start = start
        self.child: _Child | None = None

    def prepare(self) -> None:
        """Start a spare child if there is none and the memory allows one."""
        if self.child is None and room_for_spare():
            with contextlib.suppress(ChildLost):  # there is no spare then
                self.child = self._start()

    def take(self) -> _Child | None:
        """Return the spare child and keep it no longer; return None if there is none or it has ended."""
        child, self.child = self.child, None
        if child is None or child.alive:
            return child
        child.close()
        return None

    def close(self) -> None:
        """End the child, if there is one."""
        if self.child is not None:
            self.child.close()
            self.child = None
