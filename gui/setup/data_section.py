"""The form's section on data: which, in one line, and a sentence on what they are."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from core.datasets.builtin import DATASETS, Dataset, dataset_named
from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.tables.description import MissingValues
from gui.setup.field_row import FieldRow
from gui.setup.section import Section, State
from gui.widgets.fields import ChoiceField, Sentence, give_tip, hint_label
from gui.widgets.icons import icon
from gui.widgets.marks import WARNING
from gui.widgets.theme import Colours

FILE = "(file)"
"""Stands for the imported file among the names of data sets, whatever the file is called."""
_HELP = (
    "The rows that are learnt from. Import… takes a table of your own: CSV, Excel, Parquet, NumPy and others. The "
    "button before it tells where the data come from or, for a table of yours, changes how its columns are used."
)
_DATASET = "data.dataset"
_IMPORTED = "data.file"


class DataSection(Section):
    """Which data.

    Signals: `note_requested` (a data set's name): the user wants to read its note; `import_requested`: the user wants
    to import a file; `columns_requested`: the user wants to change the use of the file's columns; `renew_requested`:
    the user wants to use the file as it is now.
    """

    title = "&Data"
    note_requested = Signal(str)
    import_requested = Signal()
    columns_requested = Signal()
    renew_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._file: DataFile | None = None
        self._colours: Colours | None = None
        self.missing = MissingValues.IMPUTE
        self.dataset = ChoiceField("Data set", ((d.name, d.label) for d in DATASETS.values()))
        self.about = QPushButton()
        self.import_button = QPushButton("Import…")
        give_tip(self.import_button, "Use a table of your own: CSV, Excel, Parquet or NumPy")
        self._row = self.add_row(
            _DATASET, FieldRow("Data set", self.dataset, self._make_buttons(), help_text=_HELP, label="")
        )
        self.places[_IMPORTED] = self._row
        self._add_lines_on_file()
        self.dataset.currentIndexChanged.connect(self._show_kind)
        self._show_kind()

    def _make_buttons(self) -> QWidget:
        for button in (self.about, self.import_button):
            button.setAutoDefault(False)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.about.clicked.connect(self._tell_more)
        self.import_button.clicked.connect(self.import_requested)
        pair = QWidget()
        line = QHBoxLayout(pair)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.about)
        line.addWidget(self.import_button)
        return pair

    def _add_lines_on_file(self) -> None:
        """Add what is said when the file in use is not as it was imported, and what can be done."""
        self.change = Sentence(WARNING)
        self.news = hint_label()
        self.renew_button = QPushButton("Use the file as it is now")
        self.renew_button.setAutoDefault(False)
        self.renew_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        give_tip(self.renew_button, "Read it again with the rows that it has now, as it was read before")
        self.renew_button.clicked.connect(self.renew_requested)
        self.renew_button.hide()
        for widget in (self.change, self.renew_button, self.news):
            self._row.add_below(widget)

    def set_colours(self, colours: Colours) -> None:
        self._colours = colours
        self.import_button.setIcon(icon("import", colours))
        self._show_kind()

    # What is chosen

    @property
    def source(self) -> Dataset | DataFile:
        """The data that are chosen."""
        chosen = self.dataset.value()
        return self._file if chosen == FILE and self._file is not None else dataset_named(chosen)

    @property
    def file(self) -> DataFile | None:
        """The imported file, if it is in use."""
        return self._file if self.dataset.value() == FILE else None

    def imported(self, group: str) -> ImportedTable | None:
        """Return the imported file with the column that keeps its rows together, if a file is in use."""
        return None if self.file is None else ImportedTable(self.file, self.missing, group)

    def offer_file(self, file: DataFile, missing: MissingValues, *, chosen: bool = True) -> None:
        """Offer the file among the data sets, and choose it."""
        self._file, self.missing = file, missing
        self.dataset.blockSignals(True)
        self.dataset.set_option(FILE, file.file_path.name)
        if chosen:
            self.dataset.set_value(FILE)
        self.dataset.blockSignals(False)
        self._show_kind()

    def choose(self, dataset: str) -> None:
        """Choose one of Afina's own data sets."""
        self.dataset.set_value(dataset)

    def state(self) -> dict[str, object]:
        """Return what stands in the fields, and the imported file if it is in use."""
        missing = None if self.file is None else self.missing
        return {**super().state(), _IMPORTED: self.file, "data.missing": missing}

    def set_state(self, state: State) -> None:
        file, missing = state.get(_IMPORTED), state.get("data.missing")
        if isinstance(file, DataFile) and isinstance(missing, MissingValues):
            self.offer_file(file, missing, chosen=False)
        super().set_state(state)

    # What is said

    def describe(self, sentence: str) -> None:
        """Say what the data are."""
        self._row.say_hint(sentence)

    def show_change(self, sentence: str, readable: bool) -> None:
        """Say how the file in use has changed since its import, if it has; offer to use it if it can be read."""
        shown = sentence if self.file is not None else ""
        self.change.say(f"{shown}." if shown else "")
        can_renew = bool(shown) and readable
        if self.renew_button.hasFocus() and not can_renew:
            self.dataset.setFocus()
        self.renew_button.setVisible(can_renew)

    def tell(self, news: str) -> None:
        """Say what is new in a file that was read again."""
        self.news.say(news)

    def _show_kind(self) -> None:
        """Let the button beside the data lead to the note on a data set, or to the columns of a file."""
        own = self.file is not None
        self.show_change("", False)
        self.news.say("")
        self.about.setText("Columns…" if own else "")
        self.about.setAccessibleName("Columns…" if own else "About this data")
        give_tip(self.about, "Change how the columns are used" if own else "What is in them, and where they come from")
        if self._colours is not None:
            self.about.setIcon(QIcon() if own else icon("info", self._colours))

    def _tell_more(self) -> None:
        source = self.source
        if isinstance(source, DataFile):
            self.columns_requested.emit()
        else:
            self.note_requested.emit(source.name)

    def set_locked(self, locked: bool) -> None:
        """Let the data only be read; the note on a data set can be read at any time."""
        super().set_locked(locked)
        self.import_button.setVisible(not locked)
        self.renew_button.setEnabled(not locked)
        self.about.setVisible(not locked or isinstance(self.source, Dataset))
