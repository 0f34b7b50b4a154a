"""The next point, as a pure function of the settings, the seed and the observations.

No state is kept between two calls, so a resumed study proposes the same points as an uninterrupted one.
"""

import logging
from collections.abc import Iterator
from typing import assert_never

import numpy as np

from core.search.bayesian import propose_by_surrogate
from core.search.designs import design_point
from core.search.options import DEFAULT, SearchOptions
from core.search.proposal import PointOrigin, Proposal, ProposalRequest
from core.search.settings import SearchMethod
from core.search.surrogate import FittedSurrogate
from core.space import Key, Point, Space

log = logging.getLogger(__name__)

_RANDOM_DRAWS = 1000
"""The number of random points that are drawn to find an unseen one; after them a finite space is searched in order."""


def propose(
    request: ProposalRequest, options: SearchOptions = DEFAULT, surrogate: FittedSurrogate | None = None
) -> Proposal:
    """Return the next point: never one that was observed or is under way, as long as others remain.

    `surrogate` is the one that was fitted to the request, if it was before.
    """
    space = request.space
    seen = {space.key(observation.values) for observation in request.observations}
    seen |= {space.key(point) for point in request.pending}
    rng = np.random.default_rng([request.seed, request.number])
    match request.search.method:
        case SearchMethod.GRID:
            return Proposal(space.first_unseen(space.grid(request.search.grid_points), seen), PointOrigin.GRID)
        case SearchMethod.RANDOM:
            return Proposal(_random_unseen(space, seen, rng), PointOrigin.RANDOM)
        case SearchMethod.BAYESIAN:
            if space.size is not None and space.first_unseen(space.all_points(), seen) is None:
                return Proposal(None, PointOrigin.MODEL)
            return _bayesian(request, seen, rng, options, surrogate)
        case _:
            assert_never(request.search.method)


def _bayesian(
    request: ProposalRequest,
    seen: set[Key],
    rng: np.random.Generator,
    options: SearchOptions,
    surrogate: FittedSurrogate | None,
) -> Proposal:
    space, search, index = request.space, request.search, request.number - 1
    if index < search.initial_points:
        point = design_point(search.initial_design, search.initial_points, index, space, request.seed)
        if point is None or space.key(point) in seen:
            return Proposal(_random_unseen(space, seen, rng), PointOrigin.INITIAL)
        return Proposal(point, PointOrigin.INITIAL)
    finite = {o.objective for o in request.observations if o.objective is not None}
    if len(finite) < 2:  # nothing to learn from yet
        return Proposal(_random_unseen(space, seen, rng), PointOrigin.RANDOM)
    try:
        found, hedge, belief, learnt = propose_by_surrogate(request, seen, options, surrogate)
    except (ArithmeticError, ValueError, np.linalg.LinAlgError):
        log.exception("The surrogate could not be fitted")  # a random point is better than no study
        found, hedge, belief, learnt = None, request.hedge, None, ()
    if found is None:
        return Proposal(_random_unseen(space, seen, rng), PointOrigin.RANDOM, hedge, belief, learnt)
    return Proposal(found, PointOrigin.MODEL, hedge, belief, learnt)


def _random_unseen(space: Space, seen: set[Key], rng: np.random.Generator) -> Point | None:
    def draws() -> Iterator[Point]:
        for _ in range(_RANDOM_DRAWS):
            yield space.decode(rng.random(len(space.ranges)).tolist())

    point = space.first_unseen(draws(), seen)
    if point is None and space.size is not None:
        return space.first_unseen(space.all_points(), seen)
    if point is None and space.rules:  # they leave so little space that no draw fell into it
        spread = (space.spread(rng.random(len(space.ranges)).tolist()) for _ in range(_RANDOM_DRAWS))
        return space.first_unseen((found for found in spread if found is not None), seen)
    return point
