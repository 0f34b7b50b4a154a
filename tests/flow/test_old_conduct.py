"""A study with skipped trials that an earlier version made goes on as it would have there."""

import shutil
from pathlib import Path

import pytest

from core.conduct import FIRST_RULES
from core.events import StudyEnd
from core.progress import StudyProgress
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.local_engine import LocalEngine

pytestmark = pytest.mark.slow

OLD = Path(__file__).resolve().parents[1] / "data" / "skipped.afina"
POINTS = (
    (0.0014507166728460106, 8, 25.59734535217285),
    (0.0036400467908987823, 10, 25.062267303466797),
    (0.0016447661771860683, 11, 25.927127838134766),
    (0.004732888347834997, 8, 25.063892364501953),
    (0.004680520765672407, 9, 25.09017562866211),
    (0.0019514439534065603, 1, 26.427457809448242),
)
"""What the earlier version came to in the trials 9 to 14: learning rate, batch size and objective."""


def test_that_an_old_study_with_skipped_trials_goes_on_with_the_same_points(tmp_path: Path) -> None:
    """The earlier version told its search the values of skipped trials as if they were final."""
    path = tmp_path / "skipped.afina"
    shutil.copy(OLD, path)
    engine = LocalEngine()
    try:
        end = engine.resume(ResumeRequest(path, 14), lambda _events: None, StudyControl())
    finally:
        engine.close()
    assert end.reason is StudyEnd.FINISHED
    progress = StudyProgress.of(read_study(path))
    assert progress.conduct.rules == FIRST_RULES
    assert progress.caveats == []
    trials = list(progress.trials.values())
    assert [trial.number for trial in trials if trial.state == "skipped"] == [3, 5]
    found = [(trial.values["learning_rate"], trial.values["batch_size"], trial.objective) for trial in trials[8:]]
    assert found == [pytest.approx(point, rel=1e-3) for point in POINTS]
