"""Tables as people have them (tests/data/tables), and what each is to be read as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).with_name("data") / "tables"


@dataclass(frozen=True)
class Number:
    """A column of numbers: its range, how many cells are missing, and a word of its note.

    `left_out` is None where both are right.
    """

    low: float
    high: float
    missing: int = 0
    note: str = ""
    left_out: bool | None = False
    kind: str = "number"


@dataclass(frozen=True)
class Texts:
    """A column of texts: how many are different, how many cells are missing, and a word of its note."""

    distinct: int
    missing: int = 0
    note: str = ""
    left_out: bool = False


@dataclass(frozen=True)
class Nothing:
    """A column that is no feature whatever one does; a word of its note."""

    note: str


Column = Number | Texts | Nothing


@dataclass(frozen=True)
class Table:
    """What a file holds. `notes` are words of the notes on the file, `classes` the classes of `target` in order."""

    columns: Mapping[str, Column]
    target: str
    rows: int = 24
    notes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    group: str = ""
    asks: frozenset[str] = field(default_factory=frozenset)


def left_out(low: float, high: float, note: str) -> Number:
    return Number(low, high, note=note, left_out=True)


_RUNNING = "running number"

TABLES: dict[str, Table] = {
    "D01_decimal_comma.csv": Table(
        {
            "when": Number(20148 + 1 / 3, 20171 + 1 / 3, note="days since 1970", kind="date"),
            "temperature": Number(0.17, 8.84),
            "load": Number(0.37, 9.1),
        },
        "load",
    ),
    "D02_one_cell_of_text.csv": Table(
        {"a": Number(0.2, 9.96, 1, "k.A."), "b": Number(0.43, 9.53), "y": Number(0.42, 9.91)}, "y"
    ),
    "D04_space_before_the_separator.csv": Table(
        {"a": Number(0.47, 9.41), "b": Number(0.15, 8.9), "y": Number(0.89, 9.98)}, "y"
    ),
    "D07_point_and_one_cell_of_text.csv": Table(
        {"a": Number(0.28, 9.98, 1, "n.s."), "b": Number(1.31, 9.92), "y": Number(0.54, 9.76)}, "y"
    ),
    "D08_comma_separated_and_quoted.csv": Table(
        {"a": Number(0.19, 9.22), "b": Number(0.2, 9.73), "y": Number(0.3, 9.55)}, "y"
    ),
    "H01_trailing_in_rows_only.csv": Table(
        {"alpha": left_out(0, 23, _RUNNING), "beta": Number(1, 9), "gamma": Number(0.121, 0.982)},
        "gamma",
        notes=("empty",),
    ),
    "H03_trailing_everywhere.csv": Table(
        {"alpha": left_out(0, 23, _RUNNING), "beta": Number(1, 9), "gamma": Number(0.114, 0.99)},
        "gamma",
    ),
    "H04_row_names_without_a_header.csv": Table(
        {
            "row name": Texts(24, note="left out", left_out=True),
            "alpha": Number(1, 9),
            "beta": Number(0.109, 0.981),
        },
        "beta",
        notes=("row",),
    ),
    "H05_comment_above.csv": Table(
        {"time": left_out(0, 23, _RUNNING), "temperature": Number(10.46, 19.64), "salt": Number(30, 39)}, "salt"
    ),
    "H07_sep_line.csv": Table(
        {"time": left_out(0, 23, _RUNNING), "temperature": Number(10.42, 19.85), "salt": Number(30, 39)}, "salt"
    ),
    "H08_years_as_names.csv": Table(
        {"region": Texts(4), "2023": Number(1.5, 9.5), "2024": Number(2.2, 9.2), "2025": Number(1.7, 8.7)}, "2025"
    ),
    "H10_index_column.csv": Table(
        {"column 1": left_out(0, 23, _RUNNING), "x": Number(1, 9), "y": Number(3.5, 98.5)}, "y"
    ),
    "I01_leading_zeros.csv": Table(
        {"district": Texts(3, note="leading zeros"), "area": Number(21, 89), "price": Number(14.5, 96.5)}, "price"
    ),
    "I03_leading_zeros_as_class.csv": Table(
        {"area": Number(27, 86), "price": Number(11.5, 95.5), "code": Texts(3, note="leading zeros")},
        "code",
        classes=("001", "002", "010"),
        counts=(8, 8, 8),
    ),
    "M01_question_mark.csv": Table({"a": Number(1, 9, 3), "b": Number(1, 9), "y": Number(2.5, 99.5)}, "y"),
    "M02_question_mark_after_a_space.csv": Table(
        {"age": Number(22, 79), "work": Texts(2, 8), "hours": Number(10, 54, 8), "pay": Texts(2)},
        "pay",
        classes=("high", "low"),
    ),
    "M03_other_marks.csv": Table(
        {name: Number(1, 7 if name == "c" else 9, 6) for name in "abcd"} | {"y": Number(1.5, 92.5)}, "y"
    ),
    "M04_plus_and_minus_classes.csv": Table(
        {"x": Number(1.5, 92.5), "verdict": Texts(2, note="value")}, "verdict", classes=("+", "-"), counts=(12, 12)
    ),
    "M06_number_for_missing.csv": Table({"pulse": Number(-999, 87), "y": Number(5.5, 93.5)}, "y"),
    "N01_nan_in_a_third.parquet": Table({"f": Number(0.0196, 0.9706, 20), "y": Number(0.008966, 0.9998)}, "y", rows=60),
    "N02_nan_in_a_third.npz": Table(
        {"X_0": Number(0.01215, 0.9886, 15), "X_1": Number(0.003093, 0.9935), "y": Number(0.01977, 0.9779)},
        "y",
        rows=60,
    ),
    "N03_nan_target.npz": Table(
        {"X_0": Number(0.002276, 0.9991), "X_1": Number(0.03694, 0.9799), "y": Number(0.001504, 0.9462, 18)},
        "y",
        rows=60,
    ),
    "N04_nan_label.npz": Table(
        {"X_0": Number(0.003451, 0.967), "X_1": Number(0.006012, 0.9796), "y": Number(0.5, 1.5, 10)},
        "y",
        rows=60,
        classes=("0.5", "1.5"),
    ),
    "N06_nan_as_text_label.parquet": Table(
        {"x": Number(0.02745, 0.9828), "grade": Texts(4)},
        "grade",
        rows=60,
        classes=("0", "1", "2", "nan"),
        counts=(11, 14, 16, 19),
    ),
    "N08_text_label_control.parquet": Table(
        {"x": Number(0.05724, 0.9827), "grade": Texts(4)},
        "grade",
        rows=60,
        classes=("0", "1", "2", "none so far"),
        counts=(23, 12, 10, 15),
    ),
    "P01_percent.csv": Table({"humidity": Number(11, 94, note="percent"), "price": Number(1.26, 9.95)}, "price"),
    "P03_dollars.csv": Table({"rent": Number(225.3, 985.25, note="$"), "rooms": Number(1, 6)}, "rent"),
    "P05_accounting_negatives.csv": Table({"profit": Number(-73.5, 98.25, note="−"), "rooms": Number(1, 6)}, "profit"),
    "P06_true_minus_sign.csv": Table({"temperature": Number(-15.5, 18.5), "rooms": Number(1, 6)}, "temperature"),
    "Q01_list.parquet": Table({"v": Nothing("lists"), "y": Number(0.03408, 0.9962)}, "y", rows=60),
    "Q02_duration.parquet": Table(
        {"took": Number(0, 17_700, note="seconds", kind="duration"), "y": Number(0.001602, 0.972)}, "y", rows=60
    ),
    "Q04_large_labels.parquet": Table(
        {"x": Number(0.007644, 0.9622), "id": Number(9.007e15, 9.007e15)},
        "id",
        rows=60,
        classes=("9007199254740993", "9007199254740994", "9007199254740995"),
        counts=(20, 20, 20),
    ),
    "S01_aligned_by_spaces.txt": Table(
        {"time": left_out(0, 23, _RUNNING), "temperature": Number(10, 13.286), "salt": Number(30, 38)}, "salt"
    ),
    "S02_one_space.txt": Table(
        {"time": left_out(0, 23, _RUNNING), "temperature": Number(10, 13.286), "salt": Number(30, 38)}, "salt"
    ),
    "S03_inches.csv": Table({"size": Texts(9), "y": Number(4.5, 98.5)}, "y"),
    "S04_quotes_after_a_space.csv": Table(
        {"number": Number(0, 23), "town": Texts(1, left_out=True), "y": Number(4.5, 94.5)}, "y"
    ),
    "S05_cr_cr_lf.csv": Table(
        {"sold": Texts(2), "price": Number(6.5, 97.5)}, "sold", classes=("no", "yes"), counts=(12, 12)
    ),
    "S07_html_named.xls": Table({"a": Number(1, 9), "b": Number(1, 9), "y": Number(2.5, 95.5)}, "y"),
    "S07_text_named.xls": Table({"a": Number(1, 8), "b": Number(1, 9), "y": Number(2.5, 96.5)}, "y"),
    "S08_digits_of_another_script.csv": Table({"a": Number(1, 9), "y": Number(1.5, 96.5)}, "y"),
    "T01_dots_in_a_decimal_comma_file.csv": Table(
        {"rent": Number(740, 1413), "share": Number(0.38, 9.49), "load": Number(0.19, 9.91)}, "load"
    ),
    "T02_thousands_in_utf16.tsv": Table(
        {"meter": left_out(0, 23, _RUNNING), "small": Number(10, 97), "large": Number(760, 1486)}, "large"
    ),
    "T04_quoted_thousands.csv": Table({"income": Number(13_027, 94_268), "age": Number(25, 78)}, "income"),
    "T06_full_european.csv": Table({"income": Number(1993.66, 9643.81), "age": Number(21, 77)}, "income"),
    "T07_narrow_space.csv": Table({"income": Number(2507, 9720), "age": Number(25, 80)}, "income"),
    "T08_apostrophe.csv": Table({"income": Number(1285.35, 9684.73), "age": Number(20, 79)}, "income"),
    "X01_note_on_first_sheet.xlsx": Table({"a": Number(1, 9), "b": Number(10, 98), "y": Number(2.5, 93.5)}, "y"),
    "X03_duration_last.xlsx": Table(
        {
            "distance": Number(5, 42),
            "climb": Number(34, 896),
            "finish": Number(1380, 14_100, note="seconds", kind="duration"),
        },
        "finish",
    ),
    "X05_title_above.xlsx": Table({"a": Number(1, 9), "b": Number(12, 95), "y": Number(3.5, 98.5)}, "y"),
    "X06_header_of_two_rows.xlsx": Table(
        {"size (cm)": Number(1, 9), "size (kg)": Number(13, 92), "price (EUR)": Number(1.5, 99.5)}, "price (EUR)"
    ),
    "X07_date_as_name.xlsx": Table(
        {"name": Texts(3), "2025-01-01 00:00:00": Number(1, 9), "y": Number(2.5, 98.5)}, "y"
    ),
    "X08_year_as_name.xlsx": Table({"region": Texts(3), "2023": Number(1, 8), "2024": Number(3.5, 97.5)}, "2024"),
    "X09_empty_first_cells.xlsx": Table(
        {"a": Number(1, 8, 10), "b": Texts(1, 23, left_out=True), "y": Number(1.5, 88.5)}, "y"
    ),
    "X10_zeros_as_text.xlsx": Table({"district": Texts(2, note="leading zeros"), "y": Number(2.5, 94.5)}, "y"),
    "X11_na_as_text.xlsx": Table({"a": Number(2.5, 24.5, 8), "grade": Texts(2, 8), "y": Number(1.5, 95.5)}, "y"),
    "group_cat.csv": Table(
        {"(group)": Texts(3), "y": Number(0.238, 83.36), "g": Number(0, 5)}, "y", rows=120, group="g"
    ),
    "nan-class.parquet": Table(
        {"x": Number(0, 3.06), "label": Texts(4)},
        "label",
        rows=120,
        classes=("0.0", "1.0", "2.0", "nan"),
        counts=(30, 30, 30, 30),
    ),
    "p_dur.parquet": Table(
        {"y": Number(0, 19, left_out=None), "c": Number(0, 1_641_600, kind="duration", note="seconds"), "k": Texts(2)},
        "c",
        rows=20,
    ),
}

REFUSED = {"nonpy.npz": "holds no arrays"}
"""Files that no table can be read from, each with words of the sentence that says why."""
