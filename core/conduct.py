"""Conduct: what a study's numbers depend on besides its settings, as recorded at its start."""

import os

import msgspec

FLOAT_TYPES = ("float32", "float16", "float64")
IMAGE_DATA_FORMATS = ("channels_last", "channels_first")
"""What Keras knows, its default first."""
MAX_THREADS = 1024
FIRST_RULES, RULES = 1, 2
"""The rules of Afina's first versions, and those by which a new study is conducted."""


class Conduct(msgspec.Struct, frozen=True, kw_only=True):
    """How a study is conducted; it goes on by the same when it is resumed. An older study has the defaults.

    `rules` is the number of the rules:

    1. The search is told a skipped trial's value so far as if it were final, and may propose points that nearly equal
       earlier ones. Preparing a training may move the random state of the model. Metrics are not checked.
    2. A skipped trial counts at least as much as the median of the complete ones. Proposals keep clear of earlier
       points. Training begins with the random state that the model was built with. Metrics have to suit the loss.

    `threads` is the number of TensorFlow's threads in each worker, 0 if it is not recorded: as many as the computer has
    to give. `floatx`, `epsilon` and `image_data_format` are Keras's; empty or 0 if not recorded: those of its
    configuration.
    """

    rules: int = FIRST_RULES
    threads: int = 0
    floatx: str = ""
    epsilon: float = 0.0
    image_data_format: str = ""

    @property
    def can_be(self) -> bool:
        """Whether Afina could have recorded this."""
        known = self.floatx in ("", *FLOAT_TYPES) and self.image_data_format in ("", *IMAGE_DATA_FORMATS)
        within = 0 <= self.threads <= MAX_THREADS and 0 <= self.epsilon < 1
        return known and within and FIRST_RULES <= self.rules <= RULES


def threads_of_each(workers: int) -> int:
    """Return the number of TensorFlow's threads in each worker: they share the cores but one, which is the window's."""
    return min(MAX_THREADS, max(1, ((os.cpu_count() or 2) - 1) // workers))
