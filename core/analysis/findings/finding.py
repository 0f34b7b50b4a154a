"""What a finding is: facts about a study, and perhaps what could be changed in its next one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from core.analysis.answers import BeliefAnswer, ImportanceAnswer, TrustAnswer
from core.errors import InvalidSetting
from core.progress import StudyProgress
from core.ranges import FloatRange, IntegerRange
from core.settings import StudySettings


@dataclass(frozen=True)
class Known:
    """What findings are made of: the study and the latest answers about it, None where there is none yet.

    `belief` is the one through the best observed trial.
    """

    progress: StudyProgress
    belief: BeliefAnswer | None = None
    trust: TrustAnswer | None = None
    importance: ImportanceAnswer | None = None


class Badge(StrEnum):
    """What a finding asks for; in the order in which they are told."""

    ACT = "act"
    KNOW = "know"
    NOTHING_TO_GAIN = "nothing to gain"


class Facts(msgspec.Struct, frozen=True):
    """The base of what the kinds of findings tell: numbers, in the objective's unit, and names.

    Each kind has a struct of its own, whose `kind` is what programs know it by.
    """

    @property
    def subject(self) -> str:
        """What tells two findings of one kind apart, such as the name of a parameter; empty if there is one at most."""
        return ""


class Widened(msgspec.Struct, frozen=True):
    """A change of one end of a parameter's range: `part` is "low" or "high", `value` its new number."""

    parameter: str
    part: str
    value: float
    range: FloatRange | IntegerRange

    @property
    def path(self) -> str:
        """Where it stands in the settings."""
        return f"model.ranges.{self.parameter}"

    def applied(self, settings: StudySettings) -> StudySettings:
        """Return the settings with the wider range. Raises InvalidSetting if they cannot have it."""
        if self.parameter not in settings.model.ranges:
            raise InvalidSetting(self.path, f"There is no parameter {self.parameter}")
        ranges = {**settings.model.ranges, self.parameter: self.range}
        model = msgspec.structs.replace(settings.model, ranges=ranges)
        return msgspec.structs.replace(settings, model=model)


@dataclass(frozen=True)
class Finding:
    """A fact worth pointing out. `kind` is its name for programs; `change` is what the next study could do, if any."""

    kind: str
    badge: Badge
    facts: Facts
    change: Widened | None = None

    @property
    def key(self) -> str:
        """What it is known by in its study, whatever its numbers are."""
        return ":".join(filter(None, (self.kind, self.facts.subject)))

    @property
    def evidence(self) -> dict[str, Any]:
        """The facts as plain numbers and names."""
        return dict(msgspec.to_builtins(self.facts))
