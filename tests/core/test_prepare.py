"""Split and preparation: what stands on which side, and that only the training part decides."""

from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from core.datasets import prepare as preparing
from core.datasets.builtin import DATASETS
from core.datasets.prepare import PreparedData, prepare, prepare_test, split
from core.datasets.samples import Samples, read_samples
from core.datasets.settings import DataSettings
from core.errors import DataChanged, DataError, DataGone, InvalidSetting
from core.tables.description import ColumnRole, MissingValues, Task
from tests.tables import imported

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
    file = imported(path, ROWS, target, task, roles)
    return msgspec.structs.replace(DataSettings(file=file), **changes)


def rows_of(data: PreparedData) -> list[int]:
    return [len(part) for part in (data.x_train, data.x_val)]


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


@pytest.mark.parametrize(
    ("target", "task", "problem"),
    [
        ("sold", Task.BINARY, "“sold” is no in every row, so there is nothing to predict"),
        ("price", Task.REGRESSION, "“price” is 7 in every row, so there is nothing to predict"),
        ("kind", Task.MULTICLASS, "The class “villa” of “kind” has one row only"),
        ("size", Task.REGRESSION, "“size” has a value in 9 rows only"),
    ],
)
def test_that_the_target_is_looked_at_in_the_rows_that_are_left(
    tmp_path: Path, target: str, task: Task, problem: str
) -> None:
    full = [n % 2 == 0 for n in range(40)]
    frame = pl.DataFrame(
        {
            "town": ["Ulm" if whole else None for whole in full],
            "sold": ["no" if whole else "yes" for whole in full],
            "price": [7 if whole else n for n, whole in enumerate(full)],
            "kind": ["villa" if n < 2 else ("flat", "house")[n // 2 % 2] for n in range(40)],
            "size": [n if n % 2 or n < 18 else None for n in range(40)],
        }
    )
    path = tmp_path / "a.csv"
    frame.write_csv(path)
    file = imported(path, 40, target, task, {"town": CATEGORY})
    assert len(read_samples(DataSettings(file=file)).target) >= 20, "with gaps filled there is no problem"
    with pytest.raises(DataError, match=f"In the rows without gaps: {problem}.* Impute missing values instead"):
        read_samples(DataSettings(file=file, missing=MissingValues.DROP))


def test_that_the_group_is_no_feature_and_needs_one_beside_it(houses: Path) -> None:
    given = settings(houses)
    assert given.file is not None
    only = msgspec.structs.replace(given.file, columns={"town": CATEGORY, "street": ColumnRole.IGNORE})
    assert DataSettings(file=only, group="street").group == "street"
    with pytest.raises(InvalidSetting, match="“town” is the only feature") as caught:
        DataSettings(file=only, group="town")
    assert caught.value.field == "group"


def test_that_a_category_that_training_has_not_seen_is_none_of_its_columns(tmp_path: Path) -> None:
    frame = pl.DataFrame({"size": range(ROWS), "town": ["Ulm"] * (ROWS - 1) + ["Bonn"], "price": range(ROWS)})
    path = tmp_path / "a.csv"
    frame.write_csv(path)
    file = imported(path, ROWS, "price", Task.REGRESSION, {"size": NUMBER, "town": CATEGORY})
    for seed in range(20):
        data = prepare(DataSettings(file=file), seed)
        assert data.x_val.shape[1] == data.x_train.shape[1]


def test_that_only_the_training_part_decides_the_statistics(houses: Path) -> None:
    data = prepare(settings(houses), 3)
    assert abs(data.x_train[:, 0].mean()) < 1e-5
    assert abs(data.x_val[:, 0].mean()) > 1e-3


def test_that_classes_keep_their_shares_in_each_part(houses: Path) -> None:
    given = settings(houses, "sold", Task.BINARY, test_fraction=0.2)
    data, test = prepare(given, 1), prepare_test(given, 1)
    assert data.classes == ("no", "yes")
    assert rows_of(data) == [120, 40]
    assert len(test.y_val) == 40
    for part in (data.y_train, data.y_val, test.y_val):
        assert part.mean() == pytest.approx(0.25, abs=0.01)


def test_that_the_test_part_is_the_same_whatever_the_validation_share(houses: Path) -> None:
    one, other = (
        prepare_test(settings(houses, "sold", Task.BINARY, test_fraction=0.2, validation_fraction=share), 1)
        for share in (0.1, 0.4)
    )
    assert np.array_equal(one.y_val, other.y_val)


@pytest.mark.parametrize(("target", "task"), [("price", Task.REGRESSION), ("sold", Task.BINARY)])
def test_that_rows_of_one_group_never_stand_on_both_sides(houses: Path, target: str, task: Task) -> None:
    given = settings(houses, target, task, group="street", test_fraction=0.2)
    samples = read_samples(given)
    assert samples.groups is not None
    parts = [set(samples.groups[part]) for part in split(samples, given, 5)]
    assert all(parts)
    assert not parts[0] & parts[1]
    assert not parts[0] & parts[2]
    assert not parts[1] & parts[2]


def grouped(groups: list[str], labels: list[float]) -> Samples:
    return samples_of(len(groups), labels, Task.BINARY, groups)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.3, 0.4, 0.6, 0.75, 0.85])
def test_that_grouped_classes_are_split_by_the_shares_that_were_asked_for(share: float) -> None:
    rng = np.random.default_rng(0)
    groups = [f"patient {int(abs(rng.normal()) * 20)}" for _ in range(500)]
    samples = grouped(groups, [float(rng.random() < 0.3) for _ in groups])
    for test_fraction in (0.0, 0.05):
        given = DataSettings(validation_fraction=share, test_fraction=test_fraction)
        train, validation, _test = split(samples, given, 4)
        assert len(validation) / 500 == pytest.approx(share, abs=0.03)
        for part in (train, validation):
            assert samples.target[part].mean() == pytest.approx(samples.target.mean(), abs=0.08)
        assert np.array_equal(validation, split(samples, given, 4)[1])
    assert len(split(samples, given, 4)[2]) / 500 == pytest.approx(0.05, abs=0.02)


def test_that_few_groups_of_classes_are_split_as_well_as_they_can_be() -> None:
    samples = grouped([f"g{n % 4}" for n in range(60)], [float(n // 4 % 2) for n in range(60)])
    assert [len(part) for part in split(samples, DataSettings(), 0)] == [45, 15, 0]
    samples = grouped([f"g{n % 2}" for n in range(60)], [float(n // 4 % 2) for n in range(60)])
    assert [len(part) for part in split(samples, DataSettings(), 0)] == [30, 30, 0]


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY])
def test_that_too_few_groups_for_a_split_get_a_sentence(task: Task) -> None:
    samples = samples_of(60, [float(n % 2) for n in range(60)], task, ["a", "b"] * 30)
    with pytest.raises(DataError, match="2 groups of rows are too few for such a split"):
        split(samples, DataSettings(test_fraction=0.2), 0)


def test_that_a_class_that_one_part_lacks_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [f"{n},g{n % 10},{'rare' if n % 10 == 0 else ('often', 'more')[n // 10 % 2]}" for n in range(200)]
    path.write_text("\n".join(["a,g,kind", *lines]))
    file = imported(path, 200, "kind", Task.MULTICLASS, {"a": NUMBER, "g": ColumnRole.IGNORE})
    data = prepare(DataSettings(file=file, group="g"), 0)
    assert data.note == "The validation part has no row of the class “rare”"
    assert preparing.with_class_columns(data).note == data.note
    notes = {prepare(DataSettings(file=file, group="g", folds=5), 0, fit).note for fit in range(1, 6)}
    assert notes == {data.note, "The training part has no row of the class “rare”"}
    assert prepare(DataSettings(file=file), 0).note == ""


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
    file = imported(path, ROWS, "stars", Task.MULTICLASS, {"size": NUMBER})
    assert prepare(DataSettings(file=file), 0).classes == ("1", "2", "10")


@pytest.mark.parametrize(("size", "standardise"), [(1e39, False), (1e300, True)])
def test_that_features_too_large_to_compute_with_get_a_sentence(tmp_path: Path, size: float, standardise: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_text("small,large,price\n" + "".join(f"{n},{n * size},{2 * n}\n" for n in range(40)))
    file = imported(path, 40, "price", Task.REGRESSION, {"small": NUMBER, "large": NUMBER})
    with pytest.raises(DataError, match="“large” has numbers that are too large to compute with"):
        prepare(DataSettings(file=file, standardise=standardise), 0)


def test_that_large_numbers_that_standardising_makes_small_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("large,price\n" + "".join(f"{n * 1e39},{2 * n}\n" for n in range(40)))
    file = imported(path, 40, "price", Task.REGRESSION, {"large": NUMBER})
    assert np.isfinite(prepare(DataSettings(file=file), 0).x_train).all()


def test_that_rows_without_a_group_are_one_group(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("size,g,price\n" + "".join(f"{n},{'' if n < 8 else n // 4},{2 * n}\n" for n in range(40)))
    file = imported(path, 40, "price", Task.REGRESSION, {"size": NUMBER, "g": ColumnRole.IGNORE})
    samples = read_samples(DataSettings(file=file, group="g"))
    assert samples.groups is not None
    assert len(set(samples.groups[:8])) == 1


def test_that_a_class_that_leaves_with_the_rows_that_have_gaps_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("size,kind\n" + "".join(f"{'' if n % 3 == 2 else n},{'abc'[n % 3]}\n" for n in range(60)))
    file = imported(path, 60, "kind", Task.MULTICLASS, {"size": NUMBER})
    assert read_samples(DataSettings(file=file)).classes == ("a", "b", "c")
    samples = read_samples(DataSettings(file=file, missing=MissingValues.DROP))
    assert samples.classes == ("a", "b")
    assert sorted(set(samples.target)) == [0.0, 1.0]


def test_that_a_file_that_has_changed_is_not_taken_for_the_studys(houses: Path) -> None:
    given, content = settings(houses), houses.read_text()
    houses.write_text(content.replace("Ulm", "Rom"))
    with pytest.raises(DataChanged, match=r"houses\.csv has changed since it was imported"):
        prepare(given, 11)
    houses.write_bytes(b'"cut off in the middle of')
    with pytest.raises(DataChanged, match=r"houses\.csv has changed since it was imported"):
        prepare(given, 11)
    houses.unlink()
    with pytest.raises(DataGone, match=r"houses\.csv is not in"):
        prepare(given, 11)
    houses.write_text(content)
    assert sum(rows_of(prepare(given, 11))) == ROWS - 1


def test_that_a_change_for_the_worse_that_was_accepted_gets_a_sentence(houses: Path) -> None:
    houses.write_text("size,price\n" + "1,2\n" * 50)
    with pytest.raises(DataError, match="has no column “town” any more"):
        prepare(settings(houses), 11)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"test_fraction": 0.6}, "test_fraction"),
        ({"test_fraction": 0.5, "validation_fraction": 0.5}, "test_fraction"),
        ({"group": "nobody"}, "group"),
        ({"folds": 1}, "folds"),
        ({"folds": 21}, "folds"),
        ({"repeats": 0}, "repeats"),
        ({"repeats": 21}, "repeats"),
    ],
)
def test_that_a_split_that_cannot_be_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        msgspec.structs.replace(DataSettings(), **changes)
    assert caught.value.field == field


# Folds and repeats

KINDS = [("price", Task.REGRESSION, ""), ("sold", Task.BINARY, ""), ("price", Task.REGRESSION, "street")]
KINDS += [("sold", Task.BINARY, "street")]


@pytest.mark.parametrize(("target", "task", "group"), KINDS)
def test_that_every_row_but_the_tests_validates_in_exactly_one_fold(
    houses: Path, target: str, task: Task, group: str
) -> None:
    given = settings(houses, target, task, group=group, test_fraction=0.2, folds=5)
    samples = read_samples(given)
    parts = [split(samples, given, 3, fit) for fit in range(1, 6)]
    tests = {tuple(test) for _train, _validation, test in parts}
    assert len(tests) == 1, "the test part is the same for every fold"
    validated = np.concatenate([validation for _train, validation, _test in parts])
    rest = sorted(set(range(len(samples.target))) - set(tests.pop()))
    assert sorted(validated) == rest
    for train, validation, _test in parts:
        assert sorted([*train, *validation]) == rest


@pytest.mark.parametrize(("target", "task"), [("price", Task.REGRESSION), ("sold", Task.BINARY)])
def test_that_no_group_is_on_both_sides_of_a_fold_or_the_test(houses: Path, target: str, task: Task) -> None:
    given = settings(houses, target, task, group="street", test_fraction=0.2, folds=4, repeats=2)
    samples = read_samples(given)
    assert samples.groups is not None
    for fit in range(1, 9):
        one, two, three = (set(samples.groups[part]) for part in split(samples, given, 5, fit))
        assert one
        assert two
        assert three
        assert not one & two | one & three | two & three


def test_that_classes_keep_their_shares_in_each_fold(houses: Path) -> None:
    given = settings(houses, "sold", Task.BINARY, folds=5)
    for fit in range(1, 6):
        assert prepare(given, 1, fit).y_val.mean() == 0.25


def test_that_the_seed_of_the_study_shuffles_the_folds_and_each_repeat_shuffles_anew(houses: Path) -> None:
    given = settings(houses, folds=5, repeats=2)
    samples = read_samples(given)
    first, again, repeated, other = (
        sorted(split(samples, given, seed, fit)[1]) for seed, fit in ((1, 1), (1, 1), (1, 6), (2, 1))
    )
    assert first == again
    assert first != repeated
    assert first != other


def test_that_repeats_of_a_hold_out_share_its_split() -> None:
    given = msgspec.structs.replace(DataSettings(), repeats=3)
    assert prepare(given, 0, 1) is prepare(given, 0, 3)
    assert np.array_equal(prepare(given, 0, 3).x_val, prepare(DataSettings(), 0).x_val)


def test_that_each_fold_is_prepared_by_its_own_training_part(houses: Path) -> None:
    for fit in (1, 2):
        data = prepare(settings(houses, folds=2), 0, fit)
        assert abs(data.x_train[:, 0].mean()) < 1e-5
        assert abs(data.x_val[:, 0].mean()) > 1e-3


def test_that_the_largest_seed_can_shuffle_folds() -> None:
    assert len(prepare(msgspec.structs.replace(DataSettings(), folds=2), 2**32 - 1, 2).x_val) == 253


def test_that_the_largest_seed_can_split_classes() -> None:
    assert len(prepare(DataSettings(dataset="wine"), 2**32 - 1).x_val) == 36


def samples_of(rows: int, target: list[float], task: Task, groups: list[str] | None = None) -> Samples:
    numbers, nothing = np.arange(float(rows))[:, None], np.empty((rows, 0), object)
    return Samples(
        numbers,
        nothing,
        ("a",),
        (),
        np.array(target),
        task,
        ("no", "yes") if task is Task.BINARY else (),
        None if groups is None else np.array(groups, object),
    )


@pytest.mark.parametrize(
    ("samples", "sentence"),
    [
        (samples_of(3, [1.0, 2.0, 3.0], Task.REGRESSION), "3 rows are too few for 5 folds"),
        (samples_of(9, [0.0] * 6 + [1.0] * 3, Task.BINARY), "The class “yes” has 3 rows, too few for 5 folds"),
        (samples_of(6, [0.0] * 6, Task.REGRESSION, ["a", "b"] * 3), "2 groups of rows are too few for 5 folds"),
    ],
)
def test_that_too_few_rows_for_the_folds_get_a_sentence(samples: Samples, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        split(samples, msgspec.structs.replace(DataSettings(), folds=5), 0)


def test_that_folds_are_read_once_and_prepared_once_while_there_is_room(
    houses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    read: list[DataSettings] = []

    def count_made(samples: Samples, given: DataSettings, seed: int, fit: int) -> PreparedData:
        made.append(fit)
        return original(samples, given, seed, fit)

    def count_read(given: DataSettings) -> Samples:
        read.append(given)
        return read_samples(given)

    original = preparing._prepared
    monkeypatch.setattr(preparing, "_prepared", count_made)
    monkeypatch.setattr(preparing, "read_samples", count_read)
    given = settings(houses, folds=3)
    for _ in range(2):
        for fit in (1, 2, 3):
            prepare(given, 21, fit)
    assert made == [1, 2, 3]
    assert len(read) == 1
    monkeypatch.setattr(preparing, "MAX_FOLDS_BYTES", prepare(given, 21).nbytes)
    for _ in range(2):
        for fit in (1, 2, 3):
            prepare(given, 22, fit)
    assert made[3:] == [1, 2, 3, 2, 3], "what has no room is prepared anew"
    assert len(read) == 2


# The test part


@pytest.mark.parametrize("folds", [0, 4])
def test_that_the_test_part_is_evaluated_by_a_model_that_has_not_seen_it(houses: Path, folds: int) -> None:
    given = settings(houses, test_fraction=0.2, folds=folds)
    samples = read_samples(given)
    train, validation, test = split(samples, given, 7)
    data = prepare_test(given, 7)
    trained = [*train, *validation] if folds else train
    assert sorted(data.y_train[:, 0]) == sorted(samples.target[trained].astype(np.float32))
    assert np.array_equal(data.y_val[:, 0], samples.target[test].astype(np.float32))
    assert abs(data.x_train[:, 0].mean()) < 1e-5, "prepared by what the model is trained on"
