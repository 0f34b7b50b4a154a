"""Line 8: two instances never write one study."""

import subprocess
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from core.errors import StoreError
from core.events import Event, TrialStarted
from core.store.reader import read_study
from core.store.writer import Store
from core.study.loop import study_started
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from pathlib import Path
from tests.bench.reliability.writers import write_many
write_many(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "locked")
"""


def measure(quick: bool, folder: Path) -> list[Figure]:
    rounds, writes = (2, 20) if quick else (20, 50)
    interleaved = 0
    for number in range(2 * rounds):
        path = folder / f"{number}.afina"
        Store.create(path, study_started(studies.settings(10))).close()
        locked = "locked" if number % 2 else "lock ignored"
        both = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(who), str(writes), locked], cwd=ROOT)
            for who in (1, 2)
        ]
        for process in both:
            process.wait(120)
        writers = [event.seed for event in read_study(path) if isinstance(event, TrialStarted)]
        changes = sum(before != after for before, after in pairwise(writers))
        interleaved += max(0, changes - 1)
    return [
        Figure(
            8,
            "interleaved writes by two instances on one study",
            str(interleaved),
            "0",
            interleaved == 0,
            2 * rounds * 2 * writes,
            "half of them with the lock ignored, as on a disk that knows none",
        )
    ]


def write_many(path: Path, who: int, writes: int, locked: bool) -> None:
    """Be one of the two: open the study and append to it, until told that somebody else does."""
    with suppress(StoreError):
        store = Store.open(path)
        if not locked:
            store._lock.release()
        with store:
            for _ in range(writes):
                values = {"learning_rate": 0.01, "batch_size": 10, "epochs": 10, "optimizer": "sgd"}
                event: Event = TrialStarted(trial=1, values=values, seed=who, origin="random")  # type: ignore[arg-type]
                store.record([event])
