"""StudySettings: the whole form as one validated, frozen object, to and from JSON."""

import math
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from core.conditions import Condition
from core.datasets.settings import DataSettings
from core.errors import InvalidSetting
from core.letters import escaped_in_json
from core.models.family import HEADS, ModelFamily
from core.models.settings import ModelSettings
from core.objective import ObjectiveSettings
from core.parameters import Range
from core.search.settings import SearchMethod, SearchSettings

MAX_TRIALS = 100_000
MAX_SEED = 2**32 - 1
MAX_WORKERS = 64
MAX_SECONDS = 365 * 24 * 3600.0  # seconds
MIN_MEGABYTES, MAX_MEGABYTES = 1000, 10_000_000


class TrainerKind(StrEnum):
    """Where trials are trained."""

    WORKER = "worker"
    INLINE = "inline"


class BudgetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The limits that end a study: it ends after `trials` trials, or earlier, when it reaches another limit.

    `seconds` is running time, counted from Start or Resume, without pauses. `target` is an objective that is good
    enough.
    """

    trials: int = 20
    seconds: float | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.trials <= MAX_TRIALS:
            raise InvalidSetting("trials", f"Trials ({self.trials}) must be between 1 and {MAX_TRIALS}")
        if self.seconds is not None and not 1 <= self.seconds <= MAX_SECONDS:
            raise InvalidSetting("seconds", f"The time ({self.seconds:g} s) must be between 1 second and 1 year")
        if self.target is not None and not math.isfinite(self.target):
            raise InvalidSetting("target", f"The target ({self.target}) must be a finite number")


class LimitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a trial is given up as failed, and after how many failures in a row the study pauses.

    `trial_seconds` is training time, without pauses; `trial_megabytes` is the memory of the process that trains.
    """

    trial_seconds: float | None = None
    trial_megabytes: int | None = None
    failures_in_a_row: int = 5

    def __post_init__(self) -> None:
        if self.trial_seconds is not None and not 0.1 <= self.trial_seconds <= MAX_SECONDS:
            raise InvalidSetting(
                "trial_seconds", f"The time of a trial ({self.trial_seconds:g} s) must be between 0.1 s and 1 year"
            )
        if self.trial_megabytes is not None and self.trial_megabytes < MIN_MEGABYTES:
            raise InvalidSetting(
                "trial_megabytes",
                f"{self.trial_megabytes:,} MB is too little memory per trial: TensorFlow itself needs "
                f"{MIN_MEGABYTES:,} MB",
            )
        if self.trial_megabytes is not None and self.trial_megabytes > MAX_MEGABYTES:
            raise InvalidSetting(
                "trial_megabytes",
                f"{self.trial_megabytes:,} MB is too much memory per trial: at most {MAX_MEGABYTES:,} MB",
            )
        if not 1 <= self.failures_in_a_row <= MAX_TRIALS:
            raise InvalidSetting(
                "failures_in_a_row",
                f"The failures in a row ({self.failures_in_a_row}) must be between 1 and {MAX_TRIALS}",
            )


class StudySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that determines a study. The defaults are the tutorial's experiment.

    `workers` is the number of trials that are trained at the same time, each in its own worker process.
    """

    format: Literal["afina-settings-1"] = "afina-settings-1"
    data: DataSettings = DataSettings()
    model: ModelSettings = msgspec.field(default_factory=ModelSettings)
    objective: ObjectiveSettings = ObjectiveSettings()
    search: SearchSettings = SearchSettings()
    budget: BudgetSettings = BudgetSettings()
    limits: LimitSettings = LimitSettings()
    trainer: TrainerKind = TrainerKind.WORKER
    workers: int = 1
    seed: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEED)] = 0

    def __post_init__(self) -> None:
        self._check_numbers()
        self._check_trainer()
        self._check_family()
        self._check_points()

    def _check_numbers(self) -> None:
        if not 0 <= self.seed <= MAX_SEED:
            raise InvalidSetting("seed", f"The seed ({self.seed}) must be between 0 and {MAX_SEED}")
        if not 1 <= self.workers <= MAX_WORKERS:
            raise InvalidSetting("workers", f"The trials at once ({self.workers}) must be between 1 and {MAX_WORKERS}")

    def _check_trainer(self) -> None:
        if self.workers > 1 and self.trainer is TrainerKind.INLINE:
            raise InvalidSetting(
                "workers", "Only one trial at a time can be trained inline: set 1, or train in worker processes"
            )
        if self.model.file is not None and self.trainer is TrainerKind.INLINE:
            raise InvalidSetting("trainer", "A model file of your own runs in a worker process only: train in one")
        if self.limits.trial_megabytes is not None and self.trainer is TrainerKind.INLINE:
            raise InvalidSetting(
                "limits.trial_megabytes", "A limit of memory needs a worker process: leave it empty, or train in one"
            )

    def _check_family(self) -> None:
        why_not = self.family.why_not(self.data.task, image=self.data.image is not None)
        if why_not:
            raise InvalidSetting("model.family", why_not)
        no_metric = self.family.why_no_metric(self.objective.metric, self.data.task)
        if no_metric:
            raise InvalidSetting("objective.metric", no_metric)

    def _check_points(self) -> None:
        if not self.varied:
            raise InvalidSetting("model.ranges", "Nothing is varied: give at least one parameter a range")
        if self.model.rules and self.search.method is SearchMethod.GRID and self.points == 0:
            raise InvalidSetting(
                "search.grid_points", "The rules leave none of the grid's points: take more values per parameter"
            )

    @property
    def family(self) -> ModelFamily:
        return self.model.family

    @property
    def loss_label(self) -> str:
        return HEADS[self.data.task].loss_label if self.model.file is None else "Loss of the model file"

    @property
    def varied(self) -> dict[str, Range]:
        """The search space: the ranges that are not fixed and can apply, in the order of their declaration."""
        return self.model.varied

    @property
    def conditions(self) -> dict[str, Condition]:
        """The conditions of the varied parameters that apply only to some trials."""
        return self.model.conditions

    @property
    def points(self) -> int | None:
        """The number of points that the study's search can try; None when it is infinite, or too hard to count."""
        search, space = self.search, self.model.space
        return space.grid_size(search.grid_points) if search.method is SearchMethod.GRID else space.size

    def to_builtins(self) -> dict[str, Any]:
        """Return what is written to a file."""
        return {**msgspec.to_builtins(self), "data": self.data.to_builtins()}

    def to_json(self) -> str:
        """Return indented JSON text that `settings_from_json` reads back."""
        text = msgspec.json.format(msgspec.json.encode(self.to_builtins()), indent=2)
        return escaped_in_json(text.decode()) + "\n"


def possible_trials(trials: int) -> int:
    """Return the number of trials nearest to a recorded one that a study can have: a record may hold any number."""
    return min(max(trials, 1), MAX_TRIALS)


def files_in_use(study: Path | None, settings: StudySettings | None) -> tuple[Path, ...]:
    """Return the files that nothing is written over: a study's file, and the data and the model file in settings."""
    paths = [] if study is None else [study]
    if settings is not None and settings.data.file is not None:
        paths.append(settings.data.file.file_path)
    if settings is not None and settings.model.file is not None:
        paths.append(Path(settings.model.file.path))
    return tuple(paths)


@cache  # the form asks after each change
def tutorial_settings() -> StudySettings:
    """Return the settings of the tutorial's experiment."""
    return StudySettings()
