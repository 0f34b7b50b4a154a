"""The questions to the analysis: plain structs that can go through a pipe."""

from enum import StrEnum

import msgspec

from core.parameters import Value
from core.search.proposal import PointOrigin, ProposalRequest


class Quantity(StrEnum):
    """What a map shows."""

    MEAN = "mean"
    DEVIATION = "deviation"
    IMPROVEMENT = "expected improvement"


class Repeated(msgspec.Struct, frozen=True):
    """A trial that was interrupted: it runs again before the search is asked for another point."""

    trial: int
    values: dict[str, Value]
    origin: PointOrigin


class BeliefQuestion(msgspec.Struct, frozen=True, tag=True):
    """Asks what the search believes along each parameter.

    `request` is the one for the next point, as the search gets it: its observations are the trials that ended, its
    costs are lower for better. `through` is the point that all slices go through, None for the best observed trial,
    which is `best` where several have the lowest cost; `averaged` asks for means over all other parameters instead, and
    then nothing is through a point. `repeated` is the interrupted trial that comes next, before the point for which the
    request asks.
    """

    request: ProposalRequest
    through: dict[str, Value] | None = None
    averaged: bool = False
    best: int | None = None
    repeated: Repeated | None = None


class MapQuestion(msgspec.Struct, frozen=True, tag=True):
    """Asks what the search believes over two parameters. `across` stands on x and `up` on y.

    All other parameters are as in `through`, or as in the best observed trial, as in BeliefQuestion.
    """

    request: ProposalRequest
    across: str
    up: str
    through: dict[str, Value] | None = None
    best: int | None = None
    repeated: Repeated | None = None


class TrustQuestion(msgspec.Struct, frozen=True, tag=True):
    """Asks how well each result is predicted from the others."""

    request: ProposalRequest


class ImportanceQuestion(msgspec.Struct, frozen=True, tag=True):
    """Asks how much of the differences each parameter explains; `resamples` is for the intervals."""

    request: ProposalRequest
    resamples: int = 40


Question = BeliefQuestion | MapQuestion | TrustQuestion | ImportanceQuestion
