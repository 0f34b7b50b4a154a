"""The search space: decoding, counting and the grid."""

import pytest

from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Scale
from core.space import Space

MIXED = Space(
    {
        "rate": FloatRange(1e-4, 1e-1, Scale.LOG),
        "units": IntegerRange(16, 1024, Scale.LOG),
        "epochs": Fixed(10),
        "rule": Choices(("sgd", "adam")),
    }
)


def test_that_the_corners_of_the_cube_are_the_bounds() -> None:
    assert MIXED.decode([0.0, 0.0, 0.0]) == {"rate": pytest.approx(1e-4), "units": 16, "rule": "sgd"}
    top = MIXED.decode([0.999999999, 0.999999999, 0.999999999])
    assert top == {"rate": pytest.approx(0.1), "units": 1024, "rule": "adam"}
    assert 1e-4 <= float(top["rate"]) <= 0.1


def test_that_a_log_range_is_halved_at_its_geometric_mean() -> None:
    assert MIXED.decode([0.5, 0.5, 0.0])["rate"] == pytest.approx(10**-2.5)
    assert MIXED.decode([0.5, 0.5, 0.0])["units"] == pytest.approx(128, abs=2)


def test_that_every_integer_owns_an_equal_share_of_a_linear_range() -> None:
    space = Space({"n": IntegerRange(1, 4)})
    drawn = [space.decode([(i + 0.5) / 400])["n"] for i in range(400)]
    assert [drawn.count(n) for n in (1, 2, 3, 4)] == [100, 100, 100, 100]


def test_that_values_are_plain_python_types() -> None:
    point = MIXED.decode([0.3, 0.3, 0.3])
    assert [type(value) for value in point.values()] == [float, int, str]


def test_that_a_space_with_a_real_number_in_it_has_no_size() -> None:
    assert MIXED.size is None
    assert Space({"n": IntegerRange(1, 4), "rule": Choices(("a", "b", "c"))}).size == 12


def test_that_the_grid_has_the_bounds_and_no_point_twice() -> None:
    points = list(MIXED.grid(3))
    assert len(points) == MIXED.grid_size(3) == 18
    assert len({MIXED.key(point) for point in points}) == 18
    assert {point["rate"] for point in points} >= {1e-4, 1e-1}
    assert {point["units"] for point in points} == {16, 128, 1024}


def test_that_a_grid_has_no_more_integers_than_there_are() -> None:
    assert Space({"n": IntegerRange(1, 3)}).grid_size(10) == 3
