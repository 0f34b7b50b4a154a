"""Session: the content of the window, which is the study's file and progress, the run, and the selected trial."""

import logging
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.events import Change, Event, StudyEnd, StudyNamed
from core.phases import Doing, Job, Phase
from core.progress import StudyProgress, folded
from core.search.proposal import Learnt
from core.settings import StudySettings, files_in_use
from core.study.engine import Engine, ResumeRequest
from core.study.opening import OpenedStudy, read
from core.trial_progress import TrialProgress
from gui.session.changes import Changes, Touched
from gui.session.linking import Linking
from gui.session.run import Run, Work, watching
from gui.session.run_state import Command, RunState, why_not
from gui.session.thread import Failure, Runner

log = logging.getLogger(__name__)

PROMPT = 100
"""Milliseconds within which a study is opened without a word: most are, and the window would flicker."""


class Session(QObject):
    """The content of the window: `progress` is None while no study is open.

    Signals (all in the GUI thread): `changed` (a Changes) when the progress has new events in it;
    `run_state_changed` (a Job or None, a Phase or None) when buttons may have to change, or the trouble changed;
    `ticked` some times in a second while a study works, so that times run on between two events; `selection_changed`
    (a trial number or None); `pointed_out` (a trial number) when the user wants to see the row of a trial, which is
    then selected; `path_changed` (a Path or None); `moved` (two Paths) before that, when the open study went on in
    another file; `failed` (a gui.session.thread.Failure) when a study could not go on.

    A study is read in a thread, because its file may be large or made to harm: until then `opening` is its path, and
    the open study stays. `opening_changed` (a Path or None) is emitted when that takes longer than PROMPT, and at its
    end then, `opened` (a Path) when a study was opened, `open_failed` (a Path and a StoreError) when it cannot be.
    """

    changed = Signal(object)
    run_state_changed = Signal(object, object)
    ticked = Signal()
    selection_changed = Signal(object)
    pointed_out = Signal(int)
    path_changed = Signal(object)
    moved = Signal(object, object)
    failed = Signal(object)
    opening_changed = Signal(object)
    opened = Signal(object)
    open_failed = Signal(object, object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.progress: StudyProgress | None = None
        self.path: Path | None = None
        self.selected: int | None = None
        self.linking = Linking(self)
        self.opening: Path | None = None
        self._opener: Runner | None = None
        self._opening_long = QTimer(self, singleShot=True, interval=PROMPT)
        self._opening_long.timeout.connect(lambda: self.opening_changed.emit(self.opening))
        self._engine = engine
        self.begun: StudySettings | None = None
        """The settings of the study that was begun here, until another one is shown."""
        self.log_missing = False
        """Whether there may be more in the open study than its file holds."""
        self._known = 0
        """The number of events of the open study that are in the progress."""
        self._run: Run | None = None
        self._leaving: set[Runner] = set()
        """The threads whose study is no longer watched, or no longer to be opened: they end in a moment."""

    # The open study

    @property
    def study_name(self) -> str:
        """What the open study is called: by the user, else by its file."""
        named = "" if self.progress is None else self.progress.name
        return named or (self.path.stem if self.path is not None else "study")

    @property
    def folder(self) -> Path | None:
        """Where the open study's file is; None if it has none."""
        return None if self.path is None else self.path.parent

    def clear(self) -> None:
        """Close the study; the window is ready for a new one."""
        self._call_off_opening()
        self._stop_watching()
        self._replace(None, None)

    def open(self, path: Path) -> None:
        """Show the study in the file as soon as it is read, and watch it if another Afina runs it.

        The open study stays until the new one can be shown.
        """
        self._call_off_opening()
        studies: list[OpenedStudy] = []
        runner = self._opener = Runner(lambda: studies.append(read(path)), self)
        runner.finished.connect(lambda: self._on_read(runner, path, studies))
        self.opening = path
        self._opening_long.start()
        runner.start()

    def _on_read(self, runner: Runner, path: Path, studies: list[OpenedStudy]) -> None:
        if runner is not self._opener:  # the opening was called off
            self._forget_left()
            return
        self._end_opening()
        runner.deleteLater()
        failure = runner.failure
        if failure is None:
            self._show(studies[0])
        elif failure.error is not None:
            self.open_failed.emit(path, failure.error)
        else:
            self.failed.emit(failure)

    def _call_off_opening(self) -> None:
        """Forget the study that is being read, without waiting for the thread."""
        if self._opener is not None:
            self._leaving.add(self._opener)
            self._end_opening()

    def _end_opening(self) -> None:
        self._opener = self.opening = None
        if self._opening_long.isActive():
            self._opening_long.stop()
        else:
            self.opening_changed.emit(None)

    def _show(self, study: OpenedStudy) -> None:
        self._stop_watching()
        self._replace(study.path, study.progress)
        self._known, self.log_missing = study.known, study.log_missing
        if study.runs_elsewhere:
            log.info("Watching a study after %d events", study.known)
            self._begin(Job.WATCH, study.path, watching(self._engine, study.path, study.known))
        self.opened.emit(study.path)

    def moved_to(self, path: Path) -> None:
        """Note the new path of the open study's file."""
        before, self.path = self.path, path
        self.moved.emit(before, path)
        self.path_changed.emit(path)

    def _replace(self, path: Path | None, progress: StudyProgress | None) -> None:
        self.path = path
        self.progress = progress
        self.begun = None
        self.log_missing = False
        self._known = 0
        self.selected = None
        self.linking.forget()
        self.changed.emit(Changes(replaced=True))
        self.selection_changed.emit(None)
        self.path_changed.emit(path)

    @property
    def name(self) -> str:
        """The open study's name or, if it has none, its file's; empty while no study is open."""
        if self.path is None:
            return ""
        return (self.progress.name if self.progress is not None else "") or self.path.stem

    def take_name(self, named: StudyNamed) -> None:
        """Take in the name that was just written into the open study's file.

        It does not count as known: another Afina may have recorded more before it, and it does no harm to take it
        twice.
        """
        if self.progress is not None:
            self.progress.apply(named)
            self.changed.emit(Changes(what=named.changes))

    def select(self, number: int | None) -> None:
        """Select a trial, in the table and in all plots."""
        if number is not None and (self.progress is None or number not in self.progress.trials):
            number = None
        if number != self.selected:
            self.selected = number
            self.selection_changed.emit(number)

    def point_out(self, number: int) -> None:
        """Select a trial and show its row, also if it is selected already."""
        self.select(number)
        if self.selected == number:
            self.pointed_out.emit(number)

    @property
    def files(self) -> tuple[Path, ...]:
        """The open study's file and the files that it uses: nothing is written over them."""
        return files_in_use(self.path, None if self.progress is None else self.progress.settings)

    # State

    @property
    def job(self) -> Job | None:
        return None if self._run is None else self._run.job

    @property
    def phase(self) -> Phase | None:
        return None if self._run is None else self._run.phase

    @property
    def trouble(self) -> str:
        """A sentence on why the phase is BLOCKED or HELD."""
        return "" if self._run is None else self._run.trouble

    @property
    def skipping(self) -> Set[int]:
        """The trials that the run was asked to give up since it began."""
        return frozenset() if self._run is None else self._run.skipping

    @property
    def doing(self) -> Mapping[int, Doing]:
        """What each trial under way does; of a study that runs elsewhere nobody knows it."""
        return {} if self._run is None else self._run.under_way.doing

    @property
    def learnt(self) -> Learnt | None:
        """What the search learnt for the last point that it proposed here; None where nobody knows it."""
        return None if self._run is None else self._run.learnt

    def seconds_of(self, trial: TrialProgress) -> float:
        """Return for how long a trial has trained; of one under way, up to this moment."""
        return trial.seconds if self._run is None else self._run.under_way.seconds(trial)

    def state(self, problem: str = "") -> RunState:
        """Return the facts that decide which commands are possible; `problem` is the error in the form."""
        return RunState(self.job, self.phase, self.progress, self.skippable() is not None, problem)

    @property
    def busy(self) -> bool:
        """Whether this window runs a study, paused ones included. A study that it watches runs elsewhere."""
        return self.state().busy

    def skippable(self) -> TrialProgress | None:
        """Return the trial that `skip` gives up: the selected one if it trains, else the one that trains longest."""
        under_way = {} if self.progress is None else self.progress.under_way
        training = [trial for number, trial in under_way.items() if number not in self.skipping]
        return next((trial for trial in training if trial.number == self.selected), next(iter(training), None))

    def seconds_left(self) -> float | None:
        """Estimate the time left, in seconds; None while it is not known, or while the study does not run here."""
        run, progress = self._run, self.progress
        if run is None or progress is None or not self.state().is_study_in(Phase.RUNNING):
            return None
        seconds, limit = progress.seconds_left(), progress.settings.budget.seconds
        if seconds is None or limit is None:
            return seconds
        return min(seconds, max(0.0, limit - run.under_way.clock.seconds))

    # Running

    def start(self, settings: StudySettings, path: Path) -> None:
        """Begin a new study in a new file."""
        self._call_off_opening()
        self._stop_watching()
        self._replace(path, None)
        self.begun = settings
        log.info("Study starts: %s search, %d trials, trainer %s", *_in_short(settings))
        self._begin(Job.STUDY, path, lambda publish, control: self._engine.start(settings, path, publish, control))

    def go_on(self, trials: int, *, with_changed_data: bool = False) -> None:
        """Resume the open study, up to `trials` in all; `with_changed_data`: the user accepts the changed data."""
        if self.path is None or self.progress is None or self.job is not None:
            return
        self._call_off_opening()
        log.info("Study resumes after %d of %d trials", len(self.progress.finished), trials)
        # Another window may have gone on with the study since: the engine publishes the events not known here.
        request = ResumeRequest(self.path, trials, known=self._known, with_changed_data=with_changed_data)
        self._begin(Job.STUDY, self.path, lambda publish, control: self._engine.resume(request, publish, control))

    def evaluate(self) -> None:
        """Evaluate the best trial of the open study on the test part; `changed` brings the result."""
        if self.path is None or self.job is not None:
            return
        self._call_off_opening()
        path, known = self.path, self._known
        log.info("The best trial is evaluated on the test part")
        self._begin(Job.EVALUATION, path, lambda publish, control: self._engine.evaluate(path, publish, control, known))

    def _begin(self, job: Job, path: Path, work: Work) -> None:
        run = self._run = Run(job, path, work, self._take, self)
        run.changed.connect(self._tell_run_state)
        run.ticked.connect(self.ticked)
        run.moved.connect(self.moved_to)
        run.ended.connect(self._on_run_ended)
        self._tell_run_state()
        run.begin()

    def _tell_run_state(self) -> None:
        self.run_state_changed.emit(self.job, self.phase)

    def pause(self) -> None:
        if self._run is not None and self._can(Command.PAUSE):
            self._run.pause()

    def resume(self) -> None:
        """Let a paused study go on, or one that waits for its file or a process try again at once."""
        if self._run is not None and self._can(Command.RESUME):
            self._run.resume()

    def move_to(self, path: Path) -> None:
        """Let a blocked study go on in another file; `path_changed` is emitted when it does."""
        if self._run is not None and self.phase is Phase.BLOCKED:
            self._run.move_to(path)

    def skip(self) -> None:
        """Give up a trial, for good."""
        trial = self.skippable()
        if self._run is not None and trial is not None and self._can(Command.SKIP):
            self._run.skip(trial.number)

    def stop(self, end: StudyEnd = StudyEnd.STOPPED) -> None:
        """End the study for that reason; its results are kept. A study that is watched goes on elsewhere."""
        self._call_off_opening()
        self._stop_watching()
        if self._run is not None and self._can(Command.STOP):
            self._run.stop(end)

    def _can(self, command: Command) -> bool:
        return not why_not(command, self.state())

    def _stop_watching(self) -> None:
        """Forget the study that another Afina runs, without waiting for the thread."""
        run = self._run
        if run is None or run.job is not Job.WATCH:
            return
        self._run = None
        runner = run.leave()
        run.deleteLater()
        self._leaving.add(runner)
        runner.finished.connect(self._forget_left)
        self._forget_left()
        self._mark_interrupted()
        self._tell_run_state()

    def _forget_left(self) -> None:
        for runner in [runner for runner in self._leaving if runner.isFinished()]:
            self._leaving.discard(runner)
            runner.deleteLater()

    def wait(self, milliseconds: int) -> bool:
        """Wait for the running study to end; return whether it has."""
        runs: list[Runner | Run] = [*self._leaving, *([] if self._run is None else [self._run])]
        return all(run.wait(milliseconds) for run in runs)

    def finish(self, milliseconds: int) -> None:
        """Wait for the running study to end, and take in all its events."""
        run = self._run
        if self.wait(milliseconds) and run is not None:
            while self._run is run:  # another run may begin when this one has ended
                run.poll()

    # News of the run

    def _take(self, events: Iterator[Event]) -> None:
        """Fold the events that have arrived into the progress, and emit `changed`."""
        touched = Touched()
        for event in events:
            touched.add(event, self.progress)
            self.progress = folded(self.progress, event)
            self._known += 1
        if touched:
            self.changed.emit(touched.changes())

    def _on_run_ended(self, failure: Failure | None) -> None:
        assert self._run is not None
        self._log_end(self._run.job, failure)
        self._run.deleteLater()
        self._run = None
        self._mark_interrupted()
        if self.progress is None:  # the study failed before it had a file
            self._replace(None, None)
        self._tell_run_state()
        if failure is not None:
            self.failed.emit(failure)

    def _mark_interrupted(self) -> None:
        """Mark a study as interrupted when it failed without an end, or when it is no longer watched."""
        if self.progress is not None and self.progress.running:
            interrupted = tuple(self.progress.under_way)
            self.progress.mark_interrupted()
            self.changed.emit(Changes(what=frozenset({Change.STUDY}), trials=interrupted))

    def _log_end(self, job: Job, failure: Failure | None) -> None:
        """Log how the job ended; a bug is logged where it is shown."""
        end = None if self.progress is None else self.progress.end
        if failure is not None:
            log.info("The study could not go on: %s", failure.message)
        elif job is Job.WATCH:
            log.info("The study that was watched no longer runs")
        elif job is Job.EVALUATION:
            log.info("The evaluation has ended")
        else:
            log.info("Study ends: %s", "without an end" if end is None else end.reason)


def _in_short(settings: StudySettings) -> tuple[str, int, str]:
    return settings.search.method.value, settings.budget.trials, settings.trainer.value
