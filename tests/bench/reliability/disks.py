"""Line 7: real trouble with the disk at write points of a running study, and what is left of its trials.

The study runs in a thread of another process, in a folder of its own; on Linux as root in a small file system of its
own, which can be filled and be read only. Trouble comes after one record and goes when the study has met it.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from unittest import mock

import msgspec

from core.errors import AfinaError
from core.events import Event
from core.export.exporters import EXPORTERS
from core.progress import StudyProgress
from core.search.searchers import InlineSearcher
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings
from core.store.reader import read_study
from core.store.salvage import salvage
from core.store.writer import Store, copy_study
from core.study.control import StudyControl, StudyPhase
from core.study.loop import Study, study_started
from tests.bench.reliability.figure import Figure
from tests.bench.reliability.isolation import Died, Hung, Isolation, Raised
from tests.exports import save_export
from tests.scripted import ScriptedTrainer

ROOT = Path(__file__).resolve().parents[3]
STUDY = ROOT / "tests" / "data" / "schema-2.afina"
NOBODY = 65534
SETTINGS = StudySettings(search=SearchSettings(initial_points=4), budget=BudgetSettings(trials=6))
RECORDS = 1 + 6 * 11 + 1
"""Records of such a study: its start is made with the file; each trial begins and has ten epochs; it ends."""
MEGABYTES = 2


def measure(quick: bool, folder: Path) -> list[Figure]:
    folder.chmod(0o777)
    names = list(TROUBLES)
    count = len(names) if quick else 2 * len(names)
    cases = [(names[n % len(names)], 2 + n * (RECORDS - 4) // (count - 1)) for n in range(count)]
    findings: list[str] = []
    met = 0
    with Isolation() as other:
        for number, (trouble, point) in enumerate(cases):
            place = folder / f"case-{number}"
            try:
                seen, wrong = other.call(120, try_trouble, trouble, point, place)
                met += seen
                findings += [f"{trouble} after record {point}: {what}" for what in wrong]
            except (Died, Hung, Raised) as error:
                findings.append(f"crash: {trouble} after record {point}: {str(error).strip().splitlines()[-1]}")
        try:
            tried, wrong = other.call(120, try_saving, folder / "saving")
        except (Died, Hung, Raised) as error:
            tried, wrong = 0, [f"crash: {str(error).strip().splitlines()[-1]}"]
    crashes = sum("crash:" in finding for finding in findings)
    where = "a file system of their own" if _may_mount(folder / "trial") else "a folder (no right to mount)"
    return [
        Figure(
            7,
            "Disk trouble while a study runs: crashes / studies with trials lost or different",
            f"{crashes} / {len(findings) - crashes}",
            "0 / 0",
            not findings,
            count,
            f"{', '.join(names)}; in {where}; {met} of them made the study wait. " + "; ".join(findings[:6]),
        ),
        Figure(
            7,
            "Create, copy, rescue and export to a full or read-only disk: no sentence, or something left behind",
            str(len(wrong)),
            "0",
            not wrong,
            tried,
            "; ".join(wrong[:6]),
        ),
    ]


# The study


class Running:
    """A study that runs in a thread, and has trouble after its record number `point`."""

    def __init__(self, path: Path, point: int = 0, trouble: Callable[[], object] = lambda: None) -> None:
        self.path = path
        self.control = StudyControl()
        self.published: list[Event] = []
        self.error: BaseException | None = None
        self._point = point
        self._trouble = trouble
        self.troubled = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            # Without the versions, which nobody may not look up in root's folders.
            first = msgspec.structs.replace(study_started(SETTINGS), versions={})
            with Store.create(self.path, first) as store:
                Study([first], store, ScriptedTrainer(), InlineSearcher(), self._publish, self.control).start()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is a finding
            self.error = error

    def _publish(self, events: Sequence[Event]) -> None:
        before = len(self.published)
        self.published += events
        if before < self._point <= len(self.published):
            self._trouble()
            self.troubled.set()

    def blocked(self, seconds: float) -> bool:
        """Wait until the study waits for its file, or is done."""
        deadline = time.monotonic() + seconds
        while self.control.phase is not StudyPhase.BLOCKED:
            if not self.thread.is_alive() or time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True


def without_times(events: Sequence[Event]) -> list[Event]:
    return [msgspec.structs.replace(event, time=0.0) if hasattr(event, "time") else event for event in events]


def undisturbed(folder: Path) -> list[Event]:
    run = Running(folder / "undisturbed.afina")
    run.thread.start()
    run.thread.join()
    if run.error is not None:
        raise run.error
    events = read_study(run.path)
    run.path.unlink()
    return without_times(events)


def try_trouble(name: str, point: int, place: Path) -> tuple[bool, list[str]]:
    """Run a study with the trouble; return whether it had to wait, and what is wrong with what came out."""
    place.mkdir()
    with ExitStack() as stack:
        disk = stack.enter_context(_disk(place))
        truth = undisturbed(place)
        begin, end = TROUBLES[name](disk, stack)
        run = Running(disk / "a.afina", point, begin)
        run.thread.start()
        run.troubled.wait(30)
        waited = run.blocked(4)
        while waited and not end(run):
            run.control.resume()
            time.sleep(0.1)
        if not waited:
            end(run)
        run.control.resume()
        run.thread.join(40)
        if run.thread.is_alive():
            run.control.stop()
            run.thread.join(10)
            return waited, [f"crash: the study hangs: {run.control.trouble}"]
        if run.error is not None:
            return waited, [f"crash: {type(run.error).__name__}: {run.error}"]
        wrong = []
        assert run.control.path is not None
        if without_times(run.published) != truth:
            wrong.append("the trials are others than without the trouble")
        if read_study(run.control.path) != run.published:
            wrong.append("the file holds something else than what was shown")
        return waited, wrong


@contextmanager
def _disk(place: Path) -> Iterator[Path]:
    """Give a small file system of its own or, where that may not be made, a folder."""
    disk = place / "disk"
    disk.mkdir()
    if not _mounted(disk):
        yield disk
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False, capture_output=True)


def _mounted(folder: Path) -> bool:
    if sys.platform != "linux":
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    with suppress(OSError):
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    return False


def _may_mount(folder: Path) -> bool:
    folder.mkdir()
    mounted = _mounted(folder)
    if mounted:
        subprocess.run(["umount", str(folder)], check=False)
    return mounted


# The troubles: each gives what begins it, and what ends it and returns whether it is over


Ways = tuple[Callable[[], object], Callable[[Running], bool]]


def _filled(disk: Path) -> Path:
    """Fill the disk to the last byte."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            with suppress(OSError):
                while file.write(b"x" * size):
                    pass
    return filler


def _full(disk: Path, stack: ExitStack) -> Ways:
    if not os.path.ismount(disk):
        return _few_pages(disk, stack)

    def end(_run: Running) -> bool:
        (disk / "filler").unlink()
        return True

    return lambda: _filled(disk), end


def _few_pages(disk: Path, stack: ExitStack) -> Ways:
    """Where no file system can be made: SQLite is told that there is no room."""
    full = threading.Event()
    record = Store.record

    def limited(store: Store, events: Sequence[Event]) -> None:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0] if full.is_set() else 10**6
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        record(store, events)

    stack.enter_context(mock.patch.object(Store, "record", limited))

    def end(_run: Running) -> bool:
        full.clear()
        return True

    return full.set, end


def _read_only_disk(disk: Path, stack: ExitStack) -> Ways:
    """Make all that is in the folder, and the folder, read-only, and be nobody meanwhile: root may write anywhere."""
    os.chown(disk, NOBODY, NOBODY)
    changed: dict[Path, int] = {}
    os.seteuid(NOBODY) if os.geteuid() == 0 else None
    stack.callback(os.seteuid, os.getuid())

    def begin() -> None:
        for path in (*disk.iterdir(), disk):
            changed[path] = path.stat().st_mode
            path.chmod(0o555)

    def end(_run: Running) -> bool:
        for path, mode in changed.items():
            with suppress(OSError):
                path.chmod(mode)
        return True

    return begin, end


def _deleted(disk: Path, stack: ExitStack) -> Ways:
    def end(run: Running) -> bool:
        run.control.move_to(disk / "b.afina")
        return True

    return (disk / "a.afina").unlink, end


def _deleted_with_its_log(disk: Path, stack: ExitStack) -> Ways:
    def begin() -> None:
        for path in disk.iterdir():
            path.unlink()

    def end(run: Running) -> bool:
        run.control.move_to(disk / "a.afina")
        return True

    return begin, end


def _log_changed(change: Callable[[Path], object]) -> Callable[[Path, ExitStack], Ways]:
    """Return the trouble that something happens to the log; it ends by itself."""
    return lambda disk, _stack: (lambda: change(disk / "a.afina-wal"), lambda _run: True)


def _exchange(log: Path) -> None:
    log.with_name("other").write_bytes(bytes(reversed(log.read_bytes())))
    log.with_name("other").replace(log)


def _overwrite(log: Path) -> None:
    with log.open("r+b") as file:
        file.write(b"not a log" * 50_000)


def _moved(disk: Path, stack: ExitStack) -> Ways:
    away = disk / "away.afina"

    def end(_run: Running) -> bool:
        away.rename(disk / "a.afina")
        return True

    return lambda: (disk / "a.afina").rename(away), end


def _replaced(disk: Path, stack: ExitStack) -> Ways:
    def begin() -> None:
        (disk / "a.afina").unlink()
        shutil.copy(STUDY, disk / "a.afina")

    def end(run: Running) -> bool:
        run.control.move_to(disk / "b.afina")
        return True

    return begin, end


def _locked(disk: Path, stack: ExitStack) -> Ways:
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)\n"
        "c.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
    )
    others: list[subprocess.Popen[bytes]] = []

    def begin() -> None:
        other = subprocess.Popen(
            [sys.executable, "-c", code, str(disk / "a.afina")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        others.append(other)
        assert other.stdout is not None
        other.stdout.readline()

    def end(_run: Running) -> bool:
        others[0].communicate()
        return True

    return begin, end


def _slow(disk: Path, stack: ExitStack) -> Ways:
    """Let a few records take long."""
    left = 0
    record = Store.record

    def slowly(store: Store, events: Sequence[Event]) -> None:
        nonlocal left
        if left:
            left -= 1
            time.sleep(0.3)
        record(store, events)

    def begin() -> None:
        nonlocal left
        left = 10

    stack.enter_context(mock.patch.object(Store, "record", slowly))
    return begin, lambda _run: True


TROUBLES: dict[str, Callable[[Path, ExitStack], Ways]] = {
    "full disk": _full,
    "file deleted": _deleted,
    "locked by another program": _locked,
    "file moved": _moved,
    "file replaced": _replaced,
    "read-only": _read_only_disk,
    "file and log deleted": _deleted_with_its_log,
    "log deleted": _log_changed(Path.unlink),
    "log exchanged": _log_changed(_exchange),
    "log cut off": _log_changed(lambda log: os.truncate(log, 5000)),
    "log overwritten": _log_changed(_overwrite),
    "slow disk": _slow,
}


# Saving where nothing can be saved


def try_saving(place: Path) -> tuple[int, list[str]]:
    """Return how many ways were tried, and which gave no sentence, or left something behind."""
    place.mkdir()
    place.chmod(0o777)
    whole = place / "whole.afina"
    shutil.copy(STUDY, whole)
    events = read_study(whole)
    first = study_started(SETTINGS)
    progress = StudyProgress.of(events)
    ways: dict[str, Callable[[Path], object]] = {
        "create": lambda path: Store.create(path, first).close(),
        "copy": lambda path: copy_study(whole, path),
        "rescue": lambda path: salvage(whole, path),
        **{f"export {e.name}": partial(save_export, e, progress) for e in EXPORTERS.values()},
    }
    wrong: list[str] = []
    tried = 0
    for kind in ("full", "read-only"):
        for name, way in ways.items():
            with ExitStack() as stack:
                where = place / f"{kind}-{name}"
                where.mkdir()
                disk = stack.enter_context(_disk(where))
                if kind == "full":
                    if not os.path.ismount(disk):
                        continue
                    _filled(disk)
                else:
                    disk.chmod(0o555)
                    os.seteuid(NOBODY) if os.geteuid() == 0 else None
                    stack.callback(os.seteuid, os.getuid())
                before = sorted(f.name for f in disk.iterdir())
                tried += 1
                try:
                    way(disk / "new.afina")
                    wrong.append(f"{name} on a {kind} disk: nothing was said")
                except AfinaError as error:
                    if not 0 < len(str(error)) < 400:
                        wrong.append(f"{name} on a {kind} disk: no sentence")
                except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                    wrong.append(f"crash: {name} on a {kind} disk: {type(error).__name__}: {error}")
                left = sorted(f.name for f in disk.iterdir())
                if left != before:
                    wrong.append(f"{name} on a {kind} disk left {set(left) - set(before)}")
    return tried, wrong
