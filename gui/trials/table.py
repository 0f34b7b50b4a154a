"""The trials table: one row per trial, live and sortable; its selection is the session's."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QAction, QFont, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStackedWidget, QTableView, QWidget

from core.export.cells import tab_separated
from core.formatting import format_number
from core.phases import Phase
from gui.session.changes import Changes
from gui.session.session import Session
from gui.trials.cell_delegate import LEFT, RIGHT, CellDelegate
from gui.trials.columns import MAX_HEADER
from gui.trials.model import TrialsModel
from gui.widgets.empty_text import EmptyText
from gui.widgets.theme import Theme
from gui.widgets.turns import turns

UPDATE_INTERVAL = 100
"""Milliseconds between two updates while a study runs."""
EMPTY_TEXT = "No trials yet.\nPress Start: each trial becomes a row here, and the best one gets a star."
_STYLE = f"QHeaderView::section {{ padding: 4px {RIGHT}px 4px {LEFT}px; }}"
_PADDING = LEFT + RIGHT + 4


class TrialsTable(QStackedWidget):
    """The trials of the session's study.

    `model` holds the rows, `view` shows them; while there are no rows, a sentence replaces the table.
    """

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._touched: dict[int, None] = {}
        self._following = False
        self.model = TrialsModel(theme, self)
        self.view = _make_view(self.model)
        self._copy = QAction("Copy rows", self.view)
        self._copy.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._copy.triggered.connect(self.copy_selected)
        self.view.addAction(self._copy)
        self._empty = EmptyText(EMPTY_TEXT)
        self.addWidget(self._empty)
        self.addWidget(self.view)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UPDATE_INTERVAL)
        self._timer.timeout.connect(self._ask_turn)
        self.view.horizontalHeader().sortIndicatorChanged.connect(self.view.scrollToTop)
        self.view.selectionModel().selectionChanged.connect(self._tell_selection)
        session.changed.connect(self._note_changes)
        session.selection_changed.connect(self._follow_selection)
        session.run_state_changed.connect(lambda _job, phase: self.model.show_paused(paused=phase is Phase.PAUSED))
        theme.changed.connect(self._polish_again)
        self._show_all()

    def copy_selected(self) -> None:
        """Copy the selected rows as tab-separated text below a line of headers; no cell is a formula."""
        rows = sorted(self._selected_rows())
        if not rows:
            return
        columns = range(self.model.columnCount())
        lines = [[column.header for column in self.model.columns]]
        lines += [[self.model.exact_text(row, column) for column in columns] for row in rows]
        QGuiApplication.clipboard().setText(tab_separated(lines))

    # Updates

    @property
    def is_current(self) -> bool:
        """Whether the table shows all changes."""
        return self.model.shows(self._session.progress) and not self._touched

    def _note_changes(self, changes: Changes) -> None:
        if changes.replaced:
            self._show_all()
            return
        self._touched.update(dict.fromkeys(changes.trials))
        if not self._timer.isActive():
            self._timer.start()

    def _show_all(self) -> None:
        self._timer.stop()
        self._touched.clear()
        self.model.show(self._session.progress)
        self.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self._measure_columns()
        self._follow_selection(self._session.selected)
        self._describe()

    def _measure_columns(self) -> None:
        width = self.view.fontMetrics().horizontalAdvance
        for section, column in enumerate(self.model.columns):
            widest = max(width(column.sample), width(column.header[:MAX_HEADER]))
            self.view.horizontalHeader().resizeSection(section, widest + _PADDING)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            _take_font(self.view, self.font())
            self._measure_columns()

    def _ask_turn(self) -> None:
        turns().ask(self, self._update)

    def _update(self) -> None:
        if not self.model.shows(self._session.progress):
            self._show_all()
            return
        bar = self.view.verticalScrollBar()
        at_end = self.model.in_order_of_trials and bar.value() == bar.maximum()
        top = self._top_trial() if bar.value() > 0 else None
        self.model.update_trials(self._touched)
        self.model.update_best()
        self._touched.clear()
        self._describe()
        if at_end:
            self.view.scrollToBottom()
        elif top is not None:
            self._scroll_to_top(top)

    def _polish_again(self) -> None:
        """Apply the new colours: Qt keeps the old ones in a widget that has a style sheet."""
        self.view.horizontalHeader().setStyleSheet(_STYLE)

    def _top_trial(self) -> int | None:
        row = self.view.rowAt(0)
        return None if row < 0 else self.model.number_at(row)

    def _scroll_to_top(self, number: int) -> None:
        """Keep the visible rows in place when rows are inserted above them."""
        row = self.model.row_of(number)
        if row is not None and row != self.view.rowAt(0):
            index = self.model.index(row, max(0, self.view.columnAt(0)))
            across = self.view.horizontalScrollBar().value()
            self.view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
            self.view.horizontalScrollBar().setValue(across)

    def _describe(self) -> None:
        count, progress = self.model.rowCount(), self._session.progress
        best = None if progress is None else progress.best
        self.setCurrentWidget(self.view if count else self._empty)
        words = f"{count} {'trial' if count == 1 else 'trials'}"
        if progress is not None and best is not None and best.objective is not None:
            label = progress.objective.label
            words += f", the best is trial {best.number} with a {label} of {format_number(best.objective)}"
        self.view.setAccessibleDescription(words)

    # Selection

    def _tell_selection(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        if self._following:
            return
        rows, current = self._selected_rows(), self.view.currentIndex().row()
        row = current if current in rows else min(rows, default=None)
        self._session.select(None if row is None else self.model.number_at(row))

    def _selected_rows(self) -> set[int]:
        selection = self.view.selectionModel().selection()
        ranges = (selection.at(i) for i in range(selection.count()))
        return {row for one in ranges for row in range(one.top(), one.bottom() + 1)}

    def _follow_selection(self, number: int | None) -> None:
        if number is not None and self.model.row_of(number) is None:
            self._update()
        row = self.model.row_of(number)
        selection = self.view.selectionModel()
        if row is not None and selection.isRowSelected(row, QModelIndex()):
            return
        self._following = True
        if row is None:
            selection.clear()
        else:
            mode = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            index = self.model.index(row, max(0, self.view.columnAt(0)))
            selection.setCurrentIndex(index, mode)
            self.view.scrollTo(index)
        self._following = False


def _make_view(model: TrialsModel) -> QTableView:
    view = QTableView()
    view.setAccessibleName("Trials")
    view.setModel(model)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    view.setAlternatingRowColors(True)
    view.setShowGrid(False)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSortingEnabled(True)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    _take_font(view, view.font())
    view.setItemDelegate(CellDelegate(model.cell, view))
    header = view.horizontalHeader()
    header.setStyleSheet(_STYLE)
    header.setStretchLastSection(True)
    header.setTextElideMode(Qt.TextElideMode.ElideRight)
    header.setHighlightSections(False)
    return view


def _take_font(view: QTableView, font: QFont) -> None:
    """Write in this font with digits of one width, so that those of numbers line up, in rows of a suitable height."""
    even = QFont(font)
    even.setFeature(QFont.Tag("tnum"), 1)
    view.setFont(even)
    view.horizontalHeader().setFont(even)  # a header with a style sheet keeps the font that it had
    view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 8)
