"""Lines 9 and 11: models that do their worst in a real worker; what can be asked of one that hangs or is gone."""

import os
import random
import signal
import time
from pathlib import Path

import core.trainers.standby
from core.datasets.settings import DataSettings
from core.events import FailureReason, TrialEnded, TrialState
from core.models.families.linear import FAMILY as LINEAR
from core.settings import LimitSettings
from core.trainers.workers import WorkerTrainer
from core.training.request import TrialRequest
from tests import evil
from tests.bench.reliability.figure import Figure, allowed

_CAUSES: dict[str, tuple[int, FailureReason | None]] = {
    "segfault": (evil.SEGFAULT, FailureReason.WORKER_LOST),
    "os._exit": (evil.EXIT, FailureReason.WORKER_LOST),
    "memory": (evil.HOG, FailureReason.MEMORY_LIMIT),
    "endless loop": (evil.LOOP, FailureReason.TIME_LIMIT),
    "exception": (evil.RAISE, FailureReason.MODEL_ERROR),
    "prints 100 MB": (evil.PRINT, None),
}
_NEXT = 3.0
"""Seconds within which the next trial must begin."""
_ANSWER = 2.0
"""Seconds within which a skip, stop or pause must be done."""


def measure(quick: bool, folder: Path) -> list[Figure]:
    core.trainers.standby.SPARE_DELAY = 0.0
    trainer = WorkerTrainer(evil.run_evil_worker)
    try:
        while not trainer.ready(0.5):
            pass
        _train(trainer, evil.GOOD)
        return [_measure_misdeeds(trainer, quick), _measure_answers(trainer, quick)]
    finally:
        trainer.close()


def _measure_misdeeds(trainer: WorkerTrainer, quick: bool) -> Figure:
    """Try each ten times or, as the tests try each, two of them."""
    right, slowest, most = 0, 0.0, allowed(_NEXT, quick=quick)
    causes = dict(list(_CAUSES.items())[::3]) if quick else _CAUSES
    misdeeds = list(causes.values()) * (1 if quick else 10)
    for misdeed, expected in misdeeds:
        _until_spare(trainer)
        limits = LimitSettings(trial_seconds=1.0 if misdeed == evil.LOOP else 60.0, trial_megabytes=2000)
        end = _train(trainer, misdeed, limits)
        began = time.monotonic()
        following = _train(trainer, evil.GOOD)
        slowest = max(slowest, time.monotonic() - began)
        state = TrialState.COMPLETE if expected is None else TrialState.FAILED
        right += (end.state, end.reason) == (state, expected) and following.state is TrialState.COMPLETE
    count = len(misdeeds)
    return Figure(
        9,
        "trials that misbehave (" + ", ".join(causes) + "): right cause, next trial soon",
        f"{right} / {count}, next trial done after {slowest:.1f} s at worst",
        f"{count} / {count}, begins within {most:.0f} s",
        right == count and slowest < most,
        count,
        "a loaded second worker was at hand before each",
    )


def _measure_answers(trainer: WorkerTrainer, quick: bool) -> Figure:
    chance = random.Random(0)
    times, worst, most = 4 if quick else 50, 0.0, allowed(_ANSWER, quick=quick)
    for number in range(times):
        _until_spare(trainer)
        asked = ("skip", "stop", "pause")[number % 3]
        worker = ("training", "endless loop", "killed", "standing still")[number % 4]
        trainer.start(_request(evil.LOOP if worker == "endless loop" else evil.GOOD, epochs=1_000_000))
        trainer.reports(chance.uniform(0.05, 0.4))
        if worker in ("killed", "standing still"):
            os.kill(next(trainer.workers).pid, signal.SIGKILL if worker == "killed" else signal.SIGSTOP)
        began = time.monotonic()
        if asked == "pause":  # and then, as the user sees that nothing moves, stop
            trainer.pause()
        trainer.give_up(1, TrialState.SKIPPED if asked == "skip" else TrialState.INTERRUPTED)
        _end(trainer)
        worst = max(worst, time.monotonic() - began)
    return Figure(
        11,
        "seconds until skip, stop, pause are done with a worker that trains, hangs, is killed or stands still, worst",
        f"{worst:.2f}",
        f"< {most:.0f}",
        worst < most,
        times,
    )


def _request(batch_size: int, limits: LimitSettings | None = None, *, epochs: int = 2) -> TrialRequest:
    return TrialRequest(
        trial=1,
        family_name=LINEAR.name,
        values={"learning_rate": 0.01, "batch_size": batch_size, "epochs": epochs, "optimizer": "sgd"},
        seed=1,
        data=DataSettings(),
        split_seed=0,
        limits=limits or LimitSettings(),
    )


def _train(trainer: WorkerTrainer, batch_size: int, limits: LimitSettings | None = None) -> TrialEnded:
    trainer.start(_request(batch_size, limits))
    return _end(trainer)


def _end(trainer: WorkerTrainer) -> TrialEnded:
    while True:
        for report in trainer.reports(0.02):
            if isinstance(report, TrialEnded):
                return report


def _until_spare(trainer: WorkerTrainer) -> None:
    if not trainer.spare_ready:
        _train(trainer, evil.GOOD)  # starts one
    while not trainer.spare_ready:
        time.sleep(0.05)
