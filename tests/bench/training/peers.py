"""The tutorial's experiment as a user of each peer writes it, run by `python -m tests.bench.training` elsewhere.

Runs in the environment of the peers, with nothing of Afina in it: `python peers.py TOOL DATA [--seed 0] [--trials 20]
[--epochs 10] [--mlp]`. The clock runs from before the search to its return; all is imported, and one model trained,
before. Prints a line of JSON.
"""

import argparse
import csv
import json
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

DIVERGED = 1e6
"""What a trial without a finite loss is told as."""


class Experiment:
    """The data, and the validation loss after the last epoch of a model trained on them by `fit`."""

    def __init__(self, path: str, seed: int, epochs: int) -> None:
        with Path(path).open(encoding="utf-8", newline="") as file:
            table = np.array(list(csv.reader(file))[1:], dtype=float)
        table = table[np.random.default_rng(seed).permutation(len(table))]
        cut = round(0.8 * len(table))
        x, y = table[:, :-1], table[:, -1:]
        x = (x - x[:cut].mean(axis=0)) / x[:cut].std(axis=0)
        self.training = (x[:cut].astype("float32"), y[:cut].astype("float32"))
        self.validation = (x[cut:].astype("float32"), y[cut:].astype("float32"))
        self.epochs = epochs

    def model(self, learning_rate: float, layers: int = 0, units: int = 0, dropout: float = 0.0) -> Any:
        stack = [keras.Input((self.training[0].shape[1],))]
        for _ in range(layers):
            stack.append(keras.layers.Dense(units, activation="relu"))
            stack.append(keras.layers.Dropout(dropout))
        model = keras.Sequential([*stack, keras.layers.Dense(1)])
        model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mse")
        return model

    def loss(self, batch_size: int, **values: Any) -> float:
        history = self.model(**values).fit(
            *self.training, validation_data=self.validation, batch_size=batch_size, epochs=self.epochs, verbose=0
        )
        last = float(history.history["val_loss"][-1])
        return last if np.isfinite(last) else DIVERGED


def by_optuna(experiment: Experiment, trials: int, seed: int, mlp: bool) -> tuple[float, float]:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def objective(trial: Any) -> float:
        values = {"learning_rate": trial.suggest_float("learning_rate", 1e-4, 1e-1, log=True)}
        values["batch_size"] = trial.suggest_int("batch_size", 1, 100)
        if mlp:
            values["units"] = trial.suggest_int("units", 8, 128)
            values["layers"] = trial.suggest_int("layers", 1, 3)
            values["dropout"] = trial.suggest_float("dropout", 0.0, 0.5)
        return experiment.loss(**values)

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    began = time.perf_counter()
    study.optimize(objective, n_trials=trials)
    return time.perf_counter() - began, study.best_value


def by_skopt(experiment: Experiment, trials: int, seed: int, mlp: bool) -> tuple[float, float]:
    from skopt import gp_minimize
    from skopt.space import Integer, Real
    from skopt.utils import use_named_args

    space = [Real(1e-4, 1e-1, prior="log-uniform", name="learning_rate"), Integer(1, 100, name="batch_size")]
    if mlp:
        space += [Integer(8, 128, name="units"), Integer(1, 3, name="layers"), Real(0.0, 0.5, name="dropout")]

    @use_named_args(space)  # type: ignore[untyped-decorator]
    def objective(**values: Any) -> float:
        return experiment.loss(**{name: np.asarray(value).item() for name, value in values.items()})

    began = time.perf_counter()
    found = gp_minimize(objective, space, acq_func="EI", n_calls=trials, random_state=seed)
    return time.perf_counter() - began, float(found.fun)


def by_keras_tuner(experiment: Experiment, trials: int, seed: int, mlp: bool) -> tuple[float, float]:
    import keras_tuner

    class Tutorial(keras_tuner.HyperModel):  # type: ignore[misc]
        def build(self, hp: Any) -> Any:
            values = {"learning_rate": hp.Float("learning_rate", 1e-4, 1e-1, sampling="log")}
            if mlp:
                values["units"] = hp.Int("units", 8, 128)
                values["layers"] = hp.Int("layers", 1, 3)
                values["dropout"] = hp.Float("dropout", 0.0, 0.5)
            return experiment.model(**values)

        def fit(self, hp: Any, model: Any, *data: Any, **options: Any) -> Any:
            return model.fit(*data, batch_size=hp.Int("batch_size", 1, 100), **options)

    with tempfile.TemporaryDirectory() as folder:
        tuner = keras_tuner.BayesianOptimization(
            Tutorial(), objective="val_loss", max_trials=trials, seed=seed, directory=folder, project_name="tutorial"
        )
        began = time.perf_counter()
        tuner.search(*experiment.training, validation_data=experiment.validation, epochs=experiment.epochs, verbose=0)
        return time.perf_counter() - began, float(tuner.oracle.get_best_trials(1)[0].score)


TOOLS = {"optuna": by_optuna, "skopt": by_skopt, "keras-tuner": by_keras_tuner}


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("data")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--mlp", action="store_true")
    options = parser.parse_args()
    experiment = Experiment(options.data, options.seed, options.epochs)
    experiment.loss(32, learning_rate=0.001)
    seconds, best = TOOLS[options.tool](experiment, options.trials, options.seed, options.mlp)
    sys.stdout.write(json.dumps({"seconds": seconds, "best": best}) + "\n")


if __name__ == "__main__":
    main()
