"""The content of a file as two tables: its first rows, and its columns with their types and roles."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.tables.description import ColumnRole
from gui.data_import.cell_choices import CellChoice, CellQuestion
from gui.data_import.marks_editor import MarksEditor, marks_in_words
from gui.data_import.models import EXAMPLE, MISSING, NAME, NOTE, RANGE, ROLES, TYPE, USE, ColumnsModel
from gui.data_import.preview_model import PreviewModel
from gui.data_import.types import TYPES
from gui.widgets.copying import copy_safely
from gui.widgets.fields import give_tip, hint_label, literal, plain_label
from gui.widgets.theme import Theme

_STYLE = """
QTableView::item { padding: 0px 8px 0px 6px; }
QHeaderView::section { padding: 4px 11px 4px 9px; }
"""
_WIDTHS = (70, 86, 112, 78, 68, 78, 78)
_MIN_WIDTH, _MAX_WIDTH = 64, 220
_WIDEST = {NAME: 150, RANGE: 140, EXAMPLE: 165}
"""Fields of the columns that are as wide as their texts, up to this: the notes have the rest."""
_FITTED = 60
"""The number of columns whose widths are fitted to their texts; to fit 5,000 takes seconds."""
_ROLES = (
    (ColumnRole.NUMBER, "N&umber"),
    (ColumnRole.CATEGORY, "Categor&y"),
    (ColumnRole.IGNORE, "Lea&ve out"),
)


class ColumnsView(QSplitter):
    """The preview above the columns. `model` holds the columns and what the user has chosen for them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.model = ColumnsModel(theme, self)
        self.preview = _make_view("Preview of the first rows", PreviewModel(self.model, theme, self))
        self.columns = _make_view("Columns", self.model)
        self.role_buttons: dict[ColumnRole, QPushButton] = {}
        self.marks_button = QPushButton("Ma&rks of missing values…")
        self.about = hint_label()
        policy = self.about.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the table does not jump
        self.about.setSizePolicy(policy)
        self._set_up_columns()
        self.addWidget(_labelled("&Preview of the first rows", self.preview))
        self.addWidget(_labelled("&Columns", self.columns, self.about, self._make_buttons()))
        self.setChildrenCollapsible(False)
        self.setStretchFactor(0, 2)
        self.setStretchFactor(1, 3)
        self.columns.selectionModel().selectionChanged.connect(self._enable_buttons)
        self.columns.selectionModel().currentChanged.connect(self._show_current)
        self.model.modelReset.connect(self._fit_preview)
        self.model.column_read.connect(self._fit_column)
        self.model.column_read.connect(self._show_current)
        self.model.changed.connect(self._show_current)
        theme.changed.connect(self._polish_again)
        self._enable_buttons()

    def use_selected(self, role: ColumnRole) -> None:
        """Give the selected columns this role."""
        self.model.use(list(self._selected()), role)

    def _selected(self) -> Iterator[int]:
        selection = self.columns.selectionModel().selection()
        ranges = (selection.at(number) for number in range(selection.count()))
        rows = (row for one in ranges for row in range(one.top(), one.bottom() + 1))
        return (row for row in rows if self.model.has_role(row))

    def _enable_buttons(self) -> None:
        selected = any(True for _row in self._selected())
        for button in self.role_buttons.values():
            button.setEnabled(selected)
        self.marks_button.setEnabled(self.columns.currentIndex().isValid())

    def _show_current(self) -> None:
        """Say what there is to say about the current column: its note may be longer than its cell."""
        self._enable_buttons()
        row = self.columns.currentIndex().row()
        said = self.model.about(row) if 0 <= row < self.model.rowCount() else ""
        self.about.say(f"“{self.model.columns[row].name}”: {said}" if said else "")

    def edit_marks(self, row: int) -> None:
        """Ask which texts count as missing in the column of this row."""
        model, name = self.model, self.model.names()[row]
        own = model.marks_of(name)
        editor = MarksEditor(f"“{name}”", own, model.layout.missing, self)
        editor.as_in_file.setText(literal(f"As in the file: {marks_in_words(model.layout.missing)}"))
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor.changed.connect(lambda marks: model.count_as_missing(name, marks))
        editor.open()

    def _set_up_columns(self) -> None:
        view = self.columns
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setItemDelegateForColumn(TYPE, CellChoice("Type", TYPES, view))
        view.setItemDelegateForColumn(USE, CellChoice("Use as", [(role.value, ROLES[role]) for role in ROLES], view))
        marks = CellQuestion(view)
        marks.asked.connect(self.edit_marks)
        view.setItemDelegateForColumn(MISSING, marks)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        for section, width in enumerate(_WIDTHS):
            header.resizeSection(section, width)
        header.setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Stretch)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.clicked.connect(lambda index: view.edit(index) if index.column() in (TYPE, USE, MISSING) else None)

    def _make_buttons(self) -> QWidget:
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(plain_label("Use the selected columns as"))
        for role, text in _ROLES:
            button = QPushButton(text)
            button.setAutoDefault(False)
            give_tip(button, "Select columns with the mouse, or with Shift and the arrow keys")
            button.clicked.connect(lambda _checked, role=role: self.use_selected(role))
            layout.addWidget(button)
            self.role_buttons[role] = button
        layout.addStretch()
        self.marks_button.setAutoDefault(False)
        give_tip(self.marks_button, "Which texts count as missing in the current column")
        self.marks_button.clicked.connect(lambda: self.edit_marks(self.columns.currentIndex().row()))
        layout.addWidget(self.marks_button)
        return line

    def _fit_preview(self) -> None:
        """Fit the width of the first `_FITTED` columns to their texts, and scroll both tables to their beginning."""
        for section in range(min(len(self.model.columns), _FITTED)):
            self._fit_column(section)
        self._fit_fields()
        for view in (self.preview, self.columns):
            view.scrollToTop()
            view.horizontalScrollBar().setValue(0)
        if self.model.rowCount():
            self.columns.setCurrentIndex(self.model.index(0, NAME))
            self.columns.clearSelection()

    def _fit_fields(self) -> None:
        """Fit the widths of the fields `_WIDEST` to the first texts in them."""
        metrics, header = self._metrics(), self.columns.horizontalHeader()
        for section, widest in _WIDEST.items():
            fields = (self.model.index(row, section) for row in range(min(self.model.rowCount(), _FITTED)))
            width = max((metrics.horizontalAdvance(str(field.data())) for field in fields), default=0) + 22
            header.resizeSection(section, min(max(width, _WIDTHS[section]), widest))

    def _metrics(self) -> QFontMetrics:
        bold = QFont(self.preview.font())
        bold.setBold(True)
        return QFontMetrics(bold)  # the target's texts are bold

    def _fit_column(self, section: int) -> None:
        metrics = self._metrics()
        texts = self.model.columns[section].name, max(self.model.cells[section], key=len, default="")
        width = max(metrics.horizontalAdvance(text) for text in texts) + 24
        self.preview.horizontalHeader().resizeSection(section, min(max(width, _MIN_WIDTH), _MAX_WIDTH))

    def _polish_again(self) -> None:
        """Show the new colours: Qt keeps the old ones in a widget that has a style sheet."""
        for view in (self.preview, self.columns):
            view.setStyleSheet(_STYLE)


def _make_view(name: str, model: ColumnsModel | PreviewModel) -> QTableView:
    view = QTableView()
    view.setAccessibleName(name)
    view.setModel(model)
    view.setStyleSheet(_STYLE)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setAlternatingRowColors(True)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.horizontalHeader().setHighlightSections(False)
    rows = view.verticalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(view.fontMetrics().height() + 8)
    copy_safely(view)
    return view


def _labelled(text: str, view: QTableView, *below: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    label = plain_label(text)
    label.setBuddy(view)
    column.addWidget(label)
    column.addWidget(view, 1)
    for widget in below:
        column.addWidget(widget)
    return box
