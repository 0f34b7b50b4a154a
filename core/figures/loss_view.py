"""The view of the loss plot: from the lowest value to what nine tenths of the better half's values reach."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.figures.arrays import Flags, Floats, finite, with_gaps
from core.figures.measures import Measure
from core.figures.view import FAR_OUT, FEW, LOG_FROM, ScaleChoice, ValueView, sensible, view_between

FAR = 1000
"""What is worse than the view's edge by this many view heights is drawn there: renderers of SVG files fail on more."""
_REACHED = 0.9
"""The share of the better half's values that is in the view."""


@dataclass(frozen=True)
class Reach:
    """How far the curves of trials that have ended go, as costs: values, those of what is to be high negated.

    `top` is what nine tenths of the better half's values reach, `worst` what all do; both are −∞ without any values.
    `least` is the least positive value.
    """

    lowest: float = math.inf
    top: float = -math.inf
    worst: float = -math.inf
    least: float = math.inf


def in_better_half(costs: Floats) -> Flags:
    """Tell which trials are of the better half by the costs of their objectives, NaN without one; of few, all are."""
    ordered = np.sort(finite(costs))
    last = max(len(ordered) // 2, min(FEW, len(ordered))) - 1
    better: Flags = costs <= (ordered[last] if len(ordered) else -math.inf)
    return better


def reach_of(values: Floats, better: Flags, *, higher_is_better: bool) -> Reach:
    """Return how far values go, of which some belong to the better half of trials."""
    costs = _costs(values, higher_is_better=higher_is_better)
    known = sensible(costs)
    if not len(known):
        return Reach()
    typical = sensible(costs[better])
    return Reach(
        lowest=float(known.min()),
        top=_reached_by_most(typical if len(typical) else known),
        worst=float(known.max()),
        least=float(known[known > 0].min(initial=math.inf)),
    )


def view_of_curves(
    reach: Reach,
    measure: Measure,
    running: Sequence[Floats] = (),
    wanted: Sequence[float] = (),
    *,
    choice: ScaleChoice = ScaleChoice.AUTOMATIC,
    everything: bool = False,
    span: float = LOG_FROM,
) -> ValueView:
    """Return the view of curves that go so far, and of those of running trials.

    Single values that are `wanted` are in it, too, unless they are far out. How the axis is divided by itself depends
    on what runs only while there is nothing else, so that it does not change with each trial that begins.
    """
    higher = measure.higher_is_better
    now = sensible(_costs(with_gaps(running), higher_is_better=higher))
    lowest = min(reach.lowest, float(now.min(initial=math.inf)))
    if math.isinf(lowest):
        return ValueView((0.0, 1.0), higher_is_better=higher, bounds=measure.bounds)
    is_known = math.isfinite(reach.top)
    if is_known and choice is ScaleChoice.AUTOMATIC and lowest >= min(reach.lowest, 0.0):
        top = reach.worst if everything else reach.top
        home = _between(reach.lowest, top, np.array([reach.least]), measure, choice, span)
        choice = ScaleChoice.LOG if home.log else ScaleChoice.LINEAR
    if everything:
        top = max(reach.worst, float(now.max(initial=-math.inf)))
    else:
        top = max(reach.top if is_known else _reached_by_most(now), lowest)
        far = lowest + FAR_OUT * (top - lowest) if top > lowest else math.inf
        costs = sensible(_costs(np.array(wanted, float), higher_is_better=higher))
        top = float(costs[costs <= far].max(initial=top))
    return _between(lowest, top, np.append(now, reach.least), measure, choice, span)


def _between(lowest: float, top: float, costs: Floats, measure: Measure, choice: ScaleChoice, span: float) -> ValueView:
    """Return the view from one cost to another, where these costs are shown, too."""
    higher = measure.higher_is_better
    values = _costs(np.append(costs, (lowest, top)), higher_is_better=higher)
    low, high = (-top, -lowest) if higher else (lowest, top)
    return view_between(low, high, values, higher_is_better=higher, bounds=measure.bounds, choice=choice, span=span)


def drawn(values: Floats, view: ValueView, home: ValueView | None = None) -> Floats:
    """Return the values as they are drawn in a view: NaN where there is no place, none too far beyond `home`."""
    places = view.places(values)
    places = np.where(np.isfinite(places), places, np.nan)
    if view.log:
        return places
    low, high = (home or view).range
    far = FAR * (high - low)
    return np.maximum(places, low - far) if view.higher_is_better else np.minimum(places, high + far)


def _reached_by_most(costs: Floats) -> float:
    """Return the lowest cost up to which nine tenths lie; of few, all."""
    place = math.ceil(_REACHED * len(costs)) - 1
    return float(np.partition(costs, place)[place])


def _costs(values: Floats, *, higher_is_better: bool) -> Floats:
    return -values if higher_is_better else values
