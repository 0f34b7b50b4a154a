"""Reading settings from JSON text and JSON files, those of an exported trial too.

Each error says in a sentence what is wrong.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from core.errors import InvalidSetting
from core.exported_trial import EarlierTrial, ExportedTrial, TrialValues
from core.files import NotAFile, TooLarge, read_file
from core.formatting import in_short
from core.json_faults import BYTE_ORDER_MARK, Place, read_json
from core.models.catalogue import FAMILIES
from core.settings import StudySettings

T = TypeVar("T")

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
_MAX_EXPORT_BYTES = 3 * _MAX_FILE_BYTES  # an export has the data's columns twice, and results
_MAX_SENTENCE_LENGTH = 400
_TOO_LONG = f"The settings are more than {_MAX_FILE_BYTES:,} bytes long; real ones take about 1,000"


@dataclass(frozen=True)
class SettingsFile:
    """What a JSON file has: the `settings` of a study and, if it is an exported `trial`, that trial's values.

    An export of an earlier version has no whole `settings`, but what is in `earlier`. `lacking` names the settings that
    are not in the file, as the form does: they have their defaults.
    """

    settings: StudySettings | None
    trial: TrialValues | None = None
    lacking: tuple[str, ...] = ()
    earlier: EarlierTrial | None = None


def settings_from_json(text: str | bytes) -> StudySettings:
    """Return the settings in the JSON text, or raise InvalidSetting with a sentence."""
    content = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if len(content) > _MAX_FILE_BYTES:
        raise InvalidSetting("", _TOO_LONG)
    return _read(content, StudySettings)


def _read(content: bytes, kind: type[T]) -> T:
    try:
        return read_json(content, kind, "settings", _name)
    except InvalidSetting as error:
        log.info("%s (%r)", error.message, error.__cause__)
        raise _short(error) from None


def _name(place: Place) -> str:
    """Return the name of a setting in the form, or of a parameter; empty when it has none."""
    match place:
        case ("settings", *within):  # of an exported trial
            return _name(tuple(within))
        case ("model", "ranges", name, *parts):
            labels = (p.label for family in FAMILIES.values() for p in family.parameters if p.name == name)
            return ", ".join([next(labels, f"“{name}”"), *parts])
    return CAPTIONS.get(".".join(place), "")


def _short(error: InvalidSetting) -> InvalidSetting:
    """Return the error with its texts cut to a readable length: names in a file may have any length."""
    return InvalidSetting(*(in_short(text, _MAX_SENTENCE_LENGTH) for text in (error.field, error.message)))


def read_settings(path: Path) -> StudySettings:
    """Return the settings of a study in a JSON file, or raise InvalidSetting with a sentence that names the file."""
    file = read_settings_file(path)
    if file.settings is None:
        raise InvalidSetting(
            "",
            f"{path.name} has the values of a trial, not the ranges that were searched, which an earlier Afina did not "
            "export. To run its study again, name the file that the command settings prints of the study",
        )
    return file.settings


def read_settings_file(path: Path) -> SettingsFile:
    """Return what a JSON file has, or raise InvalidSetting with a sentence that names the file."""
    try:
        text = read_file(path, _MAX_EXPORT_BYTES)
    except NotAFile:
        raise InvalidSetting("", f"{path.name} is not a file") from None
    except TooLarge:
        raise InvalidSetting("", f"{path.name}: {_TOO_LONG}") from None
    except OSError as error:
        raise InvalidSetting("", f"{path.name} cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise InvalidSetting("", f"{path.name} cannot be read: no file can have such a name") from None
    try:
        return _file_in(text, path.parent)
    except InvalidSetting as error:
        where = f" (at {error.field})" if error.field else ""
        raise InvalidSetting(error.field, f"{path.name}: {error.message}{where}") from None


def _file_in(text: bytes, folder: Path) -> SettingsFile:
    keys = _keys(text)
    if not {"trial", "values"} <= keys:
        settings = settings_from_json(text)
        return SettingsFile(_with_model_beside(settings, folder), lacking=_lacking(text, settings))
    if "settings" not in keys:
        earlier = _read(text, EarlierTrial)
        return SettingsFile(None, TrialValues(earlier.trial, earlier.values), earlier=earlier)
    exported = _read(text, ExportedTrial)
    trial = TrialValues(exported.trial, exported.values)
    try:
        trial.held_in(exported.settings.model)
    except InvalidSetting as error:
        raise _short(error) from None
    return SettingsFile(_with_model_beside(exported.settings, folder), trial, _lacking(text, exported.settings))


def _keys(text: bytes) -> frozenset[str]:
    """Return the names of the outermost fields; none when it is not JSON, of which reading the settings says more."""
    try:
        return frozenset(msgspec.json.decode(text.removeprefix(BYTE_ORDER_MARK), type=dict[str, msgspec.Raw]))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return frozenset()


def _lacking(text: bytes, settings: StudySettings) -> tuple[str, ...]:
    """Return the captions of the settings and the labels of the parameters that are not in the text."""
    tree = msgspec.json.decode(text.removeprefix(BYTE_ORDER_MARK))
    tree = tree.get("settings", tree)
    ranges = tree.get("model", {}).get("ranges", {})
    parameters = [p.label for p in settings.family.parameters if p.name not in ranges]
    replaced = {"data.dataset"} if settings.data.file is not None else set()
    wanted = {path: caption for path, caption in CAPTIONS.items() if path not in replaced}
    absent = [caption for path, caption in wanted.items() if not _is_in(tree, path.split("."))]
    return (*absent, *parameters)


def _is_in(tree: dict[str, Any], path: list[str]) -> bool:
    """Return whether the field with this path is in the tree."""
    *groups, name = path
    for group in groups:
        tree = tree.get(group, {})
    return name in tree


def _with_model_beside(settings: StudySettings, folder: Path) -> StudySettings:
    """Return the settings with the model file's absolute path: a relative one begins in the folder of the settings."""
    file = settings.model.file
    if file is None:
        return settings
    return msgspec.structs.replace(settings, model=msgspec.structs.replace(settings.model, file=file.beside(folder)))
