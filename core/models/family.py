"""ModelFamily: a kind of model, its parameters, and how it is built. Imports no Keras."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.conditions import AtLeast, AtMost, Condition, parents_first, singles
from core.formatting import listed
from core.models.preset import Preset
from core.parameters import BooleanParameter, ChoiceParameter, Parameter, Value
from core.tables.description import Task

ALL_TASKS = frozenset(Task)

TASK_LABELS = {
    Task.REGRESSION: "Regression",
    Task.BINARY: "Two classes",
    Task.MULTICLASS: "Several classes",
}


@dataclass(frozen=True)
class Head:
    """The end of a model as the task needs it: the output layer's activation, the loss, and further metrics."""

    activation: str | None
    loss: str
    loss_label: str
    metrics: tuple[str, ...]

    @property
    def reported(self) -> tuple[str, ...]:
        """The names under which a model reports the loss and the metrics, in validation and in training."""
        names = ("loss", *self.metrics)
        return (*(f"val_{name}" for name in names), *names)


HEADS = {
    Task.REGRESSION: Head(None, "mse", "Mean squared error", ("mae",)),
    Task.BINARY: Head("sigmoid", "binary_crossentropy", "Binary cross-entropy", ("accuracy",)),
    Task.MULTICLASS: Head("softmax", "sparse_categorical_crossentropy", "Cross-entropy", ("accuracy",)),
}


@dataclass(frozen=True)
class DataShape:
    """The facts about the data that a model needs: the shape of one row's features, the task, the number of classes.

    `rows` is the number of rows for training, from which a learning rate schedule counts its steps.
    """

    inputs: tuple[int, ...]
    task: Task = Task.REGRESSION
    classes: int = 0
    rows: int = 0


@dataclass(frozen=True, kw_only=True)
class ModelFamily:
    """A kind of model.

    `build(values, data, seed)` returns the compiled Keras model for that data, with its first weights drawn by `seed`;
    it imports Keras only when it is called, in the process that trains. `script` holds the lines that build the same
    model in an exported script, or makes them from a trial's values. These lines use the parameters as constants in
    capitals, TRIAL_SEED and x_train; they set `layers`, all layers before the output layer, and `output_seed`.
    """

    name: str
    label: str
    help: str
    parameters: tuple[Parameter, ...]
    build: Callable[[Mapping[str, Value], DataShape, int], Any]
    script: str | Callable[[Mapping[str, Value]], str]
    tasks: frozenset[Task] = ALL_TASKS
    presets: tuple[Preset, ...] = ()
    """Ranges to start from, besides those that the parameters declare."""
    images: bool = False
    """Whether the family takes images only."""
    gist: str = ""
    """What the model is, in a few words that end in a full stop."""
    newer: frozenset[str] = frozenset()
    """Parameters that older studies do not have: there they take their defaults, which change nothing."""
    free_metrics: bool = False
    """Whether the model chooses the metrics that it reports; they are known only when it is trained."""
    place: int = 100
    """The family's position in lists: the lowest comes first."""

    def __post_init__(self) -> None:
        declared = {parameter.name: parameter for parameter in self.parameters}
        for name, condition in self.conditions.items():
            for single in singles(condition):
                on = declared.get(single.parameter)
                if on is None:
                    raise ValueError(f"{name} depends on {single.parameter!r}, which is not declared")
                if isinstance(single, AtLeast | AtMost) and isinstance(on, ChoiceParameter | BooleanParameter):
                    raise ValueError(f"{name} compares {on.name} with a number, but that is no number")
        parents_first(declared, self.conditions)

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """The condition under which a parameter applies, for each parameter that does not always apply."""
        return {parameter.name: parameter.when for parameter in self.parameters if parameter.when is not None}

    def script_lines(self, values: Mapping[str, Value]) -> str:
        """Return the lines of an exported script that build the model of a trial with these values."""
        return self.script if isinstance(self.script, str) else self.script(values)

    def metrics(self, task: Task) -> tuple[str, ...]:
        """Return the names of the metrics that the family is known to report for this task."""
        return HEADS[task].reported

    def why_no_metric(self, metric: str, task: Task) -> str:
        """Return a sentence on why the metric cannot be the objective; empty when it can, or that is not known yet."""
        known = self.metrics(task)
        if self.free_metrics or metric in known:
            return ""
        return f"{self.label} reports no “{metric}” for {TASK_LABELS[task].lower()}; it reports {listed(known)}"

    def why_not(self, task: Task, *, image: bool) -> str:
        """Return a sentence on why the family cannot be trained on data of this kind; empty when it can."""
        if task not in self.tasks:
            return f"{self.label} cannot be trained for {TASK_LABELS[task].lower()}"
        if self.images and not image:
            return f"{self.label} takes images, and this data set has none"
        return ""
