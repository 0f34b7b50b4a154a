"""The digits of a column: all its numbers have the same number of decimals, chosen from what the column holds.

Only the magnitudes of the numbers are kept, so that a number is taken in and written at the same cost in any column.
"""

import math
from collections import Counter

from core.formatting import format_duration, format_number, format_spread
from core.parameters import Value

_WANTED, _MOST = 4, 5
"""The significant digits of a number at the lower quarter of the magnitudes, and the most at the upper end."""
_BEFORE_POWER = 3
"""The significant digits before an exponent."""
_LEAST = 2
"""The fewest significant digits with which a number is still told well enough."""
_HUGE, _TINY = 6, -4
"""Powers of ten from which on, and up to which, numbers are written with an exponent."""
_MANY = 8
"""From so many decimals on a number counts as having no end."""
_ROUNDED = 0.0002
"""By how much a logarithm grows by rounding to four digits."""


class Digits:
    """How the numbers of a column are written.

    `ended_only`: only numbers of trials that have ended decide, and a few that are far off do not: results that change
    while a trial runs, and may be of any size. `spread`: each number has a deviation beside it.
    """

    def __init__(self, *, ended_only: bool = False, spread: bool = False) -> None:
        self.ended_only = ended_only
        self.sampled = False
        """Whether the column holds more numbers than were taken in, so that some may be far larger."""
        self._spread = spread
        self._magnitudes: Counter[int] = Counter()
        """How many numbers have which power of ten."""
        self._needed = 0
        """The decimals that write every number exactly, at most `_MANY`."""
        self._negative = self._whole = False
        self._form: tuple[int, bool] | None = None

    def add(self, value: float) -> None:
        """Take in a number of the column."""
        if not math.isfinite(value):
            return
        if value:
            self._magnitudes[_magnitude(value)] += 1
            self._form = None
        self._negative |= value < 0
        if isinstance(value, int):
            self._whole = True
        elif self._needed < _MANY:
            self._needed = max(self._needed, _decimals_of(value))
            self._form = None

    @property
    def form(self) -> tuple[int, bool]:
        """The decimals of all numbers, and whether they are written with an exponent."""
        if self._form is None:
            self._form = self._formed()
        return self._form

    def _formed(self) -> tuple[int, bool]:
        if not self._magnitudes:
            return self._needed, False
        low, high = self._quarter(1), self._quarter(3) if self.ended_only else max(self._magnitudes)
        decimals = min(max(0, min(_WANTED - 1 - low, _MOST - 1 - high)), self._needed)
        smallest = low if self.ended_only else min(self._magnitudes)
        vanish = decimals < self._needed and decimals + smallest + 1 < _LEAST
        return decimals, vanish or high <= _TINY or low >= _HUGE

    def _quarter(self, number: int) -> int:
        """Return the magnitude below which so many quarters of the numbers lie."""
        left = number * self._magnitudes.total() / 4
        for magnitude in sorted(self._magnitudes):
            left -= self._magnitudes[magnitude]
            if left <= 0:
                return magnitude
        return max(self._magnitudes)

    def write(self, value: Value) -> str:
        """Write a number."""
        if isinstance(value, int | str):
            return str(value)
        return self.text(value)

    def text(self, number: float) -> str:
        """Write a number that need not be a whole one."""
        decimals, exponent = self.form
        if not self._magnitudes or not math.isfinite(number):
            return format_number(number)
        if not number:
            return "0" if exponent else f"{0:.{decimals}f}"
        if exponent:
            mantissa, power = f"{number:.{_BEFORE_POWER - 1}e}".split("e")
            return f"{mantissa}e{int(power)}"
        return f"{number:.{decimals}f}" if self._is_told(number, decimals) else format_number(number)

    def _is_told(self, number: float, decimals: int) -> bool:
        """Return whether so many decimals tell the number: it is not far larger, or smaller, than the others."""
        magnitude = _magnitude(number)
        return magnitude < _HUGE and (decimals + magnitude + 1 >= _LEAST or decimals == self._needed < _MANY)

    def with_spread(self, mean: float, spread: float | None) -> str:
        """Write a mean with its standard deviation, if there is one, both with the column's decimals."""
        if spread is None:
            return self.text(mean)
        decimals, exponent = self.form
        if not self._magnitudes or exponent or not self._is_told(mean or 1.0, decimals):
            return format_spread(mean, spread)
        return f"{self.text(mean)} ± {spread:.{max(decimals, 1)}f}"

    @property
    def widest(self) -> str:
        """About the widest text of the column."""
        if not self._magnitudes:
            return "0"
        decimals, exponent = self.form
        sign = "-" if self._negative else ""
        if exponent and not self._whole:
            return f"{sign}8.{'8' * (_BEFORE_POWER - 1)}e-8"
        plain = [one for one in self._magnitudes if one < _HUGE or self._whole]
        whole = "8" * (max(0, *plain, 0) + 1)
        texts = [f"{whole}.{'8' * decimals}" if decimals else whole]
        if (
            self.sampled
            or len(plain) < len(self._magnitudes)
            or not self._is_told(10.0 ** min(self._magnitudes), decimals)
        ):
            texts.append("8.888e-8")
        widest = max(texts, key=len)
        return f"{sign}{widest} ± {widest}" if self._spread else f"{sign}{widest}"


class Durations(Digits):
    """How durations are written: seconds with the same decimals, longer ones as minutes and hours."""

    def __init__(self) -> None:
        super().__init__(ended_only=True)
        self._longest = 0.0

    def add(self, value: float) -> None:
        super().add(value)
        self._longest = max(self._longest, value)

    def _formed(self) -> tuple[int, bool]:
        return max(0, 2 - max(0, self._quarter(3))) if self._magnitudes else 2, False

    def text(self, seconds: float) -> str:
        decimals = self.form[0]
        if not self._magnitudes or not seconds < 59.5:
            return format_duration(seconds)
        return f"{seconds:.{decimals}f} s"

    @property
    def widest(self) -> str:
        return max(self.text(self._longest), self.text(8.0), key=len)


def _magnitude(number: float) -> int:
    """Return the power of ten of a number that is not 0, as it is once the number is rounded: 0.09999 counts as 0.1."""
    return math.floor(math.log10(abs(number)) + _ROUNDED)


def _decimals_of(number: float) -> int:
    """Return the decimals that write the number exactly, at most `_MANY`."""
    text = repr(number)
    if "e" in text:
        return _MANY if abs(number) < 1 else 0
    decimals = len(text) - text.index(".") - 1
    return 0 if text.endswith(".0") else min(decimals, _MANY)
