"""Optuna's importances, in an environment of its own: `python optuna_peer.py` answers each line of its input by one.

Lines are JSON. Asked {"ranges", "points", "costs", "seed"}, it answers {evaluator: {"shares": {parameter: share},
"seconds"}}; `seconds` is CPU time. Every evaluator is used with its defaults, as its documentation shows.
"""

import json
import sys
import time
from typing import Any

import optuna

Range = dict[str, Any]
"""kind (float, integer, choices or boolean), low, high and scale, or values."""


def main() -> int:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for line in sys.stdin:
        asked = json.loads(line)
        study = _study(asked["ranges"], asked["points"], asked["costs"])
        print(json.dumps({name: _judged(study, one) for name, one in _evaluators(asked["seed"]).items()}), flush=True)
    return 0


def _evaluators(seed: int) -> dict[str, Any]:
    return {
        "PED-ANOVA": optuna.importance.PedAnovaImportanceEvaluator(),
        "fANOVA": optuna.importance.FanovaImportanceEvaluator(seed=seed),
    }


def _study(ranges: dict[str, Range], points: list[dict[str, Any]], costs: list[float]) -> Any:
    distributions = {name: _distribution(given) for name, given in ranges.items()}
    study = optuna.create_study()
    for point, cost in zip(points, costs, strict=True):
        study.add_trial(optuna.trial.create_trial(params=point, distributions=distributions, value=cost))
    return study


def _distribution(given: Range) -> Any:
    distributions, log = optuna.distributions, given.get("scale") == "log"
    match given["kind"]:
        case "float":
            return distributions.FloatDistribution(given["low"], given["high"], log=log)
        case "integer":
            return distributions.IntDistribution(given["low"], given["high"], log=log)
        case "choices":
            return distributions.CategoricalDistribution(given["values"])
        case "boolean":
            return distributions.CategoricalDistribution([False, True])
    raise ValueError(given["kind"])


def _judged(study: Any, evaluator: Any) -> dict[str, Any]:
    began = time.process_time()
    shares = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {"shares": shares, "seconds": time.process_time() - began}


if __name__ == "__main__":
    sys.exit(main())
