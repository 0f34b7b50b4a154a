"""A study as an earlier Afina left it, with a class whose label reads as a number without a value."""

from pathlib import Path

import msgspec
import polars as pl

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.events import StudyStarted, TrialEnded, TrialStarted, TrialState
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, tutorial_settings
from core.store.writer import Store
from core.tables.description import ColumnRole, Task
from core.tables.fingerprint import fingerprint
from core.tables.table_format import FileKind, TableFormat

VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 10, "optimizer": "sgd"}


def old_study(folder: Path, *kinds: str, versions: dict[str, str] | None = None) -> Path:
    """Write a study of one of four trials on a table with these classes, read by the first rules; return its path."""
    count = 30 * len(kinds)
    table = folder / "grades.parquet"
    pl.DataFrame({"x": [0.1 * n for n in range(count)], "kind": kinds * 30}).write_parquet(table)
    file = DataFile(
        path=str(table),
        layout=TableFormat(kind=FileKind.PARQUET),
        fingerprint=fingerprint(table),
        rows=count,
        target="kind",
        task=Task.MULTICLASS,
        columns={"x": ColumnRole.NUMBER},
    )
    settings = msgspec.structs.replace(
        tutorial_settings(), data=DataSettings(file=file), budget=BudgetSettings(trials=4)
    )
    started = StudyStarted(settings=settings, time=1.0, versions=versions or {"afina": "0.1.0"})
    with Store.create(folder / "old.afina", started) as store:
        store.record(
            [
                TrialStarted(trial=1, values=VALUES, seed=1, origin=PointOrigin.INITIAL),
                TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=10, seconds=1.0, objective=20.0),
            ]
        )
    return folder / "old.afina"
