"""The sizes of the parts of a split, beside the split itself."""

from pathlib import Path

import pytest

from core.datasets.part_sizes import part_sizes
from core.datasets.prepare import split
from core.datasets.samples import read_samples
from core.datasets.settings import DataSettings
from core.tables.description import ColumnRole, MissingValues, Task
from tests.tables import imported


@pytest.mark.parametrize("dataset", ["boston_housing", "diabetes", "breast_cancer", "wine"])
@pytest.mark.parametrize("folds", [0, 3, 5])
@pytest.mark.parametrize(("validation", "test"), [(0.2, 0.0), (0.3, 0.1), (0.25, 0.25), (0.05, 0.5), (0.9, 0.05)])
def test_that_the_sizes_are_those_of_the_split(dataset: str, folds: int, validation: float, test: float) -> None:
    data = DataSettings(dataset=dataset, folds=folds, validation_fraction=validation, test_fraction=test)
    samples = read_samples(data)
    parts = [tuple(map(len, split(samples, data, 0, fit))) for fit in range(1, data.fits + 1)]
    sizes = part_sizes(data)
    assert sizes.exact
    assert (sizes.train, sizes.validation, sizes.test) == max(parts)
    assert sum(sizes[:3]) == data.source.rows


def test_that_the_sizes_are_not_exact_where_rows_fall_out_or_stay_together(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,y\n", encoding="utf-8")
    file = imported(path, 10, "y", Task.REGRESSION, {"a": ColumnRole.NUMBER, "b": ColumnRole.CATEGORY})
    assert part_sizes(DataSettings(file=file)) == (8, 2, 0, True)
    assert part_sizes(DataSettings(file=file, missing=MissingValues.DROP)) == (8, 2, 0, False)
    assert part_sizes(DataSettings(file=file, group="b")) == (8, 2, 0, False)
    assert part_sizes(DataSettings(file=file, folds=20)).train == 10
