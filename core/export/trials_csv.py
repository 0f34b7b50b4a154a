"""All trials as CSV (RFC 4180), one row per trial."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from functools import partial

from core.export.cells import Cell, safe_cell, safe_text
from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.trial_progress import TrialProgress
from core.words.captions import told_apart

_Columns = dict[str, Callable[[TrialProgress], Cell]]
"""Columns by their names, each with what returns a trial's cell."""
_SCORE = re.compile("score_[0-9]+")
"""The names of the columns of single folds and repeats."""


def write_trials_csv(progress: StudyProgress) -> str:
    """Return a header and one row for each trial; a cell without a value is empty.

    Losses and metrics are those of the epoch that counts. For trials with several trainings they are means, and each
    training has a column for its objective.

    Afina's own columns have the same names in every study, since notebooks look for them. A parameter with such a name
    is called "parameter …", whether or not this study has that column: so a model file's parameter is called the same
    with folds and without. A metric with the name of another column is called "metric …".
    """
    columns = _columns(progress)
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(map(safe_text, columns))
    lines.writerows([safe_cell(cell(trial)) for cell in columns.values()] for trial in progress.trials.values())
    return text.getvalue()


def _columns(progress: StudyProgress) -> _Columns:
    fits, objective = progress.settings.data.fits, progress.objective
    scores: _Columns = {f"score_{fit}": partial(_score, fit=fit) for fit in range(1, fits + 1)} if fits > 1 else {}
    results = _results(objective)
    names = [parameter.name for parameter in progress.settings.family.parameters]
    own = [*_FIRST, *results, *_LAST]
    parameters = _named(names, [*own, *filter(_is_score, names)], "parameter")
    if fits == 1:
        del results["objective_spread"]
    reported = dict.fromkeys(name for trial in progress.trials.values() for name in trial.metrics)
    metrics = _named(reported, [*_FIRST, *parameters.values(), *results, *scores, *_LAST], "metric")
    return {
        **_FIRST,
        **{column: partial(_value, name=name) for name, column in parameters.items()},
        **results,
        **{column: partial(_metric, name=name, objective=objective) for name, column in metrics.items()},
        **scores,
        **_LAST,
    }


def _named(names: Iterable[str], taken: Iterable[str], word: str) -> dict[str, str]:
    """Return the column of each parameter or metric.

    "Trial" is another name than "trial" here, as for pandas: such a parameter has had a column of that name before.
    """
    return told_apart({name: safe_text(name) for name in names}, taken, word, str.strip)


_FIRST: _Columns = {
    "trial": lambda trial: trial.number,
    "state": lambda trial: trial.state.value,
    "origin": lambda trial: trial.origin.value,
}
_LAST: _Columns = {
    "epochs_trained": lambda trial: trial.epochs_done,
    "seconds": lambda trial: trial.seconds,
    "reason": lambda trial: None if trial.reason is None else trial.reason.value,
    "message": lambda trial: trial.message,
}


def _results(objective: ObjectiveSettings) -> _Columns:
    return {
        "objective": lambda trial: trial.objective,
        "objective_spread": lambda trial: trial.spread,
        "train_loss": partial(_metric, name="loss", objective=objective),
        "val_loss": partial(_metric, name="val_loss", objective=objective),
    }


def _value(trial: TrialProgress, *, name: str) -> Cell:
    return trial.values.get(name)


def _metric(trial: TrialProgress, *, name: str, objective: ObjectiveSettings) -> Cell:
    return trial.counted(name, objective)


def _score(trial: TrialProgress, *, fit: int) -> Cell:
    return trial.scores[fit - 1] if fit <= len(trial.scores) else None


def _is_score(name: str) -> bool:
    return _SCORE.fullmatch(name.strip()) is not None
