"""What a Keras model was compiled with."""

import core.models.keras_runtime  # noqa: F401  isort: skip  first

import keras


def compiled_metrics(model: keras.Model) -> list[keras.metrics.Metric]:
    """Return the metrics that the model was compiled with; of those that are only named, none before they are made."""
    return [metric for group in model.metrics if group.name == "compile_metrics" for metric in group.metrics]
