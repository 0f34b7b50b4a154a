"""Lines 5 and 6: a study that was interrupted goes on as if it had not been."""

import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from core.events import Event, TrialEnded
from core.store.reader import read_study
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure
from tests.scripted import ScriptedTrainer, bowl

_METHODS: dict[str, dict[str, object]] = {
    "EI": {},
    "LCB": {"acquisition": "LCB"},
    "gp_hedge": {"acquisition": "gp_hedge"},
    "random forest": {"surrogate": "rf"},
    "extra trees": {"surrogate": "et"},
}
Case = tuple[Path, int, int, int, str]
"""Folder, seed, trials, interrupted in the trial after so many, method."""


def measure(quick: bool, folder: Path) -> list[Figure]:
    trials, seeds = (16, (0,)) if quick else (50, (0, 1, 2))
    after = (1, 8, 15) if quick else tuple(range(1, trials))
    cases: list[Case] = [(folder, seed, trials, k, "EI") for seed in seeds for k in after]
    others: list[Case] = [
        (folder, 0, 16, k, method)
        for method in _METHODS
        if method != "EI"
        for k in ((9,) if quick else range(1, 16, 3))
    ]
    twice = [(folder, seed, trials, 0, "EI") for seed in seeds]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_run_whole, {(f, s, n, m) for f, s, n, _, m in cases + others}))
        same = list(pool.map(_is_same_after_interruption, cases))
        same_others = list(pool.map(_is_same_after_interruption, others))
        fresh = list(pool.map(_is_same_again, twice))
    return [
        Figure(
            5,
            "resumed sequence identical to the uninterrupted one",
            f"{sum(same)} / {len(same)} (GP with EI); {sum(same_others)} / {len(same_others)} (LCB, gp_hedge, forests)",
            f"{len(same)} / {len(same)}",
            all(same + same_others),
            len(same) + len(same_others),
        ),
        Figure(6, "two fresh runs of one seed identical", "yes" if all(fresh) else "no", "yes", all(fresh), len(fresh)),
    ]


def _whole(folder: Path, seed: int, trials: int, method: str) -> Path:
    return folder / f"whole {method} {seed} {trials}.afina"


def _run_whole(case: tuple[Path, int, int, str]) -> None:
    _folder, seed, trials, method = case
    studies.start(_whole(*case), studies.settings(trials, seed, **_METHODS[method]), ScriptedTrainer(bowl))


def _is_same_after_interruption(case: Case) -> bool:
    """Leave what a kill leaves, somewhere within a trial, and go on."""
    folder, seed, trials, after, method = case
    whole = read_study(_whole(folder, seed, trials, method))
    path = folder / f"{method} {seed} {after}.afina"
    studies.write(path, _killed(whole, after, random.Random(f"{seed} {after}")))
    studies.resume(path, trials, ScriptedTrainer(bowl))
    return studies.numbers(read_study(path)) == studies.numbers(whole)


def _killed(events: list[Event], after: int, chance: random.Random) -> list[Event]:
    """Return the events up to a random one in the trial that comes after trial `after`."""
    end = next(i for i, event in enumerate(events) if isinstance(event, TrialEnded) and event.trial == after)
    following = next(i for i, event in enumerate(events) if isinstance(event, TrialEnded) and event.trial == after + 1)
    return events[: chance.randint(end + 1, following)]


def _is_same_again(case: Case) -> bool:
    folder, seed, trials, _after, method = case
    path = folder / f"again {seed}.afina"
    studies.start(path, studies.settings(trials, seed), ScriptedTrainer(bowl))
    return studies.numbers(read_study(path)) == studies.numbers(read_study(_whole(folder, seed, trials, method)))
