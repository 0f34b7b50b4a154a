"""The columns of the table of trials."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from PySide6.QtCore import Qt

from core.events import TrialState
from core.formatting import format_duration, format_value
from core.objective import ObjectiveSettings
from core.parameters import (
    BooleanParameter,
    ChoiceParameter,
    FloatParameter,
    IntegerParameter,
    OrdinalParameter,
    Parameter,
    Value,
)
from core.ranking import Ranking
from core.settings import StudySettings
from core.trial_progress import TrialProgress
from core.words.captions import told_apart, with_unit
from core.words.trials import parameters_by_name

STAR = "★"
SYMBOLS = {
    TrialState.RUNNING: "●",
    TrialState.COMPLETE: "✓",
    TrialState.FAILED: "✗",
    TrialState.SKIPPED: "»",
    TrialState.INTERRUPTED: "■",
}
PAUSED = "‖ paused"
"""The text that replaces a running trial's state while its study is paused."""

MAX_HEADER = 30
"""Letters of a header that have room at first; a longer one is whole in its tool tip."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column. `value` returns the value to sort by and copy, None if a trial has none; `text` makes the shown text.

    `shown`, if given, makes the text from the trial instead; `missing` is shown for None; `sample` is about the widest
    text to expect; `first_order` is the order at the first click on the header. `ties` orders trials of the same value,
    the lowest first.
    """

    header: str
    help: str
    value: Callable[[TrialProgress], Value | None]
    text: Callable[[Value], str] = format_value
    shown: Callable[[TrialProgress], str] | None = None
    numeric: bool = True
    missing: str = ""
    sample: str = "−1.234e-5"
    first_order: Qt.SortOrder = Qt.SortOrder.AscendingOrder
    ties: Callable[[TrialProgress], tuple[float, ...]] = lambda _trial: ()


def make_columns(settings: StudySettings | None) -> tuple[Column, ...]:
    """Return the columns for a study, with one column for each parameter that it varies."""
    first, last = _first_columns(settings), _last_columns(settings)
    taken = ["Objective", *(column.header for column in (*first, *last))]
    return *first, *_parameter_columns(settings, taken), *last


def _first_columns(settings: StudySettings | None) -> tuple[Column, ...]:
    return (
        Column(
            header="Trial",
            help=f"The number of the trial; {STAR} marks the best one",
            value=lambda t: t.number,
            sample="★ 1000",
        ),
        Column(
            header="State",
            help="What became of the trial",
            value=lambda t: t.state.value,
            text=lambda state: f"{SYMBOLS[TrialState(str(state))]} {state}",
            numeric=False,
            sample="● interrupted",
        ),
        _objective_column(ObjectiveSettings() if settings is None else settings.objective, settings),
    )


def _last_columns(settings: StudySettings | None) -> tuple[Column, ...]:
    loss = "Loss" if settings is None else settings.loss_label
    return (
        Column(
            header="Train loss",
            help=f"{loss} on the training part after the last epoch so far",
            value=lambda t: t.train_loss,
        ),
        Column(
            header="Duration",
            help="How long the trial trained",
            value=lambda t: t.seconds,
            text=lambda seconds: format_duration(float(seconds)),
            sample="59 min 59 s",
        ),
        Column(
            header="Note",
            help="Why a trial failed, or what was special about its training",
            value=lambda t: t.message or (None if t.reason is None else t.reason.value.capitalize()),
            text=lambda message: " ".join(str(message).split()),
            numeric=False,
            sample="The loss became NaN",
        ),
    )


def _objective_column(objective: ObjectiveSettings, settings: StudySettings | None) -> Column:
    """Return the column that sorts the best trials first; with folds or repeats it shows the spread, too."""
    fits = 1 if settings is None else settings.data.fits
    several = f". Mean ± sample standard deviation of {fits} trainings" if fits > 1 else ""
    return Column(
        header=objective.caption,
        help=f"{objective.title} {objective.when}; the {objective.extreme} is the best{several}. Equal trials are "
        "ordered by validation loss, then by spread, then by number",
        value=lambda t: t.objective,
        shown=lambda t: t.objective_in_words,
        sample="−1.234e-5 ± 0.12" if fits > 1 else Column.sample,
        ties=Ranking(objective).among_equals,
        first_order=Qt.SortOrder.DescendingOrder if objective.higher_is_better else Qt.SortOrder.AscendingOrder,
    )


def _parameter_columns(settings: StudySettings | None, taken: Iterable[str]) -> Iterator[Column]:
    """Yield a column for each varied parameter, whose header looks like none of those `taken`."""
    parameters = {} if settings is None else parameters_by_name(settings)
    varied = () if settings is None else settings.varied
    headers = told_apart({name: with_unit(parameters[name].label, parameters[name]) for name in varied}, taken)
    for name, header in headers.items():
        yield _parameter_column(parameters[name], header)


def _parameter_column(parameter: Parameter, header: str) -> Column:
    name, words = parameter.name, _words_of(parameter)
    is_plain = header == with_unit(parameter.label, parameter) and len(header) <= MAX_HEADER
    return Column(
        header=header,
        help=parameter.help if is_plain else f"{header}: {parameter.help}",
        value=lambda t: t.values.get(name),
        text=parameter.text,
        numeric=not words,
        missing="–",
        sample=max(words, key=len, default=Column.sample),
    )


def _words_of(parameter: Parameter) -> list[str]:
    """Return the names of all values of a parameter; empty for numbers."""
    match parameter:
        case ChoiceParameter():
            return [label for _name, label in parameter.choices]
        case BooleanParameter():
            return [parameter.text(value) for value in (False, True)]
        case FloatParameter() | IntegerParameter() | OrdinalParameter():
            return []
        case _:
            assert_never(parameter)
