"""A trial's settings as JSON, with those of its study: `core.settings_file` reads them."""

from typing import Any

import msgspec

from core.conduct import Conduct
from core.datasets.settings import DataSettings
from core.export.chosen import chosen_trial
from core.letters import escaped_in_json
from core.means import mean_of
from core.progress import StudyProgress
from core.trial_progress import TrialProgress


def write_settings_json(progress: StudyProgress, number: int | None) -> str:
    """Return the trial with this number (None: the best), and everything needed to repeat it, as indented JSON.

    The losses and metrics are those after the epochs that gave the objective, one epoch for each training. `baselines`
    has the metrics of simple predictions on the same validation rows, their means over the trainings; `test_intervals`
    has the ends of a 95 % interval for the mean of a metric on the test part. `settings` are those of the study, with
    the data that the trial was trained on and the number of trials that the study may make by now. Where the data are a
    `file`, no `dataset` of Afina's own is named, in `data` as in `settings`; where they are one, `file` is null.
    """
    settings, trial, objective = chosen_trial(progress, number)
    test = progress.test_of(trial)
    file = settings.model.file
    content = {
        "study": {
            "model": settings.family.name,
            **({} if file is None else {"model_file": {"name": file.name, "sha256": file.digest}}),
            "search": settings.search.method,
            "seed": settings.seed,
            "trials": len(progress.finished),
        },
        "trial": trial.number,
        "objective": {
            "name": settings.objective.metric,
            "value": objective,
            **({"spread": trial.spread, "scores": trial.scores} if len(trial.scores) > 1 else {}),
            "direction": settings.objective.direction,
            "epoch": settings.objective.epoch,
        },
        "values": trial.values,
        "epochs_counted": trial.counting_epochs(settings.objective),
        "train_loss": trial.counted("loss", settings.objective),
        "metrics": {
            name: value for name in trial.metrics if (value := trial.counted(name, settings.objective)) is not None
        },
        **({"baselines": baselines} if (baselines := _baselines(progress, trial)) else {}),
        **({"test": test.metrics} if test is not None else {}),
        **({"test_rows": test.rows, "test_intervals": test.intervals} if test is not None and test.rows else {}),
        "seed": trial.seed,
        "data": _data(settings.data),
        **({"conduct": progress.conduct} if progress.conduct != Conduct() else {}),
        "versions": progress.versions,
        "settings": msgspec.structs.replace(settings, budget=progress.settings_in_force.budget).to_builtins(),
    }
    return escaped_in_json(msgspec.json.format(msgspec.json.encode(content), indent=2).decode()) + "\n"


def _baselines(progress: StudyProgress, trial: TrialProgress) -> dict[str, dict[str, float]]:
    """Return the means of each simple prediction's metrics over the trainings of the trial."""
    return {
        baseline: {name: mean_of(numbers) for name, numbers in metrics.items()}
        for baseline, metrics in progress.baseline_metrics(trial).items()
        if metrics
    }


def _data(data: DataSettings) -> dict[str, Any]:
    """Return the settings without the validation share if there are folds, else without the number of folds."""
    content = data.to_builtins()
    del content["validation_fraction" if data.folds else "folds"]
    return content
