"""The data sets that come with Afina. Imports no numerical library until one is read."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DataError, InvalidSetting

if TYPE_CHECKING:
    import numpy as np

DATASETS_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "datasets"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A data set in a CSV file of numbers.

    `file` holds a header and one row per sample; `note` (Markdown, beside it) tells origin, licence and ethics;
    `questionable` names the columns that the note warns of and that the form offers to leave out.
    """

    name: str
    label: str
    file: str
    note: str
    target: str
    target_label: str
    target_unit: str
    rows: int
    features: int
    questionable: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return DATASETS_FOLDER / self.file

    def read_note(self) -> str:
        """Return the note's Markdown text, or raise DataError."""
        try:
            return (DATASETS_FOLDER / self.note).read_text(encoding="utf-8")
        except OSError as error:
            raise DataError(f"The note on {self.label} cannot be read: {error}") from error

    def read(self, excluded: tuple[str, ...] = ()) -> "tuple[np.ndarray, np.ndarray, tuple[str, ...]]":
        """Return features (rows × columns, float64), target (rows, float64) and the features' names.

        Raises DataError when the file is missing or is not what it should be.
        """
        import numpy as np

        try:
            with self.path.open(newline="", encoding="utf-8") as lines:
                header, *rows = csv.reader(lines)
            table = np.array(rows, dtype=np.float64)
            target = header.index(self.target)
        except (OSError, ValueError) as error:
            raise DataError(f"{self.path.name} cannot be read as {self.label}: {error}") from error
        kept = [i for i, name in enumerate(header) if i != target and name not in excluded]
        return table[:, kept], table[:, target], tuple(header[i] for i in kept)


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

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in (BOSTON_HOUSING,)}


def dataset_named(name: str) -> Dataset:
    """Return the data set of that name, or raise InvalidSetting."""
    try:
        return DATASETS[name]
    except KeyError:
        raise InvalidSetting("dataset", f"There is no data set {name!r}; known: {', '.join(DATASETS)}") from None
