"""Proposes how a column is read when a table is imported: what its cells are, why, and where one must ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl
from msgspec.structs import replace

from core.formatting import in_short, listed
from core.tables.cells import MAX_EXAMPLE, without_marks, without_values
from core.tables.column_types import is_text
from core.tables.dates import MONTH, MONTHS, are_durations, are_times, read_dates, split_clocks
from core.tables.decimal_signs import (
    Meaning,
    Signs,
    are_surely_plain,
    may_be_thousands,
    meaning_of,
    signs_of,
)
from core.tables.description import ReadingChoice
from core.tables.numerals import is_number, is_plain, read_numerals, shapes_of, units
from core.tables.readings import PLAIN, CellKind, ColumnReading, DateOrder
from core.tables.table_format import TYPED, FileKind, TableFormat

_MOSTLY = 0.8
"""The share of the filled cells that must be of a kind for the others to count as odd."""
_FEW_WORDS, _MANY_NUMBERS = 2, 6
"""The most words, and the fewest different numbers, of a column in which more cells than usual may be no numbers."""
_FEW_LABELS = 50
"""The most texts of a typed file that can be labels, when "nan" is among them."""
_LOOKED_AT, _MANY_DIFFERENT = 100_000, 0.5
"""The first cells of a column, and the share of different ones among them that is many."""
_FIRST_COMPACT, _LAST_COMPACT = 1900_01_01, 2100_12_31
_LONG = 19
"""Digits of the largest whole numbers of 64 bits."""
_DATE = "looks like a date: days since 1970"
_SEVERAL_ORDERS = "^[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}"
"""Dates in which day, month and year could stand in several orders."""
_LIKE_A_DATE = rf"^[^:]*[0-9][^0-9:]+[0-9]|^(?:{MONTH}|[0-9]{{4}}).*(?:{MONTH}|[0-9]{{4}})$"
_ADDRESS = r"^(?:(?:1?[0-9]?[0-9]|2[0-4][0-9]|25[0-5])(?:\.|$)){4}$"
"""An address of a computer, which may look like thousands."""
_LEFT = ("no value", "one value only")
_NO_NUMBERS = "^(?i)[+-]?(?:nan|inf|infinity)$"
"""Texts that programs take for numbers."""


@dataclass(frozen=True)
class Proposal:
    """How to read a column; `notes` say why. `choices` are the answers to `question`, the proposed one first."""

    reading: ColumnReading = PLAIN
    notes: tuple[str, ...] = ()
    question: str = ""
    choices: tuple[ReadingChoice, ...] = ()


@dataclass(frozen=True)
class _Cells:
    """The texts of a column in the order in which they come, and how often each stands in it."""

    texts: pl.Series
    counts: pl.Series
    layout: TableFormat

    @property
    def filled(self) -> int:
        return int(self.counts.sum())

    def filter(self, mask: pl.Series) -> "_Cells":
        return _Cells(self.texts.filter(mask), self.counts.filter(mask), self.layout)

    def count(self, mask: pl.Series) -> int:
        return int((mask * self.counts).sum())

    def mostly(self, mask: pl.Series) -> bool:
        return self.count(mask) >= _MOSTLY * self.filled


def propose(column: pl.Series, layout: TableFormat) -> Proposal:
    """Return how the column of a file in this format is best read. Looks at all of its cells.

    For a column of numbers that may be thousands (1.248), the reading is not plain: its texts are needed to tell.
    """
    column = column.alias("")  # polars takes names such as "^x.*$" for patterns
    if not is_text(column.dtype):
        return _of_numbers(column, layout)
    kept = without_marks(column, layout.missing).drop_nulls()
    if len(kept) and layout.kind not in TYPED and are_surely_plain(kept, comma=layout.decimal_comma):
        return _as_compact_dates(kept, layout) or Proposal()
    every = without_marks(column, ()).drop_nulls()
    marked = every.is_in(layout.missing)
    marks = every.filter(marked).alias("mark").value_counts(sort=True, name="count")
    if len(kept):
        cells = _different(kept, layout)
        for attempt in (_as_numbers, _as_times, _as_dates, _as_dotted_times):
            proposal = attempt(cells)
            if proposal is not None:
                return proposal
    return _as_text(kept, marks, layout)


def _of_numbers(column: pl.Series, layout: TableFormat) -> Proposal:
    """Return how a column that is not text is read."""
    if column.dtype.is_integer() and len(column) > column.null_count():
        return _as_compact_dates(column, layout) or Proposal()
    in_text = column.dtype.is_float() and layout.kind not in (*TYPED, FileKind.EXCEL)
    if in_text and may_be_thousands(column, decimal_comma=layout.decimal_comma, separator=layout.separator):
        return Proposal(ColumnReading(kind=CellKind.NUMBER, decimal_comma=False))
    return Proposal()


def _as_compact_dates(column: pl.Series, layout: TableFormat) -> Proposal | None:
    """Return the reading of whole numbers that are all dates such as 20240131, with the question whether they are."""
    if is_text(column.dtype):
        if not column.str.contains("^[12][0-9]{7}$").all():
            return None
        numbers = column.cast(pl.Int64)
    elif column.max() < _FIRST_COMPACT:  # type: ignore[operator]
        return None
    else:
        numbers = without_values(column, PLAIN, layout).drop_nulls()
    if not len(numbers) or numbers.min() < _FIRST_COMPACT or numbers.max() > _LAST_COMPACT:  # type: ignore[operator]
        return None
    texts = numbers.cast(pl.String)
    dates, _ = read_dates(texts, None)
    if dates.null_count() or dates.n_unique() < 2:
        return None
    day = f"{texts[0]} is {dates[0].day} {MONTHS[dates[0].month - 1]} {dates[0].year}"
    reading = ColumnReading(kind=CellKind.DATE)
    choices = (
        ReadingChoice(day, reading),
        ReadingChoice(f"{texts[0]} is a number", ColumnReading(kind=CellKind.NUMBER)),
    )
    return Proposal(reading, (_DATE,), f"Is {texts[0]} a date or a number?", choices)


def _different(texts: pl.Series, layout: TableFormat) -> _Cells:
    """Return texts with their counts; where most differ, each with a count of 1, because that is faster."""
    if texts.head(_LOOKED_AT).n_unique() > _MANY_DIFFERENT * min(len(texts), _LOOKED_AT):
        return _Cells(texts, pl.repeat(1, len(texts), dtype=pl.Int64, eager=True), layout)
    counted = texts.alias("text").to_frame().group_by("text", maintain_order=True).len("count")
    return _Cells(counted["text"], counted["count"].cast(pl.Int64), layout)


def _as_numbers(cells: _Cells) -> Proposal | None:
    usual = is_number(cells.texts, comma=cells.layout.decimal_comma)
    either = usual if usual.all() else usual | is_number(cells.texts, comma=not cells.layout.decimal_comma)
    if not cells.mostly(either):
        return _as_numbers_beside_words(cells, either)
    numbers, counts = cells.texts.filter(either), cells.counts.filter(either)
    kept = _kept_as_text(cells, numbers, cells.texts.filter(~either))
    if kept is not None:
        return kept
    layout, signs = cells.layout, signs_of(numbers, counts)
    comma = layout.decimal_comma if signs.comma == signs.point else signs.comma > signs.point
    if signs.either:
        meaning = meaning_of(signs, signs.either, decimal_comma=layout.decimal_comma, separator=layout.separator)
        if meaning is not Meaning.DECIMAL:
            return _by_meaning(signs, meaning, layout)
    if not cells.mostly(usual if comma == layout.decimal_comma else is_number(cells.texts, comma=comma)):
        return _text("some numbers have a decimal comma and some a point, so all stays text")
    own_comma = None if comma == layout.decimal_comma else comma
    return _number_or_plain(cells, own_comma, comma=comma)


def _as_numbers_beside_words(cells: _Cells, numbers: pl.Series) -> Proposal | None:
    """Return the reading of many different numbers and one word or two in many cells: words such as "unknown"."""
    kept, words = cells.filter(numbers), cells.texts.filter(~numbers).unique(maintain_order=True)
    if (
        cells.layout.kind in TYPED
        or not 1 <= len(words) <= _FEW_WORDS
        or words.str.contains("[0-9]").any()
        or kept.filled < cells.filled / 2
        or kept.texts.n_unique() < _MANY_NUMBERS
    ):
        return None
    found = _as_numbers(kept)
    if found is None or found.reading.kind is CellKind.TEXT:
        return None
    number = replace(found.reading, kind=CellKind.NUMBER)
    one, are = ("a missing value", "is") if len(words) == 1 else ("missing values", "are")
    quoted = _quoted([in_short(word, MAX_EXAMPLE) for word in words], "and")
    choices = (
        ReadingChoice(f"{quoted} {are} {one}", number),
        ReadingChoice("All cells are texts", ColumnReading(kind=CellKind.TEXT)),
    )
    if found.question:
        return Proposal(number, found.notes, found.question, found.choices)
    return Proposal(number, found.notes, f"{are.capitalize()} {quoted} {one}?", choices)


def _number_or_plain(cells: _Cells, own_comma: bool | None, *, comma: bool) -> Proposal:
    """Return the plain reading where that makes numbers of all cells, else one that says that they are numbers."""
    number = ColumnReading(kind=CellKind.NUMBER, decimal_comma=own_comma)
    if own_comma is not None or not is_plain(cells.texts, comma=comma).all():
        return Proposal(number)
    return Proposal(number, ("texts that are numbers",)) if cells.layout.kind in TYPED else Proposal()


def _by_meaning(signs: Signs, meaning: Meaning, layout: TableFormat) -> Proposal:
    """Return the reading of numbers with a sign before exactly three digits, with a question if it may be another."""
    sign = signs.either
    decimal = ColumnReading(kind=CellKind.NUMBER, decimal_comma=sign == ",")
    thousands = ColumnReading(kind=CellKind.NUMBER, decimal_comma=sign == ".")
    if meaning is Meaning.THOUSANDS:
        comma = thousands.decimal_comma if thousands.decimal_comma != layout.decimal_comma else None
        return Proposal(ColumnReading(kind=CellKind.NUMBER, decimal_comma=comma))
    example = signs.example
    whole, fraction = example.replace(sign, ""), example.replace(sign, ".")
    choices = (
        ReadingChoice(f"{example} is {whole}", thousands),
        ReadingChoice(f"{example} is {fraction}", decimal),
    )
    if (sign == ",") == layout.decimal_comma and not signs.thousands:
        choices = choices[::-1]
    return Proposal(choices[0].reading, (), f"Is {example} the number {whole} or {fraction}?", choices)


def _kept_as_text(cells: _Cells, numbers: pl.Series, others: pl.Series) -> Proposal | None:
    """Return the reading of numbers that a user would rather have as text, with the reason; None for all others."""
    whole = numbers.str.contains("^[+-]?[0-9]+$").all()
    if whole and numbers.str.contains("^0[0-9]").any():
        return _text("codes with leading zeros stay text")
    if whole and numbers.str.len_bytes().max() >= _LONG and read_numerals(numbers, comma=False).rounded:  # type: ignore[operator]
        return _text("whole numbers of more than 64 bits stay text: as numbers they would be rounded")
    nan = others.filter(others.str.contains(_NO_NUMBERS))
    if cells.layout.kind in TYPED and len(nan) and cells.texts.n_unique() <= _FEW_LABELS:
        return Proposal(notes=(f"“{nan[0]}” is a text in this file, and no missing value",))
    return _labels_of_digits(numbers, others) or _with_two_units(cells)


def _labels_of_digits(numbers: pl.Series, others: pl.Series) -> Proposal | None:
    """Return the reading as text of addresses of computers, and of marks with a plus or minus behind them."""
    if numbers.str.contains(_ADDRESS).all():
        return _text("addresses such as 10.100.200.1 stay text")
    graded = others.str.contains(r"^[0-9]\+$").any() or numbers.str.contains("[0-9]-$").any()
    return _text("marks such as 2- stay text") if graded and numbers.str.contains("^[0-9]-?$").all() else None


def _with_two_units(cells: _Cells) -> Proposal | None:
    """Return the reading as text where amounts in one unit or currency and in another, or shares, are in one column."""
    shapes = pl.DataFrame({"shape": shapes_of(cells.texts), "count": cells.counts})
    shapes = shapes.group_by("shape", maintain_order=True).sum()
    found = pl.DataFrame({"unit": units(shapes["shape"]), "count": shapes["count"]}).drop_nulls()
    if found["unit"].n_unique() < 2:
        return None
    by_unit = found.group_by("unit", maintain_order=True).sum().rows()
    units_found = " and ".join(f"{unit} ({count:,} {'cell' if count == 1 else 'cells'})" for unit, count in by_unit)
    return _text(f"units are mixed, {units_found}, so all stays text")


def _text(note: str) -> Proposal:
    return Proposal(ColumnReading(kind=CellKind.TEXT), (note,))


def _as_dates(cells: _Cells) -> Proposal | None:
    """Return the reading as dates if most cells are some; a question if day and month could be either."""
    if not cells.mostly(cells.texts.str.contains(_LIKE_A_DATE)):
        return None
    days, timely = split_clocks(cells.texts)
    counted = pl.DataFrame({"text": days, "count": cells.counts * timely}).group_by("text", maintain_order=True).sum()
    by_day = _Cells(counted["text"], counted["count"], cells.layout)
    ambiguous = by_day.texts.str.contains(_SEVERAL_ORDERS).any()
    dates = {order: read_dates(by_day.texts, order)[0] for order in (DateOrder if ambiguous else (None,))}
    fits = {order: by_day.count(found.is_not_null()) for order, found in dates.items()}
    best = max(fits.values())
    if best < _MOSTLY * cells.filled:
        return None
    likely = [order for order in dates if fits[order] == best]
    likely.sort(key=lambda order: _rank(by_day, order, dates[order]))
    reading = ColumnReading(kind=CellKind.DATE, dates=likely[0])
    return Proposal(reading, (_DATE,), *_date_question(by_day, {order: dates[order] for order in likely}))


def _rank(cells: _Cells, order: DateOrder | None, dates: pl.Series) -> tuple[bool, bool, bool]:
    """Return how unlikely an order is: its dates do not follow each other; it is not usual here."""
    in_order = dates.drop_nulls()
    slashes = 2 * cells.count(cells.texts.str.contains("/")) > cells.filled
    month_first = slashes and not cells.layout.decimal_comma and cells.layout.separator != ";"
    usual = DateOrder.MDY if month_first else DateOrder.DMY
    sorted_ = in_order.is_sorted() or in_order.is_sorted(descending=True)
    return not sorted_, order is not usual, order is DateOrder.YMD


def _date_question(cells: _Cells, dates: Mapping[DateOrder | None, pl.Series]) -> tuple[str, tuple[ReadingChoice, ...]]:
    """Return the question which of the orders holds, and its answers; empty if all of them give the same dates."""
    first, *others = (found.cast(pl.Date) for found in dates.values())
    different = first.is_not_null()
    for other in others:
        different &= (first != other).fill_null(value=False)
    if not others or not different.any():
        return "", ()
    at = different.arg_true()[0]
    example = in_short(cells.texts[at], MAX_EXAMPLE)
    days = [f"{found[at].day} {MONTHS[found[at].month - 1]} {found[at].year}" for found in dates.values()]
    choices = tuple(
        ReadingChoice(f"{example} is {day}", ColumnReading(kind=CellKind.DATE, dates=order))
        for day, order in zip(days, dates, strict=True)
    )
    return f"Is {example} {' or '.join(days)}?", choices


def _as_times(cells: _Cells) -> Proposal | None:
    """Return the reading as times of day, or as durations if some are longer than a day."""
    times, durations = cells.count(are_times(cells.texts)), cells.count(are_durations(cells.texts))
    if max(times, durations) < _MOSTLY * cells.filled:
        return None
    if durations > times:
        return Proposal(ColumnReading(kind=CellKind.DURATION), ("looks like a duration: seconds",))
    note = "looks like a time of day or a duration below 24 hours: seconds"
    return Proposal(ColumnReading(kind=CellKind.TIME), (note,))


def _as_dotted_times(cells: _Cells) -> Proposal | None:
    """Return the reading as times of day such as 18.30.00; most of them can be no dates."""
    if not cells.mostly(are_times(cells.texts, dotted=True)):
        return None
    example = in_short(cells.texts[0], MAX_EXAMPLE)
    return Proposal(ColumnReading(kind=CellKind.TIME), (f"{example} looks like a time of day: seconds",))


def _as_text(kept: pl.Series, marks: pl.DataFrame, layout: TableFormat) -> Proposal:
    """Return the reading as text, in which marks count as values if they would leave fewer than two.

    `kept` are the filled cells without marks, `marks` the marks that stand in the column, and how often.
    """
    if not len(marks):
        return Proposal()
    by_count = marks.sort("count", "mark", descending=[True, False])["mark"]
    distinct = kept.head(_LOOKED_AT).n_unique() if kept.head(_LOOKED_AT).n_unique() > 1 else kept.n_unique()
    values = by_count.filter(~by_count.str.contains("^[#<]")).head(max(2 - distinct, 0)).to_list()
    if values and distinct + len(values) > 1:
        missing = tuple(mark for mark in layout.missing if mark not in values)
        counts = "counts as a value" if len(values) == 1 else "count as values"
        note = f"{_quoted(values, 'and')} {counts} here, because there would be {_LEFT[distinct]} otherwise"
        return Proposal(ColumnReading(kind=CellKind.TEXT, missing=missing), (note,))
    if not distinct:
        return Proposal()
    cells = int(marks["count"].sum())
    are, counts = ("1 cell is", "counts") if cells == 1 else (f"{cells:,} cells are", "count")
    return Proposal(notes=(f"{are} {_quoted(by_count, 'or')}, which {counts} as missing",))


def _quoted(texts: Iterable[str], word: str) -> str:
    return listed((f"“{text}”" for text in texts), word)
