"""The trials table: one row per trial, live and sortable; its selection is the session's."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from core.export.cells import tab_separated
from core.formatting import counted, format_number
from core.phases import Job, Phase
from core.words.awaited import awaited
from core.words.trials import done_in_words
from gui.session.changes import Changes
from gui.session.session import Session
from gui.trials.model import TrialsModel
from gui.trials.sketch import RowsSketch
from gui.trials.view import TrialsView
from gui.trials.widths import Widths
from gui.widgets.announce import announce
from gui.widgets.empty_place import EmptyPlace, Words
from gui.widgets.fields import literal
from gui.widgets.more_button import MoreButton
from gui.widgets.theme import Theme
from gui.widgets.turns import turns

_KEPT = Words(
    "Every trial is kept",
    "What it tried, what came out, how long it took, and why if it failed. The best one gets the star.",
)
"""What will be seen, before there is a study."""
_FIRST = "the first row comes in some seconds"
SORT_KEY = "F3"


class TrialsTable(QStackedWidget):
    """The trials of the session's study. `told` (a text): how many trials are done. `more` belongs beside the title.

    `model` holds the rows, `view` shows them; while there are none, `empty_place` is there instead. By itself the table
    shows the newest row while trials come, and the best one afterwards; a user who scrolls is left there. A trial that
    is selected elsewhere is shown until it is selected no more or the study ends.
    """

    told = Signal(str)

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._touched: dict[int, None] = {}
        self._stale = False
        """Whether the study has changed since the last update."""
        self._following = False
        self._at_rest = True
        """Whether the user has left the scrolling to the table."""
        self._scrolling = False
        """Whether the table itself scrolls."""
        self._aside = False
        """Whether the table has scrolled to a trial that was selected elsewhere."""
        self._ran = False
        """Whether the study ran at the last update."""
        self.model = TrialsModel(theme, self)
        self.model.seconds_of = session.seconds_of
        self.view = TrialsView(self.model)
        self.view.fill_menu = self._fill_menu
        self.view.shows_newest = lambda: self._runs and self._chooses_place
        self.widths = Widths(self.view.horizontalHeader(), self.model, lambda: self.view.viewport().width())
        self.more = MoreButton("Trials", "Sort, copy and fit the rows", self._fill_whole_menu, theme)
        self._make_actions()
        self.empty_place = EmptyPlace(theme, _KEPT, RowsSketch())
        self.addWidget(self.empty_place)
        self.addWidget(self.view)
        self._connect()
        self._polish_again()
        self._show_all()

    def _connect(self) -> None:
        session, view = self._session, self.view
        view.horizontalHeader().sortIndicatorChanged.connect(self._on_sorted)
        view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        view.resized.connect(self._on_resized)
        view.selectionModel().selectionChanged.connect(self._tell_selection)
        session.changed.connect(self._note_changes)
        session.ticked.connect(self.model.show_times)
        session.selection_changed.connect(self._follow_selection)
        session.pointed_out.connect(self._show_trial)
        session.linking.hover_changed.connect(self._ring)
        session.linking.brush_changed.connect(self._on_brushed)
        session.linking.filter_changed.connect(self._on_filter)
        view.pointed.connect(self._on_pointed)
        session.run_state_changed.connect(self._on_run_state)
        self._theme.changed.connect(self._polish_again)

    # Actions

    def _make_actions(self) -> None:
        self._copy = QAction("Copy rows", self.view)
        self._copy.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy.triggered.connect(self.copy_selected)
        self._sort = QAction("Sort by this column", self.view)
        self._sort.setShortcut(SORT_KEY)
        self._sort.triggered.connect(self._sort_by_key)
        for action in (self._copy, self._sort):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.view.addActions([self._copy, self._sort])

    def _sort_by_key(self) -> None:
        """Sort by the current column; the row on which the keyboard is stays in sight."""
        self.sort_by(self.view.currentIndex().column())
        if self.view.currentIndex().isValid():
            self.view.show_row(self.view.currentIndex().row())

    def sort_by(self, column: int) -> None:
        """Sort by a column as a click on its header does: the second time the other way round."""
        if not 0 <= column < self.model.columnCount():
            return
        header, order = self.view.horizontalHeader(), self.model.columns[column].first_order
        if header.sortIndicatorSection() == column:
            descending = header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
            order = Qt.SortOrder.AscendingOrder if descending else Qt.SortOrder.DescendingOrder
        self.view.sortByColumn(column, order)
        announce(self.view, self.model.order_in_words)

    def _fill_menu(self, menu: QMenu, column: int) -> None:
        """Fill the menu of the row and the column at which it is opened."""
        menu.addAction(self._copy)
        sort = menu.addAction(literal(f"Sort by {self.model.columns[column].header}"))
        sort.setShortcut(SORT_KEY)
        sort.triggered.connect(lambda: self.sort_by(column))
        if not self.model.in_order_of_trials:
            menu.addAction("Back to the order of trials").triggered.connect(self._sort_by_number)
        menu.addSeparator()
        current = self.view.currentIndex()
        if current.isValid():
            number = self.model.number_at(current.row())
            show = menu.addAction(literal(f"Show trial {number} in the plots"))
            show.setDisabled(self._session.selected == number)
            show.triggered.connect(lambda: self._session.select(number))
        self._fill_with_common(menu)

    def _fill_whole_menu(self, menu: QMenu) -> None:
        """Fill the menu of the whole table."""
        sorting = menu.addMenu("Sort by")
        for place, column in enumerate(self.model.columns):
            sorting.addAction(literal(column.header)).triggered.connect(
                lambda _on=False, place=place: self.sort_by(place)
            )
        menu.addAction("Copy all rows").triggered.connect(self.copy_all)
        for action in menu.actions():
            action.setEnabled(self.model.rowCount() > 0)
        menu.addSeparator()
        self._fill_with_common(menu)

    def _fill_with_common(self, menu: QMenu) -> None:
        best = menu.addAction("Go to the best trial")
        best.setEnabled(self.model.best_row is not None)
        best.triggered.connect(self._go_to_best)
        fit = menu.addAction("Fit all columns")
        fit.setEnabled(self.model.rowCount() > 0)
        fit.triggered.connect(self.widths.forget)

    def _go_to_best(self) -> None:
        if self.model.best_row is not None:
            self._session.point_out(self.model.number_at(self.model.best_row))

    def _sort_by_number(self) -> None:
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        announce(self.view, self.model.order_in_words)

    def copy_selected(self) -> None:
        """Copy the selected rows as tab-separated text below a line of headers; no cell is a formula."""
        self._copy_rows(sorted(self._selected_rows()))

    def copy_all(self) -> None:
        """Copy all rows in the order in which they are shown."""
        self._copy_rows(list(range(self.model.rowCount())))

    def _copy_rows(self, rows: list[int]) -> None:
        if not rows:
            return
        columns = range(self.model.columnCount())
        lines = [[column.header for column in self.model.columns]]
        lines += [[self.model.exact_text(row, column) for column in columns] for row in rows]
        QGuiApplication.clipboard().setText(tab_separated(lines))
        announce(self.view, f"Copied {counted(len(rows), 'row')}")

    # Updates

    @property
    def is_current(self) -> bool:
        """Whether the table shows all changes."""
        return self.model.shows(self._session.progress) and not self._stale

    def _note_changes(self, changes: Changes) -> None:
        if changes.replaced:
            self._show_all()
            return
        self._stale = True
        self._touched.update(dict.fromkeys(changes.trials))
        turns().ask(self, self._update, words=True)

    def _show_all(self) -> None:
        self._touched.clear()
        self._stale = False
        with self.widths.by_itself():
            self.model.show(self._session.progress)
        self.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.widths.fit()
        self._follow_selection(self._session.selected)
        self._describe()
        self._at_rest, self._aside = True, False
        self._ran = self._runs
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.view.take_font(self.font())
            self.widths.fit()

    def _update(self) -> None:
        if not self.model.shows(self._session.progress):
            self._show_all()
            return
        if self._runs and not self._ran:
            self._at_rest |= self._is_at_end
        top = None if self._at_rest and not self._aside else self._top_trial()
        self._scrolling = True
        self.model.update_trials(self._touched)
        self.model.update_best()
        self._touched.clear()
        self._stale = False
        self.widths.fit()
        self._describe()
        if top is not None:
            self._keep_at_top(*top)
        self._scrolling = False
        ended, self._ran = self._ran and not self._runs, self._runs
        self._aside &= not ended
        if self._runs or ended:
            self._place()

    def _polish_again(self) -> None:
        self.view.polish(self._theme.colours)

    def _on_run_state(self, _job: Job | None, phase: Phase | None) -> None:
        self.model.show_paused(paused=phase is Phase.PAUSED)
        self._say_what_comes()

    def _say_what_comes(self) -> None:
        """Say while there are no rows why there are none yet; without a study what will be seen."""
        session = self._session
        sentence = awaited(session.job, session.phase, session.progress, _FIRST)
        words = Words(_KEPT.heading, sentence) if sentence else _KEPT
        if words != self.empty_place.words:
            self.empty_place.say(words)

    def _describe(self) -> None:
        count, progress = self.model.rowCount(), self._session.progress
        best = None if progress is None else progress.best
        self._say_what_comes()
        self._show_part(self.view if count else self.empty_place)
        words = f"{count} {'trial' if count == 1 else 'trials'}"
        if progress is not None and best is not None and best.objective is not None:
            label = progress.objective.label
            words += f", the best is trial {best.number} with a {label} of {format_number(best.objective)}"
        if words != self.view.accessibleDescription():
            self.view.setAccessibleDescription(words)
        self.told.emit("" if progress is None else done_in_words(progress.budget, self.model.ended))

    def _show_part(self, shown: QWidget) -> None:
        """Show the rows or the empty place, with the focus if the other had it."""
        before = self.currentWidget()
        if before is not shown:
            focused = before is not None and before.hasFocus()
            self.setCurrentWidget(shown)
            if focused:
                shown.setFocus()

    # Scrolling

    @property
    def _runs(self) -> bool:
        return self._session.progress is not None and self._session.progress.running

    @property
    def _is_at_end(self) -> bool:
        """Whether the place where new rows come is in sight."""
        return self.model.in_order_of_trials and self.view.at_end

    @property
    def _chooses_place(self) -> bool:
        """Whether the table may scroll by itself: the user does not look elsewhere."""
        return self._at_rest and not self._aside and self.model.in_order_of_trials

    def _place(self) -> None:
        """Show the newest row while trials come, and the best one afterwards, unless the user looks elsewhere."""
        if not self._chooses_place:
            return
        self._scrolling = True
        if self._runs:
            self.view.show_last()
        elif self.model.best_row is not None:
            self.view.show_with(self.model.best_row, self.model.row_of(self._session.selected))
        self._scrolling = False

    def _on_scrolled(self) -> None:
        """Note that somebody else than the table has scrolled; whoever is at the end follows the newest row."""
        if not self._scrolling:
            self._at_rest, self._aside = self._runs and self._is_at_end, False

    def _on_resized(self) -> None:
        self.widths.fit()
        looked_at = self.model.row_of(self._session.selected) if self._aside else None
        if looked_at is None:
            self._place()
        else:
            self._look_at(looked_at)

    def _on_sorted(self) -> None:
        """Show the first rows of the new order; no arrow where it is that of the trials."""
        self.view.horizontalHeader().setSortIndicatorShown(not self.model.in_order_of_trials)
        self.view.scrollToTop()

    def _top_trial(self) -> tuple[int, int] | None:
        """Return the number of the trial in the top row, and how far the row is above the edge."""
        row = self.view.rowAt(0)
        return None if row < 0 else (self.model.number_at(row), self.view.rowViewportPosition(row))

    def _keep_at_top(self, number: int, above: int) -> None:
        """Keep the visible rows in place when rows are inserted above them."""
        row, bar = self.model.row_of(number), self.view.verticalScrollBar()
        if row is not None and bar.value() > 0:
            bar.setValue(bar.value() + self.view.rowViewportPosition(row) - above)

    def _show_trial(self, number: int) -> None:
        """Show the row of a trial that the user asks for."""
        row = self.model.row_of(number)
        if row is not None:
            self._look_at(row)

    def _look_at(self, row: int) -> None:
        """Scroll to a row that was chosen elsewhere, and stay there."""
        self._scrolling, before = True, self.view.verticalScrollBar().value()
        self.view.show_row(row)
        self._scrolling = False
        self._aside |= self.view.verticalScrollBar().value() != before

    # What is pointed at, brushed or hidden

    def _on_pointed(self, row: int) -> None:
        """Point at the trial of a row in all plots; below 0 at none."""
        self._session.linking.hover(self.model.number_at(row) if 0 <= row < self.model.rowCount() else None)

    def _ring(self, number: int | None) -> None:
        self.view.ring(self.model.row_of(number))

    def _on_brushed(self, _numbers: object) -> None:
        turns().ask(self.model, self._fade)

    def _fade(self) -> None:
        self.model.brush(self._session.linking.brushed)

    def _on_filter(self, hidden: bool) -> None:
        self._following = True  # the rows come anew, and what is selected stays
        self.model.hide_failed(hide=hidden)
        self._following = False
        self.widths.fit()
        self._follow_selection(self._session.selected)
        self._describe()

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
            selection.clearSelection()  # the keyboard stays where it is
            self._aside = False
            self._place()
        else:
            mode = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            across, down = self.view.horizontalScrollBar(), self.view.verticalScrollBar()
            before = across.value(), down.value()
            self._scrolling = True  # Qt scrolls to the row that becomes the current one
            selection.setCurrentIndex(self.model.index(row, max(0, self.view.currentIndex().column())), mode)
            across.setValue(before[0])
            down.setValue(before[1])
            self._look_at(row)
        self._following = False
