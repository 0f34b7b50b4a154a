"""One of the peers, in an environment of its own: `python regret_peer.py TOOL` answers on its standard streams.

Each line is JSON. Asked {"space", "seed", "trials"} it proposes points, as {"point", "seconds"}, and is told
{"objective"} after each; `seconds` is the CPU time of this process since it was told the last. optuna_gp may be given
{"points", "objectives"} to begin with, as "told". Every tool is used as its documentation shows, with its defaults;
objectives reach it as they are. What has no log scale gets logarithms; what has no integers or categories gets a cube,
and the rounded point is told.
"""

import contextlib
import json
import math
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

Dimension = dict[str, Any]
"""name, kind (float, integer or choices), low, high and log, or values."""
Point = dict[str, Any]

_START = 8
"""Random points before the surrogate of tools that leave the number to the user; as many as Afina's."""
_answers = sys.stdout


class Enough(Exception):
    """All trials were made."""


class Objective:
    """The objective as the tool sees it: asks whoever started this process. `before` was told to begin with."""

    def __init__(self, trials: int, before: dict[str, list[Any]]) -> None:
        self.before = before
        self._left = trials
        self.start_clock()

    def start_clock(self) -> None:
        self._told = time.process_time()

    def __call__(self, point: Point) -> float:
        if not self._left:
            raise Enough
        self._left -= 1
        print(json.dumps({"point": point, "seconds": time.process_time() - self._told}), file=_answers, flush=True)
        told = json.loads(sys.stdin.readline())["objective"]
        self.start_clock()
        return float(told)


def optuna_tpe(objective: Objective, space: list[Dimension], seed: int, trials: int) -> None:
    import optuna

    _optuna(optuna.samplers.TPESampler(seed=seed), objective, space, trials)


def optuna_gp(objective: Objective, space: list[Dimension], seed: int, trials: int) -> None:
    import optuna

    _optuna(optuna.samplers.GPSampler(seed=seed), objective, space, trials)


def _optuna(sampler: Any, objective: Objective, space: list[Dimension], trials: int) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def suggest(trial: Any, d: Dimension) -> Any:
        if d["kind"] == "choices":
            return trial.suggest_categorical(d["name"], d["values"])
        given = trial.suggest_int if d["kind"] == "integer" else trial.suggest_float
        return given(d["name"], d["low"], d["high"], log=d["log"])

    study = optuna.create_study(sampler=sampler)
    _add_what_was_told(study, objective.before, space)
    objective.start_clock()
    study.optimize(lambda trial: objective({d["name"]: suggest(trial, d) for d in space}), n_trials=trials + 1)


def _add_what_was_told(study: Any, before: dict[str, list[Any]], space: list[Dimension]) -> None:
    import optuna

    distributions = {d["name"]: optuna.distributions.FloatDistribution(d["low"], d["high"]) for d in space if before}
    for point, value in zip(before.get("points", ()), before.get("objectives", ()), strict=True):
        study.add_trial(optuna.trial.create_trial(params=point, distributions=distributions, value=value))


def gp_minimize(objective: Objective, space: list[Dimension], seed: int, trials: int) -> None:
    import skopt
    from skopt.space import Categorical, Integer, Real

    def dimension(d: Dimension) -> Any:
        if d["kind"] == "choices":
            return Categorical(d["values"])
        prior = "log-uniform" if d["log"] else "uniform"
        return (Integer if d["kind"] == "integer" else Real)(d["low"], d["high"], prior=prior)

    def told(values: list[Any]) -> float:
        return objective({d["name"]: _plain(d, value) for d, value in zip(space, values, strict=True)})

    skopt.gp_minimize(told, [dimension(d) for d in space], n_calls=trials + 1, random_state=seed)


def bayesian_optimization(objective: Objective, space: list[Dimension], seed: int, trials: int) -> None:
    from bayes_opt import BayesianOptimization

    def bounds(d: Dimension) -> Any:
        if d["kind"] == "choices":
            return tuple(d["values"])
        if d["log"]:
            return math.log(d["low"]), math.log(d["high"])
        return (d["low"], d["high"], int) if d["kind"] == "integer" else (d["low"], d["high"])

    def told(**values: Any) -> float:
        return -objective(
            {d["name"]: _plain(d, math.exp(values[d["name"]]) if d.get("log") else values[d["name"]]) for d in space}
        )

    names = {d["name"]: bounds(d) for d in space}
    tool = BayesianOptimization(told, names, random_state=seed, verbose=0, allow_duplicate_points=True)
    tool.maximize(init_points=_START, n_iter=trials)


def botorch(objective: Objective, space: list[Dimension], seed: int, trials: int) -> None:
    import torch
    from botorch.acquisition import LogExpectedImprovement
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import SingleTaskGP
    from botorch.optim import optimize_acqf
    from gpytorch.mlls import ExactMarginalLogLikelihood

    torch.manual_seed(seed)
    width = sum(len(d["values"]) if d["kind"] == "choices" else 1 for d in space)
    cube = torch.stack([torch.zeros(width), torch.ones(width)]).double()
    start = torch.quasirandom.SobolEngine(width, scramble=True, seed=seed).draw(_START).double()
    points: list[Any] = []
    results: list[float] = []
    while True:
        if len(points) < _START:
            chosen = start[len(points)]
        else:
            inputs = torch.stack(points)
            outputs = -torch.tensor(results, dtype=torch.double).unsqueeze(-1)
            model = SingleTaskGP(inputs, outputs)  # standardises the outputs itself
            fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
            acquisition = LogExpectedImprovement(model, best_f=model.outcome_transform(outputs)[0].max())
            chosen = optimize_acqf(acquisition, cube, q=1, num_restarts=5, raw_samples=256)[0][0]
        point = _from_cube(space, chosen.tolist())
        results.append(objective(point))
        points.append(torch.tensor(_to_cube(space, point), dtype=torch.double))


def hebo(objective: Objective, space: list[Dimension], seed: int, trials: int) -> None:
    import numpy as np
    import pandas as pd
    from hebo.design_space.design_space import DesignSpace
    from hebo.optimizers.hebo import HEBO

    def dimension(d: Dimension) -> dict[str, Any]:
        if d["kind"] == "choices":
            return {"name": d["name"], "type": "cat", "categories": d["values"]}
        kinds = {
            ("float", False): "num",
            ("float", True): "pow",
            ("integer", False): "int",
            ("integer", True): "pow_int",
        }
        return {"name": d["name"], "type": kinds[d["kind"], d["log"]], "lb": d["low"], "ub": d["high"]}

    np.random.seed(seed)
    tool = HEBO(DesignSpace().parse([dimension(d) for d in space]), scramble_seed=seed)
    while True:
        asked: pd.DataFrame = tool.suggest(n_suggestions=1)
        point = {d["name"]: _plain(d, asked.iloc[0][d["name"]]) for d in space}
        tool.observe(asked, np.array([[objective(point)]]))


def _plain(d: Dimension, value: Any) -> Any:
    return str(value) if d["kind"] == "choices" else round(float(value)) if d["kind"] == "integer" else float(value)


def _from_cube(space: list[Dimension], unit: list[float]) -> Point:
    """Return the point at coordinates in [0, 1]: one a number, one a choice's value, of which the largest counts."""
    left, point = list(unit), {}
    for d in space:
        if d["kind"] == "choices":
            shares = [left.pop(0) for _ in d["values"]]
            point[d["name"]] = d["values"][shares.index(max(shares))]
        else:
            low, high = _ends(d)
            number = low + left.pop(0) * (high - low)
            value = _plain(d, math.exp(number) if d["log"] else number)
            point[d["name"]] = min(d["high"], max(d["low"], value))
    return point


def _to_cube(space: list[Dimension], point: Point) -> list[float]:
    unit: list[float] = []
    for d in space:
        if d["kind"] == "choices":
            unit += [float(value == point[d["name"]]) for value in d["values"]]
        else:
            low, high = _ends(d)
            at = math.log(point[d["name"]]) if d["log"] else point[d["name"]]
            unit.append((at - low) / (high - low))
    return unit


def _ends(d: Dimension) -> tuple[float, float]:
    """Return the bounds of a number on its scale; each integer owns half a unit to both sides."""
    margin = 0.5 if d["kind"] == "integer" else 0.0
    low, high = d["low"] - margin, d["high"] + margin
    return (math.log(low), math.log(high)) if d["log"] else (low, high)


TOOLS: dict[str, Callable[[Objective, list[Dimension], int, int], None]] = {
    "optuna_tpe": optuna_tpe,
    "optuna_gp": optuna_gp,
    "gp_minimize": gp_minimize,
    "bayesian_optimization": bayesian_optimization,
    "botorch": botorch,
    "hebo": hebo,
}


def main() -> None:
    sys.stdout = sys.stderr  # a tool that prints must not spoil the answers
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        asked = json.loads(line)
        with contextlib.suppress(Enough):
            TOOLS[sys.argv[1]](
                Objective(asked["trials"], asked.get("told", {})), asked["space"], asked["seed"], asked["trials"]
            )
        print(json.dumps({"done": True}), file=_answers, flush=True)


if __name__ == "__main__":
    main()
