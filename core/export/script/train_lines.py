"""The lines of an exported script that train the model as the study did, and set `objective`."""

from collections.abc import Mapping
from typing import NamedTuple

from core.datasets.settings import TargetScale
from core.models.declarations import L2, PATIENCE
from core.objective import EpochChoice
from core.parameters import Value
from core.settings import StudySettings
from core.training.plan import BY_FIT, NOT_COMPILED, VALIDATION_ROWS, XLA_STEPS

_STEPS = "math.ceil(len(x_train) / BATCH_SIZE)"
_ENOUGH = f"{_STEPS} * EPOCHS >= {XLA_STEPS:_}"
_COMPILE = f"""\
# XLA compiles as in the study: long trainings only, and none that draws random numbers.
draws = any("seed_generator" in variable.path for variable in model.non_trainable_variables)
model._jit_compile = not draws and {_ENOUGH}

"""
_DO_NOT_COMPILE = """\
model._jit_compile = False  # as in the study: XLA would draw other random numbers

"""
_EPOCH_BY_EPOCH = """\
# Train it, the rows in a new order in each epoch.
{before}for epoch in range(1, EPOCHS + 1):
    order = np.random.default_rng([TRIAL_SEED, epoch]).permutation(len(x_train))
    logs = model.fit(
        x_train[order],
        y_train[order],
        batch_size=BATCH_SIZE,
        validation_data=(x_val, y_val),
        validation_batch_size={validation_rows},  # averages over batches depend on it
        shuffle=False,
        verbose=0,
    ).history
    objective = {objective}
{after}"""
_AT_ONCE = """\
# Train it by one call of fit, as the study did, the rows in a new order in each epoch.
def batches():
    for epoch in itertools.count(1):
        order = np.random.default_rng([TRIAL_SEED, epoch]).permutation(len(x_train))
        for first in range(0, len(x_train), BATCH_SIZE):
            rows = order[first : first + BATCH_SIZE]
            yield x_train[rows], y_train[rows]


class Validation(keras.utils.PyDataset):  # in the study's batches: averages over batches depend on them
    def __len__(self):
        return math.ceil(len(x_val) / {validation_rows})

    def __getitem__(self, index):
        rows = slice(index * {validation_rows}, (index + 1) * {validation_rows})
        return x_val[rows], y_val[rows]


def follow(epoch, logs):
    global {names}
    objective = {objective}
{after}

{before}model.fit(
    batches(),
    epochs=EPOCHS,
    steps_per_epoch={steps},
    validation_data=Validation(),
    shuffle=False,
    verbose=0,
    callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=follow)],
)
"""
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
        {stop}  # it has not been better for so many epochs
"""


def compiled_line(*, draws: bool) -> str:
    """Return the argument for whether XLA compiles a family's model; `draws`: its training draws random numbers."""
    return f"    jit_compile={'False' if draws else _ENOUGH},  # by XLA, as in the study\n"


def train_lines(settings: StudySettings, values: Mapping[str, Value], note: str) -> str:
    """Return the lines that train and set `objective`; they stop early after PATIENCE epochs, if there is a patience.

    `note` is the study's on the trial. The metrics of a model file may have several numbers.
    """
    custom, at_once = settings.model.file is not None, BY_FIT in note
    follow = _follow_lines(settings, values, at_once=at_once)
    reported = f"logs[{settings.objective.metric!r}]" + ("" if at_once else "[0]")
    lines = (_AT_ONCE if at_once else _EPOCH_BY_EPOCH).format(
        validation_rows=VALIDATION_ROWS,
        steps=_STEPS,
        names=follow.names,
        objective=f"float(np.mean({reported}))" if custom else reported,
        before=follow.before,
        after=(_WITHOUT_PENALTY if _is_penalised(settings, values) else "") + follow.after,
    )
    compiled = _DO_NOT_COMPILE if NOT_COMPILED in note else _COMPILE
    return (compiled if custom and not at_once else "") + lines + follow.end


class _Follow(NamedTuple):
    """The lines that follow the objective: before training, after each epoch, at the end; the names that they set."""

    before: str
    after: str
    end: str
    names: str


def _follow_lines(settings: StudySettings, values: Mapping[str, Value], *, at_once: bool) -> _Follow:
    objective, stops = settings.objective, bool(values.get(PATIENCE.name))
    takes_best = objective.epoch is EpochChoice.BEST
    if not stops and not takes_best:
        return _Follow("", "", "", "objective")
    start, better = ("-math.inf", ">") if objective.higher_is_better else ("math.inf", "<")
    stop = _STOP.format(stop="model.stop_training = True" if at_once else "break") if stops else ""
    before, after = f"best, waited = {start}, 0\n", _FOLLOW.format(better=better)
    if not takes_best:
        return _Follow(before, after + stop, "", "objective, best, waited")
    before += "kept = model.get_weights()  # of the best epoch\n"
    return _Follow(before, after + _KEEP + stop, _TAKE_BEST, "objective, best, waited, kept")


def train_modules(note: str) -> str:
    """Return the imports of Python's own modules, one per line, that these lines need."""
    return "import itertools\n" if BY_FIT in note else ""


def _is_penalised(settings: StudySettings, values: Mapping[str, Value]) -> bool:
    """Return whether Keras adds to the objective a penalty of weights that the study leaves out."""
    as_it_is = settings.data.target_scale is TargetScale.AS_IT_IS
    return bool(values.get(L2.name)) and settings.objective.metric == "val_loss" and as_it_is
