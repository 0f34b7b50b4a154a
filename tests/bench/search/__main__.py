"""The search against its peers: `python -m tests.bench.search [--seeds 20] [--trials 50] [--tools afina,random]`.

Results are kept in `results.jsonl` beside this file, run by run, so that a run that was stopped goes on where it was
and the peers' hours are not spent twice; runs of an Afina that searched otherwise are made anew. HEBO and
bayesian-optimization take minutes a run of 50 trials: `--seeds 3` with them.
`--tables` prints the tables of what there is; `--growth` measures how a proposal's cost grows instead; `--surfaces
tuning` searches the surfaces that the search was tuned on, `--surfaces further` eight that are neither those nor the
reported ones; `--spacing` compares Afina with and without keeping clear of known points, there and on smooth formulas;
`--quick` is a first look at two surfaces, without peers.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.bench.search.contestants import AFINA, PEERS, SPACING, Peers, Run, contestant, version_of
from tests.bench.search.growth import growth_table
from tests.bench.search.surfaces import FURTHER, REPORTED, SMOOTH, TUNING, surface
from tests.bench.search.tables import cost_table, near_table, print_table, regret_table, surface_table

RESULTS = Path(__file__).with_name("results.jsonl")
BUDGETS = (20, 50)
GROUPS: dict[str, Sequence[str]] = {"tuning": TUNING, "further": FURTHER, "smooth": SMOOTH}
"""Surfaces that `--surfaces` takes by one word."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--tools", default=",".join((*AFINA, *PEERS)))
    parser.add_argument("--surfaces", default=",".join(REPORTED))
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tables", action="store_true", help="search nothing")
    parser.add_argument("--growth", action="store_true", help="500 and 2,000 observations in 10 dimensions")
    parser.add_argument(
        "--spacing",
        action="store_true",
        help="Afina alone, keeping clear of known points and not: regret, and points nearly the same as earlier ones",
    )
    options = parser.parse_args()
    peers = Peers()
    try:
        if options.growth:
            print_table(growth_table((500,) if options.quick else (500, 2000), 3, None if options.quick else peers))
            return 0
        tools, seeds = options.tools.split(","), options.seeds
        surfaces = GROUPS.get(options.surfaces) or options.surfaces.split(",")
        if options.spacing:
            tools, surfaces = list(SPACING), (*TUNING, *SMOOTH)
        if options.quick:
            tools, surfaces, seeds = ["afina", "random"], ["fcnet:protein_structure", "lcbench:higgs"], 2
        runs = list(kept(options.results, tools, surfaces))
        if not options.tables:
            runs = search(runs, tools, surfaces, range(seeds), options.trials, options.results, peers)
    finally:
        peers.close()
    if options.spacing:
        report_spacing(runs)
    else:
        report(runs, tools)
    return 0


def search(
    runs: Sequence[Run],
    tools: Sequence[str],
    surfaces: Sequence[str],
    seeds: range,
    trials: int,
    results: Path,
    peers: Peers,
) -> list[Run]:
    """Search what has not been searched yet, seed by seed, so that a part of it is worth something."""
    done = {(run.tool, run.surface, run.seed): run for run in runs}
    for seed in seeds:
        for name in surfaces:
            for tool in tools:
                known = done.get((tool, name, seed))
                if known is not None and len(known.losses) >= trials:
                    continue
                run = contestant(tool, peers)(tool, surface(name), seed, trials)
                done[tool, name, seed] = run
                with results.open("ab") as file:
                    file.write(msgspec.json.encode(run) + b"\n")
                print(seed, name, tool, f"{sum(run.seconds):.1f} s", file=sys.stderr, flush=True)
    return list(done.values())


def kept(results: Path, tools: Sequence[str], surfaces: Sequence[str]) -> Iterator[Run]:
    """Yield the runs of a file that still hold; of two alike the longer or later one."""
    found: dict[tuple[str, str, int], Run] = {}
    for line in results.read_bytes().splitlines() if results.exists() else ():
        run = msgspec.json.decode(line, type=Run)
        if run.tool in tools and run.surface in surfaces and run.version == version_of(run.tool):
            found[run.tool, run.surface, run.seed] = run
    yield from found.values()


def report(runs: Sequence[Run], tools: Sequence[str]) -> None:
    reference = "afina" if "afina" in tools else tools[0]
    print_table(regret_table(runs, tools, reference, BUDGETS))
    print_table(cost_table(runs, tools, ((10, 20), (40, 50))))
    for budget in BUDGETS:
        print_table(surface_table(runs, tools, budget))


def report_spacing(runs: Sequence[Run]) -> None:
    for group in (TUNING, SMOOTH):
        there = [run for run in runs if run.surface in group]
        print_table(regret_table(there, SPACING, SPACING[0], BUDGETS))
        print_table(near_table(there, SPACING, 9, 20))


if __name__ == "__main__":
    sys.exit(main())
