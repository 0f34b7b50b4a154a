"""All trials as CSV (RFC 4180), one row per trial."""

import csv
import io
from collections.abc import Iterable, Mapping

from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.settings import StudySettings
from core.trial_progress import TrialProgress

Cell = bool | int | float | str | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WITHOUT_CODES = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"}


def write_trials_csv(progress: StudyProgress) -> str:
    """Return a header and one row for each trial; a cell without a value is empty.

    Losses and metrics are those of the epoch that counts. For trials with several trainings they are means, and each
    training has a column for its objective. A metric with the name of another column is called "metric …".
    """
    trials = progress.trials.values()
    others = _columns(progress.settings, ())
    metrics = {
        name: f"metric {name}" if name in others else name
        for name in dict.fromkeys(n for t in trials for n in t.metrics)
    }
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, _columns(progress.settings, metrics.values()), extrasaction="ignore")
    lines.writerow({name: _safe(name) for name in lines.fieldnames})
    for trial in trials:
        lines.writerow({name: _safe(cell) for name, cell in _row(trial, progress.objective, metrics).items()})
    return text.getvalue()


def _columns(settings: StudySettings, metrics: Iterable[str]) -> list[str]:
    fits = settings.data.fits
    return [
        *("trial", "state", "origin"),
        *(parameter.name for parameter in settings.family.parameters),
        *("objective", *(("objective_spread",) if fits > 1 else ()), "train_loss", "val_loss"),
        *metrics,
        *((f"score_{fit}" for fit in range(1, fits + 1)) if fits > 1 else ()),
        *("epochs_trained", "seconds", "reason", "message"),
    ]


def _row(trial: TrialProgress, objective: ObjectiveSettings, metrics: Mapping[str, str]) -> Mapping[str, Cell]:
    return {
        **trial.values,
        **{metrics[name]: trial.counted(name, objective) for name in trial.metrics},
        **{f"score_{fit}": score for fit, score in enumerate(trial.scores, start=1)},
        "trial": trial.number,
        "state": trial.state.value,
        "origin": trial.origin.value,
        "objective": trial.objective,
        "objective_spread": trial.spread,
        "train_loss": trial.counted("loss", objective),
        "val_loss": trial.counted("val_loss", objective),
        "epochs_trained": trial.epochs_done,
        "seconds": trial.seconds,
        "reason": None if trial.reason is None else trial.reason.value,
        "message": trial.message,
    }


def _safe(cell: Cell) -> Cell:
    """Make a text safe: a spreadsheet must not run it as a formula, and a terminal must not obey control codes in it.

    An apostrophe in front makes a formula plain text; control codes become spaces.
    """
    if not isinstance(cell, str):
        return cell
    plain = cell.translate(_WITHOUT_CODES)
    return f"'{plain}" if plain.startswith(_FORMULA_STARTS) else plain
