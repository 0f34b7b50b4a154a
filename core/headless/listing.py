"""The printed output on a study: its trials, its settings, a rehearsal, an evaluation."""

import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from core.events import TrialTested
from core.formatting import format_duration, format_number, format_value
from core.headless.console import DONE, plain, print_table, put_out, refusing
from core.headless.studies import opened
from core.rehearsal.configurations import Rehearsal
from core.rehearsal.rehearser import Rehearser
from core.trial_progress import TrialProgress
from core.words.baselines import baselines_in_words
from core.words.captions import told_apart
from core.words.continuing import caveats_in_words
from core.words.data_changes import data_changes_in_words
from core.words.evaluations import ONCE, evaluation_in_words, part_in_words
from core.words.noise import noise_in_words
from core.words.plan import target_scale_in_words
from core.words.rehearsals import remedy, sheet, stage, summary, verdict, worries

_POLL_INTERVAL = 0.05
"""Seconds between two looks at a rehearsal."""


def print_stages(rehearser: Rehearser) -> None:
    """Wait until the rehearsal is over, and print to standard error what it does meanwhile."""
    told = ""
    while not rehearser.over:
        rehearser.look(_POLL_INTERVAL)
        assert rehearser.rehearsal is not None
        now = stage(rehearser.rehearsal)
        if now != told and not rehearser.over:
            print(now, file=sys.stderr)
        told = now


def print_rehearsal(rehearsal: Rehearsal) -> None:
    """Print the verdict of a rehearsal and its warnings, then its table and its forecast."""
    print(verdict(rehearsal))
    for sentence in worries(rehearsal):
        print(f"Warning: {plain(sentence)}")
    advice = remedy(rehearsal)
    print(*([advice] if advice else []), "", sep="\n")
    print_table(sheet(rehearsal))
    print("", *summary(rehearsal), sep="\n")


def print_evaluation(tested: TrialTested) -> None:
    """Print the result of an evaluation; print to standard error how to interpret it."""
    print(f"Trial {tested.trial} on {part_in_words(tested)}: {plain(evaluation_in_words(tested))}")
    print(ONCE, file=sys.stderr)


@refusing
def show(path: Path) -> int:
    """List the trials of a study, the best one marked."""
    progress = opened(path)
    if progress.name:
        print(f"{plain(progress.name)}\n")
    names = list(progress.settings.varied)
    first, last = ("trial", "state"), ("train loss", "duration", "note")
    columns = told_apart({name: name for name in names}, [*first, "objective", *last])
    rows = [["", *first, *columns.values(), progress.objective.caption.replace("O", "o", 1), *last]]
    rows += [_row(trial, names, best=trial is progress.best) for trial in progress.trials.values()]
    print_table(rows)
    ending = plain(progress.end.message) if progress.end else ""
    print(f"\n{len(progress.finished)} of {progress.budget} trials. {ending}")
    scale = target_scale_in_words(progress.settings)
    if scale:
        print(scale)
    if progress.tied > 1:
        print(f"{progress.tied} trials tie: ★ has the lower validation loss or, if equal, spread or number.")
    for sentence in baselines_in_words(progress):
        print(plain(sentence))
    if progress.test is not None:
        print(f"★ on {part_in_words(progress.test)}: {plain(evaluation_in_words(progress.test))}.")
    for sentence in chain(caveats_in_words(progress), data_changes_in_words(progress)):
        print(plain(sentence))
    noise = noise_in_words(progress)
    if noise:
        print(noise)
    return DONE


@refusing
def settings(path: Path) -> int:
    """Print the settings of a study as JSON, which `run` takes."""
    put_out(opened(path).settings_in_force.to_json())
    return DONE


def _row(trial: TrialProgress, names: Sequence[str], *, best: bool) -> list[str]:
    return [
        "★" if best else "",
        str(trial.number),
        str(trial.state),
        *(format_value(trial.values.get(name, "–")) for name in names),
        trial.objective_in_words or "–",
        "–" if trial.train_loss is None else format_number(trial.train_loss),
        format_duration(trial.seconds),
        trial.message,
    ]
