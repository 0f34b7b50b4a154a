"""Signals that come when a command without a window has nothing left to stop."""

import os
import signal
import sys
from pathlib import Path

import pytest

from core.events import StudyEnd, StudyEnded
from core.headless import commands
from core.headless.console import DONE
from core.headless.progress_bar import ProgressBar
from core.progress import StudyProgress
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.engine import Publish
from core.study.local_engine import LocalEngine

STUDY = Path(__file__).resolve().parents[1] / "data" / "schema-3.afina"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"])
def test_that_a_signal_after_the_end_of_a_study_does_not_cost_its_result(
    name: str, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    progress = StudyProgress.of(read_study(STUDY))

    def ended(_engine: LocalEngine, _publish: Publish, _control: StudyControl) -> StudyEnded:
        return StudyEnded(reason=StudyEnd.FINISHED, message="Finished.", time=1.0)

    monkeypatch.setattr(LocalEngine, "close", lambda _engine: os.kill(os.getpid(), getattr(signal, name)))
    code = commands._run_study(STUDY, ProgressBar(progress), frozenset(), ended)
    assert code == DONE
    out, errors = capfdbinary.readouterr()
    assert b'"objective"' in out
    assert b"Finished." in errors
