"""Sets Keras and TensorFlow up for Afina: quiet, on the CPU's threads. Import it before whatever imports Keras."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory

from core.conduct import Conduct, threads_of_each
from core.models.keras_config import keras_can_load

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"


@contextmanager
def _configuration_that_loads() -> Iterator[None]:
    """Hide a configuration of the user that makes no sense: it would end the imports of TensorFlow and of Keras."""
    if keras_can_load():
        yield
        return
    home = os.environ.get("KERAS_HOME")
    with TemporaryDirectory() as folder:
        os.environ["KERAS_HOME"] = folder
        yield
    del os.environ["KERAS_HOME"]
    if home is not None:
        os.environ["KERAS_HOME"] = home


with _configuration_that_loads():
    import keras
    import tensorflow as tf
    from keras.src.backend.common import global_state

tf.get_logger().setLevel("ERROR")
_OF_THE_USER = keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format()


def use_threads(threads: int | None = None) -> int:
    """Let TensorFlow compute on this number of threads; None leaves one core free for the window.

    Return the number that it uses; 0 if it is TensorFlow's choice. Small layers gain nothing from more threads.
    """
    with suppress(RuntimeError):  # TensorFlow already runs in this process, with its own choice of threads
        tf.config.threading.set_intra_op_parallelism_threads(threads or threads_of_each(1))
        tf.config.threading.set_inter_op_parallelism_threads(1)
    return int(tf.config.threading.get_intra_op_parallelism_threads())


def configure(conduct: Conduct) -> None:
    """Give Keras the study's configuration, or the user's where the study has none, whatever a model file has set."""
    floatx, epsilon, image_data_format = _OF_THE_USER
    keras.config.set_floatx(conduct.floatx or floatx)
    keras.config.set_epsilon(conduct.epsilon or epsilon)
    keras.config.set_image_data_format(conduct.image_data_format or image_data_format)
    global_state.set_global_attribute("dtype_policy", None)  # it follows floatx, which a file may still set
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)
    tf.config.run_functions_eagerly(False)
