"""The worker process, when models do their worst in it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import core.trainers.slot
import core.trainers.standby
import core.trainers.worker
from core.datasets.settings import DataSettings
from core.events import EpochEnded, FailureReason, TrialEnded, TrialState
from core.models.families.linear import FAMILY as LINEAR
from core.settings import LimitSettings
from core.trainers.worker import wait_for_any
from core.trainers.workers import WorkerTrainer
from core.training.request import TrialRequest
from tests import evil

pytestmark = [pytest.mark.slow, pytest.mark.shares_processes, pytest.mark.usefixtures("keras_at_hand")]

WARM = 120.0  # seconds that loading TensorFlow may take on a busy machine


def request(trial: int, batch_size: int, *, epochs: int = 2, limits: LimitSettings | None = None) -> TrialRequest:
    return TrialRequest(
        trial=trial,
        family_name=LINEAR.name,
        values={"learning_rate": 0.01, "batch_size": batch_size, "epochs": epochs, "optimizer": "sgd"},
        seed=trial,
        data=DataSettings(),
        split_seed=0,
        limits=limits or LimitSettings(),
    )


def finish(trainer: WorkerTrainer) -> TrialEnded:
    deadline = time.monotonic() + WARM
    while time.monotonic() < deadline:
        for report in trainer.reports(0.02):
            if isinstance(report, TrialEnded):
                return report
    raise AssertionError("the trial did not end")


def compile_long_trials(trainer: WorkerTrainer) -> None:
    """Train a trial that is long enough to be compiled, which takes some seconds; those after it need not be."""
    trainer.start(request(4, evil.GOOD, epochs=2000))
    assert finish(trainer).state is TrialState.COMPLETE


@pytest.fixture(scope="module")
def evil_trainer() -> Iterator[WorkerTrainer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.trainers.standby, "SPARE_DELAY", 0.0)
        trainer = WorkerTrainer(evil.run_evil_worker)
        yield trainer
        trainer.close()


@pytest.fixture
def trainer(evil_trainer: WorkerTrainer) -> WorkerTrainer:
    """Return a trainer with a loaded worker and a second one at hand."""
    for slot in evil_trainer._slots:
        if slot.trial is not None:  # left by a test that failed
            evil_trainer.give_up(slot.trial, TrialState.SKIPPED)
            finish(evil_trainer)
    deadline = time.monotonic() + WARM
    while not evil_trainer.ready(0.1):
        assert time.monotonic() < deadline
    evil_trainer.start(request(1, evil.GOOD))
    assert finish(evil_trainer).state is TrialState.COMPLETE
    while not evil_trainer.spare_ready:
        wait_for_any(evil_trainer.workers, 0.1)
        assert time.monotonic() < deadline
    return evil_trainer


@pytest.mark.parametrize(
    ("misdeed", "reason", "sentence"),
    [
        (evil.ABORT, FailureReason.WORKER_LOST, "crashed (SIGABRT). The last that it printed: cannot go on"),
        (evil.SEGFAULT, FailureReason.WORKER_LOST, "crashed (SIGSEGV)"),
        (evil.EXIT, FailureReason.WORKER_LOST, "ended itself with exit code 3"),
        (evil.HOG, FailureReason.MEMORY_LIMIT, "a trial may use 2,000 MB"),
        (evil.LOOP, FailureReason.TIME_LIMIT, "longer than the 2.0 s"),
        (evil.C_LOOP, FailureReason.TIME_LIMIT, "longer than the 2.0 s"),
        (evil.RAISE, FailureReason.MODEL_ERROR, "ValueError: Dense needs a positive number of units"),
        (evil.SYS_EXIT, FailureReason.MODEL_ERROR, "sys.exit('no more')"),
        (evil.MEMORY_ERROR, FailureReason.OUT_OF_MEMORY, "memory did not suffice"),
    ],
)
def test_that_a_trial_that_fails_says_why_and_the_next_one_has_a_worker_that_is_loaded(
    trainer: WorkerTrainer, misdeed: int, reason: FailureReason, sentence: str
) -> None:
    loaded = {worker.pid for worker in trainer.workers}  # the fixture has waited for both
    seconds = 2.0 if misdeed in (evil.LOOP, evil.C_LOOP) else 60.0
    trainer.start(request(7, misdeed, limits=LimitSettings(trial_seconds=seconds, trial_megabytes=2000)))
    end = finish(trainer)
    assert (end.trial, end.state, end.reason) == (7, TrialState.FAILED, reason)
    assert sentence in end.message
    next_worker = next(trainer.workers).pid
    assert next_worker in loaded, "the next trial would wait for TensorFlow"
    trainer.start(request(8, evil.GOOD))
    reports = trainer.reports(WARM)
    assert reports
    if not isinstance(reports[-1], TrialEnded):
        assert finish(trainer).state is TrialState.COMPLETE
    assert next(trainer.workers).pid == next_worker


def test_that_a_model_may_print_as_much_as_it_likes(trainer: WorkerTrainer) -> None:
    trainer.start(request(3, evil.PRINT))
    assert finish(trainer).state is TrialState.COMPLETE


def test_that_a_worker_that_hangs_is_found_out_without_a_limit(
    trainer: WorkerTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.trainers.slot, "SILENCE", 1.0)
    trainer.start(request(4, evil.C_LOOP))
    end = finish(trainer)
    assert end.reason is FailureReason.HUNG
    assert "Nothing has been heard of it for 1." in end.message


def test_that_a_time_limit_does_not_count_pauses(trainer: WorkerTrainer) -> None:
    compile_long_trials(trainer)
    limit, pause = 1.0, 3.0
    trainer.start(request(5, evil.GOOD, epochs=1_000_000, limits=LimitSettings(trial_seconds=limit)))
    assert any(isinstance(report, EpochEnded) for report in trainer.reports(WARM))
    trainer.pause()
    deadline = time.monotonic() + pause
    while time.monotonic() < deadline:
        assert not any(isinstance(report, TrialEnded) for report in trainer.reports(0.05))
    trainer.resume()
    end = finish(trainer)
    assert end.reason is FailureReason.TIME_LIMIT
    assert 0.9 * limit < end.seconds < pause


@pytest.mark.parametrize(
    ("how", "state"),
    [
        (evil.LOOP, TrialState.SKIPPED),
        (signal.SIGSTOP, TrialState.INTERRUPTED),
        (signal.SIGKILL, TrialState.SKIPPED),
    ],
)
def test_that_a_trial_is_given_up_whatever_the_worker_does(trainer: WorkerTrainer, state: TrialState, how: int) -> None:
    """How soon, whatever is asked for, is for the benchmark to say."""
    trainer.start(request(6, evil.LOOP if how == evil.LOOP else evil.GOOD, epochs=1_000_000))
    trainer.reports(0.3)
    if how != evil.LOOP:
        os.kill(next(trainer.workers).pid, how)
    trainer.give_up(6, state)
    assert finish(trainer).state in (state, TrialState.FAILED if how == signal.SIGKILL else state)


def test_that_nobody_waits_for_a_busy_worker_while_another_one_stands_by(
    trainer: WorkerTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.trainers.slot, "PATIENCE", 10 * WARM)
    trainer.start(request(8, evil.LOOP))
    trainer.reports(0.3)
    trainer.give_up(8, TrialState.SKIPPED)
    assert finish(trainer).state is TrialState.SKIPPED


def test_that_a_worker_whose_memory_grows_is_replaced_between_two_trials(
    trainer: WorkerTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = next(trainer.workers).pid
    monkeypatch.setattr(core.trainers.worker, "GROWTH", -1)
    trainer.start(request(9, evil.GOOD))
    assert finish(trainer).state is TrialState.COMPLETE
    assert next(trainer.workers).pid != before
    assert not psutil.pid_exists(before)


def test_that_the_death_of_both_idle_workers_costs_no_study(trainer: WorkerTrainer) -> None:
    assert len(list(trainer.workers)) == 2
    for worker in list(trainer.workers):
        os.kill(worker.pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(worker.pid)], timeout=WARM)
    trainer.start(request(10, evil.GOOD))
    assert finish(trainer).state is TrialState.COMPLETE


def test_that_standing_still_is_not_charged_to_the_trial(trainer: WorkerTrainer) -> None:
    limit = 2.0
    compile_long_trials(trainer)
    trainer.start(request(11, evil.GOOD, epochs=1_000_000, limits=LimitSettings(trial_seconds=limit)))
    trainer.reports(0.2)
    trainer.pause()
    time.sleep(1.1 * (limit + core.trainers.slot.GRACE))  # nobody asks for reports while the study waits for its file
    trainer.resume()
    assert not any(isinstance(report, TrialEnded) for report in trainer.reports(0.1))
    trainer.give_up(11, TrialState.SKIPPED)
    assert finish(trainer).seconds < limit


def test_that_two_workers_train_at_once_and_the_loss_of_one_costs_one_trial(trainer: WorkerTrainer) -> None:
    trainer.resize(2)
    try:
        wait_for_both(trainer)
        trainer.start(request(12, evil.GOOD, epochs=1_000_000))
        trainer.start(request(13, evil.GOOD, epochs=1_000_000))
        assert not trainer.ready(0)
        seen: set[int] = set()
        deadline = time.monotonic() + WARM
        while seen != {12, 13} and time.monotonic() < deadline:
            seen |= {report.trial for report in trainer.reports(0.02)}
        assert seen == {12, 13}
        os.kill(next(trainer.workers).pid, signal.SIGKILL)
        assert finish(trainer).reason is FailureReason.WORKER_LOST
        reports = trainer.reports(WARM)
        assert {report.trial for report in reports} == {13}
        trainer.give_up(13, TrialState.SKIPPED)
        assert finish(trainer).state is TrialState.SKIPPED
    finally:
        trainer.resize(1)


def wait_for_both(trainer: WorkerTrainer) -> None:
    deadline = time.monotonic() + WARM
    while not all(worker.ready for worker in list(trainer.workers)[:2]):
        trainer.ready(0.1)
        for slot in trainer._slots:
            slot.is_loaded()
        assert time.monotonic() < deadline


def test_that_a_worker_does_not_outlive_its_parent_even_in_an_endless_loop() -> None:
    code = (
        "from tests.evil import run_evil_worker, LOOP\n"
        "from tests.flow.test_worker import request\n"
        "from core.trainers.workers import WorkerTrainer\n"
        "import sys\n"
        "if __name__ == '__main__':\n"
        "    trainer = WorkerTrainer(run_evil_worker)\n"
        "    while not trainer.ready(0.1): pass\n"
        "    trainer.start(request(1, LOOP)); trainer.reports(0.5)\n"
        "    print(next(trainer.workers).pid, flush=True); sys.stdin.read()\n"
    )
    with psutil.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
    ) as parent:
        pid = int(parent.stdout.readline())
        children = parent.children(recursive=True)
        assert pid in [child.pid for child in children]
        parent.kill()
        _gone, alive = psutil.wait_procs(children, timeout=WARM)
        assert not alive
