"""Split and preparation of a data set; every statistic comes from the training part alone."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from core.settings import DataSettings

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class PreparedData:
    """Features (rows × columns) and targets (rows × 1), split in two, all float32, and the features' names."""

    x_train: Rows
    y_train: Rows
    x_val: Rows
    y_val: Rows
    names: tuple[str, ...]


@lru_cache(maxsize=2)
def prepare(settings: DataSettings, seed: int) -> PreparedData:
    """Read, shuffle, split and, when asked for, standardise the data; the shuffle is that of `seed`.

    The first rows of the shuffled order are for training, the rest for validation. Raises DataError.
    """
    features, target, names = settings.source.read(settings.excluded)
    order = np.random.default_rng(seed).permutation(len(features))
    cut = round(len(features) * (1 - settings.validation_fraction))
    x_train, x_val = features[order[:cut]], features[order[cut:]]
    y_train, y_val = target[order[:cut]], target[order[cut:]]
    if settings.standardise:
        scaler = StandardScaler().fit(x_train)
        x_train, x_val = scaler.transform(x_train), scaler.transform(x_val)
    return PreparedData(
        x_train.astype(np.float32),
        y_train.astype(np.float32)[:, None],
        x_val.astype(np.float32),
        y_val.astype(np.float32)[:, None],
        names,
    )
