"""Points and commas in numbers: which of them is the decimal sign, and where both readings are possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.tables.numerals import INDIAN, bare, is_number, is_plain
from core.tables.patterns import match_whole

_MANY = 10
"""Grouped numbers of a column that, beside ungrouped ones below 1000, can be no decimals of exactly three digits."""
_RARE = 50
"""A decimal sign that so many times more numbers may have, or have for thousands, can be a slip of the pen."""
_LONG = 19
"""The digits of the largest whole number of 64 bits."""
_CHECKED = 1000
"""The first numbers, which show it for most columns."""
_LARGEST, _NOTHING = 1000, 1e-6


class Meaning(StrEnum):
    """What a sign before exactly three digits is in a column."""

    DECIMAL = "decimal"
    THOUSANDS = "thousands"
    OPEN = "open"
    """Both are possible."""


@dataclass(frozen=True)
class Signs:
    """Counts of numbers by their signs, and what magnitudes say of the others.

    `comma` have a decimal comma for certain, `point` a decimal point. `either_comma` and `either_point` have the sign
    once, before exactly three digits; `example` is the first of them.
    """

    comma: int
    point: int
    either_comma: int
    either_point: int
    example: str
    thousands: bool
    """Whether magnitudes show that the sign is for thousands: numbers without it end below 1000, where it begins; or
    all with it are whole thousands."""

    @property
    def either(self) -> str:
        """The sign that is to be found out: a comma, a point, or none where enough numbers say it for certain."""
        if _RARE * self.comma <= self.either_comma and self.either_comma and not self.point:
            return ","
        return "." if _RARE * self.point <= self.either_point and self.either_point and not self.comma else ""


def signs_of(numbers: pl.Series, counts: pl.Series) -> Signs:
    """Return what the signs in numbers tell; `counts` says how often each stands in the column."""
    cores = bare(numbers)

    def count(pattern: str) -> int:
        return int((match_whole(cores, pattern) * counts).sum())

    commas, points = count(_either(",")), count(_either(r"\."))
    grouped = match_whole(cores, _either("[.,]"))
    round_ = len(cores.filter(grouped).unique()) > 1 and cores.filter(grouped).str.ends_with("000").all()
    return Signs(
        comma=count(_certain(",", r"\.")),
        point=count(_certain(r"\.", ",") + "|" + INDIAN + r"(?:\.[0-9]*)?"),
        either_comma=commas,
        either_point=points,
        example=cores.filter(grouped)[0] if grouped.any() else "",
        thousands=round_ or _ends_below_1000(cores.filter(~grouped), commas + points),
    )


def _either(sign: str) -> str:
    return f"[1-9][0-9]{{0,2}}{sign}[0-9]{{3}}"


def _certain(sign: str, other: str) -> str:
    """Return the pattern of numbers in which `sign` can only be the decimal sign, or `other` only one for thousands."""
    exponent = "[eE][+-]?[0-9]+"
    return "|".join(
        (
            f"[0-9]*{sign}(?:[0-9]{{0,2}}|[0-9]{{4,}})",
            f"(?:[0-9]{{4,}}|0[0-9]*|){sign}[0-9]+",
            f"[0-9]+{sign}[0-9]*{exponent}",
            f"[1-9][0-9]{{0,2}}(?:[{other} '][0-9]{{3}})+{sign}[0-9]*",
            f"[1-9][0-9]{{0,2}}(?:{other}[0-9]{{3}}){{2,}}",
        )
    )


def _ends_below_1000(others: pl.Series, grouped: int) -> bool:
    """Return whether numbers without a sign all lie below 1000, and so close to the grouped ones that they go on."""
    whole = others.cast(pl.Int64, strict=False)
    if not grouped or not len(whole) or whole.null_count() or whole.max() >= 1000:  # type: ignore[operator]
        return False
    return bool(whole.min() >= 100) or grouped >= _MANY  # type: ignore[operator]


def meaning_of(signs: Signs, sign: str, *, decimal_comma: bool, separator: str) -> Meaning:
    """Return what `sign` before exactly three digits is, where the numbers of the column do not say it for certain.

    The file has decimal commas or points, and cells apart by `separator`.
    """
    is_decimal_sign = (sign == ",") == decimal_comma
    if signs.comma or signs.point:
        return Meaning.OPEN
    if not is_decimal_sign:
        return Meaning.THOUSANDS if signs.thousands else Meaning.OPEN
    if signs.thousands or (sign == "." and separator == ";"):
        return Meaning.OPEN
    return Meaning.DECIMAL


def likely_decimal_comma(columns: Sequence[pl.Series], separator: str) -> bool:
    """Return whether a file has decimal commas, by its first rows as texts and the separator of its cells.

    Each column has one voice; where as many have points as commas, a semicolon is for commas.
    """
    voices = [voice for column in columns if (voice := _voice(column))]
    commas, points = voices.count(","), voices.count(".")
    return commas > points or (commas == points and commas > 0 and separator == ";")


def _voice(column: pl.Series) -> str:
    """Return the decimal sign that most numbers of a column have; empty if it tells nothing."""
    filled = column.str.strip_chars().drop_nulls()
    numbers = filled.filter(is_number(filled, comma=True) | is_number(filled, comma=False))
    if not len(numbers) or 2 * len(numbers) < len(filled.filter(filled != "")):
        return ""
    signs = signs_of(numbers, pl.repeat(1, len(numbers), eager=True))
    if signs.comma != signs.point:
        return "," if signs.comma > signs.point else "."
    if signs.comma or not signs.thousands or (signs.either_comma and signs.either_point):
        return ""
    return "." if signs.either_comma else ","


def are_surely_plain(texts: pl.Series, *, comma: bool) -> bool:
    """Return whether all texts are plain numbers of 64 bits, and enough show that their sign is the decimal one.

    This says quickly of most columns what `signs_of` would say.
    """
    if not is_plain(texts, comma=comma).all():
        return False
    sign, text = "," if comma else r"\.", pl.col("text")
    certain = rf"{sign}(?:[0-9]{{0,2}}|[0-9]{{4,}})(?:[eE]|$)|^[+-]?0?{sign}|[0-9]{{4}}{sign}"
    found = texts.alias("text").to_frame()
    counts = found.select(
        text.str.contains(certain).sum().alias("certain"),
        text.str.contains(f"^[+-]?{_either(sign)}$").sum().alias("either"),
        text.str.len_bytes().max().alias("longest"),
    )
    surely, either, longest = counts.row(0)
    return longest < _LONG and (not either or surely * _RARE > either)


def may_be_thousands(numbers: pl.Series, *, decimal_comma: bool, separator: str) -> bool:
    """Return whether a text's Float64, read with decimal points, may be thousands: its texts are needed to tell.

    In a file with decimal commas any number with a point may be one. In others nearly all fractions must have exactly
    three digits, and none begins with 0. Where all are whole (196.000), they may be thousands if cells are not apart by
    commas.
    """
    if decimal_comma:
        return True
    for part in (numbers.head(_CHECKED), numbers):
        found = np.abs(part.to_numpy())  # much faster than polars where there are thousands of short columns
        found = found[~np.isnan(found)]
        fractions = found[found != np.floor(found)]
        if (found >= _LARGEST).any() or (fractions < 1).any() or not _in_thousandths(fractions):
            return False
    if not len(fractions):
        return len(found) > 0 and separator != ","
    whole = found[found == np.floor(found)]
    return separator == ";" or (len(whole) > 1 and bool(whole.min() >= 100))


def _in_thousandths(fractions: NDArray[np.float64]) -> bool:
    """Return whether no fraction has more than three digits, and most have no fewer."""
    thousandths, hundredths = fractions * 1000, fractions * 100
    fewer = np.abs(hundredths - np.round(hundredths)) < _NOTHING
    return bool((np.abs(thousandths - np.round(thousandths)) < _NOTHING).all()) and not 2 * int(fewer.sum()) > len(
        fewer
    )
