"""How numbers and durations are written, the same in the window, the log and on the command line."""

import math
from collections.abc import Iterable

_ENDLESS = 1e10
"""From so many seconds on, some three centuries, hours say nothing."""
_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def format_number(value: float, digits: int = 4) -> str:
    """Write a number with `digits` significant digits; small and huge ones in scientific notation.

    >>> format_number(0.0001), format_number(0.05), format_number(16.31234), format_number(100)
    ('1e-4', '0.05', '16.31', '100')
    """
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if not value:
        return "0"  # without the sign that it may have
    magnitude = abs(value)
    if magnitude < 1e-3 or magnitude >= 1e6:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}e{int(exponent)}"
    return f"{value:.{digits}g}" if magnitude < 10**digits else f"{value:.0f}"


def format_exactly(value: float) -> str:
    """Write the shortest text that gives the same number when it is read back."""
    if isinstance(value, int):
        return str(value)
    if not value:
        return "0"  # without the sign that it may have
    text = repr(value)
    if abs(value) < 1e-3:
        mantissa, _, exponent = f"{value:.16e}".partition("e")
        for digits in range(17):
            mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
            text = f"{mantissa}e{int(exponent)}"
            if float(text) == value:
                break
    return text.removesuffix(".0")


def format_value(value: bool | int | float | str) -> str:
    """Write a parameter's value as a table or a tool tip shows it."""
    if isinstance(value, bool | str):
        return str(value)
    return format_number(value)


def format_duration(seconds: float) -> str:
    """Write a duration: "0.24 s", "12 s", "3 min 05 s", "2 h 07 min"."""
    if not seconds < _ENDLESS:
        return f"{format_number(seconds)} s"
    if seconds < 10:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"


def format_plainly(seconds: float) -> str:
    """Write a duration that somebody has chosen, as people say it: "0.5 s", "90 s", "30 min", "1 h 30 min"."""
    if seconds < 120:
        return f"{format_number(seconds)} s"
    return format_duration(seconds).removesuffix(" 00 s").removesuffix(" 00 min")


def format_running(seconds: float) -> str:
    """Write a time that runs on, in whole seconds, so that nothing flickers: "3 s", "1 min 05 s"."""
    return f"{int(seconds)} s" if seconds < 10 else format_duration(int(seconds))


def format_in_words(seconds: float) -> str:
    """Write a predicted duration as people say it after "about": "40 seconds", "1½ minutes", "an hour"."""
    if seconds < 1.5:
        return "a second"
    if seconds < 10:
        return f"{seconds:.0f} seconds"
    if seconds < 50:
        return f"{5 * round(seconds / 5)} seconds"
    if seconds < 50 * 60:
        return _in_halves(seconds / 60, "minute", "a minute")
    if seconds < 20 * 3600:
        return _in_halves(seconds / 3600, "hour", "an hour")
    return _in_halves(seconds / 86400, "day", "a day")


def _in_halves(count: float, unit: str, one: str) -> str:
    """Write a few of a unit in halves, more of them whole, many in steps of five."""
    halves = round(2 * count)
    if halves <= 2:
        return one
    if count < 5:
        whole, half = divmod(halves, 2)
        return f"{whole}{'½' * half} {unit}s"
    return f"{round(count) if count < 20 else 5 * round(count / 5):,} {unit}s"


def format_percent(share: float) -> str:
    """Write a share: "20 %", "12.5 %"."""
    return f"{100 * share:.4g} %"


def in_letters(number: int) -> str:
    """Return a small number as a word, "two"; from 13 on in digits, "1,000"."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else f"{number:,}"


def counted(number: int, noun: str) -> str:
    """Return the number of things: "1 row", "506 rows"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def format_result(value: float) -> str:
    """Write what was measured: a bare 1 or 0 would look like a count.

    >>> format_result(1.0), format_result(0.97222), format_result(18.0)
    ('1.000', '0.9722', '18')
    """
    return f"{abs(value):.3f}" if isinstance(value, float) and value in (0.0, 1.0) else format_number(value)


def format_spread(mean: float, spread: float | None) -> str:
    """Write a mean with its standard deviation, if there is one: "15.71 ± 0.42"."""
    return format_result(mean) if spread is None else f"{format_result(mean)} ± {format_number(spread, digits=2)}"


def listed(names: Iterable[str], word: str = "and") -> str:
    """Return names as they stand in a sentence, the last one after the word: "loss, mae and val_loss"."""
    *first, last = [*names] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last


def in_short(text: str, length: int = 60) -> str:
    """Return the text, cut to a length that a sentence can hold."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def some(texts: Iterable[str], count: int = 12) -> str:
    """Return the first few texts, separated by commas, and how many more there are."""
    every = list(texts)
    more = [f"and {len(every) - count:,} more"] if len(every) > count else []
    return ", ".join([*(in_short(text) for text in every[:count]), *more])


def format_bytes(count: float) -> str:
    """Write an amount of memory: "612 MB", "2.4 GB"."""
    return f"{count / 2**20:,.0f} MB" if count < 2**30 else f"{count / 2**30:,.1f} GB"


def format_shortly(seconds: float) -> str:
    """Write a duration for which milliseconds may matter: "12.3 ms", "4 s"."""
    return f"{1000 * seconds:.3g} ms" if seconds < 0.1 else format_duration(seconds)


def format_roughly(seconds: float) -> str:
    """Write a predicted duration, with two or three digits."""
    if seconds < 10:
        return format_shortly(seconds)
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    if minutes < 100:
        return f"{minutes:.0f} min" if minutes >= 10 else f"{minutes:.2g} min"
    return f"{minutes / 60:.1f} h" if minutes < 600 else f"{minutes / 60:,.0f} h"
