"""The short sentences that stand in the form beside its fields: plain text, which whoever shows it escapes."""

from core.conditions import AtLeast, AtMost, Condition, IsOneOf, Single, singles
from core.datasets.builtin import Dataset
from core.datasets.settings import DataSettings
from core.formatting import counted, format_number, in_short
from core.letters import on_one_line
from core.models.catalogue import family_of
from core.models.custom.model_file import ModelFile
from core.models.family import HEADS
from core.models.settings import ModelSettings
from core.parameters import ChoiceParameter, FloatRange, IntegerRange, Parameter, Range, Value
from core.ranges import levels_of
from core.search.settings import SearchMethod
from core.settings import StudySettings
from core.tables.description import Task
from core.words.captions import in_a_sentence

_NAME, _CONDITION = 40, 60
"""Letters of a stranger's name, and of a condition, on a line of the form."""
_SMALL = 1000
"""The most points of a space whose number is worth telling."""
_STEPS = 6
"""The most values of a range with steps that are all listed."""


def data_in_a_sentence(data: DataSettings) -> str:
    """Return "506 rows, 13 features. Predicts the median home value, in $1,000."."""
    source = data.source
    what = features_in_words(data)
    size = f"{source.rows:,} {what}" if data.image is not None else f"{counted(source.rows, 'row')}, {what}"
    unit = f", in {source.target_unit}" if isinstance(source, Dataset) and source.target_unit else ""
    return f"{size}. {aim_in_words(data)}{unit}."


def features_in_words(data: DataSettings) -> str:
    """Return what the target is predicted from: "13 features", or "images of 8 × 8 pixels"."""
    if data.image is not None:
        height, width, _channels = data.image
        return f"images of {height} × {width} pixels"
    return counted(data.feature_count, "feature")


def aim_in_words(data: DataSettings) -> str:
    """Return what a model is to learn: "Predicts the median home value", "Tells apart 3 classes of Species"."""
    source = data.source
    if isinstance(source, Dataset):
        if data.task is Task.REGRESSION:
            return f"Predicts the {source.target_label}"
        return f"Tells apart {len(source.classes)} {source.kinds}"
    target = in_short(on_one_line(source.target), _NAME)
    if data.task is Task.REGRESSION:
        return f"Predicts {target}"
    known = 2 if data.task is Task.BINARY else source.classes
    return f"Tells apart {f'{known:,}' if known else 'the'} classes of {target}"


def model_in_a_sentence(model: ModelFile | str, task: Task) -> str:
    """Return what a model file, or the model family of that name, is, and the loss that it is trained with."""
    if isinstance(model, ModelFile):
        own = counted(len(model.parameters), "parameter") if model.parameters else "No parameters"
        return f"{own} of its own. Loss: as the file compiles it."
    family, loss = family_of(model), HEADS[task].loss_label
    return f"{family.gist or family.help} Loss: {loss[0].lower()}{loss[1:]}."


def trials_in_short(settings: StudySettings) -> str:
    """Return what the trials are spent on: "8 spread over the ranges, 12 chosen", "5 trainings each, 200 in all"."""
    few, trials, fits = _only_few_points(settings), settings.budget.trials, settings.data.fits
    if few:
        return few
    if fits > 1:
        return f"{fits} trainings each, {trials * fits:,} in all"
    match settings.search.method:
        case SearchMethod.RANDOM:
            return f"drawn at random from {_room(settings)}"
        case SearchMethod.GRID:
            return _of_grid(settings.points, trials)
    first = settings.search.initial_points
    if first >= trials:
        return f"all spread over {_room(settings)}, none chosen"
    return f"{first:,} spread over {_room(settings)}, {trials - first:,} chosen"


def _room(settings: StudySettings) -> str:
    points = settings.points
    return "the ranges" if points is None or points > _SMALL else f"{points:,} points"


def _of_grid(points: int | None, trials: int) -> str:
    if points == trials:
        return "every point of the grid"
    return "the first points of the grid" if points is None else f"the first of the grid's {points:,} points"


def _only_few_points(settings: StudySettings) -> str:
    """Return "only 12 points: it ends after them"; empty when there is a point for each trial."""
    points = settings.points
    if points is None or points >= settings.budget.trials:
        return ""
    return "only 1 point: it ends after it" if points == 1 else f"only {points:,} points: it ends after them"


def values_of_steps(given: Range) -> str:
    """Return the values of a range with steps: "8, 16, 32, 64"; empty for one without."""
    if not isinstance(given, FloatRange | IntegerRange) or not given.step:
        return ""
    values = [format_number(float(value)) if isinstance(given, FloatRange) else f"{value}" for value in _levels(given)]
    return ", ".join(values if len(values) <= _STEPS else [*values[: _STEPS - 2], "…", values[-1]])


def _levels(given: FloatRange | IntegerRange) -> tuple[Value, ...]:
    return levels_of(given) or ()


def where_it_applies(model: ModelSettings, name: str) -> str:
    """Return to which trials a parameter applies, "where hidden layers ≥ 2"; empty when it does to all or to none."""
    return condition_in_short(model.condition_of(name), {p.name: p for p in model.family.parameters})


def condition_in_short(condition: Condition | None, parameters: dict[str, Parameter]) -> str:
    """Return "where hidden layers ≥ 2", "where SGD or RMSprop"; empty without a condition."""
    each: dict[str, list[Single]] = {}
    for single in singles(condition):
        each.setdefault(single.parameter, []).append(single)
    words = [_holds_where(parameters[name], conditions) for name, conditions in each.items()]
    return in_short(on_one_line(f"where {' and '.join(words)}"), _CONDITION) if words else ""


def _holds_where(parameter: Parameter, conditions: list[Single]) -> str:
    name = in_a_sentence(parameter)
    if len(conditions) == 1 and isinstance(conditions[0], IsOneOf) and isinstance(parameter, ChoiceParameter):
        speaks_for_itself = parameter.label != parameter.name  # a file's choices may be "a" and "b"
        return conditions[0].text(parameter.text) if speaks_for_itself else f"{name} is {conditions[0].text(str)}"
    return f"{name} {' and '.join(_compared(parameter, condition) for condition in conditions)}"


def _compared(parameter: Parameter, condition: Single) -> str:
    match condition:
        case AtLeast(number=number):
            return f"≥ {parameter.text(number)}"
        case AtMost(number=number):
            return f"≤ {parameter.text(number)}"
    return f"is {condition.text(parameter.text)}"
