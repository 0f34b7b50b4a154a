"""The study: ask for a point, train it, record and publish what happens, tell the search; exactly one end."""

import math
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata

import msgspec
import numpy as np

from core import VERSION
from core.clock import ActiveClock
from core.control import StudyControl, StudyPhase
from core.errors import AfinaError, StoreBlocked, StoreError
from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialReport,
    TrialStarted,
    TrialState,
)
from core.formatting import format_number
from core.parameters import Fixed
from core.progress import StudyProgress, TrialProgress
from core.search.request import Observation, Proposal, ProposalRequest, Searcher
from core.settings import SearchMethod, StudySettings
from core.store.writer import Store
from core.trainers.trainer import Trainer
from core.training_request import TrialRequest

Publish = Callable[[Sequence[Event]], None]

LOOK_INTERVAL = 0.02
"""Seconds between two looks at what the user asks for."""
RETRY_INTERVAL = 5.0
"""Seconds after which a study file that could not be written is tried again."""
LAST_TRIES = 1.0
"""Seconds for which a study that is asked to end tries to write what is not in its file yet."""
_PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "scikit-optimize", "scikit-learn", "numpy", "scipy")


class Study:
    """Runs one study in the calling thread.

    `publish` gets every event, in order, after the store has it. What the user asks for comes in by `control`, and
    how far the study is goes out by its `phase`. Trainer and searcher stay the caller's to close.

    While the study file cannot be written (full disk, file moved away) the study stands still, with nothing lost, and
    goes on by itself when it can be written again, or when the user names another file.
    """

    def __init__(
        self, store: Store, trainer: Trainer, searcher: Searcher, publish: Publish, control: StudyControl
    ) -> None:
        self._store = store
        self._trainer = trainer
        self._searcher = searcher
        self._publish = publish
        self._control = control
        self._progress = StudyProgress()
        self._begun: dict[int, TrialStarted] = {}
        self._clock = ActiveClock()
        self._failures = 0
        self._target_reached = False
        self._giving_up_at: float | None = None
        control.path = store.path

    def start(self, first: StudyStarted) -> StudyEnded:
        """Run a new study, whose start is in the store already; return how it ended.

        Raises AfinaError when it cannot go on.
        """
        self._take(first)
        self._publish([first])
        return self._run()

    def resume(self, events: Sequence[Event], trials: int) -> StudyEnded:
        """Go on with the study that the events tell of, up to `trials` in all. Raises AfinaError."""
        for event in events:
            self._take(event)
        self._failures, self._target_reached = 0, False
        self._record([StudyResumed(time=time.time(), trials=trials)])
        return self._run()

    def _run(self) -> StudyEnded:
        try:
            end = self._loop()
        except StoreError:
            raise  # nothing more can be recorded
        except AfinaError as error:
            self._record([StudyEnded(reason=StudyEnd.FAILED, message=str(error), time=time.time())])
            raise
        finally:
            self._control.phase = StudyPhase.ENDED
        self._record([end])
        return end

    def _loop(self) -> StudyEnded:
        self._enter(StudyPhase.WARMING)
        while not self._trainer.ready(LOOK_INTERVAL):
            if self._control.end_asked is not None:
                return self._end(self._control.end_asked)
            self._enter(StudyPhase.PAUSED if self._control.pause_asked else StudyPhase.WARMING)
        while True:
            reason = self._reason_to_end()
            if reason is not None:
                return self._end(reason)
            begun = self._next_trial()
            if begun is None:
                return self._end(self._reason_to_stop() or StudyEnd.EXHAUSTED)
            self._train(begun)

    def _reason_to_end(self) -> StudyEnd | None:
        """Return why no other trial is to begin, if there is a reason."""
        if self._target_reached:
            return StudyEnd.TARGET_REACHED
        if len(self._progress.finished) >= self._progress.budget:
            return StudyEnd.FINISHED
        if self._failures >= self._settings.limits.failures_in_a_row:
            return StudyEnd.PAUSED
        return self._reason_to_stop()

    def _reason_to_stop(self) -> StudyEnd | None:
        """Return why to leave off at once, whatever is under way, if there is a reason."""
        limit = self._settings.budget.seconds
        if self._control.end_asked is None and limit is not None and self._clock.seconds >= limit:
            return StudyEnd.TIME_UP
        return self._control.end_asked

    def _enter(self, phase: StudyPhase) -> None:
        """Count the time of the phase until now, if it is work, and show the next one."""
        self._clock.tick(running=self._control.phase in (StudyPhase.PROPOSING, StudyPhase.TRAINING))
        self._control.phase = phase

    # One trial

    def _next_trial(self) -> TrialStarted | None:
        """Return the trial to train next; None when there is none or a stop came first."""
        again = self._progress.unfinished()
        if again is not None:
            return self._begun[again.number]
        number = max(self._progress.trials, default=0) + 1
        proposal = self._propose(number)
        if proposal is None or proposal.point is None:
            return None
        ranges = self._settings.model.ranges
        fixed = {
            parameter.name: parameter.plain(given.value)
            for parameter in self._settings.family.parameters
            if isinstance(given := ranges[parameter.name], Fixed)
        }
        values = fixed | proposal.point
        return TrialStarted(
            trial=number,
            values={name: values[name] for name in ranges},
            seed=trial_seed(self._settings.seed, number),
            origin=proposal.origin,
            hedge=proposal.hedge,
            belief=proposal.belief,
        )

    def _propose(self, number: int) -> Proposal | None:
        """Return the search's proposal; None when a stop came first."""
        self._enter(StudyPhase.PROPOSING)
        varied = self._settings.varied
        previous = self._begun.get(number - 1)
        self._searcher.ask(
            ProposalRequest(
                ranges=varied,
                search=self._settings.search,
                seed=self._settings.seed,
                number=number,
                observations=tuple(_observation(trial, varied) for trial in self._progress.trials.values()),
                hedge=previous.hedge if previous is not None else None,
            )
        )
        while self._reason_to_stop() is None:
            proposal = self._searcher.answer(LOOK_INTERVAL)
            if proposal is not None:
                return self._hold(proposal)
            self._enter(StudyPhase.PAUSED if self._control.pause_asked else StudyPhase.PROPOSING)
        return None

    def _hold(self, proposal: Proposal) -> Proposal | None:
        """Keep the proposal while the study is paused."""
        while self._control.pause_asked and self._reason_to_stop() is None:
            self._enter(StudyPhase.PAUSED)
            self._control.wait(LOOK_INTERVAL)
        return proposal if self._reason_to_stop() is None else None

    def _train(self, begun: TrialStarted) -> None:
        settings = self._settings
        self._record([begun])
        self._enter(StudyPhase.TRAINING)
        self._trainer.start(
            TrialRequest(
                trial=begun.trial,
                family=settings.model.family,
                values=begun.values,
                seed=begun.seed,
                data=settings.data,
                split_seed=settings.seed,
                limits=settings.limits,
            )
        )
        paused = given_up = False
        self._unsound = ""
        while True:
            reports = self._trainer.reports(LOOK_INTERVAL)
            if reports:
                self._take_reports(reports)
                if isinstance(reports[-1], TrialEnded):
                    return
            self._enter(StudyPhase.PAUSED if paused else StudyPhase.TRAINING)
            if given_up:
                continue
            stopping = self._reason_to_stop() is not None
            if stopping or self._control.skip_asked == begun.trial:
                self._trainer.give_up(TrialState.INTERRUPTED if stopping else TrialState.SKIPPED)
                given_up = True
            elif self._control.pause_asked is not paused:
                paused = self._control.pause_asked
                if paused:
                    self._trainer.pause()
                else:
                    self._trainer.resume()

    def _take_reports(self, reports: Sequence[TrialReport]) -> None:
        sound = [sound for report in reports if (sound := self._sound(report)) is not None]
        # That a trial was interrupted follows from its missing end: it will run again when the study is resumed.
        self._record([r for r in sound if isinstance(r, EpochEnded) or r.state is not TrialState.INTERRUPTED])

    def _sound(self, report: TrialReport) -> TrialReport | None:
        """Let only numbers that can be computed with into the record and the search; whatever else fails the trial."""
        if isinstance(report, EpochEnded):
            if not _finite(report.loss) or not _finite(report.val_loss):
                self._unsound = self._unsound or f"The loss became {report.val_loss!r} in epoch {report.epoch}"
            if self._unsound:
                return None
            return msgspec.structs.replace(
                report, metrics={name: value for name, value in report.metrics.items() if _finite(value)}
            )
        if report.state is TrialState.COMPLETE and not _finite(report.objective):
            self._unsound = self._unsound or f"The result is {report.objective!r}, which is not a finite number"
        if self._unsound and report.state is TrialState.COMPLETE:
            return TrialEnded(
                trial=report.trial,
                state=TrialState.FAILED,
                epoch=report.epoch,
                seconds=report.seconds,
                reason=FailureReason.DIVERGED,
                message=self._unsound,
            )
        return report

    # The record

    @property
    def _settings(self) -> StudySettings:
        assert self._progress.settings is not None
        return self._progress.settings

    def _record(self, events: Sequence[Event]) -> None:
        """Disk before screen: the store has every event before anybody sees it."""
        if not events:
            return
        while True:
            try:
                self._store.record(events)
                self._control.unblock()
                break
            except StoreBlocked as error:
                self._wait_for_store(error)
        for event in events:
            self._take(event)
        self._publish(events)

    def _wait_for_store(self, error: StoreBlocked) -> None:
        """Stand still until the file is worth another try; raise the error when the user gives the study up."""
        before = self._control.phase
        self._enter(StudyPhase.BLOCKED)
        self._control.block(str(error))
        if before is StudyPhase.TRAINING:
            self._trainer.pause()
        deadline = time.monotonic() + RETRY_INTERVAL
        while time.monotonic() < deadline and not self._control.take_retry():
            if self._control.end_asked is not None:
                self._giving_up_at = self._giving_up_at or time.monotonic() + LAST_TRIES
                if time.monotonic() > self._giving_up_at:
                    raise error
                self._control.wait(5 * LOOK_INTERVAL)
                break
            target = self._control.take_target()
            if target is not None:
                try:
                    self._store.move_to(target)
                except StoreError as moving:
                    self._control.block(f"{error}. Not there either: {moving}")
                    deadline = time.monotonic() + RETRY_INTERVAL
                    continue
                self._control.path = target
                break
            self._control.wait(LOOK_INTERVAL)
        if before is StudyPhase.TRAINING:
            self._trainer.resume()
        self._enter(before)

    def _take(self, event: Event) -> None:
        self._progress.apply(event)
        if isinstance(event, TrialStarted):
            self._begun[event.trial] = event
        elif isinstance(event, TrialEnded):
            self._failures = self._failures + 1 if event.state is TrialState.FAILED else 0
            target = self._settings.budget.target
            if target is not None and event.objective is not None and event.objective <= target:
                self._target_reached = True

    def _end(self, reason: StudyEnd) -> StudyEnded:
        return StudyEnded(reason=reason, message=self._end_message(reason), time=time.time())

    def _end_message(self, reason: StudyEnd) -> str:
        progress = self._progress
        done = len(progress.finished)
        best = progress.best
        if best is not None and best.objective is not None:
            found = f" Best objective {format_number(best.objective)} at trial {best.number}."
        elif progress.trials and progress.count(TrialState.FAILED) == len(progress.trials):
            found = " " + advice_on_failures(progress)
        else:
            found = ""
        match reason:
            case StudyEnd.EXHAUSTED:
                grid = self._settings.search.method is SearchMethod.GRID
                return f"All {done} points of the {'grid' if grid else 'search space'} have been tried.{found}"
            case StudyEnd.STOPPED:
                return f"Stopped after {done} of {progress.budget} trials.{found}"
            case StudyEnd.TIME_UP:
                return f"The time is up after {done} of {progress.budget} trials.{found}"
            case StudyEnd.TARGET_REACHED:
                return f"The target was reached after {done} of {progress.budget} trials.{found}"
            case StudyEnd.PAUSED if self._failures >= self._settings.limits.failures_in_a_row:
                every = best is None and found
                why = found if every else f" {last_failure(progress)}{found}"
                return f"Paused: {_times(self._failures)} in a row.{why}"
            case StudyEnd.PAUSED:
                return f"Paused after {done} of {progress.budget} trials.{found}"
            case _:
                return f"Finished {done} trials.{found}"


def advice_on_failures(progress: StudyProgress) -> str:
    """Return a sentence on what to change when every trial failed."""
    settings = progress.settings
    failed = [trial for trial in progress.trials.values() if trial.state is TrialState.FAILED]
    count = f"All {len(failed)} trials" if len(failed) > 1 else "The only trial"
    diverged = bool(failed) and all(trial.reason is FailureReason.DIVERGED for trial in failed)
    if not diverged or settings is None:
        return f"{count} failed, so there is nothing to learn from. {last_failure(progress)}"
    if not settings.data.standardise:
        return f"{count} diverged. Switch “Standardise the features” on, or lower the learning rate's range."
    return f"{count} diverged. Lower the learning rate's range, or choose another optimiser."


def last_failure(progress: StudyProgress) -> str:
    """Return a sentence on what the last failed trial said."""
    said = next((t.message for t in reversed(progress.trials.values()) if t.state is TrialState.FAILED), "")
    return f"The last one said: {said.rstrip('.')}."


def _times(failures: int) -> str:
    return "A trial failed" if failures == 1 else f"{failures} trials failed"


def _finite(number: object) -> bool:
    return isinstance(number, float | int) and math.isfinite(number)


def study_started(settings: StudySettings) -> StudyStarted:
    """Return the event with which a new study begins."""
    return StudyStarted(settings=settings, time=time.time(), versions=installed_versions())


def trial_seed(study_seed: int, number: int) -> int:
    """Return the seed of a trial's first weights and row order: one of its own, fixed by the study's."""
    return int(np.random.SeedSequence([study_seed, number]).generate_state(1)[0] >> 1)


def installed_versions() -> dict[str, str]:
    """Return the versions on which a study's numbers may depend."""
    versions = {"afina": VERSION, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _observation(trial: TrialProgress, varied: Mapping[str, object]) -> Observation:
    values = {name: trial.values[name] for name in varied}
    if trial.state is TrialState.SKIPPED and trial.val_losses:
        return Observation(trial.number, values, trial.val_losses[-1])  # as far as it got
    return Observation(trial.number, values, trial.objective)
