"""The range of the loss plot's values: one that typical trials fill, and that a diverging one leaves."""

import math
from collections.abc import Sequence

import numpy as np

from core.figures.arrays import Floats, drawable, finite, padded, robust_top, with_gaps

FAR = 1000
"""What is worse than the view's edge by this many view heights is drawn there: renderers of SVG files fail on more."""


class ValueRange:
    """What is known of the range from trials that have ended.

    Costs are values as they are drawn, those of a metric that is to be high negated. `log` is whether logarithms are
    drawn. Without any values the range is 0 to 1.
    """

    def __init__(self, shown: Floats, ends: Floats, *, log: bool, higher_is_better: bool) -> None:
        """Take the values that are shown, and the first and last ones of complete trials."""
        self.log = log
        self._higher_is_better = higher_is_better
        self._shown = finite(self._costs(drawable(shown, log=log)))
        self._lowest = float(self._shown.min(initial=math.inf))
        sane = finite(self._costs(drawable(ends, log=log)))
        self._typical_top = robust_top(sane, log=log) if len(sane) else None

    def home(self, running: Sequence[Floats] = (), latest: Sequence[Floats] = ()) -> tuple[float, float]:
        """Return the range; `running` are the values of the running trials' curves, `latest` their last ones."""
        low, high = self._cost_range(running, latest)
        return (-high, -low) if self._higher_is_better else (low, high)

    def drawn(self, values: Floats, view: tuple[float, float]) -> Floats:
        """Return the values as they are drawn, none too far beyond a view."""
        drawn = drawable(values, log=self.log)
        if self.log:
            return drawn
        low, high = view
        reach = FAR * (high - low)
        return np.maximum(drawn, low - reach) if self._higher_is_better else np.minimum(drawn, high + reach)

    def _cost_range(self, running: Sequence[Floats], latest: Sequence[Floats]) -> tuple[float, float]:
        costs = self._costs_of(running)
        lowest = float(costs.min(initial=self._lowest))
        if math.isinf(lowest):
            return (-1.0, 0.0) if self._higher_is_better else (0.0, 1.0)
        top = self._typical_top
        if top is None:
            top = robust_top(np.append(costs, self._shown), log=self.log)
        top = max(lowest, top, self._latest(latest, top))
        return padded(0.0 if 0 <= lowest < top / 2 and not self.log else lowest, top, 0.03, 0.05)

    def _latest(self, latest: Sequence[Floats], typical: float) -> float:
        """Return the highest of the latest costs, in view unless it is far out."""
        costs = self._costs_of(latest)
        far = typical + 1.0 if self.log else 10 * abs(typical)
        return min(float(costs.max()), far) if len(costs) else typical

    def _costs_of(self, lines: Sequence[Floats]) -> Floats:
        return finite(self._costs(drawable(with_gaps(lines), log=self.log)))

    def _costs(self, drawn: Floats) -> Floats:
        return -drawn if self._higher_is_better else drawn
