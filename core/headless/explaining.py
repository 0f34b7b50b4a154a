"""What a study has learnt, printed: what matters, where the best is, how far to trust that, each range, findings."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from core.analysis.answers import (
    Answer,
    BeliefAnswer,
    Estimate,
    ImportanceAnswer,
    Share,
    Slice,
    TrustAnswer,
    Unanswerable,
)
from core.analysis.asked import request_maker
from core.analysis.findings.finding import Known
from core.analysis.findings.registry import findings
from core.analysis.process import answers
from core.analysis.questions import ImportanceQuestion, Question, TrustQuestion
from core.analysis.when import belief_from, importance_from, trust_from
from core.formatting import format_number
from core.headless.console import DONE, plain, print_table, put_out, refusing
from core.headless.studies import opened
from core.letters import escaped_in_json
from core.progress import StudyProgress
from core.words.believed import NEXT, answer_in_words, good_values, here_in_words, in_unit, sure_in_words, turned
from core.words.captions import told_apart
from core.words.findings import NOTHING_TO_POINT_OUT, finding_in_words
from core.words.importance import answer_in_words as importance_in_words
from core.words.importance import as_a_sentence, plainly, share_in_words
from core.words.importance import sure_in_words as how_sure_it_is
from core.words.ranges import range_in_words
from core.words.too_few import is_over, what_is_missing
from core.words.trials import parameters_by_name
from core.words.trusted import as_told, trust_in_words

_LONG = 300
"""From so many results on the intervals take long enough for a word about it."""
Some = TypeVar("Some", bound=Answer)


class Explained:
    """What can be told of a study, computed at once; of what cannot be told, `untold` has a sentence that says why."""

    def __init__(self, progress: StudyProgress) -> None:
        self.progress = progress
        self.untold: dict[str, str] = {}
        varied, self._results = len(progress.settings.varied), progress.results_after(None)
        made = request_maker(progress)()
        request = made.request
        asked = made.belief()
        self.belief = self._told("belief", asked, BeliefAnswer, belief_from(varied))
        self.trust = self._told("trust", TrustQuestion(request), TrustAnswer, trust_from(varied))
        question = ImportanceQuestion(request)
        self.importance = self._told("importance", question, ImportanceAnswer, importance_from(varied))
        self.findings = findings(Known(progress, self.belief, self.trust, self.importance))

    def _told(self, what: str, question: Question, kind: type[Some], first: int) -> Some | None:
        """Return the best answer to a question, which is asked from so many results on."""
        if self._results < first:
            self.untold[what] = _too_early(self.progress, first, self._results)
            return None
        if isinstance(question, ImportanceQuestion) and self._results >= _LONG:
            print("What matters is being computed; of so many results that can take a minute.", file=sys.stderr)
        found: Some | None = None
        for answer in answers(question):
            if isinstance(answer, kind):
                found = answer
            elif isinstance(answer, Unanswerable):
                self.untold[what] = as_a_sentence(answer.reason)
        return found

    @property
    def told(self) -> BeliefAnswer | None:
        """The belief as it may be told of ranges."""
        return as_told(self.belief, self.trust)


def _too_early(progress: StudyProgress, first: int, count: int) -> str:
    if is_over(progress, count):
        return f"Too few results to tell. {what_is_missing(progress, first, count)}"
    return f"Too early to tell: {count} of {first} results."


@refusing
def explain(path: Path, *, as_json: bool = False) -> int:
    """Print what a study has learnt, as sentences and tables or, for programs, as JSON."""
    explained = Explained(opened(path))
    if as_json:
        put_out(_as_json(explained))
    else:
        _print(explained)
    return DONE


# For people


def _print(explained: Explained) -> None:
    progress = explained.progress
    if progress.name:
        print(f"{plain(progress.name)}\n")
    _print_importance(explained)
    _print_belief(explained)
    _print_ranges(explained)
    _head("Can the belief be trusted?")
    if explained.trust is None:
        print(explained.untold["trust"])
    else:
        noise = None if explained.belief is None else explained.belief.noise
        print(*map(plainly, trust_in_words(progress, explained.trust, noise)), sep="\n")
    _head("Findings")
    told = [plain(finding_in_words(finding, progress)) for finding in explained.findings]
    print(*(f"- {sentence}" for sentence in told) if told else (NOTHING_TO_POINT_OUT,), sep="\n")


def _head(title: str) -> None:
    print(f"\n{title}")


def _print_importance(explained: Explained) -> None:
    print("What matters")
    answer, progress = explained.importance, explained.progress
    if answer is None:
        print(explained.untold["importance"])
        return
    print(plain(plainly(importance_in_words(progress, answer, answer.trials, ""))))
    print(plain(how_sure_it_is(progress, answer, explained.trust, answer.trials)))
    names = _names(progress)
    rows = [("parameter", "share of how results vary", "90 %", "alone")]
    rows += [(names[each.parameter], *_shares(each), share_in_words(each.alone)) for each in answer.shares]
    print_table(rows)
    pairs = [pair for pair in answer.pairs if round(100 * pair.share) > 0]
    if pairs:
        print()
        rows_of_pairs = [("only together", "share of how results vary", "90 %")]
        for pair in pairs[:3]:
            together = " × ".join(names[name] for name in pair.parameters)
            ends = f"{100 * pair.low:.0f} to {share_in_words(pair.high)}"
            rows_of_pairs.append((together, share_in_words(pair.share), ends))
        print_table(rows_of_pairs)


def _shares(share: Share) -> tuple[str, str]:
    return share_in_words(share.total), f"{100 * share.low:.0f} to {share_in_words(share.high)}"


def _print_belief(explained: Explained) -> None:
    _head("The best, as believed")
    answer, progress = explained.belief, explained.progress
    if answer is None:
        print(explained.untold["belief"])
        return
    print(plain(plainly(answer_in_words(progress, answer, explained.trust))))
    print(plain(plainly(sure_in_words(progress, answer)).replace(f" {NEXT}", "")))
    here = here_in_words(progress, answer)
    print(plain(f"Trial {answer.through_trial} is the best observed: {_values(progress, answer.through)}; {here}."))
    if answer.lowest_trial != answer.through_trial:
        values = _values(progress, progress.trials[answer.lowest_trial].values)
        print(plain(f"Trial {answer.lowest_trial}: {values}."))


def _values(progress: StudyProgress, values: Mapping[str, Any]) -> str:
    parameters, names = parameters_by_name(progress.settings), _names(progress)
    return ", ".join(f"{said} {parameters[name].text(values[name])}" for name, said in names.items() if name in values)


def _print_ranges(explained: Explained) -> None:
    answer, progress = explained.told, explained.progress
    if answer is None:
        return
    _head(f"What was learnt of each range, through trial {answer.through_trial}, the best observed")
    names, parameters = _names(progress), parameters_by_name(progress.settings)
    lowest = progress.objective.extreme
    rows = [("parameter", "range", "as good as the best", f"{lowest} mean", "at")]
    for one in answer.slices:
        given, parameter = progress.settings.varied[one.parameter], parameters[one.parameter]
        good = good_values(one, parameter, given) if one.values else "does not apply there"
        mean, at = _lowest(progress, one)
        shown = parameter.text(at) if at is not None else "–"
        rows.append((names[one.parameter], range_in_words(parameter, given), good or "any value", mean, shown))
    print_table(rows)


def _lowest(progress: StudyProgress, one: Slice) -> tuple[str, Any]:
    """Return the lowest mean of a slice that rules allow, as text, and the value where it is."""
    place = one.lowest
    if place is None:
        return "–", None
    return format_number(in_unit(progress, one.band.mean[place])), one.values[place]


def _names(progress: StudyProgress) -> dict[str, str]:
    """Return what each varied parameter is called in a table: by its name, as `show` does."""
    taken = ("parameter", "range", "only together")
    return told_apart({name: name for name in progress.settings.varied}, taken)


# For programs


def _as_json(explained: Explained) -> str:
    progress, belief, told = explained.progress, explained.belief, explained.told
    content = {
        **_importance_for_programs(explained.importance),
        "belief": None if belief is None else _belief_for_programs(progress, belief),
        "ranges": [] if told is None else [_range_for_programs(progress, one) for one in told.slices],
        "trust": _trust_for_programs(explained.trust),
        "findings": [
            {"kind": each.kind, "sentence": finding_in_words(each, progress), "evidence": each.evidence}
            for each in explained.findings
        ],
        "untold": explained.untold,
    }
    text = msgspec.json.format(msgspec.json.encode(content), indent=2)
    return escaped_in_json(text.decode()) + "\n"


def _importance_for_programs(answer: ImportanceAnswer | None) -> dict[str, Sequence[object]]:
    if answer is None:
        return {"importance": [], "pairs": []}
    return {
        "importance": [
            {"parameter": each.parameter, "share": each.total, "low": each.low, "high": each.high}
            for each in answer.shares
        ],
        "pairs": [
            {"parameters": each.parameters, "share": each.share, "low": each.low, "high": each.high}
            for each in answer.pairs
        ],
    }


def _belief_for_programs(progress: StudyProgress, answer: BeliefAnswer) -> dict[str, object]:
    """Return the belief at the best observed trial; `lowest` is that at the trial where the mean is the best."""
    lowest = progress.trials[answer.lowest_trial].values
    values = {name: lowest[name] for name in progress.settings.varied if name in lowest}
    return {
        "trial": answer.through_trial,
        "values": answer.through,
        **_estimate_for_programs(progress, answer.here or answer.lowest),
        "unit": progress.objective.metric,
        "lowest": {
            "trial": answer.lowest_trial,
            "values": values,
            **_estimate_for_programs(progress, answer.lowest),
        },
    }


def _estimate_for_programs(progress: StudyProgress, estimate: Estimate) -> dict[str, float]:
    mean, low, high = turned(progress, estimate)
    return {"mean": mean, "low": low, "high": high, "deviation": estimate.deviation}


def _range_for_programs(progress: StudyProgress, one: Slice) -> dict[str, object]:
    """Return what was learnt of a range: which values are as good as the best, None where that ends with the range."""
    levels = [value for value, good in zip(one.values, one.as_good, strict=True) if good] if one.good_levels else None
    return {
        "parameter": one.parameter,
        "applies": bool(one.values),
        "told": one.told,
        "from": one.from_,
        "to": one.to,
        "values": levels,
        "range": msgspec.to_builtins(progress.settings.varied[one.parameter]),
    }


def _trust_for_programs(answer: TrustAnswer | None) -> dict[str, float] | None:
    if answer is None:
        return None
    return {"r2": answer.r2, "low": answer.r2_low, "high": answer.r2_high, "trials": len(answer.trials)}
