"""Every combination of what the tests try a few of: `python -m tests.bench.combinations`; it takes some minutes.

Each strategy to train gives the numbers of Keras's fit, with each optimiser and small, middling and large batches; the
exported script repeats a study of each built-in data set with each family that suits it.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from core.datasets.builtin import DATASETS
from core.datasets.settings import DataSettings
from core.models.catalogue import FAMILIES
from core.models.declarations import OPTIMISER
from tests.flow.test_loops import ALL_WAYS
from tests.flow.test_loops import test_that_all_ways_to_train_give_the_numbers_of_fit as numbers_are_those_of_fit
from tests.flow.test_tables import test_that_a_script_repeats_a_study_of_a_built_in_set as script_repeats

BATCH_SIZES = (7, 32, 1000)


def combinations(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the name of each, and what raises AssertionError when it is not as it should be."""
    for optimizer in dict(OPTIMISER.choices):
        for size in BATCH_SIZES:
            check = partial(numbers_are_those_of_fit, size, {"optimizer": optimizer}, ALL_WAYS)
            yield f"{optimizer}, batches of {size}", check
    for dataset in DATASETS:
        data = DataSettings(dataset=dataset)
        for family in FAMILIES.values():
            if not family.why_not(data.task, image=data.image is not None):
                place = folder / f"{dataset} {family.name}"
                place.mkdir()
                yield f"{dataset}, {family.name}", partial(script_repeats, place, dataset, family.name)


def main() -> int:
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="afina-bench-") as folder:
        for name, check in combinations(Path(folder)):
            try:
                check()
            except AssertionError as error:
                wrong += 1
                print(f"MISSED  {name}: {error}", flush=True)
            else:
                print(f"met     {name}", flush=True)
    print(f"{wrong} missed")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
