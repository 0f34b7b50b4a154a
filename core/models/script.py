"""Pieces of the lines that build a model in an exported script."""

from collections.abc import Mapping

from core.models.declarations import DROPOUT, LAST_SHARE
from core.parameters import Value

_DECAYS = {
    "cosine": "CosineDecay({rate}, {steps})",
    "linear": "PolynomialDecay({rate}, {steps}, 0.0)",
    "exponential": f"ExponentialDecay({{rate}}, {{steps}}, {LAST_SHARE})",
}
_SCHEDULE = """\
steps = EPOCHS * math.ceil(len(x_train) / BATCH_SIZE)
# Variables, as the study's: what constants give is rounded otherwise.
rate = keras.optimizers.schedules.{decay}
"""
_PLAIN_SCHEDULE = """\
model.optimizer.learning_rate = keras.optimizers.schedules.{decay}  # a variable cannot be saved
"""
_DROPOUT = """\
class Dropout(keras.layers.Dropout):
    # The study's divides by a variable, which is rounded otherwise than Keras's product with a constant.
    share = tf.Variable(DROPOUT, trainable=False{dtype})

    def call(self, inputs, training=False):
        if not training:
            return inputs
        kept = keras.random.uniform(keras.ops.shape(inputs), seed=self.seed_generator) >= self.share
        return keras.ops.where(kept, inputs / (1.0 - self.share), 0.0)


"""
_PLAIN_DROPOUT = """\
for layer in model.layers:
    if isinstance(layer, Dropout):
        layer.__class__ = keras.layers.Dropout  # so that the saved model needs no class of this script
"""


def class_lines(values: Mapping[str, Value], floatx: str) -> str:
    """Return the classes that the lines of a family need, for this type of numbers; empty when they need none.

    An empty `floatx` is not recorded: TensorFlow's own.
    """
    return _DROPOUT.format(dtype=f", dtype={floatx!r}" if floatx else "") if values.get(DROPOUT.name) else ""


def plain_lines(values: Mapping[str, Value]) -> str:
    """Return the lines that let Keras save the trained model: of its own classes, with numbers for variables."""
    decay = _DECAYS.get(str(values.get("schedule")), "")
    schedule = _PLAIN_SCHEDULE.format(decay=decay.format(rate="LEARNING_RATE", steps="steps")) if decay else ""
    return (_PLAIN_DROPOUT if values.get(DROPOUT.name) else "") + schedule


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
    return _SCHEDULE.format(decay=decay.format(rate="tf.Variable(LEARNING_RATE)", steps="tf.Variable(float(steps))"))


def optimizer_options(values: Mapping[str, Value]) -> str:
    """Return the arguments of the optimiser."""
    rate = "rate" if schedule_lines(values) else "LEARNING_RATE"
    return f"learning_rate={rate}{', momentum=MOMENTUM' if values.get('momentum') else ''}"
