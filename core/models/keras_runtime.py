"""TensorFlow as Afina uses it: quiet, on the CPU's threads. Imported before all else that imports Keras."""

import os
from contextlib import suppress

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import tensorflow as tf

tf.get_logger().setLevel("ERROR")


def use_threads(threads: int | None = None) -> None:
    """Let TensorFlow compute on so many threads; unless told otherwise one core stays free for the window.

    Small layers gain nothing from more threads.
    """
    with suppress(RuntimeError):  # TensorFlow runs in this process already, with threads of its own choice
        tf.config.threading.set_intra_op_parallelism_threads(threads or max(1, (os.cpu_count() or 2) - 1))
        tf.config.threading.set_inter_op_parallelism_threads(1)
