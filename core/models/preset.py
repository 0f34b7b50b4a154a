"""Presets: ranges with a name, declared by a model family or saved by the user."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from core.errors import InvalidSetting
from core.parameters import Parameter, Range
from core.rules import Rule


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ranges of some of a model's parameters, and rules; the other parameters are as they are declared."""

    format: Literal["afina-preset-1"] = "afina-preset-1"
    name: str
    help: str = ""
    ranges: dict[str, Range]
    rules: tuple[Rule, ...] = ()

    def whole(self, parameters: Iterable[Parameter]) -> dict[str, Range]:
        """Return a range for each of these parameters; InvalidSetting if one of the preset's is not among them."""
        ranges = {parameter.name: parameter.first_range() for parameter in parameters}
        for name in self.ranges:
            if name not in ranges:
                raise InvalidSetting(
                    f"ranges.{name}", f"The preset is of another model: there is no parameter {name!r}"
                )
        return ranges | self.ranges

    def fits(self, parameters: Iterable[Parameter]) -> bool:
        """Return whether all its ranges and rules can be those of these parameters."""
        known = {parameter.name: parameter for parameter in parameters}
        try:
            for name, given in self.ranges.items():
                known[name].check(given)
        except (KeyError, InvalidSetting):
            return False
        return all(rule.names <= known.keys() for rule in self.rules)
