"""The requests to the search and its answers: plain structs that can go through a pipe."""

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
    """The state that gp_hedge carries from one proposal to the next.

    `gains` holds one number per acquisition function; `candidates` holds the point that each function proposed, in
    skopt's transformed space.
    """

    gains: tuple[float, ...]
    candidates: tuple[tuple[float, ...], ...]


class Belief(msgspec.Struct, frozen=True):
    """The trial that the surrogate believes to be the best of those that have ended, with the noise removed.

    `mean` and `deviation` (one standard deviation) describe that trial's objective, in the objective's own unit.
    """

    trial: int
    mean: float
    deviation: float


class Learnt(msgspec.Struct, frozen=True):
    """The hyperparameters of the Gaussian process that proposed last, the noise last, and from how many trials."""

    trials: int
    hyperparameters: tuple[float, ...]


class Observation(msgspec.Struct, frozen=True):
    """A trial that ended.

    A lower `objective` is better; it is None for a failed trial, which counts as the worst trial seen. That of a
    `skipped` trial is a guess, so the trial is never believed to be the best.
    """

    trial: int
    values: dict[str, Value]
    objective: float | None
    skipped: bool = False


class ProposalRequest(msgspec.Struct, frozen=True, dict=True):  # a dict for the cached property
    """Everything that determines a proposal, which is a pure function of its request.

    `ranges`, `conditions` and `rules` are those of the space; `number` is the number of the trial, from 1 in each
    study; `observations` are in the order of their trials' numbers; `pending` holds the points of trials under way,
    which must not be proposed again; `hedge` is the state that the last proposal of gp_hedge left. `spaced`: the
    surrogate's proposals keep clear of the points seen, not only off them. `learnt` are the hyperparameters of our
    Gaussian process, if they were learnt from the same observations before: they follow from these alone.
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
    spaced: bool = False
    learnt: tuple[float, ...] = ()

    @cached_property
    def space(self) -> Space:
        return Space(self.ranges, self.conditions, self.rules)


class Proposal(msgspec.Struct, frozen=True, tag=True):
    """A proposed point; `point` is None when every point of a finite space has been seen.

    `belief` is set when the surrogate is a Gaussian process; its numbers are like the request's objectives: a lower
    mean is better. `learnt` are then the hyperparameters, the noise last; they are not recorded.
    """

    point: dict[str, Value] | None
    origin: PointOrigin
    hedge: HedgeState | None = None
    belief: Belief | None = None
    learnt: tuple[float, ...] = ()


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """The answer of a search process that cannot propose a point. `reason` is a sentence for the user."""

    reason: str


def needs_results(search: SearchSettings, number: int) -> bool:
    """Return whether the proposal for trial `number` depends on other trials; if not, it can be asked for early."""
    return search.method is SearchMethod.BAYESIAN and number > search.initial_points


class Searcher(Protocol):
    """A place where proposals are computed, one at a time."""

    def ask(self, request: ProposalRequest) -> None:
        """Start to compute a proposal. Raises SearchLost."""

    def answer(self, seconds: float) -> Proposal | None:
        """Wait at most `seconds` for the proposal; None if it is not ready.

        Raises SearchLost if there will be none; then it can be asked for again. Raises SearchRefused if that is of no
        use.
        """

    def close(self) -> None:
        """Release all resources."""
