"""How evenly the window runs while a study does: `python -m tests.bench.window.running KIND [--page PAGE]`.

KIND: `firehose` (a scripted trainer reports thousands of epochs a second through the real study, store and session),
`tutorial` (the tutorial's study with 60 trials, surrogate in its process), `inline-search` (the same with the surrogate
in the study's thread) or `trials` (a firehose of short trials, thousands of rows). PAGE: `live`, `belief` or
`parameters`, which is open meanwhile.
"""

import argparse
import json
import sys
import time
from typing import Any

import msgspec

from core.events import EpochEnded, TrialEnded, TrialReport, TrialState
from core.parameters import Fixed
from core.phases import Stages
from core.search.searchers import InlineSearcher
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, TrainerKind, tutorial_settings
from core.study.local_engine import SEARCHERS, TRAINERS, LocalEngine
from core.training.request import TrialRequest
from gui.rehearsal.dialog import RehearsalDialog
from tests.bench.window.harness import Bench, spin, spin_until, window_on_screen
from tests.windows import progress_of

RATE = 5000
"""Epochs a second that the firehose reports."""
SECONDS = 12
KINDS = "firehose", "trials", "tutorial", "inline-search"
PAGES = "live", "belief", "parameters"


class Firehose:
    """A trainer whose epochs take a fifth of a millisecond, whatever is asked for."""

    ready_after = 0.0

    def __init__(self) -> None:
        self._request: TrialRequest | None = None
        self._begun = 0.0
        self._epoch = 0
        self._given_up: TrialState | None = None

    @property
    def threads(self) -> int:
        return 0

    def resize(self, workers: int, threads: int = 0) -> None:
        pass

    def ready(self, seconds: float) -> bool:
        return self._request is None

    def start(self, request: TrialRequest) -> None:
        self._request, self._begun, self._epoch, self._given_up = request, time.monotonic(), 0, None

    def reports(self, seconds: float) -> list[TrialReport]:
        """Return what has come up in about 10 ms, as a worker's pipe gives it."""
        assert self._request is not None
        time.sleep(min(seconds, 0.01))
        trial, last = self._request.trial, int(self._request.values["epochs"])
        upto = min(last, int((time.monotonic() - self._begun) * RATE))
        made: list[TrialReport] = [self._ended_epoch(trial, epoch) for epoch in range(self._epoch + 1, upto + 1)]
        self._epoch = upto
        state = self._given_up or (TrialState.COMPLETE if upto == last else None)
        if state is not None:
            objective = self._loss(trial, last) if state is TrialState.COMPLETE else None
            trained = time.monotonic() - self._begun
            made.append(TrialEnded(trial=trial, state=state, epoch=upto, seconds=trained, objective=objective))
            self._request = None
        return made

    def _ended_epoch(self, trial: int, epoch: int) -> EpochEnded:
        loss = self._loss(trial, epoch)
        seconds = epoch / RATE
        return EpochEnded(trial=trial, epoch=epoch, loss=loss, val_loss=1.1 * loss, metrics={}, seconds=seconds)

    def _loss(self, trial: int, epoch: int) -> float:
        rate = self._request.values["learning_rate"] if self._request is not None else 0.1
        return (20 + trial % 7 + 100 * float(rate)) * (1 + 5 / epoch)

    @property
    def stages(self) -> Stages:
        return {}

    def pause(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def give_up(self, trial: int, state: TrialState) -> None:
        self._given_up = state

    def close(self) -> None:
        pass


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.window.running", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--page", choices=PAGES, default=PAGES[0])
    options = parser.parse_args()
    kind = options.kind
    hose = kind in ("firehose", "trials")
    trainers = {TrainerKind.WORKER: Firehose, TrainerKind.INLINE: Firehose} if hose else TRAINERS
    searchers = dict.fromkeys(TrainerKind, InlineSearcher) if kind == "inline-search" else SEARCHERS
    engine = LocalEngine(trainers, searchers)
    with window_on_screen(engine) as bench:
        bench.window.layout_.pages.choose(options.page)
        if not hose:
            _run(bench, _settings("tutorial", trials=10))  # loads the worker
        result = _run(bench, _settings(kind, trials=60))  # 20 are over before the first second is
        engine.close()
    print(json.dumps(result))
    return 0


def _settings(kind: str, trials: int) -> Any:
    settings = tutorial_settings()
    if kind not in ("firehose", "trials"):
        return msgspec.structs.replace(settings, budget=BudgetSettings(trials=trials))
    epochs = 2000 if kind == "firehose" else 20
    ranges = settings.model.ranges | {"epochs": Fixed(epochs)}
    return msgspec.structs.replace(
        settings,
        model=msgspec.structs.replace(settings.model, ranges=ranges),
        budget=BudgetSettings(trials=100_000 // 2, seconds=SECONDS),
        search=SearchSettings(method=SearchMethod.RANDOM),
    )


def _run(bench: Bench, settings: Any) -> dict[str, float]:
    """Run a study; return the gaps after its first second, and the events a second."""
    session = bench.window.session
    bench.window.form.set_settings(settings)
    bench.window.running.start()
    for dialog in bench.window.findChildren(RehearsalDialog):  # the firehose's training is unlike the tutorial's
        dialog.start_button.click()
    spin_until(lambda: session.progress is not None and bool(session.progress.trials), 120)
    spin(1000)
    bench.meter.start()
    began = time.perf_counter()
    before = _events(bench)
    spin_until(lambda: session.job is None, 120)
    seconds = time.perf_counter() - began
    bench.meter.stop()
    events = _events(bench) - before
    return {
        "seconds": seconds,
        "rate": events / seconds,
        "trials": len(progress_of(session).trials),
    } | bench.meter.report()


def _events(bench: Bench) -> int:
    trials = progress_of(bench.window.session).trials.values()
    return sum(len(trial.losses) for trial in trials) + 2 * len(trials)


if __name__ == "__main__":
    sys.exit(main())
