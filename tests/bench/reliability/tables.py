"""Line 22: broken tables: files of every format, cut off, changed and made of parts of each other.

Each is read as the import dialog reads it, with every column as a feature and as a target. It is refused with a
sentence of ours, without a parser's words, or it is a table; anything else, or more than ten seconds (in CI 100), is a
finding.
"""

import io
import random
import time
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from core.errors import DataError
from core.tables.description import ColumnRole, Task, role_problem
from core.tables.detection import detect_format
from core.tables.profile import count_gaps, profile_target
from core.tables.table_file import read_table
from core.tables.table_format import FIRST_RULES, RULES, FileKind, TableFormat
from tests.bench.reliability.figure import Figure, allowed
from tests.bench.reliability.isolation import Died, Hung, Isolation, Raised
from tests.foreign_words import foreign_words
from tests.tables import profile_table

DATA = Path(__file__).resolve().parents[2] / "data"
PATIENCE = 10.0
ROWS = 40
SUFFIXES = (".csv", ".txt", ".parquet", ".xlsx", ".xls", ".npz", ".npy", "")


def measure(quick: bool, folder: Path) -> list[Figure]:
    whole = originals()
    findings: list[str] = []
    tally = {"refused": 0, "read": 0}
    longest, patience = 0.0, allowed(PATIENCE, quick=quick)
    count = 150 if quick else 6000
    with Isolation() as other:
        for seed in range(count):
            rng = random.Random(seed)
            name = rng.choice(sorted(whole))
            how, content = broken(whole, name, rng)
            suffix = Path(name).suffix if rng.random() < 0.8 else rng.choice(SUFFIXES)
            path = folder / f"table-{seed}{suffix}"
            path.write_bytes(content)
            where = f"{name}, seed {seed}, {how}"
            began = time.monotonic()
            try:
                outcome = other.call(2 * patience, try_table, path)
            except (Died, Hung, Raised) as error:
                outcome = str(error).strip().splitlines()[-1]
            seconds = time.monotonic() - began
            longest = max(longest, seconds)
            if outcome in tally:
                tally[outcome] += 1
                path.unlink()
            else:
                findings.append(f"{where}: {outcome}")
            if seconds > patience:
                findings.append(f"{where}: took {seconds:.0f} s")
    return [
        Figure(
            22,
            "Broken tables: neither read nor refused in words of ours",
            str(len(findings)),
            "0",
            not findings,
            count,
            f"{tally['refused']} refused, {tally['read']} read; slowest {longest:.1f} s. " + "; ".join(findings[:6]),
        )
    ]


def originals() -> dict[str, bytes]:
    """Return the content of a sound file of each format, with columns of many types."""
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(ROWS)]
    frame = pl.DataFrame(
        {
            "number": [n / 7 for n in range(ROWS)],
            "whole": range(ROWS),
            "text": ["Ulm", "Köln", "Bonn", "Kiel"] * (ROWS // 4),
            "flag": [True, False] * (ROWS // 2),
            "day": days,
            "time": [datetime(2024, 1, 1, n % 24) for n in range(ROWS)],
            "took": [timedelta(minutes=n) for n in range(ROWS)],
            "gap": [None if n % 3 else n for n in range(ROWS)],
        }
    )
    table = frame.drop("took").write_csv()
    arrays, packed, single, parquet, plain = (io.BytesIO() for _ in range(5))
    numbers = np.arange(ROWS * 3.0).reshape(ROWS, 3)
    kinds = {
        "x": numbers,
        "y": np.arange(ROWS),
        "when": np.arange(ROWS).astype("M8[h]"),
        "took": np.arange(ROWS).astype("m8[s]"),
        "name": np.array(["a", "b"] * (ROWS // 2)),
        "raw": np.array([b"a", b"\xff"] * (ROWS // 2)),
        "records": np.zeros(ROWS, [("one", "f4"), ("two", "i8")]),
        "big": np.arange(ROWS).astype(">f8"),
    }
    np.savez(arrays, **kinds)  # type: ignore[arg-type]
    np.savez_compressed(packed, **kinds)  # type: ignore[arg-type]
    np.save(single, numbers)
    nested = frame.with_columns(
        pl.Series("lists", [[n, n] for n in range(ROWS)]), pl.Series("bytes", [bytes([n, 255]) for n in range(ROWS)])
    )
    nested.write_parquet(parquet)
    frame.write_parquet(plain, compression="uncompressed")
    return {
        "comma.csv": table.encode(),
        "semicolon.csv": table.replace(",", ";").replace(".", ",").encode("cp1252", "replace"),
        "wide.csv": table.encode("utf-16"),
        "spaces.txt": table.replace(",", "  ").encode(),
        "titled.csv": f"A table, by hand\r\r\n\r\r\n{table}".replace("\n", "\r\n").encode(),
        "quoted.csv": frame.drop("took").write_csv(quote_style="always").encode(),
        "arrays.npz": arrays.getvalue(),
        "packed.npz": packed.getvalue(),
        "single.npy": single.getvalue(),
        "table.parquet": parquet.getvalue(),
        "plain.parquet": plain.getvalue(),
        "towns.xlsx": (DATA / "towns.xlsx").read_bytes(),
    }


def broken(whole: dict[str, bytes], name: str, rng: random.Random) -> tuple[str, bytes]:
    """Return what was done to the file, and its new content."""
    content = whole[name]
    if zipfile.is_zipfile(io.BytesIO(content)) and rng.random() < 0.5:
        return _repacked(content, rng)
    return _changed(content, whole[rng.choice(sorted(whole))], rng)


def _changed(content: bytes, other: bytes, rng: random.Random) -> tuple[str, bytes]:
    how = rng.choice(["bits", "bits", "cut", "head", "zeros", "random", "spliced", "repeated", "ends"])
    data = bytearray(content)
    at = rng.randrange(len(data))
    match how:
        case "bits":
            limit = rng.choice([len(data), min(len(data), 200)])
            for _ in range(rng.randint(1, 8)):
                data[rng.randrange(limit)] ^= 1 << rng.randrange(8)
        case "ends":  # where zip and Parquet say how they are laid out
            for _ in range(rng.randint(1, 8)):
                data[-rng.randint(1, min(len(data), 300))] ^= 1 << rng.randrange(8)
        case "cut":
            del data[at:]
        case "head":
            del data[:at]
        case "zeros" | "random":
            size = min(len(data) - at, rng.choice([1, 4, 16, 100, 1000]))
            data[at : at + size] = bytes(size) if how == "zeros" else rng.randbytes(size)
        case "spliced":
            data[at:] = other[rng.randrange(len(other)) :]
        case "repeated":
            data[at:at] = data[at : at + 1000] * rng.randint(1, 20)
    return how, bytes(data)


def _repacked(content: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Change one file in a zip, so that the checksums of the archive are right again; or leave it out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        chosen = rng.choice(given.namelist())
        how, changed = _changed(given.read(chosen), content, rng)
        for name in given.namelist():
            if name != chosen:
                made.writestr(name, given.read(name))
            elif rng.random() < 0.9:
                made.writestr(name, changed)
    return f"{chosen} in it {how}", packed.getvalue()


def try_table(path: Path) -> str:
    """Read a file as the import dialog does, in every format; return "read" or "refused", or else what is wrong."""
    try:
        found = detect_format(path)
    except DataError as error:
        return _refused(error)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    others = [TableFormat(kind=kind, rules=rules) for kind in FileKind for rules in (FIRST_RULES, RULES)]
    outcomes = [_read(path, layout) for layout in (found, *others)]
    return next((outcome for outcome in outcomes if outcome not in ("read", "refused")), outcomes[0])


def _read(path: Path, layout: TableFormat) -> str:
    try:
        table = read_table(path, layout)
        profile = profile_table(table)
        sentences = [*profile.notes, *(column.note for column in profile.columns)]
        for column in profile.columns[:30]:
            sentences += [role_problem(column, role) for role in ColumnRole]
            sentences += [profile_target(table.frame[column.name], task).problem for task in (None, *Task)]
            count_gaps(table.frame, column.name, Task.MULTICLASS, {column.name: ColumnRole.NUMBER})
    except DataError as error:
        return _refused(error)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    foreign = [word for sentence in sentences for word in foreign_words(sentence)]
    return f"foreign words: {foreign}" if foreign else "read"


def _refused(error: DataError) -> str:
    sentence = str(error)
    foreign = foreign_words(sentence)
    if foreign or not 0 < len(sentence) < 1000:
        return f"refused in other words {foreign}: {sentence[:300]}"
    return "refused"
