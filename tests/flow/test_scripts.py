"""Real Keras: the scripts of models of all kinds, each run in a fresh process, print the recorded numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.study.local_engine import LocalEngine
from tests.bench.scripts.cases import Case, families, of_files
from tests.script_studies import repeated, study_of
from tests.scripts import comparisons_of

pytestmark = [pytest.mark.slow, pytest.mark.shares_processes, pytest.mark.usefixtures("keras_at_hand")]

NAMES = (
    "classes",
    "with everything",
    "standardised, in folds",
    "categories, for a price",
    "images, with everything",
    "averaged metric",
    "Conv1D",
    "LSTM with both dropouts",
    "own layer",
    "noise of all kinds, best epoch",
    "own fit",
    "columns and several numbers",
    "AUC, precision and recall",
)


class _All:
    """Every digest: the files are this project's own."""

    def __contains__(self, digest: object) -> bool:
        return True


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    """Return an engine whose workers all studies share."""
    made = LocalEngine(trusted=_All())
    yield made
    made.close()


def case_named(name: str, folder: Path) -> Case:
    return next(case for case in (*families(folder), *of_files()) if case.name == name)


@pytest.mark.parametrize("name", NAMES)
def test_that_a_script_prints_the_recorded_number(engine: LocalEngine, tmp_path: Path, name: str) -> None:
    """Of the second trial, which may have the loops of the first."""
    said = repeated(study_of(engine, case_named(name, tmp_path).settings, tmp_path), tmp_path, 2)

    assert said.printed == pytest.approx(said.recorded, rel=1e-5)
    assert set(comparisons_of(said.said)) == {"the same"}
