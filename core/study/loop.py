"""The study: ask for points, train them, record and publish what happens, tell the search; exactly one end."""

import math
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import assert_never

import msgspec

from core import VERSION
from core.clock import ActiveClock
from core.datasets.watch import DataWatch
from core.errors import AfinaError, ProcessLost, StoreError
from core.events import (
    BaselinesMeasured,
    DataFileChanged,
    EpochEnded,
    Event,
    FailureReason,
    RowsScored,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialReport,
    TrialStarted,
    TrialState,
)
from core.progress import StudyProgress
from core.search.proposal import Searcher
from core.settings import StudySettings
from core.store.writer import Store
from core.study.conducting import conduct_of
from core.study.continuity import ORDER_OF_CLASSES, why_not_identical
from core.study.control import POLL_INTERVAL, StudyControl, StudyPhase
from core.study.engine import Publish
from core.study.next_points import NextPoints
from core.study.recorder import Recorder
from core.study.stop_rules import Standing, Stop, first_stop
from core.tables.fingerprint import Fingerprint
from core.trainers.trainer import Trainer
from core.training.request import trial_request

_PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "scikit-optimize", "scikit-learn", "numpy", "scipy")


@dataclass
class _Attempt:
    """A trial that is being trained. `unsound` is a sentence on its first non-finite number; empty if there is none."""

    given_up: bool = False
    unsound: str = ""


class Study:
    """Runs one study in the calling thread: as many trials at once as the trainer takes.

    A trainer that is free gets the next point at once; the search is told which points are still under way. With one
    trial at a time, settings and seed alone determine the points. With several, the points also depend on the order in
    which trials end, which is the order of the record.

    `publish` gets every event, in order, after the store has it. `control` brings the user's requests, and its
    `phase` shows the study's state. The caller closes trainer and searcher.

    While the study file cannot be written (full disk, file moved away), the study pauses and loses nothing. It goes on
    by itself when the file can be written again, or when the user names another file.

    While a process that it needs is lost, twice in a row, the study stands still, too, until the user asks to try it
    again. A data file that changes while the study runs is told; a trial that would have to read it pauses the study.
    """

    def __init__(
        self,
        events: Sequence[Event],
        store: Store,
        trainer: Trainer,
        searcher: Searcher,
        publish: Publish,
        control: StudyControl,
    ) -> None:
        """Make the study from its `events`, of which the first is its start; the store already has them all."""
        self._started = events[0]
        self._recorder = Recorder(store, control, self._standing_still)
        self._trainer = trainer
        self._publish = publish
        self._control = control
        self._progress = StudyProgress.of(events)
        self._points = NextPoints(self._progress, searcher)
        for event in events:
            self._points.take(event)
        self._under_way: dict[int, _Attempt] = {}
        self._data: DataWatch | None = None
        self._unreadable = ""
        """A sentence on why the data cannot be read again; empty while nobody had to."""
        self._paused = False
        self._clock = ActiveClock()

    def start(self) -> StudyEnded:
        """Run a new study, of which only the start is recorded; return its end.

        Raises AfinaError when it cannot go on.
        """
        self._publish([self._started])
        return self._run()

    def resume(self, trials: int, data: Fingerprint | None = None) -> StudyEnded:
        """Go on up to `trials` trials in all; return the study's end. Raises AfinaError.

        `data` is the fingerprint of the data file if that has changed and the user accepted the change.
        """
        caveat = why_not_identical(self._progress, data, self._trainer.threads)
        self._record([StudyResumed(time=time.time(), trials=trials, data=data, caveat=caveat)])
        self._points.repeat_interrupted()
        return self._run()

    def _run(self) -> StudyEnded:
        file = self._progress.data_file
        self._data = None if file is None else DataWatch(file)
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
        while (stop := self._reason_to_end()) is None:
            try:
                self._work()
            except ProcessLost as error:
                self._hold(str(error))
        self._interrupt_trials()
        return StudyEnded(reason=stop.reason, message=stop.sentence(self._progress), time=time.time())

    def _work(self) -> None:
        """Do what is to be done now, and wait a moment for news. Raises ProcessLost; then it can be called again."""
        self._obey_pause()
        if not self._paused:
            self._begin_trials()
        self._wait_for_news()
        self._skip_trials()
        self._look_at_data()

    def _reason_to_end(self) -> Stop | None:
        """Return the reason to end now, even with trials under way; None if there is none."""
        return first_stop(
            Standing(
                self._progress, self._clock.seconds, self._points.exhausted, self._control.end_asked, self._unreadable
            )
        )

    def _enter(self, phase: StudyPhase) -> None:
        """Count the time of the current phase, if it is work, and show the next phase."""
        self._tick()
        self._control.phase = phase

    def _tick(self) -> None:
        self._clock.tick(running=self._control.phase in (StudyPhase.PROPOSING, StudyPhase.TRAINING))

    def _wait_for_news(self) -> None:
        """Wait a moment for the next news: reports of trials, else a trainer, else a proposal."""
        if self._under_way:
            self._enter(StudyPhase.PAUSED if self._paused else StudyPhase.TRAINING)
            self._take_reports(self._trainer.reports(POLL_INTERVAL))
            self._control.stages = self._trainer.stages
        elif self._paused:
            self._enter(StudyPhase.PAUSED)
            self._control.wait(POLL_INTERVAL)
        elif not self._trainer.ready(0):
            self._enter(StudyPhase.WARMING)
            self._trainer.ready(POLL_INTERVAL)
        elif self._points.is_awaited:
            self._enter(StudyPhase.PROPOSING)
            self._points.wait(POLL_INTERVAL)

    # Trials

    def _begin_trials(self) -> None:
        """Begin trials while the trainer takes more and there are points for them."""
        while self._points.is_another_wanted and self._trainer.ready(0):
            begun = self._points.next()
            if begun is None:
                return
            self._control.learnt = self._points.learnt
            self._begin(begun)
        if self._points.is_another_wanted:
            self._points.ask_ahead()

    def _begin(self, begun: TrialStarted) -> None:
        self._record([begun])
        self._under_way[begun.trial] = _Attempt()
        progress, trial = self._progress, self._progress.trials[begun.trial]
        settings, baselines = progress.settings_of(trial), progress.lacks_baselines_of(trial)
        request = trial_request(settings, begun.trial, begun.values, begun.seed, conduct=progress.conduct)
        self._trainer.start(msgspec.structs.replace(request, baselines=baselines))

    def _obey_pause(self) -> None:
        """Pause the trials, or let them go on, as the user asks."""
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
        """Give up the trials under way, and wait until they have ended."""
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
        # An interrupted trial gets no end in the record, so that it runs again when the study is resumed. The same
        # is true of a trial whose data were not those of the study.
        self._record([report for report in sound if not isinstance(report, TrialEnded) or _is_result(report)])
        for report in reports:
            if isinstance(report, TrialEnded):
                del self._under_way[report.trial]
                if report.reason is FailureReason.DATA_CHANGED:
                    self._unreadable = report.message

    def _sound(self, report: TrialReport) -> EpochEnded | TrialEnded | BaselinesMeasured | None:
        """Return the report with finite numbers only; a loss or a result that is not finite makes the trial fail.

        None for an epoch of a trial that is to fail, and for what is not recorded.
        """
        match report:
            case EpochEnded():
                return self._sound_epoch(report)
            case TrialEnded():
                return self._sound_end(report)
            case BaselinesMeasured():
                return report
            case RowsScored():
                return None
            case _:
                assert_never(report)

    def _sound_epoch(self, report: EpochEnded) -> EpochEnded | None:
        attempt = self._under_way[report.trial]
        if not _finite(report.loss) or not _finite(report.val_loss):
            attempt.unsound = attempt.unsound or f"The loss became {report.val_loss!r} in epoch {report.epoch}"
        if attempt.unsound:
            return None
        return msgspec.structs.replace(
            report, metrics={name: value for name, value in report.metrics.items() if _finite(value)}
        )

    def _sound_end(self, report: TrialEnded) -> TrialEnded:
        attempt = self._under_way[report.trial]
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

    def _look_at_data(self) -> None:
        """Record it when the data file has changed; the trials go on with the rows that are loaded."""
        change = None if self._data is None else self._data.look()
        if change is not None:
            self._record([DataFileChanged(change=change, time=time.time())])

    # The record

    def _record(self, events: Sequence[Event]) -> None:
        """Record the events, then fold and publish them: the store has every event before anybody sees it."""
        if not events:
            return
        self._recorder.record(events)
        for event in events:
            self._progress.apply(event)
            self._points.take(event)
        self._publish(events)

    def _hold(self, trouble: str) -> None:
        """Stand still because a process is lost, until it is to be tried again or the study is to end."""
        control, before, since = self._control, self._control.phase, time.monotonic()
        with self._standing_still():
            control.hold(trouble)
            while control.end_asked is None and not control.take_retry():
                if control.retry_after is not None and time.monotonic() - since > control.retry_after:
                    break
                control.wait(POLL_INTERVAL)
        control.release()
        control.phase = before

    @contextmanager
    def _standing_still(self) -> Iterator[None]:
        """Train nothing and count no time, while the file cannot be written or a process is lost."""
        self._tick()
        training = bool(self._under_way) and not self._paused
        if training:
            self._trainer.pause()
        yield
        if training:
            self._trainer.resume()
        self._tick()


def _is_result(end: TrialEnded) -> bool:
    return end.state is not TrialState.INTERRUPTED and end.reason is not FailureReason.DATA_CHANGED


def _finite(number: object) -> bool:
    return isinstance(number, float | int) and math.isfinite(number)


def study_started(settings: StudySettings, name: str = "") -> StudyStarted:
    """Return the event with which a new study begins."""
    return StudyStarted(
        settings=settings, time=time.time(), versions=installed_versions(), conduct=conduct_of(settings), name=name
    )


def installed_versions() -> dict[str, str]:
    """Return the versions on which a study's numbers may depend."""
    from importlib import metadata  # the window has no use for it before

    versions = {"afina": VERSION, ORDER_OF_CLASSES: "2", "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions
