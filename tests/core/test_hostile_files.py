"""Whatever is in a file, it is refused with a sentence or it is something that Afina can work with."""

import os
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DamagedStudy, ExportError, InvalidSetting, StoreError
from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
    TrialTested,
)
from core.export.exporters import EXPORTERS
from core.headless.listing import show
from core.progress import StudyProgress
from core.search.proposal import HedgeState, PointOrigin
from core.settings import StudySettings, tutorial_settings
from core.settings_file import read_settings, settings_from_json
from core.store.checksum import row_checksum
from core.store.connection import connect
from core.store.reader import read_study
from core.store.rows import insert
from core.store.salvage import salvage
from core.store.writer import Store, copy_study
from tests.bench.reliability.mutations import ODD, mutate, mutate_text
from tests.extremes import STUDIES, empty_study
from tests.extremes import forge as forge_packed

DATA = Path(__file__).resolve().parents[1] / "data"
FEW, MANY = (
    settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.large_base_example],
    )
    for count in (40, 120)
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
VALID = msgspec.to_builtins(StudySettings())


def places(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    for key in tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
        found += places(tree[key], (*path, key))
    return found


def replaced(tree: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(tree, list):
        return [replaced(item, path[1:], value) if index == path[0] else item for index, item in enumerate(tree)]
    return {key: replaced(item, path[1:], value) if key == path[0] else item for key, item in tree.items()}


def refused_or_kept(text: str | bytes) -> None:
    """The one thing that must hold of any text that is given as settings."""
    try:
        found = settings_from_json(text)
    except InvalidSetting as error:
        told = (error.message, error.field)
    else:
        assert settings_from_json(found.to_json()) == found
        return
    assert 0 < len(told[0]) < 500
    assert len(told[1]) < 500


@MANY
@given(JSON | st.binary(max_size=60) | st.text(max_size=60))
def test_that_any_text_is_settings_or_refused(content: Any) -> None:
    refused_or_kept(content if isinstance(content, str | bytes) else msgspec.json.encode(content))


@MANY
@given(st.sampled_from(places(VALID)), JSON | st.sampled_from(ODD))
def test_that_settings_with_an_odd_value_are_valid_or_refused(place: tuple[str | int, ...], value: Any) -> None:
    refused_or_kept(msgspec.json.encode(replaced(VALID, place, value)))


@MANY
@given(st.integers())
def test_that_settings_with_changed_letters_are_valid_or_refused(seed: int) -> None:
    refused_or_kept(mutate_text(msgspec.json.encode(VALID), random.Random(seed)))


@pytest.mark.parametrize("place", places(VALID), ids=lambda p: ".".join(map(str, p)))
def test_that_settings_without_a_part_are_valid_or_refused(place: tuple[str | int, ...]) -> None:
    tree = msgspec.json.decode(msgspec.json.encode(VALID))
    parent = tree
    for key in place[:-1]:
        parent = parent[key]
    del parent[place[-1]]
    refused_or_kept(msgspec.json.encode(tree))


@pytest.mark.parametrize(
    "text",
    [
        '{"seed": NaN}',
        '{"search": {"xi": Infinity}}',
        '{"search": {"xi": 1e999}}',
        '{"seed": ' + "9" * 5000 + "}",
        '{"budget": {"trials": ' + "9" * 4000 + "}}",
        '{"model": {"ranges": {"batch_size": {"kind": "integer", "low": 1, "high": 1' + "0" * 400 + "}}}}",
        '{"model": {"ranges": {"learning_rate": {"kind": "fixed", "value": 1' + "0" * 400 + "}}}}",
        '{"seed": 1, "seed": 2}',
        '{"x": ' + "[" * 500_000 + "]" * 500_000 + "}",
        '{"format": ' + '{"a":' * 200_000 + "1" + "}" * 200_000 + "}",
        '{"data": {"dataset": "\\ud800"}}',
        '{"data": {"dataset": "\ud800"}}',
        '{"data": {"dataset": "' + "x" * 1_000_000 + '"}}',
        '{"data": {"excluded": [' + ",".join(['"b"'] * 1_000_000)[:3_900_000] + "]}}",
        '{"model": {"ranges": {' + ",".join(f'"p{n}": 1' for n in range(200_000)) + "}}}",
        '{"model": {"ranges": {' + ",".join(f'"p{n}":{{"kind":"fixed","value":1}}' for n in range(1_000_000)) + "}}}",
        '{"model": {"family": {"__import__": "os"}}}',
        "\x00",
        "",
    ],
    ids=range(19),
)
def test_that_settings_made_to_harm_are_refused_with_a_short_sentence(text: str) -> None:
    refused_or_kept(text)


def test_that_what_is_no_file_is_no_settings(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    (tmp_path / "loop.json").symlink_to("loop.json")
    for name in ("pipe.json", "zero.json", "loop.json", "", "a\0b", "x" * 300):
        with pytest.raises(InvalidSetting):
            read_settings(tmp_path / name)


# Study files


def use(events: list[Event]) -> None:
    progress = StudyProgress.of(events)
    progress.mark_interrupted()
    progress.seconds_left()
    for exporter in EXPORTERS.values():
        with suppress(ExportError):
            exporter.text(progress).encode()


def works(path: Path, *, written: bool = True) -> None:
    """The one thing that must hold of any file that is given as a study; `written`: also to those who write."""
    told = "read"
    try:
        use(read_study(path))
        show(path)
    except StoreError as error:
        told = str(error)
    assert 0 < len(told) < 1000
    with suppress(StoreError):
        salvage(path, path.with_name("saved.afina"))
        read_study(path.with_name("saved.afina"))
    if not written:
        return
    with suppress(StoreError):
        copy_study(path, path.with_name("copy.afina"))
    with suppress(StoreError):
        Store.open(path).close()


def with_file(write: Callable[[Path], object], *, written: bool = True) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.afina"
        write(path)
        works(path, written=written)


@FEW
@given(st.binary(max_size=5000), st.sampled_from([0, 16, 100, 4096, 8192]))
def test_that_any_bytes_are_a_study_or_refused(content: bytes, kept: int) -> None:
    header = (DATA / "schema-2.afina").read_bytes()[:kept]
    with_file(lambda path: path.write_bytes(header + content))


@FEW
@given(st.sampled_from(sorted(DATA.glob("schema-*.afina"))), st.integers())
def test_that_a_changed_study_is_read_or_refused(released: Path, seed: int) -> None:
    with_file(lambda path: path.write_bytes(mutate(released.read_bytes(), random.Random(seed))[1]))


INTEGERS = st.integers(-1, 4) | st.integers() | st.sampled_from([2**31, 2**63 - 1, 2**63, -(2**63)])
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1e308, -1e308, 5e-324, 1.0])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["=cmd|' /C calc'!A0", "\x1b]0;owned\x07", '"""\nimport os\n', "$(touch x)", "x" * 5000, "${trial}"]
)
NUMBERS = st.integers(1, 4)
RIGHT_VALUES = st.fixed_dictionaries(
    {
        "learning_rate": st.floats(0, 1e6, exclude_min=True) | st.integers(1, 10**6),
        "batch_size": st.integers(1, 10_000_000),
        "epochs": st.integers(1, 1_000_000),
        "optimizer": st.sampled_from(["sgd", "adam", "rmsprop"]),
    }
)
VALUES = st.fixed_dictionaries(
    {
        "learning_rate": FLOATS | INTEGERS | TEXTS,
        "batch_size": INTEGERS | FLOATS | st.booleans(),
        "epochs": INTEGERS | st.booleans(),
        "optimizer": st.sampled_from(["sgd", "evil"]) | TEXTS,
    }
)
HEDGES = st.none() | st.builds(
    HedgeState,
    gains=st.lists(FLOATS, max_size=4).map(tuple),
    candidates=st.lists(st.lists(FLOATS, max_size=3).map(tuple), max_size=4).map(tuple),
)
SETTINGS = st.just(tutorial_settings())
START = st.builds(StudyStarted, settings=SETTINGS, time=FLOATS, versions=st.dictionaries(TEXTS, TEXTS, max_size=3))
EVENT: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        TrialStarted,
        trial=NUMBERS | INTEGERS,
        values=VALUES,
        seed=st.integers(0, 9) | INTEGERS,
        origin=st.sampled_from(PointOrigin),
        hedge=HEDGES,
    ),
    st.builds(
        EpochEnded,
        trial=NUMBERS,
        epoch=NUMBERS,
        loss=FLOATS,
        val_loss=FLOATS,
        metrics=st.dictionaries(TEXTS, FLOATS, max_size=3),
        seconds=FLOATS,
    ),
    st.builds(
        TrialEnded,
        trial=NUMBERS,
        state=st.sampled_from(TrialState),
        epoch=INTEGERS,
        seconds=FLOATS,
        objective=st.none() | FLOATS,
        reason=st.none() | st.sampled_from(FailureReason),
        message=TEXTS,
    ),
    st.builds(
        TrialTested,
        trial=NUMBERS,
        metrics=st.dictionaries(TEXTS, st.lists(FLOATS, max_size=3).map(tuple), max_size=3),
        time=FLOATS,
    ),
    st.builds(StudyResumed, time=FLOATS, trials=INTEGERS),
    st.builds(StudyEnded, reason=st.sampled_from(StudyEnd), message=TEXTS, time=FLOATS),
    START,
)


@st.composite
def studies(draw: st.DrawFn) -> list[Event]:
    """Draw events that can follow each other, with one that may not somewhere among them every other time."""
    events: list[Event] = [draw(START)]
    for trial in range(1, draw(st.integers(0, 3)) + 1):
        gains = draw(st.none() | st.lists(FLOATS, min_size=1, max_size=3))
        hedge = gains and HedgeState(tuple(gains), tuple((gain,) for gain in gains))
        origin = draw(st.sampled_from(PointOrigin))
        events.append(TrialStarted(trial=trial, values=draw(RIGHT_VALUES), seed=7, origin=origin, hedge=hedge or None))
        for epoch in range(1, draw(st.integers(0, 3)) + 1):
            loss, val_loss, seconds = draw(st.tuples(FLOATS, FLOATS, FLOATS))
            metrics = draw(st.dictionaries(TEXTS, FLOATS, max_size=2))
            events.append(
                EpochEnded(trial=trial, epoch=epoch, loss=loss, val_loss=val_loss, metrics=metrics, seconds=seconds)
            )
        state = draw(st.sampled_from([TrialState.COMPLETE, TrialState.FAILED, TrialState.SKIPPED]))
        objective = draw(FLOATS) if state is TrialState.COMPLETE else None
        epoch, seconds, message = draw(st.tuples(INTEGERS, FLOATS, TEXTS))
        events.append(
            TrialEnded(trial=trial, state=state, epoch=epoch, seconds=seconds, objective=objective, message=message)
        )
    if draw(st.booleans()):
        events.insert(draw(st.integers(0, len(events))), draw(EVENT))
    return events


def forge(path: Path, events: list[Event]) -> None:
    """Write what no Afina would, with checksums that are right."""
    path.write_bytes(empty_study())
    with closing(connect(path, "rw")) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for sequence, event in enumerate(events, start=1):
            with suppress(sqlite3.Error, OverflowError):
                insert(connection, sequence, event)
        connection.execute("COMMIT")


@MANY
@given(studies() | st.lists(EVENT, max_size=5))
def test_that_forged_events_are_refused_or_can_be_worked_with(events: list[Event]) -> None:
    with_file(lambda path: forge(path, events), written=False)


@pytest.mark.parametrize("name", STUDIES)
def test_that_studies_at_the_ends_of_what_a_file_holds_can_be_worked_with(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    forge_packed(path, STUDIES[name]())
    assert StudyProgress.of(read_study(path)).settings
    works(path, written=False)


@pytest.mark.parametrize(
    ("field", "number"), [("seed", 10**30), ("epoch", 2**63), ("trials", 2**63), ("objective", 10**400)]
)
def test_that_a_number_that_no_program_counts_to_is_refused(tmp_path: Path, field: str, number: int) -> None:
    path = tmp_path / "a.afina"
    forge(path, [*STUDIES["objectives: neighbours"](), StudyResumed(time=1.0, trials=30)])
    with closing(connect(path, "rw")) as connection:
        rows = connection.execute("SELECT sequence, kind, trial, body FROM events ORDER BY sequence DESC").fetchall()
        row = next(row for row in rows if f'"{field}":' in row[3])
        body = re.sub(f'"{field}":[^,}}]*', f'"{field}":{number}', row[3])
        changed = (*row[:3], body)
        values = (body, row_checksum(changed), row[0])
        connection.execute("UPDATE events SET body = ?, checksum = ? WHERE sequence = ?", values)
    with pytest.raises(DamagedStudy):
        read_study(path)


def test_that_a_trial_with_an_unknown_choice_is_a_sentence_on_opening_and_the_rest_can_be_saved(tmp_path: Path) -> None:
    """Edited by hand, with the right checksum: no export ever sees a value that no parameter declares."""
    path, saved = tmp_path / "edited.afina", tmp_path / "saved.afina"
    whole: dict[str, Any] = {"learning_rate": 0.01, "batch_size": 8, "epochs": 1}
    events: list[Event] = [StudyStarted(settings=tutorial_settings(), time=1.0, versions={})]
    for number, optimizer in ((1, "sgd"), (2, "lion")):
        events += [
            TrialStarted(trial=number, values=whole | {"optimizer": optimizer}, seed=1, origin=PointOrigin.RANDOM),
            EpochEnded(trial=number, epoch=1, loss=1.0, val_loss=1.0, metrics={}, seconds=0.1),
            TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=1, seconds=0.1, objective=1.0),
        ]
    forge(path, events)
    with pytest.raises(DamagedStudy, match="trial 2 has a value that cannot be: Optimiser knows no 'lion'"):
        read_study(path)
    salvage(path, saved)
    progress = StudyProgress.of(read_study(saved))
    assert list(progress.trials) == [1]
    assert "SGD" in EXPORTERS["python"].text(progress)


def test_that_a_number_of_thousands_of_digits_is_refused(tmp_path: Path) -> None:
    start = StudyStarted(settings=tutorial_settings(), time=1.0, versions={})
    for kind in ("StudyResumed", "TrialEnded"):
        path = tmp_path / f"{kind}.afina"
        begun = TrialStarted(
            trial=1,
            values={"learning_rate": 0.01, "batch_size": 7, "epochs": 2, "optimizer": "sgd"},
            seed=1,
            origin=PointOrigin.GRID,
        )
        forge(path, [start, begun])
        number = "9" * 4000
        body = (
            f'{{"type":"{kind}","time":1.0,"trials":{number},"trial":1,"state":"failed","epoch":{number},"seconds":1}}'
        )
        row = (3, kind, 1, body)
        with closing(connect(path, "rw")) as connection:
            connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", (*row, row_checksum(row)))
        with pytest.raises(DamagedStudy, match=r"is resumed for|cannot be"):
            read_study(path)


@pytest.mark.parametrize("column", ["trial", "epoch", "loss", "val_loss", "metrics", "seconds", "sequence", "checksum"])
@pytest.mark.parametrize("value", ["text", b"\x80\x04.", 1, 1.5, None, 2**62])
def test_that_a_value_of_another_type_is_refused_though_its_checksum_is_right(
    tmp_path: Path, column: str, value: object
) -> None:
    path = tmp_path / "a.afina"
    start = StudyStarted(settings=tutorial_settings(), time=1.0, versions={})
    values: Any = {"learning_rate": 0.01, "batch_size": 7, "epochs": 2, "optimizer": "sgd"}
    forge(path, [start, TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.GRID)])
    row: dict[str, Any] = {"sequence": 3, "trial": 1, "epoch": 1, "loss": 1.0, "val_loss": 1.0, "metrics": "{}"}
    row |= {"seconds": 1.0, "checksum": 0, column: value}
    if column != "checksum":
        row["checksum"] = row_checksum(tuple(row.values())[:-1])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        ((sql,),) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'epochs'").fetchall()
        loose = sql.replace("STRICT", "").replace(" NOT NULL", "")
        for kind in ("INTEGER,", "REAL,", "TEXT,"):
            loose = loose.replace(" " + kind, ",") if kind != "INTEGER," else loose
        connection.execute("DROP TABLE epochs")
        connection.execute(loose.replace("INTEGER NOT NULL DEFAULT 0", "DEFAULT 0"))
        with suppress(sqlite3.Error):
            connection.execute(
                f"INSERT INTO epochs ({', '.join(row)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*row.values()]
            )
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'epochs'", (sql,))
    works(path)


def test_that_a_journal_which_names_another_file_is_never_followed(tmp_path: Path) -> None:
    """SQLite would delete the file that it names."""
    path, precious = tmp_path / "a.afina", tmp_path / "precious.txt"
    path.write_bytes((DATA / "schema-2.afina").read_bytes())
    precious.write_text("precious")
    name = str(precious).encode()
    super_record = (b"\0\0\0\1" + name + len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big")) + bytes.fromhex(
        "d9d505f920a163d7"
    )
    header = bytes.fromhex("d9d505f920a163d7") + bytes(4) + bytes(4) + (6).to_bytes(4, "big") + (512).to_bytes(4, "big")
    (tmp_path / "a.afina-journal").write_bytes((header + (4096).to_bytes(4, "big")).ljust(512, b"\0") + super_record)
    for opener in (read_study, Store.open, lambda p: copy_study(p, tmp_path / "b.afina")):
        with pytest.raises(DamagedStudy, match="journal"):
            opener(path)
    with pytest.raises(DamagedStudy, match="journal"):
        salvage(path, tmp_path / "saved.afina")
    assert precious.read_text() == "precious"


@pytest.mark.parametrize("opener", [read_study, Store.open], ids=["read", "open"])
def test_that_a_commit_cut_short_in_a_rollback_journal_is_undone(tmp_path: Path, opener: Callable[[Path], Any]) -> None:
    """Where there is no write-ahead log SQLite keeps the old pages in a journal, from which a kill is mended."""
    path = tmp_path / "a.afina"
    path.write_bytes((DATA / "schema-2.afina").read_bytes())
    events = read_study(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN")
        writer.execute("UPDATE events SET body = body || 'half'")
        for n in range(500):
            writer.execute("INSERT INTO events VALUES (?, 'x', 1, ?, 1)", (1000 + n, "y" * 300))
        killed = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    folder = tmp_path / "killed"
    folder.mkdir()
    for name, content in killed.items():
        (folder / name).write_bytes(content)
    assert (folder / "a.afina-journal").stat().st_size > 512
    with suppress(AttributeError):
        opener(folder / "a.afina").close()
    assert read_study(folder / "a.afina") == events
    if opener is read_study:
        assert {f.name: f.read_bytes() for f in folder.iterdir()} == killed, "reading changes nothing"


def test_that_an_emptied_study_costs_its_log_nothing(tmp_path: Path) -> None:
    """SQLite deletes the log of an empty file."""
    path, log = tmp_path / "a.afina", tmp_path / "a.afina-wal"
    path.write_bytes(b"")
    log.write_bytes(b"all that was recorded")
    for opener in (read_study, Store.open):
        with pytest.raises(StoreError, match="not an Afina study"):
            opener(path)
    assert log.read_bytes() == b"all that was recorded"


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_that_a_pipe_beside_a_study_keeps_nobody_waiting(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "a.afina"
    path.write_bytes((DATA / "schema-2.afina").read_bytes())
    os.mkfifo(tmp_path / f"a.afina{ending}")
    for opener in (read_study, Store.open):
        with pytest.raises(StoreError, match="is not a file"):
            opener(path)


def test_that_views_and_columns_which_compute_are_not_run_by_salvage(tmp_path: Path) -> None:
    path = tmp_path / "a.afina"
    path.write_bytes(empty_study())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE events")
        connection.execute(
            "CREATE VIEW events AS WITH RECURSIVE n(sequence) AS (SELECT 1 UNION ALL SELECT sequence + 1 FROM n) "
            "SELECT sequence, '' AS kind, 1 AS trial, '' AS body, 0 AS checksum FROM n WHERE 0"
        )
    with pytest.raises(StoreError, match="nothing can be saved"):
        salvage(path, tmp_path / "saved.afina")
