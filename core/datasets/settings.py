"""DataSettings: the data, their split and their preparation."""

from enum import StrEnum
from typing import Any

import msgspec

from core.datasets.builtin import Dataset, dataset_named
from core.datasets.data_file import DataFile
from core.errors import InvalidSetting
from core.letters import quoted
from core.tables.description import MissingValues, Task

MAX_FOLDS = MAX_REPEATS = 20


class TargetScale(StrEnum):
    """What a model of a regression is trained to predict. Losses and metrics are in the target's own unit for each."""

    AS_IT_IS = "as it is"
    LOGARITHM = "logarithm"
    STANDARDISED = "standardised"


class DataSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data, their split and their preparation.

    `dataset` names one of Afina's own sets, without the columns `excluded`; a `file` takes its place. `missing` and
    `group` apply to a file only; `group` names a column, and all rows with the same value in it stay on one side of a
    split. `test_fraction` of the rows are held out from training and validation: the search never sees them. With
    `folds` (k-fold cross-validation, 0 for none) the other rows are split into that many parts, each part validates
    once, and `validation_fraction` is not used. The training and validation is repeated `repeats` times. Only a
    regression has another `target_scale` than the first.
    """

    dataset: str = "boston_housing"
    file: DataFile | None = None
    excluded: tuple[str, ...] = ()
    validation_fraction: float = 0.2
    test_fraction: float = 0.0
    folds: int = 0
    repeats: int = 1
    standardise: bool = True
    missing: MissingValues = MissingValues.IMPUTE
    group: str = ""
    target_scale: TargetScale = TargetScale.AS_IT_IS

    def __post_init__(self) -> None:
        dataset = dataset_named(self.dataset)
        self._check_split()
        self._check_group()
        for column in self.excluded:
            if column not in dataset.questionable:
                raise InvalidSetting("excluded", f"{dataset.label} offers no column {quoted(column)} to leave out")
        if self.target_scale is not TargetScale.AS_IT_IS and self.task is not Task.REGRESSION:
            raise InvalidSetting("target_scale", "Classes can be trained only as they are: choose “it is”")

    def _check_split(self) -> None:
        if not 0.05 <= self.validation_fraction <= 0.9:
            raise InvalidSetting(
                "validation_fraction",
                f"The validation share ({100 * self.validation_fraction:.4g} %) must be between 5 % and 90 %",
            )
        if not 0 <= self.test_fraction <= 0.5:
            raise InvalidSetting(
                "test_fraction", f"The test share ({100 * self.test_fraction:.4g} %) must be between 0 % and 50 %"
            )
        if self.folds and not 2 <= self.folds <= MAX_FOLDS:
            raise InvalidSetting("folds", f"The folds ({self.folds}) must be between 2 and {MAX_FOLDS}")
        if not 1 <= self.repeats <= MAX_REPEATS:
            raise InvalidSetting("repeats", f"The repeats ({self.repeats}) must be between 1 and {MAX_REPEATS}")
        held_out = round(self.validation_fraction + self.test_fraction, 9)  # 0.9 + 0.05 is a little more than 0.95
        if not self.folds and held_out > 0.95:
            raise InvalidSetting(
                "test_fraction",
                f"Validation and test share ({100 * held_out:.6g} %) leave less than 5 % of the rows for training",
            )

    def _check_group(self) -> None:
        if self.group and (self.file is None or self.group not in self.file.columns):
            raise InvalidSetting("group", f"There is no column “{self.group}” to keep together in a split")
        if self.file is not None and self.file.features == (self.group,):
            raise InvalidSetting(
                "group", f"“{self.group}” is the only feature; choose another one beside it to keep its rows together"
            )

    @property
    def once(self) -> "DataSettings":
        """The data for one training only, with parts of about the same size as in each of a trial's trainings."""
        share = max(0.05, (1 - self.test_fraction) / self.folds) if self.folds else self.validation_fraction
        return msgspec.structs.replace(self, folds=0, repeats=1, validation_fraction=share)

    @property
    def held_out(self) -> float:
        """The share of the rows that one training does not train on."""
        return self.once.validation_fraction + self.test_fraction

    def to_builtins(self) -> dict[str, Any]:
        """Return what is written to a file; a set of Afina's own is not named beside a `file`, which takes its place.

        A file that names one all the same, as earlier versions wrote them, is read as ever.
        """
        content: dict[str, Any] = msgspec.to_builtins(self)
        if self.file is not None:
            del content["dataset"], content["excluded"]
        return content

    @property
    def absolute(self) -> "DataSettings":
        """The same data with the file's absolute path, for processes that work in another folder."""
        if self.file is None:
            return self
        file = msgspec.structs.replace(self.file, path=str(self.file.file_path.absolute()))
        return msgspec.structs.replace(self, file=file)

    @property
    def fits(self) -> int:
        """The number of times that a trial's model is trained."""
        return max(1, self.folds) * self.repeats

    def fit_in_words(self, fit: int) -> str:
        """Return the training's place among those of a trial: "Fold 2 of 5, repeat 1 of 3"; empty for the only one."""
        repeat, fold = divmod(fit - 1, max(1, self.folds))
        parts = [f"fold {fold + 1} of {self.folds}"] if self.folds else []
        parts += [f"repeat {repeat + 1} of {self.repeats}"] if self.repeats > 1 else []
        return ", ".join(parts).capitalize()

    @property
    def source(self) -> Dataset | DataFile:
        return dataset_named(self.dataset) if self.file is None else self.file

    @property
    def feature_count(self) -> int:
        """The number of columns that the model is given; the group is none of them."""
        if self.file is not None:
            return len(self.file.features) - (self.group in self.file.features)
        return dataset_named(self.dataset).features - len(self.excluded)

    @property
    def task(self) -> Task:
        return self.source.task

    @property
    def image(self) -> tuple[int, int, int] | None:
        """The shape of one row as an image; None when it is not one."""
        return None if isinstance(self.source, DataFile) else self.source.image
