"""How long the importance takes."""

import time

import numpy as np

from core.analysis.importance import importance
from core.analysis.questions import ImportanceQuestion
from core.ranges import FloatRange, Range
from core.search.proposal import Observation, ProposalRequest
from core.search.settings import SearchSettings

SIZES = ((50, 6), (1000, 6), (10_000, 20))
"""Trials and parameters."""


def growth_table() -> list[list[str]]:
    """Return a row a size: CPU seconds until the first answer and until the last."""
    rows = [["trials × parameters", "CPU s until the shares", "until all intervals"]]
    for trials, parameters in SIZES:
        began = time.process_time()
        answers = importance(ImportanceQuestion(random_study(trials, parameters)))
        next(answers)
        first = time.process_time() - began
        *_, _last = answers
        whole = time.process_time() - began
        rows.append([f"{trials:,} × {parameters}", f"{first:.2f}", f"{whole:.1f}"])
    return rows


def random_study(trials: int, parameters: int, seed: int = 0) -> ProposalRequest:
    """Return a study of random points of a sum of curves, every other of which is flat; noise of half the spread."""
    rng = np.random.default_rng(seed)
    names = [f"p{place}" for place in range(parameters)]
    points = rng.random((trials, parameters))
    heights = np.where(np.arange(parameters) % 2, 0.0, 1 / (1 + np.arange(parameters)))
    costs = np.sin(3 * points) @ heights + 0.15 * rng.standard_normal(trials)
    ranges: dict[str, Range] = dict.fromkeys(names, FloatRange(0.0, 1.0))
    observations = tuple(
        Observation(number, dict(zip(names, point, strict=True)), cost)
        for number, (point, cost) in enumerate(zip(points.tolist(), costs.tolist(), strict=True), 1)
    )
    return ProposalRequest(ranges, SearchSettings(), seed, trials + 1, observations)
