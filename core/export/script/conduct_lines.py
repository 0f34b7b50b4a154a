"""The lines of an exported script that set TensorFlow and Keras up as the study had them."""

from core.conduct import Conduct
from core.settings import StudySettings

_THREADS = """\
# Compute as the study did: {why}.
tf.config.threading.set_intra_op_parallelism_threads({threads})
tf.config.threading.set_inter_op_parallelism_threads(1)
"""
_RECORDED = "sums of many products depend on the number of threads"
_NOT_RECORDED = "it left a core free, and shared the others out among its trials"


def conduct_lines(conduct: Conduct, settings: StudySettings) -> str:
    """Return the lines that set the number of threads and, as far as they are recorded, Keras's own settings.

    Without a recorded number of threads, it is the one that the study has if it runs on the script's computer.
    """
    own = f"max(1, ((os.cpu_count() or 2) - 1) // {settings.workers})"
    lines = _THREADS.format(
        why=_RECORDED if conduct.threads else _NOT_RECORDED, threads=conduct.threads or own
    )
    given = {
        "floatx": conduct.floatx,
        "epsilon": conduct.epsilon,
        "image_data_format": conduct.image_data_format,
    }
    return lines + "".join(f"keras.config.set_{name}({value!r})\n" for name, value in given.items() if value)
