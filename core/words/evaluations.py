"""An evaluation on the test part in words."""

from core.events import TrialTested
from core.formatting import format_spread
from core.means import mean_of
from core.objective import in_words
from core.trial_progress import spread_of

ONCE = (
    "This number says what to expect of new data only as long as nothing is chosen by it: after a choice it is as "
    "lucky as those of the search."
)


def evaluation_in_words(test: TrialTested) -> str:
    """Return the loss and the metrics, with several trainings as mean ± spread: "loss 15.71 ± 0.42, MAE 2.91 ± 0.1"."""
    return ", ".join(
        f"{in_words(name)} {format_spread(mean_of(numbers), spread_of(numbers))}"
        for name, numbers in test.metrics.items()
    )
