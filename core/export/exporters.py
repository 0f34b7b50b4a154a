"""The export formats for a study's results."""

from collections.abc import Callable
from dataclasses import dataclass

from core.datasets.builtin import Dataset
from core.datasets.data_file import DataFile
from core.errors import ExportError
from core.export.chosen import chosen_trial
from core.export.script.promise import promise
from core.export.script.script import write_keras_script
from core.export.settings_json import write_settings_json
from core.export.trials_csv import write_trials_csv
from core.files import proper_stem
from core.progress import StudyProgress
from core.words.scripts import AS_USUAL


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """A format.

    `suffix` is the suffix of its files. `write` makes the text from the progress, the path of the data set (used if the
    format `refers_to_data`), and the number of a trial (None: the best; not used if the format is `of_all_trials`).
    `promise` says of that trial whether what is exported will do the same again; empty if there is nothing to say.
    """

    name: str
    label: str
    suffix: str
    help: str
    write: Callable[[StudyProgress, str, int | None], str]
    refers_to_data: bool = False
    of_all_trials: bool = False
    promise: Callable[[StudyProgress, int | None], str] = lambda *_: ""

    def why_not(self, progress: StudyProgress, number: int | None) -> str:
        """Return a sentence on why nothing of the trial can be exported; empty when something can."""
        try:
            if not self.of_all_trials:
                chosen_trial(progress, number)
        except ExportError as error:
            return str(error)
        return ""

    def caution(self, progress: StudyProgress, number: int | None) -> str:
        """Return what `promise` says, unless it promises what is usual; else empty. Raises ExportError."""
        said = self.promise(progress, number)
        return "" if said == AS_USUAL else said

    def text(self, progress: StudyProgress, data_path: str = "", number: int | None = None) -> str:
        """Return the text to export for the trial with this number (None: the best). Raises ExportError.

        `data_path` is the path of the data set in the text. A bare name means the folder of the exported file. Without
        it the text names the file that comes with Afina or, for the user's own data, the name of the samples file.
        """
        if self.refers_to_data and not data_path:
            source = chosen_trial(progress, number)[0].data.source
            data_path = str(source.path) if isinstance(source, Dataset) else samples_name(source)
        return self.write(progress, data_path, number)

    def data_file(self, progress: StudyProgress, number: int | None) -> str:
        """Return the name of the file with data that is saved beside the text; empty if none is. Raises ExportError."""
        if not self.refers_to_data:
            return ""
        source = chosen_trial(progress, number)[0].data.source
        return source.file if isinstance(source, Dataset) else samples_name(source)

    def missing_file(self, progress: StudyProgress) -> str:
        """Return the name of the samples file that the best trial's text needs beside it; empty if it needs none."""
        source = chosen_trial(progress, None)[0].data.source if self.refers_to_data else None
        return samples_name(source) if isinstance(source, DataFile) else ""


JSON = Exporter(
    name="json",
    label="Settings (JSON)",
    suffix=".json",
    help="The trial's values, losses and seed, and the study's settings: for another program, or to be loaded again.",
    write=lambda progress, _, number: write_settings_json(progress, number),
)
CSV = Exporter(
    name="csv",
    label="All trials (CSV)",
    suffix=".csv",
    help="One row for each trial, for a spreadsheet or pandas.",
    write=lambda progress, *_: write_trials_csv(progress),
    of_all_trials=True,
)
PYTHON = Exporter(
    name="python",
    label="Keras script (Python)",
    suffix=".py",
    help="A program that trains the trial again, compares the result and saves the model, without Afina.",
    write=write_keras_script,
    refers_to_data=True,
    promise=promise,
)
EXPORTERS: dict[str, Exporter] = {exporter.name: exporter for exporter in (JSON, CSV, PYTHON)}


def samples_name(source: DataFile) -> str:
    """Return the name of the file with the data of an exported script."""
    return f"{proper_stem(source.label)} samples.csv"
