"""Objectives as colours: viridis, whose lightness rises evenly, so that its order is seen without its hues."""

from PySide6.QtGui import QColor

from gui.widgets.theme import mixed

_ANCHORS = (
    *("#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c"),
    *("#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725"),
)


def viridis(share: float) -> QColor:
    """Return the colour at a share of the way from dark purple to yellow."""
    place = min(1.0, max(0.0, share)) * (len(_ANCHORS) - 1)
    below = min(int(place), len(_ANCHORS) - 2)
    return mixed(_ANCHORS[below], _ANCHORS[below + 1], place - below)


def steps_from_best(count: int, *, dark: bool) -> list[QColor]:
    """Return so many colours from the best to the worst: the best is far from the ground, on which it must be seen."""
    shares = [place / max(1, count - 1) for place in range(count)]
    return [viridis(1 - share if dark else share) for share in shares]
