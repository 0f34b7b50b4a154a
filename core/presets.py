"""The user's presets: one JSON file per preset, in one folder per model family and per name of a model file."""

import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from core.errors import AfinaError, InvalidSetting
from core.files import NotAFile, TooLarge, read_file, write_file
from core.json_faults import read_json
from core.letters import is_hidden, revealed
from core.models.custom.model_file import CUSTOM
from core.models.family import ModelFamily
from core.models.preset import Preset
from core.parameters import Parameter

log = logging.getLogger(__name__)

SUFFIX = ".json"
DEFAULT, OWN, CHANGED = "Default ranges", "Own ranges", "{}, changed"
"""What Afina calls the ranges that a model declares, those of no preset, and those that were a preset's."""
_MAX_FILE_BYTES = 1_000_000  # bytes
_MAX_NAME_LENGTH = 60
_OF_NO_FOLDER = re.compile(r"[^\w.-]|^\.")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]|^\.|[. ]$')


class PresetError(AfinaError):
    """A preset that cannot be read or saved."""


def folder_of(family: ModelFamily, folder: Path) -> Path:
    """Return the folder for the presets of a model family, or of a model file, inside the folder of all presets."""
    if family.name != CUSTOM:
        return folder / family.name
    return folder / CUSTOM / _OF_NO_FOLDER.sub("_", family.label)[:_MAX_NAME_LENGTH]


def offered_presets(family: ModelFamily, folder: Path) -> dict[str, Path]:
    """Return the presets to offer for a model: the names, in alphabetical order, mapped to their folders.

    For a model file, a preset is offered if it fits the file's parameters and was saved for a file with the same name,
    or by an older version of Afina, which did not tell files apart. So an edited file keeps the presets that still
    fit. A preset that cannot be read is offered too: whoever chooses it is told why.
    """
    own = folder_of(family, folder)
    if family.name != CUSTOM:
        return dict.fromkeys(saved_presets(own), own)
    found = {
        name: place
        for place in (own.parent, own)
        for name in saved_presets(place)
        if _may_fit(place, name, family.parameters)
    }
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def _may_fit(folder: Path, name: str, parameters: Iterable[Parameter]) -> bool:
    try:
        return read_preset(folder, name).fits(parameters)
    except AfinaError:
        return True


def usable_presets(family: ModelFamily, folder: Path) -> dict[str, Preset]:
    """Return the presets to offer for a model that can be read, by their names."""
    found: dict[str, Preset] = {}
    for name, place in offered_presets(family, folder).items():
        with suppress(AfinaError):
            found[name] = read_preset(place, name)
    return found


def saved_presets(folder: Path) -> list[str]:
    """Return the names of the presets in the folder, in alphabetical order, without reading the presets."""
    try:
        return sorted((path.stem for path in folder.glob(f"*{SUFFIX}")), key=str.casefold)
    except OSError:
        return []


def save_preset(folder: Path, preset: Preset) -> None:
    """Write a preset under its name and replace a preset that has this name. Raises PresetError if this fails."""
    path = _path(folder, preset.name)
    text = msgspec.json.format(msgspec.json.encode(preset), indent=2)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_file(path, text)
    except OSError as error:
        raise PresetError(f"{path}: {error.strerror or error}") from None


def read_preset(folder: Path, name: str) -> Preset:
    """Return the preset with this name. Raises PresetError, with a sentence, if it cannot be used."""
    path = _path(folder, name)
    try:
        text = read_file(path, _MAX_FILE_BYTES)
    except NotAFile:
        raise PresetError(f"{path.name} is not a file") from None
    except TooLarge:
        raise PresetError(f"{path.name} is too large to be a preset") from None
    except OSError as error:
        raise PresetError(f"{path}: {error.strerror or error}") from None
    try:
        return read_json(text, Preset, "ranges of a preset", lambda place: ", ".join(place[1:]))
    except InvalidSetting as error:
        log.info("%s (%r)", error.message, error.__cause__)
        where = f" (at {error.field[:_MAX_NAME_LENGTH]})" if error.field else ""
        raise PresetError(f"{path.name} is no preset that can be used: {error.message[:200]}{where}") from None


def remove_preset(folder: Path, name: str) -> None:
    """Delete the preset with this name. Raises PresetError if this fails."""
    path = _path(folder, name)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise PresetError(f"{path}: {error.strerror or error}") from None


def check_name(name: str) -> None:
    """Raise InvalidSetting unless a file can have this name on every system."""
    if not name.strip():
        raise InvalidSetting("name", "A preset needs a name")
    if len(name) > _MAX_NAME_LENGTH:
        raise InvalidSetting("name", f"The name is {len(name)} letters long; {_MAX_NAME_LENGTH} are possible")
    if _FORBIDDEN.search(name) or name != name.strip():
        raise InvalidSetting("name", f"“{name}” cannot be the name of a file: leave out signs such as / : * ?")


def check_new_name(name: str, family: ModelFamily) -> None:
    """Raise InvalidSetting unless a preset for this model can be saved under the name.

    Earlier versions did not refuse as much: what they saved can still be read.
    """
    check_name(name)
    hidden = next(filter(is_hidden, name), "")
    if hidden:
        raise InvalidSetting("name", f"The name has a letter in it that cannot be seen, {revealed(hidden, kept='')}")
    ours = {taken.casefold() for taken in (DEFAULT, OWN, *(preset.name for preset in family.presets))}
    if name.casefold() in ours or name.casefold().endswith(CHANGED.format("")):
        raise InvalidSetting("name", f"Afina calls ranges “{name}” itself: choose another name")


def _path(folder: Path, name: str) -> Path:
    check_name(name)
    return folder / f"{name}{SUFFIX}"
