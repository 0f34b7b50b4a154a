"""What the runs say, as tables."""

from collections.abc import Iterable, Sequence

import numpy as np

from tests.bench.search.contestants import Run

_RESAMPLES = 2000
NEAR = 0.001
"""Points at most so far apart are nearly the same, in shares of a range."""
FEWEST = 3
"""With fewer seeds on any surface no interval is given."""


def best_regret(run: Run, trials: int) -> float:
    """Return the regret of the configuration that was observed best after so many trials."""
    return run.regrets[int(np.argmin(run.losses[:trials]))]


def regret_table(runs: Sequence[Run], tools: Sequence[str], reference: str, budgets: Sequence[int]) -> list[list[str]]:
    """Return a row a tool: for each budget the mean regret, and the difference to the reference on shared runs.

    Intervals are 95 % by bootstrap: seeds are drawn anew within each surface.
    """
    heading = ["tool"]
    for budget in budgets:
        heading += [f"runs at {budget}", f"regret at {budget}", f"{reference} is lower by"]
    rows = [heading]
    surfaces = len({run.surface for run in runs})
    for tool in tools:
        row = [tool]
        for budget in budgets:
            own, other = (_regrets(runs, name, budget) for name in (tool, reference))
            shared = {key: own[key] - other[key] for key in own.keys() & other.keys()}
            row += [str(len(own)), _interval(own, surfaces), "" if tool == reference else _interval(shared, surfaces)]
        rows.append(row)
    return rows


def cost_table(runs: Sequence[Run], tools: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """Return a row a tool: the mean CPU seconds of an ask and a tell between two trials."""
    rows = [["tool", *(f"CPU s, trials {first}–{last}" for first, last in spans)]]
    for tool in tools:
        mine = [run.seconds for run in runs if run.tool == tool]
        means = [
            [np.mean(seconds[first - 1 : last]) for seconds in mine if len(seconds) >= last] for first, last in spans
        ]
        rows.append([tool, *(f"{np.mean(span):.3f}" if span else "–" for span in means)])
    return rows


def surface_table(runs: Sequence[Run], tools: Sequence[str], budget: int) -> list[list[str]]:
    """Return a row a surface: each tool's mean regret there."""
    rows = [[f"regret at {budget}", *tools]]
    for name in dict.fromkeys(run.surface for run in runs):
        here = [run for run in runs if run.surface == name]
        found = [list(_regrets(here, tool, budget).values()) for tool in tools]
        rows.append([name, *(f"{np.mean(values):.1f}" if values else "–" for values in found)])
    return rows


def near_table(runs: Sequence[Run], tools: Sequence[str], first: int, last: int) -> list[list[str]]:
    """Return a row a surface: of the trials from `first` to `last`, how many lie near an earlier one; mean and most."""
    rows = [[f"of trials {first}–{last} near an earlier one", *tools]]
    for name in dict.fromkeys(run.surface for run in runs):
        row = [name]
        for tool in tools:
            gaps = [run.gaps[first - 1 : last] for run in runs if (run.surface, run.tool) == (name, tool)]
            near = [sum(gap <= NEAR for gap in own) for own in gaps if own]
            row.append(f"{np.mean(near):.1f}, at most {max(near)}" if near else "–")
        rows.append(row)
    return rows


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Print the rows as a Markdown table."""
    heading, *others = list(rows)
    for row in (heading, ["---"] * len(heading), *others):
        print(f"| {' | '.join(row)} |")
    print(flush=True)


def _regrets(runs: Sequence[Run], tool: str, budget: int) -> dict[tuple[str, int], float]:
    mine = [run for run in runs if run.tool == tool and len(run.losses) >= budget]
    return {(run.surface, run.seed): best_regret(run, budget) for run in mine}


def _interval(values: dict[tuple[str, int], float], every: int) -> str:
    """Return the mean over all surfaces with half the width of its interval, if there are seeds enough for one."""
    surfaces = sorted({name for name, _ in values})
    if not surfaces or len(surfaces) < every:
        return "–"
    groups = [np.array([v for (name, _), v in sorted(values.items()) if name == s]) for s in surfaces]
    mean = f"{np.mean([group.mean() for group in groups]):.1f}"
    if min(map(len, groups)) < FEWEST:
        return mean
    rng = np.random.default_rng(0)
    means = np.mean([rng.choice(group, (_RESAMPLES, len(group))).mean(axis=1) for group in groups], axis=0)
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{mean} ± {(high - low) / 2:.1f}"
