"""The mean of numbers of any size."""

import math
from collections.abc import Sequence
from statistics import fmean


def mean_of(numbers: Sequence[float]) -> float:
    """Return the mean of at least one number, even where the sum is beyond the largest float; NaN where it has none."""
    try:
        return fmean(numbers)
    except OverflowError:
        return math.fsum(number / len(numbers) for number in numbers)
    except ValueError:  # both infinities are among them
        return math.nan
