"""The answer about the belief along each parameter, and about what the search would try next."""

from core.analysis.answers import BeliefAnswer
from core.analysis.fitted import fitted
from core.analysis.questions import BeliefQuestion
from core.analysis.slices import averaged_slices, slices
from core.search.proposal import PointOrigin
from core.search.surrogate import quietly


def belief(question: BeliefQuestion) -> BeliefAnswer:
    """Return the belief. Raises NothingToTell, and the errors of `core.search.surrogate.fit`."""
    with quietly():
        found = fitted(question.request).leading_to(question.repeated)
        best = found.observations[found.lowest]
        through, number = found.point(question.through, question.best)
        lowest = found.inputs[[found.lowest]]
        proposal = found.next
        spread = proposal.origin is PointOrigin.INITIAL
        improvement = None
        if proposal.point is not None and found.leads:
            improvement = found.improvement(found.inputs_of([proposal.point]))
        return BeliefAnswer(
            believer=found.believer,
            trials=tuple(observation.trial for observation in found.observations),
            total=len(question.request.observations),
            cut=found.warp.cut,
            through=through,
            through_trial=number,
            here=None if question.averaged else found.estimate(found.inputs_of([through])),
            lowest=found.estimate(lowest),
            lowest_trial=best.trial,
            next=proposal.point,
            next_improvement=improvement,
            spread=spread,
            noise=found.scatter(lowest),
            slices=averaged_slices(found) if question.averaged else slices(found, through),
            averaged=question.averaged,
            as_good=found.as_good,
            next_trial=None if question.repeated is None else question.repeated.trial,
            held=found.held(few=question.averaged),
            results=found.count,
        )
