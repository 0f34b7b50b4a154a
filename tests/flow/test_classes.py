"""Real trainings on tables with awkward classes, names and cells, and that their scripts repeat them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import polars as pl
import pytest

from core.datasets.data_file import DataFile
from core.datasets.samples import read_samples
from core.datasets.settings import DataSettings
from core.tables.description import ColumnRole, Task
from core.tables.readings import CellKind, ColumnReading, DateOrder
from core.tables.table_format import FIRST_RULES, RULES, FileKind, TableFormat
from tests.flow.test_tables import printed_losses, study
from tests.tables import imported

pytestmark = pytest.mark.slow

NUMBER, CATEGORY, IGNORE = ColumnRole.NUMBER, ColumnRole.CATEGORY, ColumnRole.IGNORE
ROWS = 120


def written(path: Path, rows: Sequence[str]) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def data_of(path: Path, layout: TableFormat, target: str, task: Task, **roles: ColumnRole) -> DataFile:
    return imported(path, ROWS, target, task, roles, layout)


def a_category_called_as_the_groups_are(folder: Path) -> DataSettings:
    """By the rules of an earlier Afina, whose script read the groups as the categories."""
    rows = [f"a{n % 3},{n % 7 + n % 3 * 4},{n // 10}" for n in range(ROWS)]
    path = written(folder / "houses.csv", ["(group),y,g", *rows])
    columns = {"(group)": CATEGORY, "g": IGNORE}
    return DataSettings(file=data_of(path, TableFormat(rules=FIRST_RULES), "y", Task.REGRESSION, **columns), group="g")


def a_class_called_nan(folder: Path) -> DataSettings:
    """By the rules of an earlier Afina, which had the classes in an order of chance."""
    kinds = ("2.0", "nan", "0.0", "1.0")
    path = folder / "grades.parquet"
    pl.DataFrame({"x": [n % 4 + n / 90 for n in range(ROWS)], "kind": kinds * 30}).write_parquet(path)
    layout = TableFormat(kind=FileKind.PARQUET, rules=FIRST_RULES)
    return DataSettings(file=data_of(path, layout, "kind", Task.MULTICLASS, x=NUMBER), test_fraction=0.2)


def cells_as_people_write_them(folder: Path) -> DataSettings:
    """With decimal commas, signs, dates, durations, codes, a category NA, and rows without a target."""
    rows = [
        ";".join(
            (
                f"{n % 10} %",
                f"{n % 7}.{100 + n % 13:03},{n % 90 + 10} €",
                f"{n % 28 + 1:02}.{n % 12 + 1:02}.2024",
                f"{n % 3}:{n % 60:02}:00",
                ("007", "07", "7")[n % 3] if n % 9 != 4 else "",
                ("A", "NA", "")[n % 3 - n % 2],
                f"{n * 0.35:.2f}".replace(".", ",") if n % 11 else "NA",
            )
        )
        for n in range(ROWS)
    ]
    path = written(folder / "rents.csv", ["share;rent;day;took;code;grade;load", *rows])
    readings = {
        "share": ColumnReading(kind=CellKind.NUMBER),
        "rent": ColumnReading(kind=CellKind.NUMBER),
        "day": ColumnReading(kind=CellKind.DATE, dates=DateOrder.DMY),
        "took": ColumnReading(kind=CellKind.DURATION),
        "code": ColumnReading(kind=CellKind.TEXT),
        "grade": ColumnReading(kind=CellKind.TEXT, missing=()),
    }
    layout = TableFormat(separator=";", decimal_comma=True, rules=RULES, missing=("NA",))
    columns = dict.fromkeys(("share", "rent", "day", "took", "load"), NUMBER) | {"grade": CATEGORY}
    file = data_of(path, layout, "code", Task.MULTICLASS, **columns)
    return DataSettings(file=msgspec.structs.replace(file, readings=readings))


def gaps_beside_a_category_called_empty(folder: Path) -> DataSettings:
    rows = [
        f"{('(empty)', '', 'Ulm', 'None')[n % 4]},{n % 4 * 3 + n % 5},{('None', '')[n % 2]}{n // 12}"
        for n in range(ROWS)
    ]
    path = written(folder / "towns.csv", ["town,target,group", *rows])
    columns = {"town": CATEGORY, "group": IGNORE}
    file = data_of(path, TableFormat(rules=RULES), "target", Task.REGRESSION, **columns)
    return DataSettings(file=file, group="group", test_fraction=0.2)


@pytest.mark.parametrize(
    ("data", "classes"),
    [
        (a_category_called_as_the_groups_are, ()),
        (a_class_called_nan, ("0.0", "1.0", "2.0", "nan")),
        (cells_as_people_write_them, ("007", "07", "7")),
        (gaps_beside_a_category_called_empty, ()),
    ],
)
def test_that_a_script_repeats_a_study_of_an_awkward_table(
    tmp_path: Path, data: Callable[[Path], DataSettings], classes: tuple[str, ...]
) -> None:
    given = data(tmp_path)
    assert read_samples(given).classes == classes
    found, recorded = printed_losses(tmp_path, study(tmp_path, given, "mlp"))
    assert found == pytest.approx(recorded, rel=1e-3)
