"""The quick version of every line of the reliability scorecard."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.reliability.__main__ import MEASUREMENTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("measurement", MEASUREMENTS)
def test_that_every_figure_of_the_scorecard_is_met(measurement: str) -> None:
    numbers = ",".join(map(str, MEASUREMENTS[measurement]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.reliability", "--quick", "--only", numbers],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=850,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("met") >= len(MEASUREMENTS[measurement])
