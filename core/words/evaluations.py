"""An evaluation on the test part in words."""

import html
from collections.abc import Iterable

from core.events import TrialTested
from core.formatting import counted, format_number, format_spread
from core.means import mean_of
from core.objective import in_words
from core.trial_progress import spread_of

ONCE = (
    "This number says what to expect of new data only as long as nothing is chosen by it: after a choice it is as "
    "lucky as those of the search."
)


def part_in_words(test: TrialTested) -> str:
    """Return "the test part", with the number of its rows where it is recorded: "the test part (102 rows)"."""
    return f"the test part ({counted(test.rows, 'row')})" if test.rows else "the test part"


def evaluation_in_words(test: TrialTested) -> str:
    """Return the metrics, with several trainings as mean ± spread, and how sure they are as far as that is known.

    "loss 15.71 ± 0.42, 95 % interval 11.2 to 20.9; MAE 2.91 ± 0.1, 95 % interval 2.35 to 3.47".
    """
    scores = (
        f"{in_words(name)} {_score(test, name)}{_interval(test, name, ', 95 % interval {}')}" for name in test.metrics
    )
    return ("; " if test.intervals else ", ").join(scores)


def tested_in_short(test: TrialTested, metrics: Iterable[str]) -> str:
    """Return rich text on these metrics: "On 69 test rows: accuracy 1 (0.95 to 1)."."""
    where = counted(test.rows, "test row") if test.rows else "the test part"
    scores = [
        f"{html.escape(in_words(name))} <b>{_score(test, name)}</b>{_interval(test, name, ' ({})')}" for name in metrics
    ]
    return f"On {where}: {', '.join(scores)}."


def _score(test: TrialTested, name: str) -> str:
    numbers = test.metrics[name]
    return format_spread(mean_of(numbers), spread_of(numbers))


def _interval(test: TrialTested, name: str, pattern: str) -> str:
    """Return the ends of a metric's interval in the pattern; empty where it has none."""
    if name not in test.intervals:
        return ""
    low, high = (format_number(end, digits=3) for end in test.intervals[name])
    return pattern.format(f"{low} to {high}")
