"""The progress bar of a study that runs without a window."""

import sys
from collections.abc import Sequence

from tqdm import tqdm

from core.events import Event, StudyEnded, StudyResumed, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.formatting import format_number
from core.headless.console import plain, waiting
from core.progress import StudyProgress


class ProgressBar:
    """A progress bar on standard error, fed with the study's events, which it folds into `progress`."""

    def __init__(self, progress: StudyProgress) -> None:
        self.progress = progress
        self._bar = tqdm(
            unit="trial", desc="Loading TensorFlow", total=progress.budget or None, file=sys.stderr, dynamic_ncols=True
        )
        self._loading = True

    def publish(self, events: Sequence[Event]) -> None:
        for event in events:
            self.progress.apply(event)
            match event:
                case StudyStarted() | StudyResumed():
                    self._show_count()
                case TrialStarted() if self._loading:
                    self._loading = False
                    self._bar.set_description("Trials", refresh=False)
                    self._show_count()  # anew, so that loading does not count in the time per trial
                case TrialEnded():
                    self._bar.update()
                    self._tell_failure(event)
                case StudyEnded():
                    self._bar.refresh()
        best = self.progress.best
        if best is not None and best.objective is not None:
            self._bar.set_postfix_str(
                f"best {self.progress.objective.name} {format_number(best.objective)} (trial {best.number})",
                refresh=False,
            )

    def _show_count(self) -> None:
        self._bar.reset(total=self.progress.budget)
        self._bar.initial = len(self.progress.finished)
        self._bar.update(self._bar.initial)

    def _tell_failure(self, event: TrialEnded) -> None:
        if event.state is TrialState.FAILED:
            self._bar.write(f"Trial {event.trial} failed: {plain(event.message)}", file=sys.stderr)

    def tell_trouble(self, sentence: str) -> None:
        self._bar.write(waiting(sentence), file=sys.stderr)

    def close(self) -> None:
        self._bar.close()
