"""The command `export`: one format as before, several to files of one name."""

from pathlib import Path

import pytest

from core.export.exporters import CSV, JSON, PYTHON
from core.headless.console import BAD_INPUT, DONE
from core.headless.exporting import export
from core.headless.parser import parse
from core.progress import StudyProgress
from core.store.writer import Store
from core.words.scripts import DRAWN_ELSEWHERE
from tests.core.test_export import complete, started
from tests.core.test_promise import NEW, NUMPY, of_file


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.afina"
    start, *others = [*started(), *complete(1, 15.0)]
    with Store.create(path, start, others):  # type: ignore[arg-type]
        pass
    return path


def test_that_one_format_goes_to_standard_output_or_to_its_file(
    study: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    progress = StudyProgress.of([*started(), *complete(1, 15.0)])
    assert export(study, ["csv"], None) == DONE
    assert capfdbinary.readouterr().out.decode() == CSV.text(progress)
    assert export(study, ["csv", "csv"], tmp_path / "table.txt") == DONE
    assert (tmp_path / "table.txt").read_bytes().decode() == CSV.text(progress)


@pytest.mark.parametrize("out", ["found", "found.json", "found.PY"])
def test_that_several_formats_go_into_files_of_one_name(
    out: str, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = parse(f"export {study} --format json --format csv --format python --out {tmp_path / out}".split())
    assert export(options.study, options.format, options.out) == DONE
    names = ["found.json", "found.csv", "found.py", "boston_housing.csv"]
    assert capsys.readouterr().err.splitlines() == [f"Wrote {tmp_path / name}" for name in names]
    assert {path.name for path in tmp_path.iterdir()} == {*names, study.name}


def test_that_several_formats_do_not_fit_into_one_output(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(study, ["json", "csv"], None) == BAD_INPUT
    assert capsys.readouterr().err.startswith("Error: Several formats go into a file each: name them with --out")


def test_that_a_mistake_in_one_format_keeps_no_other_from_being_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study.afina"
    (start,) = started()
    with Store.create(study, start, []):  # type: ignore[arg-type]
        pass
    assert export(study, ["json", "csv"], tmp_path / "found") == BAD_INPUT
    assert capsys.readouterr().err.splitlines() == [
        f"Wrote {tmp_path / 'found.csv'}",
        "Error: No trial has finished yet, so there are no best settings to export",
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"found.csv", "study.afina"}


def test_that_nothing_is_written_where_one_of_the_files_is_a_study(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study.rename(tmp_path / "found.csv")
    assert export(tmp_path / "found.csv", ["json", "csv"], tmp_path / "found") == BAD_INPUT
    assert "found.csv cannot be saved: it is the study itself" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["found.csv"]


def test_that_a_caution_is_about_the_script_and_nothing_promises_the_same_number_where_that_is_not_sure() -> None:
    unsure = of_file(NUMPY, NEW)
    assert DRAWN_ELSEWHERE in PYTHON.caution(unsure, None)
    assert JSON.caution(unsure, None) == CSV.caution(unsure, None) == ""
    for exporter in (JSON, CSV, PYTHON):
        assert "same" not in exporter.help
