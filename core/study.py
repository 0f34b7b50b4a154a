"""The study: ask for a point, train it, record and publish what happens, tell the search; exactly one end."""

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata

import numpy as np

from core import VERSION
from core.control import StudyControl, StudyPhase
from core.errors import AfinaError, StoreError
from core.events import (
    EpochEnded,
    Event,
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
from core.store import Store
from core.trainers.trainer import Trainer
from core.training_request import TrialRequest

Publish = Callable[[Sequence[Event]], None]

LOOK_INTERVAL = 0.02
"""Seconds between two looks at what the user asks for."""
_PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "scikit-optimize", "scikit-learn", "numpy", "scipy")


class Study:
    """Runs one study in the calling thread.

    `publish` gets every event, in order, after the store has it. What the user asks for comes in by `control`, and
    how far the study is goes out by its `phase`. Trainer and searcher stay the caller's to close.
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

    def start(self, settings: StudySettings) -> StudyEnded:
        """Run a new study; return how it ended. Raises AfinaError when it cannot go on."""
        self._record([StudyStarted(settings=settings, time=time.time(), versions=installed_versions())])
        return self._run()

    def resume(self, events: Sequence[Event], trials: int) -> StudyEnded:
        """Go on with the study that the events tell of, up to `trials` in all. Raises AfinaError."""
        for event in events:
            self._take(event)
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
        self._control.phase = StudyPhase.WARMING
        while not self._trainer.ready(LOOK_INTERVAL):
            if self._control.stop_asked:
                return self._end(StudyEnd.STOPPED)
        while True:
            if self._control.stop_asked:
                return self._end(StudyEnd.STOPPED)
            if len(self._progress.finished) >= self._progress.budget:
                return self._end(StudyEnd.FINISHED)
            begun = self._next_trial()
            if begun is None:
                return self._end(StudyEnd.STOPPED if self._control.stop_asked else StudyEnd.EXHAUSTED)
            self._train(begun)
            if self._whole_design_failed():
                return self._end(StudyEnd.FAILED)

    # One trial

    def _next_trial(self) -> TrialStarted | None:
        """Return the trial to train next; None when there is none or a stop came first."""
        again = self._progress.unfinished()
        if again is not None:
            return self._begun[again.number]
        number = len(self._progress.trials) + 1
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
        )

    def _propose(self, number: int) -> Proposal | None:
        """Return the search's proposal; None when a stop came first."""
        self._control.phase = StudyPhase.PROPOSING
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
        while not self._control.stop_asked:
            proposal = self._searcher.answer(LOOK_INTERVAL)
            if proposal is not None:
                return self._hold(proposal)
            if self._control.pause_asked:
                self._control.phase = StudyPhase.PAUSED
        return None

    def _hold(self, proposal: Proposal) -> Proposal | None:
        """Keep the proposal while the study is paused."""
        while self._control.pause_asked and not self._control.stop_asked:
            self._control.phase = StudyPhase.PAUSED
            self._control.wait(LOOK_INTERVAL)
        return None if self._control.stop_asked else proposal

    def _train(self, begun: TrialStarted) -> None:
        settings = self._settings
        self._record([begun])
        self._control.phase = StudyPhase.TRAINING
        self._trainer.start(
            TrialRequest(
                trial=begun.trial,
                family=settings.model.family,
                values=begun.values,
                seed=begun.seed,
                data=settings.data,
                split_seed=settings.seed,
            )
        )
        paused = given_up = False
        while True:
            reports = self._trainer.reports(LOOK_INTERVAL)
            if reports:
                self._take_reports(reports)
                if isinstance(reports[-1], TrialEnded):
                    return
            if given_up:
                continue
            if self._control.stop_asked or self._control.skip_asked == begun.trial:
                stopped = self._control.stop_asked
                self._trainer.give_up(TrialState.INTERRUPTED if stopped else TrialState.SKIPPED)
                given_up = True
            elif self._control.pause_asked is not paused:
                paused = self._control.pause_asked
                if paused:
                    self._trainer.pause()
                else:
                    self._trainer.resume()
                self._control.phase = StudyPhase.PAUSED if paused else StudyPhase.TRAINING

    def _take_reports(self, reports: Sequence[TrialReport]) -> None:
        # That a trial was interrupted follows from its missing end: it will run again when the study is resumed.
        self._record([r for r in reports if isinstance(r, EpochEnded) or r.state is not TrialState.INTERRUPTED])

    # The record

    @property
    def _settings(self) -> StudySettings:
        assert self._progress.settings is not None
        return self._progress.settings

    def _record(self, events: Sequence[Event]) -> None:
        """Disk before screen: the store has every event before anybody sees it."""
        if not events:
            return
        self._store.record(events)
        for event in events:
            self._take(event)
        self._publish(events)

    def _take(self, event: Event) -> None:
        self._progress.apply(event)
        if isinstance(event, TrialStarted):
            self._begun[event.trial] = event

    def _whole_design_failed(self) -> bool:
        """Whether no trial of this run's initial design came to a result, so that there is nothing to learn from."""
        search = self._settings.search
        trials = self._progress.trials
        return (
            search.method is SearchMethod.BAYESIAN
            and len(trials) == search.initial_points
            and all(trial.state is TrialState.FAILED for trial in trials.values())
        )

    def _end(self, reason: StudyEnd) -> StudyEnded:
        return StudyEnded(reason=reason, message=self._end_message(reason), time=time.time())

    def _end_message(self, reason: StudyEnd) -> str:
        progress = self._progress
        if reason is StudyEnd.FAILED:
            return advice_on_failures(progress)
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
            case _:
                return f"Finished {done} trials.{found}"


def advice_on_failures(progress: StudyProgress) -> str:
    """Return a sentence on what to change when every trial failed."""
    settings = progress.settings
    failed = [trial for trial in progress.trials.values() if trial.state is TrialState.FAILED]
    count = f"All {len(failed)} trials" if len(failed) > 1 else "The only trial"
    last = failed[-1].message if failed else ""
    diverged = bool(failed) and all(trial.reason == "diverged" for trial in failed)
    if not diverged or settings is None:
        return f"{count} failed, so there is nothing to learn from. The last one said: {last}."
    if not settings.data.standardise:
        return f"{count} diverged. Switch “Standardise the features” on, or lower the learning rate's range."
    return f"{count} diverged. Lower the learning rate's range, or choose another optimiser."


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
        return Observation(values, trial.val_losses[-1])  # as far as it got
    return Observation(values, trial.objective)
