"""The table of all trials as they are drawn: results, values, and which are brushed."""

from collections.abc import Iterable

from core.figures.seen_trials import SeenTrials
from core.figures.table import Table
from core.figures.trial_columns import TrialColumns, ordered


def all_trials_table(columns: TrialColumns, seen: SeenTrials, order: Iterable[str] = ()) -> Table:
    """Return a row a trial, in the order of their numbers, with its parameters in the order of the axes."""
    progress, names = columns.progress, ordered(columns.axes, order)
    brushed = dict(zip(seen.trials.astype(int).tolist(), seen.brushed.tolist(), strict=True))
    headings = "trial", "state", "origin", progress.objective.label, *(columns.axes[name].label for name in names)
    rows = []
    for number in sorted(brushed):
        trial = progress.trials[number]
        values = [trial.values.get(name) for name in names]
        row: list[object] = [number, trial.state.value, trial.origin.value, trial.objective, *values]
        rows.append([*row, brushed[number]] if seen.has_brush else row)
    return Table((*headings, "brushed") if seen.has_brush else headings, rows)
