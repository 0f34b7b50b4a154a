"""Real training on all kinds of data, and that an exported script alone repeats what it came to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from core.datasets import prepare as preparing
from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.events import Event, StudyEnd, TrialEnded
from core.export.exporters import PYTHON
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.parameters import Fixed, Range
from core.progress import StudyProgress
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings, TrainerKind
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from core.tables.description import ColumnRole, MissingValues, Task
from core.tables.fingerprint import fingerprint
from core.tables.table_format import SUFFIXES, FileKind, TableFormat
from tests.exports import save_export
from tests.scripts import numbers_of, run_script
from tests.tables import imported

pytestmark = pytest.mark.slow

ROLES = {"size": ColumnRole.NUMBER, "town": ColumnRole.CATEGORY, "street": ColumnRole.IGNORE}


def houses(folder: Path, target: str, task: Task, name: str = "houses.csv") -> DataFile:
    rng = np.random.default_rng(4)
    count = 240
    size = rng.uniform(20, 200, count)
    town = rng.choice(["Ulm", "Bonn", "Kiel, north"], count)
    frame = pl.DataFrame(
        {
            "size": [None if n % 17 == 0 else value for n, value in enumerate(size)],
            "town": [None if n % 23 == 0 else "" if n % 19 == 0 else value for n, value in enumerate(town)],
            "street": [f"street {n // 4}" for n in range(count)],
            "price": size * 2 + (town == "Ulm") * 50 + rng.normal(0, 5, count),
            "sold": np.where(size + rng.normal(0, 20, count) > 100, "yes", "no"),
            "kind": [("flat", "house", "villa")[int(value // 70)] for value in size],
            "age": [n if value < 140 else None for n, value in enumerate(size)],
        }
    )
    path = folder / name
    kind = SUFFIXES[path.suffix]
    if kind is FileKind.PARQUET:
        frame.write_parquet(path)
    else:
        frame.write_csv(path)
    return imported(path, count, target, task, ROLES, TableFormat(kind=kind))


EVERYTHING: dict[str, Range] = {
    "l2": Fixed(0.01),
    "batch_normalisation": Fixed(True),
    "momentum": Fixed(0.5),
    "schedule": Fixed("linear"),
    "optimizer": Fixed("rmsprop"),
    "dropout": Fixed(0.2),
}


def settings_for(
    data: DataSettings, family: str, also: dict[str, Range] | None = None, trials: int = 1
) -> StudySettings:
    declared = FAMILIES[family]
    # A high rate would make much of differences in rounding.
    fixed = {"epochs": Fixed(3), "learning_rate": Fixed(0.001)}
    ranges = {p.name: p.first_range() for p in declared.parameters} | fixed | (also or {})
    return StudySettings(
        data=data,
        model=ModelSettings(family_name=family, ranges=ranges),
        search=SearchSettings(initial_points=2),
        budget=BudgetSettings(trials=trials),
        trainer=TrainerKind.INLINE,
    )


def study(folder: Path, data: DataSettings, family: str, also: dict[str, Range] | None = None) -> StudyProgress:
    settings = settings_for(data, family, also)
    engine = LocalEngine()
    try:
        end = engine.start(settings, folder / "study.afina", lambda _events: None, StudyControl())
    finally:
        engine.close()
    progress = StudyProgress.of(read_study(folder / "study.afina"))
    assert end.reason is StudyEnd.FINISHED
    assert progress.best is not None, [trial.message for trial in progress.trials.values()]
    return progress


def printed_losses(folder: Path, progress: StudyProgress) -> tuple[float, float]:
    """Save the script into a folder of its own, run it, and return the loss that it got and the one recorded."""
    place = folder / "export"
    place.mkdir()
    save_export(PYTHON, progress, place / "best.py")
    return numbers_of(run_script(place / "best.py"))


@pytest.mark.parametrize(
    ("dataset", "family"),
    [
        ("boston_housing", "linear"),
        ("diabetes", "mlp"),
        ("breast_cancer", "mlp"),
        ("wine", "linear"),
        ("digits", "mlp"),
        ("digits", "cnn"),
    ],
)
def test_that_a_script_repeats_a_study_of_a_built_in_set(tmp_path: Path, dataset: str, family: str) -> None:
    """Every family, and every set; `tests.bench.combinations` tries each family with each set."""
    found, recorded = printed_losses(tmp_path, study(tmp_path, DataSettings(dataset=dataset), family))
    assert found == pytest.approx(recorded, rel=1e-3)


def test_that_images_are_validated_in_more_than_one_step_whatever_the_network_has(tmp_path: Path) -> None:
    data = DataSettings(dataset="digits", validation_fraction=0.7)
    found, recorded = printed_losses(tmp_path, study(tmp_path, data, "cnn", EVERYTHING))
    assert found == pytest.approx(recorded, rel=1e-3)


@pytest.mark.parametrize(
    ("target", "task", "changes"),
    [
        ("price", Task.REGRESSION, {}),
        ("price", Task.REGRESSION, {"missing": MissingValues.DROP, "test_fraction": 0.2}),
        ("price", Task.REGRESSION, {"group": "street"}),
        ("sold", Task.BINARY, {"test_fraction": 0.1}),
        ("sold", Task.BINARY, {"group": "street", "validation_fraction": 0.4}),
        ("kind", Task.MULTICLASS, {"group": "street", "test_fraction": 0.2}),
    ],
)
def test_that_a_script_repeats_a_study_of_a_users_table(
    tmp_path: Path, target: str, task: Task, changes: dict[str, object]
) -> None:
    data = msgspec.structs.replace(DataSettings(file=houses(tmp_path, target, task)), **changes)
    progress = study(tmp_path, data, "linear")
    found, recorded = printed_losses(tmp_path, progress)
    assert found == pytest.approx(recorded, rel=1e-3)
    name = {"sold": "yes", "kind": "villa"}.get(target, "")  # of a class
    assert name in (tmp_path / "export" / "houses samples.csv").read_text()


def test_that_a_script_repeats_a_study_of_a_parquet_file_with_empty_texts(tmp_path: Path) -> None:
    progress = study(
        tmp_path, DataSettings(file=houses(tmp_path, "price", Task.REGRESSION, "houses.parquet")), "linear"
    )
    found, recorded = printed_losses(tmp_path, progress)
    assert found == pytest.approx(recorded, rel=1e-3)


def test_that_a_script_repeats_a_study_of_durations_and_dates(tmp_path: Path) -> None:
    """They are numbers in the study, in its worker and in the script alike."""
    path = tmp_path / "trips.parquet"
    minutes = np.random.default_rng(3).uniform(1, 90, 60)
    pl.DataFrame(
        {
            "started": [datetime(2024, 5, 1) + timedelta(hours=n) for n in range(60)],
            "way": minutes * 1.2,
            "took": [timedelta(minutes=float(n)) for n in minutes],
        }
    ).write_parquet(path)
    file = DataFile(
        path=str(path),
        layout=TableFormat(kind=FileKind.PARQUET),
        fingerprint=fingerprint(path),
        rows=60,
        target="took",
        task=Task.REGRESSION,
        columns={"started": ColumnRole.NUMBER, "way": ColumnRole.NUMBER},
    )
    progress = study(tmp_path, DataSettings(file=file), "linear")
    found, recorded = printed_losses(tmp_path, progress)
    assert found == pytest.approx(recorded, rel=1e-3)
    rows = pl.read_csv(tmp_path / "export" / "trips samples.csv")
    assert rows["took"].to_list() == pytest.approx(list(minutes * 60), abs=1e-3)
    assert rows["started"][:2].to_list() == pytest.approx([19844, 19844 + 1 / 24])


def test_that_a_script_repeats_a_study_whose_last_class_left_with_the_gaps(tmp_path: Path) -> None:
    file = houses(tmp_path, "kind", Task.MULTICLASS)
    file = msgspec.structs.replace(file, columns={"size": ColumnRole.IGNORE, "age": ColumnRole.NUMBER})
    progress = study(tmp_path, DataSettings(file=file, missing=MissingValues.DROP), "linear")
    found, recorded = printed_losses(tmp_path, progress)
    assert found == pytest.approx(recorded, rel=1e-3)


def test_that_a_study_ends_before_it_trains_on_data_that_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = houses(tmp_path, "price", Task.REGRESSION)

    def change(events: Sequence[Event]) -> None:
        if any(isinstance(event, TrialEnded) for event in events):
            file.file_path.write_text(file.file_path.read_text().replace("Ulm", "Rom"))
            monkeypatch.setattr(preparing, "_cache", preparing._PreparedCache())  # as in a new process

    engine = LocalEngine()
    try:
        end = engine.start(
            settings_for(DataSettings(file=file), "linear", trials=2), tmp_path / "a.afina", change, StudyControl()
        )
    finally:
        engine.close()
    assert end.reason is StudyEnd.PAUSED
    assert end.message.startswith("Paused: houses.csv has changed since it was imported")
    progress = StudyProgress.of(read_study(tmp_path / "a.afina"))
    assert (progress.finished, progress.interrupted()) == ([1], [2])


def test_that_a_trial_says_which_class_its_validation_lacks(tmp_path: Path) -> None:
    file = houses(tmp_path, "kind", Task.MULTICLASS)
    frame = pl.read_csv(file.file_path)
    castle = pl.col("street") == "street 7"
    frame.with_columns(kind=pl.when(castle).then(pl.lit("castle")).otherwise(pl.col("kind"))).write_csv(file.file_path)
    file = msgspec.structs.replace(file, fingerprint=fingerprint(file.file_path))
    progress = study(tmp_path, DataSettings(file=file, group="street"), "linear")
    messages = {trial.message for trial in progress.trials.values()}
    assert messages == {"The validation part has no row of the class “castle”"}
