"""Studies of models of all kinds, whose scripts have to print the recorded numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from core.datasets.settings import DataSettings, TargetScale
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Fixed, Value
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings
from core.tables.description import ColumnRole, Task
from tests.bench.scripts.files import CLASSES, DIGITS, NUMBERS, TWO_CLASSES
from tests.script_studies import of_units
from tests.tables import imported

_METRICS = {
    "averaged metric": "rmse",
    "r squared": "r_squared",
    "metric of its own": "spread",
    "metric that is a variable": "largest",
}
_UP = {"r squared": "r_squared", "AUC, precision and recall": "auc", "columns and several numbers": "f1_score"}
_CALM: dict[str, Value] = {"optimizer": "adam", "learning_rate": 0.01, "batch_size": 32, "epochs": 3}
_CHAOTIC = _CALM | {"learning_rate": 0.1, "batch_size": 4}
_EVERYTHING: dict[str, Value] = {
    "dropout": 0.3,
    "batch_normalisation": True,
    "l2": 0.01,
    "momentum": 0.7,
    "optimizer": "sgd",
    "schedule": "exponential",
}


@dataclass(frozen=True)
class Case:
    """A study, and the kind of model that it is of."""

    name: str
    kind: str
    settings: StudySettings

    def changed(self, **changes: Any) -> "Case":
        return Case(self.name, self.kind, msgspec.structs.replace(self.settings, **changes))


def families(folder: Path) -> Iterator[Case]:
    """Yield the cases of Afina's own models; the folder gets a table."""
    yield _family("tutorial", "linear", {})
    yield _family("classes", "linear", {}, DataSettings(dataset="wine"))
    yield _family("perceptron", "mlp", {})
    yield _family("with everything", "mlp", _EVERYTHING | {"units_2": 5})
    yield _family("chaotic", "mlp", _CHAOTIC | {"epochs": 30})
    yield _family("compiled by XLA", "mlp", {"batch_size": 2, "epochs": 75, "units": 16})
    yield _family(
        "best epoch, early stopping",
        "mlp",
        {"epochs": 60, "patience": 3},
        DataSettings(dataset="wine"),
        ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST),
    )
    yield _family("a training metric", "mlp", {"l2": 0.02}, objective=ObjectiveSettings(metric="mae"))
    yield _family("folds and repeats", "mlp", {"dropout": 0.2}, DataSettings(folds=3, repeats=2))
    yield _family("logarithm", "mlp", {}, DataSettings(target_scale=TargetScale.LOGARITHM))
    yield _family(
        "standardised, in folds", "mlp", {"l2": 0.01}, DataSettings(folds=2, target_scale=TargetScale.STANDARDISED)
    )
    for target, task in (("price", Task.REGRESSION), ("kind", Task.MULTICLASS)):
        yield _family(f"categories, for a {target}", "mlp", {}, _table(folder, target, task))
    digits = DataSettings(dataset="digits")
    small: dict[str, Value] = {"blocks": 2, "filters": 8, "units": 16, "epochs": 2}
    yield _family("images", "cnn", small, digits)
    yield _family("images, with everything", "cnn", small | _EVERYTHING, digits)
    yield _family("images, chaotic", "cnn", small | {"learning_rate": 0.1, "batch_size": 4}, digits)


def of_files() -> Iterator[Case]:
    """Yield the cases of model files."""
    for name, source in NUMBERS.items():
        yield _file(name, source, DataSettings())
    for name, source in CLASSES.items():
        yield _file(name, source, DataSettings(dataset="wine"))
    for name, source in TWO_CLASSES.items():
        yield _file(name, source, DataSettings(dataset="breast_cancer"))
    for name, source in DIGITS.items():
        yield _file(name, source, DataSettings(dataset="digits"))
    lstm, folds = NUMBERS["LSTM with both dropouts"], DataSettings(folds=2, repeats=2)
    yield _file("LSTM with both dropouts, in folds", lstm, folds)
    huber = NUMBERS["decay of the weights"]
    yield _file("Huber, standardised", huber, DataSettings(target_scale=TargetScale.STANDARDISED, folds=2))
    yield _file("Huber, logarithm", huber, DataSettings(target_scale=TargetScale.LOGARITHM))
    best = _file("noise of all kinds, best epoch", NUMBERS["noise of all kinds"], DataSettings(), epochs=9)
    yield best.changed(objective=ObjectiveSettings(metric="val_loss", epoch=EpochChoice.BEST))


def _family(
    name: str,
    family: str,
    values: Mapping[str, Value],
    data: DataSettings = DataSettings(),  # noqa: B008  it is immutable
    objective: ObjectiveSettings = ObjectiveSettings(),  # noqa: B008
) -> Case:
    parameters = FAMILIES[family].parameters
    given = {p.name: Fixed(p.default) for p in parameters}
    given |= {key: Fixed(value) for key, value in {**_CALM, **values}.items() if key in given}
    model = ModelSettings(family_name=family, ranges={**given, "learning_rate": _near(values)})
    return Case(name, family, _settings(data, model, objective))


def _near(values: Mapping[str, Value]) -> Any:
    from core.ranges import FloatRange

    rate = float({**_CALM, **values}["learning_rate"])
    return FloatRange(0.9 * rate, rate)


def _file(name: str, source: str, data: DataSettings, epochs: int = 3) -> Case:
    file = of_units(name.replace(" ", "_"), source)
    given: dict[str, Any] = {parameter.name: parameter.first_range() for parameter in file.family.parameters}
    model = ModelSettings(ranges=given | {"epochs": Fixed(epochs), "batch_size": Fixed(32)}, file=file)
    metric = _METRICS.get(name) or _UP.get(name)
    direction = Direction.MAXIMISE if name in _UP else Direction.MINIMISE
    objective = ObjectiveSettings(metric=f"val_{metric or 'loss'}", direction=direction)
    return Case(name, "file", _settings(data, model, objective))


def _settings(data: DataSettings, model: ModelSettings, objective: ObjectiveSettings) -> StudySettings:
    return StudySettings(
        data=data,
        model=model,
        objective=objective,
        search=SearchSettings(initial_points=2),
        budget=BudgetSettings(trials=2),
    )


def _table(folder: Path, target: str, task: Task) -> DataSettings:
    """Return a table of 300 rows with gaps, two categories, a price and a kind."""
    path = folder / "houses.csv"
    towns, kinds = ("Ulm", "Bonn", "", "Köln"), ("flat", "house", "hut")
    lines = [
        f"{n % 17 if n % 11 else ''},{towns[n * 7 % 4]},{'yn'[n % 2]},{30 + n % 13 * 3.5},{kinds[n * 5 % 3]}\n"
        for n in range(300)
    ]
    path.write_text("size,town,new,price,kind\n" + "".join(lines), encoding="utf-8")
    columns = {"size": ColumnRole.NUMBER, "town": ColumnRole.CATEGORY, "new": ColumnRole.CATEGORY}
    columns["kind" if target == "price" else "price"] = ColumnRole.IGNORE
    return DataSettings(file=imported(path, 300, target, task, columns))
