"""The columns of a sheet, by the second rules.

fastexcel shows a sheet in views: as texts, numbers, truth values or durations. A cell that has no such value is null in
a view, so together they tell what a cell is. Each view is another pass over the sheet, and is loaded only for the
columns that need it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import polars as pl

from core.tables.cells import without_marks
from core.tables.numerals import is_plain
from core.tables.workbook_file import View

Load = Callable[[View, Sequence[int]], list[pl.Series]]
"""Returns the columns at some places in one view: "float", "boolean" or "duration"."""
IsDuration = Callable[[int], bool]
"""Returns whether the times in the column at a place are durations, and no times of day."""

_TRUTH = ("true", "false")
_DATE = r"^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.\d+)?)?$"
_MIDNIGHT = r"[ T]00:00:00(?:\.0+)?$"
_LONG = r"^[+-]?\d{16}"
"""A whole number of more digits than a cell can hold: it is written as text."""
_LIKE_GROUPS = r"^(-?\d{1,3}\.\d{3})$"
"""What may be a number of thousands in a text."""
_EXACT = 2**53
"""Up to this number, whole numbers of 64 bits with a point are exact."""
_DAY = 86_400_000
_YEAR = 366 * _DAY
"""Milliseconds. The calendar of a workbook begins in 1900 or 1904: less than a year is a duration, or a time of day."""


@dataclass(frozen=True)
class SheetReading:
    """How the columns are read.

    `marks` mean a missing value. The columns at the places `as_texts` are texts if they have a text cell, even where
    all are plainly numbers. With `decimal_comma` a text with a point is not plainly a number. `timeless`: times are
    missing in the view of texts, as in OpenDocument.
    """

    marks: tuple[str, ...] = ()
    as_texts: Collection[int] = ()
    decimal_comma: bool = False
    timeless: bool = False


@dataclass(frozen=True)
class _Views:
    """The cells of one column in each view; a view that is not needed is all null."""

    texts: pl.Series
    numbers: pl.Series
    truths: pl.Series
    durations: pl.Series


def sheet_columns(
    texts: Sequence[pl.Series], load: Load, is_duration: IsDuration, reading: SheetReading
) -> list[pl.Series]:
    """Return each column with a type or, where it has other text cells than marks, as texts.

    `texts` are all cells as texts. In a column of texts a number is written so that no reading takes it for another;
    dates are written as 2024-01-31, durations in hours, minutes and seconds.
    """
    bare = [without_marks(column, ()) for column in texts]
    kept = [without_marks(column, reading.marks) for column in bare]
    numeric = [place for place, column in enumerate(kept) if is_plain(column, comma=False).any()]
    mixed = [place for place, column in enumerate(kept) if _may_be_mixed(column, place, reading)]
    dated = [place for place, column in enumerate(kept) if reading.timeless or column.str.contains(_DATE).any()]
    wanted: tuple[tuple[View, list[int]], ...] = (("float", numeric), ("boolean", mixed), ("duration", dated))
    numbers, truths, durations = (
        dict(zip(places, load(view, places) if places else [], strict=True)) for view, places in wanted
    )

    def column(place: int) -> pl.Series:
        empty = pl.Series(values=[None] * len(bare[place]), dtype=pl.Null)
        if place in numbers and place not in truths and place not in durations:
            return _whole(_where(kept[place].is_not_null(), numbers[place]))
        views = _Views(
            bare[place],
            numbers.get(place, empty.cast(pl.Float64)),
            truths.get(place, empty.cast(pl.Boolean)),
            durations.get(place, empty.cast(pl.Duration("ms"))),
        )
        found = _column(views, place, reading)
        return _as_times(found) if found.dtype == pl.Duration and not is_duration(place) else found

    return [column(place).alias(given.name) for place, given in enumerate(texts)]


def _may_be_mixed(kept: pl.Series, place: int, reading: SheetReading) -> bool:
    """Return whether it matters if these cells, marks left out, are texts, and only the view of truth values can tell.

    Texts that are plainly numbers would be read as such anyway, but for codes, and for what may be thousands.
    """
    plain = is_plain(kept, comma=False)
    if not plain.any():
        return bool(kept.is_in(_TRUTH).any())
    if (
        reading.timeless
        or place in reading.as_texts
        or (~plain & kept.is_not_null()).any()
        or kept.str.contains(_LONG).any()
    ):
        return True
    fractions = kept.filter(kept.str.contains(".", literal=True).fill_null(value=False))
    return len(fractions) > 0 and (reading.decimal_comma or bool(fractions.str.contains(_LIKE_GROUPS).all()))


def _column(views: _Views, place: int, reading: SheetReading) -> pl.Series:
    texts, truths = views.texts, views.truths
    marked = texts.is_in(reading.marks).fill_null(value=False)
    is_truth = truths.is_not_null() & texts.is_in(_TRUTH)
    is_number = truths.is_not_null() & ~is_truth
    is_moment = views.durations.is_not_null() | (texts.str.contains(_DATE).fill_null(value=False) & truths.is_null())
    is_text = texts.is_not_null() & ~(is_truth | is_number | is_moment)
    forced = place in reading.as_texts and is_text.any()
    if not forced and not (is_text & ~marked).any():
        match [kind.any() for kind in (is_truth, is_number, is_moment)]:
            case [True, False, False]:
                return _where(is_truth, truths)
            case [False, True, False]:
                return _whole(_where(is_number & ~marked, views.numbers))
            case [False, False, True]:
                moments = _moments(_where(is_moment, texts), views.durations)
                if moments.dtype != pl.String:
                    return moments  # else marks are to stand in the texts, too
    with_comma = texts.filter(is_text).str.contains("[0-9],[0-9]").any()
    return pl.select(
        pl.when(is_number)
        .then(_number_texts(views.numbers, with_comma=bool(with_comma)))
        .when(is_moment)
        .then(_moment_texts(texts, views.durations))
        .otherwise(texts)
    ).to_series()


def _where(wanted: pl.Series, cells: pl.Series) -> pl.Series:
    return pl.select(pl.when(wanted).then(cells)).to_series()


def _whole(numbers: pl.Series) -> pl.Series:
    """Return the numbers as whole ones if all are."""
    exact = numbers.abs() <= _EXACT
    return numbers.cast(pl.Int64) if exact.all() and (numbers == numbers.round()).all() else numbers


def _number_texts(numbers: pl.Series, *, with_comma: bool) -> pl.Series:
    """Return numbers as they are written with a point, but never with three digits behind it.

    Among texts that may have decimal commas (`with_comma`) they are written without a point: 2.5 is 25e-1.
    """
    texts = numbers.cast(pl.String).str.replace(r"\.0$", "")
    if not with_comma:
        return texts.str.replace(_LIKE_GROUPS, "${1}0")
    fraction = texts.str.extract(r"^-?\d+\.(\d+)$")
    digits = texts.str.replace(".", "", literal=True).str.replace(r"^(-?)0+", "${1}")
    whole = pl.format("{}e-{}", pl.lit(digits), pl.lit(fraction.str.len_bytes()))
    return pl.select(pl.when(fraction.is_not_null()).then(whole).otherwise(texts)).to_series()


def _short(durations: pl.Series) -> pl.Series:
    """Return which of the durations since the calendar's beginning are too short for dates."""
    return (durations.dt.total_milliseconds() < _YEAR).fill_null(value=False)


def _moments(texts: pl.Series, durations: pl.Series) -> pl.Series:
    """Return dates, times of day or durations; texts where there are dates beside others."""
    short = _short(durations)
    if short.all() or (short | texts.is_null()).all():
        return durations
    if short.any():
        return _moment_texts(texts, durations)
    moments = texts.str.replace("T", " ", literal=True).str.replace(r"^(\S+)$", "${1} 00:00:00")
    found = moments.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="ms", strict=False)
    if found.null_count() > texts.null_count():
        return texts
    return found.dt.date() if texts.str.contains(_MIDNIGHT + "|^[^ T]+$").all() else found


def _as_times(durations: pl.Series) -> pl.Series:
    """Return times of day, unless one is no such."""
    since = durations.dt.total_milliseconds()
    of_day = (since >= 0).all() and (since < _DAY).all()
    return (since * 1_000_000).cast(pl.Time) if of_day else durations


def _moment_texts(texts: pl.Series, durations: pl.Series) -> pl.Series:
    seconds = durations.dt.total_seconds()
    clock = pl.format(
        "{}:{}:{}",
        pl.lit(seconds // 3600),
        pl.lit((seconds // 60 % 60).cast(pl.String).str.zfill(2)),
        pl.lit((seconds % 60).cast(pl.String).str.zfill(2)),
    )
    return pl.select(pl.when(_short(durations)).then(clock).otherwise(texts.str.replace(_MIDNIGHT, ""))).to_series()
