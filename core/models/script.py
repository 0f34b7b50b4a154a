"""Pieces of the lines that build a model in an exported script."""

from collections.abc import Mapping

from core.models.declarations import LAST_SHARE
from core.parameters import Value

_DECAYS = {
    "cosine": "CosineDecay(LEARNING_RATE, steps)",
    "linear": "PolynomialDecay(LEARNING_RATE, steps, 0.0)",
    "exponential": f"ExponentialDecay(LEARNING_RATE, steps, {LAST_SHARE})",
}


def options_line(values: Mapping[str, Value]) -> str:
    """Return the line with the options that the layers with weights share; empty when they share none."""
    options = ["kernel_regularizer=keras.regularizers.L2(L2)"] if values.get("l2") else []
    if values.get("batch_normalisation"):
        options.append("use_bias=False")
    return f"options = dict({', '.join(options)})\n" if options else ""


def with_options(values: Mapping[str, Value]) -> str:
    """Return the argument that passes these options to a layer with weights; empty when there are none."""
    return ", **options" if options_line(values) else ""


def normalise_line(values: Mapping[str, Value]) -> str:
    """Return the line, inside a loop, that adds batch normalisation; empty without it."""
    return "    layers.append(keras.layers.BatchNormalization())\n" if values.get("batch_normalisation") else ""


def schedule_lines(values: Mapping[str, Value]) -> str:
    """Return the lines that make the schedule `rate` from LEARNING_RATE; empty for a constant rate."""
    decay = _DECAYS.get(str(values.get("schedule")))
    if decay is None:
        return ""
    steps = "steps = EPOCHS * math.ceil(len(x_train) / BATCH_SIZE)"
    return f"{steps}\nrate = keras.optimizers.schedules.{decay}\n"


def optimizer_options(values: Mapping[str, Value]) -> str:
    """Return the arguments of the optimiser."""
    rate = "rate" if schedule_lines(values) else "LEARNING_RATE"
    return f"learning_rate={rate}{', momentum=MOMENTUM' if values.get('momentum') else ''}"
