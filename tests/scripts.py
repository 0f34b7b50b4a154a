"""Runs exported scripts as users do, but that Keras is at hand and need not be loaded for each."""

import atexit
import os
import platform
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

KERAS_COPIES = "__array__ implementation doesn't accept a copy keyword"
"""What NumPy says to Keras when that saves a model: of concern to neither the script nor its user."""
_STRICT = ("-W", "error", "-W", f"ignore:{KERAS_COPIES}:DeprecationWarning")
_SERVER = Path(__file__).with_name("script_server.py")


_NUMBERS = re.compile(r"([-+\d.e]+|nan|inf)(?: ± (\S+))?; the study recorded ([-+\d.e]+|nan|inf): (.+)$", re.M)


def numbers_of(said: str) -> tuple[float, float]:
    """Return the last objective that the script printed, and the recorded one beside it."""
    *_others, (found, _spread, recorded, _compared) = _NUMBERS.findall(said)
    return float(found), float(recorded)


def comparisons_of(said: str) -> list[str]:
    """Return what the script said of each number beside the recorded one: "the same", or by how much it differs."""
    return [compared for *_numbers, compared in _NUMBERS.findall(said)]


def run_script(path: Path) -> str:
    """Run the script in a process of its own, in its folder; return what it prints."""
    if platform.system() == "Linux":
        return _run_by_server(path)
    done = subprocess.run(
        [sys.executable, *_STRICT, str(path)],
        capture_output=True,
        text=True,
        env=_environment(),
        cwd=path.parent,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run_by_server(path: Path) -> str:
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(f"{path}\n")
    server.stdin.flush()
    code = server.stdout.readline().strip()
    assert code == "0", Path(f"{path}.err").read_text()
    return Path(f"{path}.out").read_text()


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-P", *_STRICT, str(_SERVER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=_environment(),
    )
    atexit.register(server.kill)
    return server


def _environment() -> dict[str, str]:
    return os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": ""}
