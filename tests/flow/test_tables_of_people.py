"""Tables as people have them are read rightly at once, and a study on each trains and repeats by its script."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.datasets.samples import read_samples
from core.datasets.settings import DataSettings
from core.errors import DataError
from core.study.local_engine import LocalEngine
from core.tables.description import ColumnProfile, ColumnRole
from tests.people import FOLDER, REFUSED, TABLES, Column, Nothing, Number, Texts
from tests.people_studies import as_imported, read_as_people, study_and_script

REPEATED = (
    "D01_decimal_comma.csv",
    "D02_one_cell_of_text.csv",
    "I03_leading_zeros_as_class.csv",
    "M04_plus_and_minus_classes.csv",
    "N04_nan_label.npz",
    "N06_nan_as_text_label.parquet",
    "Q02_duration.parquet",
    "Q04_large_labels.parquet",
    "X03_duration_last.xlsx",
    "X11_na_as_text.xlsx",
    "group_cat.csv",
    "p_dur.parquet",
)
"""One or two of each kind of values; `python -m tests.bench.people` trains on all."""


def test_that_every_table_has_its_expectations() -> None:
    assert {path.name for path in FOLDER.iterdir()} == TABLES.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", TABLES)
def test_that_a_table_is_read_as_it_should_be(name: str) -> None:
    (found, _layout), wanted = read_as_people(name), TABLES[name]
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
    assert wanted.note.lower() in found.note.lower()
    if wanted.left_out is not None and not is_target:
        assert (found.role is ColumnRole.IGNORE) == wanted.left_out, found.note


@pytest.mark.parametrize("name", REFUSED)
def test_that_what_is_no_table_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(DataError, match=REFUSED[name]):
        read_as_people(name)


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.classes])
def test_that_its_classes_stand_in_order(name: str) -> None:
    table = TABLES[name]
    samples = read_samples(DataSettings(file=as_imported(name, table)))
    assert samples.classes == table.classes
    if table.counts:
        assert tuple(int((samples.target == place).sum()) for place in range(len(table.classes))) == table.counts


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine()
    yield engine
    engine.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", REPEATED)
def test_that_a_study_on_it_trains_and_its_script_prints_the_recorded_number(
    name: str, engine: LocalEngine, tmp_path: Path
) -> None:
    recorded, printed = study_and_script(engine, name, tmp_path)
    assert printed == pytest.approx(recorded, rel=1e-4)
