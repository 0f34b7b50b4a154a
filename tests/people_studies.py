"""Reads the tables of people as the import does, trains a study on one, and runs its script."""

import re
from pathlib import Path

import msgspec

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.export.exporters import PYTHON
from core.parameters import Fixed
from core.progress import StudyProgress
from core.settings import StudySettings, TrainerKind, tutorial_settings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from core.tables.inspected import Inspected
from core.tables.readings import PLAIN
from core.tables.table_format import TableFormat
from tests.exports import save_export
from tests.people import FOLDER, TABLES, Table
from tests.scripts import run_script
from tests.tables import imported, inspected

_PRINTED = re.compile(r"Validation loss (\S+);")


def read_as_people(name: str) -> tuple[Inspected, TableFormat]:
    """Read the file as the import does when nobody changes anything."""
    return inspected(FOLDER / name)


def as_imported(name: str, table: Table) -> DataFile:
    """Return what the dialog makes of the file when one only chooses the target."""
    found, layout = read_as_people(name)
    target = found.describe_target(table.target, None)
    assert not target.problem, target.problem
    columns = {c.name: c.role for c in found.profile.columns if c.name != table.target}
    readings = {c.name: c.reading for c in found.profile.columns if c.reading != PLAIN}
    return imported(FOLDER / name, found.profile.rows, table.target, target.task, columns, layout, readings)


def study_and_script(engine: LocalEngine, name: str, folder: Path) -> tuple[float, float]:
    """Train a study of one trial on the table; return its objective, and the one that its script prints."""
    table = TABLES[name]
    engine.start(_settings(as_imported(name, table), table.group), folder / "a.afina", lambda _: None, StudyControl())
    progress = StudyProgress.of(read_study(folder / "a.afina"))
    best = progress.best
    assert best is not None
    assert best.objective is not None
    save_export(PYTHON, progress, folder / "best.py")
    printed = _PRINTED.search(run_script(folder / "best.py"))
    assert printed is not None
    return best.objective, float(printed[1])


def _settings(data: DataFile, group: str) -> StudySettings:
    tutorial, replace = tutorial_settings(), msgspec.structs.replace
    return replace(
        tutorial,
        data=DataSettings(file=data, group=group),
        model=replace(tutorial.model, ranges=tutorial.model.ranges | {"epochs": Fixed(2)}),
        budget=replace(tutorial.budget, trials=1),
        search=replace(tutorial.search, initial_points=1),
        trainer=TrainerKind.INLINE,
    )
