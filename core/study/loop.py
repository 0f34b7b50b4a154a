"""The study: ask for points, train them, record and publish what happens, tell the search; exactly one end."""

import math
import platform
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata

import msgspec

from core import VERSION
from core.clock import ActiveClock
from core.datasets.fingerprint import Fingerprint
from core.errors import AfinaError, DataChanged, StoreError
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
from core.parameters import Value
from core.progress import StudyProgress, folded
from core.search.proposal import Belief, Observation, Proposal, ProposalRequest, Searcher, needs_results
from core.settings import StudySettings
from core.store.writer import Store
from core.study.control import StudyControl, StudyPhase
from core.study.recorder import Recorder
from core.trainers.trainer import Trainer
from core.training.request import trial_request, trial_seed
from core.trial_progress import TrialProgress
from core.words.ends import end_in_words

Publish = Callable[[Sequence[Event]], None]

LOOK_INTERVAL = 0.02
"""Seconds between two looks at what the user asks for."""
_PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "scikit-optimize", "scikit-learn", "numpy", "scipy")


@dataclass
class _Attempt:
    """A trial that is being trained. `unsound` says which of its numbers cannot be computed with."""

    given_up: bool = False
    unsound: str = ""


class Study:
    """Runs one study in the calling thread: as many trials at once as the trainer takes.

    A trainer that is free gets the next point at once; the search is told which points are still under way. With one
    trial at a time the points follow from settings and seed alone; with several also from the order in which trials
    happened to end, which is the order of the record.

    `publish` gets every event, in order, after the store has it. What the user asks for comes in by `control`, and
    how far the study is goes out by its `phase`. Trainer and searcher stay the caller's to close.

    While the study file cannot be written (full disk, file moved away) the study stands still, with nothing lost, and
    goes on by itself when it can be written again, or when the user names another file.
    """

    def __init__(
        self, store: Store, trainer: Trainer, searcher: Searcher, publish: Publish, control: StudyControl
    ) -> None:
        self._recorder = Recorder(store, control, self._standing_still)
        self._trainer = trainer
        self._searcher = searcher
        self._publish = publish
        self._control = control
        self._folded: StudyProgress | None = None
        self._begun: dict[int, TrialStarted] = {}
        self._last_number = 0
        self._again: deque[int] = deque()
        """Trials that were interrupted and are to run again, before any other."""
        self._under_way: dict[int, _Attempt] = {}
        self._asked: int | None = None
        """The number of the trial for which the search was asked, until that trial begins."""
        self._proposal: Proposal | None = None
        self._exhausted = False
        self._paused = False
        self._clock = ActiveClock()
        self._failures = 0
        self._target_reached = False

    def start(self, first: StudyStarted) -> StudyEnded:
        """Run a new study, whose start is in the store already; return how it ended.

        Raises AfinaError when it cannot go on.
        """
        self._take(first)
        self._publish([first])
        return self._run()

    def resume(self, events: Sequence[Event], trials: int, data: Fingerprint | None = None) -> StudyEnded:
        """Go on with the study that the events tell of, up to `trials` in all. Raises AfinaError.

        `data` is the fingerprint of its data file if that has changed and the user accepted it.
        """
        for event in events:
            self._take(event)
        self._failures, self._target_reached = 0, False
        self._record([StudyResumed(time=time.time(), trials=trials, data=data)])
        self._again.extend(self._progress.interrupted())
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
        while (reason := self._reason_to_end()) is None:
            self._follow_pause()
            if not self._paused:
                self._begin_trials()
            self._wait_for_news()
            self._skip_trials()
        self._interrupt_trials()
        message = end_in_words(self._progress, reason, self._failures)
        return StudyEnded(reason=reason, message=message, time=time.time())

    def _reason_to_end(self) -> StudyEnd | None:
        """Return why to leave off, whatever is under way, if there is a reason."""
        if self._target_reached:
            return StudyEnd.TARGET_REACHED
        if len(self._progress.finished) >= self._progress.budget:
            return StudyEnd.FINISHED
        if self._failures >= self._settings.limits.failures_in_a_row:
            return StudyEnd.PAUSED
        if self._exhausted and not self._under_way:
            return StudyEnd.EXHAUSTED
        limit = self._settings.budget.seconds
        if self._control.end_asked is None and limit is not None and self._clock.seconds >= limit:
            return StudyEnd.TIME_UP
        return self._control.end_asked

    def _enter(self, phase: StudyPhase) -> None:
        """Count the time of the phase until now, if it is work, and show the next one."""
        self._tick()
        self._control.phase = phase

    def _tick(self) -> None:
        self._clock.tick(running=self._control.phase in (StudyPhase.PROPOSING, StudyPhase.TRAINING))

    def _wait_for_news(self) -> None:
        """Wait a moment for what has to come next: reports of trials, else a trainer, else a proposal."""
        if self._under_way:
            self._enter(StudyPhase.PAUSED if self._paused else StudyPhase.TRAINING)
            self._take_reports(self._trainer.reports(LOOK_INTERVAL))
        elif self._paused:
            self._enter(StudyPhase.PAUSED)
            self._control.wait(LOOK_INTERVAL)
        elif not self._trainer.ready(0):
            self._enter(StudyPhase.WARMING)
            self._trainer.ready(LOOK_INTERVAL)
        elif self._asked is not None and self._proposal is None:
            self._enter(StudyPhase.PROPOSING)
            self._proposal = self._searcher.answer(LOOK_INTERVAL)

    # Trials

    def _begin_trials(self) -> None:
        """Begin as many trials as the trainer takes now and the search has points for."""
        while self._is_another_wanted() and self._trainer.ready(0):
            begun = self._next_trial()
            if begun is None:
                return
            self._begin(begun)
        if self._is_another_wanted() and not self._again and not needs_results(self._settings.search, self._number):
            self._ask()  # the answer is here when it is wanted

    def _is_another_wanted(self) -> bool:
        return not self._exhausted and len(self._progress.finished) + len(self._under_way) < self._progress.budget

    @property
    def _number(self) -> int:
        """The number that the next new trial gets."""
        return self._last_number + 1

    def _next_trial(self) -> TrialStarted | None:
        """Return the trial to train next; None while the search has no point, or when there are no more."""
        if self._again:
            return self._begun[self._again.popleft()]
        self._ask()
        if self._proposal is None and self._under_way:
            self._proposal = self._searcher.answer(0)
        if self._proposal is None:
            return None
        proposal, self._proposal, self._asked = self._proposal, None, None
        if proposal.point is None:
            self._exhausted = True
            return None
        return self._trial_at(proposal, proposal.point)

    def _trial_at(self, proposal: Proposal, point: Mapping[str, Value]) -> TrialStarted:
        return TrialStarted(
            trial=self._number,
            values=self._settings.model.values_at(point),
            seed=trial_seed(self._settings.seed, self._number),
            origin=proposal.origin,
            hedge=proposal.hedge,
            belief=self._in_own_unit(proposal.belief),
        )

    def _in_own_unit(self, belief: Belief | None) -> Belief | None:
        """Return what the search believes, which knows costs only, of the objective itself."""
        if belief is None:
            return None
        return msgspec.structs.replace(belief, mean=self._settings.objective.cost(belief.mean))

    def _ask(self) -> None:
        """Ask the search for the next point, unless it was asked already."""
        if self._asked is not None:
            return
        self._asked = number = self._number
        varied, space = self._settings.varied, self._settings.model.space
        previous = self._begun.get(number - 1)
        trials = self._progress.trials.values()
        self._searcher.ask(
            ProposalRequest(
                ranges=space.given,
                search=self._settings.search,
                seed=self._settings.seed,
                number=number,
                observations=tuple(self._observation(trial) for trial in trials if trial.has_ended),
                pending=tuple(_varied_values(trial, varied) for trial in trials if not trial.has_ended),
                hedge=previous.hedge if previous is not None else None,
                conditions=space.conditions,
                rules=space.rules,
            )
        )

    def _observation(self, trial: TrialProgress) -> Observation:
        """Return what the search learns of a trial that ended; it makes costs as low as it can."""
        objective, wanted = trial.objective, self._settings.objective
        course = trial.course(wanted.metric)
        if trial.state is TrialState.SKIPPED and course:
            objective = wanted.of(course)  # as far as it got
        cost = None if objective is None else wanted.cost(objective)
        return Observation(trial.number, _varied_values(trial, self._settings.varied), cost)

    def _begin(self, begun: TrialStarted) -> None:
        self._record([begun])
        self._under_way[begun.trial] = _Attempt()
        settings = self._progress.settings_of(self._progress.trials[begun.trial])
        self._trainer.start(trial_request(settings, begun.trial, begun.values, begun.seed))

    def _follow_pause(self) -> None:
        """Let the trials stand still, or go on, as the user asks."""
        if self._control.pause_asked is not self._paused:
            self._paused = self._control.pause_asked
            if self._paused:
                self._trainer.pause()
            else:
                self._trainer.resume()

    def _skip_trials(self) -> None:
        for number in self._under_way.keys() & self._control.skips:
            self._give_up(number, TrialState.SKIPPED)

    def _interrupt_trials(self) -> None:
        """Give up what is under way, and wait until it has ended."""
        for number in self._under_way:
            self._give_up(number, TrialState.INTERRUPTED)
        while self._under_way:
            self._wait_for_news()

    def _give_up(self, number: int, state: TrialState) -> None:
        attempt = self._under_way[number]
        if not attempt.given_up:
            attempt.given_up = True
            self._trainer.give_up(number, state)

    # Reports

    def _take_reports(self, reports: Sequence[TrialReport]) -> None:
        sound = [sound for report in reports if (sound := self._sound(report)) is not None]
        # That a trial was interrupted follows from its missing end: it will run again when the study is resumed, as one
        # whose data were not those of the study.
        self._record([report for report in sound if isinstance(report, EpochEnded) or _is_result(report)])
        for report in reports:
            if isinstance(report, TrialEnded):
                del self._under_way[report.trial]
                if report.reason is FailureReason.DATA_CHANGED:
                    raise DataChanged(report.message)

    def _sound(self, report: TrialReport) -> TrialReport | None:
        """Let only numbers that can be computed with into the record and the search; whatever else fails the trial."""
        attempt = self._under_way[report.trial]
        if isinstance(report, EpochEnded):
            if not _finite(report.loss) or not _finite(report.val_loss):
                attempt.unsound = attempt.unsound or f"The loss became {report.val_loss!r} in epoch {report.epoch}"
            if attempt.unsound:
                return None
            return msgspec.structs.replace(
                report, metrics={name: value for name, value in report.metrics.items() if _finite(value)}
            )
        if report.state is TrialState.COMPLETE and not _finite(report.objective):
            attempt.unsound = attempt.unsound or f"The result is {report.objective!r}, which is not a finite number"
        if attempt.unsound and report.state is TrialState.COMPLETE:
            return TrialEnded(
                trial=report.trial,
                state=TrialState.FAILED,
                epoch=report.epoch,
                seconds=report.seconds,
                reason=FailureReason.DIVERGED,
                message=attempt.unsound,
            )
        return report

    # The record

    @property
    def _progress(self) -> StudyProgress:
        assert self._folded is not None  # a study begins with its start
        return self._folded

    @property
    def _settings(self) -> StudySettings:
        return self._progress.settings

    def _record(self, events: Sequence[Event]) -> None:
        """Disk before screen: the store has every event before anybody sees it."""
        if not events:
            return
        self._recorder.record(events)
        for event in events:
            self._take(event)
        self._publish(events)

    @contextmanager
    def _standing_still(self) -> Iterator[None]:
        """Train nothing and count no time, while the file cannot be written."""
        self._tick()
        training = bool(self._under_way) and not self._paused
        if training:
            self._trainer.pause()
        yield
        if training:
            self._trainer.resume()
        self._tick()

    def _take(self, event: Event) -> None:
        self._folded = folded(self._folded, event)
        if isinstance(event, TrialStarted):
            self._begun[event.trial] = event
            self._last_number = max(self._last_number, event.trial)
        elif isinstance(event, TrialEnded):
            self._failures = self._failures + 1 if event.state is TrialState.FAILED else 0
            target, objective = self._settings.budget.target, self._settings.objective
            if target is not None and event.objective is not None:
                self._target_reached |= not objective.is_better(target, event.objective)


def _is_result(end: TrialEnded) -> bool:
    return end.state is not TrialState.INTERRUPTED and end.reason is not FailureReason.DATA_CHANGED


def _finite(number: object) -> bool:
    return isinstance(number, float | int) and math.isfinite(number)


def study_started(settings: StudySettings) -> StudyStarted:
    """Return the event with which a new study begins."""
    return StudyStarted(settings=settings, time=time.time(), versions=installed_versions())


def installed_versions() -> dict[str, str]:
    """Return the versions on which a study's numbers may depend."""
    versions = {"afina": VERSION, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _varied_values(trial: TrialProgress, varied: Mapping[str, object]) -> dict[str, Value]:
    return {name: trial.values[name] for name in varied if name in trial.values}
