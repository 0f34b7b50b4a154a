"""Real Keras: what a trial's numbers are, inline and in the worker, and what becomes of a worker that dies."""

import os
import signal
import time
from collections.abc import Iterator

import msgspec
import numpy as np
import psutil
import pytest

import core.training.trial
from core.datasets.settings import DataSettings
from core.events import EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.parameters import Value
from core.phases import Stage
from core.settings import LimitSettings
from core.trainers.inline import InlineTrainer
from core.trainers.trainer import Trainer
from core.trainers.workers import WorkerTrainer
from core.training.request import TrialRequest
from core.training.stopping import as_far_as_it_improves, up_to
from core.training.strategies import Pieces
from core.training.trial import TrialRun
from tests.scripted import HandClock

pytestmark = [pytest.mark.slow, pytest.mark.shares_processes, pytest.mark.usefixtures("keras_at_hand")]

PATIENCE = 120.0  # seconds that a training, or loading Keras, may take on a busy machine


def request(trial: int = 1, seed: int = 5, data: DataSettings | None = None, **values: Value) -> TrialRequest:
    given: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 5, "optimizer": "sgd"}
    return TrialRequest(trial, "linear", given | values, seed, data or DataSettings(), 0)


def wait_until_ready(trainer: Trainer) -> None:
    deadline = time.monotonic() + PATIENCE
    while not trainer.ready(0.1):
        assert time.monotonic() < deadline


def until_end(trainer: Trainer) -> list[TrialReport]:
    reports: list[TrialReport] = []
    deadline = time.monotonic() + PATIENCE
    while not reports or not isinstance(reports[-1], TrialEnded):
        assert time.monotonic() < deadline
        reports += trainer.reports(0.02)
    return reports


def train(trainer: Trainer, asked: TrialRequest) -> tuple[list[EpochEnded], TrialEnded]:
    trainer.start(asked)
    *epochs, end = until_end(trainer)
    assert isinstance(end, TrialEnded)
    return [epoch for epoch in epochs if isinstance(epoch, EpochEnded)], end


def numbers(epochs: list[EpochEnded]) -> list[tuple[float, float, dict[str, float]]]:
    return [(epoch.loss, epoch.val_loss, epoch.metrics) for epoch in epochs]


@pytest.fixture(scope="module")
def inline() -> Iterator[InlineTrainer]:
    trainer = InlineTrainer()
    wait_until_ready(trainer)
    yield trainer
    trainer.close()


@pytest.fixture(scope="module")
def shared_worker() -> Iterator[WorkerTrainer]:
    trainer = WorkerTrainer()
    yield trainer
    trainer.close()


@pytest.fixture
def worker(shared_worker: WorkerTrainer) -> WorkerTrainer:
    """Return a trainer with a loaded worker, in which trials may have been trained before."""
    wait_until_ready(shared_worker)
    return shared_worker


@pytest.mark.parametrize(("batch_size", "optimizer"), [(1, "sgd"), (37, "adam"), (1000, "rmsprop")])
def test_that_the_numbers_are_those_of_keras_fit(inline: InlineTrainer, optimizer: str, batch_size: int) -> None:
    from core.datasets.prepare import prepare
    from core.models.families.linear import build
    from core.models.family import DataShape

    asked = request(optimizer=optimizer, batch_size=batch_size, epochs=2)
    epochs, end = train(inline, asked)
    data = prepare(asked.data, asked.split_seed)
    model = build(asked.values, DataShape(data.x_train.shape[1:]), asked.seed)
    for epoch in epochs:
        order = np.random.default_rng([asked.seed, epoch.epoch]).permutation(len(data.x_train))
        history = model.fit(
            data.x_train[order],
            data.y_train[order],
            batch_size=batch_size,
            shuffle=False,
            verbose=0,
            validation_data=(data.x_val, data.y_val),
        ).history
        assert epoch.loss == pytest.approx(history["loss"][0], rel=1e-4)
        assert epoch.val_loss == pytest.approx(history["val_loss"][0], rel=1e-4)
        assert epoch.metrics["val_mae"] == pytest.approx(history["val_mae"][0], rel=1e-4)
    assert end.objective == epochs[-1].val_loss


def test_that_a_time_limit_ends_a_trial_that_is_trained_inline_too(inline: InlineTrainer) -> None:
    train(inline, request(epochs=2000))  # the loop is compiled
    asked = msgspec.structs.replace(request(epochs=1_000_000), limits=LimitSettings(trial_seconds=0.5))
    epochs, end = train(inline, asked)
    assert epochs
    assert (end.state, end.reason) == (TrialState.FAILED, FailureReason.TIME_LIMIT)
    assert end.message == "It took longer than the 0.50 s that a trial may take"
    assert end.seconds >= 0.5


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    """Give the clock by which the seconds of a trial are counted."""
    clock = HandClock()
    monkeypatch.setattr(core.training.trial, "seconds_awake", clock)
    return clock


@pytest.mark.parametrize(
    ("planned", "patience", "course", "epochs"),
    [(9, 2, [3.0, 4.0, 5.0, 6.0], 3), (2, 0, [3.0, 2.0], 2)],
    ids=["stopped early", "last epoch"],
)
def test_that_a_training_that_is_complete_when_its_time_is_up_is_complete(
    planned: int, patience: int, course: list[float], epochs: int, clock: HandClock
) -> None:
    asked = msgspec.structs.replace(request(epochs=planned, patience=patience), limits=LimitSettings(trial_seconds=0.1))
    run = TrialRun(asked, lambda _fit: as_far_as_it_improves(_ending_late(course, epochs, clock), asked))
    reports, end = advanced_to_its_end(run)
    assert len(reports) == epochs
    assert (end.state, end.epoch) == (TrialState.COMPLETE, epochs)


def test_that_an_evaluation_that_is_complete_when_its_time_is_up_is_complete(clock: HandClock) -> None:
    asked = msgspec.structs.replace(request(), limits=LimitSettings(trial_seconds=0.1), test_epochs=(2,))
    _reports, end = advanced_to_its_end(TrialRun(asked, lambda _fit: up_to(_ending_late([3.0, 2.0, 1.0], 2, clock), 2)))
    assert (end.state, end.objective) == (TrialState.COMPLETE, 2.0)


def test_that_a_training_with_trainings_to_come_fails_when_its_time_is_up(clock: HandClock) -> None:
    asked = msgspec.structs.replace(
        request(data=DataSettings(folds=2), epochs=2), limits=LimitSettings(trial_seconds=0.1)
    )
    _reports, end = advanced_to_its_end(
        TrialRun(asked, lambda _fit: as_far_as_it_improves(_ending_late([3.0, 2.0], 2, clock), asked))
    )
    assert end.reason is FailureReason.TIME_LIMIT


def _ending_late(course: list[float], late: int, clock: HandClock) -> Pieces:
    """Yield epochs with that validation loss, one a piece; by that one the time is up."""
    for epoch, loss in enumerate(course, 1):
        if epoch == late:
            clock.now += 0.11
        yield ({"loss": loss, "val_loss": loss},)


def advanced_to_its_end(run: TrialRun) -> tuple[list[TrialReport], TrialEnded]:
    reports: list[TrialReport] = []
    while True:
        reports += run.advance()
        if reports and isinstance(end := reports[-1], TrialEnded):
            return reports[:-1], end


def test_that_a_trials_numbers_do_not_depend_on_those_before_it(inline: InlineTrainer) -> None:
    first, _ = train(inline, request())
    train(inline, request(trial=2, seed=9, learning_rate=0.05, batch_size=7))
    train(inline, request(trial=3, learning_rate=50.0))
    train(inline, request(trial=4, optimizer="adam"))
    again, _ = train(inline, request(trial=5))
    assert numbers(first) == numbers(again)


def test_that_worker_and_inline_give_the_same_numbers(inline: InlineTrainer, worker: WorkerTrainer) -> None:
    for batch_size in (1, 32):
        assert numbers(train(inline, request(batch_size=batch_size))[0]) == numbers(
            train(worker, request(batch_size=batch_size))[0]
        )


def test_that_a_diverging_trial_ends_at_once_with_its_reason_and_epoch(inline: InlineTrainer) -> None:
    _, end = train(inline, request(learning_rate=50.0, epochs=1000))
    assert (end.state, end.reason, end.objective) == (TrialState.FAILED, FailureReason.DIVERGED, None)
    assert end.epoch == 1
    assert "epoch 1" in end.message


def test_that_raw_features_diverge_at_the_tutorials_learning_rates(inline: InlineTrainer) -> None:
    _, end = train(inline, request(data=DataSettings(standardise=False), learning_rate=0.001))
    assert end.reason is FailureReason.DIVERGED


def test_that_an_error_in_the_model_is_the_trials_result(inline: InlineTrainer) -> None:
    _, end = train(inline, request(optimizer="lion"))
    assert (end.state, end.reason) == (TrialState.FAILED, FailureReason.MODEL_ERROR)
    assert "lion" in end.message


def test_that_leaving_a_column_out_leaves_twelve_features(inline: InlineTrainer) -> None:
    from core.datasets.prepare import prepare

    data = prepare(DataSettings(excluded=("b",)), 0)
    assert data.x_train.shape == (405, 12)
    assert data.x_val.shape == (101, 12)
    assert "b" not in data.names
    assert train(inline, request(data=DataSettings(excluded=("b",))))[1].state is TrialState.COMPLETE


def test_that_only_the_training_part_decides_the_standardisation() -> None:
    from core.datasets.prepare import prepare

    data = prepare(DataSettings(), 3)
    assert abs(data.x_train.mean(axis=0)).max() < 1e-5
    assert abs(data.x_val.mean(axis=0)).max() > 1e-3


@pytest.fixture
def trainer(request: pytest.FixtureRequest) -> Trainer:
    found: Trainer = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("trainer", ["inline", "worker"], indirect=True)
def test_that_skip_acts_within_a_long_trial(trainer: Trainer) -> None:
    """It would take many minutes; how soon a skip is done is for the benchmark to say."""
    trainer.start(request(batch_size=1, epochs=100_000))
    for _ in range(20):
        trainer.reports(0.02)
    trainer.give_up(1, TrialState.SKIPPED)
    end = until_end(trainer)[-1]
    assert isinstance(end, TrialEnded)
    assert end.state is TrialState.SKIPPED


def test_that_a_paused_worker_stands_still_and_then_goes_on_as_if_nothing_had_been(
    inline: InlineTrainer, worker: WorkerTrainer
) -> None:
    asked = request(batch_size=4, epochs=40)
    worker.start(asked)
    before = worker.reports(PATIENCE)
    worker.pause()
    process = psutil.Process(next(worker.workers).pid)
    deadline = time.monotonic() + PATIENCE
    used = -1.0
    while (reports := worker.reports(0.3)) or process.cpu_times().user > used:  # a busy machine lets it wait, too
        before += reports
        used = process.cpu_times().user
        assert time.monotonic() < deadline
    assert worker.reports(0.3) == []
    worker.resume()
    epochs = [r for r in before + until_end(worker) if isinstance(r, EpochEnded)]
    assert numbers(epochs) == numbers(train(inline, asked)[0])


def test_that_a_killed_worker_costs_one_trial_and_is_replaced(worker: WorkerTrainer) -> None:
    worker.start(request(batch_size=1, epochs=100_000))
    worker.reports(PATIENCE)
    os.kill(next(worker.workers).pid, signal.SIGKILL)
    end = until_end(worker)[-1]
    assert isinstance(end, TrialEnded)
    assert (end.state, end.reason) == (TrialState.FAILED, FailureReason.WORKER_LOST)
    assert "SIGKILL" in end.message
    assert train(worker, request(trial=2))[1].state is TrialState.COMPLETE


def test_that_a_worker_killed_while_idle_costs_nothing(worker: WorkerTrainer) -> None:
    os.kill(next(worker.workers).pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(next(worker.workers).pid)], timeout=PATIENCE)
    assert train(worker, request())[1].state is TrialState.COMPLETE


def test_that_a_worker_killed_while_loading_is_replaced_once() -> None:
    trainer = WorkerTrainer()
    os.kill(next(trainer.workers).pid, signal.SIGKILL)
    wait_until_ready(trainer)
    assert train(trainer, request())[1].state is TrialState.COMPLETE
    trainer.close()


def test_that_a_worker_that_does_not_answer_is_replaced_and_its_trial_given_up(
    worker: WorkerTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.trainers.slot.PATIENCE", 0.5)
    worker.start(request(batch_size=1, epochs=100_000))
    worker.reports(PATIENCE)
    os.kill(next(worker.workers).pid, signal.SIGSTOP)
    worker.give_up(1, TrialState.INTERRUPTED)
    end = until_end(worker)[-1]
    assert isinstance(end, TrialEnded)
    assert end.state is TrialState.INTERRUPTED
    assert train(worker, request(trial=2))[1].state is TrialState.COMPLETE


def test_that_a_long_trial_tells_that_it_compiles_and_then_reports_its_epochs_as_they_come(
    worker: WorkerTrainer,
) -> None:
    worker.start(request(trial=9, batch_size=7, epochs=3000))
    stages: list[Stage] = []
    pieces: list[int] = []
    reports: list[TrialReport] = []
    deadline = time.monotonic() + PATIENCE
    while not reports or not isinstance(reports[-1], TrialEnded):
        assert time.monotonic() < deadline
        reports = worker.reports(0.02)
        pieces.append(sum(isinstance(report, EpochEnded) for report in reports))
        stages += [stage for number, stage in worker.stages.items() if number == 9 and stage not in stages[-1:]]
    assert stages[-2:] == [Stage.COMPILING, Stage.TRAINING]
    assert worker.stages == {}
    assert sum(pieces) == 3000
    assert max(pieces) < 1000


def test_that_a_trial_that_is_trained_inline_lets_the_study_know_before_it_compiles(inline: InlineTrainer) -> None:
    inline.start(request(batch_size=11, epochs=1_000_000))
    stages = []
    while not inline.reports(1.0):
        stages += list(inline.stages.values())
    assert stages[-2:] == [Stage.COMPILING, Stage.TRAINING]
    inline.give_up(1, TrialState.SKIPPED)
    assert isinstance(until_end(inline)[-1], TrialEnded)
