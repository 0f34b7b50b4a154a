"""Runs a study, exports the script of a trial, and runs that in a fresh process."""

from dataclasses import dataclass
from pathlib import Path

from core.export.exporters import PYTHON
from core.models.custom.declared import Declared
from core.models.custom.model_file import ModelFile
from core.progress import StudyProgress
from core.ranges import IntegerRange
from core.settings import StudySettings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from tests.exports import save_export
from tests.scripts import numbers_of, run_script


@dataclass(frozen=True)
class Repeated:
    """A trial's objective as the study recorded it, as its script printed it, and all that the script printed."""

    recorded: float
    printed: float
    said: str


def of_units(name: str, source: str) -> ModelFile:
    """Return a model file that declares `units` from 4 to 8 by hp."""
    units = Declared(name="units", range=IntegerRange(4, 8), default=4)
    return ModelFile(path=f"/models/{name}.py", source=source, parameters=(units,), takes_hp=True)


def study_of(engine: LocalEngine, settings: StudySettings, folder: Path) -> StudyProgress:
    """Run the study and return its progress."""
    path = folder / "study.afina"
    engine.start(settings, path, lambda _events: None, StudyControl())
    progress = StudyProgress.of(read_study(path))
    assert progress.best is not None, [trial.message for trial in progress.trials.values()]
    return progress


def repeated(progress: StudyProgress, folder: Path, number: int | None = None) -> Repeated:
    """Run the script of the trial with this number (None: the best) in a process of its own."""
    trial = progress.best if number is None else progress.trials[number]
    assert trial is not None
    assert trial.objective is not None
    script = folder / f"trial-{trial.number}.py"
    save_export(PYTHON, progress, script, trial.number)
    said = run_script(script)
    return Repeated(trial.objective, numbers_of(said)[0], said)
