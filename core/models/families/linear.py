"""The linear model: one Dense layer. Linear regression or, for classes, logistic regression."""

from collections.abc import Mapping
from typing import Any

from core.models.declarations import BATCH_SIZE, EPOCHS, LEARNING_RATE, OPTIMISER
from core.models.family import DataShape, ModelFamily
from core.models.preset import Preset
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Scale, Value


def build(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
    """Return the compiled model; `values` needs learning_rate and optimizer."""
    from core.models.heads import compiled, flat

    return compiled(flat(data), values, data, seed)


FAMILY = ModelFamily(
    name="linear",
    label="Linear model",
    help="One Dense layer: a weight per feature and a bias, as in the tutorial. For classes it is logistic regression.",
    gist="A weight per feature and a bias.",
    parameters=(LEARNING_RATE, BATCH_SIZE, EPOCHS, OPTIMISER),
    build=build,
    script="""\
layers = []
output_seed = TRIAL_SEED
""",
    presets=(
        Preset(
            name="The tutorial's",
            help="Learning rate and batch size, with SGD for 10 epochs.",
            ranges={
                "learning_rate": FloatRange(1e-4, 1e-1, Scale.LOG),
                "batch_size": IntegerRange(1, 100),
                "epochs": Fixed(10),
                "optimizer": Fixed("sgd"),
            },
        ),
        Preset(
            name="Optimisers compared",
            help="SGD, Adam and RMSprop over learning rates from 1e-4 to 1 and batches of powers of two.",
            ranges={
                "learning_rate": FloatRange(1e-4, 1.0, Scale.LOG),
                "batch_size": IntegerRange(8, 128, Scale.LOG, 2),
                "epochs": Fixed(20),
                "optimizer": Choices(("sgd", "adam", "rmsprop")),
            },
        ),
    ),
    place=1,
)
