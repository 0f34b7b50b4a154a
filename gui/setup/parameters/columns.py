"""The measures of the table of parameters, for a size of type."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QWidget

VARY, NAME, LOW, HIGH, SCALE, VALUE, BACK, HELP = "vary", "name", "low", "high", "scale", "value", "back", "help"


@dataclass(frozen=True)
class Columns:
    """Widths and heights in pixels."""

    vary: int
    number: int
    scale: int
    button: int
    header: int
    row: int
    row_with_condition: int
    least_name: int
    pad: int
    arrow: int
    sign: int

    @property
    def least_width(self) -> int:
        """The width of the card below which names would not be read."""
        return self.vary + self.least_name + self._values + 2 * self.button

    @property
    def _values(self) -> int:
        return 2 * self.number + self.scale

    def place(self, column: str, width: int) -> tuple[int, int]:
        """Return where a column begins, and its width, in a card of that width."""
        back = width - 2 * self.button
        low = back - self._values
        return {
            VARY: (0, self.vary),
            NAME: (self.vary, low - self.vary),
            LOW: (low, self.number),
            HIGH: (low + self.number, self.number),
            SCALE: (low + 2 * self.number, self.scale),
            VALUE: (low, self._values),
            BACK: (back, self.button),
            HELP: (back + self.button, self.button),
        }[column]


def columns_for(widget: QWidget) -> Columns:
    """Return the measures for the widget's font."""
    return _columns(QFontInfo(widget.font()).pixelSize())


@lru_cache(maxsize=8)
def _columns(pixels: int) -> Columns:
    def of(length: int) -> int:
        return round(length * pixels / 12)

    return Columns(
        vary=of(36),
        number=of(51),
        scale=of(78),
        button=of(24),
        header=of(20),
        row=of(28),
        row_with_condition=of(42),
        least_name=of(104),
        pad=of(5),
        arrow=of(16),
        sign=of(18),
    )
