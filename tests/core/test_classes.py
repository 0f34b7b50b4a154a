"""Classes and their order, names of ours beside those of a table, and that a script reads what the study read."""

import os
import random
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from core.datasets import features
from core.datasets.data_file import DataFile
from core.datasets.labels import as_float, in_first_order, in_order, label_without_place, source_of
from core.datasets.prepare import prepare, split_problem
from core.datasets.samples import Samples, read_samples, write_samples
from core.datasets.settings import DataSettings
from core.errors import DataError
from core.export.script.data_lines import (
    data_constants,
    data_imports,
    data_modules,
    prepare_lines,
    read_lines,
    split_lines,
)
from core.export.settings_json import write_settings_json
from core.progress import StudyProgress
from core.settings import StudySettings
from core.tables.description import ColumnRole, MissingValues, Task
from core.tables.fingerprint import fingerprint
from core.tables.names import free_name
from core.tables.readings import CellKind, ColumnReading, DateOrder
from core.tables.table_format import FIRST_RULES, RULES, FileKind, TableFormat
from tests.core.test_export import complete, started
from tests.tables import imported

NUMBER, CATEGORY, IGNORE = ColumnRole.NUMBER, ColumnRole.CATEGORY, ColumnRole.IGNORE
SEED = 3
BEYOND_FLOATS = ["9007199254740993", "9007199254740994", "9007199254740994.5", "9007199254740995"]


def table(
    path: Path,
    columns: dict[str, Any],
    target: str,
    task: Task,
    rules: int = RULES,
    roles: dict[str, ColumnRole] | None = None,
) -> DataFile:
    """Write the columns as Parquet, which holds them as they are; texts are categories unless `roles` has another."""
    frame = pl.DataFrame(columns)
    frame.write_parquet(path)
    usual = {name: CATEGORY if frame[name].dtype == pl.String else NUMBER for name in columns if name != target}
    layout = TableFormat(kind=FileKind.PARQUET, rules=rules)
    return imported(path, frame.height, target, task, usual | (roles or {}), layout)


def by_the_script(data: DataSettings, folder: Path) -> dict[str, Any]:
    """Return the variables of an exported script when it has read, split and prepared the data."""
    file = data.file
    assert file is not None
    samples = folder / "samples.csv"
    write_samples(read_samples(data), file.target, samples)
    lines = [
        data_modules(data),
        "import numpy as np\nfrom pathlib import Path\n",
        data_imports(data),
        data_constants(data, f"Path({str(samples)!r})"),
        f"STUDY_SEED, fit = {SEED}, 1\n",
        read_lines(data),
        split_lines(data),
        "x_train, y_train, x_val, y_val = x[train], y[train], x[validation], y[validation]\n",
        prepare_lines(data, as_images=False),
    ]
    variables: dict[str, Any] = {}
    exec("".join(lines), variables)
    return variables


def require_same(data: DataSettings, folder: Path) -> Samples:
    """Require that script and study train on the same numbers; return what the study reads."""
    prepared, script = prepare(data, SEED), by_the_script(data, folder)
    for name in ("x_train", "y_train", "x_val", "y_val"):
        own: NDArray[np.float32] = getattr(prepared, name)
        assert np.array_equal(own, script[name].astype("float32")), name
    assert tuple(script.get("classes", ())) == prepared.classes
    return read_samples(data)


# The order


@pytest.mark.parametrize(
    ("labels", "ordered"),
    [
        (["10", "9", "2.5", "-3"], ["-3", "2.5", "9", "10"]),
        (["b", "10", "a", "9"], ["9", "10", "a", "b"]),
        (["nan", "2", "0", "1"], ["0", "1", "2", "nan"]),
        (["NaN", "inf", "3", "-inf", "Infinity"], ["3", "-inf", "Infinity", "NaN", "inf"]),
        (["9007199254740995", "9007199254740993", "9007199254740994.5", "9007199254740994"], BEYOND_FLOATS),
        (["01", "1.0", "1", "001", "+1", "1e0"], ["+1", "001", "01", "1", "1.0", "1e0"]),
        (["1_000", "٣", "2", " 1", "1 ", "0x1"], ["2", " 1", "0x1", "1 ", "1_000", "٣"]),
        (["1e400", "1e-400", "2", "0"], ["0", "1e-400", "2", "1e400"]),
        ([".5", "5.", "-.5e1", "e5", ".", "-", "1e"], ["-.5e1", ".5", "5.", "-", ".", "1e", "e5"]),
        (["z", "é", "ä", "Z", "", "\U0001f600", "\ufb01"], ["", "Z", "z", "ä", "é", "\ufb01", "\U0001f600"]),
    ],
)
def test_that_numbers_stand_by_value_and_texts_after_them_by_code_point(labels: list[str], ordered: list[str]) -> None:
    assert in_order(set(labels)) == ordered


def any_labels(count: int) -> set[str]:
    """Return random labels: numbers written in every way, what looks like one, and texts."""
    rng = random.Random(5)
    alphabet = '0123456789+-.eE_ naNifIé٣\U0001f600"'
    found = {"nan", "inf", "-inf", "", "1", "1.0", "01", "9007199254740993", "9007199254740994", "1e400", "-0", "0"}
    for _ in range(count):
        found.add("".join(rng.choices(alphabet, k=rng.randrange(1, 5))))
        found.add(repr(rng.choice([rng.random(), rng.randrange(100), rng.randrange(10**20), -rng.expovariate(3.0)])))
    return found


def order_elsewhere(lines: str, hash_seed: int, labels: set[str]) -> list[str]:
    """Return the order in another process, which has the lines of a script alone."""
    program = f"import decimal, json, sys\n{lines}\nprint(json.dumps(order(set(json.load(sys.stdin)))))"
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", program],
        input=msgspec.json.encode(sorted(labels)),
        capture_output=True,
        env=os.environ | {"PYTHONHASHSEED": str(hash_seed)},
        check=True,
    )
    return list(msgspec.json.decode(done.stdout, type=list[str]))


@pytest.mark.parametrize(
    ("order", "functions"),
    [(in_order, (in_order,)), (in_first_order, (in_order, as_float, label_without_place, in_first_order))],
)
def test_that_study_and_script_have_one_order_in_every_process(order: Any, functions: tuple[Any, ...]) -> None:
    labels = any_labels(2000)
    own = order(labels)
    assert sorted(own) == sorted(labels)
    lines = f"{source_of(*functions)}\norder = {order.__name__}\n"
    assert [order_elsewhere(lines, hash_seed, labels) == own for hash_seed in (0, 1, 2)] == [True] * 3


def test_that_the_order_of_the_first_rules_is_what_it_was_wherever_it_was_one() -> None:
    def as_it_was(label: str) -> tuple[bool, float, str]:
        try:
            return False, float(label), label
        except ValueError:
            return True, 0.0, label

    labels = {label for label in any_labels(2000) if as_float(label) is None or float(label) == float(label)}
    assert in_first_order(labels) == sorted(labels, key=as_it_was)
    assert in_first_order({"inf", "2", "1_0", "a"}) == ["2", "1_0", "inf", "a"]
    assert label_without_place(labels) is None
    for label in ("nan", "NaN", "-nan", "+NAN"):
        assert label_without_place({*labels, label}) == label
        assert in_first_order({*labels, label}) == in_order({*labels, label})


@pytest.mark.parametrize("rules", [FIRST_RULES, RULES])
@pytest.mark.parametrize("grouped", [False, True])
def test_that_a_class_called_nan_is_a_class_like_any_other(tmp_path: Path, rules: int, grouped: bool) -> None:
    kinds = ("2.0", "nan", "0.0", "1.0")
    columns = {"x": [float(n) for n in range(120)], "kind": [kinds[n % 4] for n in range(120)]}
    columns["g"] = [str(n // 3) for n in range(120)]
    file = table(tmp_path / "a.parquet", columns, "kind", Task.MULTICLASS, rules, roles={"g": IGNORE})
    samples = require_same(DataSettings(file=file, group="g" if grouped else ""), tmp_path)
    assert samples.classes == ("0.0", "1.0", "2.0", "nan")
    assert samples.target[:4].tolist() == [2.0, 3.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("column", "classes"),
    [
        ([0.0, 1.0], ("0", "1")),
        ([0.5, 1.5], ("0.5", "1.5")),
        ([10, 9], ("9", "10")),
        ([9007199254740993, 9007199254740994, 9007199254740995], BEYOND_FLOATS[:2] + BEYOND_FLOATS[3:]),
        ([True, False], ("false", "true")),
        (["001", "01", "1"], ("001", "01", "1")),
        (["+", "−", "NA"], ("+", "NA", "−")),
        (['9" pipe', "a,b", "two\nlines", "two\rlines", " spaces ", "\\", "'", ";", "#"], None),
    ],
)
def test_that_the_samples_file_has_the_labels_of_the_study(
    tmp_path: Path, column: list[Any], classes: tuple[str, ...] | None
) -> None:
    count = 12 * len(column)
    columns = {"x": [n * 0.37 for n in range(count)], "kind": column * 12}
    task = Task.BINARY if len(column) == 2 else Task.MULTICLASS
    file = table(tmp_path / "a.parquet", columns, "kind", task)
    samples = require_same(DataSettings(file=file), tmp_path)
    assert samples.classes == tuple(classes or sorted(cell.strip() for cell in column))


# Names of ours


def test_that_a_column_called_as_the_groups_are_in_a_file_of_samples_is_a_column_like_any_other(tmp_path: Path) -> None:
    columns = {
        "(group)": [f"a{n % 3}" for n in range(120)],
        "(group) (2)": [float(n % 7) for n in range(120)],
        "y": [n * 0.5 for n in range(120)],
        "g": [str(n // 4) for n in range(120)],
    }
    file = table(tmp_path / "a.parquet", columns, "y", Task.REGRESSION, FIRST_RULES, roles={"g": IGNORE})
    samples = require_same(DataSettings(file=file, group="g"), tmp_path)
    assert pl.read_csv(tmp_path / "samples.csv").columns == ["(group) (2)", "(group)", "(group) (3)", "y"]
    assert samples.names == ("(group) (2)", "(group)")


def test_that_the_target_may_be_called_as_the_groups_are(tmp_path: Path) -> None:
    columns = {"x": [n * 0.5 for n in range(80)], "(group)": ["no", "yes"] * 40, "g": [str(n // 4) for n in range(80)]}
    file = table(tmp_path / "a.parquet", columns, "(group)", Task.BINARY)
    require_same(DataSettings(file=file, group="g", test_fraction=0.2), tmp_path)


@pytest.mark.parametrize("name", ["target", "x", "DATA", "(empty)", 'a"b', "two\nlines", "a,b", "\ufeffx"])
def test_that_columns_may_be_called_like_what_a_script_has(tmp_path: Path, name: str) -> None:
    columns = {
        name: [float(n % 9) for n in range(60)],
        "town": ["Ulm", "Bonn", None] * 20,
        "outcome": [n * 0.25 for n in range(60)],
    }
    require_same(DataSettings(file=table(tmp_path / "a.parquet", columns, "outcome", Task.REGRESSION)), tmp_path)
    other = {name: ["no", "yes"] * 30} | {key: columns[key] for key in ("town", "outcome")}
    require_same(DataSettings(file=table(tmp_path / "b.parquet", other, name, Task.BINARY)), tmp_path)


def towns(tmp_path: Path, rules: int) -> DataFile:
    towns = ["Ulm", None, "(empty)", "zoo", "(empty) (2)"]
    columns = {"town": [towns[n % 5] for n in range(100)], "y": [float(n % 5) for n in range(100)]}
    return table(tmp_path / "a.parquet", columns, "y", Task.REGRESSION, rules)


@pytest.mark.parametrize(("rules", "inputs"), [(FIRST_RULES, 4), (RULES, 5)])
def test_that_a_gap_is_no_category_of_that_name(tmp_path: Path, rules: int, inputs: int) -> None:
    data = DataSettings(file=towns(tmp_path, rules))
    samples = require_same(data, tmp_path)
    assert prepare(data, SEED).x_train.shape[1] == inputs
    assert samples.empty == ("(empty)" if rules == FIRST_RULES else "(empty) (3)")


@pytest.mark.parametrize(("rules", "groups"), [(FIRST_RULES, 2), (RULES, 3)])
@pytest.mark.parametrize("name", ["None", "(none)"])
def test_that_rows_without_a_group_are_in_no_group_of_that_name(
    tmp_path: Path, rules: int, groups: int, name: str
) -> None:
    columns = {
        "x": [n * 1.5 for n in range(90)],
        "g": [(None, name, "b")[n // 30] for n in range(90)],
        "y": [float(n) for n in range(90)],
    }
    file = table(tmp_path / "a.parquet", columns, "y", Task.REGRESSION, rules, roles={"g": IGNORE})
    samples = require_same(DataSettings(file=file, group="g"), tmp_path)
    assert samples.groups is not None
    assert len(set(samples.groups)) == (3 if name == "(none)" else groups)
    assert set(samples.groups[30:60]) == {name}


def test_that_a_free_name_is_the_one_that_was_wanted_if_nothing_has_it() -> None:
    assert free_name("a", {"b"}) == "a"
    assert free_name("a", {"a", "a (2)", "a (4)"}) == "a (3)"


# What a script reads


def test_that_numbers_pass_through_the_samples_file_without_a_loss(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**64, 5000, np.uint64).view(np.float64)
    dates = (rng.integers(-(2**40), 2**40, 5000) / 86_400_000_000).astype(float)
    odd = np.array([0.0, -0.0, 5e-324, 1.7976931348623157e308, 1e16, 1e22, 0.1, 2**53 + 2, -1e-7])
    numbers = np.concatenate([np.where(np.isfinite(bits), bits, np.nan), dates, odd])[:, None]
    samples = Samples(
        numbers, np.empty((len(numbers), 0), object), ("x",), (), dates[:1].repeat(len(numbers)), Task.REGRESSION
    )
    write_samples(samples, "y", tmp_path / "a.csv")
    cells = [line.split(",")[0] for line in (tmp_path / "a.csv").read_text().splitlines()[1:]]
    assert np.array([float(cell or "nan") for cell in cells]).tobytes() == numbers.tobytes()


def test_that_only_rows_with_a_target_and_without_gaps_are_in_the_samples_file(tmp_path: Path) -> None:
    columns = {
        "x": [None if n % 10 == 0 else n * 0.1 for n in range(100)],
        "town": [None if n % 7 == 0 else "ab"[n % 2] for n in range(100)],
        "kind": [None if n % 3 == 0 else ("no", "yes")[n % 2] for n in range(100)],
    }
    for missing in MissingValues:
        file = table(tmp_path / "a.parquet", columns, "kind", Task.BINARY)
        samples = require_same(DataSettings(file=file, missing=missing), tmp_path)
        kept = [n for n in range(100) if n % 3 and (missing is MissingValues.IMPUTE or (n % 10 and n % 7))]
        assert len(samples.target) == len(kept)


READINGS = {
    "share": ColumnReading(kind=CellKind.NUMBER),
    "rent": ColumnReading(kind=CellKind.NUMBER),
    "load": ColumnReading(kind=CellKind.NUMBER, decimal_comma=True, missing=("k.A.",)),
    "day": ColumnReading(kind=CellKind.DATE, dates=DateOrder.DMY),
    "moment": ColumnReading(kind=CellKind.DATE, dates=DateOrder.YMD),
    "clock": ColumnReading(kind=CellKind.TIME),
    "took": ColumnReading(kind=CellKind.DURATION),
    "code": ColumnReading(kind=CellKind.TEXT),
    "grade": ColumnReading(kind=CellKind.TEXT, missing=()),
}
CELLS = {
    "share": ("11 %", "94%", "0.5 %"),
    "rent": ("$1,225.30", "$985.25", "$12"),
    "load": ("9,41", "0,37", "k.A."),
    "day": ("31.12.2024", "01.02.2025", "02.02.2025"),
    "moment": ("2024-12-31 06:00:00", "2025-01-01 12:34:56.789", "2025-01-02"),
    "clock": ("13:45", "07:00:30", "23:59"),
    "took": ("1:02:03", "0:00:30", "27:00:00"),
    "code": ("007", "07", "7"),
    "grade": ("A", "NA", ""),
}
ROW = {
    "share": 11.0,
    "rent": 1225.3,
    "load": 9.41,
    "day": 20088.0,
    "moment": 20088.25,
    "clock": 49500.0,
    "took": 3723.0,
}


def test_that_a_script_reads_what_the_study_made_of_the_cells(tmp_path: Path) -> None:
    columns: dict[str, Any] = {name: cells * 30 for name, cells in CELLS.items()}
    columns["y"] = [None if n % 8 == 7 else n * 0.3 for n in range(90)]
    file = table(tmp_path / "a.parquet", columns, "y", Task.REGRESSION, roles=dict.fromkeys(ROW, NUMBER))
    file = msgspec.structs.replace(
        file, readings=READINGS, layout=msgspec.structs.replace(file.layout, missing=("NA",))
    )
    samples = require_same(DataSettings(file=file), tmp_path)
    assert dict(zip(samples.number_names, samples.numbers[0], strict=True)) == ROW
    assert samples.categories[:3].tolist() == [["007", "A"], ["07", "NA"], ["7", None]]
    assert np.isnan(samples.numbers[2, samples.number_names.index("load")])
    assert len(samples.target) == 79

    for target, classes in (("grade", ("A", "NA")), ("code", ("007", "07", "7"))):
        columns["grade"] = ("A", "NA", "A") * 30
        roles = {name: NUMBER if name in ROW else CATEGORY for name in columns if name != target}
        task = Task.BINARY if len(classes) == 2 else Task.MULTICLASS
        table(tmp_path / "a.parquet", columns, target, task)
        given = msgspec.structs.replace(
            file, target=target, task=task, columns=roles, fingerprint=fingerprint(tmp_path / "a.parquet")
        )
        assert require_same(DataSettings(file=given), tmp_path).classes == classes


# Features without a value


@pytest.mark.parametrize("rules", [FIRST_RULES, RULES])
@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ([None] * 79 + ["a"], "Every cell of “c” is empty in the training part: leave it out"),
        ([None] * 79 + [1.5], "“c” has no finite number in the training part: leave it out"),
        ([float("inf"), float("-inf")] * 40, "“c” has no finite number in the training part: leave it out"),
    ],
)
def test_that_a_feature_without_a_value_to_learn_from_is_told(
    tmp_path: Path, rules: int, column: list[Any], sentence: str
) -> None:
    columns = {"town": ["Ulm", "Bonn"] * 40, "c": pl.Series(column), "y": [float(n) for n in range(80)]}
    file = table(tmp_path / "a.parquet", columns, "y", Task.REGRESSION, rules)
    data = DataSettings(file=file)
    if rules == FIRST_RULES:
        assert split_problem(data, 0) == ""
        with warnings.catch_warnings(action="ignore"):  # scikit-learn's, which nobody sees
            assert np.isfinite(prepare(data, 0).x_train).all(), "as ever"
        return
    assert split_problem(data, 0) == sentence
    with pytest.raises(DataError, match=sentence):
        prepare(data, 0)


def test_that_numbers_do_not_depend_on_how_many_columns_are_prepared_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    columns: dict[str, Any] = {f"x{n}": rng.normal(10.0**n, 1, 900).tolist() for n in range(7)}
    columns["x3"] = [None if n % 50 == 0 else value for n, value in enumerate(columns["x3"])]
    columns["town"] = rng.choice(["Ulm", "Bonn"], 900).tolist()
    columns["y"] = rng.normal(size=900)
    file = table(tmp_path / "a.parquet", columns, "y", Task.REGRESSION)
    for size, test in ((1, 0.0), (20_000, 0.2), (2**20, 0.1)):
        monkeypatch.setattr(features, "_BLOCK", size)
        require_same(DataSettings(file=file, standardise=size > 1, test_fraction=test), tmp_path)


def test_that_exported_settings_say_how_each_column_is_read(tmp_path: Path) -> None:
    columns: dict[str, Any] = {name: cells * 30 for name, cells in CELLS.items()} | {"y": list(range(90))}
    file = table(tmp_path / "a.parquet", columns, "y", Task.REGRESSION, roles=dict.fromkeys(ROW, NUMBER))
    file = msgspec.structs.replace(file, readings=READINGS)
    study = [*started(StudySettings(data=DataSettings(file=file))), *complete(1, 20.5)]
    exported = msgspec.json.decode(write_settings_json(StudyProgress.of(study), None))
    assert msgspec.convert(exported["data"]["file"], DataFile) == file
    assert exported["data"]["file"]["readings"]["grade"] == {"kind": "text", "missing": []}
