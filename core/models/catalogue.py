"""The model families that Afina knows: every module of core.models.families declares one as FAMILY."""

from importlib import import_module
from pkgutil import iter_modules

import core.models.families
from core.errors import InvalidSetting
from core.letters import quoted
from core.models.custom.model_file import ModelFile
from core.models.family import ModelFamily

_MODULES = sorted(module.name for module in iter_modules(core.models.families.__path__, "core.models.families."))
_FOUND = sorted((import_module(name).FAMILY for name in _MODULES), key=lambda family: family.place)

FAMILIES: dict[str, ModelFamily] = {family.name: family for family in _FOUND}
"""By name, the simplest first."""


def family_named(name: str) -> ModelFamily:
    """Return the family of that name, or raise InvalidSetting."""
    try:
        return FAMILIES[name]
    except KeyError:
        raise InvalidSetting(
            "family", f"There is no model family {quoted(name)}; known: {', '.join(FAMILIES)}"
        ) from None


def family_of(model: ModelFile | str) -> ModelFamily:
    """Return the family of a model file, or the family of that name."""
    return family_named(model) if isinstance(model, str) else model.family
