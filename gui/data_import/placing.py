"""The widgets of the import dialog, and their places."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.data_import.columns_view import ColumnsView
from gui.data_import.format_row import FormatRow
from gui.data_import.missing_view import MissingView
from gui.data_import.questions_view import QuestionsView
from gui.data_import.reading_page import ReadingPage, WorkBar
from gui.data_import.target_view import TargetView
from gui.widgets.fields import Sentence, hint_label, plain_label, problem_label
from gui.widgets.theme import Theme

_SIZE = 1400, 860


class DialogParts:
    """Makes the widgets, and places them in the dialog."""

    def __init__(self, dialog: QDialog, theme: Theme) -> None:
        self.name = plain_label()
        self.size_label = hint_label()
        self.size_label.setWordWrap(False)
        self.other_file = QPushButton("&Other file…")
        self.format_row = FormatRow()
        self.told = Sentence(dialog.foregroundRole())
        self.notes = hint_label()
        self.questions = QuestionsView()
        self.work = WorkBar()
        self.reading = ReadingPage()
        self.columns = ColumnsView(theme)
        self.target_view = TargetView(theme)
        self.missing_view = MissingView()
        self.problem = problem_label()
        self.import_button = QPushButton("&Import")
        self._pages = QStackedWidget()
        self._lay_out(dialog)

    def show_table(self) -> None:
        self._pages.setCurrentIndex(1)

    def show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)

    def _lay_out(self, dialog: QDialog) -> None:
        heading = QFont(self.name.font())
        heading.setBold(True)
        self.name.setFont(heading)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.other_file.setAutoDefault(False)
        self._pages.addWidget(self.reading)
        self._pages.addWidget(self._make_table_page())
        layout = QVBoxLayout(dialog)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        layout.addLayout(self._make_heading())
        for widget in (self.format_row, self.told, self.notes, self.questions):
            layout.addWidget(widget)
        layout.addWidget(self._pages, 1)
        layout.addSpacing(2)
        layout.addLayout(self._make_buttons(dialog))
        room = dialog.screen().availableSize() * 0.95
        dialog.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))

    def _make_heading(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.name)
        line.addWidget(self.size_label)
        line.addWidget(self.work)
        line.addStretch()
        line.addWidget(self.other_file)
        return line

    def _make_table_page(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.target_view, 1)
        column.addSpacing(8)
        column.addWidget(self.missing_view)
        page = QSplitter(Qt.Orientation.Horizontal)
        page.addWidget(self.columns)
        page.addWidget(side)
        page.setChildrenCollapsible(False)
        page.setSizes([900, 310])
        page.setStretchFactor(0, 1)
        return page

    def _make_buttons(self, dialog: QDialog) -> QHBoxLayout:
        self.import_button.setDefault(True)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(dialog.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.problem, 1)
        buttons.addStretch()
        buttons.addSpacing(12)
        buttons.addWidget(self.import_button)
        buttons.addWidget(cancel)
        return buttons
