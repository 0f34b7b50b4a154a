"""The surrogate: a Gaussian process whose hyperparameters have priors, as an estimator that skopt takes."""

import math
from copy import copy
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.linalg.lapack import dtrtri
from scipy.optimize import minimize
from skopt.learning import GaussianProcessRegressor

Array = NDArray[np.float64]

LEARNT = 300
"""The maximum number of points that hyperparameters are learnt from; of more, a selection of this size is used."""


class Prior(NamedTuple):
    """A normal distribution of a hyperparameter's logarithm."""

    mean: float
    deviation: float


LENGTH_SCALE = Prior(0.0, 1.0)
"""For a length scale, in units of a parameter's range."""
NOISE = Prior(-4.0, 1.0)
"""For the noise's variance, in units of the warped objective's variance, as in BoTorch."""
_SCALE_BOUNDS = (math.log(0.02), math.log(1000.0))
_NOISE_BOUNDS = (math.log(1e-6), 0.0)
_ROOT = math.sqrt(5)
_JITTER = 1e-6
_STEPS = 60


class Hyperparameters(NamedTuple):
    """`scales`: one length scale per parameter; `noise`: a variance. The objective's own variance is 1."""

    scales: Array
    noise: float


class GaussianProcess(GaussianProcessRegressor):  # type: ignore[misc]
    """A Gaussian process with a Matérn 5/2 kernel and one length scale per parameter.

    Ten points cannot identify nine length scales. So each hyperparameter has a log-normal prior, and the maximum a
    posteriori is taken (as in Vizier, arXiv 2408.11527, and BoTorch, Hvarfner et al., ICML 2024). L-BFGS finds it along
    the analytic gradient, with one Cholesky decomposition per step. skopt's own process takes the maximum of the
    likelihood, and it takes several times as long.

    `parameters` holds for each input column the place of its parameter: the columns of one choice share a length
    scale, so the kernel knows only equal and not equal. `pending` holds the inputs of trials under way; the fitted
    process believes its own mean there ("kriging believer", Ginsbourger et al., 2010), so the next point keeps away
    from them.

    With more than `LEARNT` points, the hyperparameters come from a selection of `LEARNT`; the posterior holds all
    points. A proposal is a pure function of its request, so no fit starts where the last one ended. `learnt` are the
    hyperparameters in one array, the noise last, if they were learnt from the same points before.
    """

    def __init__(
        self,
        parameters: tuple[int, ...] = (),
        pending: Array | None = None,
        *,
        priors: bool = True,
        learnt: Array | None = None,
    ) -> None:
        super().__init__()
        self.parameters = parameters
        self.pending = pending
        self.priors = priors
        self.learnt = learnt

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Learn the hyperparameters from inputs (points × columns, in the unit cube) and objectives (mean 0)."""
        inputs, objectives = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        self.hyperparameters_ = self._learn(inputs, objectives)
        self.told_ = Posterior(inputs, objectives, self._columns(), self.hyperparameters_)
        self.posterior_ = self.told_ if self.pending is None else self.told_.believing(self.pending)
        return self

    def _learn(self, inputs: Array, objectives: Array) -> Hyperparameters:
        if self.learnt is not None:
            return Hyperparameters(self.learnt[:-1], float(self.learnt[-1]))
        chosen = selection(objectives, LEARNT)
        return _most_probable(inputs[chosen], objectives[chosen], self._columns(), priors=self.priors)

    def predict(
        self,
        X: Any,  # noqa: N803
        return_std: bool = False,
        return_cov: bool = False,
        return_mean_grad: bool = False,
        return_std_grad: bool = False,
    ) -> Any:
        """Return the mean, and the other results asked for, without noise; gradients only for a single input."""
        assert not return_cov, "no caller wants it"
        inputs = np.asarray(X, dtype=float)
        if return_mean_grad:
            every = self.posterior_.gradients(inputs)
            return every if return_std_grad else every[:3]
        return self.posterior_.moments(inputs) if return_std else self.posterior_.mean(inputs)

    def _columns(self) -> NDArray[np.intp]:
        return np.asarray(self.parameters, dtype=np.intp)


class Posterior:
    """The belief after the told points, for given hyperparameters."""

    def __init__(
        self, inputs: Array, objectives: Array, columns: NDArray[np.intp], hyperparameters: Hyperparameters
    ) -> None:
        self._weights = 1 / hyperparameters.scales[columns]
        self._inputs = inputs * self._weights
        covariance = _correlation(_squared_distances(self._inputs, self._inputs))
        covariance[np.diag_indices_from(covariance)] += hyperparameters.noise + _JITTER
        self._noise = hyperparameters.noise + _JITTER
        self._objectives = objectives
        self._factor = cholesky(covariance, lower=True, check_finite=False)
        self._solved = cho_solve((self._factor, True), objectives, check_finite=False)

    def believing(self, inputs: Array) -> Self:
        """Return the posterior after the objective at the inputs turns out to be the mean there, without noise.

        The mean stays the same everywhere; the deviation falls near the inputs.
        """
        covariance = self._covariance(inputs)
        halves = solve_triangular(self._factor, covariance.T, lower=True, check_finite=False)
        weighted = inputs * self._weights
        left = _correlation(_squared_distances(weighted, weighted)) - halves.T @ halves
        left[np.diag_indices_from(left)] += _JITTER
        believing = copy(self)
        believing._inputs = np.vstack([self._inputs, weighted])
        nothing = np.zeros_like(halves)
        believing._factor = np.block([[self._factor, nothing], [halves.T, cholesky(left, lower=True)]])
        believing._solved = np.append(self._solved, np.zeros(len(inputs)))
        return believing

    def mean(self, inputs: Array) -> Array:
        return np.asarray(self._covariance(inputs) @ self._solved)

    def moments(self, inputs: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation at each input."""
        covariance = self._covariance(inputs)
        halves = solve_triangular(self._factor, covariance.T, lower=True, check_finite=False)
        variance = 1 - np.einsum("ij,ij->j", halves, halves)
        return covariance @ self._solved, np.sqrt(np.maximum(variance, 1e-12))

    def averages(self, weights: Array, inputs: Array) -> "Averages":
        """Return the belief about weighted means, one for each row of `weights` (means × points).

        `inputs` (means × points × columns) are the points of each; a mean of one point is the belief at that point.
        """
        means, points, columns = inputs.shape
        with_told = _correlation(_squared_distances(inputs.reshape(-1, columns) * self._weights, self._inputs))
        covariance = (weights[:, None, :] @ with_told.reshape(means, points, -1))[:, 0]
        halves = solve_triangular(self._factor, covariance.T, lower=True, check_finite=False)
        return Averages(covariance @ self._solved, halves, weights, inputs * self._weights)

    def likeness(self, inputs: Array, others: Array) -> Array:
        """Return the kernel's correlation of each input with the other one of the same row."""
        return likeness((inputs - others) * self._weights)

    def left_out(self) -> tuple[Array, Array]:
        """Return mean and standard deviation of each told objective, noise included, as predicted from the others.

        In closed form, with the hyperparameters of all (Rasmussen and Williams, Gaussian Processes for Machine
        Learning, 2006, section 5.4.2).
        """
        return self._objectives - self._solved / self._precision, 1 / np.sqrt(self._precision)

    def told_apart(self, one: int) -> tuple[Array, Array]:
        """Return by how much the mean at each told point is above that at one of them, and the deviation of that.

        With K for the covariance and N for the noise, the mean is y - N (K + N)⁻¹ y and its covariance
        N - N (K + N)⁻¹ N, so nothing but the inverse's diagonal and one of its columns is computed.
        """
        column = np.zeros(len(self._objectives))
        column[one] = 1.0
        together = -(self._noise**2) * cho_solve((self._factor, True), column, check_finite=False)
        variances = self._noise - self._noise**2 * self._precision
        variance = variances + variances[one] - 2 * together
        variance[one] = 0.0
        means = self._objectives - self._noise * self._solved
        return means - means[one], np.sqrt(np.maximum(variance, 0))

    @cached_property
    def _precision(self) -> Array:
        """The diagonal of the inverse of the told points' covariance with noise."""
        inverse, _ = dtrtri(self._factor, lower=1)
        return np.asarray(np.einsum("ij,ij->j", inverse, inverse))

    def gradients(self, inputs: Array) -> tuple[Array, Array, Array, Array]:
        """Return mean, standard deviation and the gradient of each, at one input (1 × columns)."""
        covariance, slope = _matern(_squared_distances(inputs * self._weights, self._inputs))
        away = (inputs * self._weights - self._inputs) * self._weights
        gradient = -slope.T * away
        solved = cho_solve((self._factor, True), covariance[0], check_finite=False)
        deviation = math.sqrt(max(1 - covariance[0] @ solved, 1e-12))
        slopes = self._solved @ gradient, -(solved @ gradient) / deviation
        return covariance @ self._solved, np.array([deviation]), *slopes

    def _covariance(self, inputs: Array) -> Array:
        """Return the covariance of the inputs (rows) with the told points."""
        return _correlation(_squared_distances(inputs * self._weights, self._inputs))


class Averages:
    """The belief about weighted means of points: their `mean`, their `deviation`, and how they go together."""

    def __init__(self, mean: Array, halves: Array, weights: Array, weighted: Array) -> None:
        self.mean = mean
        self._halves = halves
        self._weights = weights
        self._inputs = weighted

    @cached_property
    def _variance(self) -> Array:
        within = _correlation(_squared_distances(self._inputs, self._inputs))
        prior = np.einsum("mp,mpq,mq->m", self._weights, within, self._weights)
        return np.asarray(prior - np.einsum("ij,ij->j", self._halves, self._halves))

    @cached_property
    def deviation(self) -> Array:
        return np.asarray(np.sqrt(np.maximum(self._variance, 1e-12)))

    def part(self, of: slice) -> "Averages":
        """Return some of the means."""
        return Averages(self.mean[of], self._halves[:, of], self._weights[of], self._inputs[of])

    def covariance(self, one: int) -> Array:
        """Return the covariance of each mean with that one."""
        prior = _correlation(_squared_distances(self._inputs, self._inputs[one]))
        between = np.einsum("mp,mpq,q->m", self._weights, prior, self._weights[one])
        return np.asarray(between - self._halves.T @ self._halves[:, one])

    def deviation_from(self, one: int) -> Array:
        """Return the standard deviation of the difference of each mean from that one."""
        variance = self._variance + self._variance[one] - 2 * self.covariance(one)
        return np.asarray(np.sqrt(np.maximum(variance, 0)))


def likeness(apart: Array) -> Array:
    """Return the correlation of two points for each row of their differences, in length scales."""
    return _correlation(np.einsum("ij,ij->i", apart, apart))


def selection(objectives: Array, count: int) -> NDArray[np.intp]:
    """Return the indices of at most `count` points, in order: a third the best, a third the latest, the rest spread."""
    total = len(objectives)
    if total <= count:
        return np.arange(total)
    third = count // 3
    kept = set(np.argsort(objectives, kind="stable")[:third].tolist()) | set(range(total - third, total))
    others = np.array([i for i in range(total) if i not in kept])
    spread = others[np.linspace(0, len(others) - 1, count - len(kept)).round().astype(int)]
    return np.array(sorted(kept | set(spread.tolist())))


def _squared_distances(a: Array, b: Array) -> Array:
    squared = (a * a).sum(axis=-1)[..., None] + (b * b).sum(axis=-1)[..., None, :] - 2 * (a @ b.swapaxes(-1, -2))
    return np.asarray(np.maximum(squared, 0, out=squared))


def _correlation(squared: Array) -> Array:
    """Return the Matérn 5/2 correlation at squared distances."""
    distance = _ROOT * np.sqrt(squared)
    return np.asarray((1 + distance + 5 / 3 * squared) * np.exp(-distance))


def _matern(squared: Array) -> tuple[Array, Array]:
    """Return the Matérn 5/2 correlation at squared distances, and -2 times its derivative by the squared distance."""
    distance = _ROOT * np.sqrt(squared)
    decay = np.exp(-distance)
    return (1 + distance + 5 / 3 * squared) * decay, 5 / 3 * (1 + distance) * decay


class Evidence:
    """The negative logarithm of the posterior of the hyperparameters, with its gradient.

    Its argument holds the logarithms of all length scales, then the logarithm of the noise's variance.
    """

    def __init__(self, inputs: Array, objectives: Array, columns: NDArray[np.intp], *, priors: bool) -> None:
        count = columns.max() + 1
        apart = np.stack([_squared_distances(inputs[:, columns == p], inputs[:, columns == p]) for p in range(count)])
        self._apart = apart.reshape(count, -1)
        self._objectives = objectives
        self._means = np.append(np.full(count, LENGTH_SCALE.mean), NOISE.mean)
        self._precisions = np.append(np.full(count, LENGTH_SCALE.deviation), NOISE.deviation) ** -2.0
        if not priors:
            self._precisions[:] = 0

    def __call__(self, logarithms: Array) -> tuple[float, Array]:
        weights, noise = np.exp(-2 * logarithms[:-1]), math.exp(logarithms[-1])
        points = len(self._objectives)
        correlation, slope = _matern((weights @ self._apart).reshape(points, points))
        correlation[np.diag_indices(points)] += noise + _JITTER
        factor = cholesky(correlation, lower=True, check_finite=False)
        inverse = cho_solve((factor, True), np.eye(points), check_finite=False)
        solved = inverse @ self._objectives
        value = 0.5 * self._objectives @ solved + np.log(np.diag(factor)).sum()
        unexplained = np.outer(solved, solved) - inverse
        gradient = np.empty_like(logarithms)
        gradient[:-1] = -0.5 * weights * (self._apart @ (unexplained * slope).ravel())
        gradient[-1] = -0.5 * noise * np.trace(unexplained)
        off = logarithms - self._means
        return float(value + 0.5 * (self._precisions * off**2).sum()), gradient + self._precisions * off


def _most_probable(inputs: Array, objectives: Array, columns: NDArray[np.intp], *, priors: bool) -> Hyperparameters:
    count = int(columns.max()) + 1
    start = np.append(np.full(count, LENGTH_SCALE.mean), NOISE.mean)
    found = minimize(
        Evidence(inputs, objectives, columns, priors=priors),
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[*[_SCALE_BOUNDS] * count, _NOISE_BOUNDS],
        options={"maxiter": _STEPS},
    )
    return Hyperparameters(np.exp(found.x[:-1]), math.exp(found.x[-1]))
