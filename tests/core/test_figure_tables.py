"""Tables of figures, and their CSV: values in the units of the axes, and no formulas."""

import csv
import io

import numpy as np

from core.export.table_csv import write_table_csv
from core.figures.arrays import Floats
from core.figures.figure import Axis, Curve, Figure, Kind, Points
from core.figures.scales import AxisScale
from core.figures.table import Table, table_of, value_at


def numbers(*values: float) -> Floats:
    return np.array(values, float)


def figure() -> Figure:
    x = Axis(AxisScale("Learning rate", log=True), (-4.0, 0.0))
    y = Axis(AxisScale("Optimiser", names=("SGD", "Adam")), (-0.5, 1.5))
    past = (
        Curve(Kind.PAST, numbers(1, 1, np.nan, 2), numbers(-2, -1, np.nan, -3), numbers(0, 1, np.nan, 1)),
        Points(Kind.DONE, numbers(1, 2), numbers(-2, -3), numbers(0, 1), numbers(1.5, 2.5)),
    )
    return Figure(
        title="t",
        x=x,
        y=y,
        past=past,
        present=(Points(Kind.BEST, numbers(1), numbers(-2), numbers(0)),),
        legend=((Kind.BEST, "Best"), (Kind.PAST, "Other trials")),
        summary="s",
        colours=Axis(AxisScale("Validation loss"), (1.0, 3.0)),
    )


def test_that_a_table_has_each_point_that_is_drawn_in_the_units_of_the_axes() -> None:
    table = table_of(figure())
    assert table.columns == ("series", "trial", "Learning rate", "Optimiser", "Validation loss")
    assert list(table.rows) == [
        ("Other trials", 1, 0.01, "SGD", None),
        ("Other trials", 1, 0.1, "Adam", None),
        ("Other trials", 2, 0.001, "Adam", None),
        ("Done", 1, 0.01, "SGD", 1.5),
        ("Done", 2, 0.001, "Adam", 2.5),
        ("Best", 1, 0.01, "SGD", None),
    ]


def test_that_values_are_those_of_the_axis() -> None:
    assert value_at(AxisScale("x", whole=True), 3.0) == 3
    assert value_at(AxisScale("x", unit=1e300), 2.0) == 2e300
    assert value_at(AxisScale("x", lane=(-1.0, -0.5)), -1.0) is None
    assert value_at(AxisScale("x", log=True), np.log10(0.1 + 0.2)) == 0.3


def test_that_csv_has_plain_numbers_empty_cells_and_no_formulas() -> None:
    rows = [(np.int64(3), np.float64(0.1), True), (None, float("nan"), "=1+1"), (1, 2.5, 'a "b", c')]
    text = write_table_csv(Table(("trial", "@x", "note"), rows))
    assert text.startswith("trial,'@x,note\r\n3,0.1,True\r\n,,'=1+1\r\n")
    assert list(csv.reader(io.StringIO(text, newline="")))[3] == ["1", "2.5", 'a "b", c']
