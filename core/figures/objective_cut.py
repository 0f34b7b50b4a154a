"""Where axes of the objective end, and how they are divided: one decision for the plots of all pages."""

import numpy as np

from core.figures.arrays import Floats
from core.figures.objective_scale import scale_of
from core.figures.view import ScaleChoice
from core.search.limits import TAIL
from core.settings import StudySettings


def cut_of(costs: Floats, failed: int = 0) -> float:
    """Return the cost above which the surrogate sees no difference; failed trials count as the worst, as it has them.

    Where the median is the best, that is the worst cost.
    """
    worst = float(costs.max())
    told = np.concatenate((costs, np.full(failed, worst)))
    best, median = float(told.min()), float(np.median(told))
    limit = median + TAIL * (median - best)
    return limit if limit > best else worst


def shown_cut(settings: StudySettings, objectives: Floats, failed: int) -> float | None:
    """Return the objective at which an axis of these objectives ends; None where nothing is as bad."""
    costs = np.asarray(settings.objective.cost(objectives))
    limit = cut_of(costs, failed) if len(costs) else None
    return settings.objective.cost(limit) if limit is not None and (costs > limit).any() else None


def decided(
    settings: StudySettings, objectives: Floats, failed: int, choice: ScaleChoice = ScaleChoice.AUTOMATIC
) -> ScaleChoice:
    """Return the user's choice, or what these objectives themselves decide: whatever else a plot draws has no say."""
    if choice is not ScaleChoice.AUTOMATIC:
        return choice
    cut = shown_cut(settings, objectives, failed)
    is_log = scale_of(settings, objectives.tolist(), cut=cut).is_log
    return ScaleChoice.LOG if is_log else ScaleChoice.LINEAR
