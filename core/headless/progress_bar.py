"""The progress bar of a study that runs without a window."""

import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from tqdm import tqdm

from core.events import (
    BaselinesMeasured,
    DataFileChanged,
    EpochEnded,
    Event,
    StudyEnded,
    StudyNamed,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
    TrialTested,
)
from core.headless.console import moved_in_a_line, plain, waiting
from core.headless.terminal import for_a_bar
from core.phases import RELOAD_INTERVAL, Phase
from core.progress import StudyProgress, folded
from core.study.control import StudyControl, StudyPhase
from core.study.under_way import UnderWay
from core.words.data_changes import data_change_in_words
from core.words.going_on import best_in_a_line, phase_in_a_line

log = logging.getLogger(__name__)

_TICK = 1.0
"""Seconds between two looks, in a terminal, at what the trials do that report nothing."""
_PHASES = {
    StudyPhase.WARMING: Phase.STARTING,
    StudyPhase.BLOCKED: Phase.BLOCKED,
    StudyPhase.HELD: Phase.HELD,
}
"""The phases in which a study does not train."""


class ProgressBar:
    """A progress bar on standard error, fed with the study's events, which it folds into `progress`.

    Once it has begun, it also tells in a terminal between two events what a long trial does, from a thread of its own.
    """

    def __init__(self, progress: StudyProgress | None) -> None:
        self.progress = progress
        total = None if progress is None else progress.budget
        self._phase = Phase.STARTING
        doing = phase_in_a_line(self._phase)
        self._stream = for_a_bar(sys.stderr)
        self._bar = tqdm(unit="trial", desc=doing, total=total, file=self._stream, dynamic_ncols=True)
        self._under_way = UnderWay()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._ticking: threading.Thread | None = None

    def publish(self, events: Sequence[Event]) -> None:
        with self._lock:
            for event in events:
                self.progress = folded(self.progress, event)
                self._under_way.take(event)
                self._show(event, self.progress)
            best = best_in_a_line(self.progress)
            if best:
                self._bar.set_postfix_str(plain(best), refresh=False)

    def look(self, control: StudyControl) -> None:
        """Tell what the study does now."""
        with self._lock:
            self._under_way.look(control)
            phase = _PHASES.get(control.phase, Phase.RUNNING)
            doing = phase_in_a_line(phase, self.progress, self._under_way.doing)
            self._bar.set_description(doing, refresh=True)

    def _tick(self, control: StudyControl) -> None:
        """Look at the study until it is over; a fault ends that, and neither the study nor the bar."""
        try:
            while not self._over.wait(_TICK):
                self.look(control)
        except Exception:
            log.info("The progress bar no longer tells what happens between two events", exc_info=True)

    def _show(self, event: Event, progress: StudyProgress) -> None:
        match event:
            case StudyStarted():
                self._show_count(progress)
            case StudyResumed():
                self._show_count(progress)
                if event.caveat:
                    self._say(event.caveat)
            case TrialStarted():
                self._end_loading(progress)
            case TrialEnded():
                self._bar.update()
                self._tell_failure(event)
            case StudyEnded():
                self._bar.refresh()
            case DataFileChanged():
                self._say(data_change_in_words(progress, event.change))
            case EpochEnded() | BaselinesMeasured() | TrialTested() | StudyNamed():
                pass
            case _:
                assert_never(event)

    def _end_loading(self, progress: StudyProgress) -> None:
        if self._phase is Phase.STARTING:
            self._phase = Phase.RUNNING
            self._bar.set_description(phase_in_a_line(self._phase), refresh=False)
            self._show_count(progress)  # anew, so that loading does not count in the time per trial

    def _show_count(self, progress: StudyProgress) -> None:
        self._bar.reset(total=progress.budget)
        self._bar.initial = len(progress.finished)
        self._bar.update(self._bar.initial)

    def _tell_failure(self, event: TrialEnded) -> None:
        if event.state is TrialState.FAILED:
            self._say(f"Trial {event.trial} failed: {event.message}")

    def make_control(self) -> StudyControl:
        """Return the control of a study that tells its troubles here, and that nobody watches."""
        return StudyControl(self.tell_trouble, self.tell_moved, retry_after=RELOAD_INTERVAL)

    def begin(self, control: StudyControl) -> None:
        """Tell from now on, in a terminal, what the study does between two events."""
        if self._stream.isatty():
            self._ticking = threading.Thread(target=self._tick, args=(control,), name="progress-bar", daemon=True)
            self._ticking.start()

    def tell_trouble(self, phase: StudyPhase, trouble: str) -> None:
        self._bar.write(waiting(phase, trouble), file=self._stream)

    def tell_moved(self, path: Path) -> None:
        self._bar.write(moved_in_a_line(path), file=self._stream)

    def _say(self, sentence: str) -> None:
        self._bar.write(plain(sentence), file=self._stream)

    def close(self) -> None:
        self._over.set()
        if self._ticking is not None:
            self._ticking.join()
        self._bar.close()
