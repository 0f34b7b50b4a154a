"""Importance of parameters on functions of which it is known: `python -m tests.bench.importance [--seeds 15]`.

Studies by Afina's own search of functions with known effects, and noise of 5 % of the spread. Afina's importance and
Optuna's PED-ANOVA and fANOVA judge the same trials. Printed, with 90 % intervals: in how many studies the relevant
parameters are ranked before all others; how often Afina's 90 % intervals hold the truth, which is that of the function
without noise, its tail cut as the study's costs are; what share of all is given to parameters that do nothing; seconds.
A parameter that does nothing is held if the interval begins below 2 %, where the window says "cannot be told from
nothing". Optuna is told the middle of the range where a parameter does not apply.

The search takes most of the time, so its trials are kept in a file (`--kept`), and judged anew in the next run.
`--growth` measures instead how long the answers take, up to 10,000 trials × 20 parameters.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest

from core.analysis.answers import ImportanceAnswer
from core.analysis.importance import importance
from core.analysis.questions import ImportanceQuestion
from core.search.proposal import Observation
from tests.bench.importance.functions import FUNCTIONS
from tests.bench.importance.growth import growth_table
from tests.bench.importance.peers import PEERS, Optuna
from tests.bench.importance.studies import Study, Truth, keep, kept, limit_of, request, searched
from tests.bench.search.tables import print_table

BUDGETS = (20, 50)
AFINA = "Afina"
NOTHING = 0.02
"""A share below this is nothing."""
_RESAMPLES = 2000


class Judged(NamedTuple):
    """What a tool says of a study after so many trials; `held` per parameter: by its effect, and whether it was."""

    function: str
    trials: int
    tool: str
    first: bool
    dummies: float
    seconds: float
    held: tuple[tuple[bool, bool], ...] = ()
    width: float = 0.0
    interval_seconds: float = 0.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.importance", description=__doc__)
    parser.add_argument("--seeds", type=int, default=15)
    parser.add_argument("--first", type=int, default=20, help="the first seed; those below chose how it is done")
    parser.add_argument("--kept", type=Path, default=Path(gettempdir(), "afina-importance.jsonl"))
    parser.add_argument("--functions", default=",".join(FUNCTIONS))
    parser.add_argument("--growth", action="store_true", help="how long the answers take")
    options = parser.parse_args()
    if options.growth:
        print_table(growth_table())
        return 0
    optuna = Optuna()
    try:
        seeds = range(options.first, options.first + options.seeds)
        judged = list(_judged(options.functions.split(","), seeds, options.kept, optuna))
    finally:
        optuna.close()
    for budget in BUDGETS:
        print_table(_table([one for one in judged if one.trials == budget], budget))
    return 0


def _judged(functions: Sequence[str], seeds: Sequence[int], studies: Path, optuna: Optuna) -> Iterator[Judged]:
    known = kept(studies)
    for name in functions:
        truth = Truth(FUNCTIONS[name])
        for seed in seeds:
            observations = known.get((name, seed))
            if observations is None:
                observations = searched(truth, seed, max(BUDGETS))
                keep(studies, Study(name, seed, observations))
            for budget in BUDGETS:
                yield _by_afina(truth, seed, observations[:budget])
                for tool, answer in optuna.judged(truth.function, observations[:budget], seed).items():
                    yield _by(tool, truth, budget, answer["shares"], answer["seconds"])
            print(name, seed, file=sys.stderr, flush=True)


def _by(tool: str, truth: Truth, budget: int, shares: dict[str, float], seconds: float) -> Judged:
    function, nothing = truth.function, _doing_nothing(truth)
    ranked = sorted(function.ranges, key=lambda name: -shares[name])
    first = set(ranked[: len(function.relevant)]) == function.relevant
    given = sum(shares[name] for name in nothing) / (sum(shares.values()) or 1)
    return Judged(function.name, budget, tool, first, given, seconds)


def _doing_nothing(truth: Truth) -> list[str]:
    return [name for name, total in truth.totals(np.inf).items() if not total]


def _by_afina(truth: Truth, seed: int, observations: tuple[Observation, ...]) -> Judged:
    began = time.process_time()
    answers = importance(ImportanceQuestion(request(truth.function, seed, observations)))
    next(answers)
    seconds = time.process_time() - began
    *_, answer = answers
    interval_seconds = time.process_time() - began
    totals = truth.totals(limit_of(np.array([observation.objective for observation in observations])))
    judged = _by(AFINA, truth, len(observations), {s.parameter: s.total for s in answer.shares}, seconds)
    width = float(np.mean([s.high - s.low for s in answer.shares if totals[s.parameter] > NOTHING]))
    return judged._replace(held=_held(answer, totals), width=width, interval_seconds=interval_seconds)


def _held(answer: ImportanceAnswer, totals: dict[str, float]) -> tuple[tuple[bool, bool], ...]:
    """Return for each parameter whether it has an effect, and whether its interval holds the truth."""
    held = []
    for share in answer.shares:
        true = totals[share.parameter]
        acts = true > NOTHING
        held.append((acts, share.low <= true <= share.high if acts else share.low < NOTHING))
    return tuple(held)


def _table(judged: Sequence[Judged], budget: int) -> list[list[str]]:
    functions = list(dict.fromkeys(one.function for one in judged))
    rows = [
        [
            f"after {budget} trials",
            "studies",
            "relevant first",
            *functions,
            "given to what does nothing",
            "intervals that hold the truth",
            "of what has an effect",
            "their width",
            "CPU s",
            "with intervals",
        ]
    ]
    for tool in (AFINA, *PEERS):
        own = [one for one in judged if one.tool == tool]
        if own:
            by_function = [[one for one in own if one.function == name] for name in functions]
            rows.append(
                [
                    tool,
                    str(len(own)),
                    _counted(own),
                    *map(_percent, by_function),
                    _given(own),
                    *_covered(own),
                    *_cost(own),
                ]
            )
    return rows


def _percent(judged: Sequence[Judged]) -> str:
    return f"{np.mean([one.first for one in judged]):.0%}".replace("%", " %")


def _counted(judged: Sequence[Judged]) -> str:
    """Return the share of studies with its interval by Wilson."""
    ends = binomtest(sum(one.first for one in judged), len(judged)).proportion_ci(0.9, "wilson")
    return f"{_percent(judged)} ({100 * ends.low:.0f} to {100 * ends.high:.0f})"


def _given(judged: Sequence[Judged]) -> str:
    return _mean(judged, lambda drawn: float(np.mean([one.dummies for one in drawn])))


def _covered(judged: Sequence[Judged]) -> list[str]:
    if judged[0].tool != AFINA:
        return ["", "", ""]
    every = _mean(judged, lambda drawn: float(np.mean([held for one in drawn for _, held in one.held])))
    acting = _mean(judged, lambda drawn: float(np.mean([held for one in drawn for acts, held in one.held if acts])))
    return [every, acting, f"{np.mean([one.width for one in judged]):.2f}"]


def _cost(judged: Sequence[Judged]) -> list[str]:
    whole = np.median([one.interval_seconds for one in judged])
    return [f"{np.median([one.seconds for one in judged]):.3f}", f"{whole:.2f}" if judged[0].tool == AFINA else ""]


def _mean(judged: Sequence[Judged], of: Callable[[Sequence[Judged]], float]) -> str:
    """Return a share in percent with its interval, by bootstrap over the studies."""
    rng = np.random.default_rng(0)
    drawn = [of([judged[i] for i in rng.integers(len(judged), size=len(judged))]) for _ in range(_RESAMPLES)]
    low, high = np.percentile(drawn, [5, 95])
    return f"{100 * of(judged):.1f} % ({100 * low:.1f} to {100 * high:.1f})"


if __name__ == "__main__":
    sys.exit(main())
