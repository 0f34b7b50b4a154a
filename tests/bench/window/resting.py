"""What the window costs at rest, a finished study open: `python -m tests.bench.window.resting FILE SECONDS`."""

import json
import sys
from pathlib import Path

import psutil

from tests.bench.window.harness import spin, spin_until, window_on_screen


def main() -> int:
    seconds = float(sys.argv[2])
    with window_on_screen() as bench:
        bench.window.study_files.open(Path(sys.argv[1]))
        spin_until(lambda: bench.window.session.opening is None)
        spin(3000)
        process = psutil.Process()
        before = process.cpu_times()
        spin(round(1000 * seconds))
        after = process.cpu_times()
    used = after.user + after.system - before.user - before.system
    print(json.dumps({"share": 100 * used / seconds}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
