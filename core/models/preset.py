"""Presets: ranges with a name, declared by a model family or saved by the user."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from core.errors import InvalidSetting
from core.parameters import Parameter, Range
from core.rules import Rule


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ranges for some of a model's parameters, and rules; the other parameters keep their declared ranges."""

    format: Literal["afina-preset-1"] = "afina-preset-1"
    name: str
    help: str = ""
    ranges: dict[str, Range]
    rules: tuple[Rule, ...] = ()

    def whole(self, parameters: Iterable[Parameter]) -> dict[str, Range]:
        """Return a range for each of these parameters. Raises InvalidSetting if the preset has any other parameter."""
        ranges = {parameter.name: parameter.first_range() for parameter in parameters}
        for name in self.ranges:
            if name not in ranges:
                raise InvalidSetting(
                    f"ranges.{name}", f"The preset is of another model: there is no parameter {name!r}"
                )
        return ranges | self.ranges

    def fits(self, parameters: Iterable[Parameter]) -> bool:
        """Return whether all ranges and rules of the preset are valid for these parameters."""
        known = {parameter.name: parameter for parameter in parameters}
        try:
            for name, given in self.ranges.items():
                known[name].check(given)
        except (KeyError, InvalidSetting):
            return False
        return all(rule.names <= known.keys() for rule in self.rules)
