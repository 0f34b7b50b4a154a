"""A trial as a short Python script that trains it again with Keras alone."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from core import RESOURCES
from core.datasets.settings import DataSettings, TargetScale
from core.export.chosen import chosen_trial
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
from core.export.script.scale_lines import compile_again_lines, loss_lines, scale_lines
from core.models.custom.model_file import SHARED, ModelFile
from core.models.declarations import L2, OPTIMISER, PATIENCE
from core.models.family import HEADS, ModelFamily
from core.models.script import optimizer_options, schedule_lines
from core.objective import EpochChoice
from core.parameters import Parameter, Value
from core.progress import StudyProgress
from core.settings import StudySettings
from core.tables.description import Task

TEMPLATES_FOLDER = RESOURCES / "templates"

_OPTIMIZERS = dict(OPTIMISER.choices)
_RELEVANT = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "scikit-learn")
_VERSION = re.compile(r"[\w.+-]{1,40}", re.ASCII)
_HEAD = """\
output = keras.layers.Dense({units}, activation={activation!r}, kernel_initializer=weights)
model = keras.Sequential([keras.Input(x_train.shape[1:]), *layers, output])
model.compile(
    optimizer=OPTIMIZER({options}),
    loss={loss},
    metrics={metrics},
    steps_per_execution=math.ceil(len(x_train) / BATCH_SIZE),  # a whole epoch at once is faster
)
"""
_TRAIN = """\
# Train it, the rows in a new order in each epoch.
{before}for epoch in range(1, EPOCHS + 1):
    order = np.random.default_rng([TRIAL_SEED, epoch]).permutation(len(x_train))
    logs = model.fit(
        x_train[order],
        y_train[order],
        batch_size=BATCH_SIZE,
        validation_data=(x_val, y_val),
        shuffle=False,
        verbose=0,
    ).history
    objective = {objective}
{penalty}{after}"""
_WITHOUT_PENALTY = """\
    objective -= float(sum(model.losses))  # the study's is without the penalty of L2
"""
_FOLLOW = """\
    best, waited = (objective, 0) if objective {better} best else (best, waited + 1)
"""
_KEEP = """\
    if waited == 0:
        kept = model.get_weights()
"""
_TAKE_BEST = """\
objective = best
model.set_weights(kept)
"""
_STOP = """\
    if waited >= PATIENCE:
        break  # it has not been better for so many epochs
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
    fit = Template(_read_template("keras_script_fit.txt")).substitute(
        split=split_lines(data),
        prepare=prepare_lines(data, as_images=data.image is not None if custom else family.images),
        scale=scale_lines(data.target_scale),
        build=custom_build_lines(custom, data.task) + compile_again_lines(data.target_scale)
        if custom is not None
        else family.script_lines(trial.values) + _head(data, trial.values),
        train=_train(settings, values),
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
        data_modules=data_modules(data),
        custom_imports=CUSTOM_IMPORTS if custom is not None else "",
        data_imports=data_imports(data),
        data_constants=data_constants(data, _path_expression(data_path)),
        study_seed=settings.seed,
        trial_seed=seed_line(trial, data),
        recorded=recorded_lines(trial, data),
        values="\n".join(
            _constant(parameter, values[parameter.name])
            for parameter in family.parameters
            if parameter.name in values and re.search(rf"\b{parameter.name.upper()}\b", fit)
        ),
        custom_text=custom_text_lines(custom, trial.values) if custom is not None else "",
        read=read_lines(data),
        fits=fit_lines(fit, data, label[0].upper() + label[1:], custom=custom is not None),
    )


def _model_in_words(family: ModelFamily, custom: ModelFile | None) -> str:
    label = _one_line(family.label)
    return label[:1].lower() + label[1:] if custom is None else _one_line(custom.name)


def _train(settings: StudySettings, values: Mapping[str, Value]) -> str:
    """Return the lines that train and set `objective`; they stop early after PATIENCE epochs, if there is a patience.

    The metrics of a model file may have several numbers.
    """
    objective, scale = settings.objective, settings.data.target_scale
    stops = bool(values.get(PATIENCE.name))
    takes_best = objective.epoch is EpochChoice.BEST
    start, better = ("-math.inf", ">") if objective.higher_is_better else ("math.inf", "<")
    penalised = values.get(L2.name) and objective.metric == "val_loss" and scale is TargetScale.AS_IT_IS
    before = f"best, waited = {start}, 0\n" if stops or takes_best else ""
    after = _FOLLOW.format(better=better) if before else ""
    if takes_best:
        before += "kept = model.get_weights()  # of the best epoch\n"
        after += _KEEP
    reported = f"logs[{objective.metric!r}][0]"
    return _TRAIN.format(
        objective=f"float(np.mean({reported}))" if settings.model.file is not None else reported,
        penalty=_WITHOUT_PENALTY if penalised else "",
        before=before,
        after=after + (_STOP if stops else "") + (_TAKE_BEST if takes_best else ""),
    )


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
    )
    return schedule_lines(values) + weights + loss_lines(data.target_scale) + written


def _one_line(label: str) -> str:
    """Return the label, which may come from anybody, without characters that could end a docstring."""
    return "".join(letter if letter.isalnum() or letter in " -_()." else " " for letter in label)[:80]


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
