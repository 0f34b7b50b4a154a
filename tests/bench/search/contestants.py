"""Who searches in the comparison: Afina in this process, each peer in a process and an environment of its own."""

import ast
import hashlib
import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import psutil

from core.parameters import Choices, Range, Scale
from core.search.encoding import Encoding
from core.search.options import DEFAULT, SearchOptions
from core.search.proposal import Observation, ProposalRequest
from core.search.propose import propose
from core.search.settings import Acquisition, InitialDesign, SearchMethod, SearchSettings, Surrogate
from core.space import Point, Space
from tests.bench.peers import peer_python
from tests.bench.search.surfaces import Surface, point_from

_TORCH = ["torch==2.13.0"]
_PEERS = (
    "search",
    _TORCH,
    ["optuna==5.0.0", "botorch==0.18.1", "scikit-optimize==0.10.2", "bayesian-optimization==3.4.0"],
)
PEERS: dict[str, tuple[Any, ...]] = {
    "optuna_tpe": _PEERS,
    "optuna_gp": _PEERS,
    "gp_minimize": _PEERS,
    "bayesian_optimization": _PEERS,
    "botorch": _PEERS,
    "hebo": (
        "search-hebo",
        _TORCH,
        [
            *("numpy==1.24.4", "scipy==1.11.4", "pandas==2.0.3", "scikit-learn==1.3.2", "pymoo==0.6.0", "GPy==1.13.2"),
            *("gpytorch==1.11", "linear-operator==0.5.1", "jaxtyping<0.2.25", "typeguard<5", "catboost==1.2.8"),
            "disjoint-set==0.8.0",
        ],
        ["--no-deps", "HEBO==0.3.6"],
    ),
}
"""Each peer's environment: its name and what is installed into it, in order."""


class Afina(NamedTuple):
    """A way in which Afina searches; `spaced`: its proposals keep clear of known points."""

    search: SearchSettings = SearchSettings()
    options: SearchOptions = DEFAULT
    spaced: bool = True


AFINA = {
    "random": Afina(SearchSettings(method=SearchMethod.RANDOM)),
    "afina": Afina(),
    "afina (y only standardised)": Afina(options=SearchOptions(warp=False)),
    "afina (skopt's process)": Afina(options=SearchOptions(own_process=False)),
    "afina (no priors)": Afina(options=SearchOptions(priors=False)),
    "afina (random candidates only)": Afina(options=SearchOptions(uphill=False)),
    "afina (near points too)": Afina(spaced=False),
    "afina (random start)": Afina(SearchSettings(initial_design=InitialDesign.RANDOM)),
    "afina (xi 0)": Afina(SearchSettings(xi=0.0)),
    "afina (gp_hedge)": Afina(SearchSettings(acquisition=Acquisition.HEDGE)),
    "afina (extra trees)": Afina(SearchSettings(surrogate=Surrogate.EXTRA_TREES)),
}
"""Afina as it comes, with one layer taken away at a time, and with other settings."""
SPACING = ("afina", "afina (near points too)")
"""Afina as it comes, and by the rules of its first versions."""


class Run(msgspec.Struct, frozen=True):
    """One search: each trial's regret, observed loss, and CPU seconds of its ask and the tell before it.

    `gaps` are the trials' distances to the nearest earlier point, the first one's is 1; runs of earlier versions have
    none. A distance is the largest difference in a parameter, as a share of its range; two choices differ by 1.
    """

    tool: str
    surface: str
    seed: int
    version: str
    regrets: list[float]
    losses: list[float]
    seconds: list[float]
    gaps: list[float] = []


class _Recorder:
    """Evaluates the points of one run and writes down what came out."""

    def __init__(self, surface: Surface, seed: int) -> None:
        self._surface = surface
        self._seed = seed
        self.regrets: list[float] = []
        self.losses: list[float] = []
        self.seconds: list[float] = []
        self.gaps: list[float] = []
        self._encoding = Encoding(Space(surface.ranges))
        self._inputs: list[Any] = []

    def evaluate(self, point: Point, seconds: float) -> float:
        loss = self._surface.evaluate(point, self._seed, len(self.losses))
        self.regrets.append(self._surface.regret(point))
        self.losses.append(loss)
        self.seconds.append(seconds)
        inputs = self._encoding.inputs(self._encoding.units([point]))[0]
        self.gaps.append(min((float(np.abs(inputs - earlier).max()) for earlier in self._inputs), default=1.0))
        self._inputs.append(inputs)
        return loss

    def run(self, tool: str, version: str) -> Run:
        return Run(tool, self._surface.name, self._seed, version, self.regrets, self.losses, self.seconds, self.gaps)


class Peers:
    """The processes of the peers, each started when it is first needed, and kept: they load for seconds."""

    def __init__(self) -> None:
        self._processes: dict[str, subprocess.Popen[str]] = {}

    def search(self, tool: str, surface: Surface, seed: int, trials: int) -> Run:
        process = self._processes.get(tool) or self._start(tool)
        assert process.stdin is not None
        assert process.stdout is not None
        recorder = _Recorder(surface, seed)
        message: dict[str, Any] = {"space": _described(surface.ranges), "seed": seed, "trials": trials}
        while True:
            print(json.dumps(message), file=process.stdin, flush=True)
            answer = json.loads(process.stdout.readline())
            if "done" in answer:
                return recorder.run(tool, version_of(tool))
            message = {"objective": recorder.evaluate(point_from(surface.ranges, answer["point"]), answer["seconds"])}
            if len(recorder.losses) == trials:
                print(json.dumps(message), file=process.stdin, flush=True)
                process.stdout.readline()  # done
                return recorder.run(tool, version_of(tool))

    def ask_after(
        self,
        tool: str,
        ranges: dict[str, Range],
        points: Sequence[Point],
        objectives: Sequence[float],
        seed: int,
        patience: float,
    ) -> tuple[float | None, Point | None]:
        """Tell all of them at once; return the CPU seconds of the next proposal and its point, None if it is late."""
        process = self._processes.get(tool) or self._start(tool)
        assert process.stdin is not None
        assert process.stdout is not None
        told = {"points": list(points), "objectives": list(objectives)}
        message = {"space": _described(ranges), "seed": seed, "trials": 1, "told": told}
        print(json.dumps(message), file=process.stdin, flush=True)
        began = _cpu_seconds(process)
        while not select.select([process.stdout], [], [], 1.0)[0]:
            if _cpu_seconds(process) - began < patience:
                continue
            process.kill()
            process.wait()
            del self._processes[tool]
            return None, None
        answer = json.loads(process.stdout.readline())
        print(json.dumps({"objective": 0.0}), file=process.stdin, flush=True)
        process.stdout.readline()  # done
        return answer["seconds"], point_from(ranges, answer["point"])

    def _start(self, tool: str) -> "subprocess.Popen[str]":
        script = Path(__file__).with_name("regret_peer.py")
        threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS")}
        self._processes[tool] = subprocess.Popen(
            [peer_python(*PEERS[tool]), script, tool],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | threads,
        )
        return self._processes[tool]

    def close(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()


def search_with_afina(tool: str, surface: Surface, seed: int, trials: int) -> Run:
    search, options, spaced = AFINA[tool]
    recorder = _Recorder(surface, seed)
    observations: list[Observation] = []
    for number in range(1, trials + 1):
        began = time.process_time()
        request = ProposalRequest(surface.ranges, search, seed, number, tuple(observations), spaced=spaced)
        point = propose(request, options).point
        assert point is not None
        loss = recorder.evaluate(point, time.process_time() - began)
        observations.append(Observation(number, point, loss))
    return recorder.run(tool, version_of(tool))


def version_of(tool: str) -> str:
    """Return what a tool's results hold for: what is installed, or Afina's own search as it is now, words apart."""
    if tool in PEERS:
        return hashlib.sha256(repr(PEERS[tool]).encode()).hexdigest()[:12]
    folder = Path(__file__).resolve().parents[3] / "core"
    found = (source for source in (folder / "search").glob("*.py") if source.stem not in ("proposal", "searchers"))
    sources = [*sorted(found), folder / "space.py", folder / "axis.py"]
    return hashlib.sha256("".join(map(_code_of, sources)).encode()).hexdigest()[:12]


def _code_of(source: Path) -> str:
    """Return the code of a module without comments and texts that stand alone: these change no proposal."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_text(one)]  # type: ignore[attr-defined]
    return ast.unparse(tree)


def _is_text(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def contestant(tool: str, peers: Peers) -> Callable[[str, Surface, int, int], Run]:
    return peers.search if tool in PEERS else search_with_afina


def _cpu_seconds(process: "subprocess.Popen[str]") -> float:
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


def _described(ranges: dict[str, Range]) -> list[dict[str, Any]]:
    """Return the ranges as the peers' process reads them."""
    space = []
    for name, given in ranges.items():
        described = msgspec.to_builtins(given) | {"name": name}
        described["log"] = not isinstance(given, Choices) and described.get("scale") == Scale.LOG
        space.append(described)
    return space
