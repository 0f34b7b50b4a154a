"""skopt's gradient-boosted quantile trees, repaired."""

from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.utils import RegressorTags
from skopt.learning import GradientBoostingQuantileRegressor


class _QuantileTrees(GradientBoostingQuantileRegressor):  # type: ignore[misc]
    """skopt's gradient-boosted quantile trees, repaired.

    scikit-learn 1.6 and later do not recognise skopt's class as a regressor, because its bases stand in the wrong
    order, and its `predict` calls a function that NumPy 2.4 no longer has.
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor"
        tags.regressor_tags = RegressorTags()
        return tags

    def predict(self, X: Any, return_std: bool = False, return_quantiles: bool = False) -> Any:  # noqa: N803
        by_quantile = np.asarray([regressor.predict(X) for regressor in self.regressors_])
        if return_quantiles:
            return by_quantile.T
        low, middle, high = (by_quantile[list(self.quantiles).index(q)] for q in (0.16, 0.5, 0.84))
        return (middle, (high - low) / 2) if return_std else middle


def quantile_trees(seed: int) -> GradientBoostingQuantileRegressor:
    """Return the estimator for skopt's Optimizer; skopt's own "GBRT" fails."""
    trees = GradientBoostingRegressor(n_estimators=30, loss="quantile")
    return _QuantileTrees(base_estimator=trees, random_state=seed)
