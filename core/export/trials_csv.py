"""All trials as CSV (RFC 4180), one row per trial."""

import csv
import io
from collections.abc import Iterable, Mapping

from core.export.cells import Cell, safe_cell
from core.objective import ObjectiveSettings
from core.progress import StudyProgress
from core.settings import StudySettings
from core.trial_progress import TrialProgress


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
    lines.writerow({name: safe_cell(name) for name in lines.fieldnames})
    for trial in trials:
        lines.writerow({name: safe_cell(cell) for name, cell in _row(trial, progress.objective, metrics).items()})
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
