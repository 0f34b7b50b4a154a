"""Line 18: the study file alone, without the log beside it, after kill -9 and copied while the study runs."""

import random
import shutil
import time
from pathlib import Path

from core.errors import StoreError
from core.events import TrialEnded
from core.store.reader import StudyReader
from tests.bench.reliability.figure import Figure
from tests.bench.reliability.kills import Program

_PHASES = ("training", "epoch write", "trial write", "commit")
_TRIALS = 200
_PATIENCE = 120.0


def measure(quick: bool, folder: Path) -> list[Figure]:
    chance = random.Random(18)
    kills = 4 if quick else 100
    lost = unreadable = unmarked = copies = torn = 0
    for number in range(kills):
        study = folder / f"{number}" / "study.afina"
        study.parent.mkdir()
        program = Program("scripted", study, _TRIALS)
        phase = chance.choice(_PHASES)
        left = chance.randint(2, 20 if phase == "trial write" else 100)
        for line in program.lines(_PATIENCE):
            left -= line == f"at {phase}"
            if left % 8 == 0 and line == f"at {phase}":
                ended = set(program.ended)
                missing, _marked = _alone(study, ended)
                copies += 1
                torn += missing is None
                lost += missing or 0
            if left <= 0 or line == "gone":
                break
        time.sleep(chance.choice((0.0, chance.uniform(0, 0.01))))
        program.kill()
        missing, marked = _alone(study, program.ended)
        unreadable += missing is None
        lost += missing or 0
        unmarked += not marked
        shutil.rmtree(study.parent)
    good = not (lost or unreadable or unmarked)
    return [
        Figure(
            18,
            "finished trials missing in the file alone, after kills and in copies made while it ran",
            str(lost),
            "0, all read, each one marked as perhaps not whole",
            good,
            kills + copies,
            f"{kills} kills, {unreadable} unreadable, {unmarked} unmarked; {copies} copies, {torn} of them torn by a "
            "write in the same instant and called damaged",
        )
    ]


def _alone(study: Path, ended: set[int]) -> tuple[int | None, bool]:
    """Return how many of the trials a copy of the file alone lacks (None: it cannot be read), and if it is marked."""
    if not study.exists():  # the program was killed before the file appeared
        return len(ended), True
    copy = study.with_name("alone.afina")
    shutil.copyfile(study, copy)
    try:
        with StudyReader(copy) as reader:
            found = {event.trial for event in reader.new_events() if isinstance(event, TrialEnded)}
            return len(ended - found), reader.log_missing
    except StoreError:
        return None, True
    finally:
        copy.unlink()
