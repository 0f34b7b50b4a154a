"""Whether a study can go on identically: one of an earlier Afina, or in a process that is set up otherwise."""

import msgspec

from core.conduct import FIRST_RULES
from core.datasets.labels import label_without_place
from core.datasets.samples import read_samples
from core.errors import DataError
from core.models.custom.recurrent import may_drop_in_every_call
from core.progress import StudyProgress
from core.tables.description import Task
from core.tables.fingerprint import Fingerprint
from core.tables.table_format import FIRST_RULES as FIRST_RULES_OF_TABLES
from core.words.continuing import ORDER_LOST, RECURRENT_DROPOUT, order_lost_in_words, other_threads_in_words

ORDER_OF_CLASSES = "order of classes"
"""Among the versions of a study: the order of classes that the Afina had with which it began. Earlier ones had 1."""


def why_not_identical(progress: StudyProgress, accepted: Fingerprint | None, threads: int = 0) -> str:
    """Return a sentence on why the next trials cannot be trained as the earlier ones were; empty when they can.

    Each reason is told once. `accepted` is the fingerprint of the data file if that has changed; `threads` is the
    number of TensorFlow's threads that train from here on, 0 if that is not known.
    """
    if not progress.trials:
        return ""
    told = " ".join(caveat for _trial, caveat in progress.caveats)
    order = "" if ORDER_LOST in told else _order_lost(progress, accepted)
    reasons = (order, _random_states_lost(progress), _other_threads(progress, threads))
    return " ".join(reason for reason in reasons if reason and reason not in told)


def _order_lost(progress: StudyProgress, accepted: Fingerprint | None) -> str:
    """Return the sentences on a class without a place; the file is read only for a study that could be concerned."""
    data, file = progress.settings.data, progress.settings.data.file
    if file is None or file.layout.rules != FIRST_RULES_OF_TABLES or file.task is Task.REGRESSION:
        return ""
    if ORDER_OF_CLASSES in progress.versions:
        return ""
    if accepted is not None:
        data = msgspec.structs.replace(data, file=msgspec.structs.replace(file, fingerprint=accepted))
    try:
        label = label_without_place(set(read_samples(data).classes))
    except DataError:
        return ""  # the first trial will say so
    return "" if label is None else order_lost_in_words(label)


def _random_states_lost(progress: StudyProgress) -> str:
    file = progress.settings.model.file
    if file is None or progress.conduct.rules > FIRST_RULES or not may_drop_in_every_call(file.source):
        return ""
    return RECURRENT_DROPOUT


def _other_threads(progress: StudyProgress, threads: int) -> str:
    recorded = progress.conduct.threads
    return other_threads_in_words(recorded, threads) if recorded and threads not in (0, recorded) else ""
