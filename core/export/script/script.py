"""A trial as a short Python script that trains it again with Keras alone."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template
from textwrap import fill

from core import RESOURCES
from core.conduct import FIRST_RULES
from core.datasets.settings import DataSettings, TargetScale
from core.export.chosen import chosen_trial
from core.export.script.conduct_lines import keras_lines, threads_lines
from core.export.script.custom_lines import IMPORTS as CUSTOM_IMPORTS
from core.export.script.custom_lines import custom_build_lines, custom_text_lines
from core.export.script.data_lines import (
    data_constants,
    data_imports,
    data_modules,
    prepare_lines,
    read_lines,
    split_lines,
)
from core.export.script.fit_lines import fit_lines, recorded_in_words, recorded_lines, seed_line
from core.export.script.promise import promise
from core.export.script.scale_lines import compile_again_lines, loss_lines, scale_lines
from core.export.script.train_lines import compiled_line, train_lines, train_modules
from core.models.custom.model_file import SHARED, ModelFile
from core.models.declarations import DROPOUT, OPTIMISER
from core.models.family import HEADS, ModelFamily
from core.models.script import class_lines, optimizer_options, plain_lines, schedule_lines
from core.parameters import Parameter, Value
from core.progress import StudyProgress
from core.tables.description import Task

TEMPLATES_FOLDER = RESOURCES / "templates"

_OPTIMIZERS = dict(OPTIMISER.choices)
_WIDTH = 100
_RELEVANT = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "scikit-learn")
_VERSION = re.compile(r"[\w.+-]{1,40}", re.ASCII)
_HEAD = """\
output = keras.layers.Dense({units}, activation={activation!r}, kernel_initializer=weights)
model = keras.Sequential([keras.Input(x_train.shape[1:]), *layers, output])
model.compile(
    optimizer=OPTIMIZER({options}),
    loss={loss},
    metrics={metrics},
{compiled}    steps_per_execution=math.ceil(len(x_train) / BATCH_SIZE),  # a whole epoch at once is faster
)
"""


def write_keras_script(progress: StudyProgress, data_path: str, number: int | None) -> str:
    """Return the script for the trial with this number (None: the best). Raises ExportError.

    A `data_path` that is not absolute is looked for beside the script. The family's `script` gives the lines that build
    the model.
    """
    settings, trial, _objective = chosen_trial(progress, number)
    custom = settings.model.file
    values = trial.values if custom is None else {p.name: trial.values[p.name] for p in SHARED}
    data, family, label = settings.data, settings.family, _one_line(settings.objective.label)
    plain = plain_lines(values) if custom is None else ""
    fit = Template(_read_template("keras_script_fit.txt")).substitute(
        split=split_lines(data),
        prepare=prepare_lines(data, as_images=data.image is not None if custom else family.images),
        scale=scale_lines(data.target_scale),
        keras=keras_lines(progress.conduct),
        build=custom_build_lines(custom, data.task, undone=progress.conduct.rules > FIRST_RULES)
        + compile_again_lines(data.target_scale)
        if custom is not None
        else family.script_lines(trial.values) + _head(data, trial.values),
        train=train_lines(settings, values, trial.message),
    )
    return Template(_read_template("keras_script.txt")).substitute(
        trial=trial.number,
        model=_model_in_words(family, custom),
        objective=label,
        when=settings.objective.when,
        loss=settings.loss_label[0].lower() + settings.loss_label[1:],
        dataset=_one_line(data.source.label),
        rounded=recorded_in_words(trial, data),
        versions=_versions(progress.versions),
        promise=fill(_in_a_docstring(promise(progress, number)), _WIDTH),
        data_modules=data_modules(data),
        fit_modules=train_modules(trial.message),
        custom_imports=CUSTOM_IMPORTS if custom is not None else "",
        data_imports=data_imports(data),
        threads=threads_lines(progress.conduct, settings),
        data_constants=data_constants(data, _path_expression(data_path)),
        study_seed=settings.seed,
        trial_seed=seed_line(trial, data),
        recorded=recorded_lines(trial, data),
        values="\n".join(
            _constant(parameter, values[parameter.name])
            for parameter in family.parameters
            if parameter.name in values and re.search(rf"\b{parameter.name.upper()}\b", fit)
        ),
        classes=class_lines(values, progress.conduct.floatx) if custom is None else "",
        custom_text=custom_text_lines(custom, trial.values) if custom is not None else "",
        read=read_lines(data),
        fits=fit_lines(fit, data, label[0].upper() + label[1:], custom=custom is not None, plain=plain),
    )


def _model_in_words(family: ModelFamily, custom: ModelFile | None) -> str:
    label = _one_line(family.label)
    return label[:1].lower() + label[1:] if custom is None else _one_line(custom.name)


def _head(data: DataSettings, values: Mapping[str, Value]) -> str:
    head = HEADS[data.task]
    units = "int(y.max()) + 1" if data.task is Task.MULTICLASS else "1"
    weights = "weights = keras.initializers.GlorotUniform(seed=output_seed)\n"
    is_scaled = data.target_scale is not TargetScale.AS_IT_IS
    written = _HEAD.format(
        units=units,
        activation=head.activation,
        loss="scaled_loss" if is_scaled else repr(head.loss),
        metrics="[loss, mae]" if is_scaled else list(head.metrics),
        options=optimizer_options(values),
        compiled=compiled_line(draws=bool(values.get(DROPOUT.name))),
    )
    return schedule_lines(values) + weights + loss_lines(data.target_scale) + written


def _one_line(label: str) -> str:
    """Return the label, which may come from anybody, without characters that could end a docstring."""
    return "".join(letter if letter.isalnum() or letter in " -_()." else " " for letter in label)[:80]


def _in_a_docstring(sentences: str) -> str:
    """Return the sentences, which may have the name of a stranger's metric in them, without what ends a docstring."""
    return sentences.replace('"', " ").replace("\\", " ")


def _read_template(name: str) -> str:
    return (TEMPLATES_FOLDER / name).read_text(encoding="utf-8")


def _path_expression(data_path: str) -> str:
    if Path(data_path).is_absolute():
        return f"Path({data_path!r})"
    return f"Path(__file__).with_name({data_path!r})"


def _versions(versions: Mapping[str, str]) -> str:
    """Write the relevant versions, if they look like versions: a study file may come from anybody."""
    known = [f"{name} {versions[name]}" for name in _RELEVANT if _VERSION.fullmatch(versions.get(name, ""))]
    return f",\nwith {', '.join(known)}" if known else ""


def _constant(parameter: Parameter, value: Value) -> str:
    is_optimizer = parameter.name == OPTIMISER.name
    literal = f"keras.optimizers.{_OPTIMIZERS[str(value)]}" if is_optimizer else repr(value)
    return f"{parameter.name.upper()} = {literal}"
