"""The best settings as JSON."""

import msgspec

from core.export.best import best_of
from core.progress import StudyProgress


def write_best_json(progress: StudyProgress) -> str:
    """Return the best trial and all that it takes to repeat it, as indented JSON."""
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
        "train_loss": best.train_loss,
        "metrics": {name: best.latest(name) for name in best.metrics},
        **({"test": progress.test.metrics} if progress.test is not None else {}),
        "seed": best.seed,
        "data": settings.data,
        "versions": progress.versions,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"
