"""The best settings as a short Python script that trains the best trial again with Keras alone."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from core.export.best import best_of
from core.formatting import format_number
from core.models.family import OPTIMISER
from core.parameters import Parameter, Value
from core.progress import StudyProgress

TEMPLATES_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "templates"

_OPTIMIZERS = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop"}
_RELEVANT = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "scikit-learn")
_VERSION = re.compile(r"[\w.+-]{1,40}", re.ASCII)
_SCALING = """\
# Standardise the features with statistics of the training part only.
scaler = StandardScaler().fit(x_train)
x_train, x_val = scaler.transform(x_train), scaler.transform(x_val)
"""


def write_keras_script(progress: StudyProgress, data_path: str) -> str:
    """Return the script. A `data_path` that is no absolute path is looked for beside the script.

    The lines that build the model are a file in the templates' folder, named after the family; they know the
    parameters as constants in capitals, and TRIAL_SEED and x_train.
    """
    settings, best, objective = best_of(progress)
    data, family = settings.data, settings.family
    return Template(_read_template("keras_script.txt")).substitute(
        trial=best.number,
        model=family.label[0].lower() + family.label[1:],
        loss=family.loss_label.lower(),
        dataset=data.source.label,
        rounded=format_number(objective),
        versions=_versions(progress.versions),
        scaler_import="from sklearn.preprocessing import StandardScaler\n" if data.standardise else "",
        data=_path_expression(data_path),
        target=repr(data.source.target),
        excluded=repr(list(data.excluded)),
        validation_fraction=repr(data.validation_fraction),
        study_seed=settings.seed,
        trial_seed=best.seed,
        recorded=repr(objective),
        values="\n".join(_constant(parameter, best.values[parameter.name]) for parameter in family.parameters),
        scaling=_SCALING if data.standardise else "",
        build=_read_template(f"{family.name}.txt"),
    )


def _read_template(name: str) -> str:
    return (TEMPLATES_FOLDER / name).read_text(encoding="utf-8")


def _path_expression(data_path: str) -> str:
    if Path(data_path).is_absolute():
        return f"Path({data_path!r})"
    return f"Path(__file__).with_name({data_path!r})"


def _versions(versions: Mapping[str, str]) -> str:
    """Write the versions that matter; only what looks like one, for a study file may come from anybody."""
    known = [f"{name} {versions[name]}" for name in _RELEVANT if _VERSION.fullmatch(versions.get(name, ""))]
    return f",\nwith {', '.join(known)}" if known else ""


def _constant(parameter: Parameter, value: Value) -> str:
    is_optimizer = parameter.name == OPTIMISER.name
    literal = f"keras.optimizers.{_OPTIMIZERS[str(value)]}" if is_optimizer else repr(value)
    return f"{parameter.name.upper()} = {literal}"
