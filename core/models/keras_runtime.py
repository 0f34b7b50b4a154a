"""Sets TensorFlow up for Afina: quiet, on the CPU's threads. Import it before any other module that imports Keras."""

import os
from contextlib import suppress

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import tensorflow as tf

tf.get_logger().setLevel("ERROR")


def use_threads(threads: int | None = None) -> None:
    """Let TensorFlow compute on this number of threads; None leaves one core free for the window.

    Small layers gain nothing from more threads.
    """
    with suppress(RuntimeError):  # TensorFlow already runs in this process, with its own choice of threads
        tf.config.threading.set_intra_op_parallelism_threads(threads or max(1, (os.cpu_count() or 2) - 1))
        tf.config.threading.set_inter_op_parallelism_threads(1)
