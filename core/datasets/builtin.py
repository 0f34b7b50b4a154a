"""The data sets that come with Afina. Imports no numerical library until one is read."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import RESOURCES
from core.errors import DataError, InvalidSetting
from core.letters import quoted
from core.tables.description import Task

if TYPE_CHECKING:
    import numpy as np

DATASETS_FOLDER = RESOURCES / "datasets"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A data set of numbers.

    `file` is a CSV file in Afina's resources, with a header and one row per sample. Without a file, `loader` names the
    function of sklearn.datasets that reads the set from files inside that package. `note` (Markdown, in the resources)
    tells origin, licence and ethics; `questionable` names the columns that the note warns of and that the form offers
    to leave out. `classes` are the names of a classification's classes, and `kinds` is what several are called,
    "cultivars"; the target holds their indices. `image` is the shape (height, width, channels) of a row's features, or
    None when they are not an image.
    """

    name: str
    label: str
    note: str
    target: str
    target_label: str
    target_unit: str = ""
    task: Task = Task.REGRESSION
    rows: int
    features: int
    file: str = ""
    loader: str = ""
    classes: tuple[str, ...] = ()
    kinds: str = ""
    image: tuple[int, int, int] | None = None
    questionable: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return DATASETS_FOLDER / self.file

    def read_note(self) -> str:
        """Return the note's Markdown text, or raise DataError."""
        try:
            return (DATASETS_FOLDER / self.note).read_text(encoding="utf-8")
        except OSError as error:
            raise DataError(f"The note on {self.label} cannot be read: {error.strerror or error}") from error
        except UnicodeError as error:
            raise DataError(f"The note on {self.label} is damaged: install Afina again") from error

    def read(self, excluded: tuple[str, ...] = ()) -> "tuple[np.ndarray, np.ndarray, tuple[str, ...]]":
        """Return features (rows × columns, float64), target (rows, float64) and the features' names.

        The target of a classification is the index of the class. The columns `excluded` are left out. Raises DataError
        when the file is missing or has the wrong content.
        """
        names, features, target = self._read_loader() if self.loader else self._read_file()
        kept = [index for index, name in enumerate(names) if name not in excluded]
        return features[:, kept], target, tuple(names[index] for index in kept)

    def _read_file(self) -> "tuple[list[str], np.ndarray, np.ndarray]":
        import numpy as np

        try:
            with self.path.open(newline="", encoding="utf-8") as lines:
                header, *rows = csv.reader(lines)
            table = np.array(rows, dtype=np.float64)
            target = header.index(self.target)
        except OSError as error:
            raise DataError(f"{self.path.name} cannot be read: {error.strerror or error}") from error
        except ValueError as error:
            raise DataError(
                f"{self.path.name} is not the file of {self.label} any more: install Afina again"
            ) from error
        features = [index for index in range(len(header)) if index != target]
        return [header[index] for index in features], table[:, features], table[:, target]

    def _read_loader(self) -> "tuple[list[str], np.ndarray, np.ndarray]":
        import numpy as np

        load: Callable[..., Any] = getattr(import_module("sklearn.datasets"), self.loader)
        options = {"scaled": False} if self.loader == "load_diabetes" else {}  # each feature in its own unit
        bunch = load(**options)
        return (
            [str(name) for name in bunch.feature_names],
            np.asarray(bunch.data, float),
            np.asarray(bunch.target, float),
        )


BOSTON_HOUSING = Dataset(
    name="boston_housing",
    label="Boston Housing",
    file="boston_housing.csv",
    note="boston_housing.md",
    target="medv",
    target_label="median home value",
    target_unit="$1,000",
    rows=506,
    features=13,
    questionable=("b",),
)
DIABETES = Dataset(
    name="diabetes",
    label="Diabetes",
    loader="load_diabetes",
    note="diabetes.md",
    target="progression",
    target_label="disease progression after a year",
    rows=442,
    features=10,
)
BREAST_CANCER = Dataset(
    name="breast_cancer",
    label="Breast cancer",
    loader="load_breast_cancer",
    note="breast_cancer.md",
    target="diagnosis",
    target_label="diagnosis",
    task=Task.BINARY,
    classes=("malignant", "benign"),
    kinds="diagnoses",
    rows=569,
    features=30,
)
WINE = Dataset(
    name="wine",
    label="Wine",
    loader="load_wine",
    note="wine.md",
    target="cultivar",
    target_label="cultivar",
    task=Task.MULTICLASS,
    classes=("cultivar 1", "cultivar 2", "cultivar 3"),
    kinds="cultivars",
    rows=178,
    features=13,
)
DIGITS = Dataset(
    name="digits",
    label="Digits (images)",
    loader="load_digits",
    note="digits.md",
    target="digit",
    target_label="digit",
    task=Task.MULTICLASS,
    classes=tuple("0123456789"),
    kinds="digits",
    rows=1797,
    features=64,
    image=(8, 8, 1),
)

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset for dataset in (BOSTON_HOUSING, DIABETES, BREAST_CANCER, WINE, DIGITS)
}


def dataset_named(name: str) -> Dataset:
    """Return the data set of that name, or raise InvalidSetting."""
    try:
        return DATASETS[name]
    except KeyError:
        raise InvalidSetting("dataset", f"There is no data set {quoted(name)}; known: {', '.join(DATASETS)}") from None
