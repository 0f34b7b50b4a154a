"""Lines 1 to 4: kill -9, of the window, of its processes, or of both, at any instant."""

import contextlib
import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

import psutil

from core.errors import StoreError
from core.events import TrialEnded, TrialState
from core.export.exporters import EXPORTERS
from core.progress import StudyProgress
from core.search.settings import SearchMethod
from core.store.reader import read_study
from core.store.writer import Store
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure, allowed
from tests.scripted import ScriptedTrainer

ROOT = Path(__file__).resolve().parents[3]
_PHASES = ("ask", "fit", "training", "epoch write", "trial write", "commit", "export")
_TRIALS = 14
_PATIENCE = 120.0
_READY = 5.0
"""Seconds within which the window must be ready after a kill."""


@dataclass
class Score:
    """What the kills came to."""

    kills: int = 0
    lost: int = 0
    unreadable: int = 0
    running: int = 0
    trained_again: int = 0
    broken_exports: int = 0
    not_survived: int = 0
    launches: list[float] = field(default_factory=list)
    spread: dict[str, int] = field(default_factory=dict)

    def count(self, where: str) -> None:
        self.kills += 1
        self.spread[where] = self.spread.get(where, 0) + 1


class Program:
    """The program under way, and what it has told."""

    def __init__(self, kind: str, study: Path, trials: int) -> None:
        self.launched = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.reliability.program", kind, str(study), str(trials)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        self.pid = self._process.pid
        self.ended: set[int] = set()
        self.begun: list[int] = []
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.strip())
        self._lines.put("gone")

    def lines(self, seconds: float) -> Iterator[str]:
        """Yield what it tells, for so long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(Empty):
                yield self._note(self._lines.get(timeout=max(0.0, min(0.2, deadline - time.monotonic()))))

    def _note(self, line: str) -> str:
        word, _, rest = line.partition(" ")
        if word == "ended":
            self.ended.add(int(rest))
        elif word == "begun":
            self.begun.append(int(rest))
        return line

    def wait(self, seconds: float) -> None:
        """Wait so long for its end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def kill(self) -> None:
        """Kill it at once, take note of what it had told by then, and see that nothing of it is left."""
        children = self.children()
        self._process.kill()
        self._process.wait()
        self._reader.join(10)
        while not self._lines.empty():
            self._note(self._lines.get())
        psutil.wait_procs(children, timeout=10)

    def children(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            return psutil.Process(self.pid).children(recursive=True)
        return []


def measure(quick: bool, folder: Path) -> list[Figure]:
    score = Score()
    chance = random.Random(2026)
    _kill_scripted(score, folder, chance, 7 if quick else 140)
    _kill_windows(score, folder, chance, *((3, 5.0) if quick else (60, 14.0)))
    ready = allowed(_READY, quick=quick)
    kills = score.kills
    spread = ", ".join(f"{where} {count}" for where, count in sorted(score.spread.items()))
    good = kills - score.unreadable
    return [
        Figure(
            1,
            "finished trials lost over kills at random instants",
            f"{score.lost} lost, {score.trained_again} finished trials trained again, {score.broken_exports} half"
            f" exports, {score.not_survived} windows that did not survive the death of a child",
            "0",
            not (score.lost or score.trained_again or score.broken_exports or score.not_survived),
            kills,
            spread,
        ),
        Figure(2, "study reopened, integrity check passed", f"{good} / {kills}", "all", good == kills, kills),
        Figure(3, "trials still running after reopening", str(score.running), "0", score.running == 0, kills),
        Figure(
            4,
            "seconds from launch to ready after a kill, 100-trial study, worst",
            f"{max(score.launches):.1f}",
            f"< {ready:.0f}",
            max(score.launches) < ready,
            len(score.launches),
        ),
    ]


def _kill_scripted(score: Score, folder: Path, chance: random.Random, kills: int) -> None:
    """Kill the study without a window at the n-th time that it enters a phase."""
    number = 0
    study = folder / "scripted 0.afina"
    while score.kills < kills:
        phase = _PHASES[score.kills % len(_PHASES)]
        if phase == "export" or (study.exists() and len(_finished(study)) >= _TRIALS):
            number += 1
            study = folder / f"scripted {number}.afina"
        program = Program("scripted", study, _TRIALS)
        left = chance.randint(1, 40 if phase in ("training", "commit", "epoch write") else 4)
        for line in program.lines(_PATIENCE):
            left -= line == f"at {phase}"
            if left == 0 or line == "gone" or (line == "at export" and phase != "export"):
                break
        time.sleep(chance.choice((0.0, chance.uniform(0, 0.01), chance.uniform(0, 0.1))))
        program.kill()
        score.count(phase if left == 0 else "after the end")
        _inspect(score, program, study)


def _kill_windows(score: Score, folder: Path, chance: random.Random, kills: int, seconds: float) -> None:
    """Kill the real window while it loads, trains or has lost a child, with a study of 100 trials in it.

    `seconds` is the longest time that it is left alone before.
    """
    study = folder / "window.afina"
    given = studies.settings(100, method=SearchMethod.RANDOM)
    studies.start(study, given, ScriptedTrainer())
    for number in range(kills):
        before = _finished(study)
        program = Program("window", study, 10_000)
        for line in program.lines(_PATIENCE):
            if line.startswith("ready"):
                score.launches.append(time.monotonic() - program.launched)
                break
        _listen(program, chance.uniform(0, seconds))
        victim = ("program", "a child", "both")[number % 3]
        if victim != "program":
            children = program.children()
            if children:
                chance.choice(children).kill()
        if victim == "a child":
            told = len(program.ended)
            for _line in program.lines(_PATIENCE):
                if len(program.ended) > told + 1:
                    break
            score.not_survived += len(program.ended) <= told + 1
        program.kill()
        score.count(f"window: {victim}")
        score.trained_again += len(before & set(program.begun))
        _inspect(score, program, study)


def _listen(program: Program, seconds: float) -> None:
    for _line in program.lines(seconds):
        pass


def _inspect(score: Score, program: Program, study: Path) -> None:
    """Reopen what a kill has left, and look whether all is there that was told."""
    if not study.exists():
        score.lost += len(program.ended)
        return
    try:
        events = read_study(study)
        Store.open(study).close()
        assert read_study(study) == events
        with contextlib.closing(sqlite3.connect(study)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except (StoreError, sqlite3.Error, AssertionError):
        score.unreadable += 1
        return
    score.unreadable += not sound
    finished = {event.trial for event in events if isinstance(event, TrialEnded)}
    score.lost += len(program.ended - finished)
    progress = StudyProgress.of(events)
    progress.mark_interrupted()
    score.running += progress.count(TrialState.RUNNING)
    for name, exporter in EXPORTERS.items():
        exported = study.with_name(f"export {name}{exporter.suffix}")
        if exported.exists():
            text = exported.read_text()
            score.broken_exports += not text.endswith("\n") or (name == "json" and not json.loads(text))
            exported.unlink()


def _finished(study: Path) -> set[int]:
    return {event.trial for event in read_study(study) if isinstance(event, TrialEnded)}
