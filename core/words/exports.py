"""What came of an export, and what it is about, in words."""

from collections.abc import Sequence
from pathlib import Path

from core.formatting import listed
from core.progress import StudyProgress
from core.trial_progress import TrialProgress
from core.words.evaluations import evaluation_in_words, part_in_words


def outcome_in_words(written: Sequence[Path], problems: Sequence[str]) -> str:
    """Return which files were saved; before that, what is wrong with those that were not."""
    names = listed([path.name for path in written])
    if not problems:
        return f"Saved {names}"
    rest = f"{names} {'was' if len(written) == 1 else 'were'} saved." if written else "Nothing was saved."
    return " ".join([*(f"{problem.rstrip('.')}." for problem in problems), rest])


def trial_in_words(progress: StudyProgress, trial: TrialProgress) -> str:
    """Return what is known of a trial: "Trial 15: validation loss 15.74. On the test part (69 rows): loss 16.2."."""
    said = f"Trial {trial.number}: {progress.objective.label} {trial.objective_in_words}."
    test = progress.test_of(trial)
    return said if test is None else f"{said} On {part_in_words(test)}: {evaluation_in_words(test)}."
