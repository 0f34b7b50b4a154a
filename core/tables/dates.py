"""Dates, times of day and durations as people write them, read from texts without a guess."""

from collections.abc import Callable

import polars as pl

from core.formatting import in_short
from core.tables.patterns import match_whole
from core.tables.readings import DateOrder

_BEFORE_CLOCK = "(?:[Tt]|,? )"
"""What stands between a date and a time of day."""
_TIME = (
    "(?P<hours>[01]?[0-9]|2[0-3]):(?P<minutes>[0-5][0-9])"
    "(?::(?P<seconds>[0-5][0-9])(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = "(?: ?(?:[Zz]|UTC|GMT|(?P<zone>[+-][0-9]{2})(?::?(?P<zone_minutes>[0-9]{2}))?))?"
_DURATION = (
    r"(?:(?P<days>-?[0-9]{1,8}) ?(?:days?|d)(?:,? \+?|$))?"
    "(?:(?P<minus>-)?(?P<hours>[0-9]{1,8}):(?P<minutes>[0-5][0-9])"
    "(?::(?P<seconds>[0-5][0-9])(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?"
)
_IN_WORDS = (
    "(?:(?P<hours>[0-9]{1,6}) ?h(?:rs?|ours?)?)?,? ?(?:(?P<minutes>[0-9]{1,6}) ?m(?:ins?|inutes?)?)?,? ?"
    "(?:(?P<seconds>[0-9]{1,6}) ?s(?:ecs?|econds?)?)?"
)
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
_DAY, _YEAR, _SHORT_YEAR = "([0-9]{1,2})", "([0-9]{4})", "([0-9]{2})"
_WEEKDAY = r"(?:(?i:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,? )?"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_OTHER_NAMES = (
    "Januar|Jänner|janvier|janv|enero|gennaio|januari|janeiro|ene|gen",
    "Februar|Feber|février|févr|fevrier|febrero|febbraio|februari|fevereiro|fév|fev",
    "März|Maerz|mars|marzo|maart|março|Mrz|Mär|mrt",
    "avril|abril|aprile|avr|abr",
    "Mai|mayo|maggio|mei|maio|maj|mag",
    "Juni|juin|junio|giugno|junho|giu",
    "Juli|juillet|julio|luglio|julho|juil|lug",
    "août|aout|agosto|augustus|augusti|ago",
    "septembre|septiembre|settembre|setembro|Sept|set",
    "Oktober|octobre|octubre|ottobre|outubro|Okt|ott|out",
    "novembre|noviembre|novembro",
    "Dezember|décembre|decembre|diciembre|dicembre|dezembro|Dez|déc|dic",
)
"""The names of the months in German, French, Spanish, Italian, Dutch, Portuguese and Swedish, where they are others."""
_NUMBER_OF_MONTH = {
    name: str(number)
    for number, (english, others) in enumerate(zip(MONTHS, _OTHER_NAMES, strict=True), start=1)
    for name in (english, english[:3], *others.split("|"))
}
MONTH = f"((?i:{'|'.join(sorted(_NUMBER_OF_MONTH, key=len, reverse=True))}))"
_BY_LONGEST_NAME = {
    name.lower(): number for name, number in sorted(_NUMBER_OF_MONTH.items(), key=lambda named: -len(named[0]))
}
_SHORT = "~"
"""Stands before a year of two digits."""
_BY_NAME = (
    (rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th|er)?\.?[ /-]?(?:de )?{MONTH}\.?,?[ /-]?(?:de )?{_YEAR}", "${3}-${2}-${1}"),
    (rf"{_WEEKDAY}{_DAY}[ /-]?{MONTH}\.?[ /-]?{_SHORT_YEAR}", _SHORT + "${3}-${2}-${1}"),
    (rf"{_WEEKDAY}{MONTH}\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}", "${3}-${1}-${2}"),
    (rf"{_YEAR}[ /-]{MONTH}[ /-]{_DAY}", "${1}-${2}-${3}"),
    (f"{_YEAR}年{_DAY}月{_DAY}日", "${1}-${2}-${3}"),
    (rf"{MONTH}\.?,?[ /-]{_YEAR}", "${2}-${1}-1"),
    (rf"{_YEAR}[ /-]{MONTH}", "${1}-${2}-1"),
    (r"((?:1[6-9]|2[01])[0-9]{2})[-/.](0[1-9]|1[0-2])", "${1}-${2}-1"),
    (r"(0[1-9]|1[0-2])[-/]((?:1[6-9]|2[01])[0-9]{2})", "${2}-${1}-1"),
)
"""Dates with the name of a month, and months, which stand for their first day; and how they become year, month, day."""
_BY_ORDER = {DateOrder.DMY: "${3}-${2}-${1}", DateOrder.MDY: "${3}-${1}-${2}"}
_USUAL_ORDER = {r"\.": DateOrder.DMY, "-": DateOrder.DMY, "/": DateOrder.MDY}
"""The signs in dates of digits, and the order of such a date where none is told."""
_COMPACT = "(1[6-9][0-9]{2}|2[01][0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])"
_LOOKED_AT = 100_000
_SECONDS_PER_DAY = 86_400
_SECOND = 10**6
"""In the unit of what is returned, microseconds."""


def read_dates(texts: pl.Series, order: DateOrder | None) -> tuple[pl.Series, tuple[str, ...]]:
    """Return Date or, if a cell has a time of day, Datetime; null for what is no date. And sentences on it.

    A time with a zone is converted to UTC. Without an `order`, dates of digits begin with the month where slashes stand
    between them, else with the day; those that begin with a year of four digits are clear.
    """
    written = _with_single_spaces(texts)
    iso = match_whole(written, _ISO)
    if iso.any() and (iso | written.is_null()).all():
        return written.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False), ()
    days, clocks = _split(written)
    dates = _by_distinct(days, lambda distinct: _dates(distinct, order))
    if clocks.null_count() == len(clocks):
        return dates, ()
    zoned = clocks.str.contains("[Zz]$|UTC$|GMT$|[+-][0-9:]+$").any()
    since_midnight = _by_distinct(clocks, _since_midnight)
    moments = dates.cast(pl.Datetime("us"))
    moments = pl.select(pl.when(clocks.is_null()).then(moments).otherwise(moments + since_midnight)).to_series()
    return moments, ("times with a zone are converted to UTC",) if zoned else ()


def read_times(texts: pl.Series) -> tuple[pl.Series, tuple[str, ...]]:
    """Return Time, with null for what is no time of day."""
    written = _with_colons(_with_single_spaces(texts))
    times = _by_distinct(written, lambda distinct: _clock_time(distinct, _TIME))
    return (times.to_physical() * 1000).cast(pl.Time), ()  # nanoseconds


def read_durations(texts: pl.Series) -> tuple[pl.Series, tuple[str, ...]]:
    """Return Duration, with null for what is none; "26:15" are hours and minutes."""
    written = _with_hours(_with_single_spaces(texts).str.replace("^[−–]", "-"))
    values = _by_distinct(written, _durations)
    short = written.filter(match_whole(written, "-?[0-9]{1,8}:[0-5][0-9]")).head(1)
    return values, (f"“{in_short(short[0], 30)}” is read as hours and minutes",) if len(short) else ()


def are_times(texts: pl.Series, *, dotted: bool = False) -> pl.Series:
    """Return whether each text looks like a time of day; `dotted`: 18.30.00 does, too, which may be a date."""
    written = _with_single_spaces(texts)
    return match_whole(_with_colons(written) if dotted else written, _TIME)


def are_durations(texts: pl.Series) -> pl.Series:
    """Return whether each text looks like a duration."""
    written = _with_hours(_with_single_spaces(texts).str.replace("^[−–]", "-"))
    return match_whole(written, _DURATION) | _are_in_words(written).fill_null(value=False)


def split_clocks(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return what stands before a time of day, and whether such a time is well written where there is one."""
    days, clocks = _split(_with_single_spaces(texts))
    return days, clocks.is_null() | match_whole(clocks, f"{_BEFORE_CLOCK}{_TIME}{_ZONE}")


def _split(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return what stands before the time of day, and the time with the sign before it; null where there is none."""
    if not texts.str.contains(":", literal=True).any():
        return texts, pl.repeat(None, len(texts), dtype=pl.String, eager=True)
    days = texts.str.replace(f"{_BEFORE_CLOCK}[0-9]{{1,2}}:.*$", "")
    clocks = pl.select(texts.str.slice(days.str.len_chars())).to_series()
    return days, pl.select(pl.when(clocks != "").then(clocks)).to_series()


def _with_colons(texts: pl.Series) -> pl.Series:
    """Return 18:30:00 for 18.30.00."""
    return texts.str.replace(r"^([0-9]{1,2})\.([0-9]{2})\.([0-9]{2})$", "${1}:${2}:${3}")


def _with_hours(texts: pl.Series) -> pl.Series:
    """Return 0:04:31.5 for 4:31.5: with a fraction behind them, the last digits are seconds."""
    padded = texts.str.replace(r"^(-?)([0-9]:[0-5][0-9][.,][0-9]+)$", "${1}0${2}")
    return padded.str.replace(r"^(-?)([0-5][0-9]:[0-5][0-9][.,][0-9]+)$", "${1}0:${2}")


def _are_in_words(texts: pl.Series) -> pl.Series:
    return match_whole(texts, _IN_WORDS) & texts.str.contains("[0-9] ?h|[0-9] ?m.*[0-9] ?s")


def _with_single_spaces(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(r"\s+", " ") if texts.str.contains(r"[^\x00-\x7f]|\s\s").any() else texts


def _by_distinct(texts: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return what `read` makes of the texts, which sees each text once, unless most are different."""
    if texts.head(_LOOKED_AT).n_unique() > min(len(texts), _LOOKED_AT) / 2:
        return read(texts)
    distinct = texts.drop_nulls().unique()
    values = read(distinct)
    return texts.replace_strict(distinct, values, default=None, return_dtype=values.dtype)


def _dates(days: pl.Series, order: DateOrder | None) -> pl.Series:
    """Return Date for days in any way of writing, null for what is none."""
    found = pl.Series(days.name, [None] * len(days), dtype=pl.String)
    for pattern, made in _ways(order):
        fits = (found.is_null() & match_whole(days, pattern)).arg_true()
        if len(fits):
            found = found.scatter(fits, days.gather(fits).str.replace(f"^{pattern}$", made))
    found = found.str.replace(f"^{_SHORT}([0-6])", "20${1}").str.replace(f"^{_SHORT}", "19")
    found = found.str.to_lowercase().str.replace_many(_BY_LONGEST_NAME, leftmost=True)
    return found.str.to_date("%Y-%m-%d", strict=False)


def _ways(order: DateOrder | None) -> list[tuple[str, str]]:
    """Return the patterns of days, and how each becomes year, month and day."""
    ways = [*_BY_NAME, (_COMPACT, "${1}-${2}-${3}")]
    for sign, usual in _USUAL_ORDER.items():
        ways.append((f"{_YEAR}{sign}{_DAY}{sign}{_DAY}", "${1}-${2}-${3}"))
        if order is DateOrder.YMD:
            ways.append((f"{_SHORT_YEAR}{sign}{_DAY}{sign}{_DAY}", _SHORT + "${1}-${2}-${3}"))
            continue
        made = _BY_ORDER[order or usual]
        ways.append((f"{_DAY}{sign}{_DAY}{sign}{_YEAR}", made))
        ways.append((f"{_DAY}{sign}{_DAY}{sign}{_SHORT_YEAR}", _SHORT + made))
    return ways


def _since_midnight(clocks: pl.Series) -> pl.Series:
    """Return Duration for times of day that stand behind a date, from midnight in UTC."""
    return _clock_time(clocks.str.replace(f"^{_BEFORE_CLOCK}", ""), _TIME + _ZONE)


def _clock_time(clocks: pl.Series, pattern: str) -> pl.Series:
    """Return Duration since midnight for times of day with AM or PM, or without; null for what is none."""
    parts = clocks.str.extract_groups(f"^{pattern}$").struct.unnest()
    for zone in {"zone", "zone_minutes"} - set(parts.columns):
        parts = parts.with_columns(pl.lit(None, pl.String).alias(zone))
    hours, half = pl.col("hours").cast(pl.Int64), pl.col("half").str.to_lowercase()
    afternoon = pl.when(half == "p").then(12).otherwise(0)
    of_day = pl.when(half.is_null()).then(hours).when(hours.is_between(1, 12)).then(hours % 12 + afternoon)
    east = pl.when(pl.col("zone").str.starts_with("-")).then(-1).otherwise(1)
    ahead = pl.col("zone").cast(pl.Int64).fill_null(0) * 60 + east * pl.col("zone_minutes").cast(pl.Int64).fill_null(0)
    return parts.select((_clock(of_day) - ahead * 60 * _SECOND).cast(pl.Duration("us"))).to_series()


def _clock(hours: pl.Expr) -> pl.Expr:
    """Return microseconds, from hours and the columns of minutes, seconds and fraction."""
    minutes, seconds = (pl.col(name).cast(pl.Int64).fill_null(0) for name in ("minutes", "seconds"))
    fraction = pl.col("fraction").fill_null("").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64)
    return ((hours * 60 + minutes) * 60 + seconds) * _SECOND + fraction


def _durations(written: pl.Series) -> pl.Series:
    clocks = _durations_of_clocks(written)
    worded = _are_in_words(written)
    if not worded.any():
        return clocks
    parts = written.str.extract_groups(f"^{_IN_WORDS}$").struct.unnest()
    hours, minutes, seconds = (pl.col(name).cast(pl.Int64).fill_null(0) for name in ("hours", "minutes", "seconds"))
    words = parts.select((((hours * 60 + minutes) * 60 + seconds) * _SECOND).cast(pl.Duration("us"))).to_series()
    return pl.select(pl.when(worded).then(words).otherwise(clocks)).to_series()


def _durations_of_clocks(written: pl.Series) -> pl.Series:
    parts = written.str.extract_groups(f"^{_DURATION}$").struct.unnest()
    clock = _clock(pl.col("hours").cast(pl.Int64).fill_null(0))
    signed = pl.when(pl.col("minus").is_null()).then(clock).otherwise(-clock)
    total = pl.col("days").cast(pl.Int64).fill_null(0) * _SECONDS_PER_DAY * _SECOND + signed
    some = pl.col("days").is_not_null() | pl.col("hours").is_not_null()
    return parts.select(pl.when(some).then(total.cast(pl.Duration("us")))).to_series()
