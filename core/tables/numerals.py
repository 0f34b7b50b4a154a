"""Numbers as people write them: decimal and thousands signs, minus signs, per cent, currencies, digits of any script.

A *plain* number has ASCII digits without a leading zero, a decimal sign and an exponent, and nothing else.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache

import polars as pl

from core.formatting import in_short
from core.tables.patterns import match_whole

_CODES = (
    "AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DEM|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KES|KRW|MAD|MXN|MYR|"
    "NGN|NOK|NZD|PEN|PHP|PKR|PLN|RMB|RON|RUB|RSD|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR|"
    r"US\$|CA\$|AU\$|NZ\$|HK\$|R\$|C\$|A\$|Euro|euro|Fr\.|kr\.?|zł|Kč|Ft|Rs\.?|元|円|원"
)
_UNITS = (
    "mm|cm|dm|km|nm|µm|μm|um|m|mm²|cm²|m²|km²|m2|km2|qm|sqm|sqft|sq ft|ha|cm³|m³|m3|ml|mL|cl|dl|l|L|cc|CC|"
    "mg|µg|μg|kg|g|t|lbs?|oz|°C|°F|℃|℉|°|ms|s|sec|min|mins|h|hrs?|hours?|days?|years?|yrs?|mV|kV|V|mA|W|kW|MW|Wh|kWh|MWh|"
    "Hz|kHz|MHz|GHz|Pa|hPa|kPa|MPa|mbar|bar|psi|mmHg|rpm|ft|in|inch|inches|mi|miles|yd|mph|km/h|kmh|m/s|kn|"
    "ppm|ppb|dB|dBm|bhp|hp|PS|Nm|kcal|cal|kJ|lux|lx|kB|KB|MB|GB|TB|kmpl|km/l|km/kg|mpg|l/100 ?km|"
    "µg/m³|μg/m³|ug/m3|mg/m³|mg/dl|mg/dL|mg/l|mg/L|g/l|g/L|mmol/l|mmol/L|px|dpi"
)
"""Units that may stand behind a number."""
_UNIT = f"(?:{_UNITS})"
_CURRENCY = rf"(?:{_CODES}|\p{{Sc}})"
_ALIASES = {"€": "EUR", "Euro": "EUR", "euro": "EUR", "US$": "$", "USD": "$", "£": "GBP", "₹": "INR", "Rs": "INR"}
_ALIASES |= {"Rs.": "INR", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "kr.": "kr", "Fr.": "CHF"}
_FOREIGN_DIGIT = r"[^\x00-\x7f\P{Nd}]"
_SHARES = "%‰"
_EXPONENT = r"(?:[eE](?:\+?0*(?:[0-2]?[0-9]{1,2}|30[0-8])|-0*[0-9]{1,3}))?"
"""Larger ones are beyond 64 bits."""
_NO_CENTS = "([0-9][.,])(?:--?|—)([^0-9]|$)"
_WHOLE_GROUPED = "[1-9][0-9]{0,2}"
INDIAN = "[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
"""Groups of two digits and a last one of three: 12,34,567."""
_ASCII = {
    **dict.fromkeys(
        "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " "
    ),
    **dict.fromkeys("\u3000", " "),
    **dict.fromkeys("’‘ʼ´`＇٬", "'"),
    **dict.fromkeys("−–﹣－‐‑", "-"),
    **dict.fromkeys("\u200b\u200e\u200f\u061c\u2060\ufeff", ""),
    **dict.fromkeys("٪％﹪", "%"),
    **dict(zip("＋．，（）", "+.,()", strict=True)),
}
"""Signs of other scripts and of good typography, and what they mean here. Hidden ones mean nothing."""


@dataclass(frozen=True)
class Numerals:
    """Numbers that were read.

    `values` are Int64 where all are whole, else Float64, and null for what is no number. `rounded`: some are whole
    numbers beyond 64 bits. `notes` tell what was taken off.
    """

    values: pl.Series
    rounded: bool = False
    notes: tuple[str, ...] = ()


def is_plain(texts: pl.Series, *, comma: bool) -> pl.Series:
    """Return whether each text is a plain number; `comma` is the decimal sign instead of a point."""
    return texts.str.contains(_plain(comma=comma)).fill_null(value=False)


def read_plain(texts: pl.Series, *, comma: bool) -> pl.Series | None:
    """Return Int64 or Float64 if all texts are plain numbers that these can hold; else None."""
    if not texts.str.contains(_plain(comma=comma)).all():
        return None
    values, rounded = _values(texts.str.replace(",", ".", literal=True) if comma else texts)
    return None if rounded or values.null_count() > texts.null_count() else values


def is_number(texts: pl.Series, *, comma: bool) -> pl.Series:
    """Return whether each text is a number in any of the ways in which numbers are written."""
    return match_whole(_in_ascii(texts, comma=comma), _dressed(comma=comma))


def bare(texts: pl.Series) -> pl.Series:
    """Return numbers without what stands around their digits: signs, per cent, currencies, brackets."""
    cores = _in_ascii(texts, comma=False)
    if cores.str.contains(f"[^0-9., '+()eE{_SHARES}-]").any():
        cores = _without_unit(cores)
    return cores.str.strip_chars(f"+-() {_SHARES}")


def shapes_of(texts: pl.Series) -> pl.Series:
    """Return texts in which each row of digits has become a 0: of numbers in a million cells, few shapes are left."""
    return _in_ascii(texts, comma=False).str.replace_all("[0-9]+", "0")


def currencies(texts: pl.Series) -> pl.Series:
    """Return the currency sign of each text, one for all ways to write it, or null."""
    return texts.str.extract(f"({_CURRENCY})").replace(_ALIASES)


def units(texts: pl.Series) -> pl.Series:
    """Return the currency, the per cent sign or the unit of each text, one for all ways to write it, or null."""
    behind = texts.str.extract(f"[0-9.,] ?({_UNIT})$")
    return currencies(texts).fill_null(texts.str.extract(f"([{_SHARES}])")).fill_null(behind)


def read_numerals(texts: pl.Series, *, comma: bool) -> Numerals:
    """Read texts as numbers. A share in per cent is the number before the sign: 12 % is 12."""
    dressed_at = (texts.is_not_null() & ~is_plain(texts, comma=comma)).arg_true()
    notes: tuple[str, ...] = ()
    bodies = texts
    if len(dressed_at):
        written = texts.gather(dressed_at)
        dressed = _in_ascii(written, comma=comma)
        found = match_whole(dressed, _dressed(comma=comma))
        undressed = _undressed(dressed, comma=comma)
        bodies = texts.clone().scatter(dressed_at, pl.select(pl.when(found).then(undressed)).to_series())
        filled = len(texts) - bodies.null_count()
        notes = _what_was_taken_off(written.filter(found), dressed.filter(found), filled, comma=comma)
    values, rounded = _values(bodies.str.replace(",", ".", literal=True) if comma else bodies)
    return Numerals(values, rounded, notes)


@cache
def _plain(*, comma: bool) -> str:
    sign = "," if comma else r"\."
    return rf"^[+-]?(?:(?:0|[1-9][0-9]*)(?:{sign}[0-9]*)?|{sign}[0-9]+){_EXPONENT}$"


def _in_ascii(texts: pl.Series, *, comma: bool) -> pl.Series:
    """Return texts with the signs of ASCII in place of others, and without dashes in place of cents, as in 19,–."""
    ascii_ = _with_usual_signs(texts, comma=comma)
    return ascii_.str.replace(_NO_CENTS, "${1}${2}") if ascii_.str.contains(_NO_CENTS).any() else ascii_


def _with_usual_signs(texts: pl.Series, *, comma: bool) -> pl.Series:
    if not texts.str.contains(r"[^\x00-\x7f]").any():
        return texts
    signs = _ASCII | {"٫": "," if comma else "."}
    if texts.str.contains(_FOREIGN_DIGIT).any():
        signs |= _digits()
    return texts.str.replace_many(signs).str.strip_chars()


@cache
def _digits() -> dict[str, str]:
    """Return the decimal digits of all scripts but ours, each with its value."""
    others = (chr(place) for place in range(0x80, 0x20000))
    return {digit: str(unicodedata.decimal(digit)) for digit in others if digit.isdecimal()}


@cache
def _dressed(*, comma: bool) -> str:
    """Return the pattern of a number with one sign before or after it, and one currency, per cent sign or unit."""
    sign, other = (",", r"\.") if comma else (r"\.", ",")
    grouped = "|".join(f"(?:{group}[0-9]{{3}})+" for group in (other, " ", "'"))
    fraction = f"(?:{sign}[0-9]*)?"
    ways = [f"[0-9]+{fraction}{_EXPONENT}", f"{sign}[0-9]+{_EXPONENT}", f"{_WHOLE_GROUPED}(?:{grouped}){fraction}"]
    if not comma:
        ways.append(INDIAN + fraction)
    number = f"(?:{'|'.join(ways)})"
    mark = f"(?:{_CURRENCY}|[{_SHARES}])"
    return "|".join(
        (
            f"[+-]? ?(?:{mark} ?)?{number}",
            f"[+-]? ?{number} ?(?:{mark}|{_UNIT})",
            f"{mark} ?[+-] ?{number}",
            f"(?:{mark} ?)?{number} ?-",
            f"{number} ?(?:{mark} ?-|- ?{mark})",
            rf"(?:{mark} ?)?\( ?{number} ?\)",
            rf"\( ?{mark} ?{number} ?\)",
            rf"\( ?{number} ?(?:{mark} ?\)|\) ?{mark})",
        )
    )


def _without_unit(texts: pl.Series) -> pl.Series:
    return texts.str.replace(_CURRENCY, "").str.replace(f"([0-9.,]) ?{_UNIT}$", "${1}")


def _undressed(dressed: pl.Series, *, comma: bool) -> pl.Series:
    """Return texts in which nothing but a minus, digits, the decimal sign and an exponent are left."""
    body = _without_unit(dressed)
    negative = body.str.contains(r"^[^0-9]*-|\(|-[^0-9]*$")
    body = body.str.strip_chars(f"+-() {_SHARES}").str.replace_all("[ '.]" if comma else "[ ',]", "")
    return pl.select(pl.when(negative).then("-" + body).otherwise(body)).to_series()


def _values(bodies: pl.Series) -> tuple[pl.Series, bool]:
    """Return the numbers, and whether they are whole numbers that had to be rounded."""
    whole = not bodies.str.contains("[.eE]").any()
    if whole:
        exact = bodies.cast(pl.Int64, strict=False)
        if exact.null_count() == bodies.null_count():
            return exact, False
    numbers = bodies.cast(pl.Float64, strict=False)
    if numbers.is_infinite().any():
        numbers = pl.select(pl.when(numbers.is_finite()).then(numbers)).to_series()
    return numbers, whole


def _what_was_taken_off(written: pl.Series, dressed: pl.Series, filled: int, *, comma: bool) -> tuple[str, ...]:
    """Return sentences on the signs in these texts, which are numbers; `filled` is the number of all cells.

    Few shapes are left when each row of digits is one digit, and it is these that are looked at.
    """
    shapes = dressed.str.replace_all("[0-9]+", "0")
    different = shapes.alias("shape").value_counts(name="count").sort("count", "shape", descending=[True, False])

    def count(pattern: str) -> int:
        return int((different["shape"].str.contains(pattern) * different["count"]).sum())

    notes = []
    for name, pattern in (("percent signs", "%"), ("per mille signs", "‰")):
        if found := count(pattern):
            notes.append(f"{name} taken off{_of(found, filled)}")
    if found := count(_CURRENCY):
        signs = different["shape"].str.extract(f"({_CURRENCY})").drop_nulls().unique(maintain_order=True)
        notes.append(f"currency signs ({', '.join(signs)}) taken off{_of(found, filled)}")
    found_units = different["shape"].str.extract(f"[0-9.,] ?({_UNIT})$")
    if len(names := found_units.drop_nulls().unique(maintain_order=True)):
        cells = int((found_units.is_not_null() * different["count"]).sum())
        notes.append(f"units ({', '.join(names)}) taken off{_of(cells, filled)}")
    thousands = [name for name, sign in _thousands_signs(comma=comma).items() if count(f"0{sign}0")]
    if thousands:
        notes.append(f"thousands signs ({', '.join(thousands)}) taken off")
    for pattern in (r"\(", "0[^0eE]*-"):
        if count(pattern):
            example = written.filter(shapes.str.contains(pattern)).head(1)
            notes.append(f"“{in_short(example[0], 30)}” is read as −{bare(example)[0]}")
    if count("^[^0]*-") and len(minus := written.str.extract("([−–﹣－‐‑])").drop_nulls().head(1)):
        notes.append(f"“{minus[0]}” is read as a minus sign")
    if written.str.contains(_FOREIGN_DIGIT).any():
        notes.append("digits of another script are read as 0 to 9")
    return tuple(notes)


def _of(found: int, filled: int) -> str:
    """Return in how many of the cells something was found, if not in all."""
    return "" if found == filled else f" from {found:,} of {filled:,} cells, and the others have none"


def _thousands_signs(*, comma: bool) -> dict[str, str]:
    return {"." if comma else ",": r"\." if comma else ",", "’": "'", "spaces": " "}
