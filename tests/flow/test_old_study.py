"""A study on a table that an earlier version made goes on as it would have there."""

import shutil
from pathlib import Path

import pytest

from core.events import StudyEnd
from core.progress import StudyProgress
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.local_engine import LocalEngine

pytestmark = pytest.mark.slow

OLD = Path(__file__).resolve().parents[1] / "data" / "first-rules"
VALUES = ((128, 0.12134468422890865, 0.09999166109721157, 1), (128, 0.49998536414848627, 0.0015092208177781203, 1))
LOSSES = (
    (24851.740234375, 31186.515625, 15641.140625, 34667.74609375),
    (1278337.375, 1275394.125, 1271217.375, 1264947.375),
)
"""What the earlier version came to in the trials 5 and 6: units, dropout, learning rate and batch size, and losses."""


def test_that_an_old_study_on_a_table_goes_on_with_the_same_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in OLD.iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)  # the study has a relative path of its table
    engine = LocalEngine()
    try:
        end = engine.resume(ResumeRequest(Path("rooms.afina"), 6), lambda _events: None, StudyControl())
    finally:
        engine.close()
    assert end.reason is StudyEnd.FINISHED
    trials = list(StudyProgress.of(read_study(Path("rooms.afina"))).trials.values())
    assert len(trials) == 6
    for trial, values, losses in zip(trials[4:], VALUES, LOSSES, strict=True):
        found = [trial.values[name] for name in ("units", "dropout", "learning_rate", "batch_size")]
        assert found == pytest.approx(values, rel=1e-3)
        assert trial.val_losses == pytest.approx(losses, rel=1e-3)
