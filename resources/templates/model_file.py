"""A model file for Afina: it says which parameters there are, and builds a Keras model from their values.

Change what you like, save it, and choose it in Afina under Model → Your own model file. After each change: Reload.
The file must be whole: it can import what is installed beside Afina, but no other file of yours.
"""

import keras
from afina import Boolean, Choice, Float, Integer, Ordinal, at_least, one_of

# What the search may vary, and the range that the window offers at first. A name, then the range:
#   Float(name, low, high)      a real number;   scale="log" for what is felt in factors, step=… for a grid
#   Integer(name, low, high)    a whole number;  the same, so that scale="log", step=2 doubles
#   Choice(name, [text, …])     one of some names, in no order
#   Ordinal(name, [number, …])  one of some numbers, of which only the order counts
#   Boolean(name)               off or on
# All take default=…, label="…", help="…", unit="…", vary=False (fixed at first) and
# when=at_least(other, number) or when=one_of(other, value, …): the parameter then applies only where that holds;
# with when=at_most(other, number), or with when=all_of(…, …), where all of these hold: import them as well.
# batch_size, epochs and patience (of early stopping) are there without being declared.
PARAMETERS = [
    Integer("layers", 1, 2, default=1, label="Hidden layers"),
    Integer("units", 8, 128, scale="log", default=32, label="Units", unit="per layer"),
    Choice("activation", ["relu", "tanh"], label="Activation"),
    Boolean("dropout", label="Use dropout", vary=True),
    Float("rate", 0.1, 0.5, default=0.2, label="Dropout rate", when=one_of("dropout", True)),
    Ordinal("squeeze", [1, 2, 4], label="Squeeze", help="How much narrower layer 2 is.", when=at_least("layers", 2)),
    Float("learning_rate", 1e-4, 1e-1, scale="log", default=1e-3, label="Learning rate"),
]


def build_model(values, data):
    """Return a compiled Keras model.

    values["layers"] and so on are the values of a trial; a parameter that does not apply is not among them.
    data.inputs is the shape of one row's features, data.task "regression", "binary" or "multiclass", data.classes the
    number of classes, data.rows how many rows it is trained on.

    The target has one column: a number or, for classes, 0, 1, 2 … With a loss that is called …categorical…, but not
    sparse_…, it has a column for each class.
    """
    model = keras.Sequential([keras.Input(data.inputs), keras.layers.Flatten()])
    for layer in range(values["layers"]):
        units = values["units"] // (values["squeeze"] if layer else 1)
        model.add(keras.layers.Dense(max(1, units), activation=values["activation"]))
        if values["dropout"]:
            model.add(keras.layers.Dropout(values["rate"]))

    if data.task == "regression":
        output, loss, metrics = keras.layers.Dense(1), "mse", ["mae"]
    elif data.task == "binary":
        output, loss, metrics = keras.layers.Dense(1, activation="sigmoid"), "binary_crossentropy", ["accuracy"]
    else:
        output = keras.layers.Dense(data.classes, activation="softmax")
        loss, metrics = "sparse_categorical_crossentropy", ["accuracy"]
    model.add(output)
    # Any metric that is named here can be the objective; one of several numbers counts by their mean.
    model.compile(keras.optimizers.Adam(values["learning_rate"]), loss=loss, metrics=metrics)
    return model


# A file written for Keras Tuner works as it is: without PARAMETERS, and with build_model(hp) instead, as in
#
#     def build_model(hp):
#         units = hp.Int("units", 8, 128, sampling="log")
#         …
