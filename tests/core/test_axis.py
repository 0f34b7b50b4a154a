"""An axis of the unit cube: one formula for one number and for many."""

import numpy as np
import pytest

from core.axis import Axis
from core.parameters import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale
from core.search.encoding import ARRAYS

RANGES = [
    FloatRange(1e-4, 1e-1, Scale.LOG),
    FloatRange(-3.0, 5.0),
    IntegerRange(16, 1024, Scale.LOG),
    IntegerRange(1, 3),
    IntegerRange(16, 128, Scale.LOG, 2),
    Choices(("tanh", "relu", "elu")),
    Levels((1, 3, 7)),
    OffOrOn(),
]
UNITS = np.random.default_rng(0).random(200)


@pytest.mark.parametrize("given", RANGES)
def test_that_one_coordinate_and_many_lead_to_the_same_numbers(given: Range) -> None:
    axis = Axis(given)
    numbers = axis.number(UNITS, ARRAYS)
    assert numbers == pytest.approx([axis.number(unit) for unit in UNITS.tolist()])
    assert axis.unit(numbers, ARRAYS) == pytest.approx([axis.unit(number) for number in numbers.tolist()])
    assert axis.share(numbers, ARRAYS) == pytest.approx([axis.share(number) for number in numbers.tolist()])


@pytest.mark.parametrize("given", RANGES)
def test_that_a_numbers_coordinate_leads_back_to_it(given: Range) -> None:
    axis = Axis(given)
    numbers = axis.number(UNITS, ARRAYS)
    assert axis.number(axis.unit(numbers, ARRAYS), ARRAYS) == pytest.approx(numbers)


def test_that_the_ends_of_a_log_axis_stay_in_the_range() -> None:
    for low, high in ((1e-4, 1e-1), (3e-7, 0.3), (0.1, 0.7)):
        axis = Axis(FloatRange(low, high, Scale.LOG))
        assert low <= float(axis.value(0.0)) <= float(axis.value(np.nextafter(1, 0))) <= high
