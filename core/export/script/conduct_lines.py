"""The lines of an exported script that set TensorFlow and Keras up as the study had them."""

from core.conduct import Conduct
from core.settings import StudySettings

_THREADS = """\
# Compute on as many threads as the study did: the order of sums depends on it.
tf.config.threading.set_intra_op_parallelism_threads({threads})
tf.config.threading.set_inter_op_parallelism_threads(1)
"""


def threads_lines(conduct: Conduct, settings: StudySettings) -> str:
    """Return the lines that set the number of TensorFlow's threads.

    Without a recorded number it is the one that the study would have on the script's computer.
    """
    not_recorded = f"max(1, ((os.cpu_count() or 2) - 1) // {settings.workers})"
    return _THREADS.format(threads=conduct.threads or not_recorded)


def keras_lines(conduct: Conduct) -> str:
    """Return the lines that give Keras the study's configuration, as far as it is recorded."""
    given = {"floatx": conduct.floatx, "epsilon": conduct.epsilon, "image_data_format": conduct.image_data_format}
    return "".join(f"keras.config.set_{name}({value!r})\n" for name, value in given.items() if value)
