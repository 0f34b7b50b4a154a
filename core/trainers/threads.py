"""How many of TensorFlow's threads train a trial."""

import os

from core.conduct import MAX_THREADS


def threads_of_each(workers: int) -> int:
    """Return the number of TensorFlow's threads in each worker: they share the cores but one."""
    return min(MAX_THREADS, max(1, ((os.cpu_count() or 2) - 1) // workers))
