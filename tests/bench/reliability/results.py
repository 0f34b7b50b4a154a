"""Line 10: results that are no numbers, in every position, stop no study."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import msgspec

from core.events import StudyEnd, TrialEnded, TrialReport
from core.store.reader import read_study
from tests.bench.reliability import studies
from tests.bench.reliability.figure import Figure
from tests.scripted import ScriptedTrainer

_RESULTS: tuple[object, ...] = (float("nan"), float("inf"), float("-inf"), 1e308, None, "text")
Case = tuple[Path, int, int, int]
"""Folder, which result, in which trial, of how many."""


class OddTrainer(ScriptedTrainer):
    """Gives an odd result in one trial."""

    def __init__(self, trial: int, result: object) -> None:
        super().__init__()
        self._trial = trial
        self._result = result

    def reports(self, seconds: float) -> list[TrialReport]:
        reports = super().reports(seconds)
        last = reports[-1]
        if last.trial != self._trial or not isinstance(last, TrialEnded):
            return reports
        return [*reports[:-1], msgspec.structs.replace(last, objective=self._result)]


def measure(quick: bool, folder: Path) -> list[Figure]:
    trials = 10 if quick else 20
    positions = (1, 10) if quick else range(1, trials + 1)
    cases = [(folder, which, where, trials) for which in range(len(_RESULTS)) for where in positions]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        stopped = [not good for good in pool.map(_goes_on, cases)]
    return [
        Figure(
            10,
            "NaN, ±inf, 1e308, None, text as result in each position: studies stopped",
            str(sum(stopped)),
            "0",
            not any(stopped),
            len(stopped),
        )
    ]


def _goes_on(case: Case) -> bool:
    folder, which, where, trials = case
    path = folder / f"{which} {where}.afina"
    end = studies.start(path, studies.settings(trials), OddTrainer(where, _RESULTS[which]))
    ended = [event for event in read_study(path) if isinstance(event, TrialEnded)]
    return end.reason is StudyEnd.FINISHED and len(ended) == trials
