"""The window's scorecard: `python -m tests.bench.window [--quick] [--only starting,opening] [--runs 3]`.

How soon the first picture is there, how evenly the window runs while a study does, how a study of 10,000 trials opens
and is handled, what the window costs at rest. Offscreen, and under Xvfb where there is one.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.bench.window.harness import platforms, run_child
from tests.bench.window.running import KINDS, PAGES
from tests.bench.window.studies import large_study

Line = tuple[str, str, str, bool | None]
"""What was measured, the figure, the target, and whether it is met."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.window", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of each, a study of 1,000 trials, offscreen only")
    parser.add_argument("--only", default=",".join(MEASUREMENTS), help="measurements, as starting,opening")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--platform", help="offscreen or xcb only")
    options = parser.parse_args()
    runs = 1 if options.quick else options.runs
    print(f"load {os.getloadavg()[0]:.1f} before, {os.cpu_count()} cores; medians of {runs} runs", flush=True)
    with tempfile.TemporaryDirectory(prefix="afina-bench-", ignore_cleanup_errors=True) as folder:
        for platform in [options.platform] if options.platform else platforms()[: 1 if options.quick else 2]:
            for name in options.only.split(","):
                for what, figure, target, met in MEASUREMENTS[name](platform, runs, options.quick, Path(folder)):
                    verdict = {True: "met   ", False: "MISSED", None: "      "}[met]
                    print(f"{verdict} {platform:9} {what:48} {figure:>34}  {target}", flush=True)
    print(f"load {os.getloadavg()[0]:.1f} after")
    return 0


def starting(platform: str, runs: int, quick: bool, folder: Path) -> Iterable[Line]:
    """Measure the first picture, in turn with that of a bare window."""
    ratios: list[float] = []
    seconds: dict[str, list[float]] = {"afina": [], "bare": []}
    last: dict[str, Any] = {}
    for _ in range(3 * runs):
        for kind in ("bare", "afina"):
            began = time.time()
            last[kind] = run_child("starting", kind, platform=platform)
            seconds[kind].append(last[kind]["painted"] - began)
        ratios.append(seconds["afina"][-1] / seconds["bare"][-1])
    ratio = statistics.median(ratios)
    times = " / ".join(f"{statistics.median(seconds[kind]):.2f}" for kind in ("afina", "bare"))
    yield "first picture: s of Afina / of a bare window", f"{times} = {ratio:.2f}", "<= 1.3", ratio <= 1.3
    found = ", ".join(last["afina"]["modules"]) or "none"
    yield "heavy modules loaded by then", found, "none", not last["afina"]["modules"]
    yield "worst gap in the second after it, ms", f"{last['afina']['gap']:.0f}", "", None
    memory = " / ".join(f"{last[kind]['memory']:.0f}" for kind in ("afina", "bare"))
    yield "memory a second later: MB of Afina / bare", memory, "", None


def running(platform: str, runs: int, quick: bool, folder: Path) -> Iterable[Line]:
    """Measure the gaps of a 10 ms timer while studies run, with each page open."""
    for kind in KINDS:
        measured: dict[str, list[dict[str, float]]] = {page: [] for page in PAGES}
        for _ in range(runs):  # in turn: others may use this computer meanwhile
            for page in PAGES:
                measured[page].append(run_child("running", kind, "--page", page, platform=platform))
        for page, all_found in measured.items():
            found = _medians(all_found)
            target = kind != "inline-search"
            figure = f"{found['p99']:.1f} / {found['worst']:.0f}"
            met = found["p99"] <= 16 and found["worst"] <= 50
            rate = f"{kind}, {page}, {found['rate']:.0f} events/s: gap p99 / worst, ms"
            yield rate, figure, "<= 16 / 50" if target else "", met if target else None
            own = f"{found['work p99']:.1f} / {found['work worst']:.0f} ({found['work share']:.0f} % of the time)"
            yield "  the GUI thread's own work in it, ms", own, "", None


def opening(platform: str, runs: int, quick: bool, folder: Path) -> Iterable[Line]:
    """Measure how a large study opens, half of its epochs a row each or all in batches, and is handled."""
    for name, share in (("half its epochs slow", 0.5), ("fast epochs", 0.0)):
        path = _study(folder, share, quick)
        size = path.stat().st_size / 1e6
        yield f"10,000 trials × 50, {name}: file, MB", f"{size:.0f}", "<= 100", size <= 100
        children = [run_child("opening", str(path), platform=platform) for _ in range(runs)]
        seconds = statistics.median(child["seconds"] for child in children)
        yield "  from the click until drawn, s", f"{seconds:.2f}", "<= 2", seconds <= 2
        worst = statistics.median(child["worst"] for child in children)
        own = statistics.median(child["work worst"] for child in children)
        yield "  worst gap meanwhile (own work), ms", f"{worst:.0f} ({own:.0f})", "<= 100", worst <= 100
        peak = max(child["peak"] for child in children)
        yield "  memory then, MB", f"{peak:.0f}", "<= 600", peak <= 600
        for action in children[0]["actions"]:
            gap, work = (statistics.median(c["actions"][action][key] for c in children) for key in ("worst", "work"))
            yield f"  {action}: worst gap (own work), ms", f"{gap:.0f} ({work:.0f})", "<= 100", gap <= 100


def resting(platform: str, runs: int, quick: bool, folder: Path) -> Iterable[Line]:
    """Measure a window that does nothing."""
    found = run_child("resting", str(_study(folder, 0.0, quick)), "5" if quick else "30", platform=platform)
    yield "at rest, a finished study open: % of a core", f"{found['share']:.2f}", "< 1", found["share"] < 1


MEASUREMENTS: dict[str, Callable[[str, int, bool, Path], Iterable[Line]]] = {
    "starting": starting,
    "running": running,
    "opening": opening,
    "resting": resting,
}


def _study(folder: Path, slow_share: float, quick: bool) -> Path:
    path = folder / f"{slow_share}.afina"
    return path if path.exists() else large_study(path, slow_share=slow_share, trials=1000 if quick else 10_000)


def _medians(found: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(one[key] for one in found) for key in found[0]}


if __name__ == "__main__":
    sys.exit(main())
