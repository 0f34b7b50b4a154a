"""Which trial is drawn at a place of a plot."""

from collections.abc import Callable

from core.figures.arrays import Floats, nearest_point, nearest_segment

REACH = 8.0
"""How near a click must be to a mark, in pixels."""
Places = tuple[Floats, Floats, Floats]
"""Trials, and x and y of their marks in axis positions."""


def nearest_trial(
    points: Places, lines: Places, in_pixels: Callable[[Floats, Floats], tuple[Floats, Floats]], at: tuple[float, float]
) -> int | None:
    """Return the number of the trial whose point or line is nearest to a place in pixels, if it is within REACH."""
    near: list[tuple[float, int]] = []
    for (trials, x, y), nearest in ((points, nearest_point), (lines, nearest_segment)):
        found = nearest(*in_pixels(x, y), at)
        if found is not None and found[1] <= REACH:
            near.append((found[1], int(trials[found[0]])))
    return min(near)[1] if near else None
