"""Optuna's importances of the same trials, if it can be installed."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from core.search.proposal import Observation
from tests.bench.importance.functions import Function
from tests.bench.importance.studies import whole
from tests.bench.peers import peer_python

PEERS = ("PED-ANOVA", "fANOVA")
_INSTALLED = ["optuna==5.0.0", "scikit-learn==1.9.1", "scipy==1.17.1"]


class Optuna:
    """A process in an environment of its own; without one it knows no importances."""

    def __init__(self) -> None:
        try:
            python = peer_python("importance", _INSTALLED)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"Optuna cannot be installed here, so Afina is measured alone: {error}", file=sys.stderr)
            self._process = None
            return
        script = Path(__file__).with_name("optuna_peer.py")
        self._process = subprocess.Popen([python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def judged(self, function: Function, trials: Sequence[Observation], seed: int) -> dict[str, dict[str, Any]]:
        """Return for each evaluator the `shares` of the parameters and the CPU `seconds` that it took."""
        if self._process is None:
            return {}
        asked = {
            "ranges": {name: msgspec.to_builtins(given) for name, given in function.ranges.items()},
            "points": [whole(function, trial.values) for trial in trials],
            "costs": [trial.objective for trial in trials],
            "seed": seed,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        answer: dict[str, dict[str, Any]] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
