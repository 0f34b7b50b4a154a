"""How ask + tell grows with the observations: 10 parameters, 500 and 2,000 random trials told, then one proposal."""

import statistics
import time

import numpy as np

from core.parameters import FloatRange, Range
from core.search.proposal import Observation, ProposalRequest
from core.search.propose import propose
from core.search.settings import SearchSettings
from core.space import Point
from tests.bench.search.contestants import Peers

RANGES: dict[str, Range] = {f"x{i}": FloatRange(0.0, 1.0) for i in range(10)}
PEER = "optuna_gp"
PATIENCE = 300.0
"""CPU seconds after which a peer's proposal is not waited for any longer."""


def growth_table(counts: tuple[int, ...], repeats: int, peers: Peers | None) -> list[list[str]]:
    """Return a row a count of observations: CPU seconds, and how good the proposed point is."""
    rows = [["observations", "tool", "CPU s", "best told", "proposed"]]
    for count in counts:
        for tool in ("afina", *((PEER,) if peers is not None else ())):
            found = [
                _afina(count, seed) if tool == "afina" else _peer(peers, count, seed)
                for seed in range(repeats if tool == "afina" else 1)
            ]
            seconds = [s for s, _ in found if s is not None]
            values = [valley(point) for _, point in found if point is not None]
            rows.append(
                [
                    f"{count:,}",
                    tool,
                    f"{statistics.median(seconds):.2f}" if seconds else f"> {PATIENCE:.0f}",
                    f"{statistics.median(min(o.objective or 0.0 for o in told(count, s)) for s in range(repeats)):.2f}",
                    f"{statistics.median(values):.2f}" if values else "–",
                ]
            )
    return rows


def valley(point: Point) -> float:
    """Return a bowl with ripples over ten parameters, each more important than the last."""
    x = np.array([float(value) for value in point.values()])
    return float((np.arange(1, 11) * ((x - 0.3) ** 2 + 0.02 * (1 - np.cos(12 * np.pi * (x - 0.3))))).sum())


def told(count: int, seed: int) -> tuple[Observation, ...]:
    rng = np.random.default_rng(seed)
    points = [dict(zip(RANGES, row, strict=True)) for row in rng.random((count, 10)).tolist()]
    return tuple(
        Observation(i, point, valley(point) + 0.05 * rng.standard_normal()) for i, point in enumerate(points, start=1)
    )


def _afina(count: int, seed: int) -> tuple[float | None, Point | None]:
    request = ProposalRequest(RANGES, SearchSettings(), seed, count + 1, told(count, seed))
    began = time.process_time()
    proposal = propose(request)
    return time.process_time() - began, proposal.point


def _peer(peers: Peers | None, count: int, seed: int) -> tuple[float | None, Point | None]:
    assert peers is not None
    observations = told(count, seed)
    return peers.ask_after(
        PEER, RANGES, [o.values for o in observations], [o.objective or 0.0 for o in observations], seed, PATIENCE
    )
