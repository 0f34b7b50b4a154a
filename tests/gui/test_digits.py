"""The digits of a column: the same number of decimals for all, whatever it holds."""

import pytest

from gui.trials.digits import Digits, Durations


def written(values: list[float], *, ended_only: bool = False) -> list[str]:
    """Return the texts of a column that holds these values."""
    digits = Digits(ended_only=ended_only)
    for value in values:
        digits.add(value)
    texts = [digits.write(value) for value in values]
    assert max(map(len, texts)) <= len(digits.widest) + 1, (texts, digits.widest)
    return texts


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.1, 0.034213, 0.0082514, 0.000123], ["0.10000", "0.03421", "0.00825", "0.00012"]),
        ([0.0999996, 0.05], ["0.10000", "0.05000"]),
        ([0.48123, 0.065241, 0.25, 0.31, 0.12], ["0.4812", "0.0652", "0.2500", "0.3100", "0.1200"]),
        ([1.23456e-7, 0.0123456, 0.1], ["1.23e-7", "1.23e-2", "1.00e-1"]),
        ([0.1, 0.01, 0.001], ["0.100", "0.010", "0.001"]),
        ([0.25, 0.5], ["0.25", "0.50"]),
        ([64.0, 8.0], ["64", "8"]),
        ([32, 100, 1], ["32", "100", "1"]),
        ([123456.7, 4567.89], ["123457", "4568"]),
        ([0.0, 0.5123], ["0.0000", "0.5123"]),
        ([-0.51234, 0.6123], ["-0.5123", "0.6123"]),
    ],
)
def test_that_values_of_a_parameter_have_the_same_decimals(values: list[float], texts: list[str]) -> None:
    assert written(values) == texts


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([16.1612, 15.7412, 21.0512], ["16.16", "15.74", "21.05"]),
        ([0.96671, 1.0, 0.9333], ["0.9667", "1.0000", "0.9333"]),
        ([0.0123123, 5.31231, 0.812312, 9.12312], ["0.0123", "5.3123", "0.8123", "9.1231"]),
        ([1.2345e-5, 2.34e-5], ["1.23e-5", "2.34e-5"]),
        ([3.1e7, 2.34e8, 1.05e7], ["3.10e7", "2.34e8", "1.05e7"]),
        ([float("nan"), float("inf"), 2.5], ["NaN", "∞", "2.5"]),
        ([0.0, 0.0], ["0", "0"]),
    ],
)
def test_that_results_have_the_same_decimals(values: list[float], texts: list[str]) -> None:
    assert written(values, ended_only=True) == texts


def test_that_a_few_results_that_are_far_off_do_not_decide() -> None:
    good = [15.7412, 16.1612, 16.8634, 17.2412, 21.0512, 19.3321, 18.1145]
    assert written([*good, 3.5e9], ended_only=True)[0] == "15.74"
    assert written([*good, 3.5e9], ended_only=True)[-1] == "3.5e9"
    assert written([*good, 1.5e-9], ended_only=True)[-1] == "1.5e-9"


def test_that_a_mean_and_its_spread_have_the_same_decimals() -> None:
    digits = Digits(ended_only=True, spread=True)
    for mean in (12.6123, 16.2789):
        digits.add(mean)

    assert [digits.with_spread(12.6123, 3.61), digits.with_spread(16.2789, None)] == ["12.61 ± 3.61", "16.28"]
    assert len(digits.widest) >= len("12.61 ± 3.61")


@pytest.mark.parametrize(
    ("seconds", "texts"),
    [
        ([0.09, 0.172, 1.431], ["0.09 s", "0.17 s", "1.43 s"]),
        ([12.41, 31.0, 24.12], ["12.4 s", "31.0 s", "24.1 s"]),
        ([65.0, 125.2, 3000.0], ["1 min 05 s", "2 min 05 s", "50 min 00 s"]),
        ([45.24, 130.0, 200.0], ["45 s", "2 min 10 s", "3 min 20 s"]),
    ],
)
def test_that_durations_have_the_same_decimals(seconds: list[float], texts: list[str]) -> None:
    durations = Durations()
    for value in seconds:
        durations.add(value)
    assert [durations.write(value) for value in seconds] == texts
