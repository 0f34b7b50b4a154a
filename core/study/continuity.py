"""Whether a study of an earlier Afina can go on identically."""

import msgspec

from core.datasets.labels import label_without_place
from core.datasets.samples import read_samples
from core.errors import DataError
from core.progress import StudyProgress
from core.tables.description import Task
from core.tables.fingerprint import Fingerprint
from core.tables.table_format import FIRST_RULES
from core.words.continuing import order_lost_in_words

ORDER_OF_CLASSES = "order of classes"
"""Among the versions of a study: the order of classes that the Afina had with which it began. Earlier ones had 1."""


def why_not_identical(progress: StudyProgress, accepted: Fingerprint | None) -> str:
    """Return a sentence on why the next trials cannot be trained as the earlier ones were; empty when they can.

    It is told once. `accepted` is the fingerprint of the data file if that has changed. The file is read only for a
    study that could be concerned.
    """
    data, file = progress.settings.data, progress.settings.data.file
    if file is None or file.layout.rules != FIRST_RULES or file.task is Task.REGRESSION:
        return ""
    if ORDER_OF_CLASSES in progress.versions or progress.caveats or not progress.trials:
        return ""
    if accepted is not None:
        data = msgspec.structs.replace(data, file=msgspec.structs.replace(file, fingerprint=accepted))
    try:
        label = label_without_place(set(read_samples(data).classes))
    except DataError:
        return ""  # the first trial will say so
    return "" if label is None else order_lost_in_words(label)
