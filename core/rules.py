"""Rules between parameters: which combinations of their values a study may try."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from core.errors import InvalidSetting
from core.formatting import format_exactly
from core.ranges import Value


class Relation(StrEnum):
    """How the two sides of a rule compare."""

    BELOW = "<"
    AT_MOST = "<="
    AT_LEAST = ">="
    ABOVE = ">"

    @property
    def sign(self) -> str:
        return {"<=": "≤", ">=": "≥"}.get(self.value, self.value)

    @property
    def strict(self) -> bool:
        return self in (Relation.BELOW, Relation.ABOVE)

    def compares(self, left: Any, right: Any) -> Any:
        """Return whether the relation holds between two numbers, or between each two of arrays."""
        return _COMPARE[self](left, right)

    @property
    def limits_left(self) -> bool:
        """Whether the left side is the smaller one."""
        return self in (Relation.BELOW, Relation.AT_MOST)


_COMPARE: dict[Relation, Callable[[Any, Any], Any]] = {
    Relation.BELOW: operator.lt,
    Relation.AT_MOST: operator.le,
    Relation.AT_LEAST: operator.ge,
    Relation.ABOVE: operator.gt,
}

_LIKE_A_RULE = re.compile(r"[×<>≤≥]|^\W*\d")
"""In a label: a sign of a rule, or the beginning of a number."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameter `left`, or its product with the parameter `times`, compared with `right`: a parameter or a number.

    People ask only for chains of layers (units₂ ≤ units₁) and for limits of a product (units × layers ≤ 512); the
    bounds of a single parameter are its range. A rule holds where one of its parameters does not apply.
    """

    left: str
    relation: Relation
    right: str | float
    times: str = ""

    def __post_init__(self) -> None:
        if not self.left or self.right == "":
            raise InvalidSetting("left" if not self.left else "right", "A rule must name its parameters")
        if isinstance(self.right, float) and not math.isfinite(self.right):
            raise InvalidSetting("right", f"The number of a rule must be finite, not {self.right}")
        if self.left == self.right and not self.times:
            raise InvalidSetting("right", "A rule must compare two different parameters")

    @property
    def names(self) -> frozenset[str]:
        """The names of the rule's parameters."""
        sides = (self.left, self.times, self.right)
        return frozenset(name for name in sides if isinstance(name, str) and name)

    def compare(self, number: Callable[[str], Any]) -> Any:
        """Return whether the rule holds; `number` returns the number of the parameter with a given name.

        If it returns arrays of numbers, the result is an array too.
        """
        left = number(self.left) * number(self.times) if self.times else number(self.left)
        return self.relation.compares(left, number(self.right) if isinstance(self.right, str) else self.right)

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Return whether a trial may have these values; `values` holds only the values that apply to the trial."""
        return any(name not in values for name in self.names) or bool(self.compare(values.__getitem__))

    def text(self, label: Callable[[str], str]) -> str:
        """Return the rule as it is shown; `label` returns a parameter's label."""
        left = " × ".join(_operand(label(name)) for name in (self.left, self.times) if name)
        right = _operand(label(self.right)) if isinstance(self.right, str) else format_exactly(self.right)
        return f"{left} {self.relation.sign} {right}"


def _operand(label: str) -> str:
    """Return a label for a rule's text: in quotes where it could be taken for a number, or for a part of a rule."""
    return f"“{label}”" if _LIKE_A_RULE.search(label) else label
