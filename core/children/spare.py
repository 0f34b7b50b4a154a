"""A child process kept at hand, started before anybody needs it."""

import contextlib
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import psutil

from core.children.process import ChildLost

SPARE_MEMORY = 2 * 2**30
"""Bytes of memory that must be free for a process to be kept at hand."""


def room_for_spare() -> bool:
    """Return whether there is memory for a process that nobody needs yet."""
    return int(psutil.virtual_memory().available) > SPARE_MEMORY


class Child(Protocol):
    """A child process, or what has one."""

    @property
    def alive(self) -> bool: ...

    def close(self) -> None: ...


_Child = TypeVar("_Child", bound=Child)


class Spare(Generic[_Child]):
    """Keeps a child at hand that was started before anybody needs it. `child` is None while there is none."""

    def __init__(self, start: Callable[[], _Child]) -> None:
        """`start` makes one, or raises ChildLost."""
        self._start = start
        self.child: _Child | None = None

    def prepare(self) -> None:
        """See to it that there will be one, if the memory allows it."""
        if self.child is None and room_for_spare():
            with contextlib.suppress(ChildLost):  # it goes without
                self.child = self._start()

    def take(self) -> _Child | None:
        """Give the child away, unless it has ended meanwhile."""
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
