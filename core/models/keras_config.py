"""Keras's configuration of the user, read without Keras, which the window's process must not load."""

import json
import os
from pathlib import Path
from typing import NamedTuple

from core.conduct import FLOAT_TYPES, IMAGE_DATA_FORMATS
from core.files import read_file

_MAX_BYTES = 100_000


class KerasConfig(NamedTuple):
    """The type of floating point numbers, the number that keeps divisions sound, and the order of an image's axes.

    The defaults are Keras's.
    """

    floatx: str = FLOAT_TYPES[0]
    epsilon: float = 1e-7
    image_data_format: str = IMAGE_DATA_FORMATS[0]


def users_configuration() -> KerasConfig:
    """Return the user's configuration; what cannot be read, or makes no sense, is Keras's default."""
    given = _given()
    default = KerasConfig()
    if not isinstance(given, dict):
        return default
    floatx, epsilon, data_format = (given.get(name) for name in KerasConfig._fields)
    return KerasConfig(
        floatx if floatx in FLOAT_TYPES else default.floatx,
        epsilon if isinstance(epsilon, float) and 0 < epsilon < 1 else default.epsilon,
        data_format if data_format in IMAGE_DATA_FORMATS else default.image_data_format,
    )


def keras_can_load() -> bool:
    """Return whether Keras can be imported with the user's configuration: one that makes no sense ends the import."""
    given, default = _given(), KerasConfig()
    return (
        isinstance(given, dict)
        and given.get("floatx", default.floatx) in FLOAT_TYPES
        and isinstance(given.get("epsilon", default.epsilon), float)
        and given.get("image_data_format", default.image_data_format) in IMAGE_DATA_FORMATS
    )


def _given() -> object:
    """Return what the user's file says: nothing if there is none, or no JSON in it; None if it cannot be read."""
    try:
        return json.loads(read_file(_path(), _MAX_BYTES))
    except (FileNotFoundError, ValueError):
        return {}  # as Keras takes it
    except (OSError, RecursionError):
        return None


def _path() -> Path:
    """Return where Keras looks for the user's file."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  Path raises where there is no home
    folder = os.environ.get("KERAS_HOME", str((home if os.access(home, os.W_OK) else Path("/tmp")) / ".keras"))  # noqa: S108
    return Path(os.path.expanduser(folder)) / "keras.json"  # noqa: PTH111
