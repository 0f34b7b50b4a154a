"""The form's section on which rows judge a trial, and which the search never sees."""

from typing import TypedDict

from core.datasets.builtin import Dataset
from core.datasets.data_file import DataFile
from core.datasets.imported_table import NO_GROUP
from core.datasets.settings import MAX_FOLDS, DataSettings
from core.errors import InvalidSetting
from gui.setup.field_row import FieldRow
from gui.setup.section import Problems, Section
from gui.setup.split_bar import SplitBar
from gui.widgets.elided_line import line_beside
from gui.widgets.fields import ChoiceField
from gui.widgets.number_fields import IntegerField, PercentField
from gui.widgets.theme import Colours

HOLD_OUT, K_FOLD = "hold-out", "k-fold"
METHODS = ((HOLD_OUT, "One part, held out"), (K_FOLD, "K-fold cross-validation"))
UNGROUPED = "Every row for itself"
_USUAL_FOLDS = 5


class Split(TypedDict):
    """The part of the data's settings that is made here."""

    validation_fraction: float
    test_fraction: float
    folds: int
    repeats: int
    group: str


class ValidationSection(Section):
    """How the rows are split into training, validation and test part, and how often a trial is trained."""

    title = "Va&lidation"

    def __init__(self) -> None:
        super().__init__()
        default = DataSettings()
        self.method = ChoiceField("Validation method", METHODS)
        self.add_row(
            "data.validation",
            FieldRow(
                "Method",
                self.method,
                default=HOLD_OUT,
                help_text="Which rows judge a trial. Held out: the same part for all trials. K-fold: each part in "
                "turn judges what the others have trained, and the objective is the mean; a trial takes that many "
                "times as long.",
            ),
        )
        self.method.currentIndexChanged.connect(self._show_method)
        self.share = PercentField("Validation share, per cent")
        self._share_row = self.add_row(
            "data.validation_fraction",
            FieldRow(
                "Validation share",
                self.share,
                "% of the rows",
                default=f"{100 * default.validation_fraction:g}",
                help_text="How much of the data is kept aside to judge each trial. The rest trains it.",
            ),
        )
        self.folds = IntegerField("Folds")
        self.folds.set_value(_USUAL_FOLDS)
        self._folds_row = self.add_row(
            "data.folds",
            FieldRow(
                "Folds",
                self.folds,
                default=str(_USUAL_FOLDS),
                help_text="Into how many parts the rows are split, by chance: each is for validation once. Classes "
                "keep their shares in every part.",
            ),
        )
        self.test_share = PercentField("Test share, per cent")
        self.add_row(
            "data.test_fraction",
            FieldRow(
                "Test share",
                self.test_share,
                "% of the rows",
                default=f"{100 * default.test_fraction:g}",
                help_text="How much of the data the search never sees, neither to train nor to judge: for an honest "
                "look at the end. 0 for none.",
            ),
        )
        self.bar = SplitBar()
        self._column.addWidget(self.bar)
        self.repeats = IntegerField("Repeats")
        self._repeats_hint = line_beside(_trained(1))
        self.add_row(
            "data.repeats",
            FieldRow(
                "Repeats",
                self.repeats,
                self._repeats_hint,
                default=str(default.repeats),
                help_text="How often all of that is done in each trial, with other first weights and another order of "
                "the rows in training; the objective is the mean. Folds are split anew each time, a part held out "
                "stays the same.",
            ),
        )
        self._options: tuple[tuple[str, str], ...] = ((NO_GROUP, UNGROUPED),)
        self._source: Dataset | DataFile | None = None
        self.group = ChoiceField("Keep together", self._options)
        self._group_row = self.add_row(
            "data.group",
            FieldRow(
                "Keep together",
                self.group,
                default=NO_GROUP,
                help_text="Rows with the same value in this column, such as those of one patient, never stand on both "
                "sides of a split; those without a value there count as one group. The column is then no feature.",
            ),
        )
        self.changed.connect(self._show_trainings)
        self._show_method()

    def _show_method(self) -> None:
        """Show the rows for the chosen method."""
        in_folds = self.method.value() == K_FOLD
        self._share_row.setVisible(not in_folds)
        self._folds_row.setVisible(in_folds)

    def _show_trainings(self) -> None:
        problems = Problems()
        folds, repeats = self._folds(problems), problems.attempt("", self.repeats.value)
        count = 0 if folds is None or repeats is None else max(1, folds) * repeats
        self._repeats_hint.say(_trained(count) if count else "")

    def show_source(self, source: Dataset | DataFile) -> None:
        """Offer the columns by which the rows of these data can be kept together."""
        self._group_row.setVisible(isinstance(source, DataFile))
        if source is self._source:
            return
        self._source = source
        names = source.columns if isinstance(source, DataFile) else ()
        options = ((NO_GROUP, UNGROUPED), *((name, name) for name in names if name != NO_GROUP))
        if options != self._options:
            before, self._options = self.group.value(), options
            self.group.blockSignals(True)
            self.group.set_options(options)
            if before in dict(options):
                self.group.set_value(before)
            self.group.blockSignals(False)
            self._group_row.show_way_back()

    def show_split(self, data: DataSettings | None) -> None:
        """Draw the split to scale; None while it has a mistake."""
        self.bar.show_split(data)

    def set_colours(self, colours: Colours) -> None:
        self.bar.set_colours(colours)

    # Settings

    def _folds(self, problems: Problems) -> int | None:
        return problems.attempt("data.folds", self._read_folds) if self.method.value() == K_FOLD else 0

    def _read_folds(self) -> int:
        folds = self.folds.value()
        if folds == 0:  # in the settings, 0 means no folds
            raise InvalidSetting("", f"The folds (0) must be between 2 and {MAX_FOLDS}")
        return int(folds)

    def _share(self, problems: Problems) -> float | None:
        """Return the validation share; a mistake in the hidden field does not matter: the default is used then."""
        if self.method.value() == HOLD_OUT:
            return problems.attempt("data.validation_fraction", self.share.value)
        hidden = Problems().attempt("", lambda: DataSettings(validation_fraction=self.share.value()))
        return (hidden or DataSettings()).validation_fraction

    def settings(self, problems: Problems) -> Split | None:
        """Return the part of the data's settings that is made here; None when it has problems."""
        share, folds = self._share(problems), self._folds(problems)
        repeats = problems.attempt("data.repeats", self.repeats.value)
        test_share = problems.attempt("data.test_fraction", self.test_share.value)
        if share is None or folds is None or repeats is None or test_share is None:
            return None
        group = NO_GROUP if self._group_row.isHidden() else self.group.value()
        return {
            "validation_fraction": share,
            "test_fraction": test_share,
            "folds": folds,
            "repeats": repeats,
            "group": group,
        }

    def set_settings(self, data: DataSettings) -> None:
        """Show the split; the data must be shown already."""
        self.group.set_value(data.group)
        self.method.set_value(K_FOLD if data.folds else HOLD_OUT)
        self.share.set_value(data.validation_fraction)
        self.folds.set_value(data.folds or _USUAL_FOLDS)
        self.repeats.set_value(data.repeats)
        self.test_share.set_value(data.test_fraction)


def _trained(count: int) -> str:
    """Return how often each trial is trained, which stands beside the number of repeats."""
    return "trained once" if count == 1 else f"trained {count:,} times"
