"""Finds the hyperparameters of a `build(hp)`, and the conditions they depend on, by dry builds.

One build with the defaults shows only the hyperparameters that the defaults reach. Keras Tuner then activates its
conditional scopes one by one. Here each hyperparameter is also set to other values: this finds hyperparameters that an
`if` or a loop hides from the first build, and the condition under which they are reached, so that a search wastes no
points on a hyperparameter that does not apply. The ends of all ranges are tried first. The values between them follow
where they are few, and first where the ends reach different hyperparameters.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import assert_never

import msgspec

from core.clock import seconds_awake
from core.conditions import AtLeast, Condition, IsOneOf, Single, parents, together
from core.models.custom.declared import Declared
from core.models.custom.keras_tuner_api import HyperParameters
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Value, levels_of

MAX_BUILDS = 1000
MAX_SECONDS = 20.0
_MAX_LEVELS = 32

Build = Callable[[HyperParameters], object]
Overrides = Mapping[str, Value]


class Exploration:
    """The hyperparameters that dry builds have found; `complete` is False when the time or the builds ran out."""

    def __init__(self, build: Build, seconds: float = MAX_SECONDS) -> None:
        """Build once with the defaults. Raises whatever the build raises."""
        self._build = build
        self._until = seconds_awake() + seconds
        self._reached: dict[frozenset[tuple[str, Value]], frozenset[str] | None] = {}
        """The hyperparameters that a build with these values reached; None if it raised."""
        self._builds: list[dict[str, Value]] = []
        """The values of the active hyperparameters in each build."""
        self._order: list[str] = []
        self._found: dict[str, Declared] = {}
        self._paths: dict[str, dict[str, Value]] = {}
        self._conditions: dict[str, dict[str, Single]] = {}
        self._waiting: list[str] = []
        self._between: dict[str, tuple[bool, int]] = {}
        """Hyperparameters with values to try between the ends: whether the ends agree, and the number of values."""
        self.complete = True
        self._try({})

    def parameters(self) -> tuple[Declared, ...]:
        """Look for more hyperparameters, and return all, each after those that it depends on."""
        while self._waiting or self._between:
            if self._waiting:
                self._try_ends(self._waiting.pop(0))
            else:
                first = min(self._between, key=self._between.__getitem__)
                del self._between[first]
                self._try_all(first)
        chosen: dict[str, Condition | None] = {}
        for name in self._order:
            chosen[name] = self._when(name, chosen)
        return tuple(msgspec.structs.replace(self._found[name], when=chosen[name]) for name in self._order)

    def _try_ends(self, parent: str) -> None:
        """Try the lowest and the highest value of one hyperparameter, or each of its names."""
        declared = self._found[parent]
        reached = {self._see(self._paths[parent] | {parent: value}) for value in _ends(declared)}
        levels = _levels(declared)
        if levels is not None:
            self._between[parent] = len(reached) < 2, len(levels)

    def _try_all(self, parent: str) -> None:
        """Try each value of one hyperparameter, and note the hyperparameters that only some values reach."""
        levels = _levels(self._found[parent]) or ()
        reached = {value: self._see(self._paths[parent] | {parent: value}) for value in levels}
        seen = {value: names for value, names in reached.items() if names is not None}
        for name in frozenset().union(*seen.values()) - {parent}:
            at = {value: name in names for value, names in seen.items()}
            if not all(at.values()):
                self._conditions[name].setdefault(parent, _condition(parent, levels, at))

    def _see(self, overrides: Overrides) -> frozenset[str] | None:
        """Return the hyperparameters that a build reaches; None if it raises, as some do, or if the time is up."""
        key = frozenset(overrides.items())
        if key not in self._reached:
            if len(self._builds) >= MAX_BUILDS or seconds_awake() > self._until:
                self.complete = False
                return None
            try:
                self._try(overrides)
            except Exception:  # noqa: BLE001  a trial with these values will say so
                self._reached[key] = None
        return self._reached[key]

    def _try(self, overrides: Overrides) -> None:
        hp = HyperParameters(overrides, self._found)
        self._build(hp)
        reached = frozenset(hp.declared)
        self._reached[frozenset(overrides.items())] = reached
        self._builds.append(hp.values)
        place = 0
        for name, declared in hp.declared.items():
            if name in self._found:
                place = self._order.index(name) + 1
                continue
            self._order.insert(place, name)
            place += 1
            self._found[name] = declared
            scopes = hp.scopes[name]
            # To reach a hyperparameter in an inactive scope, a build must first make the scope active.
            closed = (scope for scope in scopes if hp.values.get(scope.parameter) not in scope.values)
            opening = {scope.parameter: scope.values[0] for scope in closed}
            self._paths[name] = dict(overrides) | opening
            if name in hp.values:  # its default as a given value would make the same build
                self._reached[frozenset((dict(overrides) | {name: hp.values[name]}).items())] = reached
            self._conditions[name] = {scope.parameter: scope for scope in scopes}
            self._waiting.append(name)

    def _when(self, name: str, chosen: Mapping[str, Condition | None]) -> Condition | None:
        """Return the condition of a hyperparameter; `chosen` are the conditions of those before it."""
        conditions = self._conditions[name].values()
        sound = [c for c in conditions if c.parameter in chosen and self._is_sound(name, c)]
        implied = {above for condition in sound for above in _above(condition.parameter, chosen)}
        return together(c for c in sound if c.parameter not in implied)

    def _is_sound(self, name: str, condition: Single) -> bool:
        """Return whether the condition held in every build that reached the hyperparameter."""
        where = [values for values in self._builds if name in values]
        return all(condition.parameter in values and condition.holds(values[condition.parameter]) for values in where)


def _above(name: str, chosen: Mapping[str, Condition | None]) -> Iterator[str]:
    """Yield the hyperparameters that one depends on, directly or indirectly."""
    for parent in parents(chosen[name]):
        yield parent
        yield from _above(parent, chosen)


def _levels(declared: Declared) -> Sequence[Value] | None:
    """Return the values of a range if they are few enough to try them all, else None."""
    given = declared.range
    if isinstance(given, Choices | OffOrOn):
        return levels_of(given)
    whole = range(given.low, given.high + 1) if isinstance(given, IntegerRange) else None
    levels = levels_of(given) or whole
    return levels if levels is not None and len(levels) <= _MAX_LEVELS else None


def _ends(declared: Declared) -> Sequence[Value]:
    """Return the values to try first: all names, but only the two ends of a range of numbers."""
    match declared.range:
        case FloatRange(low=low, high=high) | IntegerRange(low=low, high=high):
            return low, high
        case Levels(values=values):
            return values[0], values[-1]
        case Choices() | OffOrOn() as names:
            return levels_of(names) or ()
        case _:
            assert_never(declared.range)


def _condition(parent: str, levels: Sequence[Value], reached: Mapping[Value, bool]) -> Single:
    """Return the condition for the levels that reach a hyperparameter, or that may reach it because no build showed."""
    places = [place for place, value in enumerate(levels) if reached.get(value)]
    missing = [place for place, value in enumerate(levels) if not reached.get(value, True)]
    if not isinstance(levels[0], str | bool) and max(missing) < min(places):
        return AtLeast(parent, float(levels[max(missing) + 1]))
    return IsOneOf(parent, tuple(value for value in levels if reached.get(value, True)))
