"""An evaluation on the test part in words."""

import html

from core.events import TrialTested
from core.formatting import format_number, format_spread
from core.means import mean_of
from core.objective import in_words
from core.trial_progress import spread_of

ONCE = (
    "This number says what to expect of new data only as long as nothing is chosen by it: after a choice it is as "
    "lucky as those of the search."
)


def part_in_words(test: TrialTested) -> str:
    """Return "the test part", with the number of its rows where it is recorded: "the test part (102 rows)"."""
    if not test.rows:
        return "the test part"
    return f"the test part ({test.rows:,} row{'s' if test.rows > 1 else ''})"


def scores_in_words(test: TrialTested) -> str:
    """Return the metrics, with several trainings as mean ± spread: "loss 15.71 ± 0.42, MAE 2.91 ± 0.1"."""
    return ", ".join(_score_in_words(test, name) for name in test.metrics)


def evaluation_in_words(test: TrialTested) -> str:
    """Return the metrics, and how sure they are as far as that is known.

    "loss 15.71 ± 0.42, 95 % interval 11.2 to 20.9; MAE 2.91 ± 0.1, 95 % interval 2.35 to 3.47".
    """
    if not test.intervals:
        return scores_in_words(test)
    return "; ".join(f"{_score_in_words(test, name)}{_interval_in_words(test, name)}" for name in test.metrics)


def tested_in_short(test: TrialTested) -> str:
    """Return rich text on the metrics: "On 69 test rows: accuracy 1 (0.95 to 1)"."""
    where = f"{test.rows:,} test row{'s' if test.rows > 1 else ''}" if test.rows else "the test part"
    scores = [f"{_bold_score(test, name)}{_in_brackets(test, name)}" for name in test.metrics]
    return f"On {where}: {', '.join(scores)}."


def _bold_score(test: TrialTested, name: str) -> str:
    numbers = test.metrics[name]
    return f"{html.escape(in_words(name))} <b>{format_spread(mean_of(numbers), spread_of(numbers))}</b>"


def _in_brackets(test: TrialTested, name: str) -> str:
    if name not in test.intervals:
        return ""
    low, high = (format_number(end, digits=3) for end in test.intervals[name])
    return f" ({low} to {high})"


def _score_in_words(test: TrialTested, name: str) -> str:
    numbers = test.metrics[name]
    return f"{in_words(name)} {format_spread(mean_of(numbers), spread_of(numbers))}"


def _interval_in_words(test: TrialTested, name: str) -> str:
    if name not in test.intervals:
        return ""
    low, high = (format_number(end, digits=3) for end in test.intervals[name])
    return f", 95 % interval {low} to {high}"
