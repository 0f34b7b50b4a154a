"""Which trials plots of all trials show, in which colours, and which of them as lines and points of their own."""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.figures.arrays import Flags, Floats
from core.figures.objective_cut import shown_cut
from core.figures.objective_scale import ObjectiveScale, scale_of
from core.figures.trial_columns import TrialColumns
from core.figures.view import ScaleChoice, sensible

MANY = 500
"""From so many trials on, only the best are drawn one by one, and all others as a shade."""
BEST = 50
"""How many are drawn one by one then, unless the user says otherwise."""
Rows = NDArray[np.intp]


class ColourBy(StrEnum):
    """What the colour of a trial says."""

    OBJECTIVE = "Objective"
    RANK = "Rank"
    TRIAL = "Trial"
    ORIGIN = "Origin"


@dataclass(frozen=True)
class View:
    """What the user chose of plots of all trials; `best` is for studies of MANY trials."""

    colour: ColourBy = ColourBy.OBJECTIVE
    best: int = BEST
    scale: ScaleChoice = ScaleChoice.AUTOMATIC
    hides_failed: bool = False


@dataclass(frozen=True, eq=False)
class SeenTrials:
    """The trials that are shown; all arrays have one entry each.

    `colours` is 0 for what stands out most, such as the best result, to 1; NaN of trials without a result. `failed` and
    `skipped` have no result, `beyond` a worse one than the axis shows. `brushed` is all True without a brush.
    `total` is the number of trials with those that are hidden.
    """

    rows: Rows
    trials: Floats
    objectives: Floats
    heights: Floats
    colours: Floats
    failed: Flags
    skipped: Flags
    beyond: Flags
    brushed: Flags
    has_brush: bool
    origins: Floats
    scale: ObjectiveScale
    view: View
    total: int

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def are_many(self) -> bool:
        """Whether most of them are drawn as a shade."""
        return len(self.rows) >= MANY

    @cached_property
    def order(self) -> Rows:
        """The trials with a result from the best to the worst."""
        done = np.flatnonzero(~np.isnan(self.objectives))
        costs = -self.objectives[done] if self.scale.higher_is_better else self.objectives[done]
        return done[np.lexsort((self.trials[done], costs))]

    @cached_property
    def singled(self) -> Rows:
        """Those that are drawn one by one in colour: all that are brushed or, of many, the best; the best last."""
        ordered = self.order[self.brushed[self.order]]
        return (ordered[: self.view.best] if self.are_many else ordered)[::-1]

    @cached_property
    def others(self) -> Rows:
        """Those with a result that are drawn behind: the rest, the best of them last."""
        single: Flags = np.zeros(len(self), bool)
        single[self.singled] = True
        return self.order[~single[self.order]][::-1]

    def row_of(self, trial: int | None) -> int | None:
        """Return where a trial is; None where it is not shown."""
        found = np.flatnonzero(self.trials == (-1 if trial is None else trial))
        return int(found[0]) if len(found) else None


def seen_trials(columns: TrialColumns, view: View, brushed: Set[int] | None = None) -> SeenTrials:
    """Return what is shown of the trials in the columns."""
    objectives = columns.objectives
    without = np.isnan(objectives)
    rows = np.flatnonzero(~without) if view.hides_failed else np.arange(len(columns))
    scale = objective_scale(columns, view.scale)
    shown, trials = objectives[rows], columns.trials[rows]
    is_brushed: Flags = np.ones(len(rows), bool)
    if brushed is not None:
        is_brushed = np.isin(trials, np.fromiter(brushed, float, len(brushed)))
    beyond = scale.is_beyond(shown)
    heights = np.where(beyond, np.nan, scale.places(shown))
    seen = SeenTrials(
        rows=rows,
        trials=trials,
        objectives=shown,
        heights=heights,
        colours=np.empty(0),
        failed=columns.failed[rows],
        skipped=without[rows] & ~columns.failed[rows],
        beyond=beyond,
        brushed=is_brushed,
        has_brush=brushed is not None,
        origins=columns.origins[rows],
        scale=scale,
        view=view,
        total=len(columns),
    )
    object.__setattr__(seen, "colours", _colours(seen))
    return seen


def objective_scale(columns: TrialColumns, choice: ScaleChoice) -> ObjectiveScale:
    """Return the axis of the objective, which ends where the surrogate tells no difference."""
    settings, known = columns.progress.settings, sensible(columns.objectives)
    cut = shown_cut(settings, known, int(columns.failed.sum()))
    return scale_of(settings, known.tolist(), cut=cut, choice=choice)


def _colours(seen: SeenTrials) -> Floats:
    count = max(len(seen.order) - 1, 1)
    colours = np.full(len(seen), np.nan)
    match seen.view.colour:
        case ColourBy.OBJECTIVE:
            good = seen.heights if seen.scale.higher_is_better else 1.0 - seen.heights
            return np.where(seen.beyond, 1.0, 1.0 - good)
        case ColourBy.RANK:
            colours[seen.order] = np.arange(len(seen.order)) / count
        case ColourBy.TRIAL:
            first, last = (seen.trials.min(), seen.trials.max()) if len(seen) else (0.0, 1.0)
            colours = (last - seen.trials) / max(last - first, 1.0)
        case ColourBy.ORIGIN:
            colours = np.where(seen.origins == 1, 0.0, 1.0)  # those that the surrogate chose stand out
    return colours
