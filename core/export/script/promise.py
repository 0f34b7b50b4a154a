"""Whether an exported script will print the recorded number, as far as the study's record tells."""

import math
import re
import statistics
from itertools import pairwise

from core.conduct import FIRST_RULES, Conduct
from core.export.chosen import chosen_trial
from core.models.custom.draws import may_draw_unrepeated
from core.models.custom.model_file import ModelFile
from core.models.custom.recurrent import may_drop_in_every_call
from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.settings import StudySettings
from core.training.plan import BY_FIT
from core.trial_progress import TrialProgress
from core.words.scripts import (
    DRAWN_BEFORE,
    DRAWN_ELSEWHERE,
    ELSEWHERE,
    HALF_PRECISION,
    PROMISED,
    THREADS_NOT_RECORDED,
    chaotic_in_words,
    doubts_in_words,
)

_CHAOTIC = 0.05
"""By how much the objective's metric gets worse per epoch, on average and relative to it, in a chaotic training."""
_HALF = re.compile(r"\b(mixed_)?b?float16\b")
_LARGE = 256
"""Units or rows of a batch from which on TensorFlow shares a product of matrices out among threads."""


def promise(progress: StudyProgress, number: int | None) -> str:
    """Return the sentences on whether the script of this trial (None: the best) will print the recorded number.

    Raises ExportError.
    """
    settings, trial, _objective = chosen_trial(progress, number)
    reasons = _reasons(progress.conduct, settings, trial)
    worse = _worse_per_epoch(trial, settings.objective)
    said = doubts_in_words(reasons) if reasons else PROMISED
    if worse > _CHAOTIC:
        return f"{said} {chaotic_in_words(settings.objective.label, worse)}"
    return said if reasons else f"{said} {ELSEWHERE}"


def _reasons(conduct: Conduct, settings: StudySettings, trial: TrialProgress) -> list[str]:
    """Return the reasons for which the script may print another number on the study's own computer."""
    file = settings.model.file
    shares_sums_out = file is not None or settings.family.images or _is_large(trial)
    reasons = [THREADS_NOT_RECORDED] if shares_sums_out and not conduct.threads else []
    if file is not None:
        reasons += _reasons_of_file(conduct, file)
    source = "" if file is None else file.source
    if _HALF.search(f"{source} {conduct.floatx}") and BY_FIT not in trial.message:
        reasons.append(HALF_PRECISION)
    return reasons


def _reasons_of_file(conduct: Conduct, file: ModelFile) -> list[str]:
    before = [DRAWN_BEFORE] if conduct.rules == FIRST_RULES and _draws_in_every_call(file) else []
    return before + ([DRAWN_ELSEWHERE] if may_draw_unrepeated(file.source, file.entry) else [])


def _is_large(trial: TrialProgress) -> bool:
    numbers = [value for name, value in trial.values.items() if name == "batch_size" or name.startswith("units")]
    return any(isinstance(number, int) and number >= _LARGE for number in numbers)


def _draws_in_every_call(file: ModelFile) -> bool:
    return may_drop_in_every_call(file.source) or "SeedGenerator" in file.source


def _worse_per_epoch(trial: TrialProgress, objective: ObjectiveSettings) -> float:
    """Return by how much the metric gets worse from one epoch to the next in the second half of the trainings.

    It is the mean over these epochs, where those with a better one count as 0, relative to the metric.
    """
    worse: list[float] = []
    for training in trial.fits:
        course = [value for value in training.of(objective.metric) if math.isfinite(value)]
        late = course[len(course) // 2 :]
        costs = [objective.cost(value) for value in late]
        worse += [max(0.0, b - a) / max(abs(a), abs(b)) for a, b in pairwise(costs) if a or b]
    return statistics.fmean(worse) if worse else 0.0
