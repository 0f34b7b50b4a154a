"""The study's loop, with a scripted trainer and a real file."""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from core.datasets.settings import DataSettings
from core.errors import DamagedStudy, DataChanged, DataGone, SearchLost, StoreBlocked, StoreError, TrainerLost
from core.events import (
    DataFileChanged,
    EpochEnded,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    TrialEnded,
    TrialReport,
    TrialStarted,
    TrialState,
)
from core.headless import commands
from core.models.settings import ModelSettings
from core.parameters import Choices, Fixed, FloatRange, IntegerRange
from core.progress import StudyProgress
from core.search.proposal import Proposal, ProposalRequest, Searcher
from core.search.searchers import InlineSearcher
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, LimitSettings, StudySettings, tutorial_settings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl, StudyPhase
from core.study.engine import ResumeRequest
from core.study.evaluation import evaluation_request
from core.study.loop import Study, study_started
from core.study.recorder import rescue_places
from core.tables.description import ColumnRole, Task
from core.tables.fingerprint import Fingerprint, fingerprint
from core.training.request import TrialRequest
from tests.scripted import ScriptedTrainer, bowl, scripted_engine, turn_clocks_by_hand
from tests.tables import imported


def settings(trials: int = 5, **search: object) -> StudySettings:
    found = SearchSettings(initial_points=2)
    return StudySettings(search=msgspec.structs.replace(found, **search), budget=BudgetSettings(trials=trials))


PATIENCE = 60  # seconds that a scripted study may take on a busy machine


class WatchedControl(StudyControl):
    """A control that tells of each phase."""

    def __init__(self) -> None:
        self._entered = threading.Condition()
        super().__init__()

    @property
    def phase(self) -> StudyPhase:
        return self._phase

    @phase.setter
    def phase(self, phase: StudyPhase) -> None:
        with self._entered:
            self._phase = phase
            self._entered.notify_all()

    def block(self, trouble: str) -> None:
        with self._entered:  # who waits for the phase finds the trouble
            super().block(trouble)

    def wait_for(self, phase: StudyPhase) -> None:
        with self._entered:
            assert self._entered.wait_for(lambda: self._phase is phase, PATIENCE)


class Run:
    """Runs a study in this thread; `on_event` may ask for things while it runs."""

    def __init__(self, path: Path, trainer: ScriptedTrainer | None = None) -> None:
        self.path = path
        self.trainer = trainer or ScriptedTrainer()
        self.control = WatchedControl()
        self.published: list[Event] = []
        self.checked = True
        self.searcher: Searcher = InlineSearcher()
        self.on_event: Callable[[Event], None] = lambda _event: None

    def start(self, given: StudySettings) -> StudyEnded:
        first = study_started(given)
        with Store.create(self.path, first) as store:
            return self._study([first], store).start()

    def resume(self, trials: int, data: Fingerprint | None = None) -> StudyEnded:
        events = read_study(self.path)
        self.published = list(events)
        with Store.open(self.path) as store:
            return self._study(events, store).resume(trials, data)

    def _study(self, events: Sequence[Event], store: Store) -> Study:
        return Study(events, store, self.trainer, self.searcher, self._publish, self.control)

    def _publish(self, events: Sequence[Event]) -> None:
        if self.checked:
            assert read_study(self.path)[-len(events) :] == list(events), "on the screen before it was on the disk"
        self.published += events
        for event in events:
            self.on_event(event)

    @property
    def progress(self) -> StudyProgress:
        return StudyProgress.of(self.published)


def test_that_a_study_runs_its_trials_and_ends_once(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    end = run.start(settings(5))
    assert end.reason is StudyEnd.FINISHED
    assert [t.state for t in run.progress.trials.values()] == [TrialState.COMPLETE] * 5
    assert sum(isinstance(event, StudyEnded) for event in run.published) == 1
    assert run.control.phase is StudyPhase.ENDED
    assert read_study(run.path) == run.published


def test_that_fixed_values_reach_the_trainer_beside_the_searched_ones(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    run.start(settings(2))
    for request in run.trainer.requests:
        assert list(request.values) == ["learning_rate", "batch_size", "epochs", "optimizer"]
        assert request.values["epochs"] == 10
        assert request.values["optimizer"] == "sgd"


def test_that_the_same_seed_gives_the_same_study_and_another_another(tmp_path: Path) -> None:
    runs = [Run(tmp_path / f"{n}.afina") for n in range(3)]
    for run, seed in zip(runs, (3, 3, 4), strict=True):
        run.start(msgspec.structs.replace(settings(6), seed=seed))
    assert runs[0].trainer.requests == runs[1].trainer.requests
    assert runs[0].trainer.requests != runs[2].trainer.requests
    assert len({request.seed for request in runs[0].trainer.requests}) == 6


def test_that_a_failed_trial_is_recorded_and_the_study_goes_on(tmp_path: Path) -> None:
    def second_fails(request: TrialRequest) -> Sequence[float] | str:
        return "The loss became infinite in epoch 1" if request.trial == 2 else bowl(request)

    run = Run(tmp_path / "a.afina", ScriptedTrainer(second_fails))
    assert run.start(settings(5)).reason is StudyEnd.FINISHED
    trial = run.progress.trials[2]
    assert (trial.state, trial.message) == (TrialState.FAILED, "The loss became infinite in epoch 1")
    assert run.progress.count(TrialState.COMPLETE) == 4


def test_that_failures_in_a_row_pause_the_study_with_advice(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda _: "The loss became infinite in epoch 1"))
    given = msgspec.structs.replace(settings(9), data=DataSettings(standardise=False))
    end = run.start(given)
    assert end.reason is StudyEnd.PAUSED
    assert "5 trials failed in a row" in end.message
    assert "Standardise" in end.message
    assert len(run.progress.trials) == 5


def test_that_a_user_who_insists_can_go_on_after_such_a_failure(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda _: "The loss became infinite in epoch 1"))
    run.start(settings(9))
    assert run.resume(9).reason is StudyEnd.FINISHED
    assert len(run.progress.trials) == 9


def test_that_failures_count_only_in_a_row_and_up_to_the_number_that_is_set(tmp_path: Path) -> None:
    def fails(request: TrialRequest) -> Sequence[float] | str:
        return bowl(request) if request.trial in (1, 3) else "It does not fit"

    run = Run(tmp_path / "a.afina", ScriptedTrainer(fails))
    end = run.start(msgspec.structs.replace(settings(9), limits=LimitSettings(failures_in_a_row=2)))
    assert end.reason is StudyEnd.PAUSED
    assert len(run.progress.trials) == 5
    assert "The last one said: It does not fit. Best validation loss" in end.message


def test_that_a_target_that_is_reached_ends_the_study(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda r: [5.0, 4.0] if r.trial == 3 else [9.0, 8.0]))
    end = run.start(msgspec.structs.replace(settings(9), budget=BudgetSettings(trials=9, target=4.0)))
    assert end.reason is StudyEnd.TARGET_REACHED
    assert len(run.progress.finished) == 3
    assert run.resume(9).reason is StudyEnd.FINISHED, "who goes on wants more than the target"


def test_that_the_time_of_a_study_ends_it_within_a_trial_that_runs_again_on_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of ten epochs takes a second, so that 24 seconds are up in the third trial."""
    clock = turn_clocks_by_hand(monkeypatch)
    run = Run(tmp_path / "a.afina")

    def turn(event: Event) -> None:
        clock.now += isinstance(event, EpochEnded)

    run.on_event = turn
    end = run.start(msgspec.structs.replace(settings(20), budget=BudgetSettings(trials=20, seconds=24)))
    assert end.reason is StudyEnd.TIME_UP
    assert run.progress.finished == [1, 2]
    assert run.progress.interrupted() == [3]
    assert len(run.progress.trials[3].losses) in (4, 5)
    run.resume(3)
    assert run.progress.finished == [1, 2, 3]
    assert [request.trial for request in run.trainer.requests] == [1, 2, 3, 3]


@pytest.mark.parametrize("result", [float("nan"), float("inf"), float("-inf"), None, "many", [1.0]])
@pytest.mark.parametrize("where", [1, 2, 5])
def test_that_a_result_that_is_no_number_fails_its_trial_only(tmp_path: Path, result: object, where: int) -> None:
    class Odd(ScriptedTrainer):
        def reports(self, seconds: float) -> list[TrialReport]:
            reports = super().reports(seconds)
            if self.requests[-1].trial != where or not isinstance(reports[-1], TrialEnded):
                return reports
            return [*reports[:-1], msgspec.structs.replace(reports[-1], objective=result)]

    run = Run(tmp_path / "a.afina", Odd())
    assert run.start(settings(6)).reason is StudyEnd.FINISHED
    trial = run.progress.trials[where]
    assert (trial.state, trial.reason) == (TrialState.FAILED, FailureReason.DIVERGED)
    assert run.progress.count(TrialState.COMPLETE) == 5
    assert read_study(run.path) == run.published


@pytest.mark.parametrize("where", [1, 2, 5])
def test_that_an_enormous_result_poisons_nothing(tmp_path: Path, where: int) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda r: [1e308] if r.trial == where else bowl(r)))
    assert run.start(settings(8)).reason is StudyEnd.FINISHED
    assert run.progress.best is not None
    assert run.progress.best.number != where


def test_that_an_epoch_without_a_number_fails_its_trial(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda r: [3.0, float("nan"), 2.0] if r.trial == 2 else [3.0, 2.0]))
    assert run.start(settings(3)).reason is StudyEnd.FINISHED
    assert run.progress.trials[2].state is TrialState.FAILED
    assert run.progress.trials[2].val_losses == [3.0]
    assert "epoch 2" in run.progress.trials[2].message


class TroubledStore:
    """Makes a study file unusable for a while, as disks do."""

    def __init__(self, run: "Run", monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.trouble = False
        self.refused = threading.Semaphore(0)
        """Is released with each record that is refused."""
        met = False
        record = Store.record

        def troubled(store: Store, events: Sequence[Event]) -> None:
            nonlocal met
            if getattr(events[-1], "trial", 0) == at and not met:
                self.trouble = met = True
            if self.trouble and store.path == run.path:
                self.refused.release()
                raise StoreBlocked("The disk is full")
            record(store, events)

        monkeypatch.setattr(Store, "record", troubled)


def _start_in_thread(run: "Run", given: StudySettings) -> threading.Thread:
    thread = threading.Thread(target=lambda: run.start(given))
    thread.start()
    run.control.wait_for(StudyPhase.BLOCKED)
    return thread


def test_that_a_full_disk_makes_the_study_wait_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tmp_path / "a.afina")
    disk = TroubledStore(run, monkeypatch, at=3)
    thread = _start_in_thread(run, settings(5))
    assert run.control.trouble == "The disk is full"
    disk.trouble = False
    run.control.resume()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert run.progress.count(TrialState.COMPLETE) == 5
    assert [r.trial for r in run.trainer.requests] == [1, 2, 3, 4, 5], "no trial ran twice"


def test_that_a_study_that_waits_for_its_disk_tries_again_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.study.recorder.RETRY_INTERVAL", 0.05)
    run = Run(tmp_path / "a.afina")
    disk = TroubledStore(run, monkeypatch, at=2)
    thread = _start_in_thread(run, settings(3))
    for _ in range(3):
        assert disk.refused.acquire(timeout=PATIENCE)
    disk.trouble = False
    thread.join(PATIENCE)
    assert run.progress.count(TrialState.COMPLETE) == 3


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder that is the current one, the user's and the one of temporary files; return it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr("core.study.recorder.LAST_TRIES", 0.0)
    return folder


def test_that_a_study_that_waits_for_its_disk_can_be_stopped_and_is_saved_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path
) -> None:
    run = Run(tmp_path / "a.afina")
    run.checked = False
    TroubledStore(run, monkeypatch, at=3)
    thread = _start_in_thread(run, settings(5))
    run.control.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert run.control.path == tmp_path / "a rescued.afina"
    assert read_study(run.control.path) == run.published, "what was not written yet is in it, and the end"
    assert run.progress.end is not None
    assert run.progress.end.reason is StudyEnd.STOPPED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a rescued.afina", "a.afina", "elsewhere"]


def test_that_a_study_whose_folder_is_gone_is_saved_in_the_current_one_at_a_stop(
    tmp_path: Path, elsewhere: Path
) -> None:
    folder = tmp_path / "studies"
    run = Run(folder / "a.afina")
    run.checked = False
    run.on_event = lambda event: shutil.rmtree(folder) if getattr(event, "trial", 0) == 3 and folder.exists() else None
    thread = _start_in_thread(run, settings(5))
    run.control.stop(StudyEnd.PAUSED)
    thread.join(PATIENCE)
    assert run.control.path == elsewhere / "a rescued.afina"
    assert read_study(run.control.path) == run.published
    assert not folder.exists()
    run.path, run.on_event, run.control, run.checked = run.control.path, lambda _event: None, WatchedControl(), True
    assert run.resume(5).reason is StudyEnd.FINISHED
    whole = Run(tmp_path / "whole.afina")
    whole.start(settings(5))
    assert [t.objective for t in run.progress.trials.values()] == [t.objective for t in whole.progress.trials.values()]


@pytest.mark.parametrize("full", [1, 2, 3])
def test_that_a_study_is_saved_in_the_first_place_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path, full: int
) -> None:
    move_to, tried = Store.move_to, []

    def cramped(store: Store, path: Path, more: Sequence[Event] = ()) -> None:
        tried.append(path)
        if len(tried) <= full:
            raise StoreBlocked(f"{path.name} cannot be used: the disk is full")
        move_to(store, path, more)

    monkeypatch.setattr(Store, "move_to", cramped)
    run = Run(tmp_path / "a.afina")
    run.checked = False
    TroubledStore(run, monkeypatch, at=3)
    thread = _start_in_thread(run, settings(5))
    run.control.stop()
    thread.join(PATIENCE)
    assert run.control.path == tried[-1]
    folders = [path.parent for path in tried]
    assert folders[:3] == [tmp_path, elsewhere, elsewhere][: full + 1]
    assert folders[3:] == [folder for folder in elsewhere.iterdir() if folder.is_dir()]
    assert read_study(run.control.path) == run.published


def test_that_a_study_that_nothing_takes_says_why_and_keeps_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Path
) -> None:
    def refuse(_store: Store, path: Path, _more: Sequence[Event] = ()) -> None:
        raise StoreBlocked(f"{path.name} cannot be used: the disk is full")

    monkeypatch.setattr(Store, "move_to", refuse)
    run = Run(tmp_path / "a.afina")
    TroubledStore(run, monkeypatch, at=3)
    errors: list[StoreError] = []

    def start() -> None:
        try:
            run.start(settings(5))
        except StoreError as error:
            errors.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    run.control.wait_for(StudyPhase.BLOCKED)
    run.control.stop()
    thread.join(PATIENCE)
    assert [str(error) for error in errors] == ["The disk is full"]
    assert len(StudyProgress.of(read_study(run.path)).finished) == 2
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("back", [True, False])
def test_that_a_study_told_to_go_on_does_so_in_its_file_or_else_beside_it(tmp_path: Path, back: bool) -> None:
    run = Run(tmp_path / "a.afina")
    away = tmp_path / "away"

    def move(event: Event) -> None:
        run.control.go_on()  # it does not wait: nothing is remembered of that
        if getattr(event, "trial", 0) == 2 and getattr(event, "epoch", 0) == 4 and not away.exists():
            run.path.rename(away)

    run.on_event, run.checked = move, False
    moved: list[Path] = []
    run.control._tell_moved = moved.append
    thread = _start_in_thread(run, settings(4))
    if back:
        away.rename(run.path)
    run.control.go_on()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    target = run.path if back else tmp_path / "a rescued.afina"
    assert (run.control.path, moved) == (target, [] if back else [target])
    assert read_study(target) == run.published
    assert run.progress.count(TrialState.COMPLETE) == 4


def test_that_a_rescued_study_that_is_lost_again_is_rescued_under_a_like_name(tmp_path: Path) -> None:
    (tmp_path / "a rescued.afina").touch()
    for name in ("a.afina", "a rescued.afina"):
        assert next(rescue_places(tmp_path / name)) == tmp_path / "a rescued-2.afina"
    assert next(rescue_places(tmp_path / f"{'ü' * 120}.afina")).name == f"{'ü' * 90} rescued.afina"


@pytest.mark.parametrize("elsewhere", [True, False])
def test_that_a_study_whose_file_is_deleted_goes_on_in_another_or_the_same_place(
    tmp_path: Path, elsewhere: bool
) -> None:
    run = Run(tmp_path / "a.afina")

    def delete(event: Event) -> None:
        if getattr(event, "trial", 0) == 3 and getattr(event, "epoch", 0) == 4:
            run.path.unlink()

    run.on_event = delete
    run.checked = False
    thread = _start_in_thread(run, settings(5))
    assert "not in" in run.control.trouble
    target = tmp_path / "b.afina" if elsewhere else run.path
    run.control.move_to(target)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert run.control.path == target
    assert read_study(target) == run.published
    assert run.progress.count(TrialState.COMPLETE) == 5
    assert [f.name for f in tmp_path.iterdir()] == [target.name]


def test_that_a_study_whose_file_comes_back_goes_on(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    away = tmp_path / "away.afina"

    def move(event: Event) -> None:
        if getattr(event, "trial", 0) == 2 and getattr(event, "epoch", 0) == 4:
            run.path.rename(away)

    run.on_event = move
    run.checked = False
    thread = _start_in_thread(run, settings(4))
    away.rename(run.path)
    run.control.resume()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert read_study(run.path) == run.published


def test_that_an_exhausted_space_ends_the_study_and_says_so(tmp_path: Path) -> None:
    ranges = ModelSettings().ranges | {
        "learning_rate": Fixed(0.01),
        "batch_size": IntegerRange(1, 3),
        "optimizer": Choices(("sgd", "adam")),
    }
    run = Run(tmp_path / "a.afina")
    end = run.start(msgspec.structs.replace(settings(20), model=ModelSettings(ranges=ranges)))
    assert end.reason is StudyEnd.EXHAUSTED
    assert "All 6 points" in end.message
    assert len({tuple(r.values.values()) for r in run.trainer.requests}) == 6


@pytest.mark.parametrize("method", list(SearchMethod))
def test_that_every_method_runs(tmp_path: Path, method: SearchMethod) -> None:
    run = Run(tmp_path / "a.afina")
    assert run.start(settings(4, method=method)).reason is StudyEnd.FINISHED
    assert len({tuple(r.values.values()) for r in run.trainer.requests}) == 4


def test_that_stop_ends_the_study_and_its_trial_runs_again_on_resume(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")

    def stop_in_third(event: Event) -> None:
        if getattr(event, "trial", 0) == 3 and getattr(event, "epoch", 0) == 4:
            run.control.stop()

    run.on_event = stop_in_third
    assert run.start(settings(5)).reason is StudyEnd.STOPPED
    assert run.progress.trials[3].state is TrialState.INTERRUPTED
    assert len(run.progress.finished) == 2

    whole = Run(tmp_path / "whole.afina")
    whole.start(settings(5))
    run.control, run.on_event = WatchedControl(), lambda _event: None
    assert run.resume(5).reason is StudyEnd.FINISHED
    assert run.trainer.requests[3:] == whole.trainer.requests[2:]
    assert run.trainer.requests[2] == run.trainer.requests[3]
    assert [t.objective for t in run.progress.trials.values()] == [t.objective for t in whole.progress.trials.values()]


@pytest.mark.parametrize("search", [{}, {"acquisition": "gp_hedge"}, {"surrogate": "et"}])
def test_that_a_resumed_study_proposes_what_an_uninterrupted_one_would(tmp_path: Path, search: dict[str, str]) -> None:
    given = msgspec.convert(
        msgspec.to_builtins(settings(9)) | {"search": {"initial_points": 4, **search}}, StudySettings
    )
    whole = Run(tmp_path / "whole.afina")
    whole.start(given)
    run = Run(tmp_path / "a.afina")
    run.start(msgspec.structs.replace(given, budget=BudgetSettings(trials=5)))
    run.resume(7)
    run.resume(9)
    assert [r.values for r in run.trainer.requests] == [r.values for r in whole.trainer.requests]


def test_that_skip_gives_up_one_trial_only(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")

    def skip_second(event: Event) -> None:
        if getattr(event, "trial", 0) == 2 and getattr(event, "epoch", 0) == 3:
            run.control.skip(2)

    run.on_event = skip_second
    assert run.start(settings(4)).reason is StudyEnd.FINISHED
    assert [t.state for t in run.progress.trials.values()] == ["complete", "skipped", "complete", "complete"]
    assert len(run.progress.trials[2].losses) == 3


def test_that_a_skip_for_a_trial_that_has_ended_does_nothing(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    run.control.skip(1)
    run.on_event = lambda event: run.control.skip(1) if getattr(event, "trial", 0) > 1 else None
    run.start(settings(3))
    assert run.progress.count(TrialState.SKIPPED) <= 1
    assert run.progress.trials[3].state is TrialState.COMPLETE


def test_that_pause_stands_still_and_resume_goes_on(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(seconds=0.002))

    def pause_in_second(event: Event) -> None:
        if getattr(event, "trial", 0) == 2 and getattr(event, "epoch", 0) == 3:
            run.control.pause()

    run.on_event = pause_in_second
    thread = threading.Thread(target=lambda: run.start(settings(3)))
    thread.start()
    run.control.wait_for(StudyPhase.PAUSED)
    count = len(run.published)
    for _ in range(5):
        assert run.trainer.stood_still.acquire(timeout=PATIENCE)
    assert len(run.published) == count
    run.control.resume()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert run.progress.count(TrialState.COMPLETE) == 3


def test_that_a_paused_study_can_be_stopped(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    run.control.pause()
    thread = threading.Thread(target=lambda: run.start(settings(3)))
    thread.start()
    run.control.wait_for(StudyPhase.PAUSED)
    run.control.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert run.progress.end is not None
    assert run.progress.end.reason is StudyEnd.STOPPED


# Processes that are lost


class Lossy(ScriptedTrainer):
    """Has no process, for as long as `lost` is set, where it is asked for one."""

    def __init__(self, where: str, at: int) -> None:
        super().__init__()
        self._where, self._at = where, at
        self.lost = True

    def _look(self, where: str) -> None:
        if self.lost and where == self._where and len(self.requests) >= self._at:
            raise TrainerLost("The training process could not start")

    def ready(self, seconds: float) -> bool:
        self._look("ready")
        return super().ready(seconds)

    def start(self, request: TrialRequest) -> None:
        super().start(request)
        self._look("start")

    def reports(self, seconds: float) -> list[TrialReport]:
        if self.requests[-1].trial == self._at and not any(run.given_up for run in self._runs.values()):
            self._look("reports")
        return super().reports(seconds)


class LossySearcher(InlineSearcher):
    """Is lost at a number, for as long as `lost` is set, when it is asked or when it is to answer."""

    def __init__(self, when: str, at: int) -> None:
        super().__init__()
        self._when, self._at = when, at
        self.lost = True
        self.asked: list[ProposalRequest] = []

    def ask(self, request: ProposalRequest) -> None:
        self.asked.append(request)
        self._look("ask")
        super().ask(request)

    def answer(self, seconds: float) -> Proposal | None:
        self._look("answer")
        return super().answer(seconds)

    def _look(self, when: str) -> None:
        if self.lost and when == self._when and self.asked[-1].number == self._at:
            raise SearchLost("The search process was lost twice")


WHERE_LOST = [
    ("ready", 0),
    ("ready", 3),
    ("start", 1),
    ("start", 4),
    ("reports", 2),
    ("ask", 1),
    ("answer", 4),
    ("answer", 5),
]


@pytest.fixture(params=WHERE_LOST, ids=lambda where: f"{where[0]}-{where[1]}")
def lossy(request: pytest.FixtureRequest, tmp_path: Path) -> tuple["Run", "Lossy | LossySearcher"]:
    """Return a run, and what is lost in it."""
    where, at = request.param
    run = Run(tmp_path / "a.afina")
    if where in ("ask", "answer"):
        run.searcher = LossySearcher(where, at)
        return run, run.searcher
    run.trainer = Lossy(where, at)
    return run, run.trainer


def held(run: "Run", given: StudySettings) -> threading.Thread:
    thread = threading.Thread(target=lambda: run.start(given), daemon=True)
    thread.start()
    run.control.wait_for(StudyPhase.HELD)
    return thread


def test_that_a_lost_process_makes_the_study_stand_still_until_it_is_tried_again(
    lossy: tuple["Run", "Lossy | LossySearcher"], tmp_path: Path
) -> None:
    run, loser = lossy
    thread = held(run, settings(5, initial_points=4))
    assert "process" in run.control.trouble
    run.control.resume()  # in vain
    loser.lost = False
    run.control.resume()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    whole = Run(tmp_path / "whole.afina")
    whole.start(settings(5, initial_points=4))
    assert run.trainer.requests == whole.trainer.requests, "no number is lost, doubled or different"
    assert list(run.progress.trials.values()) == list(whole.progress.trials.values())
    assert read_study(run.path) == run.published
    assert run.progress.end is not None
    assert run.progress.end.reason is StudyEnd.FINISHED
    assert run.control.trouble == ""


def test_that_stop_ends_a_study_that_stands_still_and_keeps_everything(
    lossy: tuple["Run", "Lossy | LossySearcher"], tmp_path: Path
) -> None:
    run, loser = lossy
    thread = held(run, settings(5, initial_points=4))
    run.control.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert run.progress.end is not None
    assert run.progress.end.reason is StudyEnd.STOPPED
    assert read_study(run.path) == run.published
    loser.lost = False
    run.control = WatchedControl()
    assert run.resume(5).reason is StudyEnd.FINISHED
    whole = Run(tmp_path / "whole.afina")
    whole.start(settings(5, initial_points=4))
    numbers = [(t.number, t.values, t.losses, t.objective) for t in run.progress.trials.values()]
    assert numbers == [(t.number, t.values, t.losses, t.objective) for t in whole.progress.trials.values()]


def test_that_a_study_that_nobody_watches_tries_a_lost_process_again_by_itself(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", trainer := Lossy("ready", 2))
    run.control.retry_after = 0.0
    tries: list[str] = []

    def tell(_phase: StudyPhase, trouble: str) -> None:
        tries.append(trouble)
        trainer.lost = len(tries) < 3

    run.control._tell_trouble = tell
    assert run.start(settings(4)).reason is StudyEnd.FINISHED
    assert len(tries) == 3, "each loss is told"


def test_that_what_else_trains_stands_still_too_and_goes_on(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(uneven))
    run.trainer.resize(2)
    searcher = run.searcher = LossySearcher("answer", 4)
    thread = held(run, two_workers(6))
    (under_way,) = run.progress.under_way
    epochs = run.progress.trials[under_way].epoch
    searcher.lost = False
    run.control.resume()
    thread.join(PATIENCE)
    assert run.progress.count(TrialState.COMPLETE) == 6
    assert [request.trial for request in run.trainer.requests] == [1, 2, 3, 4, 5, 6]
    assert run.progress.trials[under_way].epoch >= epochs


def test_that_standing_still_is_not_counted_as_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = turn_clocks_by_hand(monkeypatch)
    run = Run(tmp_path / "a.afina", trainer := Lossy("ready", 2))
    thread = held(run, msgspec.structs.replace(settings(3), budget=BudgetSettings(trials=3, seconds=1.5)))
    clock.now += 20
    trainer.lost = False
    run.control.resume()
    thread.join(PATIENCE)
    assert run.progress.end is not None
    assert run.progress.end.reason is StudyEnd.FINISHED


def test_that_a_study_file_that_cannot_be_written_ends_the_study(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    first = study_started(tutorial_settings())
    with Store.create(run.path, first) as store:
        store._sequence = 0  # as when another writer has been at it
        with pytest.raises(StoreError, match="Another Afina is writing"):
            Study([first], store, run.trainer, InlineSearcher(), run.published.extend, run.control).start()
    assert run.published == [first]


def test_that_waiting_for_the_disk_is_not_counted_as_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = turn_clocks_by_hand(monkeypatch)
    run = Run(tmp_path / "a.afina")
    disk = TroubledStore(run, monkeypatch, at=2)
    thread = _start_in_thread(run, msgspec.structs.replace(settings(3), budget=BudgetSettings(trials=3, seconds=1.5)))
    clock.now += 2
    disk.trouble = False
    run.control.resume()
    thread.join(PATIENCE)
    assert run.progress.end is not None
    assert run.progress.end.reason is StudyEnd.FINISHED


def test_that_a_stop_tries_to_save_what_is_left_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path / "a.afina")
    record = Store.record
    refused = 0

    def locked_for_a_moment(store: Store, events: Sequence[Event]) -> None:
        nonlocal refused
        if isinstance(events[-1], StudyEnded) and refused < 2:
            refused += 1
            raise StoreBlocked("Another program has locked it")
        record(store, events)

    monkeypatch.setattr(Store, "record", locked_for_a_moment)
    run.on_event = lambda event: run.control.stop() if getattr(event, "trial", 0) == 2 else None
    assert run.start(settings(5)).reason is StudyEnd.STOPPED
    assert refused == 2
    assert read_study(run.path) == run.published


def test_that_a_metric_that_is_no_number_is_left_out_and_the_file_stays_readable(tmp_path: Path) -> None:
    class Odd(ScriptedTrainer):
        def reports(self, seconds: float) -> list[TrialReport]:
            return [
                msgspec.structs.replace(r, metrics=r.metrics | {"auc": float("nan")})
                if isinstance(r, EpochEnded)
                else r
                for r in super().reports(seconds)
            ]

    run = Run(tmp_path / "a.afina", Odd())
    assert run.start(settings(2)).reason is StudyEnd.FINISHED
    assert read_study(run.path) == run.published
    assert set(run.progress.trials[1].metrics) == {"mae", "val_mae"}


def test_that_a_pause_after_failures_says_why_even_when_others_were_skipped(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda r: bowl(r) if r.trial == 1 else "It does not fit"))
    run.on_event = lambda event: run.control.skip(1)
    end = run.start(msgspec.structs.replace(settings(9), limits=LimitSettings(failures_in_a_row=2)))
    assert run.progress.trials[1].state is TrialState.SKIPPED
    assert "The last one said: It does not fit." in end.message


def test_that_a_varied_number_of_epochs_is_trained_as_proposed(tmp_path: Path) -> None:
    ranges = ModelSettings().ranges | {"epochs": IntegerRange(2, 6), "batch_size": Fixed(30)}
    run = Run(tmp_path / "a.afina")
    run.start(msgspec.structs.replace(settings(5), model=ModelSettings(ranges=ranges)))
    for trial in run.progress.trials.values():
        assert len(trial.losses) == trial.values["epochs"]
    assert isinstance(run.progress.settings and run.progress.settings.varied["learning_rate"], FloatRange)


def test_that_a_whole_number_from_json_reaches_a_real_valued_parameter_as_a_real_number(tmp_path: Path) -> None:
    ranges = ModelSettings().ranges | {"learning_rate": Fixed(1)}
    run = Run(tmp_path / "a.afina")
    run.start(msgspec.structs.replace(settings(2), model=ModelSettings(ranges=ranges)))
    assert {type(request.values["learning_rate"]) for request in run.trainer.requests} == {float}


def test_that_a_study_may_have_a_single_trial(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    assert run.start(settings(1, initial_points=1)).reason is StudyEnd.FINISHED


def two_workers(trials: int = 8, **search: object) -> StudySettings:
    return msgspec.structs.replace(settings(trials, **search), workers=2)


def uneven(request: TrialRequest) -> Sequence[float]:
    """Return losses of trials of which every third takes three times as long."""
    return [*([99.0] * (6 if request.trial % 3 == 0 else 1)), bowl(request)[-1]]


def test_that_two_workers_train_two_trials_at_once_and_no_more(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(uneven))
    run.trainer.resize(2)
    assert run.start(two_workers()).reason is StudyEnd.FINISHED
    assert run.trainer.most_under_way == 2
    assert run.progress.count(TrialState.COMPLETE) == 8
    assert [request.trial for request in run.trainer.requests] == list(range(1, 9))
    assert read_study(run.path) == run.published


def test_that_a_free_worker_does_not_wait_for_a_slow_trial(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda r: [9.0] * (40 if r.trial == 1 else 2)))
    run.trainer.resize(2)
    run.start(two_workers(6))
    assert run.progress.finished == [2, 3, 4, 5, 6, 1]


def test_that_the_search_is_told_which_points_are_under_way(tmp_path: Path) -> None:
    asked: list[ProposalRequest] = []

    class Listening(InlineSearcher):
        def ask(self, request: ProposalRequest) -> None:
            asked.append(request)
            super().ask(request)

    run = Run(tmp_path / "a.afina", ScriptedTrainer(uneven))
    run.trainer.resize(2)
    first = study_started(two_workers())
    with Store.create(run.path, first) as store:
        Study([first], store, run.trainer, Listening(), run.published.extend, run.control).start()
    by_model = [request for request in asked if request.number > 2]
    assert len(by_model) == 6
    assert any(request.pending for request in by_model)
    points = {
        n: (t.values["learning_rate"], t.values["batch_size"])
        for n, t in StudyProgress.of(run.published).trials.items()
    }
    for request in by_model:
        known = {observation.trial for observation in request.observations}
        under_way = [points[number] for number in range(1, request.number) if number not in known]
        assert [(point["learning_rate"], point["batch_size"]) for point in request.pending] == under_way


def test_that_what_several_workers_had_under_way_runs_again_as_it_was(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(uneven))
    run.trainer.resize(2)
    run.on_event = lambda event: run.control.stop() if getattr(event, "trial", 0) == 6 else None
    assert run.start(two_workers()).reason is StudyEnd.STOPPED
    interrupted = run.progress.interrupted()
    assert len(interrupted) == 2
    before = {request.trial: request for request in run.trainer.requests}
    run.trainer.requests.clear()
    run.control, run.on_event = WatchedControl(), lambda _event: None
    assert run.resume(8).reason is StudyEnd.FINISHED
    assert run.trainer.requests[:2] == [before[number] for number in interrupted]
    assert run.progress.count(TrialState.COMPLETE) == 8
    assert len({tuple(trial.values.values()) for trial in run.progress.trials.values()}) == 8


def test_that_skip_gives_up_the_trial_that_is_meant_beside_another(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda _: [9.0, 8.0, 7.0, 6.0]))
    run.trainer.resize(2)
    run.on_event = lambda event: run.control.skip(2) if getattr(event, "epoch", 0) == 2 else None
    run.start(two_workers(4))
    assert [t.state for t in run.progress.trials.values()] == ["complete", "skipped", "complete", "complete"]


def test_that_an_exhausted_space_waits_for_the_trials_under_way(tmp_path: Path) -> None:
    ranges = ModelSettings().ranges | {"learning_rate": Fixed(0.01), "batch_size": IntegerRange(1, 3)}
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda r: [9.0] * (30 if r.trial == 1 else 2)))
    run.trainer.resize(2)
    end = run.start(msgspec.structs.replace(two_workers(20), model=ModelSettings(ranges=ranges)))
    assert end.reason is StudyEnd.EXHAUSTED
    assert run.progress.finished == [2, 3, 1]


def test_that_a_target_that_is_reached_gives_up_what_else_is_under_way(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda r: [9.0, 1.0] if r.trial == 2 else [9.0] * 50))
    run.trainer.resize(2)
    given = msgspec.structs.replace(two_workers(9), budget=BudgetSettings(trials=9, target=4.0))
    assert run.start(given).reason is StudyEnd.TARGET_REACHED
    assert run.progress.finished == [2]
    assert run.progress.interrupted() == [1]


def test_that_points_that_need_no_results_are_proposed_while_others_train(tmp_path: Path) -> None:
    asked_after: dict[int, int] = {}

    class Listening(InlineSearcher):
        def ask(self, request: ProposalRequest) -> None:
            asked_after[request.number] = sum(isinstance(event, TrialEnded) for event in run.published)
            super().ask(request)

    run = Run(tmp_path / "a.afina")
    first = study_started(settings(6, initial_points=4))
    with Store.create(run.path, first) as store:
        Study([first], store, run.trainer, Listening(), run.published.extend, run.control).start()
    assert asked_after == {1: 0, 2: 0, 3: 1, 4: 2, 5: 4, 6: 5}


# Data that change


class ReadsAnotherFile(ScriptedTrainer):
    """Finds, where its script has a text, that the data have changed."""

    def reports(self, seconds: float) -> list[TrialReport]:
        return [
            msgspec.structs.replace(report, reason=FailureReason.DATA_CHANGED)
            if isinstance(report, TrialEnded) and report.state is TrialState.FAILED
            else report
            for report in super().reports(seconds)
        ]


def on_houses(path: Path) -> StudySettings:
    path.write_text("size,price\n" + "".join(f"{n},{2 * n}\n" for n in range(40)))
    file = imported(path, 40, "price", Task.REGRESSION, {"size": ColumnRole.NUMBER})
    return msgspec.structs.replace(settings(4), data=DataSettings(file=file))


def data_of(request: TrialRequest) -> Fingerprint:
    assert request.data.file is not None
    return request.data.file.fingerprint


def test_that_data_that_a_trial_cannot_load_again_pause_the_study_and_cost_no_trial(tmp_path: Path) -> None:
    sentence = "houses.csv has changed since it was imported"
    run = Run(tmp_path / "a.afina", ReadsAnotherFile(lambda request: sentence if request.trial == 3 else bowl(request)))
    given = on_houses(tmp_path / "houses.csv")
    end = run.start(given)
    assert end.reason is StudyEnd.PAUSED
    assert end.message.startswith(
        f"Paused: {sentence}, so the trials to come cannot load it again. Best validation loss "
    )
    assert run.progress.finished == [1, 2]
    assert run.progress.interrupted() == [3]

    run.trainer, other = ScriptedTrainer(), Fingerprint(1, "other")
    run.resume(4, other)
    assert [request.trial for request in run.trainer.requests] == [3, 4]
    assert {data_of(request) for request in run.trainer.requests} == {other}, "what was accepted is what is trained on"
    assert run.progress.settings == given
    assert [trial.data for trial in run.progress.trials.values()] == [None, None, other, other]


def test_that_a_study_goes_on_with_changed_data_only_when_that_is_accepted(tmp_path: Path) -> None:
    trainer, path = ScriptedTrainer(lambda request: [1 / request.trial]), tmp_path / "a.afina"
    engine, control = scripted_engine(trainer), StudyControl()
    given = on_houses(tmp_path / "houses.csv")
    given = msgspec.structs.replace(given, data=msgspec.structs.replace(given.data, test_fraction=0.2))
    engine.start(given, path, lambda _events: None, control)
    (tmp_path / "houses.csv").write_text("size,price\n1,2\n")
    with pytest.raises(DataChanged, match=r"houses\.csv has changed"):
        engine.resume(ResumeRequest(path, 6), lambda _events: None, control)
    assert len(trainer.requests) == 4
    engine.resume(ResumeRequest(path, 6, with_changed_data=True), lambda _events: None, control)
    assert {data_of(request) for request in trainer.requests[4:]} == {fingerprint(tmp_path / "houses.csv")}
    progress = StudyProgress.of(read_study(path))
    assert progress.settings_of(progress.trials[1]) == given
    assert progress.settings_of(progress.trials[5]).data == trainer.requests[4].data
    assert progress.best is progress.trials[6]
    assert evaluation_request(progress).data == trainer.requests[5].data


def test_that_the_command_line_says_what_to_do_about_data_that_are_not_the_same(tmp_path: Path) -> None:
    engine, path, data = scripted_engine(ScriptedTrainer()), tmp_path / "a.afina", tmp_path / "houses.csv"
    engine.start(on_houses(data), path, lambda _events: None, StudyControl())
    data.write_text("size,price\n1,2\n")
    with pytest.raises(DataChanged, match="resume it --with-changed-data"):
        commands._go_on(ResumeRequest(path, 6), engine, lambda _events: None, StudyControl())
    data.unlink()
    with pytest.raises(DataGone, match=r"any more\. Put it back, and resume the study again"):
        commands._go_on(ResumeRequest(path, 6), engine, lambda _events: None, StudyControl())


def test_that_data_that_have_not_changed_after_all_are_the_studys_own(tmp_path: Path) -> None:
    engine, path = scripted_engine(ScriptedTrainer()), tmp_path / "a.afina"
    engine.start(on_houses(tmp_path / "houses.csv"), path, lambda _events: None, StudyControl())
    engine.resume(ResumeRequest(path, 5, with_changed_data=True), lambda _events: None, StudyControl())
    assert StudyProgress.of(read_study(path)).trials[5].data is None


def append_rows(table: Path) -> None:
    with table.open("a") as file:
        file.write("41,82\n")


def change_a_value(table: Path) -> None:
    table.write_text(table.read_text().replace("7,14", "7,15"))


def replace_by_one_as_old_and_long(table: Path) -> None:
    found, other = table.stat(), table.with_name("other.csv")
    other.write_text(table.read_text().replace("7,14", "7,15"))
    os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
    other.replace(table)


@pytest.mark.parametrize(
    ("happen", "sentence"),
    [
        (append_rows, "houses.csv has changed since it was imported: it has "),
        (change_a_value, "houses.csv has changed since it was imported"),
        (replace_by_one_as_old_and_long, "houses.csv has changed since it was imported"),
        (Path.unlink, "houses.csv is not in "),
    ],
)
def test_that_data_that_change_while_a_study_runs_are_told_within_a_trial_and_change_no_number(
    tmp_path: Path, happen: Callable[[Path], object], sentence: str
) -> None:
    run, table = Run(tmp_path / "a.afina"), tmp_path / "houses.csv"
    given = on_houses(table)

    def let_it_happen(event: Event) -> None:
        if isinstance(event, TrialStarted) and event.trial == 2:
            happen(table)

    run.on_event = let_it_happen
    assert run.start(given).reason is StudyEnd.FINISHED
    ((trial, change),) = run.progress.data_changes
    assert (trial, run.progress.data_change) == (2, change)
    assert change.startswith(sentence)
    assert [event.trial for event in run.published if isinstance(event, TrialEnded)] == [1, 2, 3, 4]
    assert read_study(run.path) == run.published
    whole = Run(tmp_path / "whole.afina")
    whole.start(on_houses(table))
    assert whole.progress.data_changes == []
    assert [t.objective for t in run.progress.trials.values()] == [t.objective for t in whole.progress.trials.values()]


def test_that_data_that_are_put_back_are_told_too(tmp_path: Path) -> None:
    run, table, away = Run(tmp_path / "a.afina"), tmp_path / "houses.csv", tmp_path / "away.csv"

    def move(event: Event) -> None:
        if isinstance(event, TrialStarted) and event.trial == 2:
            table.rename(away)
        if isinstance(event, TrialStarted) and event.trial == 3:
            away.rename(table)

    run.on_event = move
    assert run.start(on_houses(table)).reason is StudyEnd.FINISHED
    assert run.progress.data_changes == [(2, f"houses.csv is not in {tmp_path} any more"), (3, "")]
    assert run.progress.data_change == ""


def test_that_data_are_watched_as_the_user_accepted_them(tmp_path: Path) -> None:
    run, table = Run(tmp_path / "a.afina"), tmp_path / "houses.csv"
    run.start(on_houses(table))
    append_rows(table)
    run.resume(6, fingerprint(table))
    assert run.progress.data_changes == []
    run.on_event = lambda event: append_rows(table) if isinstance(event, TrialStarted) and event.trial == 7 else None
    run.resume(8, fingerprint(table))
    assert [trial for trial, _change in run.progress.data_changes] == [7]


def test_that_a_change_of_data_that_a_study_does_not_have_is_damage(tmp_path: Path) -> None:
    first = study_started(settings(2))
    with Store.create(tmp_path / "a.afina", first) as store:
        store.record([DataFileChanged(change="houses.csv is gone", time=1.0)])
    with pytest.raises(DamagedStudy, match="a data file changes in it that it does not have"):
        read_study(tmp_path / "a.afina")
