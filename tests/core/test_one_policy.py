"""The same cells are read alike in every kind of file that holds texts, from the proposal to the samples of a study."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from core.datasets.data_file import DataFile
from core.datasets.samples import read_samples
from core.datasets.settings import DataSettings
from core.errors import DataError
from core.tables.description import ColumnRole, Task
from core.tables.detection import detect_format
from core.tables.grid import read_grid
from core.tables.inspected import inspect_file
from core.tables.proposal import propose
from core.tables.readings import PLAIN, CellKind, ColumnReading, DateOrder
from core.tables.table_file import read_table
from core.tables.table_format import MARKS, RULES, TableFormat
from tests.sheets import excel
from tests.tables import imported

COUNT = 24
CELLS = {
    "rent": [f"1.{100 + n},5" if n % 2 else f"{800 + n},25" for n in range(COUNT)],
    "share": ["k.A." if n == 5 else f"{n} %" for n in range(COUNT)],
    "code": [f"{n % 3:03}" for n in range(COUNT)],
    "day": [f"{n % 27 + 1}.1.2024" for n in range(COUNT)],
    "size": ["NA" if n % 6 == 0 else f"{n}" for n in range(COUNT)],
    "y": [f"{n}.5" for n in range(COUNT)],
}
EXPECTED = {
    "rent": [1100 + n + 0.5 if n % 2 else 800 + n + 0.25 for n in range(COUNT)],
    "share": [None if n == 5 else n for n in range(COUNT)],
    "code": [f"{n % 3:03}" for n in range(COUNT)],
    "day": [date(2024, 1, n % 27 + 1) for n in range(COUNT)],
    "size": [None if n % 6 == 0 else n for n in range(COUNT)],
    "y": [n + 0.5 for n in range(COUNT)],
}


def written(folder: Path, suffix: str) -> Path:
    path = folder / f"a{suffix}"
    rows = [list(CELLS), *map(list, zip(*CELLS.values(), strict=True))]
    match suffix:
        case ".xlsx":
            return excel(path, {"S": rows})
        case ".html" | ".xls":
            body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
            path.write_text(f"<table>{body}</table>")
        case _:
            path.write_text("".join(";".join(row) + "\n" for row in rows))
    return path


@pytest.fixture(params=[".csv", ".xlsx", ".html", ".xls"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> DataFile:
    path = written(tmp_path, request.param)
    layout = detect_format(path)
    grid = read_grid(path, layout)
    proposed = {name: propose(cells, layout).reading for name, cells in zip(grid.names, grid.columns, strict=True)}
    columns = {"rent": ColumnRole.NUMBER, "share": ColumnRole.NUMBER, "code": ColumnRole.CATEGORY}
    columns |= {"day": ColumnRole.NUMBER, "size": ColumnRole.NUMBER}
    readings = {name: reading for name, reading in proposed.items() if reading != PLAIN}
    return imported(path, COUNT, "y", Task.REGRESSION, columns, layout, readings)


def test_that_every_kind_of_file_is_read_alike(data: DataFile) -> None:
    table = read_table(data.file_path, data.layout, data.readings)
    assert table.frame.to_dict(as_series=False) == EXPECTED
    assert (table.read["share"].odd, table.read["share"].odd_example) == (1, "k.A.")


def test_that_a_study_reads_what_its_readings_say(data: DataFile) -> None:
    samples = read_samples(DataSettings(file=data))
    assert samples.number_names == ("rent", "share", "day", "size")
    assert samples.numbers[1].tolist() == [1101.5, 1.0, 19_724.0, 1.0]
    assert samples.categories[:3, 0].tolist() == ["000", "001", "002"]
    readings = data.readings | {"code": ColumnReading(kind=CellKind.NUMBER)}
    columns = data.columns | {"code": ColumnRole.NUMBER}
    numbers = read_samples(DataSettings(file=msgspec.structs.replace(data, readings=readings, columns=columns))).numbers
    assert numbers[:3, 2].tolist() == [0.0, 1.0, 2.0]


def test_that_a_reading_of_a_column_that_is_gone_is_left_out(data: DataFile) -> None:
    table = read_table(data.file_path, data.layout, {"gone": ColumnReading(dates=DateOrder.DMY)})
    assert "gone" not in table.frame.columns


def test_that_a_number_stays_one_when_a_new_row_has_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def data(last: str, **changed: Any) -> DataSettings:
        path.write_text("".join(f"{row}\n" for row in ["a;y", *(f"{n},25;{n},5" for n in range(20)), last]))
        layout = TableFormat(separator=";", decimal_comma=True, rules=RULES)
        file = imported(path, 21, "y", Task.REGRESSION, {"a": ColumnRole.NUMBER}, layout)
        return DataSettings(file=msgspec.structs.replace(file, **changed))

    samples = read_samples(data("1.248,5;k.A."))
    assert (samples.numbers[3].tolist(), samples.target.tolist()) == ([3.25], [n + 0.5 for n in range(20)])
    assert read_samples(data("k.A.;1.248,5")).numbers[[3, 20], 0].tolist() == pytest.approx([3.25, np.nan], nan_ok=True)
    for name in ("a", "y"):
        with pytest.raises(DataError, match=f"The column “{name}” holds no numbers"):
            read_samples(data("1;1", readings={name: ColumnReading(kind=CellKind.TEXT)}))


@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize(
    "cells", [["2.0", "850.0"], ["1.248", "892"], ["1,5", "2", "NA"], ["007", "1"], ["1e5", "k.A."]]
)
def test_that_the_dialog_reads_a_column_as_the_study_will(tmp_path: Path, cells: list[str], comma: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x;y\n" + "".join(f"{cell};1\n" for cell in cells * 3))
    layout = TableFormat(separator=";", decimal_comma=comma, missing=MARKS, rules=RULES)
    table = inspect_file(path, layout, {}, lambda *_told: None, lambda _part: None)

    def require_same(reading: ColumnReading) -> None:
        readings = {} if reading == PLAIN else {"x": reading}
        assert read_table(path, layout, readings).frame["x"].equals(table.frame["x"], check_dtypes=True), reading

    proposed = table.profile.columns[0].reading
    require_same(proposed)
    marked = msgspec.structs.replace(proposed, missing=(*MARKS, "-999"))
    for reading in (marked, *(ColumnReading(kind=kind) for kind in CellKind)):
        table.read_column("x", reading, lambda _done, _steps: None)
        require_same(reading)
