"""The columns of the table of trials."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from PySide6.QtCore import Qt

from core.events import TrialState
from core.formatting import format_value
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
from core.words.notes import compiling_in_words, note_in_words
from core.words.trials import parameters_by_name
from gui.trials.digits import Digits, Durations
from gui.widgets.marks import PAUSE

STAR = "★"
SYMBOLS = {
    TrialState.RUNNING: "●",
    TrialState.COMPLETE: "✓",
    TrialState.FAILED: "✗",
    TrialState.SKIPPED: "»",
    TrialState.INTERRUPTED: "■",
}
STATES = {TrialState.RUNNING: "training"}
"""What states are called in the table, if otherwise than in the study."""
PAUSED = f"{PAUSE} paused"
"""The text that replaces a running trial's state while its study is paused."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column. `value` returns the value to sort by and copy, None if a trial has none; `text` makes the shown text.

    `shown`, if given, makes the text from the trial instead; `missing` is shown for None, and read out as
    `missing_in_words`. `digits` write the numbers, so that all have the same decimals. `about`, if given, returns more
    on a trial's value for the tool tip. `runs_on`: of a trial under way it is the time up to now. `first_order` is the
    order at the first click on the header. `ties` orders trials of the same value, the lowest first.
    """

    header: str
    help: str
    value: Callable[[TrialProgress], Value | None]
    text: Callable[[Value], str] = format_value
    shown: Callable[[TrialProgress], str] | None = None
    digits: Digits | None = None
    about: Callable[[TrialProgress], str] | None = None
    numeric: bool = True
    missing: str = ""
    missing_in_words: str = ""
    runs_on: bool = False
    first_order: Qt.SortOrder = Qt.SortOrder.AscendingOrder
    ties: Callable[[TrialProgress], tuple[float, ...]] = lambda _trial: ()


def make_columns(settings: StudySettings | None) -> tuple[Column, ...]:
    """Return the columns for a study, with one column for each parameter that it varies."""
    first, last = _first_columns(settings), _last_columns(settings)
    taken = ["Objective", *(column.header for column in (*first, *last))]
    return *first, *_parameter_columns(settings, taken), *last


def state_in_words(state: TrialState) -> str:
    """Return the symbol of a state and its name."""
    return f"{SYMBOLS[state]} {STATES.get(state, state.value)}"


def _first_columns(settings: StudySettings | None) -> tuple[Column, ...]:
    return (
        Column(
            header="Trial",
            help=f"The number of the trial; {STAR} marks the best one",
            value=lambda t: t.number,
            digits=Digits(),
        ),
        Column(
            header="State",
            help="What became of the trial",
            value=lambda t: t.state.value,
            text=lambda state: state_in_words(TrialState(str(state))),
            numeric=False,
        ),
        _objective_column(ObjectiveSettings() if settings is None else settings.objective, settings),
    )


def _last_columns(settings: StudySettings | None) -> tuple[Column, ...]:
    loss = "Loss" if settings is None else settings.loss_label
    losses, durations = Digits(ended_only=True), Durations()
    return (
        Column(
            header="Train loss",
            help=f"{loss} on the training part after the last epoch so far",
            value=lambda t: t.train_loss,
            text=losses.write,
            digits=losses,
        ),
        Column(
            header="Duration",
            help="How long the trial trained. Building and compiling its model is part of that: most for the first "
            "trial, whose compiled model later ones use again",
            value=lambda t: t.seconds if t.seconds or t.has_ended else None,
            text=durations.write,
            digits=durations,
            runs_on=True,
            about=compiling_in_words,
        ),
        Column(
            header="Note",
            help="Why a trial failed, what was special about its training, or how far it is",
            value=lambda t: note_in_words(t, settings) or None,
            text=lambda message: " ".join(str(message).split()),
            numeric=False,
        ),
    )


def _objective_column(objective: ObjectiveSettings, settings: StudySettings | None) -> Column:
    """Return the column that sorts the best trials first; with folds or repeats it shows the spread, too."""
    fits = 1 if settings is None else settings.data.fits
    several = f". Mean ± sample standard deviation of {fits} trainings" if fits > 1 else ""
    digits = Digits(ended_only=True, spread=fits > 1)
    return Column(
        header=f"{objective.title} {objective.arrow}",
        help=f"{objective.arrow}: {_better(objective)} is better. The objective: {objective.label} {objective.when}; "
        f"the {objective.extreme} is the best{several}. Equal trials are ordered by validation loss, then by spread, "
        "then by number",
        value=lambda t: t.objective,
        shown=lambda t: "" if t.objective is None else digits.with_spread(t.objective, t.spread),
        digits=digits,
        ties=Ranking(objective).among_equals,
        first_order=Qt.SortOrder.DescendingOrder if objective.higher_is_better else Qt.SortOrder.AscendingOrder,
    )


def _better(objective: ObjectiveSettings) -> str:
    return "higher" if objective.higher_is_better else "lower"


def _parameter_columns(settings: StudySettings | None, taken: Iterable[str]) -> Iterator[Column]:
    """Yield a column for each varied parameter, whose header looks like none of those `taken`."""
    parameters = {} if settings is None else parameters_by_name(settings)
    varied = () if settings is None else settings.varied
    headers = told_apart({name: parameters[name].label for name in varied}, taken)
    for name, header in headers.items():
        yield _parameter_column(parameters[name], header)


def _parameter_column(parameter: Parameter, header: str) -> Column:
    name, words = parameter.name, _has_words(parameter)
    digits = None if words else Digits()
    return Column(
        header=header,
        help=f"{with_unit(header, parameter)}: {parameter.help}",
        value=lambda t: t.values.get(name),
        text=parameter.text if digits is None else digits.write,
        digits=digits,
        numeric=not words,
        missing="–",
        missing_in_words="does not apply",
    )


def _has_words(parameter: Parameter) -> bool:
    """Return whether the parameter's values are words, not numbers."""
    match parameter:
        case ChoiceParameter() | BooleanParameter():
            return True
        case FloatParameter() | IntegerParameter() | OrdinalParameter():
            return False
        case _:
            assert_never(parameter)
