"""What a model family is: a kind of model, its parameters, and how it is built. Imports no Keras."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.conditions import AtLeast, Condition, parents_first, singles
from core.datasets.description import Task
from core.formatting import listed
from core.models.preset import Preset
from core.parameters import BooleanParameter, ChoiceParameter, Parameter, Value

ALL_TASKS = frozenset(Task)

TASK_LABELS = {
    Task.REGRESSION: "Regression",
    Task.BINARY: "Two classes",
    Task.MULTICLASS: "Several classes",
}


@dataclass(frozen=True)
class Head:
    """What a task calls for at the end of a model: the output layer's activation, the loss, and metrics beside it."""

    activation: str | None
    loss: str
    loss_label: str
    metrics: tuple[str, ...]

    @property
    def reported(self) -> tuple[str, ...]:
        """The names under which a model reports all of these, in validation and in training."""
        names = ("loss", *self.metrics)
        return (*(f"val_{name}" for name in names), *names)


HEADS = {
    Task.REGRESSION: Head(None, "mse", "Mean squared error", ("mae",)),
    Task.BINARY: Head("sigmoid", "binary_crossentropy", "Binary cross-entropy", ("accuracy",)),
    Task.MULTICLASS: Head("softmax", "sparse_categorical_crossentropy", "Cross-entropy", ("accuracy",)),
}


@dataclass(frozen=True)
class DataShape:
    """What a model has to know of the data: the shape of one row's features, the task, the number of classes.

    `rows` is how many it is trained on: a learning rate schedule counts the steps.
    """

    inputs: tuple[int, ...]
    task: Task = Task.REGRESSION
    classes: int = 0
    rows: int = 0


@dataclass(frozen=True, kw_only=True)
class ModelFamily:
    """A kind of model.

    `build(values, data, seed)` returns the compiled Keras model for that data, its first weights those of `seed`; it
    imports Keras only when it is called, which is where training happens. `script` holds the lines that build the same
    model in an exported script, or makes them for a trial's values: they know the parameters as constants in capitals,
    TRIAL_SEED and x_train, and leave `layers` before the output layer, and the `output_seed`.
    """

    name: str
    label: str
    help: str
    parameters: tuple[Parameter, ...]
    build: Callable[[Mapping[str, Value], DataShape, int], Any]
    script: str | Callable[[Mapping[str, Value]], str]
    tasks: frozenset[Task] = ALL_TASKS
    presets: tuple[Preset, ...] = ()
    """Ranges to begin with, beside those that the parameters declare."""
    images: bool = False
    """Whether it takes images only."""
    newer: frozenset[str] = frozenset()
    """Parameters that studies from before them lack: there they have their defaults, which change nothing."""
    free_metrics: bool = False
    """Whether it reports metrics of its own choice, which are known only when it is trained."""
    place: int = 100
    """Where it stands among the families: the lowest comes first."""

    def __post_init__(self) -> None:
        declared = {parameter.name: parameter for parameter in self.parameters}
        for name, condition in self.conditions.items():
            for single in singles(condition):
                on = declared.get(single.parameter)
                if on is None:
                    raise ValueError(f"{name} depends on {single.parameter!r}, which is not declared")
                if isinstance(single, AtLeast) and isinstance(on, ChoiceParameter | BooleanParameter):
                    raise ValueError(f"{name} needs {on.name} to be at least something, but that is no number")
        parents_first(declared, self.conditions)

    @property
    def conditions(self) -> dict[str, Condition]:
        """On what it depends whether a parameter applies, for those that do not always."""
        return {parameter.name: parameter.when for parameter in self.parameters if parameter.when is not None}

    def script_lines(self, values: Mapping[str, Value]) -> str:
        """Return the lines of an exported script that build the model of a trial with these values."""
        return self.script if isinstance(self.script, str) else self.script(values)

    def metrics(self, task: Task) -> tuple[str, ...]:
        """Return the names of the metrics that it is known to report for such data."""
        return HEADS[task].reported

    def why_no_metric(self, metric: str, task: Task) -> str:
        """Return why the metric cannot be the objective, as a sentence; empty when it can, or nobody knows yet."""
        known = self.metrics(task)
        if self.free_metrics or metric in known:
            return ""
        return f"{self.label} reports no “{metric}” for {TASK_LABELS[task].lower()}; it reports {listed(known)}"

    def why_not(self, task: Task, *, image: bool) -> str:
        """Return why the family cannot be trained on such data, as a sentence; empty when it can."""
        if task not in self.tasks:
            return f"{self.label} cannot be trained for {TASK_LABELS[task].lower()}"
        if self.images and not image:
            return f"{self.label} takes images, and this data set has none"
        return ""
