"""The figure of the objective over each parameter: a panel a parameter, with all results as points."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from core.figures.arrays import Floats
from core.figures.dimensions import GOLDEN
from core.figures.parameter_axis import BOX, ParameterAxis
from core.figures.seen_trials import SeenTrials
from core.figures.trial_columns import TrialColumns, lanes_at, ordered

_OF_BOX, _OF_LACK = 0.4, 0.35
"""How far to each side trials of a lane are spread, as shares of its box, and of the lane "–"."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A parameter's panel: `across` is where each trial is, from 0 at the left to 1, NaN for nowhere."""

    axis: ParameterAxis
    across: Floats


@dataclass(frozen=True, eq=False)
class OverFigure:
    """All panels; the height of a trial is that of `seen`."""

    seen: SeenTrials
    panels: tuple[Panel, ...]

    @property
    def frame(self) -> Hashable:
        """What figures have in common whose points lie on the same axes."""
        return tuple(panel.axis.name for panel in self.panels), self.seen.scale


def over_parameters(columns: TrialColumns, seen: SeenTrials, order: Iterable[str] = ()) -> OverFigure:
    """Return the figure; `order` names the parameters that come first."""
    spread = 2 * (seen.trials * GOLDEN % 1.0) - 1
    panels = [
        Panel(columns.axes[name], _across(columns.axes[name], columns.places(name)[seen.rows], spread))
        for name in ordered(columns.axes, order)
    ]
    return OverFigure(seen, tuple(panels))


def _across(axis: ParameterAxis, places: Floats, spread: Floats) -> Floats:
    """Return the places, within lanes spread by -1 to 1, for no trial to cover another."""
    lanes = lanes_at(axis, places)
    reach = np.where(lanes < 0, _OF_LACK * axis.begin, np.where(lanes >= 0, _OF_BOX * BOX * axis.lane_width, 0.0))
    return places + spread * reach
