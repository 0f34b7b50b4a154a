"""Pictures of the real window in many states: `python -m tests.bench.screens FOLDER` (with `--only tutorial` one size).

Each size and appearance has a process of its own. A display is needed: `xvfb-run -a -s "-screen 0 3840x2160x24"`.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.screens.states import STATES

SIZES = {"1280x720": 1, "1280x800": 1, "1920x1080": 1, "3840x2160": 2}
"""Widths and heights in pixels of the screen, and how many of them are one of the window's."""
APPEARANCES = "light", "dark"
_CONTRAST = "light-contrast", "dark-contrast"


def main() -> None:
    """Draw the states that are asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.screens", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures are put")
    parser.add_argument("--size", action="append", choices=list(SIZES), help="of the screen; all by default")
    parser.add_argument("--look", action="append", choices=APPEARANCES + _CONTRAST, help="light and dark by default")
    parser.add_argument("--only", action="append", choices=list(STATES), help="a state; all by default")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for size in given.size or SIZES:
        for look in given.look or APPEARANCES:
            environment = {**os.environ, "QT_SCALE_FACTOR": str(SIZES[size])}
            states = [f"--state={state}" for state in given.only or STATES]
            command = [sys.executable, "-m", "tests.bench.screens.drawing", str(given.folder), size, look, *states]
            subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    main()
