"""Ranges with steps, levels, and off or on: what is in them."""

import pytest

from core.errors import InvalidSetting
from core.ranges import FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale, levels_of
from core.space import Space


@pytest.mark.parametrize(
    ("given", "levels"),
    [
        (IntegerRange(8, 30, step=8), (8, 16, 24)),
        (IntegerRange(16, 128, Scale.LOG, 2), (16, 32, 64, 128)),
        (FloatRange(0.1, 0.5, step=0.1), (0.1, 0.2, 0.3, 0.4, 0.5)),
        (FloatRange(1e-4, 1e-1, Scale.LOG, 10), (1e-4, 1e-3, 1e-2, 1e-1)),
        (Levels((16, 32, 128)), (16, 32, 128)),
        (OffOrOn(), (False, True)),
    ],
)
def test_that_steps_lead_from_low_to_at_most_high(given: IntegerRange, levels: tuple[float, ...]) -> None:
    space = Space({"n": given})
    assert levels_of(given) == levels
    assert space.size == len(levels)
    assert [point["n"] for point in space.all_points()] == list(levels)
    decoded = [space.decode([(i + 0.5) / len(levels)])["n"] for i in range(len(levels))]
    assert decoded == list(levels)
    assert [type(value) for value in decoded] == [type(level) for level in levels]


def test_that_numbers_without_steps_have_no_levels() -> None:
    assert levels_of(IntegerRange(1, 3)) is None
    assert levels_of(FloatRange(0.0, 1.0)) is None


@pytest.mark.parametrize(
    ("low", "high", "scale", "step", "message"),
    [
        (1.0, 2.0, Scale.LINEAR, -0.5, "must be above 0"),
        (1.0, 2.0, Scale.LINEAR, float("nan"), "must be above 0"),
        (1.0, 2.0, Scale.LOG, 1.0, "must be above 1 on a log scale"),
        (1.0, 2.0, Scale.LINEAR, 1.5, "leaves nothing but 1"),
        (1.0, 2.0, Scale.LOG, 3.0, "leaves nothing but 1"),
        (0.0, 1.0, Scale.LINEAR, 1e-300, "leaves more than 10,000 values"),
        (1.0, 2.0, Scale.LOG, 1.0000001, "leaves more than 10,000 values"),
    ],
)
def test_that_a_step_that_makes_no_range_is_refused(
    low: float, high: float, scale: Scale, step: float, message: str
) -> None:
    with pytest.raises(InvalidSetting, match=message) as caught:
        FloatRange(low, high, scale, step)
    assert caught.value.field == "step"


def test_that_a_grid_takes_levels_evenly_and_all_that_are_named() -> None:
    space = Space({"n": IntegerRange(0, 100, step=10), "m": Levels((1, 2, 4, 8)), "on": OffOrOn()})
    points = list(space.grid(3))
    assert {point["n"] for point in points} == {0, 50, 100}
    assert {point["m"] for point in points} == {1, 2, 4, 8}
    assert len(points) == space.grid_size(3) == 24


def test_that_levels_that_do_not_rise_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="numbers that rise"):
        Levels((2, 1))
    with pytest.raises(InvalidSetting, match="at least two"):
        Levels((2,))


def test_that_a_space_with_a_real_number_has_no_size() -> None:
    assert Space({"n": IntegerRange(1, 100), "m": Levels((1, 2, 4))}).size == 300
    mixed: dict[str, Range] = {"n": IntegerRange(1, 9), "x": FloatRange(0.0, 1.0)}
    assert Space(mixed).size is None
    assert Space(mixed | {"x": FloatRange(0.0, 1.0, step=0.5)}).size == 27
