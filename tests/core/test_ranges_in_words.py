"""Ranges in the few words that a cell holds."""

import pytest

from core.models.declarations import ACTIVATION, BATCH_NORMALISATION, BATCH_SIZE, EPOCHS, L2, LEARNING_RATE, PATIENCE
from core.parameters import (
    Choices,
    Fixed,
    FloatRange,
    IntegerRange,
    Levels,
    OffOrOn,
    OrdinalParameter,
    Parameter,
    Range,
    Scale,
    Value,
)
from core.words.ranges import meaning_in_a_cell, number_in_a_cell, range_in_words, scale_in_a_cell

KERNEL = OrdinalParameter(name="kernel", label="Kernel", help="", default=3, levels=(1, 3, 7))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((0.0, "0"), (64, "64"), (0.1 + 0.2, "0.30000000000000004"), (1e-4, "0.0001"), (-2.5e-4, "-2.5e-4")),
        *((0.00025, "0.00025"), (1e-5, "0.00001"), (1.5e-5, "1.5e-5"), (1e-6, "1e-6"), (1e22, "1e+22")),
    ],
)
def test_that_a_number_in_a_cell_is_exact_and_plain_where_that_is_short(number: float, text: str) -> None:
    assert number_in_a_cell(number) == text
    assert float(text) == number


@pytest.mark.parametrize(
    ("parameter", "value", "meaning"),
    [
        *((L2, 0.0, "off"), (L2, 0.1, "L2"), (PATIENCE, 0, "never ends early"), (PATIENCE, None, "epochs")),
        *((EPOCHS, 10, ""), (BATCH_NORMALISATION, False, "")),
    ],
)
def test_that_a_fixed_value_has_a_meaning(parameter: Parameter, value: Value | None, meaning: str) -> None:
    assert meaning_in_a_cell(parameter, value) == meaning


def test_that_a_scale_tells_its_steps() -> None:
    assert [scale_in_a_cell(Scale.LINEAR, None), scale_in_a_cell(Scale.LOG, 0)] == ["linear", "log"]
    assert [scale_in_a_cell(Scale.LINEAR, 0.5), scale_in_a_cell(Scale.LOG, 2)] == ["lin +0.5", "log ×2"]
    assert scale_in_a_cell(Scale.LINEAR, 1000) == "+1000", "the name would be cut"


@pytest.mark.parametrize(
    ("parameter", "given", "words"),
    [
        (BATCH_SIZE, IntegerRange(1, 100), "1 to 100, linear"),
        (BATCH_SIZE, IntegerRange(8, 64, Scale.LOG, 2), "8 to 64, log ×2"),
        (LEARNING_RATE, FloatRange(1e-4, 0.1, Scale.LOG), "0.0001 to 0.1, log"),
        (EPOCHS, Fixed(10), "10"),
        (L2, Fixed(0.0), "0, off"),
        (ACTIVATION, Fixed("relu"), "ReLU"),
        (ACTIVATION, Choices(("relu", "tanh")), "ReLU, tanh"),
        (KERNEL, Levels((1, 7)), "1, 7"),
        (BATCH_NORMALISATION, Fixed(False), "off"),
        (BATCH_NORMALISATION, OffOrOn(), "off and on"),
    ],
)
def test_that_a_range_is_said_in_a_few_words(parameter: Parameter, given: Range, words: str) -> None:
    assert range_in_words(parameter, given) == words
