"""What the command line prints of a stranger's study, and that a terminal obeys none of it."""

import csv
import io
import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.headless.progress_bar import ProgressBar
from core.headless.terminal import guarded_output
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.store.writer import Store
from core.study.control import StudyControl, StudyPhase
from core.study.loop import study_started
from core.tables.description import ColumnRole, Task
from core.tables.fingerprint import Fingerprint
from core.tables.table_format import TableFormat
from main import main

MAIN = Path(__file__).resolve().parents[2] / "main.py"
EVIL = "x\x1b[31mred\x1b]0;owned\x07\rover\x08\x9b2J\x7f\u202eback\u2066\u200f\nError: forged\x85\u2028"
OBEYED = {*map(chr, (*range(32), *range(127, 160))), *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069"}
VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 1, "optimizer": "sgd"}


def settings() -> StudySettings:
    file = DataFile(
        path=f"/nowhere/{EVIL}.csv",
        layout=TableFormat(),
        fingerprint=Fingerprint(size=1, sha256="0" * 64),
        rows=9,
        target=f"target {EVIL}",
        task=Task.REGRESSION,
        columns={f"column {EVIL}": ColumnRole.NUMBER, f'"""{EVIL}': ColumnRole.CATEGORY},
    )
    return StudySettings(data=DataSettings(file=file))


def events() -> list[Event]:
    metrics = {"mae": 1.0, f"metric {EVIL}": 2.0}
    return [
        TrialStarted(trial=1, values=VALUES, seed=1, origin=PointOrigin.INITIAL),
        EpochEnded(trial=1, epoch=1, loss=2.0, val_loss=1.25, metrics=metrics, seconds=0.2),
        TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=1, seconds=0.2, objective=1.25, message=EVIL),
        TrialStarted(trial=2, values=VALUES, seed=2, origin=PointOrigin.INITIAL),
        TrialEnded(trial=2, state=TrialState.FAILED, epoch=1, seconds=0.2, reason=FailureReason.DIVERGED, message=EVIL),
        StudyEnded(reason=StudyEnd.FAILED, message=EVIL, time=9.0),
    ]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.afina"
    start = msgspec.structs.replace(study_started(settings()), versions={"keras": EVIL, EVIL: "1"})
    Store.create(path, start, events()).close()
    return path


def obeyed(text: str, kept: str = "\n") -> set[str]:
    return {letter for letter in text.replace("\r\n", "\n") if letter in OBEYED and letter not in kept}


@pytest.mark.parametrize(
    "arguments",
    [
        ["show"],
        ["settings"],
        ["export", "--format", "json"],
        ["export", "--format", "csv"],
        ["export", "--format", "python"],
        ["resume"],
        ["evaluate"],
        ["rescue"],
    ],
    ids=" ".join,
)
def test_that_no_command_prints_what_a_terminal_obeys(
    study: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([arguments[0], str(study), *arguments[1:]])
    printed = capsys.readouterr()
    assert printed.out + printed.err
    assert obeyed(printed.out) == obeyed(printed.err, "\n\r") == set()
    assert "\rover" not in printed.err  # only the bar begins its line anew


def test_that_a_message_forges_no_line(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["show", str(study)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5  # a header, two trials, an empty line, and how the study ended
    assert "over" in lines[1]
    assert not any(line.startswith("Error") for line in lines)


def test_that_what_programs_read_means_the_same(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["settings", str(study)])
    assert list(json.loads(capsys.readouterr().out)["data"]["file"]["columns"]) == list(settings().data.file.columns)  # type: ignore[union-attr]
    main(["export", str(study), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["metrics"] == {"mae": 1.0, f"metric {EVIL}": 2.0}
    main(["export", str(study), "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row["objective"] for row in rows] == ["1.25", ""]
    assert "red over" in rows[0]["message"]


def test_that_the_names_of_files_and_wrong_arguments_are_not_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(tmp_path / f"{EVIL}.afina")]) == 2
    assert main(["run", str(tmp_path / "gone.json"), "--out", f"{EVIL}.afina"]) == 2
    assert obeyed(capsys.readouterr().err) == set()
    ran = subprocess.run(
        [sys.executable, MAIN, "show", "a.afina", "b\x1b[31m\x1b]0;owned\x07\rc"], capture_output=True, check=False
    )
    assert b"Error: b c is one too many" in ran.stderr
    assert obeyed(ran.stderr.decode()) == set()


def test_that_the_bar_begins_its_own_line_anew_and_nobody_else_does(capsys: pytest.CaptureFixture[str]) -> None:
    bar = ProgressBar(None)
    start = msgspec.structs.replace(study_started(settings()), versions={})
    bar.publish([start, *events()[:-1]])
    bar.tell_trouble(StudyPhase.BLOCKED, EVIL)
    bar.publish([events()[-1], StudyResumed(time=9.0, trials=9)])
    bar.close()
    printed = capsys.readouterr().err
    assert "Trial 2 failed: xred over" in printed
    assert "Waiting: xred over" in printed
    assert obeyed(printed, "\n\r") == set()
    assert "\rover" not in printed


def test_that_a_fault_between_two_events_ends_the_looking_and_prints_nothing(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_bar: ProgressBar, _control: StudyControl) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ProgressBar, "look", broken)
    monkeypatch.setattr("core.headless.progress_bar._TICK", 0.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    bar = ProgressBar(None)
    control = bar.make_control()
    assert "progress-bar" not in {thread.name for thread in threading.enumerate()}, "it has not begun"
    with caplog.at_level(logging.INFO):
        bar.begin(control)
        assert bar._ticking is not None
        bar._ticking.join()
    bar.publish([msgspec.structs.replace(study_started(settings()), versions={})])
    bar.close()
    assert "no longer tells" in caplog.text
    assert "ZeroDivisionError" not in capsys.readouterr().err


def test_that_logs_and_warnings_are_guarded_too(capsys: pytest.CaptureFixture[str]) -> None:
    with guarded_output():
        handler = logging.StreamHandler()
        handler.emit(logging.LogRecord("a", logging.WARNING, "", 1, EVIL, (), None))
        sys.stderr.writelines([EVIL, EVIL])
        sys.stdout.write(EVIL)
    printed = capsys.readouterr()
    assert obeyed(printed.err) == obeyed(printed.out) == set()
