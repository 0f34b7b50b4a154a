"""The start of the window: what is not needed for the first picture is loaded after it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Give what a window that is started as users start it had loaded when its first picture was there."""
    home = str(tmp_path_factory.mktemp("home"))
    places = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), home)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.window.starting", "afina"],
        cwd=ROOT,
        env=os.environ | places,
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_that_the_first_picture_waits_for_none_of_the_heavy_libraries(found: dict[str, object]) -> None:
    assert found["modules"] == []


def test_that_the_first_picture_does_not_wait_for_the_plots_library_which_comes_soon_after(
    found: dict[str, object],
) -> None:
    assert found["plots"] == [False, True]
