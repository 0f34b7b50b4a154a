"""Sentinels: numbers such as −999 that stand for a missing value, far outside the rest of a column."""

from dataclasses import dataclass, replace

import polars as pl

_MOST = 3
"""The most sentinels of one column."""
_EXTREMES = frozenset({255, 65_535, 4_294_967_295, 32_767, -32_768, 2_147_483_647, -2_147_483_648})
"""The largest and smallest whole numbers of some bytes."""
_HUGE = 1e20
_WIDELY = 2
"""How many times the spread of all others a number of no usual form must be away from them."""
_BELOW_ALL = frozenset({-1, -9})
"""What often stands for a missing value where no number is negative."""
_CLUSTER, _OFTEN = 3, 3
"""The most numbers far outside together, such as 97, 98 and 99, and how often one of no usual form must stand."""
_FEW = 5
"""Of fewer different values it is hard to say what is far outside."""


@dataclass(frozen=True)
class Sentinel:
    """A number in `count` cells that may mean a missing value; the others lie between `low` and `high`."""

    mark: str
    count: int
    low: float
    high: float


def sentinels_in(column: pl.Series) -> list[Sentinel]:
    """Return what may be sentinels in a column of numbers."""
    found: list[Sentinel] = []
    rest = column.alias("")  # polars takes names such as "^x.*$" for patterns
    rest = rest.filter(rest.is_finite()) if rest.dtype.is_float() else rest
    while len(found) < _MOST and rest.null_count() < len(rest):
        ends = (float(rest.min()), float(rest.max()))  # type: ignore[arg-type]
        usual = [value for value in ends if _is_usual(value) or _is_repeated(rest, value)]  # few columns have one
        made = next((made for value in usual if (made := _sentinels(rest.drop_nulls(), value))), [])
        if not made:
            break
        found += made
        for sentinel in made:
            rest = rest.filter(rest != float(sentinel.mark))
    if not found:
        return []
    low, high = float(rest.min()), float(rest.max())  # type: ignore[arg-type]
    return [replace(sentinel, low=low, high=high) for sentinel in found]


def _is_usual(value: float) -> bool:
    """Return whether people write a missing value so: nines, an extreme of a type, or −1."""
    digits = f"{abs(value):.10g}".replace(".", "")
    nines = set(digits) == {"9"} and len(digits) > (1 if value.is_integer() else 2)
    return nines or value in _EXTREMES or value in _BELOW_ALL or abs(value) >= _HUGE


def _is_repeated(rest: pl.Series, value: float) -> bool:
    """Return whether a number stands so often at an end, and so far from the rest, that it may be a mark."""
    if (rest == value).sum() < _OFTEN:
        return False
    others = rest.filter(rest != value)
    if not len(others):
        return False
    low, high = float(others.min()), float(others.max())  # type: ignore[arg-type]
    return max(low - value, value - high) > _WIDELY * (high - low) > 0 and others.n_unique() > _FEW


def _sentinels(rest: pl.Series, value: float) -> list[Sentinel]:
    """Return the number at an end of the rest as a sentinel; empty if it is none.

    Numbers that are far outside only together, such as 98 and 99, are returned together.
    """
    rest = rest.cast(pl.Float64)
    ordered = rest.unique().sort(descending=value > 0)
    for size in range(1, max(1, min(_CLUSTER, len(ordered) - _FEW)) + 1):
        cluster = [value] if size == 1 else ordered.head(size).to_list()
        if size > 1 and not all(map(_is_two_nines, cluster)):
            return []
        others = ordered.filter(~ordered.is_in(cluster)).sort()
        made = [_sentinel(rest, one, cluster, others) for one in cluster]
        if all(made):
            return [sentinel for sentinel in made if sentinel is not None]
    return []


def _is_two_nines(value: float) -> bool:
    """Return whether a number is such as those of surveys: 77, 88, 96 to 99, 997 to 999, or below zero."""
    digits = f"{abs(value):.10g}"
    return (digits in ("77", "88") or digits[:-1].strip("9") == "") and digits[-1] in "6789" and len(digits) > 1


def _sentinel(rest: pl.Series, value: float, cluster: list[float], different: pl.Series) -> Sentinel | None:
    """Return the number, one of a cluster, as a sentinel; None if it is none. `different` are all others, in order."""
    count = int((rest == value).sum())
    if (count < 2 and abs(value) < _HUGE) or len(different) < 2:
        return None
    low, high = float(different[0]), float(different[-1])
    gap = low - value if value < low else value - high
    if not (_is_far(different, gap, count) or _is_common(rest, cluster, different, value, count)):
        return None
    mark = f"{value:.0f}" if abs(value) < _HUGE and value.is_integer() else repr(value)
    return Sentinel(mark, count, low, high)


def _is_far(different: pl.Series, gap: float, count: int) -> bool:
    """Return whether a gap, beside these values in order, is as wide as all others together, or as three others."""
    spread = float(different[-1] - different[0])
    if len(different) < _FEW:
        return gap >= 3 * spread
    widest = float(different.diff().max())  # type: ignore[arg-type]
    return gap >= spread or (count > 2 and gap > 3 * widest and gap >= spread / 5)


def _is_common(rest: pl.Series, cluster: list[float], different: pl.Series, value: float, count: int) -> bool:
    """Return whether a −1 below whole numbers stands more than twice as often as any of them."""
    if value not in _BELOW_ALL or different[0] < 0 or len(different) < _FEW:
        return False
    most = int(rest.filter(~rest.is_in(cluster)).value_counts()["count"].max())  # type: ignore[arg-type]
    return bool((different == different.round(0)).all()) and count > 2 * most
