"""The range of the loss plot's values: one that typical trials fill, and that a diverging one leaves."""

import math
from collections.abc import Sequence

import numpy as np

from core.figures.arrays import Floats, drawable, finite, padded, robust_top, with_gaps

FAR = 1000
"""What is worse than the view's edge by so many view heights is drawn there: renderers of SVG files fail on more."""


class ValueRange:
    """What is known of the range from trials that have ended.

    Costs are values as they are drawn, those of a metric that is to be high negated. `log` is whether logarithms are
    drawn.
    """

    def __init__(self) -> None:
        self.log = self._higher_is_better = False
        self._shown: Floats = np.empty(0)
        self._lowest = self._ceiling = math.inf
        self._typical_top: float | None = None

    def take_past(
        self, shown: Floats, ends: Floats, running: Sequence[Floats], *, log: bool, higher_is_better: bool
    ) -> None:
        """Take in the past's values that are shown, the first and last ones of complete trials, and those of running.

        With `log` logarithms are drawn, unless the values are to be high or below zero: then they are of no use.
        """
        self._higher_is_better = higher_is_better
        self.log = log and not higher_is_better and not any((values < 0).any() for values in (shown, ends, *running))
        self._shown = finite(self._costs(drawable(shown, log=self.log)))
        self._lowest = float(self._shown.min(initial=math.inf))
        sane = finite(self._costs(drawable(ends, log=self.log)))
        self._typical_top = robust_top(sane, log=self.log) if len(sane) else None
        self._ceiling = math.inf
        low, high = self._home([self.drawn(values) for values in running], [])
        self._ceiling = math.inf if self.log else high + FAR * (high - low)

    def drawn(self, values: Floats) -> Floats:
        """Return the values as they are drawn, none too far beyond the view."""
        drawn = drawable(values, log=self.log)
        return np.maximum(drawn, -self._ceiling) if self._higher_is_better else np.minimum(drawn, self._ceiling)

    def home(self, running: Sequence[Floats], latest: Sequence[Floats]) -> tuple[float, float]:
        """Return the range; `running` are the drawn curves of the running trials, `latest` their last values."""
        low, high = self._home(running, latest)
        return (-high, -low) if self._higher_is_better else (low, high)

    def _home(self, running: Sequence[Floats], latest: Sequence[Floats]) -> tuple[float, float]:
        costs = finite(self._costs(with_gaps(running)))
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
        costs = finite(self._costs(with_gaps(latest)))
        far = typical + 1.0 if self.log else 10 * abs(typical)
        return min(float(costs.max()), far) if len(costs) else typical

    def _costs(self, drawn: Floats) -> Floats:
        return -drawn if self._higher_is_better else drawn
