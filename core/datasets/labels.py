"""The order of classes; exported scripts have the same functions.

The functions are written into scripts as they stand here, so they need nothing but each other and `decimal`.
"""

import decimal
import inspect
from collections.abc import Callable


def in_order(labels: set[str]) -> list[str]:
    """Sort labels: numbers by value, then texts by code point. Only ASCII digits make a number, and "nan" is a text."""

    def key(label: str) -> tuple[bool, decimal.Decimal, str]:
        if not set(label) <= set("0123456789+-.eE"):
            return True, decimal.Decimal(), label
        try:
            return False, decimal.Decimal(label), label
        except decimal.InvalidOperation:
            return True, decimal.Decimal(), label

    return sorted(labels, key=key)


def in_first_order(labels: set[str]) -> list[str]:
    """Sort labels as Afina's first versions did: what Python reads as a number by that, then texts.

    With a label such as "nan", a number without a place, they had no order.
    """
    if label_without_place(labels):
        return in_order(labels)
    numbers = {label: number for label in labels if (number := as_float(label)) is not None}
    return sorted(labels, key=lambda label: (label not in numbers, numbers.get(label, 0.0), label))


def label_without_place(labels: set[str]) -> str | None:
    """Return a label that had no place in the order of Afina's first versions, such as "nan"; None if all had one."""
    return next(
        (label for label in sorted(labels) if (number := as_float(label)) is not None and number != number), None
    )


def as_float(label: str) -> float | None:
    """Return what Python reads the label as; None if that is no number."""
    try:
        return float(label)
    except ValueError:
        return None


def source_of(*functions: Callable[..., object]) -> str:
    """Return the functions as they are written here, with blank lines around each."""
    return "".join(f"\n{inspect.getsource(function)}\n" for function in functions)
