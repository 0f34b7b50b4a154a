"""Line 19: two programs on one study, which each of them knows by another name."""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from core.errors import StoreError
from core.events import TrialStarted
from core.store.reader import read_study
from core.store.writer import Store
from core.study.loop import study_started
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure
from tests.bench.reliability.writers import ROOT, WRITER


def _symbolic(study: Path) -> Path:
    study.with_name("link.afina").symlink_to(study)
    return study.with_name("link.afina")


def _folder(study: Path) -> Path:
    study.with_name("link").symlink_to(study.parent, target_is_directory=True)
    return study.with_name("link") / study.name


def _hard(study: Path) -> Path:
    os.link(study, study.with_name("hard.afina"))
    return study.with_name("hard.afina")


def _hard_elsewhere(study: Path) -> Path:
    study.with_name("elsewhere").mkdir()
    os.link(study, study.with_name("elsewhere") / study.name)
    return study.with_name("elsewhere") / study.name


_NAMINGS: tuple[Callable[[Path], Path], ...] = (_symbolic, _folder, _hard, _hard_elsewhere)


def measure(quick: bool, folder: Path) -> list[Figure]:
    rounds, writes = (1, 20) if quick else (10, 50)
    interleaved = damaged = 0
    cases = [(naming, locked) for _ in range(rounds) for naming in _NAMINGS for locked in ("locked", "lock ignored")]
    for number, (naming, locked) in enumerate(cases):
        study = folder / str(number) / "study.afina"
        Store.create(study, study_started(studies.settings(10))).close()
        names = (study, naming(study))
        both = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(name), str(who), str(writes), locked], cwd=ROOT)
            for who, name in enumerate(names, start=1)
        ]
        for process in both:
            process.wait(120)
        try:
            read = [read_study(name) for name in names]
        except StoreError:
            damaged += 1
            continue
        damaged += read[0] != read[1]
        writers = [event.seed for event in read[0] if isinstance(event, TrialStarted)]
        interleaved += max(0, sum(before != after for before, after in pairwise(writers)) - 1)
    return [
        Figure(
            19,
            "interleaved writes, and damaged studies, by two programs that know one study by different names",
            f"{interleaved}, {damaged}",
            "0, 0",
            not (interleaved or damaged),
            len(cases),
            "symbolic and hard links; half of them with the lock ignored, as by another user",
        )
    ]
