"""The figure of trust: each result beside its prediction without it, on the search's own scale."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.analysis.answers import TrustAnswer
from core.analysis.findings.explains_little import is_doubted
from core.figures.arrays import Floats
from core.figures.round_numbers import Ticks, round_numbers, spaced, written_apart
from core.figures.table import Table
from core.formatting import format_number
from core.progress import StudyProgress
from core.words.trusted import trust_in_words, trust_read_out

_COLUMNS = "trial", "observed", "predicted without it", "95 % from", "95 % to"
_ROOM = 0.05
_DENSITIES = (3, 5, 8, 12, 20, 40, 80, 160)
"""Numbers of ticks that are tried until enough of them have room: the scale is not linear in the unit."""


@dataclass(frozen=True, eq=False)
class TrustFigure:
    """Places from 0 to 1 on two axes of one scale: `x` of results, `y`, `low` and `high` of their predictions.

    `values` and `places` say which value of the objective lies where; both rise. `cut_label` stands at the place `cut`
    of all that the search takes for equally bad. `paragraphs` are the words beside the plot. `weak`: it explains
    little.
    """

    trials: tuple[int, ...]
    x: Floats
    y: Floats
    low: Floats
    high: Floats
    values: Floats
    places: Floats
    cut: float | None
    cut_label: str
    best: int | None
    table: Table
    weak: bool = False
    paragraphs: tuple[str, ...] = ()
    summary: str = ""

    def ticks(self, pixels: float, apart: float) -> Ticks:
        """Return ticks of an axis of that length, labels `apart` pixels from each other: rather few than not round."""
        share = apart / max(pixels, 1.0)
        enough = max(2, min(4, int(pixels / apart) - 1))
        low, high = float(self.values[0]), float(self.values[-1])
        fixed = [(self.cut, self.cut_label)] if self.cut is not None else []
        best: Ticks = ()
        for density in _DENSITIES:
            numbers = round_numbers(low, high, density)
            places = np.interp(numbers, self.values, self.places).tolist()
            marks = list(zip(places, written_apart(numbers), strict=True))
            marks = [mark for mark in marks if all(abs(mark[0] - at) >= 1.3 * share for at, _ in fixed)]
            found = tuple(mark for mark in spaced(sorted([*marks, *fixed]), share) if mark[1])
            if len(found) > len(best):
                best = found
            if len(found) >= enough:
                break
        return best


def figure(
    progress: StudyProgress, answer: TrustAnswer, cut: float | None, noise: float | None, *, after: int | None = None
) -> TrustFigure:
    """Return the figure of a study; `cut` and `noise` are those of the belief, as a cost and in the unit."""
    cost, higher = progress.objective.cost, progress.objective.higher_is_better
    columns = (answer.scale_observed, answer.scale_predicted, answer.scale_low, answer.scale_high)
    observed, predicted, low, high = (np.array(column, float) for column in columns)
    first, last = _ends(observed, predicted)

    def places(warped: Floats) -> Floats:
        share = np.clip((warped - first) / (last - first), 0.0, 1.0)
        return 1 - share if higher else share

    values, at = _known_places(answer, cost, places)
    ends = places(low), places(high)
    cut_at = None
    if cut is not None:
        beyond = np.array(answer.observed) >= cut
        cut_at = float(places(observed[beyond]).mean()) if beyond.any() else None
    return TrustFigure(
        trials=answer.trials,
        x=places(observed),
        y=places(predicted),
        low=np.minimum(*ends),
        high=np.maximum(*ends),
        values=values,
        places=at,
        cut=cut_at,
        cut_label="" if cut is None else f"{'≤' if higher else '≥'} {format_number(cost(cut), 3)}",
        best=progress.best_after(after),
        weak=is_doubted(answer),
        paragraphs=trust_in_words(progress, answer, noise),
        summary=trust_read_out(progress, answer, noise),
        table=Table(_COLUMNS, _rows(answer, progress)),
    )


def _ends(observed: Floats, predicted: Floats) -> tuple[float, float]:
    """Return the ends of the axes, with some room."""
    known = np.concatenate([observed, predicted])
    known = known[np.isfinite(known)]
    first, last = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = _ROOM * (last - first) or 1.0
    return first - room, last + room


def _known_places(
    answer: TrustAnswer, cost: Callable[[float], float], places: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """Return values of the objective, rising, and their places on the axes."""
    pairs = [
        (value, warped)
        for column, scaled in (
            (answer.observed, answer.scale_observed),
            (answer.predicted, answer.scale_predicted),
        )
        for value, warped in zip(column, scaled, strict=True)
        if math.isfinite(value) and math.isfinite(warped)
    ]
    if not pairs:
        return np.array([0.0, 1.0]), np.array([0.0, 1.0])
    rising: list[tuple[float, float]] = []
    for value, warped in sorted(pairs):  # of results that are cut, the least bad one has the place
        if not rising or warped > rising[-1][1] + 1e-12:
            rising.append((value, warped))
    values = np.array([cost(value) for value, _ in rising])
    at = places(np.array([warped for _, warped in rising]))
    order = np.argsort(values)
    return values[order], at[order]


def _rows(answer: TrustAnswer, progress: StudyProgress) -> tuple[tuple[object, ...], ...]:
    cost = progress.objective.cost
    rows = []
    for number, *costs in zip(answer.trials, answer.observed, answer.predicted, answer.low, answer.high, strict=True):
        observed, predicted, low, high = map(cost, costs)
        rows.append((number, observed, predicted, *sorted((low, high))))
    return tuple(rows)
