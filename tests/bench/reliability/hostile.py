"""Line 14: files made to run something when they are opened, or to keep Afina busy: each given to every opener.

Whatever would run makes a file, the canary. A file is refused with a StoreError or InvalidSetting, or it is read; any
other exception, a canary, or more than five seconds (in CI 50) is a finding.
"""

import ast
import gzip
import io
import os
import pickle
import sqlite3
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from core.errors import ExportError, InvalidSetting, StoreError
from core.events import EpochEnded, Event, StudyEnd, StudyEnded, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.export.exporters import EXPORTERS
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.settings_file import read_settings
from core.store.connection import connect
from core.store.reader import read_study
from core.store.rows import insert
from core.store.salvage import salvage
from core.store.writer import Store, copy_study
from tests.bench.reliability.figure import Figure, allowed
from tests.bench.reliability.isolation import Died, Hung, Isolation, Raised

ROOT = Path(__file__).resolve().parents[3]
STUDY = ROOT / "tests" / "data" / "schema-2.afina"
PATIENCE = 5.0
VICTIM = "victim"
"""A file that lies beside each of the others, and must stay there."""
VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 7, "epochs": 2, "optimizer": "sgd"}
Make = Callable[[Path, Path], object]
"""Makes the file at the first path; it would make the second, the canary, if something in it ran."""


class _Bomb:
    def __init__(self, canary: Path) -> None:
        self._canary = canary

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self._canary}",)


def measure(quick: bool, folder: Path) -> list[Figure]:
    findings: list[str] = []
    tried = 0
    longest, patience = 0.0, allowed(PATIENCE, quick=quick)
    with Isolation() as other:
        for name, make in FILES.items():
            for opener in OPENERS:
                place = folder / f"{len(name)}-{tried}"
                path, canary = _made(make, place)
                where = f"{opener} of {name}"
                tried += 1
                began = time.monotonic()
                try:
                    wrong = other.call(2 * patience, try_opener, opener, path)
                    findings += [f"{where}: {wrong}"] if wrong else []
                except (Died, Hung, Raised) as error:
                    findings.append(f"{where}: {str(error).strip().splitlines()[-1]}")
                seconds = time.monotonic() - began
                longest = max(longest, seconds)
                if seconds > patience:
                    findings.append(f"{where}: took {seconds:.0f} s")
                if canary.exists() or not (place / VICTIM).exists():
                    findings.append(f"EXECUTED {where}")
    commands = [(name, command) for name in FILES for command in COMMANDS]
    for name, command in commands[:: 31 if quick else 3]:
        tried += 1
        path, canary = _made(FILES[name], folder / f"command-{tried}")
        wrong = _run_command(command, path)
        findings += [f"main.py {command} of {name}: {wrong}"] if wrong else []
        if canary.exists() or not (folder / f"command-{tried}" / VICTIM).exists():
            findings.append(f"EXECUTED main.py {command} of {name}")
    executed = sum(finding.startswith("EXECUTED") for finding in findings)
    return [
        Figure(
            14,
            "Files made to execute something or to harm: executed / other exceptions or hangs",
            f"{executed} / {len(findings) - executed}",
            "0 / 0",
            not findings,
            tried,
            f"{len(FILES)} files, {len(OPENERS)} openers and the command line; slowest {longest:.1f} s. "
            + "; ".join(findings[:6]),
        )
    ]


def _made(make: Make, place: Path) -> tuple[Path, Path]:
    place.mkdir()
    (place / VICTIM).write_text("precious")
    path, canary = place / "a.afina", place / "canary"
    made = make(path, canary)
    return made if isinstance(made, Path) else path, canary


# The openers, called in another process


def _read(path: Path) -> None:
    """Read, export in every format, and see that what is exported holds nothing that runs."""
    progress = StudyProgress.of(read_study(path))
    for exporter in EXPORTERS.values():
        with suppress(ExportError):
            text = exporter.text(progress)
            if exporter.name == "python":
                assert _names(text) <= _names(exporter.text(StudyProgress.of(read_study(STUDY)))), "code in the script"
            if exporter.name == "csv":
                cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(",")]
                assert not any(cell.startswith(("=", "@", "+")) for cell in cells), "a formula in the exported table"


def _names(script: str) -> set[str]:
    """Return every name and attribute that the script uses, and every module that it imports."""
    nodes = list(ast.walk(ast.parse(script)))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    used |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return used | {node.name for node in nodes if isinstance(node, ast.alias)}


OPENERS: dict[str, Callable[[Path], object]] = {
    "read_study": _read,
    "Store.open": lambda path: Store.open(path).close(),
    "copy_study": lambda path: copy_study(path, path.with_name("copy.afina")),
    "salvage": lambda path: salvage(path, path.with_name("saved.afina")),
    "read_settings": read_settings,
}


def try_opener(name: str, path: Path) -> str:
    """Return what is wrong with how the file was received; nothing when it was refused in words, or read."""
    try:
        OPENERS[name](path)
    except (StoreError, InvalidSetting) as error:
        return "" if 0 < len(str(error)) < 1000 else "refused without a sentence"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    return ""


COMMANDS = ("show", "explain", "export", "rescue", "run", "resume")


def _run_command(command: str, path: Path) -> str:
    more = {"export": ["--format", "csv"], "resume": ["--trials", "1"], "run": ["--out", str(path) + ".out"]}
    try:
        done = subprocess.run(
            [sys.executable, "main.py", command, str(path), *more.get(command, [])],
            cwd=ROOT,
            capture_output=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "hung"
    except ValueError:
        return ""  # a name that no command line can hold
    if b"Traceback" in done.stderr or done.returncode not in (0, 1, 2):
        return f"exit code {done.returncode}: {done.stderr[-200:]!r}"
    return "a code for the terminal" if b"\x1b]" in done.stdout + done.stderr else ""


# The files


def _sql(*statements: str) -> Make:
    """Change a real study."""

    def make(path: Path, canary: Path) -> None:
        path.write_bytes(STUDY.read_bytes())
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.create_function("load_extension", 1, lambda _: None)
            connection.create_function("writefile", 2, lambda _path, _data: None, deterministic=True)
            connection.execute("PRAGMA writable_schema = ON")
            for statement in statements:
                connection.execute(statement.replace("CANARY", str(canary)))

    return make


def _events(*events: Event | Callable[[Path], Event]) -> Make:
    """Forge a study of these events."""

    def make(path: Path, canary: Path) -> None:
        start = StudyStarted(settings=StudySettings(), time=1.0, versions={"keras": '3"\nimport os\n', "os": "x"})
        Store.create(path, start).close()
        with closing(connect(path, "rw")) as connection:
            for number, event in enumerate(events, start=2):
                insert(connection, number, event(canary) if callable(event) else event)

    return make


def _content(content: Callable[[Path], bytes]) -> Make:
    return lambda path, canary: path.write_bytes(content(canary))


def _text(text: str) -> Make:
    return lambda path, canary: path.write_text(text.replace("CANARY", str(canary)))


def _zip(files: dict[str, str]) -> Make:
    def content(canary: Path) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text.replace("CANARY", str(canary)))
        return packed.getvalue()

    return _content(content)


def _tar(canary: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(str(canary)))
    return packed.getvalue()


def _npy(canary: Path) -> bytes:
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    head = header.ljust(118) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + pickle.dumps([_Bomb(canary)])


def _pickle_in_rows(path: Path, canary: Path) -> None:
    _sql()(path, canary)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        loose = "CREATE TABLE events (sequence INTEGER PRIMARY KEY, kind, trial, body, checksum)"
        strict = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'events'").fetchone()[0]
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'events'", (loose,))
        connection.execute("PRAGMA writable_schema = RESET")
        connection.execute("UPDATE events SET body = ? WHERE sequence > 1", (pickle.dumps(_Bomb(canary)),))
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'events'", (strict,))


def _journal_of_several(path: Path, canary: Path) -> None:
    """Make a journal by which SQLite would delete the file that it names."""
    path.write_bytes(STUDY.read_bytes())
    name, magic = str(path.with_name(VICTIM)).encode(), bytes.fromhex("d9d505f920a163d7")
    head = magic + bytes(8) + (6).to_bytes(4, "big") + (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")
    tail = b"\0\0\0\1" + name + len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big") + magic
    path.with_name(path.name + "-journal").write_bytes(head.ljust(512, b"\0") + tail)


def _link(target: str) -> Make:
    return lambda path, canary: path.symlink_to(target)


def _sparse(path: Path, canary: Path) -> None:
    path.write_bytes(STUDY.read_bytes())
    os.truncate(path, 3 * 2**30)


def _sparse_alone(path: Path, canary: Path) -> None:
    path.touch()
    os.truncate(path, 5 * 2**30)


def _pipe(path: Path, canary: Path) -> None:
    os.mkfifo(path)


def _pipe_beside(path: Path, canary: Path) -> None:
    path.write_bytes(STUDY.read_bytes())
    os.mkfifo(path.with_name(path.name + "-journal"))


def _lock_linked(path: Path, canary: Path) -> None:
    path.write_bytes(STUDY.read_bytes())
    path.with_name(f".{path.name}.lock").symlink_to(canary)


def _many_tables(path: Path, canary: Path) -> None:
    path.write_bytes(STUDY.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) "
            "INSERT INTO sqlite_master "
            "SELECT 'view', 'v' || x, 'v' || x, 0, 'CREATE VIEW v' || x || ' AS SELECT 1' FROM n"
        )


TRIAL = TrialStarted(trial=1, values=VALUES, seed=1, origin=PointOrigin.GRID)
LAMBDA = (
    '{"module": "keras", "class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": '
    '{"function": {"class_name": "__lambda__", "config": {"code": "__import__(\'os\').system(\'touch CANARY\')"}}}}]}}'
)
RECURSION = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS sequence"


def _ended(message: Callable[[Path], str]) -> Make:
    def end(canary: Path) -> Event:
        return TrialEnded(
            trial=1, state=TrialState.COMPLETE, epoch=1, seconds=1.0, objective=1.0, message=message(canary)
        )

    return _events(TRIAL, end)


FILES: dict[str, Make] = {
    "a pickle": _content(lambda canary: pickle.dumps(_Bomb(canary))),
    "a pickle of protocol 0": _content(lambda canary: pickle.dumps(_Bomb(canary), protocol=0)),
    "a pickle that is gzipped": _content(lambda canary: gzip.compress(pickle.dumps(_Bomb(canary)))),
    "a pickle in .npy": _content(_npy),
    "pickles in the rows of a study": _pickle_in_rows,
    "a .keras with a Lambda": _zip({"config.json": LAMBDA, "metadata.json": "{}"}),
    "an .h5 of its first bytes": _content(lambda canary: b"\x89HDF\r\n\x1a\n" + pickle.dumps(_Bomb(canary)) * 100),
    "YAML tags": _text('!!python/object/apply:os.system ["touch CANARY"]'),
    "Python": _text("import os\nos.system('touch CANARY')\n"),
    "a shell script": _text("#!/bin/sh\ntouch CANARY\n"),
    "a CSV with formulas": _text("=cmd|' /C touch CANARY'!A0,@SUM(1)\n"),
    "a tar with an absolute name": _content(_tar),
    "a zip with names that climb": _zip({"../canary": "", "CANARY": ""}),
    "settings that name a class": _text('{"__class__": "os.system", "args": ["touch CANARY"]}'),
    "settings with __import__": _text("{\"seed\": \"__import__('os').system('touch CANARY')\"}"),
    "settings with a parameter that is code": _text('{"model": {"family": "linear; __import__(\'os\')"}}'),
    "settings with a data set elsewhere": _text('{"data": {"dataset": "../../../etc/passwd"}}'),
    "SQL in names of settings": _text('{"data": {"dataset": "x\'; ATTACH \'CANARY\' AS c; CREATE TABLE c.t(x); --"}}'),
    "a trigger": _sql("CREATE TRIGGER t AFTER INSERT ON events BEGIN SELECT load_extension('CANARY'); END"),
    "a view that loads an extension": _sql("DROP VIEW trials", "CREATE VIEW trials AS SELECT load_extension('CANARY')"),
    "a view without end": _sql("DROP TABLE epochs", f"CREATE VIEW epochs AS {RECURSION} FROM n WHERE x < 0"),
    "a generated column": _sql("ALTER TABLE events ADD COLUMN g AS (writefile('CANARY', body))"),
    "a CHECK that writes": _sql(
        "UPDATE sqlite_master SET sql = replace(sql, 'kind TEXT NOT NULL', "
        "'kind TEXT NOT NULL CHECK (writefile(''CANARY'', kind))') WHERE name = 'events'"
    ),
    "a virtual table": _sql("DROP TABLE epochs", "CREATE VIRTUAL TABLE epochs USING fts5(sequence, trial)"),
    "an index on an expression": _sql("CREATE INDEX i ON events (writefile('CANARY', body))"),
    "300,000 views": _many_tables,
    "SQL in a message": _ended(lambda canary: f"'; ATTACH '{canary}' AS c; CREATE TABLE c.t(x); --"),
    "a formula in a message": _ended(lambda canary: f"=cmd|' /C touch {canary}'!A0"),
    "codes for the terminal in a message": _ended(lambda canary: "\x1b]0;owned\x07\x1b[2J$(touch canary)"),
    "markup in a message": _ended(lambda canary: f"<img src='file://{canary}'><script>x</script>"),
    "a formula as the name of a metric": _events(
        TRIAL, EpochEnded(trial=1, epoch=1, loss=1.0, val_loss=1.0, seconds=1.0, metrics={"=1+1": 1.0, "\x1b]0;x": 1.0})
    ),
    "code in a value": _events(
        TrialStarted(trial=1, values=VALUES | {"optimizer": "__import__('os')"}, seed=1, origin=PointOrigin.GRID)
    ),
    "a very long message": _events(StudyEnded(reason=StudyEnd.FAILED, message="x" * 30_000_000, time=1.0)),
    "a journal that has SQLite delete a file": _journal_of_several,
    "a pipe": _pipe,
    "a pipe as its log": _pipe_beside,
    "a link to /dev/zero": _link("/dev/zero"),
    "a link to itself": _link("a.afina"),
    "a link to a terminal": _link("/dev/tty"),
    "a folder": lambda path, canary: path.mkdir(),
    "a link in place of the lock": _lock_linked,
    "a study with a hole of 3 GB": _sparse,
    "a file of 5 GB": _sparse_alone,
    "a name of 300 letters": lambda path, canary: path.with_name("x" * 300),
    "a name with a null": lambda path, canary: path.with_name("x\0y"),
    "settings nested a million deep": _text('{"x":' + "[" * 1_000_000),
    "settings of 10 MB of names": _content(
        lambda canary: msgspec.json.encode({f"os.system{n}": n for n in range(500_000)})
    ),
}
"""What is in the file, and how it is made."""
