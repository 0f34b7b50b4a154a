"""Line 15: study files with flipped bits, cut off, overwritten, with pages swapped: refused, or read as they were.

Each mutated file is read in a process of its own kind, in which even a crash of SQLite would be noticed. Of a mutated
log the transactions before the damage are a right answer, as after a power cut; of a mutated study file only all of
them are.
"""

import pickle
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import msgspec

from core.errors import InvalidSetting, StoreError
from core.events import EpochEnded, Event, StudyEnd, StudyEnded, TrialEnded, TrialStarted, TrialState
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings, tutorial_settings
from core.settings_file import settings_from_json
from core.store.reader import read_study
from core.store.salvage import salvage
from core.store.writer import Store, copy_study
from core.study.loop import study_started
from tests.bench.reliability.figure import Figure, allowed
from tests.bench.reliability.isolation import Died, Hung, Isolation, Raised
from tests.foreign_words import foreign_words

PAGE = 4096
FRAME, LOG_HEADER = 24 + PAGE, 32
PATIENCE = 5.0
"""Seconds that reading one of these small files may take, in CI ten times as many."""
RELEASED = sorted((Path(__file__).resolve().parents[2] / "data").glob("schema-*.afina"))
UNCHECKED = "schema-1"
"""Its rows have no checksums: a changed value in them cannot be found out, and is counted apart."""


@dataclass(frozen=True)
class Original:
    """An undamaged study. `ends` are the numbers of events after which a transaction ended."""

    name: str
    endings: tuple[str, ...]
    events: tuple[Event, ...]
    ends: frozenset[int]


def measure(quick: bool, folder: Path) -> list[Figure]:
    originals = [*_released(folder), *_made(folder)]
    cases = [
        (original.name, seed)
        for seed in range(60 if quick else 1000)
        for original in [originals[seed % len(originals)]]
    ]
    patience = allowed(PATIENCE, quick=quick)
    tally: Counter[str] = Counter()
    bad: list[str] = []
    longest = 0.0
    with ThreadPoolExecutor(2) as pool:
        for outcomes, seconds in pool.map(partial(_all_of, folder, patience), (cases[::2], cases[1::2])):
            tally.update(outcome.partition(":")[0] for outcome in outcomes)
            bad += [
                outcome for outcome in outcomes if outcome.startswith(("crash", "hang", "wrong", "loss", "changed"))
            ]
            longest = max(longest, seconds)
    settings_bad, settings_valid, settings_tried = _settings_fuzz(100 if quick else 2000)
    wrong = tally["wrong"] + tally["loss"]
    return [
        Figure(
            15,
            "Mutated study files: crashes / hangs / silently wrong / changed by reading",
            f"{tally['crash']} / {tally['hang']} / {wrong} / {tally['changed']}",
            "0 / 0 / 0 / 0",
            not bad,
            len(cases),
            f"{tally['refused']} refused, {tally['same']} read as they were, {tally['prefix']} read up to a commit "
            f"before the damage, slowest {longest:.2f} s; {tally['unchecked']} changes of a schema-1 study, which has "
            f"no checksums, unnoticed. Salvaged {tally['saved']}, {tally['unsaved']} had nothing to save. "
            + "; ".join(bad[:5]),
        ),
        Figure(
            15,
            "Mutated settings: neither refused with a sentence nor valid",
            str(len(settings_bad)),
            "0",
            not settings_bad,
            settings_tried,
            f"{settings_valid} were still valid. " + "; ".join(settings_bad[:5]),
        ),
    ]


# The originals


def _released(folder: Path) -> Iterator[Original]:
    for path in RELEASED:
        yield _kept(folder, path.stem, {"": path.read_bytes()}, read_study(path), range(1, 10_000))


def _made(folder: Path) -> Iterator[Original]:
    """Yield a finished study, and two as a kill leaves them: before and after SQLite first folded the log."""
    for name, trials in (("finished", 30), ("killed-early", 8), ("killed-late", 45)):
        path = folder / f"{name}.afina"
        first = study_started(tutorial_settings())
        events: list[Event] = [first]
        ends = [1]
        with Store.create(path, first) as store:
            for recorded in _recorded(trials):
                store.record(recorded)
                events += recorded
                ends.append(len(events))
            there = {e: path.with_name(path.name + e) for e in ("", "-wal", "-shm")}
            files = {ending: file.read_bytes() for ending, file in there.items()}
        if name == "finished":
            files = {"": path.read_bytes()}
        path.unlink()
        yield _kept(folder, name, files, events, ends)


def _recorded(trials: int) -> Iterator[list[Event]]:
    rng = random.Random(trials)
    for number in range(1, trials + 1):
        values = {"learning_rate": rng.uniform(1e-4, 0.1), "batch_size": rng.randint(1, 100), "epochs": 10}
        seed = rng.randrange(2**31)
        yield [TrialStarted(trial=number, values=values | {"optimizer": "sgd"}, seed=seed, origin=PointOrigin.MODEL)]
        epochs = [
            EpochEnded(
                trial=number,
                epoch=epoch,
                loss=rng.uniform(10, 600),
                val_loss=rng.uniform(10, 600),
                metrics={"mae": rng.uniform(1, 20), "val_mae": rng.uniform(1, 20)},
                seconds=0.1 * epoch,
            )
            for epoch in range(1, 11)
        ]
        for epoch in epochs[:-1]:
            yield [epoch]
        objective = epochs[-1].val_loss
        end = TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=10, seconds=1.0, objective=objective)
        yield [epochs[-1], end]
    yield [StudyEnded(reason=StudyEnd.STOPPED, message="Stopped.", time=1.0)]


def _kept(folder: Path, name: str, files: dict[str, bytes], events: Sequence[Event], ends: Sequence[int]) -> Original:
    """Put the study where the other process finds it."""
    original = Original(name, tuple(files), tuple(events), frozenset(ends))
    (folder / f"{name}.pickle").write_bytes(pickle.dumps((original, files)))
    return original


# One case, in the other process


def _all_of(folder: Path, patience: float, cases: list[tuple[str, int]]) -> tuple[list[str], float]:
    """Return what came of the cases, and the seconds of the longest reading."""
    outcomes: list[str] = []
    longest = 0.0
    with Isolation() as other:
        for name, seed in cases:
            where = f"{name}, seed {seed}"
            try:
                found, seconds = other.call(60, try_case, folder, name, seed)
                outcomes += found
                outcomes += [f"hang: {where}: {seconds:.0f} s"] if seconds > patience else []
                longest = max(longest, seconds)
            except Hung:
                outcomes.append(f"hang: {where}")
            except (Died, Raised) as error:
                outcomes.append(f"crash: {where}: {str(error).strip().splitlines()[-1]}")
    return outcomes, longest


@lru_cache
def _original(folder: Path, name: str) -> tuple[Original, dict[str, bytes]]:
    loaded: tuple[Original, dict[str, bytes]] = pickle.loads((folder / f"{name}.pickle").read_bytes())
    return loaded


def try_case(folder: Path, name: str, seed: int) -> tuple[list[str], float]:
    """Mutate a study, read it, and return what came of it, each outcome as "kind: where", and the seconds it took."""
    original, files = _original(folder, name)
    rng = random.Random(seed)
    ending = rng.choice([e for e in original.endings if e != "-shm"])
    how, content = mutate(files[ending], rng, log=ending == "-wal")
    where = f"{name}{ending}, seed {seed}, {how}"
    place = folder / f"case-{seed}"
    place.mkdir()
    path = place / "a.afina"
    for e in original.endings:
        path.with_name(path.name + e).write_bytes(content if e == ending else files[e])
    before = _state(place)
    began = time.monotonic()
    try:
        outcome = _verdict(original, ending, read_study(path))
    except StoreError:
        outcome = "refused"
    seconds = time.monotonic() - began
    outcomes = [f"{outcome}: {where}"]
    if _state(place) != before:
        outcomes.append(f"changed: {where}")
    if seed % 3 == 0:
        outcomes.append(f"{_salvaged(original, path, ending)}: {where}")
    if seed % 3 == 1:
        with suppress(StoreError):
            copy_study(path, place / "copy.afina")
        with suppress(StoreError):
            Store.open(path).close()
    shutil.rmtree(place)
    return outcomes, seconds


def _state(place: Path) -> dict[str, bytes]:
    """Return all that is in the folder but SQLite's own index of the log, which holds nothing of value."""
    return {f.name: f.read_bytes() for f in place.iterdir() if not f.name.endswith("-shm")}


def _verdict(original: Original, ending: str, events: Sequence[Event]) -> str:
    count = len(events)
    if tuple(events) == original.events:
        return "same"
    if tuple(events) == original.events[:count]:
        return "prefix" if ending == "-wal" and count in original.ends else "loss"
    return "unchecked" if original.name == UNCHECKED else "wrong"


def _salvaged(original: Original, path: Path, ending: str) -> str:
    saved = path.with_name("saved.afina")
    try:
        salvage(path, saved)
    except StoreError:
        return "unsaved" if not saved.exists() else "wrong"
    if original.name == UNCHECKED:
        read_study(saved)
        return "saved"
    whole, found = StudyProgress.of(original.events), StudyProgress.of(read_study(saved))
    for number, trial in found.trials.items():
        true = whole.trials.get(number)
        if true is None or (trial.values, trial.seed) != (true.values, true.seed):
            return "wrong"
        if trial.objective not in (None, true.objective) or not set(trial.val_losses) <= set(true.val_losses):
            return "wrong"
    return "saved"


def mutate(content: bytes, rng: random.Random, *, log: bool = False) -> tuple[str, bytes]:
    """Return what was done to the file, and its new content."""
    size = len(content)
    data = bytearray(content)
    how = rng.choice(["bits", "bits", "truncated", "zeros", "random", "swapped", "duplicated"])
    header, page = (LOG_HEADER, FRAME) if log else (0, PAGE)
    pages = (size - header) // page
    if how == "bits":
        # Every other time near the beginning, where a file says how it is laid out.
        limit = size if rng.random() < 0.5 else min(size, 200)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(limit)] ^= 1 << rng.randrange(8)
    elif how == "truncated":
        del data[rng.choice([rng.randrange(size), header + page * rng.randrange(pages)]) :]
    elif how in ("zeros", "random"):
        start = rng.randrange(size)
        length = min(size - start, rng.choice([1, 4, 16, 100, 512, PAGE, 3 * PAGE]))
        data[start : start + length] = bytes(length) if how == "zeros" else rng.randbytes(length)
    else:
        one, other = (header + page * rng.randrange(pages) for _ in range(2))
        first, second = data[one : one + page], data[other : other + page]
        data[other : other + page] = first
        if how == "swapped":
            data[one : one + page] = second
    return how, bytes(data)


# Settings


def _settings_fuzz(count: int) -> tuple[list[str], int, int]:
    """Mutate settings as text and as a tree; return what went wrong, how many were valid, and how many were tried."""
    bad: list[str] = []
    valid = 0
    for seed in range(count):
        rng = random.Random(seed)
        text = _mutated_settings(rng)
        try:
            settings = settings_from_json(text)
        except InvalidSetting as error:
            if not error.message or len(error.message) > 500 or foreign_words(error.message):
                bad.append(f"seed {seed}: no sentence of ours: {error.message[:200]}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            bad.append(f"seed {seed}: {type(error).__name__}: {error}")
        else:
            valid += 1
            if settings_from_json(settings.to_json()) != settings:
                bad.append(f"seed {seed}: not the same after saving")
    return bad, valid, count


def _mutated_settings(rng: random.Random) -> bytes:
    tree = msgspec.to_builtins(StudySettings())
    if rng.random() < 0.5:
        return mutate_text(msgspec.json.encode(tree), rng)
    for _ in range(rng.randint(1, 2)):
        node: Any = tree
        while True:
            key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
            if not isinstance(node[key], dict | list) or not node[key] or rng.random() < 0.2:
                break
            node = node[key]
        if rng.random() < 0.2 and isinstance(node, dict):
            del node[key]
            if not tree:
                break
        else:
            node[key] = deepcopy(rng.choice(ODD))
    return msgspec.json.encode(tree)


ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2,
        3,
        50,
        0.5,
        1e308,
        5e-324,
        -0.0,
        10**30,
        2**63,
        2**64,
        10**400,
        "",
        "gp",
        "x" * 10_000,
    ),
    *(
        [],
        {},
        [[]],
        ["sgd", "adam"],
        ["sgd", "sgd"],
        {"kind": "fixed", "value": 7},
        {"kind": "float", "low": 1, "high": 0},
    ),
    *({"kind": "integer", "low": 10**400, "high": 10**401}, {"kind": "fixed", "value": 10**400}, {"kind": "choices"}),
    *("boston_housing", "../../etc/passwd", "\x00", "\U0010ffff", {"__import__": "os"}, "random", "inline", 1e-4),
)


def mutate_text(text: bytes, rng: random.Random) -> bytes:
    data = bytearray(text)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(data))
        piece = rng.choice(
            [b"NaN", b"Infinity", b"1e999", b'"\\ud800"', b"\xff", b"[", b"{", b"}", b",", b"9", b"-", b"0"]
        )
        data[at : at + rng.choice([0, 1, len(piece)])] = piece
    return bytes(data)
