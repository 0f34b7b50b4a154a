"""The section of the setup form on data: which, and how they are split and prepared."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy

from core.datasets.builtin import DATASETS, Dataset, dataset_named
from core.datasets.data_file import DataFile
from core.datasets.imported_table import NO_GROUP, ImportedTable
from core.datasets.settings import MAX_FOLDS, DataSettings, TargetScale
from core.errors import InvalidSetting
from core.models.family import TASK_LABELS
from core.setting_warnings import UNSTANDARDISED
from core.tables.description import MissingValues, Task
from gui.setup.section import Problems, Section
from gui.widgets.fields import ChoiceField, FieldRow, Sentence, hint_label, literal, wrapped_tip
from gui.widgets.number_fields import IntegerField, PercentField
from gui.widgets.theme import Colours

FILE = "(file)"
"""Stands for the imported file among the names of data sets, whatever the file is called."""
HOLD_OUT, K_FOLD = "hold-out", "k-fold"
VALIDATIONS = ((HOLD_OUT, "One part, held out"), (K_FOLD, "K-fold cross-validation"))
SCALES = (
    (TargetScale.AS_IT_IS, "it is"),
    (TargetScale.LOGARITHM, "its logarithm"),
    (TargetScale.STANDARDISED, "standardised"),
)
OWN_UNIT = "Losses, metrics and predictions stay in the target's own unit."
_USUAL_FOLDS = 5


class DataSection(Section):
    """Which data, and how they are split and prepared.

    Signals: `note_requested` (a data set's name): the user wants to read its note; `import_requested`: the user wants
    to import a file; `edit_requested` (an ImportedTable): the user wants to change the use of its columns;
    `renew_requested` (an ImportedTable): the user wants to use its file as it is now.
    """

    note_requested = Signal(str)
    import_requested = Signal()
    edit_requested = Signal(object)
    renew_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__("Data")
        self._file: DataFile | None = None
        self._missing = MissingValues.IMPUTE
        self.dataset = ChoiceField("Data set", ((d.name, d.label) for d in DATASETS.values()))
        self.dataset.currentIndexChanged.connect(self._show_dataset)
        self.about = QPushButton()
        self.about.setAutoDefault(False)
        self.about.clicked.connect(self._tell_more)
        self._dataset_row = self.add_row("data.dataset", FieldRow("Data set", self.dataset, self.about))
        self.places["data.file"] = self._dataset_row
        self.import_button = QPushButton("Import a file…")
        self.import_button.setAutoDefault(False)
        self.import_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.import_button.clicked.connect(self.import_requested)
        self._add_lines_on_file()
        self._dataset_row.add_below(self.import_button)
        self._add_split_rows()
        self.standardise = QCheckBox("Standardise the features")
        row = self.add_row(
            "data.standardise",
            FieldRow("Standardise the features", self.standardise),
            "Bring every feature to mean 0 and standard deviation 1, as measured on the training part only.",
        )
        self._warning = Sentence(QPalette.ColorRole.WindowText, UNSTANDARDISED)
        row.add_below(self._warning)
        self.target_scale = ChoiceField("Train target as", SCALES)
        self._scale_row = self.add_row(
            "data.target_scale",
            FieldRow("Train target as", self.target_scale),
            "What the model is trained to predict. The logarithm is for targets above 0 that span decades, such as "
            "prices. Standardised, with mean 0 and standard deviation 1 in the training part, is for targets with "
            f"large numbers. {OWN_UNIT}",
        )
        self.columns: dict[str, QCheckBox] = {}
        self._column_rows: list[FieldRow] = []
        self.changed.connect(self._show_consequences)
        self._show_dataset()

    def _add_lines_on_file(self) -> None:
        """Add what is said when the file in use is not as it was imported, and what can be done."""
        self.change = Sentence(QPalette.ColorRole.WindowText)
        self.news = hint_label()
        self.renew_button = QPushButton("Use the file as it is now")
        self.renew_button.setAutoDefault(False)
        self.renew_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.renew_button.setToolTip(wrapped_tip("Read it again with the rows that it has now, as it was read before"))
        self.renew_button.clicked.connect(self._renew)
        self.renew_button.hide()
        for widget in (self.change, self.renew_button, self.news):
            self._dataset_row.add_below(widget)

    def _add_split_rows(self) -> None:
        self.validation = ChoiceField("Validation", VALIDATIONS)
        self.add_row(
            "data.validation",
            FieldRow("Validation", self.validation),
            "Which rows judge a trial. Held out: the same part for all trials. K-fold: each part in turn judges what "
            "the others have trained, and the objective is the mean; a trial takes that many times as long.",
        )
        self.validation.currentIndexChanged.connect(self._show_validation)
        self.share = PercentField("Validation share, per cent")
        self._share_row = self.add_row(
            "data.validation_fraction",
            FieldRow("Validation share", self.share, "% of the rows"),
            "How much of the data is kept aside to judge each trial. The rest trains it.",
        )
        self.folds = IntegerField("Folds")
        self.folds.set_value(_USUAL_FOLDS)
        self._folds_row = self.add_row(
            "data.folds",
            FieldRow("Folds", self.folds),
            "Into how many parts the rows are split, by chance: each is for validation once. Classes keep their "
            "shares in every part.",
        )
        self.repeats = IntegerField("Repeats")
        self._repeats_row = self.add_row(
            "data.repeats",
            FieldRow("Repeats", self.repeats),
            "How often all of that is done in each trial, with other first weights and another order of the rows in "
            "training; the objective is the mean. Folds are split anew each time, a part held out stays the same.",
        )
        self.test_share = PercentField("Test share, per cent")
        self.add_row(
            "data.test_fraction",
            FieldRow("Test share", self.test_share, "% of the rows"),
            "How much of the data the search never sees, neither to train nor to judge: for an honest look at the end. "
            "0 for none.",
        )
        self.group = ChoiceField("Keep together", ((NO_GROUP, "Every row for itself"),))
        self._group_row = self.add_row(
            "data.group",
            FieldRow("Keep together", self.group),
            "Rows with the same value in this column, such as those of one patient, never stand on both sides of a "
            "split; those without a value there count as one group. The column is then no feature.",
        )

    def _show_validation(self) -> None:
        """Show the rows for the chosen kind of validation."""
        in_folds = self.validation.value() == K_FOLD
        self._form.setRowVisible(self._share_row, not in_folds)
        self._form.setRowVisible(self._folds_row, in_folds)

    def set_colours(self, colours: Colours) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours.warning))
        for sentence in (self._warning, self.change):
            sentence.setPalette(palette)

    @property
    def file(self) -> DataFile | None:
        """The imported file, if it is in use."""
        return self._file if self.dataset.value() == FILE else None

    def set_file(self, imported: ImportedTable) -> None:
        """Use an imported table. Another target is trained as it is, until the user says otherwise."""
        before = self.file
        if before is None or (before.path, before.target) != (imported.file.path, imported.file.target):
            self.target_scale.set_value(TargetScale.AS_IT_IS)
        self._offer_file(imported.file, imported.missing)
        self.dataset.set_value(FILE)
        self._show_dataset()
        self.group.set_value(imported.group)
        self.changed.emit()

    def show_change(self, sentence: str, readable: bool) -> None:
        """Say how the file in use has changed since its import, if it has; offer to use it if it can be read."""
        shown = sentence if self.file is not None else ""
        self.change.say(f"{shown}." if shown else "")
        self.renew_button.setVisible(bool(shown) and readable)

    def tell(self, news: str) -> None:
        """Say what is new in a file that was read again."""
        self.news.say(news)

    def set_locked(self, locked: bool) -> None:
        """Disable or enable the import of another file; the note on a data set can be read at any time."""
        self.import_button.setEnabled(not locked)
        self.renew_button.setEnabled(not locked)
        self.about.setEnabled(not locked or isinstance(self._source(), Dataset))

    def _offer_file(self, file: DataFile, missing: MissingValues) -> None:
        """Offer the file among the data sets."""
        self._file, self._missing = file, missing
        self.dataset.set_option(FILE, file.file_path.name)
        names = (name for name in file.columns if name != NO_GROUP)
        self.group.set_options(((NO_GROUP, "Every row for itself"), *((name, name) for name in names)))

    def _source(self) -> Dataset | DataFile:
        chosen = self.dataset.value()
        return self._file if chosen == FILE and self._file is not None else dataset_named(chosen)

    def _tell_more(self) -> None:
        source = self._source()
        if isinstance(source, DataFile):
            self.edit_requested.emit(ImportedTable(source, self._missing, self.group.value()))
        else:
            self.note_requested.emit(source.name)

    def _renew(self) -> None:
        if self.file is not None:
            self.renew_requested.emit(ImportedTable(self.file, self._missing, self.group.value()))

    def _show_dataset(self) -> None:
        """Show the rows for the chosen data: the questionable columns of a data set, or the groups of a file."""
        source = self._source()
        own = isinstance(source, DataFile)
        self.show_change("", False)
        self.news.say("")
        self.about.setText("Change columns…" if own else "About this data…")
        self.import_button.setText("Import another file…" if self._file is not None else "Import a file…")
        self._form.setRowVisible(self._group_row, own)
        self._form.setRowVisible(self._scale_row, source.task is Task.REGRESSION)
        for row in self._column_rows:
            self._form.removeRow(row)
        self.places.pop("data.excluded", None)
        self._column_rows.clear()
        self.columns.clear()
        for column in () if isinstance(source, DataFile) else source.questionable:
            box = self.columns[column] = QCheckBox(literal(f"Use column {column}"))
            box.setChecked(True)
            self._column_rows.append(
                self.add_row(
                    "data.excluded",
                    FieldRow(f"Use column {column}", box),
                    "The note on this data warns of this column. Untick to leave it out.",
                )
            )
        self._show_consequences()
        self.rebuilt.emit()

    def _show_consequences(self) -> None:
        source = self._source()
        if isinstance(source, DataFile):
            features = len(source.features) - (self.group.value() in source.features)
        else:
            features = source.features - len(self._excluded())
        self._dataset_row.hint.say(
            f"{source.rows:,} rows × {features} features. {TASK_LABELS[source.task]}: {_aim(source)}"
        )
        self._warning.setVisible(not self.standardise.isChecked())
        self._scale_row.hint.say("" if self.target_scale.value() == TargetScale.AS_IT_IS else OWN_UNIT)
        self._repeats_row.hint.say(self._trainings_in_words())

    def _trainings_in_words(self) -> str:
        """Return the number of trainings per trial in words; empty if it is one."""
        problems = Problems()
        folds = self._folds(problems)
        repeats = problems.attempt("", self.repeats.value)
        count = 0 if folds is None or repeats is None else max(1, folds) * repeats
        return f"{count} trainings a trial" if count > 1 else ""

    def _folds(self, problems: Problems) -> int | None:
        return problems.attempt("data.folds", self._read_folds) if self.validation.value() == K_FOLD else 0

    def _read_folds(self) -> int:
        folds = self.folds.value()
        if folds == 0:  # in the settings, 0 means no folds
            raise InvalidSetting("", f"The folds (0) must be between 2 and {MAX_FOLDS}")
        return folds

    def _share(self, problems: Problems) -> float | None:
        """Return the validation share; a mistake in the hidden field does not matter: the default is used then."""
        if self.validation.value() == HOLD_OUT:
            return problems.attempt("data.validation_fraction", self.share.value)
        hidden = Problems().attempt("", lambda: DataSettings(validation_fraction=self.share.value()))
        return (hidden or DataSettings()).validation_fraction

    def _excluded(self) -> tuple[str, ...]:
        return tuple(column for column, box in self.columns.items() if not box.isChecked())

    def _scale(self) -> TargetScale:
        """Return the chosen scale; a choice in the hidden field does not matter."""
        regression = self._source().task is Task.REGRESSION
        return TargetScale(self.target_scale.value()) if regression else TargetScale.AS_IT_IS

    def settings(self, problems: Problems) -> DataSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
        share, folds = self._share(problems), self._folds(problems)
        repeats = problems.attempt("data.repeats", self.repeats.value)
        test_share = problems.attempt("data.test_fraction", self.test_share.value)
        if share is None or folds is None or repeats is None or test_share is None:
            return None
        source = self._source()
        file = source if isinstance(source, DataFile) else None
        return problems.attempt(
            "data",
            lambda: DataSettings(
                dataset=DataSettings().dataset if isinstance(source, DataFile) else source.name,
                file=file,
                excluded=self._excluded(),
                validation_fraction=share,
                test_fraction=test_share,
                folds=folds,
                repeats=repeats,
                standardise=self.standardise.isChecked(),
                missing=self._missing if file is not None else MissingValues.IMPUTE,
                group=self.group.value() if file is not None else NO_GROUP,
                target_scale=self._scale(),
            ),
        )

    def set_settings(self, data: DataSettings) -> None:
        if data.file is not None:
            self._offer_file(data.file, data.missing)
        self.dataset.set_value(data.dataset if data.file is None else FILE)
        self._show_dataset()
        self.group.set_value(data.group)
        self.validation.set_value(K_FOLD if data.folds else HOLD_OUT)
        self._show_validation()
        self.share.set_value(data.validation_fraction)
        self.folds.set_value(data.folds or _USUAL_FOLDS)
        self.repeats.set_value(data.repeats)
        self.test_share.set_value(data.test_fraction)
        self.standardise.setChecked(data.standardise)
        self.target_scale.set_value(data.target_scale)
        for column, box in self.columns.items():
            box.setChecked(column not in data.excluded)


def _aim(source: Dataset | DataFile) -> str:
    """Return the target in words."""
    if isinstance(source, DataFile):
        return source.target
    several = source.task is Task.MULTICLASS
    return f"{source.target_label}, {len(source.classes)} of them" if several else source.target_label
