"""A line of the scorecard."""

from dataclasses import dataclass


def allowed(limit: float, *, quick: bool) -> float:
    """Return how long something may take that has a limit: in CI, beside other work, ten times as long."""
    return 10 * limit if quick else limit


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
