"""The progress bar of a study that runs without a window."""

import sys
from collections.abc import Sequence
from typing import assert_never

from tqdm import tqdm

from core.events import (
    EpochEnded,
    Event,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
    TrialTested,
)
from core.formatting import format_number
from core.headless.console import plain, waiting
from core.progress import StudyProgress, folded


class ProgressBar:
    """A progress bar on standard error, fed with the study's events, which it folds into `progress`."""

    def __init__(self, progress: StudyProgress | None) -> None:
        self.progress = progress
        total = None if progress is None else progress.budget
        self._bar = tqdm(unit="trial", desc="Loading TensorFlow", total=total, file=sys.stderr, dynamic_ncols=True)
        self._loading = True

    def publish(self, events: Sequence[Event]) -> None:
        for event in events:
            self.progress = folded(self.progress, event)
            self._show(event, self.progress)
        if self.progress is not None:
            self._show_best(self.progress)

    def _show(self, event: Event, progress: StudyProgress) -> None:
        match event:
            case StudyStarted() | StudyResumed():
                self._show_count(progress)
            case TrialStarted():
                self._end_loading(progress)
            case TrialEnded():
                self._bar.update()
                self._tell_failure(event)
            case StudyEnded():
                self._bar.refresh()
            case EpochEnded() | TrialTested():
                pass
            case _:
                assert_never(event)

    def _show_best(self, progress: StudyProgress) -> None:
        best = progress.best
        if best is not None and best.objective is not None:
            words = f"best {progress.objective.name} {format_number(best.objective)} (trial {best.number})"
            self._bar.set_postfix_str(words, refresh=False)

    def _end_loading(self, progress: StudyProgress) -> None:
        if self._loading:
            self._loading = False
            self._bar.set_description("Trials", refresh=False)
            self._show_count(progress)  # anew, so that loading does not count in the time per trial

    def _show_count(self, progress: StudyProgress) -> None:
        self._bar.reset(total=progress.budget)
        self._bar.initial = len(progress.finished)
        self._bar.update(self._bar.initial)

    def _tell_failure(self, event: TrialEnded) -> None:
        if event.state is TrialState.FAILED:
            self._bar.write(f"Trial {event.trial} failed: {plain(event.message)}", file=sys.stderr)

    def tell_trouble(self, sentence: str) -> None:
        self._bar.write(waiting(sentence), file=sys.stderr)

    def close(self) -> None:
        self._bar.close()
