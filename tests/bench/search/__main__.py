"""The search against its peers: `python -m tests.bench.search [--seeds 20] [--trials 50] [--tools afina,random] [--quick]`.

Results are kept in `.peers/search-results.jsonl`, run by run, so that a run that was stopped goes on where it was.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from tests.bench.peers import PEERS_FOLDER
from tests.bench.search.contestants import AFINA, PEERS, Peers, Run, contestant, version_of
from tests.bench.search.surfaces import REPORTED, TUNING, surface

SLOW = {
    "optuna_gp": (20, 3),
    "gp_minimize": (20, 3),
    "botorch": (20, 3),
    "bayesian_optimization": (3, 1),
    "hebo": (3, 1),
}
"""For how many seeds these are run at all, and with all trials; the rest with 20 trials. They take up to 7 s a trial."""
RESULTS = PEERS_FOLDER / "search-results.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--tools", default=",".join((*PEERS, *AFINA)))
    parser.add_argument("--surfaces", default=",".join(REPORTED))
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    surfaces = TUNING if options.surfaces == "tuning" else options.surfaces.split(",")
    done = {(run.tool, run.surface, run.seed): run for run in read(options.results)}
    peers = Peers()
    try:
        for seed in range(options.seeds):
            for name in surfaces:
                for tool in options.tools.split(","):
                    seeds, long = SLOW.get(tool, (options.seeds, options.seeds))
                    if seed >= seeds:
                        continue
                    trials = options.trials if seed < long else min(options.trials, 20)
                    known = done.get((tool, name, seed))
                    if known and known.version == version_of(tool) and len(known.losses) >= trials:
                        continue
                    run = contestant(tool, peers)(tool, surface(name), seed, trials)
                    done[tool, name, seed] = run
                    with options.results.open("ab") as file:
                        file.write(msgspec.json.encode(run) + b"\n")
                    print(seed, name, tool, f"{sum(run.seconds):.1f} s", file=sys.stderr, flush=True)
    finally:
        peers.close()
    return 0


def read(path: Path) -> list[Run]:
    if not path.exists():
        return []
    return [msgspec.json.decode(line, type=Run) for line in path.read_bytes().splitlines()]


if __name__ == "__main__":
    sys.exit(main())
