"""StudySettings: the whole form as one validated, frozen object, to and from JSON."""

import math
import stat
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from core.conditions import Condition, Single, applying, can_hold, singles, together
from core.datasets.builtin import Dataset, dataset_named
from core.datasets.data_file import DataFile
from core.datasets.description import MissingValues, Task
from core.errors import InvalidSetting
from core.models.catalogue import FAMILIES, declaration_of
from core.models.family import HEADS, ModelFamily
from core.models.model_file import ModelFile
from core.objective import ObjectiveSettings
from core.parameters import BooleanParameter, ChoiceParameter, Fixed, Range, Value
from core.rules import Rule
from core.space import Space

MAX_TRIALS = 100_000
MAX_SEED = 2**32 - 1
MAX_WORKERS = 64
MAX_FOLDS = MAX_REPEATS = 20
MOST_RULES = 30
LONGEST = 365 * 24 * 3600.0  # seconds
LEAST_MEGABYTES, MOST_MEGABYTES = 1000, 10_000_000
_LARGEST_FILE = 4_000_000  # bytes; real settings take about 1,000
_LONGEST_SENTENCE = 400


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
    """What Bayesian optimisation maximises to choose the next point."""

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


class TrainerKind(StrEnum):
    """Where trials are trained."""

    WORKER = "worker"
    INLINE = "inline"


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A section of the settings."""


class DataSettings(_Part, frozen=True):
    """Which data, and how it is split and prepared.

    `dataset` names one of Afina's own sets, of which the columns `excluded` are left out; a `file` takes its place.
    `missing` is for a file, as is `group`: a column whose rows of one value never stand on both sides of a split.
    `test_fraction` of the rows are kept apart from training and validation: the search never sees them. With `folds`
    (k-fold cross-validation, 0 for none) each of so many parts of the others validates once, and `validation_fraction`
    is of no concern. All of that is done `repeats` times.
    """

    dataset: str = "boston_housing"
    file: DataFile | None = None
    excluded: tuple[str, ...] = ()
    validation_fraction: float = 0.2
    test_fraction: float = 0.0
    folds: int = 0
    repeats: int = 1
    standardise: bool = True
    missing: MissingValues = MissingValues.IMPUTE
    group: str = ""

    def __post_init__(self) -> None:
        dataset = dataset_named(self.dataset)
        if not 0.05 <= self.validation_fraction <= 0.9:
            raise InvalidSetting(
                "validation_fraction",
                f"The validation share ({100 * self.validation_fraction:.4g} %) must be between 5 % and 90 %",
            )
        if not 0 <= self.test_fraction <= 0.5:
            raise InvalidSetting(
                "test_fraction", f"The test share ({100 * self.test_fraction:.4g} %) must be between 0 % and 50 %"
            )
        if self.folds and not 2 <= self.folds <= MAX_FOLDS:
            raise InvalidSetting("folds", f"The folds ({self.folds}) must be between 2 and {MAX_FOLDS}")
        if not 1 <= self.repeats <= MAX_REPEATS:
            raise InvalidSetting("repeats", f"The repeats ({self.repeats}) must be between 1 and {MAX_REPEATS}")
        held_out = round(self.validation_fraction + self.test_fraction, 9)  # 0.9 + 0.05 is a little more than 0.95
        if not self.folds and held_out > 0.95:
            raise InvalidSetting(
                "test_fraction",
                f"Validation and test share ({100 * held_out:.6g} %) leave less than 5 % of the rows for training",
            )
        if self.group and (self.file is None or self.group not in self.file.columns):
            raise InvalidSetting("group", f"There is no column “{self.group}” to keep together in a split")
        if self.file is not None and set(self.file.features) == {self.group}:
            raise InvalidSetting(
                "group", f"“{self.group}” is the only feature; choose another one beside it to keep its rows together"
            )
        for column in self.excluded:
            if column not in dataset.questionable:
                raise InvalidSetting("excluded", f"{dataset.label} offers no column {column!r} to leave out")

    @property
    def once(self) -> "DataSettings":
        """The data for one training only, of about the size of each of them."""
        share = max(0.05, (1 - self.test_fraction) / self.folds) if self.folds else self.validation_fraction
        return msgspec.structs.replace(self, folds=0, repeats=1, validation_fraction=share)

    @property
    def fits(self) -> int:
        """How many times a trial's model is trained."""
        return max(1, self.folds) * self.repeats

    def fit_in_words(self, fit: int) -> str:
        """Return which of a trial's trainings that is, such as "Fold 2 of 5, repeat 1 of 3"; empty for the only one."""
        repeat, fold = divmod(fit - 1, max(1, self.folds))
        parts = [f"fold {fold + 1} of {self.folds}"] if self.folds else []
        parts += [f"repeat {repeat + 1} of {self.repeats}"] if self.repeats > 1 else []
        return ", ".join(parts).capitalize()

    @property
    def source(self) -> Dataset | DataFile:
        return dataset_named(self.dataset) if self.file is None else self.file

    @property
    def task(self) -> Task:
        return self.source.task

    @property
    def image(self) -> tuple[int, int, int] | None:
        """The shape of one row as an image; None when it is not one."""
        return None if isinstance(self.source, DataFile) else self.source.image


class ModelSettings(_Part, frozen=True):
    """Which model family, a range for each of its parameters, and the rules that their values keep together.

    A model `file` takes the family's place.
    """

    family: str = "linear"
    ranges: dict[str, Range] = msgspec.field(
        default_factory=lambda: {p.name: p.first_range() for p in FAMILIES["linear"].parameters}
    )
    file: ModelFile | None = None
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        self._check_ranges()
        if len(self.rules) > MOST_RULES:
            raise InvalidSetting("rules", f"{len(self.rules)} rules are more than the {MOST_RULES} that are possible")
        for place, rule in enumerate(self.rules):
            self._check_rule(f"rules.{place}", rule)
        self._check_what_is_left()

    def _check_ranges(self) -> None:
        family = self.declaration
        known = {parameter.name for parameter in family.parameters}
        newer = [p for p in family.parameters if p.name in family.newer and p.name not in self.ranges]
        if newer:
            defaults = {parameter.name: Fixed(parameter.default) for parameter in newer}
            msgspec.structs.force_setattr(self, "ranges", self.ranges | defaults)
        for name in self.ranges:
            if name not in known:
                raise InvalidSetting(f"ranges.{name}", f"{family.label} has no parameter {name!r}")
        for parameter in family.parameters:
            if parameter.name not in self.ranges:
                raise InvalidSetting(f"ranges.{parameter.name}", f"{parameter.label} has no value or range")
            try:
                parameter.check(self.ranges[parameter.name])
            except InvalidSetting as error:
                raise error.under(f"ranges.{parameter.name}") from None

    def _check_rule(self, path: str, rule: Rule) -> None:
        parameters = {parameter.name: parameter for parameter in self.declaration.parameters}
        for name in sorted(rule.names):
            if name not in parameters:
                raise InvalidSetting(path, f"{self.declaration.label} has no parameter {name!r} for a rule")
            if isinstance(parameters[name], ChoiceParameter | BooleanParameter):
                raise InvalidSetting(path, f"{parameters[name].label} is no number: a rule compares numbers")

    def _check_what_is_left(self) -> None:
        space = self.space
        breach = space.breach()
        if breach is None:
            return
        alone = Space(space.given, space.conditions, [breach]).breach() is not None
        leave = "leaves nothing of these ranges" if alone else "and the other rules leave nothing of these ranges"
        raise InvalidSetting(f"rules.{self.rules.index(breach)}", f"“{self.text_of(breach)}” {leave}")

    @property
    def declaration(self) -> ModelFamily:
        return declaration_of(self.file or self.family)

    def text_of(self, rule: Rule) -> str:
        """Return a rule in the words of the window."""
        return rule.text({parameter.name: parameter.label for parameter in self.declaration.parameters}.__getitem__)

    def can_apply(self, name: str) -> bool:
        """Return whether the parameter applies for any value of what it depends on."""
        return all(
            can_hold(single, self.ranges[single.parameter]) and self.can_apply(single.parameter)
            for single in singles(self.declaration.conditions.get(name))
        )

    def condition_of(self, name: str) -> Condition | None:
        """Return what decides whether the parameter applies: the nearest conditions that are on varied parameters.

        None when it applies to all trials, or to none.
        """
        return together(self._deciding(name)) if self.can_apply(name) else None

    def _deciding(self, name: str) -> Iterator[Single]:
        for single in singles(self.declaration.conditions.get(name)):
            if isinstance(self.ranges[single.parameter], Fixed):
                yield from self._deciding(single.parameter)
            else:
                yield single

    def values_at(self, point: Mapping[str, Value]) -> dict[str, Value]:
        """Return what a trial at the point gets: its values and fixed ones, of what applies, as models take them."""
        parameters = {parameter.name: parameter for parameter in self.declaration.parameters}
        values = {name: given.value for name, given in self.ranges.items() if isinstance(given, Fixed)} | dict(point)
        known = {name: parameters[name].plain(values[name]) for name in self.ranges if name in values}
        return applying(known, self.declaration.conditions)

    @property
    def varied(self) -> dict[str, Range]:
        """The ranges that are not fixed and can apply, in the order in which the family declares them."""
        names = (parameter.name for parameter in self.declaration.parameters)
        return {
            name: self.ranges[name]
            for name in names
            if not isinstance(self.ranges[name], Fixed) and self.can_apply(name)
        }

    @property
    def conditions(self) -> dict[str, Condition]:
        """The conditions of varied parameters that depend on a varied one."""
        return self._conditions_of(self.varied)

    def _conditions_of(self, names: Iterable[str]) -> dict[str, Condition]:
        found = {name: self.condition_of(name) for name in names}
        return {name: condition for name, condition in found.items() if condition is not None}

    @property
    def space(self) -> Space:
        """What is searched, under the rules in force."""
        rules = self.rules_in_force
        named = {name for rule in rules for name in rule.names}
        ranges = self.varied | {name: given for name, given in self.ranges.items() if name in named}
        return Space(ranges, self._conditions_of(ranges), rules)

    @property
    def rules_in_force(self) -> tuple[Rule, ...]:
        """The rules on parameters that can apply: one on what applies to no trial forbids nothing."""
        return tuple(rule for rule in self.rules if all(map(self.can_apply, rule.names)))


class SearchSettings(_Part, frozen=True):
    """How points are proposed. Surrogate, acquisition and initial design are for Bayesian optimisation.

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


class BudgetSettings(_Part, frozen=True):
    """When the study is done: after so many trials, or earlier, as soon as one of the others is reached.

    `seconds` are of running, counted from Start or Resume, without pauses; `target` is an objective that is good
    enough.
    """

    trials: int = 20
    seconds: float | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.trials <= MAX_TRIALS:
            raise InvalidSetting("trials", f"Trials ({self.trials}) must be between 1 and {MAX_TRIALS}")
        if self.seconds is not None and not 1 <= self.seconds <= LONGEST:
            raise InvalidSetting("seconds", f"The time ({self.seconds:g} s) must be between 1 second and 1 year")
        if self.target is not None and not math.isfinite(self.target):
            raise InvalidSetting("target", f"The target ({self.target}) must be a finite number")


class LimitSettings(_Part, frozen=True):
    """When a trial is given up as failed, and after how many failures in a row the study pauses.

    `trial_seconds` are of training, without pauses; `trial_megabytes` is the memory of the process that trains.
    """

    trial_seconds: float | None = None
    trial_megabytes: int | None = None
    failures_in_a_row: int = 5

    def __post_init__(self) -> None:
        if self.trial_seconds is not None and not 0.1 <= self.trial_seconds <= LONGEST:
            raise InvalidSetting(
                "trial_seconds", f"The time of a trial ({self.trial_seconds:g} s) must be between 0.1 s and 1 year"
            )
        if self.trial_megabytes is not None and not LEAST_MEGABYTES <= self.trial_megabytes <= MOST_MEGABYTES:
            raise InvalidSetting(
                "trial_megabytes",
                f"The memory of a trial ({self.trial_megabytes:,} MB) must be between {LEAST_MEGABYTES:,} MB, which "
                f"TensorFlow itself needs, and {MOST_MEGABYTES:,} MB",
            )
        if not 1 <= self.failures_in_a_row <= MAX_TRIALS:
            raise InvalidSetting(
                "failures_in_a_row",
                f"The failures in a row ({self.failures_in_a_row}) must be between 1 and {MAX_TRIALS}",
            )


class StudySettings(_Part, frozen=True):
    """Everything that determines a study. The defaults are the tutorial's experiment.

    `workers` is the number of trials that are trained at the same time, each in a worker process of its own.
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
        if not 0 <= self.seed <= MAX_SEED:
            raise InvalidSetting("seed", f"The seed ({self.seed}) must be between 0 and {MAX_SEED}")
        if not 1 <= self.workers <= MAX_WORKERS:
            raise InvalidSetting("workers", f"The trials at once ({self.workers}) must be between 1 and {MAX_WORKERS}")
        if self.workers > 1 and self.trainer is TrainerKind.INLINE:
            raise InvalidSetting(
                "workers", "Only one trial at a time can be trained inline: set 1, or train in worker processes"
            )
        if self.model.file is not None and self.trainer is TrainerKind.INLINE:
            raise InvalidSetting("trainer", "A model file of your own runs in a worker process only: train in one")
        search = self.search
        if self.limits.trial_megabytes is not None and self.trainer is TrainerKind.INLINE:
            raise InvalidSetting(
                "limits.trial_megabytes", "A limit of memory needs a worker process: leave it empty, or train in one"
            )
        why_not = self.family.why_not(self.data.task, image=self.data.image is not None)
        if why_not:
            raise InvalidSetting("model.family", why_not)
        no_metric = self.family.why_no_metric(self.objective.metric, self.data.task)
        if no_metric:
            raise InvalidSetting("objective.metric", no_metric)
        if not self.varied:
            raise InvalidSetting("model.ranges", "Nothing is varied: give at least one parameter a range")
        if self.model.rules and search.method is SearchMethod.GRID and self.points == 0:
            raise InvalidSetting(
                "search.grid_points", "The rules leave none of the grid's points: take more values per parameter"
            )

    @property
    def family(self) -> ModelFamily:
        return self.model.declaration

    @property
    def loss_label(self) -> str:
        return HEADS[self.data.task].loss_label if self.model.file is None else "Loss of the model file"

    @property
    def varied(self) -> dict[str, Range]:
        """The search space: the ranges that are not fixed and can apply, in the order in which they are declared."""
        return self.model.varied

    @property
    def conditions(self) -> dict[str, Condition]:
        """The conditions of varied parameters that apply to some trials only."""
        return self.model.conditions

    @property
    def points(self) -> int | None:
        """How many points the study's search can try; None when they are without end, or too many to count."""
        search, space = self.search, self.model.space
        return space.grid_size(search.grid_points) if search.method is SearchMethod.GRID else space.size

    def to_json(self) -> str:
        """Return indented JSON text that `settings_from_json` reads back."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode() + "\n"


def tutorial_settings() -> StudySettings:
    """Return the settings of the tutorial's experiment."""
    return StudySettings()


def settings_from_json(text: str | bytes) -> StudySettings:
    """Return the settings that the JSON text describes, or raise InvalidSetting with a sentence."""
    if len(text) > _LARGEST_FILE:
        raise InvalidSetting("", f"The settings are {len(text):,} bytes long; real ones take about 1,000")
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
    """Return the error without what makes its sentence too long to read: names in a file may have any length."""
    field, message = (
        text if len(text) <= _LONGEST_SENTENCE else f"{text[:_LONGEST_SENTENCE]}…"
        for text in (error.field, error.message)
    )
    return InvalidSetting(field, message)


def read_settings(path: Path) -> StudySettings:
    """Return the settings in a JSON file, or raise InvalidSetting with a sentence that names the file."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe, once opened, would keep Afina waiting
            raise InvalidSetting("", f"{path.name} is not a file")
        with path.open("rb") as file:
            text = file.read(_LARGEST_FILE + 1)
    except InvalidSetting:
        raise
    except (OSError, ValueError) as error:
        raise InvalidSetting("", f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        return settings_from_json(text)
    except InvalidSetting as error:
        where = f" (at {error.field})" if error.field else ""
        raise InvalidSetting(error.field, f"{path.name}: {error.message}{where}") from None
