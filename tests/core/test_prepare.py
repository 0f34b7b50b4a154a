"""Split and preparation: what stands on which side, and that only the training part decides."""

from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from core.datasets.builtin import DATASETS
from core.datasets.data_file import DataFile
from core.datasets.description import ColumnRole, MissingValues, Task
from core.datasets.fingerprint import fingerprint
from core.datasets.prepare import PreparedData, prepare
from core.datasets.samples import read_samples
from core.datasets.table_format import TableFormat
from core.errors import DataError, InvalidSetting
from core.settings import DataSettings

NUMBER, CATEGORY = ColumnRole.NUMBER, ColumnRole.CATEGORY
ROWS = 200


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "size": [None if n % 10 == 0 else float(n) for n in range(ROWS)],
            "town": [None if n % 25 == 3 else ("Ulm", "Bonn", "Kiel")[n % 3] for n in range(ROWS)],
            "street": [f"street {n // 5}" for n in range(ROWS)],
            "sold": ["yes" if n % 4 == 0 else "no" for n in range(ROWS)],
            "price": [None if n == 7 else x for n, x in enumerate(rng.normal(100, 10, ROWS))],
        }
    )
    path = tmp_path / "houses.csv"
    frame.write_csv(path)
    return path


def settings(path: Path, target: str = "price", task: Task = Task.REGRESSION, **changes: object) -> DataSettings:
    roles = {"size": NUMBER, "town": CATEGORY, "street": ColumnRole.IGNORE}
    file = DataFile(
        path=str(path),
        layout=TableFormat(),
        fingerprint=fingerprint(path),
        rows=ROWS,
        target=target,
        task=task,
        columns=roles,
    )
    return msgspec.structs.replace(DataSettings(file=file), **changes)


def rows_of(data: PreparedData) -> list[int]:
    return [0 if part is None else len(part) for part in (data.x_train, data.x_val, data.x_test)]


@pytest.mark.parametrize("name", DATASETS)
def test_that_every_built_in_set_can_be_prepared(name: str) -> None:
    dataset = DATASETS[name]
    data = prepare(DataSettings(dataset=name), 0)
    assert sum(rows_of(data)) == dataset.rows
    assert data.x_train.shape[1:] == (dataset.image or (dataset.features,))
    assert data.x_train.dtype == data.y_val.dtype == np.float32
    assert set(np.unique(data.y_train)) <= set(range(len(dataset.classes))) or not dataset.classes


def test_that_gaps_are_filled_and_categories_become_columns(houses: Path) -> None:
    data = prepare(settings(houses), 0)
    assert data.names == ("size", "town")
    assert data.x_train.shape[1] == 1 + 4, "three towns and the empty one"
    assert np.isfinite(data.x_train).all()
    assert sum(rows_of(data)) == ROWS - 1, "the row without a target is left out"
    assert abs(data.x_train[:, 0].mean()) < 1e-5
    assert data.x_train[:, 1:].sum(axis=1).tolist() == [1.0] * len(data.x_train)


def test_that_rows_with_gaps_can_be_left_out(houses: Path) -> None:
    data = prepare(settings(houses, missing=MissingValues.DROP), 0)
    full = [n for n in range(ROWS) if n % 10 and n % 25 != 3 and n != 7]
    assert sum(rows_of(data)) == len(full)
    assert data.x_train.shape[1] == 1 + 3


def test_that_a_category_that_training_has_not_seen_is_none_of_its_columns(tmp_path: Path) -> None:
    frame = pl.DataFrame({"size": range(ROWS), "town": ["Ulm"] * (ROWS - 1) + ["Bonn"], "price": range(ROWS)})
    path = tmp_path / "a.csv"
    frame.write_csv(path)
    file = DataFile(
        path=str(path),
        layout=TableFormat(),
        fingerprint=fingerprint(path),
        rows=ROWS,
        target="price",
        task=Task.REGRESSION,
        columns={"size": NUMBER, "town": CATEGORY},
    )
    for seed in range(20):
        data = prepare(DataSettings(file=file), seed)
        assert data.x_val.shape[1] == data.x_train.shape[1]


def test_that_only_the_training_part_decides_the_statistics(houses: Path) -> None:
    data = prepare(settings(houses), 3)
    assert abs(data.x_train[:, 0].mean()) < 1e-5
    assert abs(data.x_val[:, 0].mean()) > 1e-3


def test_that_classes_keep_their_shares_in_each_part(houses: Path) -> None:
    data = prepare(settings(houses, "sold", Task.BINARY, test_fraction=0.2), 1)
    assert data.classes == ("no", "yes")
    assert rows_of(data) == [120, 40, 40]
    for part in (data.y_train, data.y_val, data.y_test):
        assert part is not None
        assert part.mean() == pytest.approx(0.25, abs=0.01)


def test_that_the_test_part_is_the_same_whatever_the_validation_share(houses: Path) -> None:
    one, other = (
        prepare(settings(houses, "sold", Task.BINARY, test_fraction=0.2, validation_fraction=share), 1)
        for share in (0.1, 0.4)
    )
    assert one.y_test is not None
    assert other.y_test is not None
    assert np.array_equal(one.y_test, other.y_test)


@pytest.mark.parametrize(("target", "task"), [("price", Task.REGRESSION), ("sold", Task.BINARY)])
def test_that_rows_of_one_group_never_stand_on_both_sides(houses: Path, target: str, task: Task) -> None:
    from core.datasets.prepare import split

    given = settings(houses, target, task, group="street", test_fraction=0.2)
    samples = read_samples(given)
    assert samples.groups is not None
    parts = [set(samples.groups[part]) for part in split(samples, given, 5)]
    assert all(parts)
    assert not parts[0] & parts[1]
    assert not parts[0] & parts[2]
    assert not parts[1] & parts[2]


def test_that_the_tutorials_split_is_what_it_always_was() -> None:
    x, y, _names = DATASETS["boston_housing"].read()
    order = np.random.default_rng(0).permutation(len(x))
    data = prepare(DataSettings(), 0)
    assert np.array_equal(data.y_train[:, 0], y[order[:405]].astype(np.float32))
    assert np.array_equal(data.y_val[:, 0], y[order[405:]].astype(np.float32))
    mean, deviation = x[order[:405]].mean(axis=0), x[order[:405]].std(axis=0)
    assert np.allclose(data.x_val, (x[order[405:]] - mean) / deviation, atol=1e-6)


def test_that_classes_that_are_numbers_stand_in_order(tmp_path: Path) -> None:
    frame = pl.DataFrame({"size": range(ROWS), "stars": [(2, 10, 1)[n % 3] for n in range(ROWS)]})
    path = tmp_path / "a.csv"
    frame.write_csv(path)
    file = DataFile(
        path=str(path),
        layout=TableFormat(),
        fingerprint=fingerprint(path),
        rows=ROWS,
        target="stars",
        task=Task.MULTICLASS,
        columns={"size": NUMBER},
    )
    assert prepare(DataSettings(file=file), 0).classes == ("1", "2", "10")


def test_that_a_file_that_has_changed_for_the_worse_gets_a_sentence(houses: Path) -> None:
    given = settings(houses)
    houses.write_text("size,price\n" + "1,2\n" * 50)
    with pytest.raises(DataError, match="has no column “town” any more"):
        prepare(given, 11)
    houses.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        prepare(given, 12)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"test_fraction": 0.6}, "test_fraction"),
        ({"test_fraction": 0.5, "validation_fraction": 0.5}, "test_fraction"),
        ({"group": "nobody"}, "group"),
    ],
)
def test_that_a_split_that_cannot_be_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        msgspec.structs.replace(DataSettings(), **changes)
    assert caught.value.field == field
