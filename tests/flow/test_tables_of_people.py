"""Tables as people have them are read rightly at once, and a study on each trains and repeats by its script."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.datasets.data_file import DataFile
from core.datasets.samples import read_samples
from core.datasets.settings import DataSettings
from core.errors import DataError
from core.export.exporters import PYTHON
from core.export.saving import save_export
from core.parameters import Fixed
from core.progress import StudyProgress
from core.settings import StudySettings, TrainerKind, tutorial_settings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from core.tables.description import ColumnProfile, ColumnRole
from core.tables.fingerprint import fingerprint
from core.tables.inspected import Inspected, inspect_file
from core.tables.readings import PLAIN
from core.tables.table_format import TableFormat, detect_format
from tests.people import FOLDER, REFUSED, TABLES, Column, Nothing, Number, Table, Texts
from tests.scripts import run_script


def read(name: str) -> tuple[Inspected, TableFormat]:
    """Read the file as the import does."""
    path = FOLDER / name
    layout = detect_format(path)
    return inspect_file(path, layout, {}, lambda *_: None, lambda _: None), layout


def as_imported(name: str, table: Table) -> DataFile:
    """Return what the dialog makes of the file when one only chooses the target."""
    found, layout = read(name)
    target = found.describe_target(table.target, None)
    assert not target.problem, target.problem
    return DataFile(
        path=str(FOLDER / name),
        layout=layout,
        fingerprint=fingerprint(FOLDER / name),
        rows=found.profile.rows,
        target=table.target,
        task=target.task,
        columns={c.name: c.role for c in found.profile.columns if c.name != table.target},
        readings={c.name: c.reading for c in found.profile.columns if c.reading != PLAIN},
    )


def test_that_every_table_has_its_expectations() -> None:
    assert {path.name for path in FOLDER.iterdir()} == TABLES.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", TABLES)
def test_that_a_table_is_read_as_it_should_be(name: str) -> None:
    (found, _layout), wanted = read(name), TABLES[name]
    assert found.profile.rows == wanted.rows
    assert [column.name for column in found.profile.columns] == list(wanted.columns)
    for column in found.profile.columns:
        check(column, wanted.columns[column.name], column.name == wanted.target)
    for word in wanted.notes:
        assert any(word in note for note in found.profile.notes), found.profile.notes


def check(found: ColumnProfile, wanted: Column, is_target: bool) -> None:
    match wanted:
        case Nothing(note):
            assert found.unusable
            assert note in found.note
            return
        case Number():
            assert found.low == pytest.approx(wanted.low, rel=1e-3)
            assert found.high == pytest.approx(wanted.high, rel=1e-3)
            assert str(found.kind) == wanted.kind
        case Texts():
            assert found.low is None
            assert found.distinct == wanted.distinct
    assert found.missing + found.odd == wanted.missing
    assert wanted.note in found.note
    if wanted.left_out is not None and not is_target:
        assert (found.role is ColumnRole.IGNORE) == wanted.left_out, found.note


@pytest.mark.parametrize("name", REFUSED)
def test_that_what_is_no_table_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(DataError, match=REFUSED[name]):
        read(name)


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.classes])
def test_that_its_classes_stand_in_order(name: str) -> None:
    table = TABLES[name]
    samples = read_samples(DataSettings(file=as_imported(name, table)))
    assert samples.classes == table.classes
    if table.counts:
        assert tuple(int((samples.target == place).sum()) for place in range(len(table.classes))) == table.counts


def settings(data: DataFile, group: str) -> StudySettings:
    tutorial, replace = tutorial_settings(), msgspec.structs.replace
    return replace(
        tutorial,
        data=DataSettings(file=data, group=group),
        model=replace(tutorial.model, ranges=tutorial.model.ranges | {"epochs": Fixed(2)}),
        budget=replace(tutorial.budget, trials=1),
        search=replace(tutorial.search, initial_points=1),
        trainer=TrainerKind.INLINE,
    )


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine()
    yield engine
    engine.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_that_a_study_on_it_trains_and_its_script_prints_the_recorded_number(
    name: str, engine: LocalEngine, tmp_path: Path
) -> None:
    data = as_imported(name, TABLES[name])
    engine.start(settings(data, TABLES[name].group), tmp_path / "a.afina", lambda _: None, StudyControl())
    progress = StudyProgress.of(read_study(tmp_path / "a.afina"))
    best = progress.best
    assert best is not None, progress.end
    save_export(PYTHON, progress, tmp_path / "best.py")
    told = re.search(r"val_loss (\S+?)[;,\s]", run_script(tmp_path / "best.py"))
    assert told is not None
    assert float(told[1]) == pytest.approx(best.objective, rel=1e-4)
