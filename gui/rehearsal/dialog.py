"""The rehearsal dialog: the verdict, then the configurations tried, their cost, and what the study will take."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.rehearsal.configurations import SHORTLY, THOROUGHLY, Measured, Rehearsal, Result, configurations
from core.settings import StudySettings
from core.words.rehearsals import MEASUREMENTS, done_and_all, remedy, sheet, stage, summary, verdict, worries
from gui.rehearsal.rehearsing import Rehearsing
from gui.widgets.copying import copy_safely
from gui.widgets.fields import Sentence, hint_label, plain_label, plain_tip, problem_label, wrapped_tip
from gui.widgets.measures import BODY, HEADLINE, scaled, type_of
from gui.widgets.theme import Theme
from gui.widgets.thin_bar import ThinBar

_WIDTH = 720
_BAR, _STEPS = 6, 100
_NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HELP = (
    "Each configuration is built and trained for some steps, as trials are. The smallest has every parameter at its "
    "low end and the largest batches, the largest all at its high end; the slowest is the largest with the smallest "
    "batches. Before its first step, TensorFlow compiles each kind of model once; the time of a trial is without that."
)


class RehearsalDialog(QDialog):
    """Shows a rehearsal.

    `starting`: the user wants to start the study. Then a known rehearsal is not repeated, and the dialog closes by
    itself when there is nothing to say. Signal `start_asked`: the study is to begin. Raises ChildLost.
    """

    help_page = "rehearsal"
    """The page of help on it."""
    start_asked = Signal()

    def __init__(
        self,
        rehearsing: Rehearsing,
        settings: StudySettings,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        starting: bool,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Rehearsal")
        self._rehearsing = rehearsing
        self._theme = theme
        self._starting = starting
        self.heading = plain_label()
        self.table = _make_table()
        self.bar = ThinBar(_BAR, _STEPS)
        self.summary = plain_label()
        self.worries = problem_label()
        self.remedy = Sentence(QPalette.ColorRole.WindowText)
        self.start_button = QPushButton()
        self.close_button = QPushButton()
        self._lay_out()
        self.start_button.clicked.connect(self._start)
        self.close_button.clicked.connect(self.reject)
        known = rehearsing.known(settings) if starting else None
        if known is not None:
            self._show(known)
        else:
            rehearsing.begin(settings, SHORTLY if starting else THOROUGHLY)
            self._show(Rehearsal(settings=settings, results=tuple(map(Result, configurations(settings)))))
        self._fit_table()
        rehearsing.changed.connect(self._on_changed)

    @Slot(object)
    def _on_changed(self, rehearsal: Rehearsal) -> None:
        self._show(rehearsal)
        if rehearsal.over:
            self._fit_table()  # warnings take room, too
        if rehearsal.over and self._starting and not worries(rehearsal):
            self._start()

    def _start(self) -> None:
        self.start_asked.emit()
        self.accept()

    def done(self, result: int) -> None:
        self._rehearsing.changed.disconnect(self._on_changed)
        self._rehearsing.cancel()
        super().done(result)

    # Showing

    def _show(self, rehearsal: Rehearsal) -> None:
        over = rehearsal.over
        found = worries(rehearsal) if over else []
        self._show_verdict(rehearsal)
        self._show_sheet(rehearsal)
        self.summary.setText("\n".join(summary(rehearsal)) if over else "")
        self.worries.say("\n".join(found))
        self.remedy.say(remedy(rehearsal) if over else "")
        self.start_button.setText("&Start" if over and not found else "&Start anyway" if over else "&Start now")
        to_form = self._starting and over
        self.close_button.setText("&Back to the form" if to_form else "&Close" if over else "&Cancel")
        (self.close_button if found else self.start_button).setDefault(True)

    def _show_verdict(self, rehearsal: Rehearsal) -> None:
        """Show the verdict or, until there is one, what is done and how far it is."""
        is_bad = rehearsal.over and rehearsal.failed
        self.heading.setForegroundRole(QPalette.ColorRole.BrightText if is_bad else QPalette.ColorRole.WindowText)
        self.heading.setText(verdict(rehearsal) if rehearsal.over else stage(rehearsal))
        self.bar.setVisible(not rehearsal.over)
        done, every = done_and_all(rehearsal)
        if rehearsal.free_memory and done < every:
            self.bar.show_share(done / every)
        else:
            self.bar.show_busy()  # nobody knows how long it takes

    def _show_sheet(self, rehearsal: Rehearsal) -> None:
        (_, *names), *rows = sheet(rehearsal)
        self.table.setColumnCount(len(names))
        self.table.setRowCount(len(rows))
        for column, (name, result) in enumerate(zip(names, rehearsal.results, strict=False)):
            self.table.setHorizontalHeaderItem(column, self._header(name, result))
        for row, (what, *texts) in enumerate(rows):
            header = QTableWidgetItem(what)
            header.setToolTip(plain_tip(what))
            if what in MEASUREMENTS:
                header.setFont(type_of(self.font(), BODY, bold=True))
            self.table.setVerticalHeaderItem(row, header)
            for column, text in enumerate(texts):
                self.table.setItem(row, column, self._cell(text))

    def _fit_table(self) -> None:
        """Make the table as high as its rows; it scrolls where there is no room for them."""
        self.table.setMaximumHeight(self.table.sizeHint().height())
        width = scaled(self, _WIDTH)
        room = self.screen().availableSize() * 0.95
        self.resize(room.boundedTo(QSize(width, self.heightForWidth(width))))

    def _header(self, name: str, result: Result) -> QTableWidgetItem:
        """Return a configuration's name with a sign of how it fared."""
        measured = result.measured or Measured()
        sign = "✗ " if measured.problem else "✓ " if measured.over else ""
        header = QTableWidgetItem(f"{sign}{name.capitalize()}")
        header.setToolTip(wrapped_tip(measured.problem or measured.note))
        header.setTextAlignment(_NUMBERS)
        return header

    def _cell(self, text: str) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setTextAlignment(_NUMBERS)
        if text == "failed":
            item.setForeground(QColor(self._theme.colours.failed))
        return item

    # Placing

    def _lay_out(self) -> None:
        self.heading.setFont(type_of(self.font(), HEADLINE, bold=True))
        self.heading.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.summary.setAccessibleDescription("What the study will take")
        self.worries.setAccessibleDescription("Warnings")
        self.bar.setAccessibleName("The rehearsal is under way")
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so the table does not move
        self.bar.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        first = self.heading, self.bar, self.worries, self.remedy
        for widget in (*first, self.table, self.summary, hint_label(_HELP)):
            layout.addWidget(widget)
        layout.addStretch()
        layout.addLayout(self._make_buttons())
        self.summary.setMinimumHeight(3 * self.summary.fontMetrics().lineSpacing())  # so the table does not move

    def _make_buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.start_button)
        buttons.addWidget(self.close_button)
        return buttons


def _make_table() -> QTableWidget:
    table = QTableWidget()
    table.setAccessibleName("Configurations")
    table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setSizeAdjustPolicy(QTableWidget.SizeAdjustPolicy.AdjustToContents)
    for header in (table.horizontalHeader(), table.verticalHeader()):
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    rows = table.verticalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(table.fontMetrics().height() + 8)
    rows.setMaximumWidth(_WIDTH // 3)
    rows.setTextElideMode(Qt.TextElideMode.ElideRight)
    copy_safely(table)
    return table
