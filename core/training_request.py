"""TrialRequest: what a trainer is asked for. Imports no Keras."""

import msgspec

from core.formatting import format_duration
from core.objective import ObjectiveSettings
from core.parameters import Value
from core.settings import DataSettings, LimitSettings


class TrialRequest(msgspec.Struct, frozen=True):
    """All that determines a trial's training: the point, its seed, and the data with the seed of their split.

    `limits` say when it is given up as failed, `objective` what a complete trial came to.
    """

    trial: int
    family: str
    values: dict[str, Value]
    seed: int
    data: DataSettings
    split_seed: int
    limits: LimitSettings = LimitSettings()
    objective: ObjectiveSettings = ObjectiveSettings()


def time_limit_message(seconds: float) -> str:
    """Return why a trial that passed its limit of time failed."""
    return f"It took longer than the {format_duration(seconds)} that a trial may take"
