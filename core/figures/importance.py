"""The figure of what explains the differences: a bar for each parameter, and for the pairs that matter most."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from core.analysis.answers import ImportanceAnswer
from core.figures.parameter_axis import parameter_axes
from core.settings import StudySettings
from core.words.importance import Verdict, share_in_words, verdict_of

SHOWN_PAIRS = 3


@dataclass(frozen=True)
class Bar:
    """A share with its interval, all from 0 to 1 and sometimes a little more. `alone` is None for a pair.

    `names` are the parameters, `said` is the share in words and `interval` its interval, empty while it is to come.
    """

    names: tuple[str, ...]
    label: str
    share: float
    low: float
    high: float
    alone: float | None
    verdict: Verdict
    said: str
    interval: str


@dataclass(frozen=True)
class ImportanceFigure:
    """The bars in the order of their shares; `end` is the largest share to which the axis goes."""

    parameters: tuple[Bar, ...]
    pairs: tuple[Bar, ...]
    end: float

    @property
    def is_pending(self) -> bool:
        """Whether the intervals are still to come."""
        return any(bar.verdict is Verdict.PENDING for bar in self.parameters)


def importance_figure(answer: ImportanceAnswer, settings: StudySettings) -> ImportanceFigure:
    """Return the figure of an answer; it leaves out what the study does not vary."""
    labels = {name: axis.label for name, axis in parameter_axes(settings).items()}
    pending = not answer.resamples
    parameters = tuple(
        _bar((each.parameter,), labels, each.total, each.low, each.high, each.alone, pending=pending)
        for each in answer.shares
        if each.parameter in labels
    )
    told = {name for bar in parameters if bar.verdict is Verdict.TOLD for name in bar.names}
    pairs = tuple(
        _not_beyond(_bar(each.parameters, labels, each.share, each.low, each.high, None, pending=pending), told)
        for each in answer.pairs
        if labels.keys() >= set(each.parameters)
    )
    ends = [bar.share if pending else max(bar.share, bar.high) for bar in parameters]
    return ImportanceFigure(parameters, pairs[:SHOWN_PAIRS], max([1.0, *ends]))


def _not_beyond(pair: Bar, told: Collection[str]) -> Bar:
    """Return the bar of a pair, which cannot be told from nothing where one of the two cannot: their shares hold it."""
    beyond = pair.verdict is Verdict.TOLD and not all(name in told for name in pair.names)
    return replace(pair, verdict=Verdict.UNTOLD) if beyond else pair


def _bar(
    names: tuple[str, ...],
    labels: Mapping[str, str],
    share: float,
    low: float,
    high: float,
    alone: float | None,
    *,
    pending: bool,
) -> Bar:
    first, *others = (labels[name] for name in names)
    label = " × ".join([first, *(other[:1].lower() + other[1:] if other[1:2].islower() else other for other in others)])
    interval = "" if pending else f"{100 * low:.0f}–{100 * high:.0f} %"
    verdict = verdict_of(low, high, pending=pending)
    return Bar(names, label, share, low, high, alone, verdict, share_in_words(share), interval)
