"""Bayesian optimisation: each proposal fits a new surrogate and asks it once."""

from typing import NamedTuple

import numpy as np

from core.search.acquisition import Array, best_unseen, gaps_to
from core.search.encoding import Encoding
from core.search.options import SearchOptions
from core.search.proposal import Belief, HedgeState, ProposalRequest
from core.search.settings import Acquisition, Surrogate
from core.search.skopt_points import plain_point
from core.search.surrogate import FittedSurrogate, fit, quietly
from core.space import Key, Point


class Suggestion(NamedTuple):
    """The surrogate's answer to a request; `point` is None when no unseen point was found."""

    point: Point | None
    hedge: HedgeState | None
    belief: Belief | None
    learnt: tuple[float, ...]


def propose_by_surrogate(
    request: ProposalRequest, seen: set[Key], options: SearchOptions, surrogate: FittedSurrogate | None = None
) -> Suggestion:
    """Return the unseen point with the best acquisition value that was found.

    `surrogate` is the one that was fitted to the request, if it was before. Raises the errors of `fit`.
    """
    hedge = request.search.acquisition is Acquisition.HEDGE
    with quietly():
        surrogate = surrogate or fit(request, options)
        known = _known(surrogate.encoding, request) if request.spaced else None
        found = _chosen_by_hedge(surrogate, request, seen, known) if hedge else None
        if found is None:
            found = _best_unseen(surrogate, request, seen, known, options)
        state = _hedge_state(surrogate) if hedge else None
        return Suggestion(found, state, surrogate.best_told(), surrogate.learnt)


def _best_unseen(
    surrogate: FittedSurrogate,
    request: ProposalRequest,
    seen: set[Key],
    known: Array | None,
    options: SearchOptions,
) -> Point | None:
    uphill = options.uphill and request.search.surrogate is Surrogate.GAUSSIAN_PROCESS
    rng = np.random.default_rng(np.random.SeedSequence([request.seed, request.number]))
    return best_unseen(surrogate.score, surrogate.encoding, seen, rng, uphill=uphill, known=known)


def _known(encoding: Encoding, request: ProposalRequest) -> Array:
    """Return the inputs of all points that were tried or are under way."""
    return encoding.inputs(encoding.units([*(o.values for o in request.observations), *request.pending]))


def _chosen_by_hedge(
    surrogate: FittedSurrogate, request: ProposalRequest, seen: set[Key], known: Array | None
) -> Point | None:
    """Return the point that gp_hedge chose among those of its three functions; None if it may not be tried."""
    space = request.space
    found = plain_point(space, surrogate.optimizer.ask())
    encoding = surrogate.encoding
    if known is not None and np.isfinite(gaps_to(known, encoding.inputs(encoding.units([found])))[0]):
        return None
    return found if space.key(found) not in seen and space.allows(found) else None


def _hedge_state(surrogate: FittedSurrogate) -> HedgeState:
    optimizer = surrogate.optimizer
    return HedgeState(
        gains=tuple(float(gain) if np.isfinite(gain) else 0.0 for gain in optimizer.gains_),
        candidates=tuple(tuple(float(u) for u in np.ravel(x)) for x in optimizer.next_xs_),
    )
