"""Model files of all kinds, each with one hyperparameter, `units` from 4 to 8."""

_NUMBER = 'model.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"])\n'
_CLASSES = 'model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])\n'
_ROWS_AS_STEPS = "layers.Reshape((-1, 1))"


def _of_layers(inner: str, output: str = "layers.Dense(1)", compiled: str = _NUMBER, head: str = "") -> str:
    """Return a file whose model is a sequence of these layers and the output."""
    return _of_lines(f"model = keras.Sequential([{inner}, {output}])\n{compiled}", head)


def _of_lines(lines: str, head: str = "") -> str:
    """Return a file whose function has these lines, which set `model`."""
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    return (
        "import keras\nimport numpy as np\nimport tensorflow as tf\nfrom keras import layers, ops\n\n\n"
        f'{head}\n\ndef build_model(hp):\n    units = hp.Int("units", 4, 8)\n{body}    return model\n'
    )


_TEN = 'layers.Dense(10, activation="softmax")'
_THREE = 'layers.Dense(3, activation="softmax")'
_RELU = 'layers.Dense(units, activation="relu")'
_RMSE = "def rmse(y, prediction):\n    return ops.sqrt(ops.mean(ops.square(y - prediction)))\n"
_R2 = """\
def r_squared(y, prediction):
    rest = ops.sum(ops.square(y - prediction))
    return 1 - rest / ops.sum(ops.square(y - ops.mean(y)))
"""
_SPREAD = """\
class Spread(keras.metrics.Metric):
    def __init__(self, name="spread"):
        super().__init__(name=name)
        self.largest = self.add_weight(initializer="zeros", name="largest")
        self.seen = self.add_weight(initializer="zeros", name="seen")

    def update_state(self, y, prediction, sample_weight=None):
        self.largest.assign(ops.maximum(self.largest, ops.max(ops.abs(y - prediction))))
        self.seen.assign_add(1.0)

    def result(self):
        return self.largest / self.seen
"""
_LARGEST = """\
class Largest(keras.metrics.Metric):
    def __init__(self, name="largest"):
        super().__init__(name=name)
        self.largest = self.add_weight(initializer="zeros", name="largest")

    def update_state(self, y, prediction, sample_weight=None):
        self.largest.assign(ops.maximum(self.largest, ops.max(ops.abs(y - prediction))))

    def result(self):
        return self.largest
"""
_OWN_LAYER = """\
class Scaled(layers.Layer):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def build(self, shape):
        self.shift = self.add_weight(shape=(shape[-1],), initializer="glorot_uniform" if len(shape) > 2 else "normal")

    def call(self, inputs):
        return ops.tanh(self.factor * inputs + self.shift)
"""
_RANDOM_LAYER = """\
class Shaken(layers.Layer):
    def __init__(self, **options):
        super().__init__(**options)
        self.generator = keras.random.SeedGenerator()

    def call(self, inputs, training=False):
        noise = keras.random.normal(ops.shape(inputs), stddev=0.3, seed=self.generator)
        return inputs + noise if training else inputs
"""
_STEP = """\
class Heavy(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.inner, self.end = layers.Dense(units, activation="relu"), layers.Dense(1)

    def call(self, inputs, training=False):
        return self.end(self.inner(inputs))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            prediction = self(x, training=True)
            loss = self.compute_loss(x, y, prediction) + 0.01 * tf.reduce_sum(tf.square(self.end.kernel))
        self.optimizer.apply_gradients(zip(tape.gradient(loss, self.trainable_weights), self.trainable_weights))
        for metric in self.metrics:
            metric.update_state(loss) if metric.name == "loss" else metric.update_state(y, prediction)
        return {metric.name: metric.result() for metric in self.metrics}
"""
_FIT = """\
class Eager(keras.Sequential):
    def fit(self, x, epochs=1, steps_per_epoch=None, validation_data=None, shuffle=True, verbose=1, callbacks=None):
        return super().fit(
            x,
            epochs=epochs,
            steps_per_epoch=steps_per_epoch,
            validation_data=validation_data,
            shuffle=shuffle,
            verbose=verbose,
            callbacks=callbacks,
        )
"""
_UNTRACEABLE = """\
class Peeking(layers.Layer):
    def call(self, inputs):
        if hasattr(inputs, "numpy"):
            return inputs * (1.0 if float(inputs.numpy().mean()) < 1e9 else 2.0)
        raise RuntimeError("only with numbers")

    def compute_output_shape(self, shape):
        return shape
"""
_ATTENTION = """\
inputs = keras.Input((13,))
steps = layers.Dense(units)(layers.Reshape((13, 1))(inputs))
steps = layers.LayerNormalization()(steps + layers.MultiHeadAttention(2, 4, dropout=0.1)(steps, steps))
model = keras.Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling1D()(steps)))
"""
_TWO_BRANCHES = """\
inputs = keras.Input((13,))
left = layers.Dense(units, activation="relu", activity_regularizer=keras.regularizers.L2(0.01))(inputs)
right = layers.Dense(units, activation="tanh", kernel_regularizer="l1")(inputs)
model = keras.Model(inputs, layers.Dense(1)(layers.Dropout(0.2)(layers.Concatenate()([left, right]))))
"""
_MEMORY = f"{_ROWS_AS_STEPS}, layers."
_CONV2D = 'layers.Conv2D(4 * units, 3, padding="same", activation="relu"), layers.MaxPooling2D(), layers.Flatten()'


def _compiled(optimizer: str = "keras.optimizers.Adam(0.01)", loss: str = '"mse"', more: str = "") -> str:
    return f"model.compile({optimizer}, {loss}{', ' + more if more else ''})\n"


NUMBERS = {
    "averaged metric": _of_layers(_RELU, compiled=_compiled(more="metrics=[rmse]"), head=_RMSE),
    "r squared": _of_layers(_RELU, compiled=_compiled(more="metrics=[r_squared]"), head=_R2),
    "metric of its own": _of_layers(_RELU, compiled=_compiled(more="metrics=[Spread()]"), head=_SPREAD),
    "metric that is a variable": _of_layers(_RELU, compiled=_compiled(more="metrics=[Largest()]"), head=_LARGEST),
    "Conv1D": _of_layers(f'{_MEMORY}Conv1D(8 * units, 3, activation="relu"), layers.Flatten()'),
    "separable Conv1D": _of_layers(f"{_MEMORY}SeparableConv1D(8 * units, 3), layers.GlobalMaxPooling1D()"),
    "LSTM": _of_layers(f"{_MEMORY}LSTM(4 * units)"),
    "LSTM with both dropouts": _of_layers(f"{_MEMORY}LSTM(4 * units, dropout=0.3, recurrent_dropout=0.2)"),
    "GRU with dropout": _of_layers(f"{_MEMORY}GRU(4 * units, dropout=0.4)"),
    "stacked GRU with recurrent dropout": _of_layers(
        f"{_MEMORY}GRU(units, return_sequences=True, recurrent_dropout=0.3), layers.GRU(units, dropout=0.2)"
    ),
    "two ways LSTM": _of_layers(f"{_MEMORY}Bidirectional(layers.LSTM(units, dropout=0.2))"),
    "simple recurrent": _of_layers(f"{_MEMORY}SimpleRNN(4 * units, recurrent_dropout=0.2)"),
    "own layer": _of_layers(f"{_RELU}, Scaled(0.5)", head=_OWN_LAYER),
    "own random layer": _of_layers(f"{_RELU}, Shaken()", head=_RANDOM_LAYER),
    "noise of all kinds": _of_layers(
        f"layers.GaussianNoise(0.1), {_RELU}, layers.BatchNormalization(), layers.AlphaDropout(0.1), "
        "layers.GaussianDropout(0.1), layers.Dropout(0.2)"
    ),
    "own train_step": _of_lines(f"model = Heavy(units)\n{_NUMBER}", _STEP),
    "own fit": _of_lines(f"model = Eager([{_RELU}, layers.Dropout(0.2), layers.Dense(1)])\n{_NUMBER}", _FIT),
    "run eagerly": _of_layers(f"{_RELU}, layers.Dropout(0.2)", compiled=_compiled(more="run_eagerly=True")),
    "cannot be traced": _of_layers(
        f"{_RELU}, Peeking()", compiled=_compiled(more="run_eagerly=True"), head=_UNTRACEABLE
    ),
    "mean of the weights": _of_layers(
        _RELU, compiled=_compiled("keras.optimizers.Adam(0.01, use_ema=True, ema_overwrite_frequency=7)")
    ),
    "gathered gradients": _of_layers(
        _RELU, compiled=_compiled("keras.optimizers.Adam(0.01, gradient_accumulation_steps=3, clipnorm=1.0)")
    ),
    "mixed precision": _of_layers(
        'layers.Dense(units, activation="relu", dtype="mixed_bfloat16")', 'layers.Dense(1, dtype="float32")'
    ),
    "double precision": _of_layers(
        'layers.Dense(units, activation="relu", dtype="float64")', 'layers.Dense(1, dtype="float64")'
    ),
    "jit_compile": _of_layers(_RELU, compiled=_compiled(more="jit_compile=True")),
    "several steps at once": _of_layers(_RELU, compiled=_compiled(more="steps_per_execution=5")),
    "schedule": _of_layers(
        _RELU,
        compiled=_compiled(
            "keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.01, 40), momentum=0.9, nesterov=True)"
        ),
    ),
    "decay of the weights": _of_layers(
        _RELU, compiled=_compiled("keras.optimizers.AdamW(0.01, weight_decay=0.01)", "keras.losses.Huber(2.0)")
    ),
    "attention": _of_lines(_ATTENTION + _NUMBER),
    "branches and penalties": _of_lines(_TWO_BRANCHES + _NUMBER),
}
"""Files for a number."""

CLASSES = {
    "columns and several numbers": _of_layers(
        _RELU,
        _THREE,
        _compiled(loss='"categorical_crossentropy"', more="metrics=[keras.metrics.F1Score(), keras.metrics.AUC()]"),
    ),
    "smoothed labels": _of_layers(
        _RELU,
        _THREE,
        _compiled(loss="keras.losses.CategoricalCrossentropy(label_smoothing=0.1)", more='metrics=["accuracy"]'),
    ),
    "index of the class": _of_layers(_RELU, _THREE, _CLASSES),
}
"""Files for three classes."""

TWO_CLASSES = {
    "AUC, precision and recall": _of_layers(
        _RELU,
        'layers.Dense(1, activation="sigmoid")',
        _compiled(
            loss='"binary_crossentropy"',
            more="metrics=[keras.metrics.AUC(), keras.metrics.Precision(), keras.metrics.Recall()]",
        ),
    ),
}
"""Files for two classes."""

DIGITS = {
    "Conv2D": _of_layers(_CONV2D, _TEN, _CLASSES),
    "wide Conv2D": _of_layers(
        'layers.Conv2D(64, 3, activation="tanh", padding="same"), '
        'layers.Conv2D(128, 3, activation="tanh", padding="same"), layers.MaxPooling2D(2), layers.Flatten(), '
        'layers.Dense(48 * units, activation="relu")',
        _TEN,
        _CLASSES,
    ),
    "depthwise Conv2D": _of_layers(
        "layers.DepthwiseConv2D(3, depth_multiplier=4), layers.SpatialDropout2D(0.2), layers.BatchNormalization(), "
        "layers.GlobalAveragePooling2D()",
        _TEN,
        _CLASSES,
    ),
    "turned images": _of_layers(
        f"layers.RandomRotation(0.05), layers.RandomTranslation(0.1, 0.1), {_CONV2D}", _TEN, _CLASSES
    ),
}
"""Files for images of 8 × 8."""
