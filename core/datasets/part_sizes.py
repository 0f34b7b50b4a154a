"""The sizes of the parts of a split, from the settings alone: how many rows train, validate and test."""

import math
from typing import NamedTuple

from core.datasets.settings import DataSettings
from core.tables.description import MissingValues, Task


class PartSizes(NamedTuple):
    """Numbers of rows in one training; with folds, in the one that trains on the most rows.

    `exact`: no row is left out for a gap, and no group has to stay together; else the parts are about so large.
    """

    train: int
    validation: int
    test: int
    exact: bool


def part_sizes(data: DataSettings) -> PartSizes:
    """Return the sizes of the parts as `datasets.prepare` splits the rows."""
    count = data.source.rows
    in_order = data.task is Task.REGRESSION and not data.group
    rest = round(count * (1 - data.test_fraction)) if in_order else count - math.ceil(data.test_fraction * count)
    if data.folds:
        train = rest - rest // data.folds
    elif in_order:
        train = round(count * (1 - data.validation_fraction - data.test_fraction))
    else:
        train = rest - math.ceil(data.validation_fraction / (1 - data.test_fraction) * rest)
    gaps = data.file is not None and data.missing is MissingValues.DROP
    return PartSizes(max(train, 0), rest - max(train, 0), count - rest, exact=not gaps and not data.group)
