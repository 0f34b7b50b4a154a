"""A line of the scorecard."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured: `number` is that of the scorecard's line, `count` how many cases were tried."""

    number: int
    name: str
    result: str
    target: str
    met: bool
    count: int
    note: str = ""
