"""The environment of the peers, with the TensorFlow and Keras that Afina has."""

import json
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from core.datasets.builtin import BOSTON_HOUSING
from tests.bench.peers import peer_python

TOOLS = {"optuna": "Optuna, TPE", "skopt": "gp_minimize", "keras-tuner": "Keras Tuner, BayesianOptimization"}
_SAME = ("tensorflow-cpu", "keras", "numpy", "scipy", "scikit-learn", "scikit-optimize")
_OTHER = ("optuna", "keras-tuner", "tensorboard", "setuptools<81")


@dataclass(frozen=True)
class Search:
    """Seconds that a search took, and the best objective that it found."""

    seconds: float
    best: float


def python() -> Path:
    """Return the interpreter that has all peers."""
    return peer_python("training", [*(f"{name}=={metadata.version(name)}" for name in _SAME), *_OTHER])


def search(tool: str, *, seed: int, trials: int, epochs: int, mlp: bool) -> Search:
    """Run one of TOOLS in a process of its own."""
    command = [python(), Path(__file__).with_name("peers.py"), tool, BOSTON_HOUSING.path, "--seed", str(seed)]
    command += ["--trials", str(trials), "--epochs", str(epochs), *(["--mlp"] if mlp else [])]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{tool} failed:\n{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Search(found["seconds"], found["best"])
