"""The lines of an exported script that train on another scale of the target and measure in the target's own unit."""

from core.datasets.settings import TargetScale

_SCALES = {
    TargetScale.AS_IT_IS: "",
    TargetScale.LOGARITHM: """\
# The target is trained as its logarithm; every score is that of predictions turned back into its own unit.
def scaled(y):
    return keras.ops.log(y)


def in_own_unit(prediction):
    return keras.ops.exp(prediction)


""",
    TargetScale.STANDARDISED: """\
# The target is trained standardised, by the training part; every score is that of predictions turned back.
target_mean = float(y_train.mean(dtype="float64"))
target_deviation = float(y_train.std(dtype="float64")) or 1.0
# Variables, as the study's: what constants give is rounded otherwise.
mean_of_target, deviation_of_target = tf.Variable(target_mean), tf.Variable(target_deviation)


def scaled(y):
    return (y - mean_of_target) / deviation_of_target


def in_own_unit(prediction):
    return prediction * deviation_of_target + mean_of_target


""",
}
_LOSSES = """\
def scaled_loss(y, prediction):
    return keras.losses.mean_squared_error(scaled(y), prediction)


def loss(y, prediction):  # as a metric of this name it takes the place of the loss that is trained
    return keras.losses.mean_squared_error(y, in_own_unit(prediction))


def mae(y, prediction):
    return keras.losses.mean_absolute_error(y, in_own_unit(prediction))


"""
_COMPILE_AGAIN = """\

# Train the model file's loss on the scale, and measure it and the metrics in the target's own unit.
loss_of_file = keras.losses.get(model.loss)
model.compute_metrics(None, y_train[:1], y_train[:1])  # makes the metrics that are named only
metrics_of_file = [metric for group in model.metrics if group.name == "compile_metrics" for metric in group.metrics]


def scaled_loss(y, prediction):
    return loss_of_file(scaled(y), prediction)


class LossInOwnUnit(keras.metrics.Mean):  # called "loss", it takes the place of the loss that is trained
    def update_state(self, y, prediction, sample_weight=None):
        loss = keras.ops.mean(loss_of_file(y, in_own_unit(prediction)))
        super().update_state(loss, sample_weight=keras.ops.shape(y)[0])


class MetricInOwnUnit(keras.metrics.Metric):
    def __init__(self, metric):
        super().__init__(name=metric.name)
        self.metric = metric

    def update_state(self, y, prediction, sample_weight=None):
        self.metric.update_state(y, in_own_unit(prediction))

    def result(self):
        return self.metric.result()

    def reset_state(self):
        self.metric.reset_state()


model.compile(
    optimizer=model.optimizer,
    loss=scaled_loss,
    metrics=[LossInOwnUnit(name="loss"), *map(MetricInOwnUnit, metrics_of_file)],
    run_eagerly=model.run_eagerly,
)
"""
_BACK = {
    TargetScale.LOGARITHM: 'keras.layers.Activation("exponential")',
    TargetScale.STANDARDISED: "keras.layers.Rescaling(target_deviation, target_mean)",
}
_PREDICTOR = """\
# Its predictions are turned back into the target's own unit by a last layer.
model = keras.Model(model.inputs, {back}(model.outputs[0]))
"""
_PREDICTOR_OF_FILE = """\
if getattr(model, "inputs", None):  # a last layer turns its predictions back into the target's own unit
    model = keras.Model(model.inputs, {back}(model.outputs[0]))
else:
    print("What the saved model predicts is the target {scale}: in_own_unit(prediction) turns it back")
"""


def scale_lines(scale: TargetScale) -> str:
    """Return the lines that define the scale, from y_train; empty for a target that is trained as it is."""
    return _SCALES[scale]


def loss_lines(scale: TargetScale) -> str:
    """Return the lines that define the losses and metrics of a family's model; empty without a scale."""
    return "" if scale is TargetScale.AS_IT_IS else f"\n\n{_LOSSES}"


def compile_again_lines(scale: TargetScale) -> str:
    """Return the lines that put the scale into the compiled model of a model file; empty without a scale."""
    return "" if scale is TargetScale.AS_IT_IS else _COMPILE_AGAIN


def predictor_lines(scale: TargetScale, *, custom: bool) -> str:
    """Return the lines that make `model` predict in the target's own unit; empty when it does already.

    `custom`: the model comes from a model file, and may be a class that cannot be extended.
    """
    if scale is TargetScale.AS_IT_IS:
        return ""
    words = "as its logarithm" if scale is TargetScale.LOGARITHM else "standardised"
    return (_PREDICTOR_OF_FILE if custom else _PREDICTOR).format(back=_BACK[scale], scale=words)
