"""More trials of a study that has ended: how many there are then, what else ends it, and the command line."""

from pathlib import Path

import pytest

from core.errors import InvalidSetting
from core.events import StudyEnd, StudyEnded, StudyResumed, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.headless import commands
from core.headless.console import BAD_INPUT, DONE
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.search.settings import SearchMethod, SearchSettings
from core.settings import MAX_TRIALS, BudgetSettings, StudySettings
from core.store.reader import read_study
from core.study.control import StudyControl
from core.training.request import TrialRequest
from core.words.more_trials import cautions, nothing_left, total_in_words
from tests.scripted import ScriptedTrainer, bowl, scripted_engine

ALL_DONE = "a.afina has all its 3 trials; to add some, resume it with --more 20, or with --trials above 3"
GRID = SearchSettings(method=SearchMethod.GRID, grid_points=2)
"""Four points of the tutorial's two parameters."""


def ended_well(progress: StudyProgress, number: int, objective: float) -> bool:
    """Let another trial end with that objective; return whether the target is reached."""
    progress.apply(TrialStarted(trial=number, values={}, seed=0, origin=PointOrigin.RANDOM))
    progress.apply(TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=1, seconds=2.0, objective=objective))
    return progress.target_reached


def after(trials: int, settings: StudySettings | None = None, objective: float = 5.0) -> StudyProgress:
    """Return a study of which so many trials have ended, of two seconds and with that objective each."""
    progress = StudyProgress(StudyStarted(settings=settings or StudySettings(), time=0.0, versions={}))
    for number in range(1, trials + 1):
        ended_well(progress, number, objective)
    progress.apply(StudyEnded(reason=StudyEnd.STOPPED, message="", time=1.0))
    return progress


def resumed(progress: StudyProgress, trials: int) -> StudyProgress:
    progress.apply(StudyResumed(time=2.0, trials=trials))
    return progress


def test_that_the_budget_tells_what_was_added_to_that_of_the_settings() -> None:
    progress = after(20)
    assert (progress.budget, progress.added_trials) == (20, 0)
    assert progress.budget_with(20) == 40
    resumed(progress, 40)
    assert (progress.budget, progress.added_trials) == (40, 20)
    assert progress.settings.budget.trials == 20
    assert resumed(progress, 15).added_trials == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (0, "More trials (0) must be at least 1"),
        (-3, "More trials (-3) must be at least 1"),
        (MAX_TRIALS, "100,000 more trials would be 100,020 in all; a study has at most 100,000"),
    ],
)
def test_that_a_number_of_trials_that_cannot_be_added_is_refused(more: int, sentence: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        after(20).budget_with(more)
    assert refused.value.message == sentence
    assert after(20).budget_with(MAX_TRIALS - 20) == MAX_TRIALS


def test_that_more_trials_are_told_in_all_with_those_to_come_and_their_time() -> None:
    assert total_in_words(after(20), 40) == "40 in all, about 40 s"
    assert total_in_words(after(12), 40) == "40 in all, 28 to come, about 56 s"
    assert total_in_words(after(0), 40) == "40 in all, 40 to come"


def test_that_a_target_that_was_reached_ends_the_study_no_more() -> None:
    progress = after(3, StudySettings(budget=BudgetSettings(trials=3, target=5.0)))
    assert progress.target_reached
    assert cautions(progress, 20) == ["The target, 5, was reached: it does not end the study again."]
    assert not ended_well(resumed(progress, 20), 4, objective=1.0)
    assert cautions(progress, 20), "and not after another end either"


def test_that_a_target_that_was_not_reached_still_ends_the_study() -> None:
    progress = resumed(after(3, StudySettings(budget=BudgetSettings(trials=3, target=4.0))), 20)
    assert not cautions(progress, 20)
    assert ended_well(progress, 4, objective=4.0)


def test_that_the_time_limit_is_said_to_count_anew() -> None:
    progress = after(3, StudySettings(budget=BudgetSettings(seconds=1800.0)))
    assert cautions(progress, 20) == ["The time limit, 30 min 00 s, counts anew."]


def test_that_more_trials_last_no_longer_than_the_time_limit() -> None:
    assert total_in_words(after(3, StudySettings(budget=BudgetSettings(seconds=30.0))), 40) == (
        "40 in all, 37 to come, about 30 s"
    )


def test_that_few_points_are_told_and_none_left_means_that_nothing_can_be_added() -> None:
    settings = StudySettings(search=GRID, budget=BudgetSettings(trials=3))
    assert settings.points == 4
    progress = after(3, settings)
    assert cautions(progress, 23) == ["Only 1 point is left to try: the study ends after that."]
    assert total_in_words(progress, 23) == "23 in all, about 2.0 s"
    assert not progress.exhausted
    assert after(4, settings).exhausted
    assert nothing_left(after(4, settings)) == (
        "All 4 points of the grid have been tried; a new study with wider ranges has more"
    )


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> ScriptedTrainer:
    """Let commands train by a script in which trial 3 is very good."""
    trainer = ScriptedTrainer(lambda request: [1.0] if request.trial in (3, 4) else bowl(request))
    monkeypatch.setattr(commands, "LocalEngine", lambda trusted: scripted_engine(trainer, trusted))
    return trainer


def study(path: Path, settings: StudySettings) -> Path:
    """Return the file of a study that has run to its end."""
    scripted_engine(ScriptedTrainer(_good)).start(settings, path, lambda _events: None, StudyControl())
    return path


def _good(request: TrialRequest) -> list[float]:
    return [2.0, 1.0]


def read(path: Path) -> StudyProgress:
    return StudyProgress.of(read_study(path))


def test_that_resume_adds_more_trials_to_those_that_were_planned(trainer: ScriptedTrainer, tmp_path: Path) -> None:
    path = study(tmp_path / "a.afina", StudySettings(budget=BudgetSettings(trials=3)))
    assert commands.resume(path, more=2) == DONE
    assert commands.resume(path, more=1) == DONE
    progress = read(path)
    assert (progress.budget, progress.added_trials, len(progress.finished)) == (6, 3, 6)


def test_that_resume_goes_on_past_a_target_that_was_reached_and_says_so(
    trainer: ScriptedTrainer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = study(tmp_path / "a.afina", StudySettings(budget=BudgetSettings(trials=9, target=1.5)))
    assert len(read(path).finished) == 1
    assert commands.resume(path, more=2) == DONE
    assert len(read(path).finished) == 11
    assert "Note: The target, 1.5, was reached: it does not end the study again." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"more": 0}, "More trials (0) must be at least 1"),
        ({"more": -5}, "More trials (-5) must be at least 1"),
        ({"more": MAX_TRIALS}, "100,000 more trials would be 100,003 in all; a study has at most 100,000"),
        ({"trials": 0}, "Trials (0) must be between 1 and 100000"),
        (
            {"trials": 2},
            "a.afina has all its 3 trials; to add some, resume it with --more 20, or with --trials above 3",
        ),
        ({}, "a.afina has all its 3 trials; to add some, resume it with --more 20, or with --trials above 3"),
    ],
)
def test_that_resume_refuses_numbers_that_cannot_be(
    trainer: ScriptedTrainer,
    tmp_path: Path,
    given: dict[str, int],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = study(tmp_path / "a.afina", StudySettings(budget=BudgetSettings(trials=3)))
    assert commands.resume(path, **given) == BAD_INPUT  # type: ignore[arg-type]
    assert capsys.readouterr().err == f"Error: {sentence}\n"
    assert not trainer.requests


@pytest.mark.parametrize("given", [{"more": 20}, {"trials": 20}, {}])
@pytest.mark.parametrize("trials", [4, 9])
def test_that_resume_refuses_a_study_with_no_point_left(
    trainer: ScriptedTrainer, tmp_path: Path, trials: int, given: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    path = study(tmp_path / "a.afina", StudySettings(search=GRID, budget=BudgetSettings(trials=trials)))
    assert commands.resume(path, **given) == BAD_INPUT  # type: ignore[arg-type]
    assert "a.afina cannot go on. All 4 points of the grid have been tried; a new" in capsys.readouterr().err
