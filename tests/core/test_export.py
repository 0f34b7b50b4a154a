"""Exports: what they say, that they read back exactly, and that the script repeats the study's number."""

import ast
import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from core.datasets.builtin import BOSTON_HOUSING, Dataset
from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.errors import ExportError
from core.events import (
    EpochEnded,
    Event,
    FailureReason,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.export.cells import tab_separated
from core.export.exporters import CSV, EXPORTERS, JSON, PYTHON
from core.models.catalogue import FAMILIES
from core.models.declarations import OPTIMISER
from core.models.family import DataShape
from core.models.settings import ModelSettings
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.tables.description import ColumnRole, Task
from core.tables.fingerprint import Fingerprint, fingerprint
from core.tables.table_format import TableFormat
from tests.disks import full_disk, names
from tests.exports import save_export
from tests.scripts import numbers_of, run_script
from tests.tables import imported

PERCEPTRON = StudySettings(
    model=ModelSettings(family_name="mlp", ranges={p.name: p.first_range() for p in FAMILIES["mlp"].parameters})
)
VALUES: dict[str, Value] = {"learning_rate": 0.1 + 0.2, "batch_size": 32, "epochs": 2, "optimizer": "sgd"}


EXTRAS: dict[str, Value] = {"l2": 0.02, "batch_normalisation": True, "momentum": 0.6, "schedule": "exponential"}


def started(settings: StudySettings | None = None, versions: dict[str, str] | None = None) -> list[Event]:
    versions = {"keras": "3.15.1", "numpy": "2.4.6"} if versions is None else versions
    return [StudyStarted(settings=settings or StudySettings(), time=0.0, versions=versions)]


def complete(number: int, objective: float, values: Mapping[str, Value] = VALUES, seed: int = 11) -> list[Event]:
    return [
        TrialStarted(trial=number, values=dict(values), seed=seed, origin=PointOrigin.INITIAL),
        EpochEnded(trial=number, epoch=1, loss=9.0, val_loss=8.0, metrics={"mae": 2.0, "val_mae": 2.5}, seconds=0.1),
        EpochEnded(
            trial=number,
            epoch=2,
            loss=4.1,
            val_loss=objective,
            metrics={"mae": 1.0, "val_mae": 1.5},
            seconds=0.2,
        ),
        TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=2, seconds=0.2, objective=objective),
    ]


def failed(number: int, message: str) -> list[Event]:
    return [
        TrialStarted(trial=number, values=VALUES, seed=11, origin=PointOrigin.MODEL),
        TrialEnded(
            trial=number,
            state=TrialState.FAILED,
            epoch=1,
            seconds=0.05,
            reason=FailureReason.DIVERGED,
            message=message,
        ),
    ]


def study_of_two() -> StudyProgress:
    return StudyProgress.of([*started(), *complete(1, 20.5), *complete(2, 15.12345678901235, seed=99)])


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# JSON


def test_that_the_json_holds_the_best_trial_with_fixed_values_and_exact_numbers() -> None:
    content = json.loads(JSON.text(study_of_two()))

    assert content["trial"] == 2
    assert content["objective"] == {
        "name": "val_loss",
        "value": 15.12345678901235,
        "direction": "minimise",
        "epoch": "last",
    }
    assert content["values"] == VALUES
    assert content["values"]["learning_rate"] == 0.1 + 0.2
    assert content["epochs_counted"] == [2]
    assert content["train_loss"] == 4.1
    assert content["metrics"] == {"mae": 1.0, "val_mae": 1.5}
    assert content["seed"] == 99
    assert content["study"] == {"model": "linear", "search": "bayesian", "seed": 0, "trials": 2}
    assert content["data"] == {
        "file": None,
        "repeats": 1,
        "test_fraction": 0.0,
        "missing": "impute",
        "group": "",
        "dataset": "boston_housing",
        "excluded": [],
        "validation_fraction": 0.2,
        "standardise": True,
        "target_scale": "as it is",
    }
    assert content["versions"] == {"keras": "3.15.1", "numpy": "2.4.6"}


def test_that_the_json_has_the_losses_and_metrics_of_the_epoch_that_counted() -> None:
    settings = StudySettings(objective=ObjectiveSettings(metric="mae", epoch=EpochChoice.BEST))
    start, first, second, end = complete(1, 2.0)
    epochs = [msgspec.structs.replace(second, epoch=1), msgspec.structs.replace(first, epoch=2)]
    content = json.loads(JSON.text(StudyProgress.of([*started(settings), start, *epochs, end])))
    assert content["epochs_counted"] == [1]
    assert content["train_loss"] == 4.1
    assert content["metrics"] == {"mae": 1.0, "val_mae": 1.5}


def test_that_the_json_has_folds_or_the_part_held_out_and_never_both() -> None:
    assert "folds" not in json.loads(JSON.text(study_of_two()))["data"]
    folded = StudyProgress.of([*started(StudySettings(data=DataSettings(folds=4))), *complete(1, 2.0)])
    data = json.loads(JSON.text(folded))["data"]
    assert data["folds"] == 4
    assert "validation_fraction" not in data


@pytest.mark.parametrize("name", ["json", "python"])
def test_that_nothing_complete_is_said_in_a_sentence(name: str, tmp_path: Path) -> None:
    chosen = EXPORTERS[name]
    progress = StudyProgress.of([*started(), *failed(1, "Loss is NaN")])

    with pytest.raises(ExportError, match="No trial has finished yet, so there are no best settings to export"):
        chosen.text(progress)
    with pytest.raises(ExportError, match="No trial has finished yet"):
        save_export(chosen, progress, tmp_path / "best")
    assert list(tmp_path.iterdir()) == []


# CSV


def test_that_the_csv_has_a_row_for_every_trial_and_no_column_twice() -> None:
    progress = StudyProgress.of([*started(), *complete(1, 20.5), *failed(2, "The loss became NaN")])

    text = CSV.text(progress)

    assert text.count("\r\n") == 3
    header = text.partition("\r\n")[0].split(",")
    assert header == [
        *("trial", "state", "origin", "learning_rate", "batch_size", "epochs", "optimizer", "objective"),
        *("train_loss", "val_loss", "mae", "val_mae", "epochs_trained", "seconds", "reason", "message"),
    ]
    first, second = rows(text)
    assert float(first["learning_rate"]) == 0.1 + 0.2
    assert first["objective"] == "20.5"
    assert first["epochs_trained"] == "2"
    assert first["reason"] == first["message"] == ""
    assert (second["trial"], second["state"], second["objective"]) == ("2", "failed", "")
    assert (second["reason"], second["message"]) == ("diverged", "The loss became NaN")


def test_that_the_csv_has_the_losses_and_metrics_of_the_epoch_that_counted() -> None:
    settings = StudySettings(objective=ObjectiveSettings(metric="mae", epoch=EpochChoice.BEST))
    start, first, second, end = complete(1, 2.0)
    epochs = [msgspec.structs.replace(second, epoch=1), msgspec.structs.replace(first, epoch=2)]
    (row,) = rows(CSV.text(StudyProgress.of([*started(settings), start, *epochs, end])))
    assert (row["train_loss"], row["mae"], row["val_mae"]) == ("4.1", "1.0", "1.5")


def test_that_the_csv_says_what_was_special_about_a_complete_trial() -> None:
    *events, end = complete(1, 20.5)
    noted = msgspec.structs.replace(end, message="Trained by fit")
    (row,) = rows(CSV.text(StudyProgress.of([*started(), *events, noted])))
    assert (row["state"], row["reason"], row["message"]) == ("complete", "", "Trained by fit")


def test_that_a_metric_with_the_name_of_a_parameter_has_a_column_of_its_own() -> None:
    start, first, second, end = complete(1, 20.5)
    epochs = [msgspec.structs.replace(epoch, metrics={"learning_rate": 7.0}) for epoch in (first, second)]
    (row,) = rows(CSV.text(StudyProgress.of([*started(), start, *epochs, end])))
    assert (float(row["learning_rate"]), row["metric learning_rate"]) == (0.1 + 0.2, "7.0")


def test_that_the_csv_needs_no_trial() -> None:
    assert rows(CSV.text(StudyProgress.of([*started(), *failed(1, "")])))
    assert CSV.text(StudyProgress.of(started()[:1])).startswith("trial,state,origin,learning_rate,")


@pytest.mark.parametrize("message", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1+1", "\n=1+1", "＝1+1", "\u00a0@A1"])
def test_that_a_message_is_never_a_formula(message: str) -> None:
    assert rows(CSV.text(StudyProgress.of([*started(), *failed(1, message)])))[0]["message"] == f"'{message}"


def test_that_a_message_with_commas_quotes_and_lines_reads_back() -> None:
    message = 'Layer "dense", unit 3:\nbad shape'
    assert rows(CSV.text(StudyProgress.of([*started(), *failed(1, message)])))[0]["message"] == message


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ("good\rbad", "good bad"),
        ("\x1b[31m=1+1", "'=1+1"),
        ("one\r\ntwo", "one\ntwo"),
        ("abc\u202edef\u200f", "abc def "),
        ("\x9b2J\x07\x08x", "  x"),
    ],
    ids=ascii,
)
def test_that_a_message_holds_nothing_that_a_terminal_obeys(message: str, read: str) -> None:
    assert rows(CSV.text(StudyProgress.of([*started(), *failed(1, message)])))[0]["message"] == read


def test_that_a_column_named_by_a_stranger_is_no_formula() -> None:
    begin, epoch, *rest = complete(1, 1.0)
    assert isinstance(epoch, EpochEnded)
    evil = msgspec.structs.replace(epoch, metrics={"=cmd|' /C calc'!A0": 1.0, "\x1b[2Jx\r": 2.0})
    (row,) = rows(CSV.text(StudyProgress.of([*started(), begin, evil, *rest[1:]])))
    assert {"'=cmd|' /C calc'!A0", "x "} < row.keys()


def test_that_a_negative_number_stays_a_number() -> None:
    assert rows(CSV.text(StudyProgress.of([*started(), *complete(1, -0.5)])))[0]["objective"] == "-0.5"


def test_that_cells_on_the_clipboard_are_no_formulas_and_stay_in_their_cells() -> None:
    lines = [["=1+1", "-1.5e-3", "a\tb\nc", '"x'], ["@A1", "+5", "-x", ""]]
    copied = tab_separated(lines)
    assert copied == '\'=1+1\t-1.5e-3\ta b c\t"""x"\n\'@A1\t+5\t\'-x\t\n'


# The script


def test_that_the_script_compiles_and_says_what_it_repeats() -> None:
    script = PYTHON.text(study_of_two())

    compile(script, "best.py", "exec")
    assert "$" not in script
    assert "LEARNING_RATE = 0.30000000000000004\n" in script
    assert "BATCH_SIZE = 32\n" in script
    assert "OPTIMIZER = keras.optimizers.SGD\n" in script
    assert "TRIAL_SEED = 99 " in script
    assert "RECORDED = 15.12345678901235\n" in script
    assert "of 15.12,\nwith keras 3.15.1, numpy 2.4.6.\n" in script
    assert f"DATA = Path({str(BOSTON_HOUSING.path)!r})\n" in script
    assert all(len(line) <= 105 for line in script.splitlines() if not line.startswith("DATA"))


@pytest.mark.parametrize("optimizer", OPTIMISER.names)
def test_that_the_script_knows_every_optimiser(optimizer: str) -> None:
    script = PYTHON.text(StudyProgress.of([*started(), *complete(1, 2.0, {**VALUES, "optimizer": optimizer})]))
    assert f"OPTIMIZER = keras.optimizers.{dict(OPTIMISER.choices)[optimizer]}\n" in script


@pytest.mark.parametrize(
    ("objective", "patience", "lines"),
    [
        (ObjectiveSettings(), 0, ["    objective = logs['val_loss'][0]"]),
        (ObjectiveSettings(), 3, ["best, waited = math.inf, 0", "    if waited >= PATIENCE:"]),
        (
            ObjectiveSettings(metric="mae", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST),
            0,
            ["best, waited = -math.inf, 0", "    objective = logs['mae'][0]", "objective = best"],
        ),
    ],
)
def test_that_the_script_follows_the_objective_as_far_as_it_has_to(
    objective: ObjectiveSettings, patience: int, lines: list[str]
) -> None:
    values = {"layers": 1, "units": 8, "activation": "relu", "dropout": 0.0, "patience": patience, **VALUES}
    settings = msgspec.structs.replace(PERCEPTRON, objective=objective)
    script = PYTHON.text(StudyProgress.of([*started(settings), *complete(1, 2.0, values)]))
    compile(script, "best.py", "exec")
    written = script.splitlines()
    assert set(lines) <= set(written)
    assert ("    if waited >= PATIENCE:" in written) is bool(patience)
    assert ("objective = best" in written) is (objective.epoch is EpochChoice.BEST)
    assert f'print(f"{objective.title} ' in script


def test_that_every_family_has_the_lines_that_build_its_model() -> None:
    for family in FAMILIES.values():
        for values in (VALUES, VALUES | EXTRAS):
            script = family.script_lines({"layers": 2, **values})
            compile(script, family.name, "exec")
            assert "layers = " in script
            assert "output_seed = " in script


WITHOUT: dict[str, Value] = {"l2": 0.0, "batch_normalisation": False, "momentum": 0.0, "schedule": "constant"}
PLAIN: dict[str, Value] = VALUES | WITHOUT | {"dropout": 0.0, "patience": 0, "activation": "relu", "units": 8}
SHAPES: dict[str, dict[str, Value]] = {
    "linear": {},
    "mlp": {"layers": 2, "units_2": 3},
    "cnn": {"blocks": 1, "filters": 4, "kernel": 3},
}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("values", [PLAIN, PLAIN | EXTRAS | {"dropout": 0.5, "patience": 2}], ids=["plain", "extras"])
@pytest.mark.parametrize(
    "data",
    [DataSettings(), DataSettings(folds=2), DataSettings(repeats=2, test_fraction=0.1), DataSettings(dataset="digits")],
    ids=["hold-out", "folds", "repeats and a test", "packaged"],
)
def test_that_the_script_has_no_constant_that_it_does_not_use(
    family: str, values: dict[str, Value], data: DataSettings
) -> None:
    script = PYTHON.text(StudyProgress.of(study_of(family, values, data)))
    names = [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Name) and node.id.isupper()]
    used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    assert {node.id for node in names if isinstance(node.ctx, ast.Store)} <= used
    assert ("Dropout" in script) is (family != "linear" and bool(values["dropout"]))


def study_of(family: str, values: dict[str, Value], data: DataSettings) -> list[Event]:
    """Return a study of one complete trial; networks for images get some."""
    declared = FAMILIES[family].parameters
    model = ModelSettings(family_name=family, ranges={p.name: p.first_range() for p in declared})
    given = {name: value for name, value in (values | SHAPES[family]).items() if name in {p.name for p in declared}}
    *events, end = complete(1, 2.0, given)
    scores = (2.0,) * data.fits if data.fits > 1 else ()
    data = msgspec.structs.replace(data, dataset="digits") if family == "cnn" else data
    settings = StudySettings(data=data, model=model)
    return [*started(settings), *events, msgspec.structs.replace(end, scores=scores)]


def test_that_a_script_without_standardising_has_no_scaler() -> None:
    settings = StudySettings(data=DataSettings(standardise=False, excluded=("b",)))

    script = PYTHON.text(StudyProgress.of([*started(settings), *complete(1, 2.0)]))

    assert "sklearn" not in script
    assert "scaler" not in script
    assert "EXCLUDED = ['b']\n" in script
    compile(script, "best.py", "exec")


def test_that_a_study_file_cannot_smuggle_code_into_the_script() -> None:
    versions = {"keras": '"""\nprint("hello")\n"""', "numpy\nimport os": "1"}

    script = PYTHON.text(StudyProgress.of([*started(versions=versions), *complete(1, 2.0)]))

    assert "hello" not in script
    assert script.count("import os") == 1
    assert "of 2.\n" in script


# Saving


@pytest.mark.parametrize("name", ["json", "csv"])
def test_that_a_saved_export_is_its_text_in_utf_8_and_nothing_else_stays_behind(name: str, tmp_path: Path) -> None:
    progress = StudyProgress.of([*started(), *complete(1, 3.0), *failed(2, "Lösse ≠ 3")])
    path = tmp_path / "best"
    path.write_text("older")

    assert save_export(EXPORTERS[name], progress, path) == [path]

    assert path.read_bytes() == EXPORTERS[name].text(progress).encode("utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_that_a_bare_name_means_the_folder_of_the_script() -> None:
    assert "DATA = Path(__file__).with_name('houses.csv')\n" in PYTHON.text(study_of_two(), "houses.csv")


def test_that_saving_a_script_copies_the_data_once(tmp_path: Path) -> None:
    script, data = tmp_path / "best.py", tmp_path / "boston_housing.csv"

    assert save_export(PYTHON, study_of_two(), script) == [script, data]
    assert save_export(PYTHON, study_of_two(), script) == [script, data]

    assert data.read_bytes() == BOSTON_HOUSING.path.read_bytes()
    assert "with_name('boston_housing.csv')" in script.read_text(encoding="utf-8")
    assert sorted(tmp_path.iterdir()) == [script, data]


def test_that_a_different_file_of_the_datas_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "boston_housing.csv").write_text("mine")
    script, data = tmp_path / "best.py", tmp_path / "boston_housing-2.csv"

    assert save_export(PYTHON, study_of_two(), script) == [script, data]

    assert (tmp_path / "boston_housing.csv").read_text() == "mine"
    assert data.read_bytes() == BOSTON_HOUSING.path.read_bytes()
    assert "with_name('boston_housing-2.csv')" in script.read_text(encoding="utf-8")


def test_that_a_script_named_like_the_data_does_not_overwrite_it(tmp_path: Path) -> None:
    script = tmp_path / "boston_housing.csv"
    assert save_export(PYTHON, study_of_two(), script) == [script, tmp_path / "boston_housing-2.csv"]


@pytest.mark.parametrize("repeats", [1, 2])
@pytest.mark.parametrize("folds", [0, 3])
@pytest.mark.parametrize("test_fraction", [0.0, 0.2])
@pytest.mark.parametrize("group", ["", "street"])
@pytest.mark.parametrize("task", Task)
def test_that_a_script_of_any_split_is_a_program_that_uses_what_it_imports(
    task: Task, group: str, test_fraction: float, folds: int, repeats: int
) -> None:
    file = DataFile(
        path="/data/houses.csv",
        layout=TableFormat(),
        fingerprint=Fingerprint(1, "ab"),
        rows=40,
        target="price",
        task=task,
        columns={"size": ColumnRole.NUMBER, "street": ColumnRole.IGNORE},
    )
    data = DataSettings(file=file, group=group, test_fraction=test_fraction, folds=folds, repeats=repeats)
    progress = StudyProgress.of([*started(StudySettings(data=data)), *complete(1, 20.5)])
    text = PYTHON.text(progress)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "sklearn.model_selection":
            assert all(text.count(name.name) > 1 for name in node.names)


def test_that_a_script_takes_no_data_but_those_of_its_trial(tmp_path: Path) -> None:
    data = tmp_path / "houses.csv"
    data.write_text("size,price\n" + "".join(f"{n},{2 * n}\n" for n in range(40)))
    file = imported(data, 40, "price", Task.REGRESSION, {"size": ColumnRole.NUMBER})
    before = [*started(StudySettings(data=DataSettings(file=file))), *complete(1, 20.5)]
    data.write_text("size,price\n" + "".join(f"{n},{3 * n}\n" for n in range(40)))
    script = tmp_path / "best.py"
    with pytest.raises(ExportError, match=r"best\.py cannot be saved without its data: houses\.csv has changed"):
        save_export(PYTHON, StudyProgress.of(before), script)
    assert list(tmp_path.iterdir()) == [data]

    accepted = StudyResumed(time=1.0, trials=3, data=fingerprint(data))
    after = StudyProgress.of([*before, accepted, *complete(2, 15.0)])
    assert save_export(PYTHON, after, script) == [script, tmp_path / "houses samples.csv"]


def test_that_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"best\.json cannot be saved: No such file or directory"):
        save_export(JSON, study_of_two(), tmp_path / "missing" / "best.json")


def test_that_a_failed_save_leaves_the_older_file_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "best.json"
    target.mkdir()

    with pytest.raises(ExportError, match=r"best\.json cannot be saved"):
        save_export(JSON, study_of_two(), target)

    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", EXPORTERS)
def test_that_a_full_disk_leaves_the_older_file_and_no_rest(name: str, tmp_path: Path) -> None:
    target = tmp_path / f"mine{EXPORTERS[name].suffix}"
    target.write_text("old")
    with full_disk(), pytest.raises(ExportError, match=r"mine\.\w+ cannot be saved: "):
        save_export(EXPORTERS[name], study_of_two(), target)
    assert target.read_text() == "old"
    assert names(tmp_path) == [target.name]


# What the script prints


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "values"),
    [
        (StudySettings(seed=7), {"learning_rate": 0.01, "batch_size": 32, "epochs": 3, "optimizer": "sgd"}),
        (
            StudySettings(data=DataSettings(excluded=("b",), standardise=False, validation_fraction=0.25)),
            {"learning_rate": 0.02, "batch_size": 100, "epochs": 2, "optimizer": "adam"},
        ),
        (
            PERCEPTRON,
            {"layers": 3, "units": 11, "activation": "elu", "dropout": 0.25}
            | {"learning_rate": 0.004, "batch_size": 50, "epochs": 3, "optimizer": "rmsprop"},
        ),
        (
            PERCEPTRON,
            {"layers": 3, "units": 11, "units_2": 5, "activation": "elu", "dropout": 0.25}
            | {"learning_rate": 0.004, "batch_size": 50, "epochs": 3, "optimizer": "sgd", **EXTRAS},
        ),
    ],
    ids=["defaults", "other data settings", "perceptron", "perceptron with everything"],
)
def test_that_the_script_alone_gets_the_objective_that_keras_gives(
    settings: StudySettings, values: dict[str, Value], tmp_path: Path
) -> None:
    objective = train_plainly(settings, values, seed=123)
    path = tmp_path / "best.py"
    save_export(PYTHON, StudyProgress.of([*started(settings), *complete(1, objective, values, seed=123)]), path)

    said, saved = run_script(path).splitlines()

    assert saved == "Saved the model as best.keras"
    assert (tmp_path / "best.keras").is_file()
    found, recorded = numbers_of(said)
    assert found == pytest.approx(objective, rel=1e-4)
    assert recorded == pytest.approx(objective, rel=1e-5)


@pytest.mark.slow
def test_that_a_script_with_the_names_of_a_stranger_runs_none_of_them(tmp_path: Path) -> None:
    name = '"""\'\\);open("owned", "w")#${x}{y}'
    table = tmp_path / "houses.csv"
    with table.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow([f"size{name}", f"town{name}", f"price{name}"])
        writer.writerows([n, f"{'ab'[n % 2]}{name}", 2 * n] for n in range(40))
    columns = {f"size{name}": ColumnRole.NUMBER, f"town{name}": ColumnRole.CATEGORY}
    file = imported(table, 40, f"price{name}", Task.REGRESSION, columns)
    study = [*started(StudySettings(data=DataSettings(file=file)), {"keras": name}), *complete(1, 20.5)]
    save_export(PYTHON, StudyProgress.of(study), tmp_path / "best.py")

    assert "the study recorded 20.5" in run_script(tmp_path / "best.py")
    assert not (tmp_path / "owned").exists()


def train_plainly(settings: StudySettings, values: dict[str, Value], seed: int) -> float:
    """Train as the script should, written another way: one step per batch, the loss from predictions."""
    import numpy as np
    from sklearn.preprocessing import StandardScaler

    data = settings.data
    assert isinstance(data.source, Dataset)
    x, y, _names = data.source.read(data.excluded)
    order = np.random.default_rng(settings.seed).permutation(len(x))
    cut = round(len(x) * (1 - data.validation_fraction))
    train, validation = order[:cut], order[cut:]
    if data.standardise:
        x = StandardScaler().fit(x[train]).transform(x)
    x, y = x.astype(np.float32), y.astype(np.float32)[:, None]
    model = settings.family.build(values, DataShape(x.shape[1:], rows=len(train)), seed)
    batch, epochs = int(values["batch_size"]), int(values["epochs"])
    for epoch in range(1, epochs + 1):
        order = train[np.random.default_rng([seed, epoch]).permutation(len(train))]
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            model.train_on_batch(x[rows], y[rows])
    predicted = model(x[validation], training=False).numpy()
    return float(np.mean((predicted.astype(np.float64) - y[validation]) ** 2))
