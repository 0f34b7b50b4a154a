"""Warnings about settings that can run but hardly do what was meant, from the settings alone: no data are read."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import prod

from core.axis import Axis
from core.conditions import Condition, applying, parents
from core.datasets.part_sizes import part_sizes
from core.formatting import listed
from core.models.declarations import BATCH_SIZE, OPTIMISER
from core.models.settings import ModelSettings
from core.ranges import Choices, Range, Value
from core.rule_bounds import Bounds, bounds_of, narrowed
from core.rules import Rule
from core.search.settings import SearchMethod
from core.settings import StudySettings

UNSTANDARDISED = "Without this, SGD diverges on this data at most learning rates"
OFTEN = "Without this, SGD often diverges: features of large numbers outweigh the others"
_SGD = "sgd"
_UNEVEN = "boston_housing", "breast_cancer", "wine"
"""Afina's own data sets whose features are of very different sizes."""
_TRIED = 2000
"""The most combinations of values that are looked at for a rule, which takes a hundredth of a second."""


def warnings_of(settings: StudySettings) -> dict[str, str]:
    """Return a sentence for each setting that the user should look at, by its path: "model.ranges.batch_size"."""
    model = settings.model
    found = {"data.standardise": _unstandardised(settings)}
    in_ranges = {BATCH_SIZE.name: _batch_size(settings)} | _single_values(model)
    found |= {f"model.ranges.{name}": sentence for name, sentence in in_ranges.items()}
    found |= {f"model.rules.{place}": _idle_rule(model, place) for place in range(len(model.rules))}
    found["search.initial_points"] = _nothing_learnt(settings)
    return {path: sentence for path, sentence in found.items() if sentence}


def _unstandardised(settings: StudySettings) -> str:
    """Return a sentence on features as they are, where plain SGD may train on them; empty where nothing speaks of it.

    What a model file does with features is its own affair.
    """
    data, optimiser = settings.data, settings.model.ranges.get(OPTIMISER.name)
    if data.standardise or settings.model.file is not None:
        return ""
    if _SGD not in (optimiser.values if isinstance(optimiser, Choices) else (getattr(optimiser, "value", ""),)):
        return ""
    if data.file is not None:
        return OFTEN
    return UNSTANDARDISED if data.dataset in _UNEVEN else ""


def _nothing_learnt(settings: StudySettings) -> str:
    """Return a sentence on a search that ends before it chooses a point; empty when it does not."""
    trials, search = settings.budget.trials, settings.search
    if search.method is not SearchMethod.BAYESIAN or search.initial_points < trials:
        return ""
    spread = "The only trial is an initial point" if trials == 1 else f"All {trials:,} trials are initial points"
    return f"{spread}: the search chooses none"


def _batch_size(settings: StudySettings) -> str:
    """Return a sentence on batch sizes above the rows that train; empty when there are none."""
    given = settings.model.ranges.get(BATCH_SIZE.name)
    train, _validation, _test, exact = part_sizes(settings.data)
    if given is None or not train:
        return ""
    low, high = _left_by_rules(settings.model).get(BATCH_SIZE.name, bounds_of(given))
    if high <= train:
        return ""
    rows = f"{'' if exact else 'About '}{train:,} rows train{' a fold' if settings.data.folds else ''}"
    return f"{rows}: {'each epoch is a single step' if low > train else 'all sizes above are the same'}"


def _left_by_rules(model: ModelSettings) -> Bounds:
    """Return the bounds that rules leave to parameters that apply to every trial."""
    rules = [rule for rule in model.rules_in_force if not rule.names & model.space.conditions.keys()]
    ranges = {name: model.ranges[name] for rule in rules for name in rule.names}
    left = narrowed({name: bounds_of(given) for name, given in ranges.items()}, ranges, rules)
    return {} if isinstance(left, Rule) else left


def _single_values(model: ModelSettings) -> dict[str, str]:
    """Return a sentence for each varied number of which the rules leave one value, by its name."""
    texts = {parameter.name: parameter.text for parameter in model.family.parameters}
    return {
        name: f"The rules leave only {texts[name](low)}: it does not vary"
        for name, (low, high) in _left_by_rules(model).items()
        if low == high and name in model.varied
    }


def _idle_rule(model: ModelSettings, place: int) -> str:
    """Return a sentence on a rule that excludes nothing; empty when it excludes something, or that is hard to say."""
    rule = model.rules[place]
    labels = {parameter.name: parameter.label for parameter in model.family.parameters}
    never = [labels[name] for name in sorted(rule.names) if not model.can_apply(name)]
    if never:
        return f"It excludes nothing: {listed(never)} {'apply' if len(never) > 1 else 'applies'} to no trial"
    if rule in model.rules[:place]:
        return f"It excludes nothing more: rule {model.rules.index(rule) + 1} is the same"
    return "It excludes nothing: these ranges always keep to it" if _excludes_nothing(model, rule) else ""


def _excludes_nothing(model: ModelSettings, rule: Rule) -> bool:
    """Return whether every point of the ranges keeps the rule; False, too, where that is too much to find out.

    With all other values given, the sides of a rule rise or fall with each of its numbers, so it is enough to look at
    the lowest and the highest one; of a parameter that decides whether others apply, every value is looked at.
    """
    space = model.space
    names, deciding = _involved(rule, {name: parents(condition) for name, condition in space.conditions.items()})
    if _turns(rule, space.given):
        return False
    values = {name: _every_value(space.given[name]) if name in deciding else _ends(space.given[name]) for name in names}
    if not 0 < prod(map(len, values.values())) <= _TRIED:
        return False
    conditions = tuple((name, condition) for name, condition in space.conditions.items() if name in names)
    return _always_holds(rule, tuple((name, tuple(each)) for name, each in values.items()), conditions)


@lru_cache(maxsize=64)  # the form asks after each change
def _always_holds(
    rule: Rule, values: tuple[tuple[str, tuple[Value, ...]], ...], conditions: tuple[tuple[str, Condition], ...]
) -> bool:
    """Return whether the rule holds for all combinations of these values."""
    names, on = [name for name, _each in values], dict(conditions)
    combined = product(*(each for _name, each in values))
    return all(rule.holds(applying(dict(zip(names, chosen, strict=True)), on)) for chosen in combined)


def _turns(rule: Rule, ranges: Mapping[str, Range]) -> bool:
    """Return whether the sides of a rule may be nearest between the ends: a number times itself can be."""
    squared = rule.times == rule.left and not rule.relation.limits_left
    return squared and (rule.right == rule.left or bounds_of(ranges[rule.left])[0] < 0)


def _involved(rule: Rule, depends: Mapping[str, Sequence[str]]) -> tuple[list[str], set[str]]:
    """Return the rule's parameters with all that decide whether they apply, and those that decide."""
    names, deciding, waiting = set(rule.names), set[str](), sorted(rule.names)
    while waiting:
        on = depends.get(waiting.pop(), ())
        waiting += [name for name in on if name not in names]
        names.update(on)
        deciding.update(on)
    return sorted(names), deciding


def _ends(given: Range) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(bounds_of(given)))


def _every_value(given: Range) -> Sequence[Value]:
    """Return the values of a range; an empty sequence where they are too many to look at."""
    axis = Axis(given)
    return axis.all_values() if 0 < axis.count <= _TRIED else ()
