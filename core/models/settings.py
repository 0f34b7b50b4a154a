"""ModelSettings: the model, the ranges of its parameters, and the rules that their values keep."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from core.conditions import Condition, Single, applying, can_hold, singles, together
from core.errors import InvalidSetting
from core.letters import quoted
from core.models.catalogue import FAMILIES, family_of
from core.models.custom.model_file import ModelFile
from core.models.family import ModelFamily
from core.parameters import BooleanParameter, ChoiceParameter, Fixed, Range, Value
from core.rules import Rule
from core.space import Space

MAX_RULES = 30


class ModelSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The model family, a range for each of its parameters, and the rules that their values keep together.

    A model `file` takes the family's place. Values that follow from the fields are computed once and cached in the
    `__dict__`, which equality, encoding and `replace` ignore.
    """

    family_name: str = msgspec.field(name="family", default="linear")
    ranges: dict[str, Range] = msgspec.field(
        default_factory=lambda: {p.name: p.first_range() for p in FAMILIES["linear"].parameters}
    )
    file: ModelFile | None = None
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        self._check_ranges()
        if len(self.rules) > MAX_RULES:
            raise InvalidSetting("rules", f"{len(self.rules)} rules are more than the {MAX_RULES} that are possible")
        for place, rule in enumerate(self.rules):
            self._check_rule(f"rules.{place}", rule)
        self._check_what_is_left()

    def _check_ranges(self) -> None:
        family = self.family
        known = {parameter.name for parameter in family.parameters}
        newer = [p for p in family.parameters if p.name in family.newer and p.name not in self.ranges]
        if newer:
            defaults = {parameter.name: Fixed(parameter.default) for parameter in newer}
            msgspec.structs.force_setattr(self, "ranges", self.ranges | defaults)
        for name in self.ranges:
            if name not in known:
                raise InvalidSetting(f"ranges.{name}", f"{family.label} has no parameter {quoted(name)}")
        for parameter in family.parameters:
            if parameter.name not in self.ranges:
                raise InvalidSetting(f"ranges.{parameter.name}", f"{parameter.label} has no value or range")
            try:
                parameter.check(self.ranges[parameter.name])
            except InvalidSetting as error:
                raise error.under(f"ranges.{parameter.name}") from None

    def _check_rule(self, path: str, rule: Rule) -> None:
        parameters = {parameter.name: parameter for parameter in self.family.parameters}
        for name in sorted(rule.names):
            if name not in parameters:
                raise InvalidSetting(path, f"{self.family.label} has no parameter {quoted(name)} for a rule")
            if isinstance(parameters[name], ChoiceParameter | BooleanParameter):
                raise InvalidSetting(path, f"{parameters[name].label} is no number: a rule compares numbers")

    def _check_what_is_left(self) -> None:
        space = self.space
        breach = space.breach()
        if breach is None:
            return
        alone = Space(space.given, space.conditions, [breach]).breach() is not None
        leave = "leaves nothing of these ranges" if alone else "and the other rules leave nothing of these ranges"
        raise InvalidSetting(f"rules.{self.rules.index(breach)}", f"“{self.text_of(breach)}” {leave}")

    @property
    def chosen(self) -> ModelFile | str:
        """The model file, or else the name of the family."""
        return self.file or self.family_name

    @cached_property
    def family(self) -> ModelFamily:
        return family_of(self.chosen)

    def text_of(self, rule: Rule) -> str:
        """Return the rule's text, with the labels that the window shows."""
        return rule.text({parameter.name: parameter.label for parameter in self.family.parameters}.__getitem__)

    def can_apply(self, name: str) -> bool:
        """Return whether the parameter applies for at least one value of each parameter that it depends on."""
        if name not in self._can_apply:
            self._can_apply[name] = all(
                can_hold(single, self.ranges[single.parameter]) and self.can_apply(single.parameter)
                for single in singles(self.family.conditions.get(name))
            )
        return self._can_apply[name]

    @cached_property
    def _can_apply(self) -> dict[str, bool]:
        """The answers of `can_apply` so far: many parameters may depend on one."""
        return {}

    def condition_of(self, name: str) -> Condition | None:
        """Return the condition under which the parameter applies: the nearest conditions on varied parameters.

        Return None when it applies to all trials, or to none.
        """
        return together(self._deciding(name)) if self.can_apply(name) else None

    def _deciding(self, name: str) -> Iterable[Single]:
        """Return the conditions on varied parameters that decide whether the parameter applies, each once."""
        if name not in self._decided:
            found: dict[Single, None] = {}
            for single in singles(self.family.conditions.get(name)):
                is_fixed = isinstance(self.ranges[single.parameter], Fixed)
                found.update(dict.fromkeys(self._deciding(single.parameter) if is_fixed else (single,)))
            self._decided[name] = tuple(found)
        return self._decided[name]

    @cached_property
    def _decided(self) -> dict[str, tuple[Single, ...]]:
        """The answers of `_deciding` so far."""
        return {}

    def values_at(self, point: Mapping[str, Value]) -> dict[str, Value]:
        """Return the values of a trial at the point: the point's and the fixed ones that apply, as models take them."""
        parameters = {parameter.name: parameter for parameter in self.family.parameters}
        values = {name: given.value for name, given in self.ranges.items() if isinstance(given, Fixed)} | dict(point)
        known = {name: parameters[name].plain(values[name]) for name in self.ranges if name in values}
        return applying(known, self.family.conditions)

    @cached_property
    def varied(self) -> dict[str, Range]:
        """The ranges that are not fixed and can apply, in the family's order."""
        names = (parameter.name for parameter in self.family.parameters)
        return {
            name: self.ranges[name]
            for name in names
            if not isinstance(self.ranges[name], Fixed) and self.can_apply(name)
        }

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """The conditions of those varied parameters that depend on a varied parameter."""
        return self._conditions_of(self.varied)

    def _conditions_of(self, names: Iterable[str]) -> dict[str, Condition]:
        found = {name: self.condition_of(name) for name in names}
        return {name: condition for name, condition in found.items() if condition is not None}

    @cached_property
    def space(self) -> Space:
        """The search space, under the rules in force."""
        rules = self.rules_in_force
        named = {name for rule in rules for name in rule.names}
        ranges = self.varied | {name: given for name, given in self.ranges.items() if name in named}
        return Space(ranges, self._conditions_of(ranges), rules)

    @property
    def rules_in_force(self) -> tuple[Rule, ...]:
        """The rules on parameters that can apply: a rule on a parameter that applies to no trial forbids nothing."""
        return tuple(rule for rule in self.rules if all(map(self.can_apply, rule.names)))
