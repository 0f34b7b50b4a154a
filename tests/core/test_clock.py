"""Time that is counted for limits: whatever the computer's clock and its sleep do."""

from core.clock import ActiveClock
from tests.scripted import HandClock


def test_that_only_time_in_which_something_ran_is_counted() -> None:
    time = HandClock()
    clock = ActiveClock(time)
    assert clock.tick() == 0
    for running in (True, False, True):
        time.now += 2
        clock.tick(running=running)
    assert clock.seconds == 4


def test_that_a_sleep_of_the_computer_is_not_taken_for_work() -> None:
    time = HandClock()
    clock = ActiveClock(time)
    clock.tick()
    time.now += 8 * 3600
    assert clock.tick() == 30
    time.now += 1
    assert clock.tick() == 31


def test_that_a_clock_can_begin_again() -> None:
    time = HandClock()
    clock = ActiveClock(time)
    clock.tick()
    time.now += 3
    clock.tick()
    clock.restart()
    time.now += 1
    assert clock.tick() == 1
