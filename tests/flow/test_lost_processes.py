"""Real processes that are killed twice in a row: the study stands still, and goes on as if nothing had been."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import pytest

import core.children.spare
from core.errors import TrainerLost
from core.events import Event, StudyEnd, StudyEnded, TrialEnded
from core.progress import StudyProgress
from core.search.searchers import InlineSearcher, SearchProcess
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings, TrainerKind
from core.store.reader import read_study
from core.study.control import StudyControl, StudyPhase
from core.study.engine import ResumeRequest
from core.study.local_engine import LocalEngine
from core.trainers.worker import Worker
from core.trainers.workers import WorkerTrainer
from tests.children import train_by_script

pytestmark = pytest.mark.slow

PATIENCE = 120.0  # seconds that processes may take on a busy machine
GIVEN = StudySettings(search=SearchSettings(initial_points=2), budget=BudgetSettings(trials=4))


@pytest.fixture(autouse=True)
def no_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no spare worker: each loss is one of the worker itself."""
    monkeypatch.setattr(core.children.spare, "room_for_spare", lambda: False)


class Laboratory:
    """Runs a study in a thread, with real processes in which nothing is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "a.afina"
        self.told: list[str] = []
        self.control = self._new_control()
        self.published: list[Event] = []
        self.on_event: Callable[[Event], None] = lambda _event: None
        self.searcher: SearchProcess | None = None
        self._thread = threading.Thread()
        self.engine = LocalEngine(
            {TrainerKind.WORKER: lambda: WorkerTrainer(partial(train_by_script, folder))},
            {TrainerKind.WORKER: InlineSearcher},
        )

    def _new_control(self) -> StudyControl:
        return StudyControl(lambda _phase, trouble: self.told.append(trouble))

    @property
    def trainer(self) -> WorkerTrainer:
        trainer = self.engine._trainer
        assert isinstance(trainer, WorkerTrainer)
        return trainer

    def with_search_process(self) -> SearchProcess:
        """Let the search run in a process of its own; return it."""
        searcher = self.searcher = SearchProcess()
        self.engine._searchers = {TrainerKind.WORKER: lambda: searcher}
        return searcher

    def start(self, given: StudySettings = GIVEN) -> None:
        self._run(lambda: self.engine.start(given, self.path, self._publish, self.control))

    def resume(self) -> None:
        self.control = self._new_control()
        self._run(lambda: self.engine.resume(ResumeRequest(self.path, 4), self._publish, self.control))

    def _run(self, work: Callable[[], object]) -> None:
        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def _publish(self, events: Sequence[Event]) -> None:
        self.published += events
        for event in events:
            self.on_event(event)

    def wait_until_held(self) -> None:
        wait_for(lambda: self.control.phase is StudyPhase.HELD)

    def end(self) -> StudyEnd:
        """Wait for the end of the study; return its reason."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        last = self.published[-1]
        assert isinstance(last, StudyEnded)
        return last.reason

    def numbers(self) -> list[object]:
        """Return all that makes the trials, as the file has it."""
        trials = StudyProgress.of(read_study(self.path)).trials
        return [(number, t.values, t.seed, t.val_losses, t.objective, t.state) for number, t in trials.items()]


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline
        sleep(0.01)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Laboratory]:
    laboratory = Laboratory(tmp_path)
    yield laboratory
    laboratory.control.stop()
    laboratory._thread.join(PATIENCE)
    laboratory.engine.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """Return the numbers of a study that nothing has happened to."""
    laboratory = Laboratory(tmp_path_factory.mktemp("whole"))
    laboratory.start()
    assert laboratory.end() is StudyEnd.FINISHED
    laboratory.engine.close()
    return laboratory.numbers()


def test_that_a_worker_that_is_killed_twice_while_it_loads_pauses_the_study(
    lab: Laboratory, whole: list[object]
) -> None:
    (lab.folder / "lose").touch()
    lab.start()
    lab.wait_until_held()
    assert lab.control.trouble.startswith("The training process could not start: it was killed (SIGKILL)")
    lab.control.resume()  # in vain
    wait_for(lambda: len(lab.told) == 2)
    (lab.folder / "lose").unlink()
    lab.control.resume()
    assert lab.end() is StudyEnd.FINISHED
    assert lab.numbers() == whole


def lose_all_after_the_second_trial(lab: Laboratory) -> None:
    """Let the worker end after the second trial, and those that take its place while they load."""
    (lab.folder / "end after 2").touch()

    def wait_for_the_loss(event: Event) -> None:
        if isinstance(event, TrialEnded) and event.trial == 2:
            (lab.folder / "lose").touch()
            next(lab.trainer.workers).child._process.join(PATIENCE)

    lab.on_event = wait_for_the_loss


def test_that_workers_that_are_lost_between_two_trials_cost_none(lab: Laboratory, whole: list[object]) -> None:
    lose_all_after_the_second_trial(lab)
    lab.start()
    lab.wait_until_held()
    (lab.folder / "lose").unlink()
    lab.control.resume()
    assert lab.end() is StudyEnd.FINISHED
    assert lab.numbers() == whole


def test_that_a_study_stopped_while_no_worker_loads_goes_on_later(lab: Laboratory, whole: list[object]) -> None:
    lose_all_after_the_second_trial(lab)
    lab.start()
    lab.wait_until_held()
    lab.control.stop()
    assert lab.end() is StudyEnd.STOPPED
    (lab.folder / "lose").unlink()
    lab.resume()
    assert lab.end() is StudyEnd.FINISHED
    assert lab.numbers() == whole


def test_that_a_trial_for_which_the_system_gives_no_process_keeps_its_number(
    lab: Laboratory, whole: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_all_after_the_second_trial(lab)
    lab.engine.warm()
    take, refuses = lab.trainer._standby.take, True

    def refuse() -> Worker:
        if refuses:
            raise TrainerLost("The training process could not start: the system gives no more processes")
        return take()

    monkeypatch.setattr(lab.trainer._standby, "take", refuse)
    lab.start()
    lab.wait_until_held()
    assert "no more processes" in lab.control.trouble
    (lab.folder / "lose").unlink()
    refuses = False
    lab.control.resume()
    assert lab.end() is StudyEnd.FINISHED
    assert lab.numbers() == whole


def pid_of(searcher: SearchProcess) -> int:
    with suppress(ValueError):  # it is just being replaced
        return searcher.pid
    return 0


@pytest.mark.parametrize("stop", [True, False])
def test_that_a_search_that_is_killed_twice_pauses_the_study(lab: Laboratory, whole: list[object], stop: bool) -> None:
    searcher, killed = lab.with_search_process(), set[int]()

    def kill(event: Event) -> None:
        if isinstance(event, TrialEnded) and event.trial == 2:
            os.kill(searcher.pid, signal.SIGKILL)
            killed.add(searcher.pid)

    lab.on_event = kill
    lab.start()
    wait_for(lambda: bool(killed) and pid_of(searcher) not in {0, *killed})
    os.kill(searcher.pid, signal.SIGKILL)
    lab.wait_until_held()
    assert "the search process was lost twice: it was killed (SIGKILL)" in lab.control.trouble
    if stop:
        lab.control.stop()
        assert lab.end() is StudyEnd.STOPPED
        lab.resume()
    else:
        lab.control.resume()
    assert lab.end() is StudyEnd.FINISHED
    assert lab.numbers() == whole
