"""The table model of a study's trials: one row each, sorted here, changed only where the study changed."""

import math
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Set

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from core.events import TrialState
from core.formatting import format_exactly, format_number
from core.progress import StudyProgress
from core.trial_progress import TrialProgress
from gui.trials.cell_delegate import Cell
from gui.trials.columns import PAUSED, STAR, Column, make_columns
from gui.widgets.fields import plain_tip, wrapped_tip
from gui.widgets.theme import Theme, mixed

Index = QModelIndex | QPersistentModelIndex
SortKey = tuple[bool, object, tuple[float, ...], int]
_ROOT = QModelIndex()
_Role = Qt.ItemDataRole
_TRIAL, _STATE, _OBJECTIVE = 0, 1, 2
"""The first columns."""
MARKED = _TRIAL, _STATE
"""The columns whose texts have a mark before them."""
_BEST_TINT, _RUNNING_TINT = 0.12, 0.08
"""The shares of the colours of the best trial and of a running one in the ground of their rows."""


_SAMPLE = 300
"""About how many trials decide on digits and widths when a study is opened."""


class _Descending:
    """A text that sorts in descending order."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __lt__(self, other: "_Descending") -> bool:
        return other.text < self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and self.text == other.text

    __hash__ = None  # type: ignore[assignment]


class TrialsModel(QAbstractTableModel):
    """The trials of a progress as rows.

    It sorts by itself: a sort proxy in Python takes 0.5 s for 10,000 rows, and this model takes hundredths of a second.
    `_keys` is sorted and holds one sort key per row, with the trial's number last; `_key_of` maps a number to its key.
    `ended` counts the trials that ended, by their states. Trials that a brush leaves out are faint; failed and skipped
    ones can be left out.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = make_columns(None)
        self._theme = theme
        self._progress: StudyProgress | None = None
        self._best: int | None = None
        self._paused = self._hides_failed = False
        self._brushed: Set[int] | None = None
        self._sort_column = 0
        self._descending = False
        self._keys: list[SortKey] = []
        self._key_of: dict[int, SortKey] = {}
        self.seconds_of: Callable[[TrialProgress], float] = lambda trial: trial.seconds
        """Returns for how long a trial has trained, up to this moment."""
        self.ended: Counter[TrialState] = Counter()
        self._ended: set[int] = set()
        self._words: dict[int, set[str]] = {}
        """The texts so far of each column of words, but for the last, which gets what room is left."""
        self._colours: dict[str, QColor] = {}
        self._set_colours()
        theme.changed.connect(self._set_colours)

    def _set_colours(self) -> None:
        colours = self._theme.colours
        self._colours = {
            "best": QColor(colours.best),
            "failed": QColor(colours.failed),
            "running": QColor(colours.validation),
            "faint": QColor(colours.faint_text),
            "best row": mixed(colours.base, colours.best, _BEST_TINT),
            "running row": mixed(colours.base, colours.validation, _RUNNING_TINT),
        }

    # Rows

    def number_at(self, row: int) -> int:
        """Return the number of the trial in that row."""
        return self._keys[row][-1]

    def row_of(self, number: int | None) -> int | None:
        """Return the row of the trial with that number; None if it has no row."""
        key = None if number is None else self._key_of.get(number)
        return None if key is None else bisect_left(self._keys, key)

    def trial_at(self, row: int) -> TrialProgress:
        return self._trials[self.number_at(row)]

    @property
    def best_row(self) -> int | None:
        """The row of the trial that is marked as the best."""
        return self.row_of(self._best)

    @property
    def in_order_of_trials(self) -> bool:
        """Whether new trials come last."""
        return self._sort_column == 0 and not self._descending

    @property
    def order_in_words(self) -> str:
        """How the rows are sorted."""
        if self.in_order_of_trials:
            return "In the order of trials"
        column = self.columns[self._sort_column]
        first = ("lowest", "highest") if column.numeric else ("A to Z", "Z to A")
        return f"Sorted by {_name(column)}, {first[self._descending]}{' first' if column.numeric else ''}"

    @property
    def _trials(self) -> dict[int, TrialProgress]:
        return {} if self._progress is None else self._progress.trials

    @property
    def _best_number(self) -> int | None:
        best = None if self._progress is None else self._progress.best
        return None if best is None else best.number

    def shows(self, progress: StudyProgress | None) -> bool:
        """Return whether the rows and columns were made for this progress."""
        return progress is self._progress

    def show(self, progress: StudyProgress | None) -> None:
        """Show all trials of another progress, in the order of their numbers; None: there is no study."""
        self.beginResetModel()
        self._progress = progress
        self._best = self._best_number
        self.columns = make_columns(None if progress is None else progress.settings)
        self._sort_column, self._descending = 0, False
        self._take_in_all()
        self._rebuild()
        self.endResetModel()

    def update_trials(self, numbers: Iterable[int]) -> None:
        """Show the changes of these trials: insert new rows, update rows, or move them to their new places."""
        before = self._forms()
        for number in numbers:
            trial = self._trials[number]
            row = self.row_of(number)
            self._take_in(trial, new=row is None)
            if self._is_hidden(trial):
                self._remove(row)
                continue
            key = self._make_key(trial)
            if row is None:
                self._insert(number, key)
            else:
                self._replace(number, row, key)
        if self._forms() != before and self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, len(self.columns) - 1))

    def _take_in_all(self) -> None:
        """Let the columns know all trials."""
        trials = list(self._trials.values())
        ended = [trial for trial in trials if trial.has_ended]
        self._ended = {trial.number for trial in ended}
        self.ended = Counter(trial.state for trial in ended)
        few = [*trials[:: len(trials) // _SAMPLE + 1], *trials[-1:]]
        self._words = {place: set() for place, column in enumerate(self.columns[:-1]) if column.digits is None}
        for trial in few:
            self._measure(trial, ended=trial.has_ended, new=True)
        for column in self.columns:
            if column.digits is not None and column.digits.ended_only:
                column.digits.sampled = len(few) < len(trials)

    def _take_in(self, trial: TrialProgress, *, new: bool) -> None:
        """Let the columns know a new trial, or what one that is known has come to by now."""
        ends = trial.has_ended and trial.number not in self._ended
        if ends:
            self._ended.add(trial.number)
            self.ended[trial.state] += 1
        self._measure(trial, ended=ends, new=new)

    def _measure(self, trial: TrialProgress, *, ended: bool, new: bool) -> None:
        """Let the columns choose digits and widths with what they hold of a trial, which is new or has ended now."""
        for column in self.columns:
            digits = column.digits
            if digits is not None and (ended if digits.ended_only else new):
                value = column.value(trial)
                if isinstance(value, float | int):
                    digits.add(value)
        for place, words in self._words.items():
            words.add(self._text(self.columns[place], trial))

    def _forms(self) -> list[object]:
        """Return how the numbers of the columns are written."""
        return [column.digits.form for column in self.columns if column.digits is not None]

    def samples(self, column: int) -> frozenset[str]:
        """Return texts of a column among which the widest is, or one about as wide."""
        digits = self.columns[column].digits
        return frozenset(self._words.get(column, ())) if digits is None else frozenset({digits.widest})

    def update_best(self) -> None:
        """Move the mark to the trial that is the best now."""
        old, self._best = self._best, self._best_number
        for row in {self.row_of(old), self.row_of(self._best)} - {None}:
            self._emit_changed(row)

    def show_paused(self, *, paused: bool) -> None:
        """Show the trials under way as paused, or as running."""
        if paused != self._paused:
            self._paused = paused
            for number in () if self._progress is None else self._progress.under_way:
                self._emit_changed(self.row_of(number))

    def _insert(self, number: int, key: SortKey) -> None:
        row = bisect_left(self._keys, key)
        self.beginInsertRows(_ROOT, row, row)
        self._keys.insert(row, key)
        self._key_of[number] = key
        self.endInsertRows()

    def _remove(self, row: int | None) -> None:
        if row is not None:
            self.beginRemoveRows(_ROOT, row, row)
            del self._key_of[self.number_at(row)]
            del self._keys[row]
            self.endRemoveRows()

    def _is_hidden(self, trial: TrialProgress) -> bool:
        return self._hides_failed and trial.has_ended and trial.objective is None

    def hide_failed(self, *, hide: bool) -> None:
        """Leave out failed and skipped trials from now on, or not."""
        self.beginResetModel()
        self._hides_failed = hide
        self._rebuild()
        self.endResetModel()

    def brush(self, numbers: Set[int] | None) -> None:
        """Let all trials but these be faint; None: none is."""
        self._brushed = numbers
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, len(self.columns) - 1))

    def _replace(self, number: int, row: int, key: SortKey) -> None:
        if key != self._keys[row]:
            # Qt counts the destination with the row still in place, and so does bisect.
            destination = bisect_left(self._keys, key)
            moves = destination not in (row, row + 1)
            if moves:
                self.beginMoveRows(_ROOT, row, row, _ROOT, destination)
            del self._keys[row]
            insort(self._keys, key)
            self._key_of[number] = key
            if moves:
                self.endMoveRows()
            row = destination - (destination > row)
        self._emit_changed(row)

    def _emit_changed(self, row: int | None) -> None:
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    # Order

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        numbers = [self.number_at(index.row()) for index in before]
        self._sort_column = column if 0 <= column < len(self.columns) else 0
        self._descending = order is Qt.SortOrder.DescendingOrder
        self._rebuild()
        after = [
            self.index(self.row_of(number) or 0, index.column()) for number, index in zip(numbers, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _rebuild(self) -> None:
        shown = (trial for trial in self._trials.values() if not self._is_hidden(trial))
        self._key_of = {trial.number: self._make_key(trial) for trial in shown}
        self._keys = sorted(self._key_of.values())

    def _make_key(self, trial: TrialProgress) -> SortKey:
        """Return the sort key of a trial.

        Numbers sort as numbers. Missing values come last in both orders. Equal values are ordered by the column's
        `ties`, then by the trial's number.
        """
        column = self.columns[self._sort_column]
        value = column.value(trial)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return True, 0, (), trial.number
        ties = column.ties(trial)
        if not self._descending:
            return False, value, ties, trial.number
        return False, _Descending(value) if isinstance(value, str) else -value, ties, trial.number

    # Qt's questions

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        match role:
            case _Role.DisplayRole:
                return column.header
            case _Role.ToolTipRole:
                is_key = section == self._sort_column and not self.in_order_of_trials
                return plain_tip(f"{column.help}. {self.order_in_words}" if is_key else column.help)
            case _Role.TextAlignmentRole:
                return _alignment(column)
            case _Role.InitialSortOrderRole:
                return column.first_order
        return None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        """Return the data that Qt needs to find, read out and copy a cell; `cell` returns its look."""
        column, trial = self.columns[index.column()], self.trial_at(index.row())
        match role:
            case _Role.DisplayRole:
                return self._text(column, trial)
            case _Role.ToolTipRole:
                return self._tool_tip(index.column(), trial)
            case _Role.AccessibleTextRole:
                return self._read_out(index.column(), trial)
        return None

    def cell(self, row: int, column: int) -> Cell:
        """Return the content and the look of a cell."""
        trial, shown = self.trial_at(row), self.columns[column]
        text, mark, best = self._text(shown, trial), "", trial.number == self._best
        if column in MARKED and " " in text:
            mark, text = text.split(" ", 1)
        if self._brushed is not None and trial.number not in self._brushed:
            return Cell(text, shown.numeric, self._colours["faint"], False, mark, self._colours["faint"])
        failed = trial.state is TrialState.FAILED and column in (_STATE, len(self.columns) - 1)
        tint = "best row" if best else "running row" if trial.state is TrialState.RUNNING else ""
        return Cell(
            text,
            shown.numeric,
            self._colours["failed"] if failed else None,
            best and column in (_TRIAL, _OBJECTIVE),
            mark,
            self._mark_colour(column, trial) if mark else None,
            self._colours[tint] if tint else None,
        )

    def _mark_colour(self, column: int, trial: TrialProgress) -> QColor:
        if column == _TRIAL:
            return self._colours["best"]
        names = {TrialState.FAILED: "failed", TrialState.RUNNING: "running"}
        return self._colours[names.get(trial.state, "faint")]

    def show_times(self) -> None:
        """Let the times of the trials under way run on."""
        places = [place for place, column in enumerate(self.columns) if column.runs_on]
        for number in () if self._progress is None else self._progress.under_way:
            row = self.row_of(number)
            if row is not None:
                self.dataChanged.emit(self.index(row, places[0]), self.index(row, places[-1]))

    def _text(self, column: Column, trial: TrialProgress) -> str:
        value = column.value(trial)
        if column.runs_on and trial.state is TrialState.RUNNING:
            value = self.seconds_of(trial) or None
        if value is None:
            return column.missing
        if self._paused and trial.state is TrialState.RUNNING and column is self.columns[_STATE]:
            return PAUSED
        text = column.text(value) if column.shown is None else column.shown(trial)
        return f"{STAR} {text}" if column is self.columns[_TRIAL] and trial.number == self._best else text

    def _read_out(self, column: int, trial: TrialProgress) -> str:
        """Return a cell as it is read out: without symbols, with its trial and what it says of it.

        The first of a row has what matters of the row.
        """
        shown = self.columns[column]
        text = self._text(shown, trial)
        if column == _STATE:
            return f"trial {trial.number}, {self._state_read_out(trial)}"
        if column != _TRIAL:
            said = text if shown.value(trial) is not None else shown.missing_in_words or "none"
            return f"trial {trial.number}, {_name(shown)} {said}"
        objective = self.columns[_OBJECTIVE]
        label = "" if self._progress is None or trial.objective is None else self._progress.objective.label
        parts = [
            f"trial {trial.number}",
            "the best" if trial.number == self._best else "",
            self._state_read_out(trial),
            f"{label} {self._text(objective, trial)}" if label else "",
            self._text(self.columns[-1], trial),
        ]
        return ", ".join(filter(None, parts))

    def _state_read_out(self, trial: TrialProgress) -> str:
        return self._text(self.columns[_STATE], trial).split(" ", 1)[1]

    def exact_text(self, row: int, column: int) -> str:
        """Return the cell in full precision and on one line, as it is copied."""
        value = self.columns[column].value(self.trial_at(row))
        if value is None:
            return ""
        return " ".join(value.split()) if isinstance(value, str) else format_exactly(value)

    def _tool_tip(self, column: int, trial: TrialProgress) -> str | None:
        if (
            column == _TRIAL
            and trial.number == self._best
            and self._progress is not None
            and trial.objective is not None
        ):
            return plain_tip(
                f"The best trial so far: {self._progress.objective.label} {format_number(trial.objective)}"
            )
        shown = self.columns[column]
        value = shown.value(trial)
        if value is None:
            return None
        more = "" if shown.about is None else shown.about(trial)
        if isinstance(value, str):
            return wrapped_tip(value)
        return plain_tip(f"{format_exactly(value)}\n{more}") if more else format_exactly(value)


def _name(column: Column) -> str:
    """Return what a column is called where its header is read out: without the arrow to the better side."""
    return column.header.rstrip(" ↑↓")


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
