"""Finding the hyperparameters of a `build(hp)` by dry builds, and on what each of them depends.

One build shows what is reached by defaults. Keras Tuner then activates its conditional scopes in turn; here each
hyperparameter is also set to other values, so that what an `if` or a loop keeps from the first build is found, and
with it the condition under which it is reached: a search need not waste points on what does not apply.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic

import msgspec

from core.conditions import AtLeast, Condition, IsOneOf, Single, parents, together
from core.models.own.declared import Declared
from core.models.own.tuner import HyperParameters
from core.ranges import Choices, IntegerRange, OffOrOn, Value, levels_of

MOST_BUILDS = 300
MOST_SECONDS = 20.0
_MOST_VALUES = 32

Build = Callable[[HyperParameters], object]
Overrides = Mapping[str, Value]


class Exploration:
    """The hyperparameters that dry builds have found: `complete` unless time or builds ran out."""

    def __init__(self, build: Build, seconds: float = MOST_SECONDS) -> None:
        """Build once with the defaults. Raises what the build raises."""
        self._build = build
        self._until = monotonic() + seconds
        self._reached: dict[frozenset[tuple[str, Value]], frozenset[str]] = {}
        self._builds: list[dict[str, Value]] = []
        """The values of what was active in each build."""
        self._order: list[str] = []
        self._found: dict[str, Declared] = {}
        self._paths: dict[str, dict[str, Value]] = {}
        self._conditions: dict[str, dict[str, Single]] = {}
        self._waiting: deque[str] = deque()
        self.complete = True
        self._try({})

    def parameters(self) -> tuple[Declared, ...]:
        """Look for more, and return all, each after those that it depends on."""
        while self._waiting:
            self._explore(self._waiting.popleft())
        chosen: dict[str, Condition | None] = {}
        for name in self._order:
            chosen[name] = self._when(name, chosen)
        return tuple(msgspec.structs.replace(self._found[name], when=chosen[name]) for name in self._order)

    def _explore(self, parent: str) -> None:
        """Give one hyperparameter other values, and see what is reached."""
        path = self._paths[parent]
        values = _values(self._found[parent])
        reached = {value: self._see(path | {parent: value}) for value in _ends(values, self._found[parent])}
        if len(set(reached.values()) - {None}) > 1 and len(values) <= _MOST_VALUES:
            reached = {value: self._see(path | {parent: value}) for value in values}
        seen = {value: names for value, names in reached.items() if names is not None}
        if len(seen) < len(values):
            return  # too many to know where a hyperparameter begins to be reached
        for name in frozenset().union(*seen.values()) - {parent}:
            where = tuple(value for value in values if name in seen[value])
            if len(where) < len(values):
                self._conditions[name].setdefault(parent, _condition(parent, where, values))

    def _see(self, overrides: Overrides) -> frozenset[str] | None:
        """Return what a build reaches; None when it raises, as some combinations do, or when time is up."""
        key = frozenset(overrides.items())
        if key not in self._reached:
            if len(self._reached) >= MOST_BUILDS or monotonic() > self._until:
                self.complete = False
                return None
            try:
                self._try(overrides)
            except Exception:  # noqa: BLE001  a trial with these values will say so
                return None
        return self._reached[key]

    def _try(self, overrides: Overrides) -> None:
        hp = HyperParameters(overrides)
        self._build(hp)
        self._reached[frozenset(overrides.items())] = frozenset(hp.declared)
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
            # What makes an inactive scope active is part of the way to what is in it.
            self._paths[name] = dict(overrides) | {scope.parameter: scope.values[0] for scope in scopes}
            self._conditions[name] = {scope.parameter: scope for scope in scopes}
            self._waiting.append(name)

    def _when(self, name: str, chosen: Mapping[str, Condition | None]) -> Condition | None:
        """Return the condition of a hyperparameter, given those of the ones before it."""
        conditions = self._conditions[name].values()
        sound = [c for c in conditions if c.parameter in chosen and self._is_sound(name, c)]
        implied = {above for condition in sound for above in _above(condition.parameter, chosen)}
        return together(c for c in sound if c.parameter not in implied)

    def _is_sound(self, name: str, condition: Single) -> bool:
        """Return whether the condition held in every build that reached the hyperparameter."""
        where = [values for values in self._builds if name in values]
        return all(condition.parameter in values and condition.holds(values[condition.parameter]) for values in where)


def _above(name: str, chosen: Mapping[str, Condition | None]) -> Iterator[str]:
    """Yield what a hyperparameter depends on, directly or not."""
    for parent in parents(chosen[name]):
        yield parent
        yield from _above(parent, chosen)


def _values(declared: Declared) -> Sequence[Value]:
    """Return the values of a range, at least its ends."""
    given = declared.range
    levels = levels_of(given)
    if levels is not None:
        return levels
    if isinstance(given, IntegerRange):
        return range(given.low, given.high + 1)
    return (given.low, declared.default, given.high)  # type: ignore[union-attr]


def _ends(values: Sequence[Value], declared: Declared) -> Sequence[Value]:
    """Return the values to begin with: all names, but of numbers the ends only."""
    if isinstance(declared.range, Choices | OffOrOn):
        return values
    return tuple(dict.fromkeys((values[0], values[-1])))


def _condition(parent: str, where: tuple[Value, ...], values: Sequence[Value]) -> Single:
    """Return the condition that holds at these of the values."""
    if len(where) > 0 and not isinstance(where[0], str | bool) and where == tuple(values[-len(where) :]):
        return AtLeast(parent, float(where[0]))
    return IsOneOf(parent, where)
