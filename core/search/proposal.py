"""What the search is told and what it answers; plain structs that can go through a pipe."""

from enum import StrEnum
from functools import cached_property
from typing import Protocol

import msgspec

from core.conditions import Condition
from core.parameters import Range, Value
from core.rules import Rule
from core.search.settings import SearchMethod, SearchSettings
from core.space import Space


class PointOrigin(StrEnum):
    """Who proposed a trial's point."""

    INITIAL = "initial design"
    MODEL = "surrogate"
    RANDOM = "random"
    GRID = "grid"


class HedgeState(msgspec.Struct, frozen=True):
    """What gp_hedge carries from one proposal to the next.

    `gains` holds one number per acquisition function; `candidates` the point that each of them proposed, in
    skopt's transformed space.
    """

    gains: tuple[float, ...]
    candidates: tuple[tuple[float, ...], ...]


class Belief(msgspec.Struct, frozen=True):
    """What the surrogate takes for the best of the trials that have ended, now that noise is taken out.

    `mean` and `deviation` (one standard deviation) are of that trial's objective, in the objective's own unit.
    """

    trial: int
    mean: float
    deviation: float


class Observation(msgspec.Struct, frozen=True):
    """A trial that ended.

    `objective` is to be as low as can be; None for a failed trial, which counts as the worst seen.
    """

    trial: int
    values: dict[str, Value]
    objective: float | None


class ProposalRequest(msgspec.Struct, frozen=True, dict=True):  # a dict for what is computed once
    """All that determines a proposal: it is a pure function of this.

    `ranges`, `conditions` and `rules` are those of the space; `number` counts the study's trials from 1;
    `observations` come in the order of their trials' numbers; `pending` are the points of trials under way, which must
    not be proposed again; `hedge` is what the last proposal of gp_hedge left.
    """

    ranges: dict[str, Range]
    search: SearchSettings
    seed: int
    number: int
    observations: tuple[Observation, ...]
    pending: tuple[dict[str, Value], ...] = ()
    hedge: HedgeState | None = None
    conditions: dict[str, Condition] = {}
    rules: tuple[Rule, ...] = ()

    @cached_property
    def space(self) -> Space:
        return Space(self.ranges, self.conditions, self.rules)


class Proposal(msgspec.Struct, frozen=True):
    """A point. `point` is None when every point of a finite space has been seen.

    `belief` is there when the surrogate is a Gaussian process; it is of the objectives as the request has them.
    """

    point: dict[str, Value] | None
    origin: PointOrigin
    hedge: HedgeState | None = None
    belief: Belief | None = None


def needs_results(search: SearchSettings, number: int) -> bool:
    """Return whether the proposal for that trial depends on what others came to; if not, it can be asked for early."""
    return search.method is SearchMethod.BAYESIAN and number > search.initial_points


class Searcher(Protocol):
    """A place where proposals are computed, one at a time."""

    def ask(self, request: ProposalRequest) -> None:
        """Begin to compute a proposal. Raises AfinaError."""

    def answer(self, seconds: float) -> Proposal | None:
        """Wait up to that long for the proposal. Raises AfinaError when there will be none."""

    def close(self) -> None:
        """Give everything back."""
