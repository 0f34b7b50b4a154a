"""What a model family is, and the list of those that Afina knows. Imports no Keras."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from core.errors import InvalidSetting
from core.parameters import ChoiceParameter, FloatParameter, IntegerParameter, Parameter, Scale, Value


@dataclass(frozen=True, kw_only=True)
class ModelFamily:
    """A kind of model.

    `builder` names the module under core.models whose `build(values, features, seed)` returns the compiled Keras
    model; it is imported only where training happens.
    """

    name: str
    label: str
    help: str
    loss: str
    loss_label: str
    parameters: tuple[Parameter, ...]
    builder: str

    def build(self, values: Mapping[str, Value], features: int, seed: int) -> Any:
        """Return a compiled Keras model for `features` inputs whose first weights are those of `seed`."""
        builder: Callable[..., Any] = import_module(f"core.models.{self.builder}").build
        return builder(values, features, seed)


EPOCHS = IntegerParameter(
    name="epochs",
    label="Epochs",
    help="How many times a trial goes through the training data. More epochs take longer and may fit better.",
    default=10,
    low=5,
    high=50,
    minimum=1,
    maximum=1_000_000,
    vary=False,
)
BATCH_SIZE = IntegerParameter(
    name="batch_size",
    label="Batch size",
    unit="rows",
    help="How many rows go into one step of the optimiser. Small batches take more steps, with more noise.",
    default=32,
    low=1,
    high=100,
    minimum=1,
    maximum=10_000_000,
)
LEARNING_RATE = FloatParameter(
    name="learning_rate",
    label="Learning rate",
    help="How far each step of the optimiser goes. Too low learns slowly, too high diverges. Best on a log scale.",
    default=0.01,
    low=1e-4,
    high=1e-1,
    minimum=0.0,
    maximum=1e6,
    minimum_allowed=False,
    scale=Scale.LOG,
)
OPTIMISER = ChoiceParameter(
    name="optimizer",
    label="Optimiser",
    help="The rule that turns gradients into steps. SGD is the tutorial's; Adam and RMSprop adapt the step by weight.",
    default="sgd",
    choices=(("sgd", "SGD"), ("adam", "Adam"), ("rmsprop", "RMSprop")),
)
LAYERS = IntegerParameter(
    name="layers",
    label="Hidden layers",
    help="How many layers stand between the features and the output. More can learn more, and are harder to train.",
    default=2,
    low=1,
    high=3,
    minimum=1,
    maximum=20,
)
UNITS = IntegerParameter(
    name="units",
    label="Units",
    unit="per layer",
    help="How wide each hidden layer is. Wider ones can learn more, and take longer.",
    default=64,
    low=8,
    high=128,
    minimum=1,
    maximum=16_384,
    scale=Scale.LOG,
)
ACTIVATION = ChoiceParameter(
    name="activation",
    label="Activation",
    help="What bends each hidden layer's output, without which the layers were but one. ReLU is the usual one.",
    default="relu",
    choices=(("relu", "ReLU"), ("elu", "ELU"), ("gelu", "GELU"), ("tanh", "tanh")),
)
DROPOUT = FloatParameter(
    name="dropout",
    label="Dropout",
    help="The share of each hidden layer's output that is left out at random in training. Helps against overfitting.",
    default=0.0,
    low=0.0,
    high=0.5,
    minimum=0.0,
    maximum=0.95,
)

LINEAR_REGRESSION = ModelFamily(
    name="linear",
    label="Linear regression",
    help="One Dense(1) layer: a weight per feature and a bias, as in the tutorial.",
    loss="mse",
    loss_label="Mean squared error",
    parameters=(LEARNING_RATE, BATCH_SIZE, EPOCHS, OPTIMISER),
    builder="linear",
)

MULTILAYER_PERCEPTRON = ModelFamily(
    name="mlp",
    label="Multilayer perceptron",
    help="Some Dense layers of equal width, each with dropout, and a Dense(1) on top.",
    loss="mse",
    loss_label="Mean squared error",
    parameters=(LAYERS, UNITS, ACTIVATION, DROPOUT, LEARNING_RATE, BATCH_SIZE, EPOCHS, OPTIMISER),
    builder="mlp",
)

FAMILIES: dict[str, ModelFamily] = {family.name: family for family in (LINEAR_REGRESSION, MULTILAYER_PERCEPTRON)}


def family_named(name: str) -> ModelFamily:
    """Return the family of that name, or raise InvalidSetting."""
    try:
        return FAMILIES[name]
    except KeyError:
        raise InvalidSetting("family", f"There is no model family {name!r}; known: {', '.join(FAMILIES)}") from None
