"""A figure that is kept until what it was made of is another."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Keeps what was made last, with the things that it was made of: others are needed for another."""

    def __init__(self) -> None:
        self._things: tuple[object, ...] = ()
        self._key: Hashable = None
        self._made: Made | None = None

    def get(self, things: tuple[object, ...], key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept if these are the very same things and the key is equal; else make and keep it anew."""
        same = len(things) == len(self._things) and all(a is b for a, b in zip(things, self._things, strict=True))
        if self._made is None or not same or key != self._key:
            self._made = make()
            self._things, self._key = things, key
        return self._made
