"""How fast trials are trained, against peers in the same run: `python -m tests.bench.training [--quick] [--only a,b]`.

a  the tutorial's study, and where its time goes
b  the same with units, layers and dropout of a perceptron
c  100,000 steps of a small perceptron, against `fit` and the arithmetic alone
d  a data set of 1,000,000 rows
Peers are installed into an environment of their own at the first run.
"""

import argparse
import json
import multiprocessing
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.training", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each, each with another seed; medians are printed")
    parser.add_argument("--only", default="a,b,c,d", help="the parts to measure, as a,c")
    parser.add_argument("--quick", action="store_true", help="a run of few trials, steps and rows")
    parser.add_argument("--peers", default="optuna,skopt,keras-tuner", help="those of a and b; empty for none")
    options = parser.parse_args()
    runs = 1 if options.quick else options.runs
    print(f"Training, {platform.platform()}, Python {platform.python_version()}, medians of {runs}")
    for part in options.only.split(","):
        if part in ("a", "b"):
            peers = options.peers.split(",") if options.peers else []
            compare_studies(mlp=part == "b", runs=runs, trials=8 if options.quick else 20, peers=peers)
        elif part == "c":
            compare_long(runs, 4_000 if options.quick else 100_000)
        elif part == "d":
            train_large(20_000 if options.quick else 1_000_000)
        else:
            parser.error(f"there is no part {part!r}")


def compare_studies(*, mlp: bool, runs: int, trials: int, peers: list[str]) -> None:
    from tests.bench.training import rivals, studies

    name = "units, layers and dropout too" if mlp else "the tutorial's study"
    print(f"\n{'b' if mlp else 'a'}  {name}: {trials} trials × 10 epochs")
    found: dict[str, list[rivals.Search]] = {tool: [] for tool in peers}
    if peers:
        rivals.python()  # installed before anything is timed
    budgets = []
    for seed in range(runs):
        budgets.append(studies.run_study(mlp=mlp, seed=seed, trials=trials))
        for tool, searches in found.items():
            searches.append(rivals.search(tool, seed=seed, trials=trials, epochs=10, mlp=mlp))
    ours = median(budget.total for budget in budgets)
    print(f"   {'Afina':<34} {ours:7.2f} s         best {median(b.best for b in budgets):.2f}", flush=True)
    for tool, searches in found.items():
        seconds = median(search.seconds for search in searches)
        best = median(search.best for search in searches)
        print(f"   {rivals.TOOLS[tool]:<34} {seconds:7.2f} s  {seconds / ours:5.1f}× best {best:.2f}", flush=True)
    print_budget(budgets, trials)


def print_budget(budgets: list[Any], trials: int) -> None:
    from tests.bench.training import studies

    middle = sorted(budgets, key=lambda budget: budget.total)[len(budgets) // 2]
    parts = {
        "waiting for the search": middle.proposing,
        "the study file": middle.writing,
        "training, in the worker": middle.training,
        "pipes, Python": middle.other,
    }
    print(
        f"   Of the run in the middle, a trial takes {1000 * middle.total / trials:.0f} ms ({middle.failed} diverged):"
    )
    for name, seconds in parts.items():
        print(f"   {1000 * seconds / trials:9.1f} ms  {name}")
    for name, seconds in studies.parts_of_training(middle.progress).items():
        print(f"   {1000 * seconds / trials:13.1f} ms  {name} (the same trials again, inline)")


def compare_long(runs: int, steps: int) -> None:
    print(f"\nc  {steps:,} steps of 64-64-1 on 8,000 + 2,000 rows × 13, SGD, validated after each epoch, traced anew")
    print("   batch   Afina  (first epoch)   fit, reckoned from   fit/Afina  µs a step: Afina   C  NumPy   fit")
    for batch_size in (1, 8, 32, 100):
        found = [run_module("long", batch_size, steps) for _ in range(runs)]
        ours, first, fit = (median(f[name] for f in found) for name in ("ours", "ours_first", "fit"))
        count, c_steps = found[0]["steps"], [f["c_step"] for f in found if f["c_step"] is not None]
        c_step = f"{1e6 * median(c_steps):.1f}" if c_steps else "–"
        print(
            f"   {batch_size:>5} {ours:5.2f} s       {first:5.2f} s  {fit:7.1f} s {found[0]['fit_steps']:>7,} steps "
            f"{fit / ours:9.1f}× {1e6 * ours / count:18.1f} {c_step:>4} "
            f"{1e6 * median(f['numpy_step'] for f in found):6.1f} {1e6 * fit / count:5.0f}",
            flush=True,
        )


def train_large(rows: int) -> None:
    print(f"\nd  linear regression on {rows:,} rows × 20, 3 epochs a trial; the process that trains")
    for batch_size in (32, 1000):
        found = run_module("large", rows, batch_size)
        print(f"   batch {batch_size}: {found['loaded']['now']:,.0f} MB with TensorFlow loaded")
        for number, trial in enumerate(found["trials"], 1):
            print(
                f"   trial {number}: {trial['now']:,.0f} MB after it, at most {trial['peak']:,.0f} MB so far; "
                f"{trial['seconds']:.1f} s, {trial['epoch']:.2f} s an epoch",
                flush=True,
            )


def run_module(name: str, *arguments: object) -> Any:
    """Run a module of this folder in a process of its own; return the JSON that it prints."""
    command = [sys.executable, "-m", f"tests.bench.training.{name}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
