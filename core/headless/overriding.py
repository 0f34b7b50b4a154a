"""The settings of a study that a command runs: those in a file, partly overridden by the command line."""

from pathlib import Path

import msgspec

from core.errors import InvalidSetting
from core.parameters import IntegerParameter, OrdinalParameter
from core.settings import StudySettings, tutorial_settings
from core.settings_file import read_settings


def settings_from(file: Path | None) -> StudySettings:
    """Return the settings in the file, or the tutorial's. Raises AfinaError."""
    return tutorial_settings() if file is None else read_settings(file)


def overridden(
    settings: StudySettings, trials: int | None, seed: int | None, epochs: int | None, workers: int | None
) -> StudySettings:
    """Return the settings with the command line's overrides; `trials` also limits the number of initial points."""
    replace = msgspec.structs.replace
    if epochs is not None:
        parameter = next(p for p in settings.family.parameters if p.name == "epochs")
        assert isinstance(parameter, IntegerParameter | OrdinalParameter)
        try:
            ranges = settings.model.ranges | {"epochs": parameter.fixed(epochs)}
            settings = replace(settings, model=replace(settings.model, ranges=ranges))
        except InvalidSetting as error:
            raise InvalidSetting("epochs", f"--epochs: {error}") from None
    if trials is not None:
        budget = replace(settings.budget, trials=trials)
        search = replace(settings.search, initial_points=max(1, min(settings.search.initial_points, trials)))
        settings = replace(settings, budget=budget, search=search)
    if workers is not None:
        settings = replace(settings, workers=workers)
    return settings if seed is None else replace(settings, seed=seed)
