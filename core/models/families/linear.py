"""The linear model: one Dense layer. Linear regression or, for classes, logistic regression."""

from collections.abc import Mapping
from typing import Any

from core.models.declarations import BATCH_SIZE, EPOCHS, LEARNING_RATE, OPTIMISER
from core.models.family import DataShape, ModelFamily
from core.parameters import Value


def build(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
    """Return the compiled model; `values` needs learning_rate and optimizer."""
    from core.models.heads import compiled, flat

    return compiled(flat(data), values, data, seed)


FAMILY = ModelFamily(
    name="linear",
    label="Linear model",
    help="One Dense layer: a weight per feature and a bias, as in the tutorial. For classes it is logistic regression.",
    parameters=(LEARNING_RATE, BATCH_SIZE, EPOCHS, OPTIMISER),
    build=build,
    script="""\
layers = []
output_seed = TRIAL_SEED
""",
    place=1,
)
