"""Ranges check themselves and say what is wrong."""

import pytest

from core.errors import InvalidSetting
from core.models.declarations import BATCH_SIZE, LEARNING_RATE, OPTIMISER
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Scale


def test_that_low_above_high_is_refused_with_both_numbers() -> None:
    with pytest.raises(InvalidSetting, match=r"Low \(0\.1\) must be below high \(0\.01\)") as caught:
        FloatRange(0.1, 0.01)
    assert caught.value.field == "low"


def test_that_equal_bounds_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="Low and high are both 5: widen the range, or fix the value"):
        IntegerRange(5, 5)


@pytest.mark.parametrize("bound", [float("nan"), float("inf"), float("-inf")])
def test_that_a_bound_that_is_no_finite_number_is_refused(bound: float) -> None:
    with pytest.raises(InvalidSetting, match="must be a finite number"):
        FloatRange(bound, 1.0)
    with pytest.raises(InvalidSetting, match="must be a finite number"):
        FloatRange(0.0, bound)
    with pytest.raises(InvalidSetting, match="must be a finite number"):
        Fixed(bound)


def test_that_a_log_range_needs_a_low_above_zero() -> None:
    with pytest.raises(InvalidSetting, match=r"Low \(0\) must be above 0 for a log scale"):
        FloatRange(0.0, 1.0, Scale.LOG)


def test_that_one_choice_is_no_range() -> None:
    with pytest.raises(InvalidSetting, match="at least two"):
        Choices(("sgd",))


def test_that_a_parameter_refuses_values_beyond_its_limits() -> None:
    with pytest.raises(InvalidSetting, match=r"Low \(0\) must be above 0"):
        LEARNING_RATE.range(0.0, 0.1)
    with pytest.raises(InvalidSetting, match=r"The value \(0\) must be at least 1"):
        BATCH_SIZE.fixed(0)
    with pytest.raises(InvalidSetting, match="knows no 'lion'"):
        OPTIMISER.fixed("lion")


@pytest.mark.parametrize(
    ("parameter", "wrong"),
    [
        (LEARNING_RATE, IntegerRange(1, 2)),
        (LEARNING_RATE, Fixed("x")),
        (LEARNING_RATE, Fixed(True)),
        (BATCH_SIZE, FloatRange(1.0, 2.0)),
        (BATCH_SIZE, Fixed(1.5)),
        (OPTIMISER, Fixed(3)),
        (OPTIMISER, IntegerRange(1, 2)),
    ],
)
def test_that_a_parameter_refuses_the_range_of_another_kind(parameter: object, wrong: object) -> None:
    with pytest.raises(InvalidSetting, match="takes"):
        parameter.check(wrong)  # type: ignore[attr-defined]


def test_that_first_ranges_are_those_of_the_tutorial() -> None:
    assert LEARNING_RATE.first_range() == FloatRange(1e-4, 1e-1, Scale.LOG)
    assert BATCH_SIZE.first_range() == IntegerRange(1, 100)
