"""A trial that was exported as JSON, read back: its values, and the settings of its study or what is there of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from core.datasets.settings import DataSettings
from core.errors import InvalidSetting
from core.models.catalogue import family_of
from core.models.settings import ModelSettings
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Fixed, Value
from core.search.settings import SearchMethod
from core.settings import StudySettings

TrialNumber = Annotated[int, msgspec.Meta(ge=1)]


@dataclass(frozen=True)
class TrialValues:
    """The values of the trial with this number."""

    number: int
    values: Mapping[str, Value]

    def held_in(self, model: ModelSettings) -> dict[str, Value]:
        """Return a value for every parameter of the model. Raises InvalidSetting if the trial's do not suit it.

        A parameter that did not apply to the trial has the value that is fixed in the model, or its declared one.
        """
        family = model.family
        names = {parameter.name for parameter in family.parameters}
        unknown = next((name for name in self.values if name not in names), None)
        if unknown is not None:
            raise InvalidSetting(f"values.{unknown}", f"{family.label} has no parameter “{unknown}”")
        held: dict[str, Value] = {}
        for parameter in family.parameters:
            given = model.ranges[parameter.name]
            otherwise = given.value if isinstance(given, Fixed) else parameter.default
            value = self.values.get(parameter.name, otherwise)
            try:
                parameter.check(Fixed(value))
            except InvalidSetting as error:
                raise InvalidSetting(f"values.{parameter.name}", f"{parameter.label}: {error.message}") from None
            held[parameter.name] = parameter.plain(value)
        return held


class ExportedTrial(msgspec.Struct, frozen=True):
    """What is read of an export: the trial, and the settings of its study."""

    trial: TrialNumber
    values: dict[str, Value]
    settings: StudySettings


class _Model(msgspec.Struct, frozen=True):
    name: str


class _Study(msgspec.Struct, frozen=True):
    model: str
    model_file: _Model | None = None
    search: SearchMethod = SearchMethod.BAYESIAN
    seed: int = 0


class _Objective(msgspec.Struct, frozen=True):
    name: str
    direction: Direction = Direction.MINIMISE
    epoch: EpochChoice = EpochChoice.LAST


class EarlierTrial(msgspec.Struct, frozen=True):
    """What is read of an export of an earlier version, which has a part of the settings only, and no ranges."""

    trial: TrialNumber
    values: dict[str, Value]
    study: _Study
    objective: _Objective
    data: DataSettings

    def over(self, base: StudySettings) -> StudySettings:
        """Return the settings with what the export has of them. Raises InvalidSetting if that does not go together."""
        objective = ObjectiveSettings(
            metric=self.objective.name, direction=self.objective.direction, epoch=self.objective.epoch
        )
        return msgspec.structs.replace(
            base,
            data=self.data,
            objective=objective,
            model=self._model(base.model),
            search=msgspec.structs.replace(base.search, method=self.study.search),
            seed=self.study.seed,
        )

    def _model(self, model: ModelSettings) -> ModelSettings:
        """Return the model of the trial: the given one if it is the same, else with the ranges that it declares."""
        file = self.study.model_file
        if file is not None:
            if model.file is None or model.file.name != file.name:
                raise InvalidSetting(
                    "study.model_file",
                    f"The trial is of the model file {file.name}, whose text is not in this file. Choose that model "
                    "file first, and load this file again",
                )
            return model
        if model.file is None and model.family_name == self.study.model:
            return model
        family = family_of(self.study.model)
        return ModelSettings(family_name=family.name, ranges={p.name: p.first_range() for p in family.parameters})
