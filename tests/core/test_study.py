"""The study's loop, with a scripted trainer and a real file."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from core.control import StudyControl, StudyPhase
from core.errors import StoreError, TrainerLost
from core.events import Event, StudyEnd, StudyEnded, TrialState
from core.parameters import Choices, Fixed, FloatRange, IntegerRange
from core.progress import StudyProgress
from core.search.searchers import InlineSearcher
from core.settings import (
    BudgetSettings,
    DataSettings,
    ModelSettings,
    SearchMethod,
    SearchSettings,
    StudySettings,
    tutorial_settings,
)
from core.store import Store
from core.study import Study
from core.training_request import TrialRequest
from tests.scripted import ScriptedTrainer, bowl


def settings(trials: int = 5, **search: object) -> StudySettings:
    found = SearchSettings(initial_points=2)
    return StudySettings(search=msgspec.structs.replace(found, **search), budget=BudgetSettings(trials=trials))


class Run:
    """Runs a study in this thread; `on_event` may ask for things while it runs."""

    def __init__(self, path: Path, trainer: ScriptedTrainer | None = None) -> None:
        self.path = path
        self.trainer = trainer or ScriptedTrainer()
        self.control = StudyControl()
        self.published: list[Event] = []
        self.on_event: Callable[[Event], None] = lambda _event: None

    def start(self, given: StudySettings) -> StudyEnded:
        with Store.create(self.path) as store:
            return self._study(store).start(given)

    def resume(self, trials: int) -> StudyEnded:
        events = Store.read(self.path)
        self.published = list(events)
        with Store.open(self.path) as store:
            return self._study(store).resume(events, trials)

    def _study(self, store: Store) -> Study:
        return Study(store, self.trainer, InlineSearcher(), self._publish, self.control)

    def _publish(self, events: Sequence[Event]) -> None:
        assert Store.read(self.path)[-len(events) :] == list(events), "on the screen before it was on the disk"
        self.published += events
        for event in events:
            self.on_event(event)

    @property
    def progress(self) -> StudyProgress:
        return StudyProgress(self.published)


def test_that_a_study_runs_its_trials_and_ends_once(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    end = run.start(settings(5))
    assert end.reason is StudyEnd.FINISHED
    assert [t.state for t in run.progress.trials.values()] == [TrialState.COMPLETE] * 5
    assert sum(isinstance(event, StudyEnded) for event in run.published) == 1
    assert run.control.phase is StudyPhase.ENDED
    assert Store.read(run.path) == run.published


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


def test_that_failure_of_the_whole_initial_design_ends_the_study_with_advice(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda _: "The loss became infinite in epoch 1"))
    end = run.start(msgspec.structs.replace(settings(5), data=DataSettings(standardise=False)))
    assert end.reason is StudyEnd.FAILED
    assert "Standardise" in end.message
    assert len(run.progress.trials) == 2


def test_that_a_user_who_insists_can_go_on_after_such_a_failure(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina", ScriptedTrainer(lambda _: "The loss became infinite in epoch 1"))
    run.start(settings(5))
    assert run.resume(5).reason is StudyEnd.FINISHED
    assert len(run.progress.trials) == 5


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
    run.control, run.on_event = StudyControl(), lambda _event: None
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
    deadline = time.monotonic() + 10
    while run.control.phase is not StudyPhase.PAUSED and time.monotonic() < deadline:
        time.sleep(0.005)
    count = len(run.published)
    time.sleep(0.15)
    assert len(run.published) == count
    run.control.resume()
    thread.join(10)
    assert not thread.is_alive()
    assert run.progress.count(TrialState.COMPLETE) == 3


def test_that_a_paused_study_can_be_stopped(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    run.control.pause()
    thread = threading.Thread(target=lambda: run.start(settings(3)))
    thread.start()
    deadline = time.monotonic() + 10
    while run.control.phase is not StudyPhase.PAUSED and time.monotonic() < deadline:
        time.sleep(0.005)
    run.control.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert run.progress.end is not None
    assert run.progress.end.reason is StudyEnd.STOPPED


def test_that_a_lost_trainer_ends_the_study_once_and_is_told(tmp_path: Path) -> None:
    class Lost(ScriptedTrainer):
        def start(self, request: TrialRequest) -> None:
            raise TrainerLost("The training process could not be restarted")

    run = Run(tmp_path / "a.afina", Lost())
    with pytest.raises(TrainerLost):
        run.start(settings(3))
    ends = [event for event in run.published if isinstance(event, StudyEnded)]
    assert [end.reason for end in ends] == [StudyEnd.FAILED]
    assert run.control.phase is StudyPhase.ENDED


def test_that_a_study_file_that_cannot_be_written_ends_the_study(tmp_path: Path) -> None:
    run = Run(tmp_path / "a.afina")
    with Store.create(run.path) as store:
        store.close()
        with pytest.raises(StoreError):
            Study(store, run.trainer, InlineSearcher(), run.published.extend, run.control).start(tutorial_settings())
    assert run.published == []


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
