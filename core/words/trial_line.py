"""One trial in a line, as it stands where the table of trials is folded; and a plan in a line, for the folded form."""

from collections.abc import Iterator
from typing import NamedTuple

from core.events import TrialState
from core.formatting import counted, format_duration, format_value, in_short
from core.letters import on_one_line
from core.progress import StudyProgress
from core.settings import StudySettings
from core.trial_progress import TrialProgress
from core.words.captions import in_a_sentence, told_apart
from core.words.notes import note_in_words
from core.words.trials import best_in_words, parameters_by_name

NO_TRIALS = "None yet: a study has one line for each"
_BETWEEN = " · "
_NAME = 40
"""Letters of a stranger's name, value or reason in the line."""


class Piece(NamedTuple):
    """A part of a line, as plain text; `bold` where it matters."""

    text: str
    bold: bool = False


Line = tuple[Piece, ...]


def shown_trial(progress: StudyProgress, selected: int | None, hovered: int | None) -> tuple[str, int] | None:
    """Return which trial a line is on, and why: the selected one, else the one pointed at, else the best."""
    best = None if progress.best is None else progress.best.number
    asked = ("Selected", selected), ("Pointed at", hovered), ("Best", best)
    return next(((why, number) for why, number in asked if number is not None and number in progress.trials), None)


def trial_in_a_line(progress: StudyProgress | None, selected: int | None = None, hovered: int | None = None) -> Line:
    """Return "Selected trial 6 · complete · 15.76 · learning rate 0.02142 · 0.15 s", or why there is none."""
    if progress is None or not progress.trials:
        return (Piece(NO_TRIALS),)
    shown = shown_trial(progress, selected, hovered)
    if shown is None:
        return (Piece(best_in_words(progress)),)
    why, number = shown
    trial = progress.trials[number]
    parts = [
        (Piece(f"{why} "), Piece(f"trial {number}", bold=True)),
        (Piece(_state(trial, progress.settings)),),
        *([(Piece(trial.objective_in_words, bold=True),)] if trial.objective is not None else []),
        *((Piece(value),) for value in _values(trial, progress.settings)),
        *([(Piece(format_duration(trial.seconds)),)] if trial.has_ended and trial.seconds else []),
    ]
    return tuple(_joined(parts))


def _joined(parts: list[tuple[Piece, ...]]) -> Iterator[Piece]:
    for place, part in enumerate(parts):
        if place:
            yield Piece(_BETWEEN)
        yield from part


def _state(trial: TrialProgress, settings: StudySettings) -> str:
    if trial.state is TrialState.RUNNING:
        return f"training, epoch {min(trial.epoch + 1, trial.epochs)} of {trial.epochs}"
    if trial.state is TrialState.FAILED:
        reason = on_one_line(note_in_words(trial, settings))
        return f"failed: {in_short(reason, _NAME)}" if reason else "failed"
    return trial.state.value


def _values(trial: TrialProgress, settings: StudySettings) -> Iterator[str]:
    """Yield the name and the value of each varied parameter that applies."""
    parameters = parameters_by_name(settings)
    given = [name for name in settings.varied if name in trial.values]
    own = {name: in_a_sentence(parameters[name]) if name in parameters else name for name in given}
    names = told_apart(own, ["trial", "objective"])
    for name in given:
        value = trial.values[name]
        text = parameters[name].text(value) if name in parameters else format_value(value)
        yield f"{in_short(on_one_line(names[name]), _NAME)} {in_short(on_one_line(text), _NAME)}"


def in_one(line: Line) -> str:
    """Return the line as one text, as it is read out."""
    return "".join(piece.text for piece in line)


def plan_in_a_line(settings: StudySettings) -> str:
    """Return "Boston Housing, 5 folds · Linear model, 2 parameters varied · validation loss ↓ · 20 trials"."""
    data, objective, file = settings.data, settings.objective, settings.model.file
    source = in_short(on_one_line(data.source.label), _NAME)
    model = in_short(file.name, _NAME) if file is not None else settings.family.label
    varied = f"{counted(len(settings.varied), 'parameter')} varied"
    trials = counted(settings.budget.trials, "trial")
    parts = [
        f"{source}, {data.folds} folds" if data.folds else source,
        f"{model}, {varied}",
        f"{in_short(on_one_line(objective.label), _NAME)} {objective.arrow}",
        f"{trials}, {settings.workers} at a time" if settings.workers > 1 else trials,
    ]
    return _BETWEEN.join(parts)
