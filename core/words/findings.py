"""Findings in words: short for the line, a heading, and a sentence with the numbers; rich text where it says so.

The grammar: *Subject: claim in the present tense.* Then a number with its interval, then compared with what.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.analysis.findings.cannot_tell import CannotTell
from core.analysis.findings.explains_little import LITTLE, ExplainsLittle
from core.analysis.findings.explains_most import ExplainsMost
from core.analysis.findings.finding import Badge, Facts, Finding, Widened
from core.analysis.findings.range_edge import RangeEdge
from core.formatting import counted, format_number, in_short
from core.letters import on_one_line
from core.parameters import Parameter
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.believed import scatter_in_words
from core.words.bounds import within_bounds
from core.words.captions import in_a_sentence
from core.words.importance import VARY, from_results
from core.words.ranges import number_in_a_cell
from core.words.trials import parameters_by_name

NOTHING_TO_POINT_OUT = "Nothing to point out so far."
_LONGEST = 42
"""The most letters of the short form."""
_NAME = 60
"""The most letters of a stranger's name in a sentence."""
_MORE = "More trials, or repeats against the noise, would tell more."
_BADGES = {Badge.ACT: "something to do", Badge.KNOW: "to know", Badge.NOTHING_TO_GAIN: "nothing to gain"}


@dataclass(frozen=True)
class Said:
    """What is said of a finding. `short` and `heading` are plain, `sentence` is rich text; `page` shows more of it."""

    short: str
    heading: str
    sentence: str
    page: str


def said(finding: Finding, progress: StudyProgress) -> Said:
    """Return what is said of a finding about the study."""
    return _WORDS[type(finding.facts)](finding.facts, progress)


def finding_in_words(finding: Finding, progress: StudyProgress) -> str:
    """Return all that is said of a finding, as plain text."""
    words = said(finding, progress)
    return f"{words.heading} {_plain(words.sentence)}"


def badge_in_words(badge: Badge) -> str:
    """Return what a badge means."""
    return _BADGES[badge]


# Each kind


def _range_edge(facts: RangeEdge, progress: StudyProgress) -> Said:
    name, ends = _Name(progress.settings, facts.parameter), _ends(facts.low, facts.high)
    which = "upper" if facts.upper else "lower"
    objective = progress.objective
    better = "more" if objective.higher_is_better else "less"
    interval = _interval(95, facts.better_low, facts.better_high)
    beyond = "below" if facts.upper else "above"
    good_to = format_number(facts.good_to, 2) if isinstance(facts.good_to, float) else str(facts.good_to)
    chosen = "" if not facts.near else f", and {_near(facts)}"
    mean, other_mean = (within_bounds(progress, each) for each in (facts.believed, facts.other_believed))
    return Said(
        _short(name, f": best at the {which} end of {ends}", f": best at its {which} end"),
        f"{name.first}: the best lies at the {which} end of the range, {ends}. Wider may be better.",
        f"Through trial {facts.trial}, the best observed, {format_number(mean)} is believed at "
        f"{number_in_a_cell(facts.at)} and {format_number(other_mean)} at "
        f"{format_number(facts.other, 2) if isinstance(facts.other, float) else facts.other}: "
        f"<b>{format_number(facts.better, 2)}</b> {better} {interval}. Nothing {beyond} {good_to} is as good{chosen}.",
        "belief",
    )


def _near(facts: RangeEdge) -> str:
    if facts.near == facts.chosen:
        whose = "the trial" if facts.chosen == 1 else f"all {facts.chosen} trials"
        return f"{whose} that the surrogate chose {'lies' if facts.chosen == 1 else 'lie'} near that end"
    lie = "lies" if facts.near == 1 else "lie"
    return f"{facts.near} of the {facts.chosen} trials that the surrogate chose {lie} near that end"


def _explains_most(facts: ExplainsMost, progress: StudyProgress) -> Said:
    name = _Name(progress.settings, facts.parameter)
    share = f"<b>{_percent(facts.share)}</b> {VARY} {_percents(facts.low, facts.high)}"
    share = f"{share}, from {from_results(facts.trials, facts.held)}"
    if not facts.is_most:
        return Said(
            _short(name, " alone can be told to matter"),
            f"{name.first}: no other parameter can be told from nothing.",
            f"{share}; another one may still matter as much.",
            "parameters",
        )
    explains = "explains most" if facts.is_sure else "probably explains most"
    if facts.next is None or facts.next_share is None:
        rest = "no other parameter can be told from nothing"
    else:
        other = html.escape(_Name(progress.settings, facts.next).within)
        ends = _percents(facts.next_low or 0.0, facts.next_high or 0.0)
        rest = f"the next is {other} with {_percent(facts.next_share)} {ends}"
    return Said(
        _short(name, f" {explains}"),
        f"{name.first} {explains}: more than any other parameter.",
        f"{share}; {rest}.",
        "parameters",
    )


def _cannot_tell(facts: CannotTell, progress: StudyProgress) -> Said:
    others = facts.alike - 1
    scatter = scatter_in_words(progress, facts.scatter)
    noise = f"; one {scatter}" if scatter else ""
    from_whom = f"{others} {'other' if others == 1 else 'others'} of {counted(facts.results, 'result')}"
    apart = (
        f"Trial {facts.trial}, the best as believed, cannot be told from <b>{from_whom}</b> (one-sided 95 %){noise}."
    )
    if not facts.told:
        alone = f"After {counted(facts.results, 'result')}, nothing is sure of any range{noise}."
        return Said(
            "Nothing can be told apart yet",
            "Nothing can be told apart yet: any value of each parameter may be as good as the best.",
            f"{apart if others else alone} {_MORE}",
            "belief",
        )
    return Said(
        f"{facts.alike} trials cannot be told apart",
        f"{facts.alike} trials cannot be told apart: each may be the best.",
        apart,
        "belief",
    )


def _explains_little(facts: ExplainsLittle, _progress: StudyProgress) -> Said:
    share = _percent(facts.r2) if facts.r2 > 0 else "Nothing"
    claim = "explains little" if not facts.r2 >= LITTLE else "may explain nothing"
    return Said(
        f"The belief {claim} so far",
        f"The belief {claim} so far: its slices are to be taken with care.",
        f"<b>{share}</b> of what it was not told of after {counted(facts.trials, 'result')} "
        f"{_percents(facts.low, facts.high)}. {_MORE}",
        "belief",
    )


_WORDS: Mapping[type[Facts], Callable[[Any, StudyProgress], Said]] = {
    RangeEdge: _range_edge,
    ExplainsMost: _explains_most,
    CannotTell: _cannot_tell,
    ExplainsLittle: _explains_little,
}
"""Who says what is found, by the kind of facts."""


# What can be done


def act_in_words(change: Widened) -> str:
    """Return the words of the button that sets up a study with the change: "New study with 4 to 64"."""
    return f"New study with {_ends(change.range.low, change.range.high)}"


def arrow_to(change: Widened) -> str:
    """Return what stands beside the value that would change: "→ 64", at the left of a lower end "2 ←"."""
    number = number_in_a_cell(change.value)
    return f"→ {number}" if change.part == "high" else f"{number} ←"


def done_in_words(change: Widened, settings: StudySettings) -> str:
    """Return what the form shows once the button was pressed."""
    name, ends = _Name(settings, change.parameter).within, _ends(change.range.low, change.range.high)
    return f"A new study with {name} from {ends}; nothing is started, and Undo takes it back"


# All together


def findings_in_words(findings: Sequence[Finding]) -> str:
    """Return "5 findings", or that there are none."""
    return counted(len(findings), "finding") if findings else NOTHING_TO_POINT_OUT


def findings_read_out(findings: Sequence[Finding], progress: StudyProgress | None) -> str:
    """Return "5 findings, 2 to act on. First: units, best at the upper end of 4 to 32."."""
    if not findings or progress is None:
        return NOTHING_TO_POINT_OUT
    acts = sum(finding.badge is Badge.ACT for finding in findings)
    to_do = f", {acts} to act on" if acts else ""
    first = said(findings[0], progress).short
    return f"{findings_in_words(findings)}{to_do}. First: {_lowered(first)}."


def new_findings(findings: Sequence[Finding], progress: StudyProgress) -> str:
    """Return what is announced of findings that are new: "New finding: …"."""
    first = said(findings[0], progress).short
    if len(findings) == 1:
        return f"New finding: {_lowered(first)}."
    return f"{len(findings)} new findings. First: {_lowered(first)}."


# Parts


class _Name:
    """What a parameter is called: at the beginning of a sentence, and within one; a stranger's name is cut."""

    def __init__(self, settings: StudySettings, name: str) -> None:
        parameter: Parameter | None = parameters_by_name(settings).get(name)
        label = name if parameter is None else parameter.label
        self.within = in_short(on_one_line(name if parameter is None else in_a_sentence(parameter)), _NAME)
        self.first = in_short(on_one_line(label), _NAME)


def _short(name: _Name, *claims: str) -> str:
    """Return the short form, with the first claim that fits, or the last; a long name is cut."""
    claim = next((claim for claim in claims if len(name.first) + len(claim) <= _LONGEST), claims[-1])
    return f"{in_short(name.first, _LONGEST - len(claim))}{claim}"


def _lowered(sentence: str) -> str:
    """Return a sentence as it goes on after a colon; a name from a model file stays as it is."""
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence


def _ends(low: float, high: float) -> str:
    return f"{number_in_a_cell(low)} to {number_in_a_cell(high)}"


def _interval(level: int, low: float, high: float) -> str:
    return f"({level} %: {_signed(low)} to {_signed(high)})"


def _signed(number: float) -> str:
    return f"{'−' if number < 0 else ''}{format_number(abs(number), 2)}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _percents(low: float, high: float) -> str:
    """Return the 90 % interval of a share; what is below 0 is nothing."""
    ends = "nothing" if round(100 * low) <= 0 else f"{100 * low:.0f}", "nothing" if high <= 0 else _percent(high)
    return "(90 %: nothing)" if ends == ("nothing", "nothing") else f"(90 %: {ends[0]} to {ends[1]})"


def _plain(rich: str) -> str:
    return html.unescape(rich.replace("<b>", "").replace("</b>", ""))
