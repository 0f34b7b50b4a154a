"""Dates, times of day and durations as people write them, read from texts without a guess."""

import calendar

import polars as pl

from core.formatting import in_short
from core.tables.readings import DateOrder

_TIME = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
_HALF_DAY = r"(?: ?[AaPp]\.?[Mm]\.?)?"
_ZONE = "(?: ?(?:[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?"
_CLOCK = f"(?:(?:[Tt]|,? ){_TIME}{_HALF_DAY}{_ZONE})?"
_DAY, _YEAR, _SHORT_YEAR = "([0-9]{1,2})", "([0-9]{4})", "([0-9]{2})"
_WEEKDAY = r"(?:(?i:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,? )?"
_NUMBER_OF_MONTH = {
    name: str(number)
    for names in (calendar.month_name, ("", *["sept" if n == 9 else "" for n in range(1, 13)]), calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}
"""Longer names come first."""
_MONTH = f"(?i)({'|'.join(_NUMBER_OF_MONTH)})(?-i)"
_MARK = "~"
"""Stands before a year of two digits."""
_BY_NAME = (
    (rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th)?\.?[ /-]?{_MONTH}\.?,?[ /-]?{_YEAR}({_CLOCK})", "${3}-${2}-${1}${4}"),
    (rf"{_WEEKDAY}{_DAY}[ /-]?{_MONTH}\.?[ /-]?{_SHORT_YEAR}({_CLOCK})", _MARK + "${3}-${2}-${1}${4}"),
    (rf"{_WEEKDAY}{_MONTH}\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}({_CLOCK})", "${3}-${1}-${2}${4}"),
    (rf"{_YEAR}[ /-]{_MONTH}[ /-]{_DAY}({_CLOCK})", "${1}-${2}-${3}${4}"),
)
"""Dates with the name of a month, and how they become year, month and day."""
_BY_ORDER = {
    DateOrder.DMY: ((_DAY, _DAY), "${3}-${2}-${1}${4}"),
    DateOrder.MDY: ((_DAY, _DAY), "${3}-${1}-${2}${4}"),
}
_USUAL_ORDER = {r"\.": DateOrder.DMY, "-": DateOrder.DMY, "/": DateOrder.MDY}
"""The signs in dates of digits, and the order of such a date where none is told."""
_COMPACT = "(1[6-9][0-9]{2}|2[01][0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])()"
_ZONED = r"[+-][0-9]{4}$"
_DURATION = (
    r"(?:(?P<days>-?[0-9]{1,8}) ?(?:days?|d)(?:,? \+?|$))?"
    r"(?:(?P<minus>-)?(?P<hours>[0-9]{1,8}):(?P<minutes>[0-5][0-9])"
    r"(?::(?P<seconds>[0-5][0-9])(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?"
)
_SECONDS_PER_DAY = 86_400
_MICRO = 10**6


def read_dates(texts: pl.Series, order: DateOrder | None) -> tuple[pl.Series, tuple[str, ...]]:
    """Return Date or, if a cell has a time of day, Datetime; null for what is no date. And sentences on it.

    A time with a zone is converted to UTC. Without an `order`, dates of digits begin with the month where slashes stand
    between them, else with the day; those that begin with a year of four digits are clear.
    """
    written = _with_single_spaces(texts)
    iso = _matches(written, f"[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}{_CLOCK}")
    others = (written.is_not_null() & ~iso).arg_true()
    if len(others):
        cells = written.gather(others)
        distinct = cells.unique()
        written = written.clone().scatter(others, cells.replace_strict(distinct, _year_first(distinct, order)))
    moments, zoned = _moments(written)
    notes = ["times with a zone are converted to UTC"] if zoned else []
    with_clock = written.str.contains(":", literal=True).any()
    return (moments if with_clock else moments.dt.date()).alias(texts.name), tuple(notes)


def read_times(texts: pl.Series) -> tuple[pl.Series, tuple[str, ...]]:
    """Return Time, with null for what is no time of day."""
    written = _with_single_spaces(texts)
    fits = _matches(written, _TIME + _HALF_DAY)
    moments, _ = _moments(pl.select(pl.when(fits).then("1970-01-01 " + written)).to_series())
    return moments.dt.time().alias(texts.name), ()


def read_durations(texts: pl.Series) -> tuple[pl.Series, tuple[str, ...]]:
    """Return Duration, with null for what is none; "26:15" are hours and minutes."""
    written = _with_single_spaces(texts).str.replace("[−–]", "-")
    fits = _matches(written, _DURATION) & (written != "")
    distinct = written.filter(fits.fill_null(value=False)).unique()
    values = written.replace_strict(distinct, _durations(distinct), default=None, return_dtype=pl.Duration("us"))
    short = written.filter(fits & _matches(written, "-?[0-9]+:[0-9]{2}")).head(1)
    notes = (f"“{in_short(short[0], 30)}” is read as hours and minutes",) if len(short) else ()
    return values.alias(texts.name), notes


def _matches(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.contains(f"^(?:{pattern})$").fill_null(value=False)


def _with_single_spaces(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(r"\s+", " ") if texts.str.contains(r"[^\x00-\x7f]|\s\s").any() else texts


def _year_first(dates: pl.Series, order: DateOrder | None) -> pl.Series:
    """Return dates as year, month and day with a minus between them and their time behind; null for what is none."""
    ways = [*_BY_NAME, (_COMPACT, "${1}-${2}-${3}${4}")]
    for sign, usual in _USUAL_ORDER.items():
        ways.append((f"{_YEAR}{sign}{_DAY}{sign}{_DAY}({_CLOCK})", "${1}-${2}-${3}${4}"))
        if order is DateOrder.YMD:
            ways.append((f"{_SHORT_YEAR}{sign}{_DAY}{sign}{_DAY}({_CLOCK})", _MARK + "${1}-${2}-${3}${4}"))
            continue
        (first, second), made = _BY_ORDER[order or usual]
        ways.append((f"{first}{sign}{second}{sign}{_YEAR}({_CLOCK})", made))
        ways.append((f"{first}{sign}{second}{sign}{_SHORT_YEAR}({_CLOCK})", _MARK + made))
    found = pl.Series(dates.name, [None] * len(dates), dtype=pl.String)
    for pattern, made in ways:
        fits = (found.is_null() & _matches(dates, pattern)).arg_true()
        if len(fits):
            found = found.scatter(fits, dates.gather(fits).str.replace(f"^{pattern}$", made))
    found = found.str.replace(f"^{_MARK}([0-6])", "20${1}").str.replace(f"^{_MARK}", "19")
    return found.str.replace_many(_NUMBER_OF_MONTH, ascii_case_insensitive=True, leftmost=True)


def _moments(written: pl.Series) -> tuple[pl.Series, bool]:
    """Return the moments that are written as year, month, day and perhaps a time, and whether some had a zone."""
    moments = pl.Series(written.name, [None] * len(written), dtype=pl.Datetime("us"))
    short = (~written.str.contains(":", literal=True)).fill_null(value=False).arg_true()
    if len(short):
        moments = moments.scatter(
            short, written.gather(short).str.to_datetime("%Y-%m-%d", time_unit="us", strict=False)
        )
    timed = written.str.contains(":", literal=True).fill_null(value=False).arg_true()
    if not len(timed):
        return moments, False
    clocks = _tidy_clocks(written.gather(timed))
    zoned = False
    for pattern, form in _clock_forms():
        fits = clocks.str.contains(f" {pattern}$").arg_true()
        if not len(fits):
            continue
        found = clocks.gather(fits).str.to_datetime(f"%Y-%m-%d {form}", time_unit="us", strict=False)
        zoned = zoned or form.endswith("%z")
        moments = moments.scatter(timed.gather(fits), found.dt.replace_time_zone(None))
    return moments, zoned


def _tidy_clocks(written: pl.Series) -> pl.Series:
    """Return moments with a space before the time, AM or PM without points, and zones as +0100."""
    if written.str.contains("[Tt,]").any():
        written = written.str.replace("[Tt]|, ", " ").str.replace("([0-9]),([0-9])", "${1}.${2}")
    if written.str.contains("[A-Za-z]").any():
        written = written.str.replace(r" ?([AaPp])\.?[Mm]\.?", " ${1}M").str.replace(" ?(?:[Zz]|UTC|GMT)$", "+0000")
    zoned = written.str.contains(r"[+ ][^ ]* ?[+-][0-9]{2}(?::?[0-9]{2})?$")
    return written if not zoned.any() else written.str.replace(r" ?([+-][0-9]{2}):?([0-9]{2})?$", "${1}${2}")


def _clock_forms() -> list[tuple[str, str]]:
    """Return the patterns of times of day, and how each is written for the parser."""
    forms = []
    for seconds, form in (("", ""), (":[0-9]{2}", ":%S"), (r":[0-9]{2}\.[0-9]+", ":%S%.f")):
        for zone, offset in (("", ""), (r"[+-][0-9]{4}", "%z")):
            forms.append((f"[0-9]+:[0-9]{{2}}{seconds}{zone}", f"%H:%M{form}{offset}"))
            forms.append((f"[0-9]+:[0-9]{{2}}{seconds} [AaPp]M{zone}", f"%I:%M{form} %p{offset}"))
    return forms


def _durations(written: pl.Series) -> pl.Series:
    parts = written.str.extract_groups(f"^(?:{_DURATION})$").struct.unnest()
    whole = pl.col("days", "hours", "minutes", "seconds").cast(pl.Int64).fill_null(0)
    micro = pl.col("fraction").fill_null("").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64)
    clock = (pl.col("hours") * 3600 + pl.col("minutes") * 60 + pl.col("seconds")) * _MICRO + pl.col("fraction")
    signed = pl.when(pl.col("minus").is_null()).then(clock).otherwise(-clock)
    total = pl.col("days") * _SECONDS_PER_DAY * _MICRO + signed
    return parts.with_columns(whole, micro).select(total.cast(pl.Duration("us"))).to_series()
