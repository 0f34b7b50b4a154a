"""How the commands without a window read a study."""

import shutil
from pathlib import Path

import msgspec
import pytest

from core.conduct import Conduct
from core.events import EpochEnded, Event, StudyEnd, StudyEnded, TrialEnded, TrialStarted, TrialState
from core.headless.console import DONE
from core.headless.exporting import export
from core.headless.listing import settings, show
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.store.reader import StudyReader
from core.store.writer import Store
from core.study.loop import study_started

OLD_STUDY = Path(__file__).resolve().parents[1] / "data" / "first-rules" / "rooms.afina"
"""A study on a table of its user."""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a study of one complete trial and one without an end; its epochs must not be taken one by one."""
    path = tmp_path / "study.afina"
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 2, "optimizer": "sgd"}
    events: list[Event] = [
        TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.INITIAL),
        EpochEnded(trial=1, epoch=1, loss=3.0, val_loss=2.0, metrics={"mae": 1.0}, seconds=0.1),
        EpochEnded(trial=1, epoch=2, loss=2.0, val_loss=1.25, metrics={"mae": 1.0}, seconds=0.2),
        TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=2, seconds=0.2, objective=1.25),
        TrialStarted(trial=2, values=values, seed=2, origin=PointOrigin.INITIAL),
    ]
    Store.create(path, study_started(StudySettings()), events).close()

    def one_by_one(reader: StudyReader) -> list[Event]:
        raise AssertionError("every event is made for itself")

    monkeypatch.setattr(StudyReader, "new_events", one_by_one)
    return path


def test_that_show_reads_epochs_together_and_nothing_is_under_way(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(study) == DONE
    printed = capsys.readouterr().out
    assert "1.25" in printed
    assert "interrupted" in printed


def test_that_export_reads_epochs_together(study: Path, tmp_path: Path) -> None:
    assert export(study, ["csv"], tmp_path / "trials.csv") == DONE
    assert (tmp_path / "trials.csv").read_text().count("\n") == 3


def test_that_a_script_without_its_samples_says_that_it_needs_them(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(OLD_STUDY, ["python"], None) == DONE
    assert "Note: The script reads rooms samples.csv, which --out writes beside it." in capsys.readouterr().err
    assert export(study, ["python"], None) == DONE
    assert not capsys.readouterr().err


def test_that_a_script_that_may_print_another_number_is_written_with_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wide.afina"
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 500, "epochs": 1, "optimizer": "sgd"}
    first = msgspec.structs.replace(study_started(StudySettings()), conduct=Conduct())
    events: list[Event] = [
        TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.INITIAL),
        EpochEnded(trial=1, epoch=1, loss=3.0, val_loss=2.0, metrics={"mae": 1.0}, seconds=0.1),
        TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=1, seconds=0.1, objective=2.0),
    ]
    Store.create(path, first, events).close()

    assert export(path, ["python"], None) == DONE
    assert "Note: The script may print another number than the recorded one" in capsys.readouterr().err
    assert export(path, ["csv"], None) == DONE
    assert not capsys.readouterr().err


def test_that_a_study_whose_log_is_missing_is_shown_with_a_note_and_only_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running, copy = tmp_path / "running.afina", tmp_path / "copy.afina"
    with Store.create(running, study_started(StudySettings())) as store:
        store.record([StudyEnded(reason=StudyEnd.STOPPED, message="Stopped.", time=1.0)])
        shutil.copy(running, copy)
    for command in (show, settings, lambda path: export(path, ["csv"], None)):
        assert command(copy) == DONE
        assert "Note: copy.afina was copied while the study ran, or its log" in capsys.readouterr().err
        assert command(running) == DONE
        assert not capsys.readouterr().err
