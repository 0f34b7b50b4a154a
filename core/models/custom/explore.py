"""Finds the hyperparameters of a `build(hp)`, and the conditions they depend on, by dry builds.

One build with the defaults shows only the hyperparameters that the defaults reach. Keras Tuner then activates its
conditional scopes one by one. Here each hyperparameter is also set to other values: this finds hyperparameters that an
`if` or a loop hides from the first build. The ends of all ranges are tried first. The values between them follow where
they are few, and first where the ends reach different hyperparameters. Builds at random values of all hyperparameters
then find what only several of them reach together, until a round of such builds shows nothing new.

So that a search wastes no points on a hyperparameter that does not apply, each gets a condition that tells apart the
builds that reach it and those that do not. Where it fails to, the values of a build that does are changed, one by one,
into those of one that does not: the change at which the hyperparameter is lost shows what else it depends on. A bound
on one number may depend on other numbers ("a + b > 1"): it holds where these are at the ends that leave it the least.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from core.axis import Axis
from core.clock import seconds_awake
from core.conditions import Condition, IsOneOf, Single, single_holds, singles, together
from core.models.custom.declared import Declared
from core.models.custom.keras_tuner_api import HyperParameters
from core.models.custom.model_file import MAX_PARAMETERS
from core.models.custom.reasons import (
    between,
    conditions_on,
    edges,
    ends,
    few_levels,
    follows_from,
    is_mixed,
    is_number,
)
from core.ranges import Value

MAX_BUILDS = 1000
MAX_SECONDS = 20.0
_ROUND = 64
"""The random builds without a find after which all is taken to be found."""
_ENOUGH = 32
"""As `_ROUND`, where each build takes so long that there is no time for more."""
_MAX_CORNERS = 16
"""The combinations of the ends of other hyperparameters at which a lost value is tried again."""
_MAX_IN_VAIN = 8
"""The builds that are given up for a hyperparameter whose condition does not tell them apart."""

Build = Callable[[HyperParameters], object]
Values = Mapping[str, Value]


@dataclass(frozen=True)
class _Tried:
    """A dry build with some values given: those of the active hyperparameters that it asked for before it ended."""

    given: Values
    values: Values
    names: frozenset[str]
    """All that it asked for, also in scopes that are not active."""
    complete: bool
    """Whether it ended without an error."""

    def lacks(self, name: str) -> bool:
        """Return whether it is certain that the build does not reach a hyperparameter."""
        return self.complete and name not in self.values


class Exploration:
    """The hyperparameters that dry builds have found; `complete` is False when the time or the builds ran out."""

    def __init__(self, build: Build, seconds: float = MAX_SECONDS) -> None:
        """Build once with the defaults. Raises whatever the build raises."""
        self._build = build
        self._until = seconds_awake() + seconds
        self._random = random.Random(0)  # noqa: S311  nothing secret: the same file gives the same result
        self._tried: list[_Tried] = []
        self._order: list[str] = []
        self._found: dict[str, Declared] = {}
        self._paths: dict[str, Values] = {}
        """Values with which a build reaches each hyperparameter."""
        self._scopes: dict[str, dict[str, IsOneOf]] = {}
        self._lost: dict[str, dict[str, set[Value]]] = defaultdict(lambda: defaultdict(set))
        """For each hyperparameter, the values of others at which it was lost while all else stayed the same."""
        self._waiting: list[str] = []
        self._between: dict[str, tuple[bool, int]] = {}
        """Hyperparameters with values to try between the ends: whether the ends agree, and the number of values."""
        self.complete = True
        hp = HyperParameters()
        build(hp)
        self._note({}, hp, complete=True)

    def parameters(self) -> tuple[Declared, ...]:
        """Look for more hyperparameters, and return all, each after those that it depends on."""
        while self._waiting:
            self._explore()
            self._explain()
            if not self._waiting:
                self._mix()
            if not self._waiting:
                self._explain()
        chosen: dict[str, Condition | None] = {}
        for name in self._order:
            chosen[name] = self._when(name, chosen)
        return tuple(msgspec.structs.replace(self._found[name], when=chosen[name]) for name in self._order)

    # Builds

    def _see(self, given: Values) -> _Tried | None:
        """Return the build with these values, and defaults for the others; None when builds or time have run out."""
        tried = self._known(given)
        if tried is not None:
            return tried
        is_refused = len(self._found) > MAX_PARAMETERS  # in any case, for example where names are random
        if is_refused or len(self._tried) >= MAX_BUILDS or self._is_late:
            self.complete = False
            return None
        hp = HyperParameters(given, self._found)
        try:
            self._build(hp)
        except Exception:  # noqa: BLE001  a trial with these values will say so
            return self._note(given, hp, complete=False)
        return self._note(given, hp, complete=True)

    @property
    def _is_late(self) -> bool:
        return seconds_awake() > self._until

    def _known(self, given: Values) -> _Tried | None:
        """Return an earlier build with these values, or with the same answers to all that it asked for, if any."""
        whole = {name: declared.default for name, declared in self._found.items()} | dict(given)

        def is_same(tried: _Tried) -> bool:
            if not tried.complete:  # what has failed once may succeed another time
                return tried.given == given
            return all(whole[name] == value for name, value in tried.values.items())

        return next(filter(is_same, self._tried), None)

    def _note(self, given: Values, hp: HyperParameters, *, complete: bool) -> _Tried:
        place = 0
        for name, declared in hp.declared.items():
            if name in self._found:
                place = max(place, self._order.index(name) + 1)
                continue
            self._order.insert(place, name)
            place += 1
            self._found[name] = declared
            scopes = hp.scopes[name]
            # To reach a hyperparameter in an inactive scope, a build must first make the scope active.
            closed = (scope for scope in scopes if hp.values.get(scope.parameter) not in scope.values)
            self._paths[name] = {**given, **{scope.parameter: scope.values[0] for scope in closed}}
            self._scopes[name] = {scope.parameter: scope for scope in scopes}
            self._waiting.append(name)
        values = {name: value for name, value in hp.values.items() if name in hp.declared}
        self._tried.append(_Tried(given, values, frozenset(hp.declared), complete))
        return self._tried[-1]

    def _line(self, at: Values, parent: str, values: Sequence[Value]) -> list[_Tried]:
        """Build with each value of one hyperparameter; note what only some of these builds reach."""
        tried = [t for t in (self._see({**at, parent: value}) for value in values) if t is not None]
        start = self._known(at)
        line = [t for t in (*tried, *([start] if start is not None else [])) if parent in t.values]
        for name in {name for t in line for name in t.values} - {parent}:
            lost = {t.values[parent] for t in line if t.lacks(name)}
            if lost:
                self._lost[name][parent] |= lost
        return tried

    # What hides hyperparameters

    def _explore(self) -> None:
        """Set each new hyperparameter to other values."""
        while self._waiting or self._between:
            if self._waiting:
                self._try_ends(self._waiting.pop(0))
            else:
                first = min(self._between, key=self._between.__getitem__)
                del self._between[first]
                self._line(self._paths[first], first, few_levels(self._found[first]) or ())

    def _try_ends(self, parent: str) -> None:
        """Try the lowest and the highest value of one hyperparameter, or each of its names."""
        declared = self._found[parent]
        reached = {tried.names for tried in self._line(self._paths[parent], parent, ends(declared))}
        levels = few_levels(declared)
        if levels is not None:
            self._between[parent] = len(reached) < 2, len(levels)

    def _mix(self) -> None:
        """Build at the ends of all ranges, then at random values spread evenly over them, until one finds another."""
        limits = [ends(self._found[name]) for name in self._order]
        columns = [self._spread(self._found[name]) for name in self._order]
        corners = ([first for first, *_ in limits], [last for *_, last in limits])
        for count, row in enumerate((*corners, *zip(*columns, strict=True))):
            if count >= _ENOUGH and self._is_late:
                return
            given = dict(zip(self._order, row, strict=True))
            self._see(given)
            if self._waiting:
                self._take_back(given)
                return

    def _take_back(self, given: Values) -> None:
        """Build with all values that found another hyperparameter but one, each in turn: it may need every one."""
        for parent, value in given.items():
            default = self._found[parent].default
            if value != default:
                self._line(given, parent, (default,))

    def _spread(self, declared: Declared) -> list[Value]:
        """Return a value for each build of a round: one in each of as many equal parts of the range, in any order."""
        units = [(place + self._random.random()) / _ROUND for place in range(_ROUND)]
        self._random.shuffle(units)
        return list(map(Axis(declared.range).value, units))

    # Conditions

    def _explain(self) -> None:
        """Find what each hyperparameter depends on, until that explains which builds reach it."""
        for name in tuple(self._order):
            in_vain = 0
            conditions = self._conditions(name)
            for tried in self._tried:  # also those to come
                if not tried.lacks(name) or not _hold(conditions, tried.values) or in_vain == _MAX_IN_VAIN:
                    continue
                self._find_reason(name, tried)
                conditions = self._conditions(name)
                in_vain += _hold(conditions, tried.values)
            for parent in tuple(self._lost[name]):
                self._sharpen(name, parent)
            self._widen(name)

    def _conditions(self, name: str) -> tuple[Single, ...]:
        """Return the conditions that hold in each build that reaches a hyperparameter, on those before it."""
        scopes, lost = self._scopes[name], self._lost[name]
        where = self._where(name)
        return tuple(
            single
            for parent in self._before(name)
            if (parent in scopes or parent in lost) and all(parent in values for values in where)
            for single in conditions_on(
                self._found[parent], {values[parent] for values in where}, lost.get(parent, ()), scopes.get(parent)
            )
        )

    def _where(self, name: str) -> list[Values]:
        """Return the values of the builds that reach a hyperparameter."""
        return [tried.values for tried in self._tried if name in tried.values]

    def _before(self, name: str) -> list[str]:
        return self._order[: self._order.index(name)]

    def _find_reason(self, name: str, without: _Tried) -> None:
        """Find a hyperparameter whose value keeps a build from reaching another, and try its other values.

        The build is compared with the most similar one that does reach it, which has its values one after the other.
        """
        before = self._before(name)

        def changes(start: Values) -> list[str]:
            shared = (parent for parent in before if parent in start and parent in without.values)
            return [parent for parent in shared if start[parent] != without.values[parent]]

        start = min(self._where(name), key=lambda values: len(changes(values)), default={})
        changed = changes(start)

        def with_first(count: int) -> dict[str, Value]:
            return {**start, **{parent: without.values[parent] for parent in changed[:count]}}

        reaching, lacking = 0, len(changed)
        end = self._see(with_first(lacking))
        if not changed or end is None or not end.lacks(name):
            return
        while lacking - reaching > 1:
            middle = (reaching + lacking) // 2
            tried = self._see(with_first(middle))
            reaching, lacking = (middle, lacking) if tried and name in tried.values else (reaching, middle)
        parent = changed[reaching]
        declared = self._found[parent]
        values = few_levels(declared) or (*ends(declared), without.values[parent])
        self._line(with_first(reaching), parent, values)

    def _sharpen(self, name: str, parent: str) -> None:
        """Halve the distance between lost and kept numbers of a wide range until they lie side by side."""
        last = None
        while (edge := self._open_edge(name, parent)) not in (None, last):
            assert edge is not None
            last = (lost, kept) = edge
            at = next(values for values in self._where(name) if values[parent] == kept)
            middle = between(self._found[parent], lost, kept)
            assert middle is not None
            self._line(at, parent, (lost, middle))

    def _widen(self, name: str) -> None:
        """Try what seems to be lost by one hyperparameter where the others have other values.

        In "a + b > 1" the number from which on `a` keeps it depends on `b`: its bound is the one where `b` leaves it
        the least.
        """
        parents = [parent for parent in self._before(name) if parent in self._lost[name]]
        numbers = [parent for parent in parents if is_number(self._found[parent])]
        if len(numbers) < 2 and not any(self._depends(name, parent) for parent in parents):
            return  # each hyperparameter keeps and loses it by itself
        for parent in parents:
            seen: set[Value] = set()
            while (lost := next((v for v in self._excluded(name, parent) if v not in seen), None)) is not None:
                seen.add(lost)
                if self._is_kept_elsewhere(name, {parent: lost}, [other for other in parents if other != parent]):
                    self._sharpen(name, parent)

    def _depends(self, name: str, parent: str) -> bool:
        """Return whether a value of the parent keeps a hyperparameter in some builds, and loses it in others."""
        kept = {values[parent] for values in self._where(name) if parent in values}
        return is_mixed(self._found[parent], kept, self._lost[name][parent])

    def _excluded(self, name: str, parent: str) -> list[Value]:
        """Return the lost names, or the lost numbers beside those that are kept."""
        kept = {values[parent] for values in self._where(name) if parent in values}
        lost = self._lost[name][parent] - kept
        return [edge[0] for edge in edges(kept, lost)] if is_number(self._found[parent]) else sorted(lost, key=str)

    def _is_kept_elsewhere(self, name: str, given: Values, others: Sequence[str]) -> bool:
        """Return whether a build with these values reaches a hyperparameter where others are at their ends."""
        start = self._paths[name]
        corners = itertools.product(*(ends(self._found[other]) for other in others))
        for corner in itertools.islice(corners, _MAX_CORNERS):
            tried = self._see({**start, **dict(zip(others, corner, strict=True)), **given})
            if tried is not None and name in tried.values:
                return True
        return False

    def _open_edge(self, name: str, parent: str) -> tuple[float, float] | None:
        """Return a lost and a kept number with others between them that could be tried; None if there are none."""
        declared, where = self._found[parent], self._where(name)
        if few_levels(declared) is not None or not all(parent in values for values in where):
            return None
        kept = {values[parent] for values in where}
        found = edges(kept, self._lost[name][parent] - kept)
        return next((edge for edge in found if between(declared, *edge) is not None), None)

    def _when(self, name: str, chosen: Mapping[str, Condition | None]) -> Condition | None:
        """Return the condition of a hyperparameter; `chosen` are the conditions of those before it."""
        own = self._conditions(name)
        above = [single for one in own for single in _above(one.parameter, chosen)]
        return together(one for one in own if not follows_from(self._found[one.parameter], one, above))


def _hold(conditions: tuple[Single, ...], values: Values) -> bool:
    return all(single_holds(single, values) for single in conditions)


def _above(name: str, chosen: Mapping[str, Condition | None]) -> Iterator[Single]:
    """Yield the conditions on which the one of a hyperparameter depends, directly or indirectly."""
    for single in singles(chosen[name]):
        yield single
        yield from _above(single.parameter, chosen)
