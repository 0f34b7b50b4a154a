"""The colours of results: viridis, the best far from the ground, and what of it is clear enough for lines."""

from functools import lru_cache
from itertools import takewhile

from PySide6.QtGui import QColor

from gui.widgets.theme import mixed

_VIRIDIS = (
    "#440154",
    "#482475",
    "#414487",
    "#355f8d",
    "#2a788e",
    "#21918c",
    "#22a884",
    "#44bf70",
    "#7ad151",
    "#bddf26",
    "#fde725",
)
"""Every tenth of the map by Smith and van der Walt, from its dark end."""
STEPS = 64
"""The number of colours into which results are sorted."""
CLEAR = 3.0
"""The contrast that lines and points need against their ground."""


def viridis(share: float) -> QColor:
    """Return the colour at a share of the whole map, 0 at its dark end."""
    place = min(1.0, max(0.0, share)) * (len(_VIRIDIS) - 1)
    below = min(int(place), len(_VIRIDIS) - 2)
    return mixed(_VIRIDIS[below], _VIRIDIS[below + 1], place - below)


@lru_cache(maxsize=8)
def clear_colours(ground: str) -> tuple[QColor, ...]:
    """Return STEPS colours from the best to the worst result, which keep CLEAR against the ground.

    The best is the dark end on a light ground, and the bright end on a dark one; the worst share the last clear colour.
    """
    is_light = _luminance(QColor(ground)) > 0.3
    shares = [step / (STEPS - 1) for step in range(STEPS)]
    every = [viridis(share if is_light else 1 - share) for share in shares]
    clear = list(takewhile(lambda colour: contrast(colour, QColor(ground)) >= CLEAR, every))
    return (*clear, *([clear[-1]] * (STEPS - len(clear))))


def colour_of(badness: float, ground: str) -> QColor:
    """Return the colour of a result from 0, the best, to 1."""
    return clear_colours(ground)[step_of(badness)]


def step_of(badness: float) -> int:
    """Return the number of that colour."""
    return min(STEPS - 1, max(0, round(badness * (STEPS - 1)))) if badness == badness else STEPS - 1


def contrast(colour: QColor, ground: QColor) -> float:
    """Return the contrast of two opaque colours as WCAG 2 has it."""
    dark, light = sorted((_luminance(colour), _luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)
