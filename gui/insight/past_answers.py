"""The answers that are kept, so that a state of the study that was looked at can be shown again at once."""

from collections import OrderedDict
from collections.abc import Hashable

import msgspec

from core.analysis.answers import Answer

MOST = 64 * 2**20
"""The most bytes of answers that are kept."""
_IN_MEMORY = 4
"""How many times as much memory as a message an answer takes, about: each of its numbers is an object."""


class PastAnswers:
    """Keeps answers up to a number of bytes; those that were shown last the longest."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self.bytes = 0

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def recall(self, key: Hashable) -> Answer:
        """Return an answer that is kept."""
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer, as long as there is room."""
        self.forget(key)
        size = _IN_MEMORY * len(msgspec.msgpack.encode(answer))
        self._kept[key] = answer, size
        self.bytes += size
        while self.bytes > MOST:
            self.bytes -= self._kept.popitem(last=False)[1][1]

    def forget(self, key: Hashable) -> None:
        """Keep one no longer, if it is kept."""
        if key in self._kept:
            self.bytes -= self._kept.pop(key)[1]

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self.bytes = 0
