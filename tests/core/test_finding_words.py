"""What is said of findings: short forms that fit, and sentences by their grammar."""

import html
import re
from dataclasses import replace

import msgspec
import pytest

from core.analysis.answers import Share
from core.analysis.findings.finding import Finding
from core.analysis.findings.range_edge import RangeEdge
from core.analysis.findings.registry import findings
from core.words.findings import (
    act_in_words,
    arrow_to,
    done_in_words,
    finding_in_words,
    findings_in_words,
    findings_read_out,
    new_findings,
    said,
)
from tests.finding_studies import (
    AT_THE_END,
    EVERYTHING,
    FLAT,
    RATES,
    RISING,
    SETTINGS,
    belief_of,
    importance_of,
    known,
    slice_of,
    study,
    trust_of,
)

PROGRESS = study()


def told(*answers: object) -> str:
    """Return all that is said of the first finding of these answers."""
    (finding, *_) = findings(known(*answers))  # type: ignore[arg-type]
    return finding_in_words(finding, PROGRESS)


def test_that_each_short_form_fits_and_nothing_is_advised() -> None:
    for finding in findings(EVERYTHING):
        words = said(finding, PROGRESS)
        assert len(words.short) <= 42
        assert "should" not in finding_in_words(finding, PROGRESS)
        assert finding_in_words(finding, PROGRESS).endswith(".")
        assert html.unescape(re.sub("</?b>", "", words.sentence)).count("<") == 0


def test_that_an_end_of_a_range_is_told_with_its_numbers() -> None:
    assert told(belief_of(AT_THE_END, FLAT)) == (
        "Learning rate: the best lies at the upper end of the range, 0.0001 to 0.1. Wider may be better. "
        "Through trial 20, the best observed, 15 is believed at 0.1 and 24 at 0.0016: 9 less (95 %: 8 to 10). "
        "Nothing below 0.025 is as good."
    )


def test_that_the_trials_near_the_end_are_counted() -> None:
    (finding,) = [each for each in findings(EVERYTHING) if isinstance(each.facts, RangeEdge)]
    for near, words in (
        (1, "as good, and 1 of the 12 trials that the surrogate chose lies near that end."),
        (3, "as good, and 3 of the 12 trials that the surrogate chose lie near that end."),
        (12, "as good, and all 12 trials that the surrogate chose lie near that end."),
    ):
        counted = replace(finding, facts=msgspec.structs.replace(finding.facts, near=near))
        assert finding_in_words(counted, PROGRESS).endswith(words)


def test_that_the_signs_of_numbers_are_those_of_numbers_and_not_of_exponents() -> None:
    (finding,) = [each for each in findings(EVERYTHING) if isinstance(each.facts, RangeEdge)]
    small = replace(finding, facts=msgspec.structs.replace(finding.facts, better_low=-1.4e-4, better_high=2e-5))
    assert "(95 %: −1.4e-4 to 2e-5)" in finding_in_words(small, PROGRESS)


def test_that_the_lower_end_is_told_the_other_way_round() -> None:
    falling = slice_of("learning_rate", RATES, RISING[::-1], [place < 3 for place in range(11)], covered=0.3)
    sentence = told(belief_of(falling, FLAT))
    assert "at the lower end" in sentence
    assert "Nothing above 4e-4 is as good" in sentence


def test_that_what_cannot_be_told_names_the_best_as_believed_and_the_scatter() -> None:
    assert told(belief_of(FLAT, as_good=(3, 4, 20))) == (
        "Nothing can be told apart yet: any value of each parameter may be as good as the best. "
        "Trial 20, the best as believed, cannot be told from 2 others of 20 results (one-sided 95 %); "
        "one training scatters by ± 0.76. More trials, or repeats against the noise, would tell more."
    )
    inside = msgspec.structs.replace(AT_THE_END, covered=0.7)
    assert told(belief_of(inside, FLAT, as_good=range(12, 21))) == (
        "9 trials cannot be told apart: each may be the best. Trial 20, the best as believed, cannot be told from "
        "8 others of 20 results (one-sided 95 %); one training scatters by ± 0.76."
    )


@pytest.mark.parametrize(
    ("r2", "low", "high", "share"),
    [
        (0.18, -0.1, 0.45, "18 % of what it was not told of after 5 results (90 %: nothing to 45 %)."),
        (-0.5, -1.0, -0.2, "Nothing of what it was not told of after 5 results (90 %: nothing)."),
        (0.1, 0.05, 0.2, "10 % of what it was not told of after 5 results (90 %: 5 to 20 %)."),
    ],
)
def test_that_a_belief_that_explains_little_is_told_in_shares(r2: float, low: float, high: float, share: str) -> None:
    assert share in told(None, trust_of(r2, low, high))


def test_that_what_explains_most_is_compared_with_the_next() -> None:
    assert told(None, None, importance_of()) == (
        "Learning rate probably explains most: more than any other parameter. 80 % of how results vary over the "
        "ranges (90 %: 50 to 95 %), from 20 results; no other parameter can be told from nothing."
    )
    rate = Share("learning_rate", 0.8, 0.5, 0.95, 0.6, 0.99)
    batch = Share("batch_size", 0.3, 0.1, 0.45, 0.1, 0.01)
    assert "the next is batch size with 30 % (90 %: 10 to 45 %)." in told(None, None, importance_of(rate, batch))
    many = msgspec.structs.replace(importance_of(rate, batch), trials=1000, held=300)
    assert "(90 %: 50 to 95 %), from 300 of 1,000 results;" in told(None, None, many)


def test_that_where_intervals_overlap_nothing_is_said_to_explain_most() -> None:
    rate = Share("learning_rate", 0.8, 0.5, 0.95, 0.6, 0.99)
    words = told(None, None, importance_of(rate, Share("batch_size", 0.3, 0.0, 0.6, 0.1, 0.01)))
    assert words == (
        "Learning rate: no other parameter can be told from nothing. 80 % of how results vary over the ranges "
        "(90 %: 50 to 95 %), from 20 results; another one may still matter as much."
    )
    assert not findings(known(None, None, importance_of(rate, Share("batch_size", 0.3, 0.1, 0.6, 0.1, 0.01))))


def test_that_the_act_says_what_it_does() -> None:
    change = findings(EVERYTHING)[0].change
    assert change is not None
    assert act_in_words(change) == "New study with 0.0001 to 1"
    assert arrow_to(change) == "→ 1"
    assert arrow_to(msgspec.structs.replace(change, part="low", value=1e-5)) == "0.00001 ←"
    assert done_in_words(change, SETTINGS).startswith("A new study with learning rate from 0.0001 to 1;")


def test_that_all_findings_are_counted_and_read_out() -> None:
    found = findings(EVERYTHING)
    assert findings_in_words(found) == "3 findings"
    assert findings_in_words(found[:1]) == "1 finding"
    assert findings_in_words(()) == findings_read_out((), None) == "Nothing to point out so far."
    assert findings_read_out(found, PROGRESS) == (
        "3 findings, 1 to act on. First: learning rate: best at its upper end."
    )
    assert new_findings(found[1:2], PROGRESS) == "New finding: learning rate probably explains most."
    assert new_findings(found[1:3], PROGRESS).startswith("2 new findings. First: ")


def test_that_a_strangers_name_is_neither_obeyed_nor_too_long() -> None:
    name = "<b>units</b> & " + "very " * 20 + "long"
    (finding,) = findings(known(None, None, importance_of(Share(name, 0.8, 0.5, 0.9, 0.5, 0.99), _BATCH)))
    words = said(finding, PROGRESS)
    assert len(words.short) <= 42
    assert words.short.startswith("<b>units</b> & very")
    assert words.short.endswith(" explains most")
    behind = importance_of(
        Share("learning_rate", 0.8, 0.5, 0.9, 0.5, 0.99), msgspec.structs.replace(_BATCH, parameter=name)
    )
    (finding,) = findings(known(None, None, behind))
    assert "&lt;b&gt;units" in said(finding, PROGRESS).sentence


_BATCH = Share("batch_size", 0.3, 0.1, 0.45, 0.1, 0.01)


def test_that_a_finding_is_known_by_its_kind_and_subject_whatever_its_numbers() -> None:
    def keys(first: float) -> list[str]:
        rate = Share("learning_rate", first, 0.5, 0.95, 0.6, 0.9)
        found: tuple[Finding, ...] = findings(known(belief_of(), None, importance_of(rate, _BATCH)))
        return [finding.key for finding in found]

    assert keys(0.8) == keys(0.7) == ["range_edge:learning_rate:upper", "explains_most:learning_rate"]
