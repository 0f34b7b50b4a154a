"""The view that all plots share."""

import math

import numpy as np
import pytest

from core.figures.view import KeptView, ScaleChoice, ValueView, view_of_objectives

TUTORIAL = np.array([540.0, 17.38, 16.1, 300.0, 90.0, 15.76, 40.0, 25.0, math.nan, 16.16, 16.86, 21.05])


def view(values: object, **how: object) -> ValueView:
    return view_of_objectives(np.array(values, float), **({"higher_is_better": False} | how))  # type: ignore[arg-type]


def test_that_the_better_half_fills_the_view_of_the_tutorials_objectives() -> None:
    seen = view(TUTORIAL)
    low, high = seen.range
    assert not seen.log
    assert low == pytest.approx(15.76, abs=0.1)
    assert high == pytest.approx(15.76 + 1.5 * (17.38 - 15.76), abs=0.1)
    assert seen.beyond(TUTORIAL).sum() == 6


def test_that_everything_is_in_the_view_if_it_is_asked_for() -> None:
    seen = view(TUTORIAL, everything=True)
    assert seen.log  # 540 is more than 5 times the lowest
    assert not seen.beyond(TUTORIAL).any()


def test_that_an_outlier_of_the_better_half_is_left_out() -> None:
    seen = view([1.0, 1.1, 1.2, 90.0])
    assert seen.range[1] < 2


def test_that_no_value_is_shown_that_a_metric_cannot_have() -> None:
    low, high = view([0.97, 1.0, 0.99, 0.98], higher_is_better=True, bounds=(0.0, 1.0)).range
    assert high == 1.0
    assert 0.9 < low < 0.97


def test_that_a_best_of_zero_has_a_lane_on_a_logarithmic_axis() -> None:
    seen = view([0.0, 1e-6, 1e-3, 1e-4])
    assert seen.log
    assert seen.lane_name == "0"
    (place,) = seen.places(np.array([0.0]))
    assert seen.range[0] < place < math.log10(1e-6)


def test_that_values_below_zero_get_a_linear_axis_and_a_lane_where_a_logarithmic_one_is_chosen() -> None:
    values = [-1.0, 1e-3, 1.0, 10.0]
    assert not view(values).log
    seen = view(values, choice=ScaleChoice.LOG)
    assert seen.log
    assert seen.lane_name == "≤ 0"


def test_that_ties_for_the_best_leave_a_view_in_which_others_are_seen() -> None:
    values = [1.0] * 8 + [0.97, 0.95, 0.6]
    low, high = view(values, higher_is_better=True, bounds=(0.0, 1.0)).range
    assert low < 0.97
    assert high == 1.0


@pytest.mark.parametrize("values", [[], [math.nan], [3.0], [3.0, 3.0], [0.0], [-2.0], [1e300], [math.inf, 1.0]])
def test_that_odd_values_give_a_view_of_some_length(values: list[float]) -> None:
    low, high = view(values).range
    assert math.isfinite(low)
    assert low < high


def kept(*views: ValueView, running: bool = True) -> ValueView:
    """Return what is shown after these views, one after the other."""
    memory = KeptView()
    shown = [memory.keep(one, ScaleChoice.AUTOMATIC, everything=False, running=running) for one in views]
    return shown[-1]


def test_that_the_view_of_a_running_study_stays_while_it_suits() -> None:
    before = ValueView((10.0, 20.0))
    assert kept(before, ValueView((11.0, 19.0))) == before
    assert kept(before, ValueView((11.0, 15.0))) == ValueView((11.0, 15.0)), "half of it would be empty"
    assert kept(before, ValueView((9.9, 19.0))) == ValueView((9.9, 19.0)), "what is new would not be seen"
    assert kept(before, ValueView((11.0, 19.0), log=True)) == ValueView((11.0, 19.0), log=True)


def test_that_the_view_of_a_study_at_rest_depends_on_its_values_alone() -> None:
    assert kept(ValueView((10.0, 20.0)), ValueView((11.0, 19.0)), running=False) == ValueView((11.0, 19.0))
