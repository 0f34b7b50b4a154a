"""Time that is counted for limits: whatever the computer's clock and its sleep do."""

import subprocess
import sys
import threading
from pathlib import Path
from time import perf_counter, sleep

import psutil
import pytest

import core.clock
from core.clock import ActiveClock, AwakeClock, seconds_awake
from tests.scripted import HandClock

ROOT = Path(__file__).resolve().parents[2]
TELLS_BOTH_TIMES = """
import time
from core.clock import seconds_awake
awake, began = seconds_awake(), time.perf_counter()
print("begun", flush=True)
input()
print(seconds_awake() - awake, time.perf_counter() - began)
"""


def ticked(clock: AwakeClock, time: HandClock, *steps: float) -> float:
    """Turn the time by the steps, with a tick after each; return the seconds that the clock has counted."""
    seconds = 0.0
    for step in steps:
        time.now += step
        seconds = clock.tick()
    return seconds


def test_that_only_time_in_which_something_ran_is_counted() -> None:
    time = HandClock()
    clock = ActiveClock(time)
    assert clock.tick() == 0
    for running in (True, False, True):
        time.now += 2
        clock.tick(running=running)
    assert clock.seconds == 4


def test_that_a_clock_can_begin_again() -> None:
    time = HandClock()
    clock = ActiveClock(time)
    clock.tick()
    time.now += 3
    clock.tick()
    clock.restart()
    time.now += 1
    assert clock.tick() == 1


@pytest.mark.parametrize("sleep", [1.5, 20, 29, 8 * 3600], ids=["a moment", "20 s", "29 s", "a night"])
def test_that_a_sleep_of_the_computer_is_not_taken_for_work(sleep: float) -> None:
    time = HandClock()
    clock = AwakeClock(time)
    assert ticked(clock, time, *[0.25] * 40) == 10
    assert ticked(clock, time, sleep) <= 10.25
    assert ticked(clock, time, *[0.25] * 40) <= 20.25


def test_that_many_sleeps_count_no_more_than_the_moments_between_them() -> None:
    time = HandClock()
    assert ticked(AwakeClock(time), time, *[0.25, 25] * 100) <= 50


def test_that_a_busy_computer_whose_ticks_come_late_counts_as_awake() -> None:
    time = HandClock()
    assert ticked(AwakeClock(time), time, *[0.9] * 100) == pytest.approx(90)


def test_that_the_clock_of_limits_stands_still_while_the_computer_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    time = HandClock()
    monkeypatch.setattr(core.clock, "_clock", AwakeClock(time))
    clock = ActiveClock()
    clock.restart()
    time.now += 8 * 3600
    assert clock.tick() <= 0.25


def test_that_the_clock_ticks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a batch of an hour, during which nobody asks for the time, would be taken for a sleep."""
    ticks = threading.Semaphore(0)
    monkeypatch.setattr(core.clock, "_clock", AwakeClock(HandClock()))
    monkeypatch.setattr(core.clock._clock, "tick", ticks.release)
    seconds_awake()
    for _ in range(3):
        assert ticks.acquire(timeout=60)


@pytest.mark.slow
def test_that_the_time_in_which_a_process_was_stopped_does_not_count() -> None:
    """To a process a stop of two seconds is what a night's sleep is to the computer."""
    stopped = 2.0
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", TELLS_BOTH_TIMES], cwd=ROOT, stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"begun"
        psutil.Process(process.pid).suspend()
        until = perf_counter() + stopped
        while perf_counter() < until:
            sleep(0.05)
        psutil.Process(process.pid).resume()
        process.stdin.write(b"\n")
        process.stdin.flush()
        awake, passed = map(float, process.stdout.read().split())
    assert passed >= stopped
    assert awake < passed - stopped + 1
