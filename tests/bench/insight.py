"""How long the analysis takes: belief, slices, map, trust and importance, as a study grows to 10,000 trials × 20.

Run: python -m tests.bench.insight [--runs 3] [--only 60x6 10000x20] [--without importance]
Prints medians, in seconds of the clock and of the processor: others may use this computer meanwhile. `belief` is with
the fit and the next point, `moved` is the same after the slices were moved, when nothing is fitted. The last lines are
through the analysis process: the first answer, and the belief of the largest study once the process runs.
"""

import argparse
import statistics
import sys
import threading
from collections.abc import Callable, Iterator
from time import perf_counter, process_time, sleep

import msgspec
import numpy as np

from core.analysis.answers import Unanswerable
from core.analysis.process import Analysis, answers
from core.analysis.questions import BeliefQuestion, ImportanceQuestion, MapQuestion, Question, TrustQuestion
from core.parameters import Choices, FloatRange, IntegerRange, Range, Scale, Value
from core.search.proposal import Observation, ProposalRequest
from core.search.settings import SearchSettings

SIZES = ((20, 2), (60, 6), (1_000, 6), (10_000, 20))
KINDS: tuple[Range, ...] = (
    FloatRange(1e-4, 1e-1, Scale.LOG),
    IntegerRange(1, 100),
    FloatRange(0.0, 1.0),
    Choices(("a", "b", "c")),
)
LIMITS = {"belief": 3.0, "map": 3.0, "trust": 3.0, "intervals": 60.0}
"""Seconds within which a study of any size has its answers."""
Seconds = tuple[float, float]
"""Of the clock, and of the processor."""


def study(trials: int, parameters: int, seed: int) -> ProposalRequest:
    """Return the request after random trials of a sum of bowls, deep ones first, with noise."""
    ranges = {f"p{place}": KINDS[place % len(KINDS)] for place in range(parameters)}
    empty = ProposalRequest(ranges, SearchSettings(), seed, trials + 1, (), spaced=True)
    rng = np.random.default_rng(seed)
    units = rng.random((trials, parameters))
    costs = 15 + ((units - 0.4) ** 2) @ (5 / (1 + np.arange(parameters))) + 0.2 * rng.standard_normal(trials)
    told = (
        Observation(number, empty.space.decode(unit), cost)
        for number, (unit, cost) in enumerate(zip(units.tolist(), costs.tolist(), strict=True), 1)
    )
    return msgspec.structs.replace(empty, observations=tuple(told))


def questions(request: ProposalRequest) -> dict[str, Question]:
    """Return what is asked, in this order: the first one fits."""
    elsewhere: dict[str, Value] = dict(request.observations[0].values)
    return {
        "belief": BeliefQuestion(request),
        "moved": BeliefQuestion(request, elsewhere),
        "averaged": BeliefQuestion(request, averaged=True),
        "map": MapQuestion(request, "p0", "p1"),
        "trust": TrustQuestion(request),
        "importance": ImportanceQuestion(request),
    }


def taken(question: Question) -> Iterator[Seconds]:
    """Yield the seconds until each answer."""
    began, worked = perf_counter(), process_time()
    for answer in answers(question):
        if isinstance(answer, Unanswerable):
            raise SystemExit(answer.reason)
        if answer is not None:
            yield perf_counter() - began, process_time() - worked


def measured(trials: int, parameters: int, runs: int, without: list[str]) -> dict[str, Seconds]:
    """Return the medians of the seconds of each answer."""
    found: dict[str, list[Seconds]] = {}
    for seed in range(runs):
        for name, question in questions(study(trials, parameters, seed)).items():
            if name in without:
                continue
            first, *others = taken(question)
            found.setdefault(name, []).append(first)
            if others:
                found.setdefault("intervals", []).append(others[-1])
    return {name: (median(seconds, 0), median(seconds, 1)) for name, seconds in found.items()}


def median(seconds: list[Seconds], which: int) -> float:
    return statistics.median(one[which] for one in seconds)


def through_the_process(trials: int, parameters: int) -> tuple[float, float]:
    """Return the seconds until the first answer of a process that is not there yet, and of the belief after that."""
    analysis = Analysis()
    thread = threading.Thread(target=analysis.run)
    thread.start()
    small, large = study(20, 2, 0), study(trials, parameters, 100)
    try:
        first = _answered(analysis, 1, lambda: BeliefQuestion(small))
        return first, _answered(analysis, 2, lambda: BeliefQuestion(large))
    finally:
        analysis.end()
        thread.join()


def _answered(analysis: Analysis, number: int, question: Callable[[], Question]) -> float:
    began = perf_counter()
    analysis.ask(number, question)
    while (told := analysis.told()) is None or not told.over:
        sleep(0.002)
    return perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[f"{trials}x{count}" for trials, count in SIZES])
    parser.add_argument("--without", nargs="+", default=[])
    options = parser.parse_args()
    list(taken(BeliefQuestion(study(20, 2, 99))))  # what is loaded at first is not measured
    late = []
    for size in options.only:
        trials, parameters = map(int, size.split("x"))
        found = measured(trials, parameters, options.runs, options.without)
        told = "  ".join(f"{name} {clock:.2f} ({worked:.2f})" for name, (clock, worked) in found.items())
        print(f"{trials:>6,} trials × {parameters:>2}: {told}", flush=True)
        late += [size for name, limit in LIMITS.items() if name in found and found[name][0] > limit]
    first, belief = through_the_process(trials, parameters)
    print(f"process: the first answer {first:.2f}, then the belief of {trials:,} trials × {parameters} {belief:.2f}")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
