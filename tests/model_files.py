"""Model files for tests, in the manner of Afina's template and of Keras Tuner's guide."""

from pathlib import Path

from core.datasets.settings import DataSettings
from core.models.custom.declared import Declared
from core.models.custom.model_file import ModelFile
from core.models.settings import ModelSettings
from core.parameters import Fixed
from core.ranges import FloatRange, IntegerRange, Scale
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings

CUSTOM = """\
import keras
from afina import Float, Integer

PARAMETERS = [
    Integer("units", 4, 64, scale="log", default=8),
    Float("rate", 1e-4, 1e-1, scale="log", default=0.01),
]


def build_model(values, data):
    layers = [keras.Input(data.inputs), keras.layers.Dense(values["units"], activation="relu"), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adam(values["rate"]), loss="mse", metrics=["mae"])
    return model
"""

TUNED = '''\
"""A file for Keras Tuner as people have it: a function of hp, then a search of its own."""

import keras_tuner as kt
from tensorflow import keras


def build_model(hp):
    model = keras.Sequential([keras.layers.Flatten()])
    kind = hp.Choice("kind", ["plain", "deep"])
    with hp.conditional_scope("kind", ["plain"]):
        if kind == "plain":
            model.add(keras.layers.Dense(hp.Int("width", 16, 64, step=16), activation="relu"))
    with hp.conditional_scope("kind", ["deep"]):
        if kind == "deep":
            for i in range(hp.Int("depth", 1, 3)):
                units = hp.Int(f"units_{i}", min_value=8, max_value=64, sampling="log")
                model.add(keras.layers.Dense(units, activation=hp.Choice("activation", ["relu", "tanh"])))
    if hp.Boolean("dropout", default=True):
        model.add(keras.layers.Dropout(hp.Float("share", 0.1, 0.4, step=0.1)))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(
        optimizer=keras.optimizers.Adam(hp.Float("lr", 1e-4, 1e-2, sampling="log")),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


build_model(kt.HyperParameters())
tuner = kt.RandomSearch(build_model, objective="val_accuracy", max_trials=3)
tuner.search(x_train, y_train, epochs=2, validation_data=(x_val, y_val))
'''

_GUIDE_COMPILE = """\
    model.add(layers.Dense(10, activation="softmax"))
    learning_rate = hp.Float("lr", min_value=1e-4, max_value=1e-2, sampling="log")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model
"""

GUIDE_UNITS = f'''\
"""A model file as Keras Tuner's guide begins: the units of one layer, dropout and the learning rate."""

import keras
import keras_tuner
from keras import layers


def build_model(hp):
    model = keras.Sequential()
    model.add(layers.Flatten())
    model.add(layers.Dense(units=hp.Int("units", min_value=32, max_value=512, step=32), activation="relu"))
    if hp.Boolean("dropout"):
        model.add(layers.Dropout(rate=0.25))
{_GUIDE_COMPILE}

build_model(keras_tuner.HyperParameters())
'''

GUIDE_LAYERS = f'''\
"""As the guide goes on: a loop over the layers, each of its own units, and a search at the end."""

import keras
import keras_tuner
from keras import layers


def build_model(hp):
    model = keras.Sequential()
    model.add(layers.Flatten())
    for i in range(hp.Int("num_layers", 1, 3)):
        model.add(
            layers.Dense(
                units=hp.Int(f"units_{{i}}", min_value=32, max_value=512, step=32),
                activation=hp.Choice("activation", ["relu", "tanh"]),
            )
        )
{_GUIDE_COMPILE}

tuner = keras_tuner.RandomSearch(
    hypermodel=build_model, objective="val_accuracy", max_trials=3, executions_per_trial=2, overwrite=True
)
tuner.search_space_summary()
tuner.search(x_train, y_train, epochs=2, validation_data=(x_val, y_val))
'''

GUIDE_HYPERMODEL = '''\
"""As the guide ends: a hypermodel that also tunes how it is fitted."""

import keras
import keras_tuner
from keras import layers


class MyHyperModel(keras_tuner.HyperModel):
    def build(self, hp):
        model = keras.Sequential()
        model.add(layers.Flatten())
        model.add(layers.Dense(hp.Int("units", min_value=32, max_value=512, step=32), activation="relu"))
        model.add(layers.Dense(10, activation="softmax"))
        model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
        return model

    def fit(self, hp, model, *args, **kwargs):
        return model.fit(*args, batch_size=hp.Choice("batch_size", [16, 32]), shuffle=hp.Boolean("shuffle"), **kwargs)
'''

GUIDE_TRIALS = f'''\
"""As in the guide on training loops of one's own: a tuner without a hypermodel, and a build that asks for the fit's."""

import keras
import keras_tuner
from keras import layers


def build_model(hp):
    hp.Choice("batch_size", [16, 32, 64])
    hp.Choice("epochs", [1, 2])
    model = keras.Sequential([layers.Flatten()])
{_GUIDE_COMPILE}

class MyTuner(keras_tuner.RandomSearch):
    def run_trial(self, trial, *args, **kwargs):
        return super().run_trial(trial, *args, batch_size=trial.hyperparameters.get("batch_size"), **kwargs)


tuner = MyTuner(max_trials=3, overwrite=True)
tuner.search(x_train, y_train)
'''


def custom_file(path: str | Path = "/models/model.py", source: str = CUSTOM) -> ModelFile:
    """Return CUSTOM, or another text with its parameters, as an inspection makes it."""
    return ModelFile(
        path=str(path),
        source=source,
        parameters=(
            Declared(name="units", range=IntegerRange(4, 64, Scale.LOG), default=8),
            Declared(name="rate", range=FloatRange(1e-4, 1e-1, Scale.LOG), default=0.01),
        ),
    )


def custom_settings(
    file: ModelFile, *, trials: int = 3, epochs: int = 2, dataset: str = "boston_housing"
) -> StudySettings:
    """Return a study of the file, with the ranges that it declares."""
    ranges = {parameter.name: parameter.first_range() for parameter in file.family.parameters}
    return StudySettings(
        data=DataSettings(dataset=dataset),
        model=ModelSettings(ranges=ranges | {"epochs": Fixed(epochs)}, file=file),
        search=SearchSettings(initial_points=2),
        budget=BudgetSettings(trials=trials),
    )
