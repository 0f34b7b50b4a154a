"""How numbers and durations are written."""

import pytest

from core.formatting import (
    counted,
    format_duration,
    format_exactly,
    format_in_words,
    format_number,
    format_percent,
    format_plainly,
    format_spread,
    in_letters,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0001, "1e-4"),
        (0.00044821, "4.482e-4"),
        (0.05, "0.05"),
        (16.31234, "16.31"),
        (381.84, "381.8"),
        (100, "100"),
        (12345.6, "12346"),
        (2.5e9, "2.5e9"),
        (0.0, "0"),
        (float("nan"), "NaN"),
        (float("inf"), "∞"),
    ],
)
def test_that_numbers_are_short_and_small_ones_scientific(number: float, text: str) -> None:
    assert format_number(number) == text


@pytest.mark.parametrize("number", [0.0001, 0.00012345678901234567, 0.1, 1 / 3, 1e-10, 12345678.9, 3.0, 7, -0.0005])
def test_that_exact_text_reads_back_as_the_same_number(number: float) -> None:
    assert float(format_exactly(number)) == number


def test_that_exact_text_of_small_numbers_is_scientific() -> None:
    assert format_exactly(0.0001) == "1e-4"
    assert format_exactly(0.1) == "0.1"
    assert format_exactly(100.0) == "100"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.244, "0.24 s"),
        (3.16, "3.2 s"),
        (12.4, "12 s"),
        (59.7, "1 min 00 s"),
        (185, "3 min 05 s"),
        (7640, "2 h 07 min"),
    ],
)
def test_that_durations_are_written_as_people_say_them(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.5, "0.5 s"),
        (60, "60 s"),
        (119, "119 s"),
        (150, "2 min 30 s"),
        (600, "10 min"),
        (5400, "1 h 30 min"),
        (7200, "2 h"),
        (36_000, "10 h"),
    ],
)
def test_that_chosen_durations_are_written_as_people_say_them(seconds: float, text: str) -> None:
    assert format_plainly(seconds) == text


def test_that_shares_and_counts_are_written_as_people_say_them() -> None:
    assert [format_percent(share) for share in (0.2, 0.125, 0.07, 1 / 3)] == ["20 %", "12.5 %", "7 %", "33.33 %"]
    assert [in_letters(number) for number in (1, 2, 12, 13, 1000)] == ["one", "two", "twelve", "13", "1,000"]
    assert [counted(number, "row") for number in (0, 1, 2, 1000)] == ["0 rows", "1 row", "2 rows", "1,000 rows"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.02, "a second"),
        (1.6, "2 seconds"),
        (42, "40 seconds"),
        (58, "a minute"),
        (75, "a minute"),
        (76, "1½ minutes"),
        (120, "2 minutes"),
        (299, "5 minutes"),
        (1900, "30 minutes"),
        (3500, "an hour"),
        (5000, "1½ hours"),
        (15 * 3600, "15 hours"),
        (26 * 3600, "a day"),
        (400 * 86400, "400 days"),
        (1e9, "11,575 days"),
    ],
)
def test_that_a_predicted_duration_is_said_as_people_say_it(seconds: float, text: str) -> None:
    assert format_in_words(seconds) == text


def test_that_a_result_of_one_or_nothing_has_the_digits_of_a_measure() -> None:
    assert [format_spread(value, None) for value in (1.0, 0.0, 0.9722, 18.0)] == ["1.000", "0.000", "0.9722", "18"]
