"""One table in several kinds of files has the same values, and a recorded reading gives what the import showed."""

import html
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from core.tables.readings import PLAIN
from core.tables.table_file import read_table
from tests.sheets import excel
from tests.tables import inspected

ROWS = 24
_MONTHS = ("Jan", "Feb", "Mar")


def _grouped(number: float, sign: str, point: str) -> str:
    return f"{number:,.2f}".replace(",", "_").replace(".", point).replace("_", sign)


COLUMNS: dict[str, Callable[[random.Random], str]] = {
    "whole": lambda rng: str(rng.randint(-99, 99)),
    "decimal": lambda rng: f"{rng.uniform(-9, 99):.2f}",
    "comma": lambda rng: f"{rng.uniform(0, 99):.2f}".replace(".", ","),
    "scientific": lambda rng: f"{rng.uniform(1, 9):.3e}",
    "percent": lambda rng: f"{rng.randint(0, 100)} %",
    "dollars": lambda rng: f"${_grouped(rng.uniform(1000, 99999), ',', '.')}",
    "euros": lambda rng: f"{_grouped(rng.uniform(1000, 99999), '.', ',')} €",
    "accounting": lambda rng: f"({rng.randint(1, 9)}.50)" if rng.random() < 0.4 else f"{rng.randint(1, 9)}.25",
    "minus": lambda rng: f"−{rng.randint(1, 9)}.5",
    "unit": lambda rng: f"{rng.uniform(1, 99):.1f} kg",
    "code": lambda rng: f"{rng.randint(0, 30):05}",
    "word": lambda rng: rng.choice(["red", "green", "blue, dark", 'a "quoted" one']),
    "flag": lambda rng: rng.choice(["yes", "no"]),
    "date": lambda rng: f"{rng.randint(1, 28):02}.{rng.randint(1, 12):02}.{rng.randint(1990, 2030)}",
    "iso": lambda rng: f"{rng.randint(1990, 2030)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    "month": lambda rng: f"{rng.choice(_MONTHS)} {rng.randint(1990, 2030)}",
    "time": lambda rng: f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}",
    "duration": lambda rng: f"{rng.randint(20, 90)}:{rng.randint(10, 59)}:00",
}


def random_table(seed: int) -> dict[str, list[str]]:
    rng = random.Random(seed)
    kinds = rng.sample(sorted(COLUMNS), rng.randint(3, 8))
    gaps = {kind: rng.choice([0, 0, 0.2]) for kind in kinds}
    return {kind: [COLUMNS[kind](rng) if rng.random() >= gaps[kind] else "" for _ in range(ROWS)] for kind in kinds}


def _as_csv(path: Path, table: dict[str, list[str]]) -> Path:
    pl.DataFrame(table).write_csv(path, quote_style="always")
    return path


def _as_html(path: Path, table: dict[str, list[str]]) -> Path:
    rows = [list(table), *map(list, zip(*table.values(), strict=True))]
    cells = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    path.write_text(f"<html><meta charset=utf-8><table>{cells}</table></html>", "utf-8")
    return path


def _as_excel(path: Path, table: dict[str, list[str]]) -> Path:
    return excel(path, {"Table": [list(table), *[[cell or None for cell in row] for row in zip(*table.values())]]})  # noqa: B905


def _as_parquet(path: Path, table: dict[str, list[str]]) -> Path:
    pl.DataFrame({name: [cell or None for cell in cells] for name, cells in table.items()}).write_parquet(path)
    return path


WAYS = {".csv": _as_csv, ".html": _as_html, ".xlsx": _as_excel, ".parquet": _as_parquet}


@pytest.mark.parametrize("seed", range(6))
def test_that_a_table_has_the_same_values_in_every_kind_of_file(seed: int, tmp_path: Path) -> None:
    table = random_table(seed)
    frames = {suffix: inspected(write(tmp_path / f"a{suffix}", table))[0].frame for suffix, write in WAYS.items()}
    for suffix, frame in frames.items():
        assert frame.columns == list(table)
        for name in table:
            assert frame[name].to_list() == frames[".csv"][name].to_list(), (suffix, name)


@pytest.mark.parametrize("seed", range(6, 10))
@pytest.mark.parametrize("suffix", sorted(WAYS))
def test_that_a_recorded_reading_gives_what_the_import_showed(suffix: str, seed: int, tmp_path: Path) -> None:
    path = WAYS[suffix](tmp_path / f"a{suffix}", random_table(seed))
    found, layout = inspected(path)
    readings = {column.name: column.reading for column in found.profile.columns if column.reading != PLAIN}
    again = read_table(path, layout, readings).frame
    assert again.equals(found.frame)
    assert again.dtypes == found.frame.dtypes
