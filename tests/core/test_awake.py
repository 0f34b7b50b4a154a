"""The computer stays awake while a study is at work, and may fall asleep as soon as it is not."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

import core.awake
from core.awake import Awake
from core.datasets.settings import DataSettings
from core.errors import AfinaError, StoreBlocked, TrainerLost
from core.events import Event, TrialReport
from core.rehearsal.rehearser import Rehearser
from core.search.searchers import InlineSearcher
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings, TrainerKind, tutorial_settings
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.local_engine import LocalEngine
from tests.desktop import NEEDS_A_BUS, Desktop, desktop
from tests.scripted import ScriptedTrainer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
SETTINGS = StudySettings(search=SearchSettings(initial_points=2), budget=BudgetSettings(trials=3))


class NotedAwake(Awake):
    """Notes what it is asked; keeps nothing awake."""

    def __init__(self) -> None:
        super().__init__()
        self.awake = False
        self.times = 0
        self.threads: set[int] = set()
        self.changed = threading.Condition()

    def keep(self, awake: bool) -> None:
        self.threads.add(threading.get_ident())
        with self.changed:
            self.times += awake and not self.awake
            self.awake = awake
            self.changed.notify_all()

    def wait_until(self, awake: bool) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.awake is awake, PATIENCE)


class EndlessTrainer(ScriptedTrainer):
    """Reports no epoch until a test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Event()

    def reports(self, seconds: float) -> list[TrialReport]:
        given_up = any(run.given_up for run in self._runs.values())
        if given_up or self._paused or self.may_go_on.wait(seconds):
            return super().reports(seconds)
        return []


def engine_with(awake: Awake, trainer: ScriptedTrainer | None = None) -> LocalEngine:
    trained = trainer or ScriptedTrainer()
    return LocalEngine(
        {kind: lambda: trained for kind in TrainerKind}, dict.fromkeys(TrainerKind, InlineSearcher), awake=awake
    )


class InThread:
    """A study that runs in a thread of its own, as in the window."""

    def __init__(self, path: Path, awake: Awake, trainer: EndlessTrainer | None = None) -> None:
        self.trainer, self.control = trainer or EndlessTrainer(), StudyControl()
        engine = engine_with(awake, self.trainer)
        self._thread = threading.Thread(target=lambda: engine.start(SETTINGS, path, lambda _events: None, self.control))
        self._thread.start()

    def end(self) -> None:
        self.trainer.may_go_on.set()
        self._thread.join(PATIENCE)


def test_that_the_computer_stays_awake_while_a_study_runs_and_not_after_it(tmp_path: Path) -> None:
    awake = NotedAwake()
    seen: list[bool] = []
    engine = engine_with(awake)
    engine.start(SETTINGS, tmp_path / "a.afina", lambda _events: seen.append(awake.awake), StudyControl())
    assert all(seen[:-1])
    assert (awake.awake, awake.times) == (False, 1)
    engine.resume(ResumeRequest(tmp_path / "a.afina", 5), lambda _events: None, StudyControl())
    assert (awake.awake, awake.times) == (False, 2)


def test_that_it_may_fall_asleep_while_the_study_is_paused(tmp_path: Path) -> None:
    awake = NotedAwake()
    study = InThread(tmp_path / "a.afina", awake)
    for times in (1, 2, 3):
        awake.wait_until(True)
        assert awake.times == times
        study.control.pause()
        awake.wait_until(False)
        study.control.resume()
    study.end()
    assert not awake.awake
    assert awake.threads == {study._thread.ident}, "the services may take seconds, in which no window may stand still"


def test_that_it_may_fall_asleep_while_the_study_waits_for_its_file_whose_tries_do_not_wake_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    awake, tries = NotedAwake(), threading.Semaphore(0)
    record, broken = Store.record, threading.Event()

    def recorded(store: Store, events: Sequence[Event]) -> None:
        if broken.is_set():
            tries.release()
            raise StoreBlocked("The disk is full")
        record(store, events)

    monkeypatch.setattr(Store, "record", recorded)
    study = InThread(tmp_path / "a.afina", awake)
    awake.wait_until(True)
    broken.set()
    study.trainer.may_go_on.set()
    awake.wait_until(False)
    for _ in range(3):
        study.control.resume()
        assert tries.acquire(timeout=PATIENCE)
    assert awake.times == 1
    broken.clear()
    study.control.resume()
    study.end()
    assert (awake.awake, awake.times) == (False, 2)


@pytest.mark.parametrize("how", ["stopped", "failed"])
def test_that_it_may_fall_asleep_after_a_study_that_was_cut_short(tmp_path: Path, how: str) -> None:
    class FailingTrainer(ScriptedTrainer):
        def reports(self, seconds: float) -> list[TrialReport]:
            raise AfinaError("The training cannot go on")

    awake, control = NotedAwake(), StudyControl()
    if how == "stopped":
        control.stop()
        engine_with(awake).start(SETTINGS, tmp_path / "a.afina", lambda _events: None, control)
    else:
        with pytest.raises(AfinaError, match="cannot go on"):
            engine_with(awake, FailingTrainer()).start(SETTINGS, tmp_path / "a.afina", lambda _events: None, control)
    assert (awake.awake, awake.times) == (False, 1)


def test_that_it_may_fall_asleep_while_a_process_is_lost(tmp_path: Path) -> None:
    class LosingTrainer(EndlessTrainer):
        def reports(self, seconds: float) -> list[TrialReport]:
            if not self.may_go_on.is_set():
                raise TrainerLost("The training process could not be restarted")
            return super().reports(seconds)

    awake = NotedAwake()
    study = InThread(tmp_path / "a.afina", awake, LosingTrainer())
    awake.wait_until(True)
    awake.wait_until(False)
    study.trainer.may_go_on.set()
    study.control.resume()
    study.end()
    assert (awake.awake, awake.times) == (False, 2)


def test_that_an_evaluation_keeps_it_awake_too(tmp_path: Path) -> None:
    awake, path = NotedAwake(), tmp_path / "a.afina"
    settings = msgspec.structs.replace(SETTINGS, data=DataSettings(test_fraction=0.2))
    engine = engine_with(awake)
    engine.start(settings, path, lambda _events: None, StudyControl())
    assert engine.evaluate(path, lambda _events: None, StudyControl()) is not None
    assert (awake.awake, awake.times) == (False, 2)


def test_that_watching_the_study_of_another_program_keeps_nothing_awake(tmp_path: Path) -> None:
    awake, path = NotedAwake(), tmp_path / "a.afina"
    engine_with(NotedAwake()).start(SETTINGS, path, lambda _events: None, StudyControl())
    engine_with(awake).watch(path, lambda _events: None, StudyControl())
    assert awake.times == 0


# The services of the system


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    with desktop(tmp_path, monkeypatch) as made:
        yield made


@NEEDS_A_BUS
def test_that_a_desktop_is_asked_not_to_suspend_and_told_when_it_may(services: Desktop) -> None:
    awake = Awake()
    for times in (1, 2):
        awake.keep(True)
        awake.keep(True)
        assert len(services.inhibitors) == 1
        awake.keep(False)
        assert not services.inhibitors
        names = [name for name, _arguments in services.asked]
        assert names == ["Inhibit", "Uninhibit"] * times
    _application, _window, _reason, flags = services.asked[0][1]
    assert flags == 4, "suspending, and not the darkness of the screen"


@NEEDS_A_BUS
def test_that_a_program_that_is_killed_keeps_nothing_awake(services: Desktop) -> None:
    code = "import time; from core.awake import Awake; awake = Awake(); awake.keep(True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as program:
        services.wait_for(lambda: bool(services.inhibitors))
        program.send_signal(signal.SIGKILL)
    services.wait_for(lambda: not services.inhibitors)


@NEEDS_A_BUS
@pytest.mark.slow
def test_that_a_rehearsal_keeps_it_awake_by_its_own_process(services: Desktop) -> None:
    rehearser = Rehearser()
    try:
        rehearser.begin(tutorial_settings(), 0)
        services.wait_for(lambda: bool(services.inhibitors))
        while not rehearser.over:
            rehearser.look(0.05)
    finally:
        rehearser.close()
    services.wait_for(lambda: not services.inhibitors)


@NEEDS_A_BUS
@pytest.mark.parametrize("services_there", [False, True], ids=["no bus", "the service goes away"])
def test_that_a_desktop_that_does_not_answer_stops_nothing_and_is_told_of_once(
    services: Desktop, services_there: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "core.awake")
    awake = Awake()
    if services_there:
        awake.keep(True)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    awake.keep(False)
    for _ in range(3):
        awake.keep(True)
        awake.keep(False)
    told = [record.getMessage() for record in caplog.records if record.name == "core.awake"]
    assert len(told) == 1
    assert told[0].startswith("The computer may fall asleep while a study runs: ")
    assert len(told[0]) < 600


def test_that_a_fault_of_wakepy_is_no_fault_of_a_study(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_stack: object) -> str:
        raise RuntimeError("a bug of theirs")

    monkeypatch.setattr(core.awake, "_ask_to_stay_awake", broken)
    Awake().keep(True)


@NEEDS_A_BUS
def test_that_no_garbage_is_collected_in_the_thread_of_the_study(
    services: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would destroy objects of the window there, and wakepy does so where a connection ends."""
    collections: list[object] = []

    def collect(*generation: int) -> int:
        collections.append(generation)
        return 0

    monkeypatch.setattr("gc.collect", collect)
    awake = Awake()
    awake.keep(True)
    awake.keep(False)
    assert [name for name, _arguments in services.asked] == ["Inhibit", "Uninhibit"]
    assert not collections


def test_that_the_start_of_the_program_loads_no_wakepy() -> None:
    code = "import sys, gui.app, core.headless.commands; assert not {'wakepy', 'jeepney'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)
