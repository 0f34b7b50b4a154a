"""Presets: ranges with a name, declared by a model family or saved by the user."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from core.errors import InvalidSetting
from core.letters import quoted
from core.parameters import Choices, Parameter, Range
from core.rules import Rule

Filling = tuple[Mapping[str, object], frozenset[Rule]]
"""Ranges and rules in a form that is equal for equal ones: choices and rules have no order."""


def filling(ranges: Mapping[str, Range], rules: Iterable[Rule]) -> Filling:
    """Return ranges and rules so that they can be compared."""
    made = {name: frozenset(given.values) if isinstance(given, Choices) else given for name, given in ranges.items()}
    return made, frozenset(rules)


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
                    f"ranges.{name}", f"The preset is of another model: there is no parameter {quoted(name)}"
                )
        return ranges | self.ranges

    def filling(self, parameters: Iterable[Parameter]) -> Filling | None:
        """Return what the preset makes of these parameters, to be compared; None if it is of another model."""
        try:
            return filling(self.whole(parameters), self.rules)
        except InvalidSetting:
            return None

    def fits(self, parameters: Iterable[Parameter]) -> bool:
        """Return whether all ranges and rules of the preset are valid for these parameters."""
        known = {parameter.name: parameter for parameter in parameters}
        try:
            for name, given in self.ranges.items():
                known[name].check(given)
        except (KeyError, InvalidSetting):
            return False
        return all(rule.names <= known.keys() for rule in self.rules)
