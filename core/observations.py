"""What the search is told of a study: the trials that ended, as costs, and the points under way."""

import math
from collections.abc import Mapping, Sequence
from statistics import median_high, median_low

from core.conduct import FIRST_RULES
from core.events import TrialState
from core.means import mean_of
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import HedgeState, Observation, ProposalRequest
from core.trial_progress import TrialProgress


def proposal_request(
    progress: StudyProgress,
    number: int,
    ended: Sequence[TrialProgress],
    pending: Sequence[TrialProgress] = (),
    hedge: HedgeState | None = None,
) -> ProposalRequest:
    """Return the request for the point of trial `number` when these trials have ended and those are under way."""
    settings = progress.settings
    varied, space = settings.varied, settings.model.space
    return ProposalRequest(
        ranges=space.given,
        search=settings.search,
        seed=settings.seed,
        number=number,
        observations=_observations(progress, ended, varied),
        pending=tuple(_varied_values(trial, varied) for trial in pending),
        hedge=hedge,
        conditions=space.conditions,
        rules=space.rules,
        spaced=progress.conduct.rules > FIRST_RULES,
    )


def _observations(
    progress: StudyProgress, ended: Sequence[TrialProgress], varied: Mapping[str, object]
) -> tuple[Observation, ...]:
    """Return the observations of the trials that ended, with objectives as costs, which the search minimises.

    A skipped trial costs what its epochs say, and at least the median of the complete trials: it might have got
    better, but it was skipped because it did not look so. While no trial is complete, its epochs alone count.
    """
    costs = {trial.number: _cost(progress, trial) for trial in ended}
    guessed = progress.conduct.rules > FIRST_RULES
    complete = [cost for t in ended if t.state is TrialState.COMPLETE and (cost := costs[t.number]) is not None]
    least = _median(complete) if guessed and complete else -math.inf

    def observation(trial: TrialProgress) -> Observation:
        cost, skipped = costs[trial.number], guessed and trial.state is TrialState.SKIPPED
        if skipped and cost is not None:
            cost = max(cost, least)
        return Observation(trial.number, _varied_values(trial, varied), cost, skipped)

    return tuple(map(observation, ended))


def _cost(progress: StudyProgress, trial: TrialProgress) -> float | None:
    """Return the cost of a trial that ended, of a skipped one by the epochs that it has; None without any."""
    objective, wanted = trial.objective, progress.objective
    course = trial.course(wanted.metric)
    if trial.state is TrialState.SKIPPED and course:
        objective = wanted.of(course)
    return None if objective is None else wanted.cost(objective)


def _median(numbers: Sequence[float]) -> float:
    """Return the median of at least one number, of an even count the mean of the two in the middle."""
    return mean_of((median_low(numbers), median_high(numbers)))


def _varied_values(trial: TrialProgress, varied: Mapping[str, object]) -> dict[str, Value]:
    return {name: trial.values[name] for name in varied if name in trial.values}
