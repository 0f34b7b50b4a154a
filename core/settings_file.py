"""Reading settings from JSON text and JSON files; each error says in a sentence what is wrong."""

from pathlib import Path

import msgspec

from core.errors import InvalidSetting
from core.files import NotAFile, TooLarge, read_file
from core.settings import StudySettings

_MAX_FILE_BYTES = 4_000_000  # bytes; real settings take about 1,000
_MAX_SENTENCE_LENGTH = 400
_TOO_LONG = f"The settings are more than {_MAX_FILE_BYTES:,} bytes long; real ones take about 1,000"


def settings_from_json(text: str | bytes) -> StudySettings:
    """Return the settings in the JSON text, or raise InvalidSetting with a sentence."""
    if len(text) > _MAX_FILE_BYTES:
        raise InvalidSetting("", _TOO_LONG)
    try:
        return msgspec.json.decode(text, type=StudySettings)
    except msgspec.ValidationError as error:
        place = str(error).rpartition(" - at `$.")[2].rstrip("`") if " - at `$." in str(error) else ""
        if isinstance(error.__cause__, InvalidSetting):
            own = error.__cause__
            raise _short(own.under(place) if place else own) from None
        raise _short(InvalidSetting(place, f"The settings cannot be used: {error}")) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InvalidSetting("", f"This is not JSON: {error}") from None
    except RecursionError:
        raise InvalidSetting("", "The settings are nested too deeply to be real") from None


def _short(error: InvalidSetting) -> InvalidSetting:
    """Return the error with its texts cut to a readable length: names in a file may have any length."""
    field, message = (
        text if len(text) <= _MAX_SENTENCE_LENGTH else f"{text[:_MAX_SENTENCE_LENGTH]}…"
        for text in (error.field, error.message)
    )
    return InvalidSetting(field, message)


def read_settings(path: Path) -> StudySettings:
    """Return the settings in a JSON file, or raise InvalidSetting with a sentence that names the file."""
    try:
        text = read_file(path, _MAX_FILE_BYTES)
    except NotAFile:
        raise InvalidSetting("", f"{path.name} is not a file") from None
    except TooLarge:
        raise InvalidSetting("", f"{path.name}: {_TOO_LONG}") from None
    except (OSError, ValueError) as error:
        raise InvalidSetting("", f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}") from None
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
