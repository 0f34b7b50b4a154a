"""The evidence of a finding: a small picture, drawn from the record and the answer that the finding is made of."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core.analysis.findings.cannot_tell import CannotTell
from core.analysis.findings.explains_little import ExplainsLittle
from core.analysis.findings.explains_most import ExplainsMost
from core.analysis.findings.finding import Facts, Finding, Known
from core.analysis.findings.range_edge import RangeEdge
from core.figures.arrays import Flags, Floats
from core.figures.importance import Bar, importance_figure
from core.figures.objective_scale import ObjectiveScale
from core.figures.parameter_axis import ParameterAxis, parameter_axes
from core.figures.slices import Panel, SlicesFigure, objective_scale
from core.figures.slices import figure as slices_figure
from core.figures.trust import TrustFigure
from core.figures.trust import figure as trust_figure
from core.progress import StudyProgress
from core.words.captions import in_a_sentence
from core.words.trials import parameters_by_name

_BARS = 4
"""So many parameters are shown."""


@dataclass(frozen=True, eq=False)
class SliceEvidence:
    """The slice of one parameter through the best trial, over the range that it could have.

    From `first` to `last`, places on its axis, values are allowed so far.
    """

    title: str
    figure: SlicesFigure
    first: float
    last: float

    @property
    def panel(self) -> Panel:
        """The one panel."""
        return self.figure.panels[0]


@dataclass(frozen=True, eq=False)
class ResultsEvidence:
    """All results in view, by trial: `x` from 0 to 1, `y` on the scale of objectives; `alike` cannot be told apart.

    `low` to `high` around `mean` are the places of the belief about the best one. `best` is the index of the best
    observed result, None where it is not in view; `x_ticks` are the first and the last trial.
    """

    title: str
    scale: ObjectiveScale
    trials: tuple[int, ...]
    x: Floats
    y: Floats
    alike: Flags
    mean: float
    low: float
    high: float
    best: int | None
    x_ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, eq=False)
class TrustEvidence:
    """Each result beside its prediction without it."""

    title: str
    figure: TrustFigure


@dataclass(frozen=True, eq=False)
class ImportanceEvidence:
    """The largest shares; `end` is the largest one that is on the axis."""

    title: str
    bars: tuple[Bar, ...]
    end: float


Evidence = SliceEvidence | ResultsEvidence | TrustEvidence | ImportanceEvidence


def evidence(finding: Finding, known: Known) -> Evidence | None:
    """Return the picture of a finding; None where the answer that it is made of is gone."""
    return _PICTURES[type(finding.facts)](finding, known)


def _slice(finding: Finding, known: Known) -> SliceEvidence | None:
    facts, progress, belief = finding.facts, known.progress, known.belief
    assert isinstance(facts, RangeEdge)
    if belief is None or facts.parameter not in progress.settings.varied:
        return None
    name, settings = facts.parameter, progress.settings
    own = parameter_axes(settings)[name]
    wide = own if finding.change is None else parameter_axes(finding.change.applied(settings))[name]
    made = slices_figure(progress, belief, names=[name], other_axes={name: wide})
    return SliceEvidence(
        f"{_objective(progress)} over {in_a_sentence(parameters_by_name(settings)[name])}, as believed, "
        f"through trial {facts.trial}",
        made,
        _edge(wide, facts.low, -1),
        _edge(wide, facts.high, 1),
    )


def _edge(axis: ParameterAxis, end: float, side: int) -> float:
    """Return where an end of the range is on the wider axis: at the outer side of its lane, where it has one."""
    place = axis.place(end)
    return place + side * axis.lane_width / 2 if axis.lanes else place


def _results(finding: Finding, known: Known) -> ResultsEvidence | None:
    progress, belief = known.progress, known.belief
    if belief is None:
        return None
    scale, cost = objective_scale(progress, belief), progress.objective.cost
    ended = [trial for trial in progress.ended_after(None) if trial.objective is not None]
    objectives = np.array([math.nan if trial.objective is None else trial.objective for trial in ended])
    seen = np.flatnonzero(~scale.is_beyond(objectives))
    shown, alike = [ended[place] for place in seen], set(belief.as_good)
    numbers = tuple(trial.number for trial in shown)
    best = progress.best_after(None)
    ends = sorted(scale.place(cost(end)) for end in (belief.lowest.low, belief.lowest.high))
    last = max(progress.trials, default=1)
    return ResultsEvidence(
        f"{_objective(progress)} by trial; large: cannot be told apart",
        scale,
        numbers,
        (np.array(numbers, float) - 0.5) / last,
        scale.places(objectives[seen]),
        np.array([number in alike for number in numbers], bool),
        scale.place(cost(belief.lowest.mean)),
        ends[0],
        ends[1],
        numbers.index(best) if best in numbers else None,
        tuple(((number - 0.5) / last, str(number)) for number in sorted({1, last})),
    )


def _trust(_finding: Finding, known: Known) -> TrustEvidence | None:
    belief = known.belief
    if known.trust is None:
        return None
    cut, noise = (None, None) if belief is None else (belief.cut, belief.noise)
    return TrustEvidence(
        "Each result, beside its prediction without it", trust_figure(known.progress, known.trust, cut, noise)
    )


def _importance(_finding: Finding, known: Known) -> ImportanceEvidence | None:
    if known.importance is None:
        return None
    made = importance_figure(known.importance, known.progress.settings)
    return ImportanceEvidence("Share of how results vary over the ranges, 90 %", made.parameters[:_BARS], made.end)


def _objective(progress: StudyProgress) -> str:
    return progress.objective.title


_PICTURES: Mapping[type[Facts], Callable[[Finding, Known], Evidence | None]] = {
    RangeEdge: _slice,
    CannotTell: _results,
    ExplainsLittle: _trust,
    ExplainsMost: _importance,
}
"""Who draws what is found, by the kind of facts."""
