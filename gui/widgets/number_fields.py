"""Numbers that a person types: functions to read them, and fields to type them in."""

import contextlib
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPaintEvent, QPalette, QValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from core.errors import InvalidSetting
from core.formatting import format_exactly
from gui.widgets.marks import FAILED, MARK_SIZE, draw_error, draw_frame, painter_of

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_LINE_END = re.compile("[\n\v\f\r\x85\u2028\u2029]")
_MAX_QUOTE_LENGTH = 20
_MAX_DIGITS = 18  # of a whole number: more do not fit into the 64 bits that a search works with
_MAX_EXPONENT = 1000  # of any number: a float ends at 308, and a decimal can overflow when it is multiplied
_SIGN_WIDTH, _INDENT = 18, 3
_SECONDS = 60  # in a minute
_USUAL_DIGITS = 8
_FRAME_WIDTH = 16


def read_number(text: str) -> Decimal:
    """Return the number that the text means, or raise InvalidSetting with a sentence.

    A decimal comma is accepted unless it could also separate thousands: 0,1 but not 1,000.
    """
    typed = text.strip().replace("−", "-")
    if not typed:
        raise InvalidSetting("", "Enter a number")
    if _THOUSANDS.fullmatch(typed):
        raise InvalidSetting("", f"{_quote(text)} can be read in two ways: write it without a comma")
    typed = typed.replace(",", ".")
    if not _NUMBER.fullmatch(typed):
        raise InvalidSetting("", f"{_quote(text)} is not a number")
    try:
        number = Decimal(typed)
    except InvalidOperation:  # an exponent of twenty digits
        raise InvalidSetting("", f"{_quote(text)} is beyond what can be computed with") from None
    if number and abs(number.adjusted()) > _MAX_EXPONENT:
        raise InvalidSetting("", f"{_quote(text)} is {'too large' if number.adjusted() > 0 else 'too close to 0'}")
    return number


def read_float(text: str) -> float:
    """Return the finite real number that the text means, or raise InvalidSetting."""
    return _finite(read_number(text), text)


def read_percentage(text: str) -> float:
    """Return the fraction that a text in per cent means, or raise InvalidSetting."""
    return _finite(read_number(text.strip().removesuffix("%")).scaleb(-2), text)


def read_minutes(text: str) -> float:
    """Return the seconds that a text in minutes means, or raise InvalidSetting."""
    return _finite(read_number(text) * _SECONDS, text)


def write_minutes(seconds: float) -> str:
    """Return the shortest text, in minutes, that means exactly this number of seconds."""
    minutes = shorter = Decimal(repr(seconds)) / _SECONDS
    for digits in range(1, _MAX_DIGITS + 3):
        shorter = Decimal(f"{minutes:.{digits}g}")
        if float(shorter * _SECONDS) == seconds:
            break
    return f"{shorter:f}"


def read_integer(text: str) -> int:
    """Return the whole number that the text means (1e3 is one), or raise InvalidSetting."""
    number = read_number(text)
    if number and number.adjusted() >= _MAX_DIGITS:
        raise InvalidSetting("", f"{_quote(text)} is too large")
    whole = number.to_integral_value()
    if whole != number:
        raise InvalidSetting("", f"{_quote(text)} is not a whole number")
    return int(whole)


def _finite(number: Decimal, text: str) -> float:
    real = float(number)
    if real in (float("inf"), float("-inf")):
        raise InvalidSetting("", f"{_quote(text)} is too large")
    if number and not real:
        raise InvalidSetting("", f"{_quote(text)} is too close to 0")
    return real


def _quote(text: str) -> str:
    text = text.strip()
    return f"“{text}”" if len(text) <= _MAX_QUOTE_LENGTH else f"“{text[: _MAX_QUOTE_LENGTH - 1]}…”"


class _OneLine(QValidator):
    """Turns line ends, which only come with what is pasted, into spaces: a field cannot show them."""

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, _LINE_END.sub(" ", text), place


class NumberField(QLineEdit):
    """A number typed as text; a wrong one gets a border and an exclamation mark.

    The text gets its shortest form when the user leaves the field, never while they type; `is_rewriting` then.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem = ""
        self._description = ""
        self.is_rewriting = False
        self.setAccessibleName(name)
        self.setTextMargins(_INDENT, 0, 0, 0)
        self.setMinimumWidth(self.shortest_width())
        self.setValidator(_OneLine(self))
        self.editingFinished.connect(self._normalise)

    def shortest_width(self) -> int:
        """Return the width, in pixels, below which a usual number would be cut off."""
        return self.fontMetrics().horizontalAdvance("0") * _USUAL_DIGITS

    def read(self, text: str) -> Any:
        """Return the number that the text means, a float or an int depending on the class, or raise InvalidSetting."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return the number that stands in the field, or raise InvalidSetting."""
        return self.read(self.text())

    def set_value(self, value: Any) -> None:
        """Show the number."""
        raise NotImplementedError

    @property
    def problem(self) -> str:
        return self._problem

    def show_problem(self, sentence: str) -> None:
        """Mark the field as wrong, or as right when the sentence is empty."""
        if sentence == self._problem:
            return
        if not self._problem:
            self._description = self.accessibleDescription()
        self._problem = sentence
        self.setAccessibleDescription(sentence or self._description)
        self.setTextMargins(_INDENT, 0, _SIGN_WIDTH if sentence else 0, 0)
        self.update()

    def set_locked(self, locked: bool) -> None:
        """Let the number only be read, within a hairline, or be changed."""
        self.setReadOnly(locked)
        self.setFrame(not locked)
        palette = QPalette()
        if locked:
            palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)

    def _normalise(self) -> None:
        typed, self.is_rewriting = self.isModified(), True
        with contextlib.suppress(InvalidSetting):
            self.set_value(self.value())
        self.is_rewriting = False
        self.setModified(typed)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isReadOnly():
            draw_frame(self)
        if not self._problem:
            return
        draw_frame(self, FAILED)
        draw_error(painter_of(self), QPointF(self.width() - 6 - MARK_SIZE / 2, self.height() / 2), self.palette())


class FloatField(NumberField):
    """A real number; `value()` is a float."""

    def read(self, text: str) -> float:
        return read_float(text)

    def set_value(self, value: float) -> None:
        self.setText(format_exactly(value))


class PercentField(NumberField):
    """A fraction shown in per cent; `value()` is the fraction, a float."""

    def read(self, text: str) -> float:
        return read_percentage(text)

    def set_value(self, value: float) -> None:
        self.setText(f"{Decimal(repr(value)).scaleb(2).normalize():f}")


class IntegerField(NumberField):
    """A whole number; `value()` is an int."""

    def read(self, text: str) -> int:
        return read_integer(text)

    def set_value(self, value: int) -> None:
        self.setText(str(value))


class OptionalField(NumberField):
    """A number that can be left out: `value()` is None while the field is empty; `empty_text` says what that means.

    `read` turns a text into a number, or raises InvalidSetting; `write` turns a number into a text.
    """

    def __init__(
        self, name: str, empty_text: str, read: Callable[[str], float], write: Callable[[Any], str] = format_exactly
    ) -> None:
        super().__init__(name)
        self._read = read
        self._write = write
        self.setPlaceholderText(empty_text)
        self.setMinimumWidth(self.shortest_width())

    def shortest_width(self) -> int:
        return max(
            super().shortest_width(), self.fontMetrics().horizontalAdvance(self.placeholderText()) + _FRAME_WIDTH
        )

    def read(self, text: str) -> Any:
        return self._read(text) if text.strip() else None

    def set_value(self, value: float | None) -> None:
        self.setText("" if value is None else self._write(value))
