"""`explain`: what a study has learnt, printed for people and for programs."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.headless.console import BAD_INPUT, DONE
from core.headless.explaining import explain
from core.headless.parser import parse
from core.store.writer import Store
from core.study.loop import study_started
from tests.finding_studies import SETTINGS, study_events

OLD_STUDIES = sorted((Path(__file__).resolve().parents[1] / "data" / "first-rules").glob("*.afina"))


def write(path: Path, count: int, name: str = "") -> Path:
    """Write a study of so many trials."""
    Store.create(path, study_started(SETTINGS, name), study_events(count)).close()
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("studies") / "study.afina", 20, "My study")


def as_json(path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> dict[str, Any]:
    assert explain(path, as_json=True) == DONE
    out, _err = capfdbinary.readouterr()
    found: dict[str, Any] = json.loads(out)
    return found


def test_that_all_that_was_learnt_is_printed_in_sentences_and_tables(
    whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(whole) == DONE
    printed = capsys.readouterr().out
    assert printed.startswith("My study\n")
    for heading in (
        "What matters",
        "The best, as believed",
        "What was learnt of each range, through trial",
        "Can the belief be trusted?",
        "Findings",
    ):
        assert f"\n{heading}" in printed
    assert "Learning rate" in printed
    assert "0.0001 to 0.1, log" in printed
    assert "leave-one-out R²" in printed
    assert "- Learning rate: the best lies at the upper end of the range" in printed
    assert "<b>" not in printed
    assert "◆" not in printed


def test_that_programs_get_the_documented_object(whole: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    found = as_json(whole, capfdbinary)
    assert list(found) == ["importance", "pairs", "belief", "ranges", "trust", "findings", "untold"]
    assert [each["parameter"] for each in found["importance"]] == ["learning_rate", "batch_size"]
    assert all(each.keys() == {"parameter", "share", "low", "high"} for each in found["importance"])
    assert all(each.keys() == {"parameters", "share", "low", "high"} for each in found["pairs"])
    assert {"trial", "values", "mean", "deviation", "unit"} <= found["belief"].keys()
    assert found["belief"]["values"].keys() == {"learning_rate", "batch_size"}
    assert found["belief"]["unit"] == "val_loss"
    assert found["belief"]["low"] < found["belief"]["mean"] < found["belief"]["high"]
    assert found["trust"].keys() == {"r2", "low", "high", "trials"}
    assert found["trust"]["trials"] == 20
    assert found["findings"][0]["kind"] == "range_edge"
    assert all(each.keys() == {"kind", "sentence", "evidence"} for each in found["findings"])
    assert found["untold"] == {}
    (rate,) = [each for each in found["ranges"] if each["parameter"] == "learning_rate"]
    assert (rate["told"], rate["to"]) == (True, None)
    assert rate["from"] > 1e-4


@pytest.mark.parametrize(
    ("count", "untold"),
    [(0, ["belief", "trust", "importance"]), (5, ["trust", "importance"]), (8, ["importance"]), (10, [])],
)
def test_that_what_cannot_be_told_yet_is_empty_with_a_sentence(
    count: int, untold: list[str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = as_json(write(tmp_path / "early.afina", count), capfdbinary)
    assert list(found["untold"]) == untold
    for what, sentence in found["untold"].items():
        assert not found[what]
        assert sentence.startswith("Too early to tell: ")
        assert sentence.endswith(" results.")
    if "belief" in untold:
        assert (found["belief"], found["trust"], found["importance"], found["findings"]) == (None, None, [], [])


def test_that_an_early_study_is_explained_to_people_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(write(tmp_path / "early.afina", 3)) == DONE
    printed = capsys.readouterr().out
    assert "Too early to tell: 3 of 10 results." in printed
    assert "Nothing to point out so far." in printed


def test_that_a_study_is_explained_while_it_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "study.afina"
    store = Store.create(path, study_started(SETTINGS), study_events(9)[:-1])  # the last trial has no end yet
    try:
        assert explain(path) == DONE
        assert "leave-one-out R²" in capsys.readouterr().out
    finally:
        store.close()


def test_that_results_that_are_all_equal_teach_nothing(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "equal.afina"
    events = [
        type(event)(**{**{f: getattr(event, f) for f in event.__struct_fields__}, "objective": 1.0, "scores": (1.0,)})
        if hasattr(event, "objective")
        else event
        for event in study_events(12)
    ]
    Store.create(path, study_started(SETTINGS), events).close()
    found = as_json(path, capfdbinary)
    assert found["belief"] is None
    assert "All results are equal so far" in found["untold"]["belief"]
    assert found["untold"]["belief"].endswith(".")


@pytest.mark.parametrize("path", OLD_STUDIES, ids=lambda path: path.stem)
def test_that_studies_of_earlier_versions_are_explained(
    path: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    copy = Path(shutil.copy(path, tmp_path))
    assert as_json(copy, capfdbinary).keys() >= {"importance", "belief", "trust", "findings"}


def test_that_a_damaged_study_is_refused_as_show_does(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "damaged.afina"
    path.write_bytes(whole.read_bytes()[: -(4096 * 3)] + bytes(100))
    assert explain(path) == BAD_INPUT
    assert capsys.readouterr().err.startswith("Error: ")
    assert explain(tmp_path / "none.afina") == BAD_INPUT


def test_that_the_command_line_knows_it() -> None:
    assert not parse(["explain", "a.afina"]).json
    options = parse(["explain", "a.afina", "--json"])
    assert (options.command, options.study, options.json) == ("explain", Path("a.afina"), True)
