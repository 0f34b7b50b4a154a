"""A trial in a line, and a plan in a line, as they stand where table and form are folded."""

import msgspec

from core.datasets.settings import DataSettings
from core.events import TrialState
from core.progress import StudyProgress, folded
from core.settings import tutorial_settings
from core.words.trial_line import NO_TRIALS, Piece, in_one, plan_in_a_line, trial_in_a_line
from tests.figures import begun, complete, trained, without_objective


def study(*events: object) -> StudyProgress:
    progress: StudyProgress | None = None
    for event in (begun(tutorial_settings()), *events):
        progress = folded(progress, event)  # type: ignore[arg-type]
    assert progress is not None
    return progress


def test_that_the_line_tells_of_the_selected_trial_else_of_the_one_pointed_at_else_of_the_best() -> None:
    progress = study(*complete(1, [30.0]), *complete(2, [20.0]), *complete(3, [25.0]))
    assert in_one(trial_in_a_line(progress)) == (
        "Best trial 2 · complete · 20 · learning rate 0.05 · batch size 10 · 1.0 s"
    )
    assert in_one(trial_in_a_line(progress, None, 3)).startswith("Pointed at trial 3 · complete · 25 · ")
    assert in_one(trial_in_a_line(progress, 1, 3)).startswith("Selected trial 1 · complete · 30 · ")
    assert in_one(trial_in_a_line(progress, 99, 98)).startswith("Best trial 2 ")
    assert [piece.text for piece in trial_in_a_line(progress) if piece.bold] == ["trial 2", "20"]


def test_that_the_line_says_why_it_has_no_trial() -> None:
    assert trial_in_a_line(None) == (Piece(NO_TRIALS),)
    assert trial_in_a_line(study()) == (Piece(NO_TRIALS),)
    running = study(*trained(1, [30.0]))
    assert in_one(trial_in_a_line(running)) == "No result yet: 0 of 20 trials have ended"
    assert in_one(trial_in_a_line(running, 1)).startswith("Selected trial 1 · training, epoch 2 of 4 · learning rate ")


def test_that_failed_and_skipped_trials_are_told_with_their_reason() -> None:
    progress = study(*without_objective(1, TrialState.FAILED), *without_objective(2, TrialState.SKIPPED))
    assert in_one(trial_in_a_line(progress, 1)).startswith("Selected trial 1 · failed: Diverged · learning rate ")
    assert in_one(trial_in_a_line(progress, 2)).startswith("Selected trial 2 · skipped · learning rate ")


def test_that_a_plan_fits_a_line() -> None:
    settings = tutorial_settings()
    assert plan_in_a_line(settings) == (
        "Boston Housing · Linear model, 2 parameters varied · validation loss ↓ · 20 trials"
    )
    wide = msgspec.structs.replace(settings, data=DataSettings(folds=5))
    assert plan_in_a_line(wide).startswith("Boston Housing, 5 folds · ")
