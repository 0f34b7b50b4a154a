"""Reading settings from JSON text and JSON files; each error says in a sentence what is wrong."""

import logging
from pathlib import Path

import msgspec

from core.errors import InvalidSetting
from core.files import NotAFile, TooLarge, read_file
from core.formatting import in_short
from core.json_faults import Place, read_json
from core.models.catalogue import FAMILIES
from core.settings import StudySettings

log = logging.getLogger(__name__)

CAPTIONS = {
    "data.dataset": "Data set",
    "data.standardise": "Standardise the features",
    "data.target_scale": "Train target as",
    "data.validation_fraction": "Validation share",
    "data.folds": "Folds",
    "data.repeats": "Repeats",
    "data.test_fraction": "Test share",
    "data.group": "Keep together",
    "model.family": "Model",
    "objective.metric": "Metric",
    "objective.direction": "Direction",
    "objective.epoch": "Epoch",
    "search.method": "Method",
    "search.surrogate": "Surrogate",
    "search.acquisition": "Acquisition",
    "search.xi": "ξ (xi)",
    "search.kappa": "κ (kappa)",
    "search.initial_design": "Initial design",
    "search.initial_points": "Initial points",
    "search.grid_points": "Values per parameter",
    "budget.trials": "Trials",
    "budget.seconds": "Time limit",
    "budget.target": "Target",
    "limits.trial_seconds": "Time per trial",
    "limits.trial_megabytes": "Memory per trial",
    "limits.failures_in_a_row": "Pause after",
    "seed": "Random seed",
    "trainer": "Train",
    "workers": "Trials at once",
}
"""The names of settings as they stand in the form."""
_MAX_FILE_BYTES = 4_000_000  # bytes; real settings take about 1,000
_MAX_SENTENCE_LENGTH = 400
_TOO_LONG = f"The settings are more than {_MAX_FILE_BYTES:,} bytes long; real ones take about 1,000"


def settings_from_json(text: str | bytes) -> StudySettings:
    """Return the settings in the JSON text, or raise InvalidSetting with a sentence."""
    if len(text) > _MAX_FILE_BYTES:
        raise InvalidSetting("", _TOO_LONG)
    content = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    try:
        return read_json(content, StudySettings, "settings", _name)
    except InvalidSetting as error:
        log.info("%s (%r)", error.message, error.__cause__)
        raise _short(error) from None


def _name(place: Place) -> str:
    """Return the name of a setting in the form, or of a parameter; empty when it has none."""
    match place:
        case ("model", "ranges", name, *parts):
            labels = (p.label for family in FAMILIES.values() for p in family.parameters if p.name == name)
            return ", ".join([next(labels, f"“{name}”"), *parts])
    return CAPTIONS.get(".".join(place), "")


def _short(error: InvalidSetting) -> InvalidSetting:
    """Return the error with its texts cut to a readable length: names in a file may have any length."""
    return InvalidSetting(*(in_short(text, _MAX_SENTENCE_LENGTH) for text in (error.field, error.message)))


def read_settings(path: Path) -> StudySettings:
    """Return the settings in a JSON file, or raise InvalidSetting with a sentence that names the file."""
    try:
        text = read_file(path, _MAX_FILE_BYTES)
    except NotAFile:
        raise InvalidSetting("", f"{path.name} is not a file") from None
    except TooLarge:
        raise InvalidSetting("", f"{path.name}: {_TOO_LONG}") from None
    except OSError as error:
        raise InvalidSetting("", f"{path.name} cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise InvalidSetting("", f"{path.name} cannot be read: no file can have such a name") from None
    try:
        return _with_model_beside(settings_from_json(text), path.parent)
    except InvalidSetting as error:
        where = f" (at {error.field})" if error.field else ""
        raise InvalidSetting(error.field, f"{path.name}: {error.message}{where}") from None


def _with_model_beside(settings: StudySettings, folder: Path) -> StudySettings:
    """Return the settings with the model file's absolute path: a relative one begins in the folder of the settings."""
    file = settings.model.file
    if file is None:
        return settings
    return msgspec.structs.replace(settings, model=msgspec.structs.replace(settings.model, file=file.beside(folder)))
