"""Line 20: an export never overwrites a study, what belongs to one, or what is no file.

Each format is exported to each kind of target, in this process and by the command line; then everything in the folder
must be as it was, and a sentence must say why.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from core.datasets.settings import DataSettings
from core.errors import ExportError
from core.events import EpochEnded, Event, TrialEnded, TrialStarted, TrialState
from core.export.exporters import EXPORTERS
from core.models.declarations import PATIENCE
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.store.reader import read_study
from core.study.loop import study_started
from core.tables.description import ColumnRole, Task
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure
from tests.exports import save_export
from tests.model_files import CUSTOM, custom_file, custom_settings
from tests.tables import imported

ROOT = Path(__file__).resolve().parents[3]
STUDY, OTHER, DATA, MODEL = "study.afina", "other.afina", "houses.csv", "model.py"
VALUES: dict[str, Value] = {"units": 8, "rate": 0.01, "batch_size": 32, "epochs": 1, PATIENCE.name: 0}
Make = Callable[[Path], Path]
"""Makes a target in a folder in which the study is, another one, its data and its model file; returns its path."""


def measure(quick: bool, folder: Path) -> list[Figure]:
    findings: list[str] = []
    tried = 0
    for number, (name, make) in enumerate(TARGETS.items()):
        place = furnished(folder / f"{number}")
        target = make(place)
        for exporter in EXPORTERS.values():
            by_command = tried % (20 if quick else 1) == 0
            for way in (in_process, by_command_line) if by_command else (in_process,):
                tried += 1
                wrong = what_is_wrong(place, lambda: way(place / STUDY, exporter.name, target))  # noqa: B023
                findings += [f"{exporter.name} to {name}, {way.__name__}: {wrong}"] if wrong else []
    return [
        Figure(
            20,
            "exports onto studies, what belongs to them, their data and models, and what is no file: overwritten",
            str(len(findings)),
            "0",
            not findings,
            tried,
            f"{len(EXPORTERS)} formats, {len(TARGETS)} kinds of target. " + "; ".join(findings[:6]),
        )
    ]


def furnished(folder: Path) -> Path:
    """Make the folder: a study of one trial with a table and a model file of the user's own, and another study."""
    folder.mkdir()
    (folder / DATA).write_text("size,price\n" + "".join(f"{n},{2 * n}\n" for n in range(40)))
    (folder / MODEL).write_text(CUSTOM)
    table = imported(folder / DATA, 40, "price", Task.REGRESSION, {"size": ColumnRole.NUMBER})
    own = custom_settings(custom_file(folder / MODEL))
    given = msgspec.structs.replace(own, data=DataSettings(file=table))
    events: list[Event] = [
        study_started(given),
        TrialStarted(trial=1, values=VALUES, seed=1, origin=PointOrigin.INITIAL),
        EpochEnded(trial=1, epoch=1, loss=2.0, val_loss=1.5, metrics={}, seconds=0.1),
        TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=1, seconds=0.1, objective=1.5),
    ]
    studies.write(folder / STUDY, events)
    studies.write(folder / OTHER, [study_started(StudySettings())])
    return folder


def what_is_wrong(folder: Path, export: Callable[[], str]) -> str:
    """Return what is wrong after the export, which returns the sentence with which it was refused; else nothing."""
    before = contents(folder)
    sentence = export()
    if contents(folder) != before:
        return "something has changed in the folder"
    said, _, hint = sentence.partition("\n")
    refused = " cannot be saved: " in said and not hint
    misnamed = "--out cannot be " in said and hint.endswith("shows what can be given.")  # before any study is read
    return "" if refused or misnamed else f"said “{sentence}”"


def contents(folder: Path) -> dict[str, bytes | str]:
    """Return what is in the folder: the bytes of each file, where each link leads, and the kind of all else."""
    found: dict[str, bytes | str] = {}
    for path in folder.iterdir():
        if path.is_symlink():
            found[path.name] = f"a link to {path.readlink()}"
        else:
            found[path.name] = path.read_bytes() if path.is_file() else f"of mode {path.stat().st_mode}"
    return found


def in_process(study: Path, format_name: str, target: Path) -> str:
    try:
        save_export(EXPORTERS[format_name], StudyProgress.of(read_study(study)), target, study=study)
    except ExportError as error:
        return str(error)
    return ""


def by_command_line(study: Path, format_name: str, target: Path) -> str:
    command = [sys.executable, "main.py", "export", str(study), "--format", format_name, "--out", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    return done.stderr.strip() if done.returncode == 2 and not done.stdout else f"exit code {done.returncode}"


def _named(name: str) -> Make:
    return lambda folder: folder / name


def _copied(name: str, size: int | None = None, start: bytes = b"") -> Make:
    """Make a copy of the study, cut to a size, its beginning replaced."""

    def make(folder: Path) -> Path:
        content = (folder / STUDY).read_bytes()[:size]
        (folder / name).write_bytes(start + content[len(start) :])
        return folder / name

    return make


def _soft(name: str, goal: str) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).symlink_to(goal)
        return folder / name

    return make


def _hard(name: str, goal: str) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).hardlink_to(folder / goal)
        return folder / name

    return make


def _written(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _folder(folder: Path) -> Path:
    (folder / "best.json").mkdir()
    return folder / "best.json"


def _through_folder(folder: Path) -> Path:
    (folder / "here").symlink_to(".")
    return folder / "here" / STUDY


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "best.json")
    return folder / "best.json"


def _socket(folder: Path) -> Path:
    before = Path.cwd()
    os.chdir(folder)  # the path of a socket has at most 108 bytes
    try:
        with closing(socket.socket(socket.AF_UNIX)) as made:
            made.bind("best.json")
    finally:
        os.chdir(before)
    return folder / "best.json"


_WAL = bytes.fromhex("377f0682002de218")
_JOURNAL = bytes.fromhex("d9d505f920a163d7")
ANYWHERE: dict[str, Make] = {
    "the study": _named(STUDY),
    "another study": _named(OTHER),
    "a study with another suffix": _copied("best.json"),
    "a study with a suffix in capitals": _copied("BEST.AFINA"),
    "a study by a way round": lambda folder: folder / ".." / folder.name / STUDY,
    "an empty file named like a study": _written("empty.afina", b""),
    "a study cut to 100 bytes": _copied("best.json", 100),
    "a study cut to half": _copied("best.json", 8000),
    "a study with a wrong page size": _copied("best.json", None, b"SQLite format 3\0\xff\xff"),
    "a damaged file named like a study": _copied("damaged.afina", 3000, b"\0" * 100),
    "a hard link to the study": _hard("best.json", STUDY),
    "a hard link to another study": _hard("best.csv", OTHER),
    "the study's log": _named(f"{STUDY}-wal"),
    "another study's shared memory": _named(f"{OTHER}-shm"),
    "the study's journal": _named(f"{STUDY}-journal"),
    "the study's lock": _named(f".{STUDY}.lock"),
    "the study's part": _named(f".{STUDY}.part"),
    "a log under another name": _written("best.json", _WAL),
    "a journal under another name": _written("best.json", _JOURNAL),
    "the data": _named(DATA),
    "a hard link to the data": _hard("best.json", DATA),
    "the model file": _named(MODEL),
    "a hard link to the model file": _hard("best.py", MODEL),
    "a folder": _folder,
    "the folder itself": lambda folder: folder,
    "the folder above": lambda folder: folder / "..",
    "the root": lambda folder: Path(folder.anchor),
    "a name of 300 letters": _named("x" * 300),
}
ON_POSIX: dict[str, Make] = {
    "a symbolic link to the study": _soft("best.json", STUDY),
    "a symbolic link to another study": _soft("best.json", OTHER),
    "the study through a folder that is a link": _through_folder,
    "a symbolic link to where the study's log will be": _soft("best.json", f"{STUDY}-wal"),
    "a link that leads nowhere, named like a study": _soft("gone.afina", "nowhere"),
    "a symbolic link to the data": _soft("best.json", DATA),
    "a pipe": _pipe,
    "a socket": _socket,
    "a device": lambda folder: Path("/dev/null"),
    "a link to a device": _soft("best.json", "/dev/zero"),
    "standard error": lambda folder: Path("/dev/stderr"),
}
TARGETS: dict[str, Make] = ANYWHERE | (ON_POSIX if os.name == "posix" else {})
