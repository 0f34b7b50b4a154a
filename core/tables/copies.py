"""Rows that are copies of other rows, and how many of them a random split puts on both sides."""

from dataclasses import dataclass
from math import prod

import polars as pl

_SUSPICIOUS = 3
"""How many times as many equal pairs as by chance are pointed out."""


@dataclass(frozen=True)
class Copies:
    """`rows` counts the rows that equal an earlier one, `pairs` the pairs of equal rows.

    `sets` are the sets of equal rows as (rows, units, how many such sets). A unit is what a split keeps together: a row
    or, with groups, the rows of one group; there are `units` in all.
    """

    rows: int
    pairs: int
    sets: tuple[tuple[int, int, int], ...]
    units: int


def copied_rows(frame: pl.DataFrame, groups: pl.Series | None = None) -> Copies:
    """Find equal rows; cells that are missing equal each other. `groups` names each row's group, null as one group."""
    rows = pl.DataFrame({"row": frame.hash_rows()})
    if groups is None:
        sets = rows.group_by("row").agg(size=pl.len(), units=pl.len())
    else:
        rows = rows.with_columns(groups.alias("group"))
        sets = rows.group_by("row").agg(size=pl.len(), units=pl.col("group").n_unique())
    several = sets.filter(pl.col("size") > 1).group_by("size", "units").agg(times=pl.len()).sort("size", "units")
    listed = tuple(several.iter_rows())
    return Copies(
        rows=sum((size - 1) * times for size, _units, times in listed),
        pairs=sum(size * (size - 1) // 2 * times for size, _units, times in listed),
        sets=listed,
        units=frame.height if groups is None else groups.n_unique(),
    )


def expected_on_both_sides(copies: Copies, held_out: float) -> float:
    """Return how many held-out rows are expected to equal a row on the other side of a split by random units."""
    units, chosen = copies.units, round(held_out * copies.units)

    def all_held_out(others: int) -> float:
        """Return the probability that all other units are held out too when one is."""
        return prod(max(0, chosen - number) / (units - number) for number in range(1, others + 1))

    return sum(
        times * size * chosen / units * (1 - all_held_out(those - 1)) for size, those, times in copies.sets if those > 1
    )


def likely_by_chance(frame: pl.DataFrame, pairs: int) -> bool:
    """Return whether so many pairs of equal rows are no wonder, as in a table of a few categories."""
    every = frame.height * (frame.height - 1)
    expected = every / 2
    for column in frame.get_columns():
        counts = column.value_counts()["count"].cast(pl.Int64)
        expected *= int((counts * (counts - 1)).sum()) / every
        if pairs > _SUSPICIOUS * expected:
            return False
    return True
