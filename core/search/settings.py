"""SearchSettings: how points are proposed."""

import math
from enum import StrEnum

import msgspec

from core.errors import InvalidSetting


class SearchMethod(StrEnum):
    """How points are proposed."""

    BAYESIAN = "bayesian"
    RANDOM = "random"
    GRID = "grid"


class Surrogate(StrEnum):
    """The model of the objective that Bayesian optimisation learns."""

    GAUSSIAN_PROCESS = "gp"
    RANDOM_FOREST = "rf"
    EXTRA_TREES = "et"
    GRADIENT_BOOSTING = "gbrt"


class Acquisition(StrEnum):
    """The function that Bayesian optimisation maximises to choose the next point."""

    EXPECTED_IMPROVEMENT = "EI"
    LOWER_CONFIDENCE_BOUND = "LCB"
    PROBABILITY_OF_IMPROVEMENT = "PI"
    HEDGE = "gp_hedge"


class InitialDesign(StrEnum):
    """How the points before the first surrogate are spread."""

    SOBOL = "sobol"
    LATIN_HYPERCUBE = "lhs"
    HALTON = "halton"
    HAMMERSLY = "hammersly"
    RANDOM = "random"


class SearchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How points are proposed. Surrogate, acquisition and initial design are for Bayesian optimisation only.

    `xi` (for EI and PI) and `kappa` (for LCB) are in standard deviations of the objective; `grid_points` is the
    number of values of each varied numeric parameter in a grid search.
    """

    method: SearchMethod = SearchMethod.BAYESIAN
    surrogate: Surrogate = Surrogate.GAUSSIAN_PROCESS
    acquisition: Acquisition = Acquisition.EXPECTED_IMPROVEMENT
    xi: float = 0.01
    kappa: float = 1.96
    initial_design: InitialDesign = InitialDesign.SOBOL
    initial_points: int = 8
    grid_points: int = 5

    def __post_init__(self) -> None:
        for field, symbol, limit in (("xi", "ξ", 10.0), ("kappa", "κ", 100.0)):
            number = getattr(self, field)
            if not (math.isfinite(number) and 0 <= number <= limit):
                raise InvalidSetting(field, f"{symbol} ({number:g}) must be between 0 and {limit:g}")
        if not 1 <= self.initial_points <= 1000:
            raise InvalidSetting(
                "initial_points", f"The initial points ({self.initial_points}) must be between 1 and 1000"
            )
        if not 2 <= self.grid_points <= 1000:
            raise InvalidSetting(
                "grid_points", f"The values per parameter ({self.grid_points}) must be between 2 and 1000"
            )

    @property
    def heeds_xi(self) -> bool:
        """Whether the acquisition function takes `xi`."""
        return self.acquisition is not Acquisition.LOWER_CONFIDENCE_BOUND

    @property
    def heeds_kappa(self) -> bool:
        """Whether the acquisition function takes `kappa`."""
        return self.acquisition in (Acquisition.LOWER_CONFIDENCE_BOUND, Acquisition.HEDGE)
