"""The best settings as JSON."""

from typing import Any

import msgspec

from core.export.best import best_of
from core.progress import StudyProgress
from core.settings import DataSettings


def write_best_json(progress: StudyProgress) -> str:
    """Return the best trial and all that it takes to repeat it, as indented JSON.

    Its losses and metrics are those after the epochs that the objective was taken from, one for each training.
    """
    settings, best, objective = best_of(progress)
    file = settings.model.file
    content = {
        "study": {
            "model": settings.family.name,
            **({} if file is None else {"model_file": {"name": file.name, "sha256": file.digest}}),
            "search": settings.search.method,
            "seed": settings.seed,
            "trials": len(progress.finished),
        },
        "trial": best.number,
        "objective": {
            "name": settings.objective.metric,
            "value": objective,
            **({"spread": best.spread, "scores": best.scores} if len(best.scores) > 1 else {}),
            "direction": settings.objective.direction,
            "epoch": settings.objective.epoch,
        },
        "values": best.values,
        "epochs_counted": best.counting_epochs(settings.objective),
        "train_loss": best.counted("loss", settings.objective),
        "metrics": {
            name: number for name in best.metrics if (number := best.counted(name, settings.objective)) is not None
        },
        **({"test": progress.test.metrics} if progress.test is not None else {}),
        "seed": best.seed,
        "data": _data(settings.data),
        "versions": progress.versions,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def _data(data: DataSettings) -> dict[str, Any]:
    """Return the settings without the part that is held out or the number of folds, whichever has no meaning here."""
    content: dict[str, Any] = msgspec.to_builtins(data)
    del content["validation_fraction" if data.folds else "folds"]
    return content
