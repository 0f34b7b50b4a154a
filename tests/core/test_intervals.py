"""Confidence intervals: known values of Wilson's, and how often the intervals hold the truth in simulations."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from core.training.intervals import Interval, of_mean, of_root, of_share, wilson


@pytest.mark.parametrize(
    ("right", "rows", "expected"),
    [
        (81, 263, (0.2553, 0.3662)),  # R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998)
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
        (20, 20, (0.8389, 1.0)),
        (1, 1, (0.2065, 1.0)),
    ],
)
def test_that_a_shares_interval_is_wilsons(right: int, rows: int, expected: Interval) -> None:
    answers = np.repeat([1.0, 0.0], [right, rows - right])
    assert of_share(answers) == pytest.approx(expected, abs=5e-5)
    assert wilson(right / rows, rows) == of_share(answers)


def test_that_a_means_interval_is_students() -> None:
    # W. S. Gosset's "Student", The probable error of a mean (1908): the sleep gained by the second drug over the first
    gains = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    assert of_mean(gains - 1.0) == pytest.approx((0.7001142 - 1.0, 2.4598858 - 1.0), abs=1e-6)
    low, _high = of_mean(gains / np.array([1, 1, 1, 1, 1, 1, 1, 1, 0.01, 1])) or (1.0, 1.0)
    assert low == 0.0, "a mean of losses is not negative"


def test_that_one_row_or_group_says_nothing_of_a_mean() -> None:
    assert of_mean(np.array([3.0])) is None
    assert of_root(np.array([3.0]), 3.0**0.5) is None
    assert of_mean(np.array([3.0, 4.0]), np.array([0, 0])) is None
    assert of_share(np.array([1.0, 0.0]), np.array([0, 0])) is None
    assert of_mean(np.zeros(5)) == (0.0, 0.0)


def test_that_groups_of_one_row_change_nothing_of_a_mean() -> None:
    values = np.random.default_rng(1).normal(5.0, 1.0, 40)
    assert of_mean(values, np.arange(40)) == pytest.approx(of_mean(values))


def test_that_groups_with_one_answer_count_once() -> None:
    answers = (np.random.default_rng(2).random(50) < 0.7).astype(float)
    low, high = of_share(np.repeat(answers, 4), np.repeat(np.arange(50), 4)) or (0.0, 1.0)
    alone_low, alone_high = of_share(answers) or (0.0, 1.0)
    assert (high - low) == pytest.approx(alone_high - alone_low, rel=0.05)
    assert of_share(np.ones(200), np.repeat(np.arange(50), 4)) == pytest.approx(of_share(np.ones(50)), abs=5e-3)


def test_that_a_roots_interval_is_that_of_the_squares_and_lies_about_the_mean_of_roots() -> None:
    squares = np.random.default_rng(3).normal(0, 2.0, 100) ** 2
    low, high = of_mean(squares) or (0.0, 0.0)
    root = float(np.sqrt(squares.mean()))
    assert of_root(squares, root) == pytest.approx((low**0.5, high**0.5))
    assert of_root(squares, 0.9 * root) == pytest.approx((0.9 * low**0.5, 0.9 * high**0.5))
    assert of_root(np.zeros(4), 0.0) == (0.0, 0.0)


Draw = Callable[[np.random.Generator], tuple[NDArray[np.float64], NDArray[np.int64] | None]]


def normal(rng: np.random.Generator) -> tuple[NDArray[np.float64], None]:
    return rng.normal(3.0, 1.0, 30), None


def absolute_errors(rng: np.random.Generator) -> tuple[NDArray[np.float64], None]:
    return np.abs(rng.normal(0.0, 1.0, 100)), None


def in_groups(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    sizes = rng.integers(1, 9, 40)
    levels = rng.normal(3.0, 1.0, 40)
    groups = np.repeat(np.arange(40), sizes)
    return levels[groups] + rng.normal(0.0, 0.5, len(groups)), groups


def mostly_right(rng: np.random.Generator) -> tuple[NDArray[np.float64], None]:
    return (rng.random(100) < 0.97).astype(float), None


def right_in_groups(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    groups = np.repeat(np.arange(40), 5)
    difficulty = rng.beta(9.0, 1.0, 40)
    return (rng.random(200) < difficulty[groups]).astype(float), groups


@pytest.mark.parametrize(
    ("draw", "truth", "interval"),
    [
        (normal, 3.0, of_mean),
        (absolute_errors, float(np.sqrt(2 / np.pi)), of_mean),
        (in_groups, 3.0, of_mean),
        (mostly_right, 0.97, of_share),
        (right_in_groups, 0.9, of_share),
    ],
)
def test_that_95_of_100_intervals_hold_the_truth(
    draw: Draw,
    truth: float,
    interval: Callable[[NDArray[np.float64], NDArray[np.int64] | None], Interval | None],
) -> None:
    rng, held, times = np.random.default_rng(0), 0, 2000
    for _ in range(times):
        low, high = interval(*draw(rng)) or (0.0, 0.0)
        held += low <= truth <= high
    assert 0.925 < held / times < 0.975


def test_that_rows_of_groups_taken_as_single_rows_would_seem_too_sure() -> None:
    rng, held, times = np.random.default_rng(0), 0, 500
    for _ in range(times):
        low, high = of_mean(in_groups(rng)[0]) or (0.0, 0.0)
        held += low <= 3.0 <= high
    assert held / times < 0.8
