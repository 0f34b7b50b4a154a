"""What all rows of the table share: name and condition, the cells at both ends, sentences, and the opened part."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from core.errors import InvalidSetting
from core.parameters import Fixed, Parameter, Range, Value
from core.words.ranges import range_in_words
from gui.setup.parameters.cells import GAP, BackCell, HelpCell, TickCell, draw_texts, tell_whole
from gui.setup.parameters.columns import BACK, HELP, HIGH, LOW, NAME, SCALE, VARY, columns_for
from gui.setup.parameters.details import Details
from gui.widgets.fields import MarkedSentence, error_label, warning_label
from gui.widgets.marks import BORDER, painter_of
from gui.widgets.measures import SMALL, type_of

_MARK_LEFT = 17
_NAME_GAP = 2  # pixels between the longest name and the hairline


class ParameterRow(QWidget):
    """The row of a parameter.

    Signals: `changed`: what the row says was changed; `opened` (a bool): its help was opened or closed. `caption` is
    the parameter's label. `differs` tells whether it says something else than what the parameter declares.
    """

    changed = Signal()
    opened = Signal(bool)

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self.caption = parameter.label
        self.condition = ""
        self.differs = False
        self.applies = True
        self.locked = False
        self._first = parameter.first_range()
        self._busy = self._touched = False
        self._columns = columns_for(self)
        self._sentences: dict[Callable[[], MarkedSentence], MarkedSentence] = {}
        self._details: Details | None = None
        self._back: BackCell | None = None
        self.vary = TickCell(f"{self.caption}, varied", self)
        self.help = HelpCell(self.caption, self)
        self.help.toggled.connect(self._on_help)

    def _finish(self) -> None:
        """Show what the parameter declares, once the cells are there."""
        for cell in (self.vary, *(cell for _column, cell in self._value_cells())):
            cell.setAccessibleDescription(self.parameter.help)
        self.vary.toggled.connect(self._on_vary)
        self.set_range(self._first)
        self._show_cells()

    # What the row says

    @property
    def varied(self) -> bool:
        return self.vary.isChecked()

    def range(self) -> Range:
        """Return the parameter's range or fixed value, or raise InvalidSetting."""
        raise NotImplementedError

    def set_range(self, given: Range) -> None:
        """Show the range or fixed value; what is hidden then gets what the parameter declares."""
        self.as_one(lambda: self._show_range(given))

    def hold(self, value: Value) -> None:
        """Fix the parameter at a value, or its default if it takes no such value; the range is kept behind it."""
        self.as_one(lambda: self._hold(value))

    def _hold(self, value: Value) -> None:
        try:
            self.parameter.check(Fixed(value))
        except InvalidSetting:  # a value of another model, or of a time when more was allowed
            value = self.parameter.default
        self.vary.setChecked(False)
        self._show_value(value)

    def go_back(self) -> None:
        """Show what the parameter declares."""
        self.set_range(self._first)

    def state(self) -> dict[str, object]:
        """Return what stands in the row, also what is hidden or wrong, as plain data."""
        return {"vary": self.varied, **self._state()}

    def set_state(self, state: Mapping[str, object]) -> None:
        """Show what `state` returned; what is missing or cannot be shown stays as it is."""
        self.as_one(lambda: self._show_state(state))

    def _show_state(self, state: Mapping[str, object]) -> None:
        varied = state.get("vary")
        if isinstance(varied, bool):
            self.vary.setChecked(varied)

    def _show_range(self, given: Range) -> None:
        raise NotImplementedError

    def _show_value(self, value: Value) -> None:
        raise NotImplementedError

    def _state(self) -> dict[str, object]:
        raise NotImplementedError

    def as_one(self, act: Callable[[], None]) -> None:
        """Make several changes that are told as one."""
        if self._busy:
            act()
            return
        self._busy, self._touched = True, False
        try:
            act()
        finally:
            self._busy = False
        if self._touched:
            self._on_change()

    def _on_change(self) -> None:
        if self._busy:
            self._touched = True
            return
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        differs = self._is_changed()
        if differs != self.differs:
            self.differs = differs
            self._show_back()
        self._refill()

    def _is_changed(self) -> bool:
        try:
            return self.range() != self._first
        except InvalidSetting:
            return True

    # Cells

    def _value_cells(self) -> Iterator[tuple[str, QWidget]]:
        """Yield all cells between the name and the way back, with their columns."""
        raise NotImplementedError

    def _is_shown(self, column: str, cell: QWidget) -> bool:
        """Return whether a cell is there while the row is fixed or varied, as it is now."""
        raise NotImplementedError

    def _cells(self) -> Iterator[tuple[str, QWidget]]:
        yield VARY, self.vary
        for column, cell in self._value_cells():
            if self._is_shown(column, cell):
                yield column, cell
        if self._back is not None and self.differs and not self.locked:
            yield BACK, self._back
        yield HELP, self.help

    def lines(self) -> list[list[QWidget]]:
        """Return the cells that can be walked to, line by line."""
        below = self._details.lines() if self._details is not None and self.help.isChecked() else []
        return [[cell for _column, cell in self._cells()], *below]

    @property
    def focus_place(self) -> QWidget:
        """The cell that takes the focus when the row is shown: the first that is wrong, or the first with a value."""
        cells = [cell for line in self.lines() for cell in line]
        return next((cell for cell in cells if getattr(cell, "problem", "")), cells[1])

    def _on_vary(self) -> None:
        self._show_cells()
        if self.condition:
            self.updateGeometry()
        self._on_change()

    def _show_cells(self) -> None:
        for column, cell in self._value_cells():
            cell.setVisible(self._is_shown(column, cell))
        self._place()
        self.update()

    def _show_back(self) -> None:
        shown = self.differs and not self.locked
        if self._back is None and shown:
            self._back = BackCell(self)
            self._back.lead_to(range_in_words(self.parameter, self._first), shown=False)
            self._back.setAccessibleName(f"{self.caption}, back to {range_in_words(self.parameter, self._first)}")
            self._back.clicked.connect(self.go_back)
        if self._back is None:
            return
        if self._back.hasFocus() and not shown:
            self.focus_place.setFocus()
        self._back.setVisible(shown)
        self._place()

    def set_locked(self, locked: bool) -> None:
        """Let the row only be read, or be changed."""
        self.locked = locked
        self.vary.set_locked(locked)
        for _column, cell in self._value_cells():
            if hasattr(cell, "set_locked"):
                cell.set_locked(locked)
        self._show_back()
        self._refill()

    # The opened part

    def _on_help(self, shown: bool) -> None:
        if shown and self._details is None:
            self._details = self._make_details()
        if self._details is not None:
            if not shown and self._details.isAncestorOf(self.window().focusWidget() or self):
                self.help.setFocus()
            self._fill(self._details)
            self._details.setVisible(shown)
        self._place()
        self.updateGeometry()
        self.opened.emit(shown)

    def toggle_help(self) -> None:
        """Open the row, or close it."""
        self.help.toggle()

    def _make_details(self) -> Details:
        details = Details(self.parameter.help, self)
        details.back.clicked.connect(self.go_back)
        return details

    def _refill(self) -> None:
        """Let the opened part show what holds now; the row grows and shrinks with it."""
        if self._details is None:
            return
        self._fill(self._details)
        if self.help.isChecked() and self._details.heightForWidth(self.width()) != self._details.height():
            self._place()
            self.updateGeometry()

    def _fill(self, details: Details) -> None:
        shown = self.differs and not self.locked
        details.offer_back(range_in_words(self.parameter, self._first) if shown else "")

    # What is told

    def propose(self, part: str, words: str) -> None:
        """Outline the cell of a part of the range, and say beside it what it would become; empty words end that."""

    def say_when(self, condition: str) -> None:
        """Show where the parameter applies, as long as it is varied; an empty text: everywhere."""
        if condition != self.condition:
            self.condition = condition
            self.updateGeometry()
            self.update()

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Show the problem; an empty sentence hides it. `part` is the field of the range that is wrong."""
        self._say(error_label, sentence)

    def show_warning(self, sentence: str) -> None:
        """Show a warning, which keeps nothing from starting; an empty sentence hides it."""
        self._say(warning_label, sentence)

    def _say(self, make: Callable[[], MarkedSentence], sentence: str) -> None:
        label = self._sentences.get(make)
        if label is None:
            if not sentence:
                return
            label = self._sentences[make] = make()
            label.setParent(self)
        if label.text() != sentence:
            label.say(sentence)
            self.updateGeometry()
            self._place()

    # Places

    @property
    def main_height(self) -> int:
        """The height of the cells, without what stands below them."""
        with_condition = bool(self.condition) and self.varied
        return self._columns.row_with_condition if with_condition else self._columns.row

    def _below(self) -> Iterator[tuple[QWidget, int]]:
        """Yield what stands below the cells, in order, each with its left side."""
        for make in (error_label, warning_label):
            if make in self._sentences and not self._sentences[make].isHidden():
                yield self._sentences[make], _MARK_LEFT
        if self._details is not None and self.help.isChecked():
            yield self._details, 0

    def hasHeightForWidth(self) -> bool:
        return any(True for _widget in self._below())

    def heightForWidth(self, width: int) -> int:
        return self.main_height + sum(widget.heightForWidth(width - left) for widget, left in self._below())

    def sizeHint(self) -> QSize:
        return QSize(self._columns.least_width, self.heightForWidth(max(self.width(), self._columns.least_width)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._columns = columns_for(self)
            self._place()
            self.updateGeometry()

    def _place(self) -> None:
        width, columns = self.width(), self._columns
        for column, cell in self._cells():
            left, room = columns.place(column, width)
            beyond = 1 if column not in (VARY, BACK, HELP) else 0  # to the hairline
            cell.setGeometry(left, 1, room + beyond, columns.row - 1)
        top = self.main_height
        for widget, left in self._below():
            height = widget.heightForWidth(width - left)
            widget.setGeometry(left, top, width - left - 1, height)
            top += height

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, width, columns, palette = painter_of(self), self.width(), self._columns, self.palette()
        painter.fillRect(1, 0, width - 2, 1, palette.color(BORDER))
        numbers = (LOW, HIGH, SCALE) if self._has_range else (LOW,)
        for column in (*numbers, BACK):
            painter.fillRect(columns.place(column, width)[0], 0, 1, self.main_height, palette.color(BORDER))
        unit = self.parameter.unit if self.varied else ""
        left, room = columns.place(NAME, width)
        name = QRectF(left, 1, room - _NAME_GAP, columns.row - 1)
        whole = draw_texts(painter, name, palette, self.caption, unit)
        if self.condition and self.varied:
            painter.setFont(type_of(self.font(), SMALL))
            below = QRectF(left, columns.row - GAP - 1, room - GAP, columns.row_with_condition - columns.row + 3)
            whole = draw_texts(painter, below, palette, "", self.condition) and whole
        tip = "\n".join(filter(None, (" ".join(filter(None, (self.caption, unit))), self.condition)))
        tell_whole(self, "" if whole else tip)

    @property
    def _has_range(self) -> bool:
        """Whether the cells are low, high and scale."""
        return False
