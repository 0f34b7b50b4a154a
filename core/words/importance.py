"""What matters, in words that follow the evidence: which parameters explain the differences, and how sure that is.

Sentences with bold parts are rich text made of escaped ones; `plainly` makes plain text of them.
"""

import html
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from core.analysis.answers import ImportanceAnswer, Pair, Share, TrustAnswer
from core.analysis.findings.explains_little import is_trusted
from core.analysis.findings.explains_most import NOTHING, SURELY, is_first
from core.analysis.when import importance_from
from core.formatting import counted, in_letters, listed
from core.letters import in_brief
from core.progress import StudyProgress
from core.search.limits import HELD
from core.search.settings import SearchMethod, Surrogate
from core.settings import StudySettings
from core.words.believed import explained_share
from core.words.captions import in_a_sentence, told_apart
from core.words.too_few import is_over, what_is_missing
from core.words.trials import parameters_by_name

LITTLE = 0.1
"""A share that cannot be told from nothing, and whose interval ends below this, matters little."""
_NAMED = 3
"""As many parameters are named in a row; more are counted."""
_LONGEST = 60
"""Letters of a name."""
VARY = "of how results vary over the ranges"
"""Of what a share is: not of the differences between the results that there are, which lie where the search went."""
HELP = (
    "If values were drawn from the whole ranges of the form, results would vary; this is the share of that which each "
    f"parameter explains, by a Gaussian process of at most {HELD} of the trials: the dot with all that it does "
    "together with others, so that dots can add up to more than 100 %, the tick alone. The bar is the 90 % interval, "
    "grey and dashed where it cannot be told from nothing. A parameter that applies to some trials only is judged "
    "among these."
)


class Verdict(StrEnum):
    """What can be told of a share."""

    PENDING = "its interval is still being computed"
    TOLD = "can be told from nothing"
    UNTOLD = "cannot be told from nothing"
    LITTLE = "matters little"


def verdict_of(low: float, high: float, *, pending: bool = False) -> Verdict:
    """Return what can be told of a share with this 90 % interval."""
    if pending:
        return Verdict.PENDING
    if low >= NOTHING:
        return Verdict.TOLD
    return Verdict.LITTLE if high < LITTLE else Verdict.UNTOLD


def those_that_matter(answer: ImportanceAnswer | None) -> tuple[str, ...]:
    """Return the names of the parameters that can be told from nothing, the largest share first."""
    if answer is None or not answer.resamples:
        return ()
    return tuple(share.parameter for share in answer.shares if verdict_of(share.low, share.high) is Verdict.TOLD)


def share_in_words(share: float) -> str:
    """Return "51 %"."""
    return f"{100 * share:.0f} %"


def verdict_in_words(verdict: Verdict, high: float) -> str:
    """Return a sentence on what can be told of a share, without its subject: "Matters little, at most 4 %"."""
    said = f"{verdict.value[:1].upper()}{verdict.value[1:]}"
    return f"{said}, at most {share_in_words(high)}" if verdict is Verdict.LITTLE else said


def plainly(rich: str) -> str:
    """Return a sentence with bold parts as plain text."""
    return html.unescape(re.sub(r"</?b>", "", rich))


def as_a_sentence(reason: str) -> str:
    """Return a reason with its full stop."""
    return reason if reason.endswith(".") else f"{reason}."


def promised(progress: StudyProgress, results: int) -> str:
    """Return what stands in the place of the bars before there are any, after so many results."""
    needed = importance_from(len(progress.settings.varied))
    if results >= needed:
        return "It is being computed."
    if is_over(progress, results):
        return what_is_missing(progress, needed, results)
    return f"From trial {needed} on; now it would be a guess."


# The answer


def answer_in_words(
    progress: StudyProgress | None,
    answer: ImportanceAnswer | None,
    results: int,
    reason: str,
    after: int | None = None,
) -> str:
    """Return the sentence that answers what matters, as rich text.

    `results` is the number of trials that came to an end with an objective; `reason` says why there is no answer.
    `after` is the number of ended trials of a past moment.
    """
    if progress is None:
        return "What matters is told here once a study has results."
    if reason and answer is None:
        return html.escape(as_a_sentence(reason))
    said = _said_of(progress, answer, results)
    return _capital(said) if after is None else f"After {counted(after, 'trial')}: {said}"


def _said_of(progress: StudyProgress, answer: ImportanceAnswer | None, results: int) -> str:
    needed = importance_from(len(progress.settings.varied))
    if answer is not None and answer.shares:
        return _Told(answer, names_in_a_sentence(progress.settings)).said
    if results < needed:
        if is_over(progress, results):
            return f"too few results to tell what matters. {what_is_missing(progress, needed, results)}"
        return f"too early to tell what matters: {results} of {counted(needed, 'result')}."
    return "what matters is being computed."


class _Told:
    """What an answer tells, by names as they stand in a sentence."""

    def __init__(self, answer: ImportanceAnswer, names: Mapping[str, str]) -> None:
        self._answer = answer
        self._names = names
        self._several = {name for name, said in names.items() if _is_several(said)}
        self._shares = [share for share in answer.shares if share.parameter in names]
        self._told = [share for share in self._shares if verdict_of(share.low, share.high) is Verdict.TOLD]

    @property
    def sentence(self) -> str:
        """The whole answer, which begins with a capital letter."""
        return _capital(self.said)

    @property
    def said(self) -> str:
        """The whole answer, as it goes on after a colon."""
        if len(self._shares) == 1:
            return (
                f"only {self._bold(self._shares[0])} {self._is(self._shares[0])} varied: there is nothing to compare."
            )
        first = self._shares[0]
        if not self._answer.resamples:
            share = share_in_words(first.total)
            matters = f"{self._bold(first)} may matter most, with <b>{share}</b> {VARY}"
            return f"{matters}; how sure that is comes in a moment."
        if not self._told:
            return self._nothing()
        if not is_first(self._shares):
            return self._no_first()
        most = self._verb("explain", first) + " most"
        most = most if first.first >= SURELY else f"probably {most}"
        return f"{self._bold(first)} {most}: {_how_much(first)}{self._others(first)}"

    def _nothing(self) -> str:
        if all(verdict_of(share.low, share.high) is Verdict.LITTLE for share in self._shares):
            return f"no parameter matters much: each explains less than 10 % {VARY}."
        most = self._shares[0]
        if most.total < LITTLE:
            return "no parameter can be told from nothing so far: each of them may have no effect."
        return f"no parameter can be told from nothing so far, not even {self._bold(most)} with {_how_much(most)}."

    def _no_first(self) -> str:
        """Tell of those that matter when it cannot be told which of them matters most."""
        if len(self._told) == 1:
            told = self._told[0]
            matters = f"{self._bold(told)} {self._verb('matter', told)}: {_how_much(told)}"
            return f"{matters}. {self._none_but(told)}"
        return f"{self._listed(self._told)} matter; which of them explains most cannot be told."

    def _none_but(self, told: Share) -> str:
        """Tell of the others where one parameter alone can be told from nothing, and one of them may match it."""
        others = [share for share in self._shares if share is not told]
        if others[0].total > told.total:
            interval = f"90 %: {100 * others[0].low:.0f} to {share_in_words(others[0].high)}"
            more = f"{self._bold(others[0])} may explain more, <b>{share_in_words(others[0].total)}</b>, or nothing"
            return f"{_capital(more)} ({interval})."
        if len(others) == 1:
            return "The other cannot be told from nothing, but may still matter as much."
        return "No other parameter can be told from nothing so far, but one of them may still matter as much."

    def _others(self, first: Share) -> str:
        """Return the rest of the sentence: what else matters, in order only where the intervals are apart."""
        others = [share for share in self._told if share is not first]
        if not others:
            return self._no_other(first)
        second = others[0]
        if is_first([share for share in self._shares if share is not first]):
            then = f", then {self._bold(second)} with <b>{share_in_words(second.total)}</b>"
            return f"{then}{self._together(first, second)}."
        if len(others) == 1:
            matters = f"{_capital(self._bold(second))} {self._verb('matter', second)}, too"
            return f". {matters} ({share_in_words(second.total)})."
        return f". {_capital(self._listed(others))} matter, too; their order cannot be told."

    def _no_other(self, first: Share) -> str:
        unknown = [
            share
            for share in self._shares
            if share is not first and verdict_of(share.low, share.high) is Verdict.UNTOLD
        ]
        if not unknown:
            return ". All others matter little." if len(self._shares) > 2 else ". The other matters little."
        if len(self._shares) == 2:
            return ". The other cannot be told from nothing."
        return ". No other parameter can be told from nothing."

    def _together(self, first: Share, second: Share) -> str:
        """Return what of both they explain only together, if that can be told."""
        pair = next(
            (pair for pair in self._answer.pairs if set(pair.parameters) == {first.parameter, second.parameter}), None
        )
        if pair is None or not pair_is_told(pair):
            return ""
        return f"; {share_in_words(pair.share)} comes only from the two together"

    def _verb(self, verb: str, share: Share) -> str:
        """Return "explains" after one thing, "explain" after several, such as units."""
        return verb if share.parameter in self._several else f"{verb}s"

    def _is(self, share: Share) -> str:
        return "are" if share.parameter in self._several else "is"

    def _bold(self, share: Share) -> str:
        return f"<b>{html.escape(self._names[share.parameter])}</b>"

    def _listed(self, shares: Sequence[Share]) -> str:
        """Return the names in the order of the form, which asserts nothing; of many, how many there are."""
        if len(shares) > _NAMED:
            return f"{in_letters(len(shares))} parameters"
        places = list(self._names)
        return listed(self._bold(share) for share in sorted(shares, key=lambda share: places.index(share.parameter)))


def _is_several(name: str) -> bool:
    """Return whether a name is a plural in English, such as "hidden layers" and "units in layer 2"."""
    noun = re.split(r" (?:of|in|per) ", name)[0]
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is", "as"))


def _capital(rich: str) -> str:
    """Return a sentence, which may begin with a bold word, with a capital letter."""
    place = len("<b>") if rich.startswith("<b>") else 0
    return f"{rich[:place]}{rich[place : place + 1].upper()}{rich[place + 1 :]}"


def pair_is_told(pair: Pair) -> bool:
    """Return whether the share of a pair can be told from nothing."""
    return pair.low >= NOTHING


def names_in_a_sentence(settings: StudySettings) -> dict[str, str]:
    """Return what each varied parameter is called in a sentence, in the order of the form."""
    parameters = parameters_by_name(settings)
    names = {name: in_brief(in_a_sentence(parameters[name]), _LONGEST) for name in settings.varied}
    return told_apart(names, [])


def _how_much(share: Share) -> str:
    interval = f"90 %: {100 * share.low:.0f} to {share_in_words(share.high)}"
    return f"<b>{share_in_words(share.total)}</b> {VARY} ({interval})"


# How sure it is


def sure_in_words(
    progress: StudyProgress | None, answer: ImportanceAnswer | None, trust: TrustAnswer | None, results: int
) -> str:
    """Return the sentence that says how sure the answer is, and of what it speaks, as plain text."""
    if progress is None:
        return ""
    needed = importance_from(len(progress.settings.varied))
    if answer is None:
        if results >= needed:
            return "All trials are shown below meanwhile."
        return f"It is told from result {needed} on; now it would be a guess. All trials are shown below."
    over = f"over the whole ranges of the form{_where_they_apply(progress.settings)}"
    told = from_results(answer.trials, answer.held, results)
    return f"From {told}, {over}, {_by_whom(progress.settings)}.{_how_well(trust)}"


def past_in_words(shown: int | None, wanted: int | None) -> str:
    """Return what to know of an answer after `shown` ended trials when that after `wanted` is looked at.

    None stands for all trials.
    """
    if shown != wanted:
        awaited = "that of all trials" if wanted is None else f"that after {counted(wanted, 'trial')}"
        return f" Still to come: {awaited}."
    return "" if shown is None else " The lines and panels show all trials."


def from_results(told: int, held: int, known: int = 0) -> str:
    """Return of how many of the known results something is, as "300 of 1,000 results"; 0 `held` is unknown."""
    drawn = min(told, held or told)
    known = max(told, known)
    return counted(drawn, "result") if drawn >= known else f"{drawn:,} of {counted(known, 'result')}"


def _where_they_apply(settings: StudySettings) -> str:
    names = [name for key, name in names_in_a_sentence(settings).items() if key in settings.conditions]
    if len(names) == 1:
        return f" ({names[0]}: where it applies)"
    return " (conditional parameters: where they apply)" if names else ""


def _by_whom(settings: StudySettings) -> str:
    search = settings.search
    if search.method is SearchMethod.BAYESIAN and search.surrogate is Surrogate.GAUSSIAN_PROCESS:
        return "by a Gaussian process fitted for this"
    points = {SearchMethod.RANDOM: "random points", SearchMethod.GRID: "points of the grid"}
    fitted = points.get(search.method, "points that trees chose")
    return f"by a Gaussian process fitted to {fitted} for looking only"


def _how_well(trust: TrustAnswer | None) -> str:
    """Return how far the belief can be trusted, which is not the very fit that the shares are of, but near to it."""
    if trust is None:
        return ""
    interval = f"90 %: {_range_explained(trust.r2_low, trust.r2_high)}"
    if trust.r2_low <= 0 and trust.r2 <= 0:
        return f" The belief explains nothing so far of what it was not told of ({interval}): take this with care."
    explains = f"{explained_share(trust.r2)} % of what it was not told of ({interval})"
    if not is_trusted(trust):
        return f" The belief explains little so far, {explains}: take this with care."
    return f" The belief explains {explains}."


def _range_explained(low: float, high: float) -> str:
    """Return "44 to 74 %", "nothing to 45 %" or "nothing"."""
    if high <= 0:
        return "nothing"
    least, most = "nothing" if low <= 0 else explained_share(low), explained_share(high)
    return f"{most} %" if least == most else f"{least} to {most} %"


# The bars


class ABar(Protocol):
    """What is said of a bar: a parameter's, or a pair's without a share alone."""

    @property
    def label(self) -> str: ...
    @property
    def said(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def alone(self) -> float | None: ...
    @property
    def verdict(self) -> Verdict: ...


def bar_in_words(bar: ABar) -> str:
    """Return "Learning rate: 51 % with others (90 %: 19 to 99 %), 25 % alone. Can be told from nothing."."""
    interval = "" if bar.verdict is Verdict.PENDING else f" (90 %: {100 * bar.low:.0f} to {share_in_words(bar.high)})"
    what = f"{bar.said} only together" if bar.alone is None else f"{bar.said} with others"
    alone = "" if bar.alone is None else f", {share_in_words(bar.alone)} alone"
    click = " A click shows what is believed over both." if bar.alone is None else ""
    return f"{bar.label}: {what}{interval}{alone}. {verdict_in_words(bar.verdict, bar.high)}.{click}"


def left_out(bars: Sequence[ABar]) -> str:
    """Return "and 8 more, each at most 4 %" for those that have no room."""
    pending = any(bar.verdict is Verdict.PENDING for bar in bars)
    most = "" if pending else f", each at most {share_in_words(max(bar.high for bar in bars))}"
    return f"and {len(bars)} more{most}"


def bars_read_out(parameters: Sequence[ABar], pairs: Sequence[ABar]) -> str:
    """Return all bars as sentences."""
    said = [bar_in_words(bar).removesuffix(" A click shows what is believed over both.") for bar in parameters]
    told = [f"{bar.label}, only together: {bar.said}." for bar in pairs if bar.verdict is Verdict.TOLD]
    return " ".join([*said, *told]).replace(" %", " percent")


# For those who cannot see it


def page_in_words(
    progress: StudyProgress | None,
    answer: ImportanceAnswer | None,
    results: int,
    brushed: int | None,
    after: int | None = None,
) -> str:
    """Return what the page shows, for a screen reader; `after` is the number of ended trials of a past moment."""
    if progress is None or answer is None or not answer.resamples:
        said = plainly(answer_in_words(progress, answer, results, "", after))
    else:
        begin = "" if after is None else f"After {counted(after, 'trial')}. "
        said = begin + _shares_read_out(answer, names_in_a_sentence(progress.settings))
    left = (
        ""
        if brushed is None or progress is None
        else f" {brushed} of {counted(len(progress.finished), 'trial')} brushed."
    )
    return f"{said}{left}"


def _shares_read_out(answer: ImportanceAnswer, names: Mapping[str, str]) -> str:
    sentence = plainly(_Told(answer, names).sentence).removesuffix(".").replace(" %", " percent")
    unknown = sum(verdict_of(share.low, share.high) is Verdict.UNTOLD for share in answer.shares)
    told = "matters little" in sentence or "matter little" in sentence
    little = sum(verdict_of(share.low, share.high) is Verdict.LITTLE for share in answer.shares)
    more = [f"{in_letters(unknown)} cannot be told from nothing"] if unknown and "from nothing" not in sentence else []
    more += [f"{in_letters(little)} {'matters' if little == 1 else 'matter'} little"] if little and not told else []
    return f"{'; '.join([sentence, *more])}."
