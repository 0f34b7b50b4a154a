"""What is pointed out of a study, from hand-made answers and from real ones."""

import msgspec
import numpy as np
import pytest

from core.analysis.answers import Share, TrustAnswer
from core.analysis.asked import request_after
from core.analysis.beliefs import belief
from core.analysis.findings.cannot_tell import CannotTell
from core.analysis.findings.explains_most import ExplainsMost
from core.analysis.findings.finding import Badge, Facts, Finding, Known
from core.analysis.findings.range_edge import RangeEdge
from core.analysis.findings.registry import findings
from core.analysis.findings.widening import widened
from core.analysis.questions import BeliefQuestion
from core.errors import InvalidSetting
from core.figures import evidence as pictures
from core.parameters import FloatParameter, IntegerParameter
from core.ranges import FloatRange, IntegerRange, Scale
from core.words import findings as words
from tests.finding_studies import (
    AT_THE_END,
    DOUBTED,
    EVERYTHING,
    FLAT,
    RATES,
    RISING,
    SETTINGS,
    belief_of,
    importance_of,
    known,
    maximised,
    slice_of,
    study,
    trust_of,
)

FLOAT = FloatParameter(
    name="x", label="X", help="", default=0.1, low=0.1, high=1.0, minimum=0.0, maximum=10.0, minimum_allowed=False
)
INTEGER = IntegerParameter(name="n", label="N", help="", default=8, low=4, high=32, minimum=1, maximum=512)


def kinds(found: tuple[Finding, ...]) -> list[str]:
    return [finding.kind for finding in found]


def edge_of(*slices: object) -> list[Finding]:
    made = belief_of(*slices)  # type: ignore[arg-type]
    return [finding for finding in findings(known(made)) if finding.kind == "range_edge"]


# All kinds


def test_that_what_can_be_acted_on_comes_first_and_each_kind_has_words_and_a_picture() -> None:
    found, doubted = findings(EVERYTHING), findings(DOUBTED)
    assert kinds(found) == ["range_edge", "explains_most", "cannot_tell"]
    assert kinds(doubted) == ["explains_most", "cannot_tell", "explains_little"]
    assert found[0].badge is Badge.ACT
    assert len({finding.key for finding in (*found, *doubted)}) == 4
    for all_known, all_found in ((EVERYTHING, found), (DOUBTED, doubted)):
        for finding in all_found:
            assert words.said(finding, all_known.progress).short
            assert pictures.evidence(finding, all_known) is not None


@pytest.mark.parametrize("trust", [trust_of(0.1), trust_of(0.5, -0.1)])
def test_that_a_belief_that_may_explain_nothing_tells_of_no_range(trust: TrustAnswer) -> None:
    found = findings(known(belief_of(), trust))
    assert kinds(found) == ["cannot_tell", "explains_little"]
    assert isinstance(found[0].facts, CannotTell)
    assert found[0].facts.told == 0
    assert not findings(Known(study(), belief_of())), "it is not yet known whether to trust it"


def test_that_an_end_is_not_told_where_the_other_one_is_as_good_too() -> None:
    good = [place in (0, 1, 10) for place in range(11)]
    assert not edge_of(slice_of("learning_rate", RATES, RISING, good, covered=0.25))


def test_that_every_kind_of_facts_is_known_to_words_and_figures() -> None:
    every = set(Facts.__subclasses__())
    assert every == words._WORDS.keys() == pictures._PICTURES.keys()


def test_that_without_answers_nothing_is_found() -> None:
    assert findings(known()) == ()
    assert findings(known(progress=study(0))) == ()


def test_that_evidence_is_plain_numbers_and_names() -> None:
    for finding in findings(EVERYTHING):
        assert msgspec.json.decode(msgspec.json.encode(finding.evidence)) == finding.evidence


# Best at a range's edge


def test_that_the_best_at_an_end_is_told_with_its_numbers_and_a_wider_range() -> None:
    (finding,) = edge_of(AT_THE_END, FLAT)
    facts, change = finding.facts, finding.change
    assert isinstance(facts, RangeEdge)
    assert (facts.upper, facts.at, facts.believed) == (True, RATES[-1], RISING[-1])
    assert facts.other == RATES[4], "the middle of what is surely worse"
    assert (facts.better, facts.better_low, facts.better_high) == (9.0, 8.0, 10.0)
    assert facts.good_to == pytest.approx(RATES[8])
    assert facts.chosen == 12
    assert change is not None
    assert (change.part, change.value) == ("high", 1.0)
    changed = change.applied(SETTINGS)
    assert changed.model.ranges["learning_rate"] == FloatRange(1e-4, 1.0, Scale.LOG)
    assert {n: r for n, r in changed.model.ranges.items() if n != "learning_rate"} == {
        n: r for n, r in SETTINGS.model.ranges.items() if n != "learning_rate"
    }


def test_that_the_numbers_of_a_maximised_metric_are_its_own() -> None:
    settings = maximised()
    progress = study(settings=settings)
    (finding,) = [f for f in findings(known(belief_of(), progress=progress)) if f.kind == "range_edge"]
    facts = finding.facts
    assert isinstance(facts, RangeEdge)
    assert facts.believed == -RISING[-1]
    assert facts.better == 9.0
    assert "9 more" in words.finding_in_words(finding, progress)


def test_that_the_lower_end_is_told_like_the_upper_one() -> None:
    falling = slice_of("learning_rate", RATES, RISING[::-1], [place < 3 for place in range(11)], covered=0.3)
    (finding,) = edge_of(falling)
    assert isinstance(finding.facts, RangeEdge)
    assert not finding.facts.upper
    assert finding.change is not None
    assert (finding.change.part, finding.change.value) == ("low", 1e-5)


def test_that_an_end_is_not_told_without_all_of_its_reasons() -> None:
    inside = (*RISING[:9], RISING[10], RISING[9])
    good = [place > 7 for place in range(11)]
    assert not edge_of(slice_of("learning_rate", RATES, inside, good, covered=0.3)), "the lowest mean is inside"
    assert not edge_of(slice_of("learning_rate", RATES, RISING, good, covered=0.6)), "too much is as good"
    assert not edge_of(FLAT), "all is as good"
    trees = msgspec.structs.replace(AT_THE_END, worse_low=(), worse_high=())
    assert not edge_of(trees), "trees know no differences"
    averaged = msgspec.structs.replace(belief_of(), averaged=True)
    assert not findings(known(averaged)), "it is not through the best"


def test_that_the_end_is_compared_with_a_value_that_is_surely_worse_or_not_told() -> None:
    unsure = msgspec.structs.replace(AT_THE_END, worse_low=(2.0, *[-0.1] * 10))
    (finding,) = edge_of(unsure)
    assert isinstance(finding.facts, RangeEdge)
    assert finding.facts.other == RATES[0]
    assert not edge_of(msgspec.structs.replace(AT_THE_END, worse_low=(0.0, *[-0.1] * 10)))


def test_that_an_end_that_cannot_be_wider_is_not_told() -> None:
    lowest = tuple(15.0 + place for place in range(12))
    batches = slice_of("batch_size", FLAT.values, lowest, [place < 3 for place in range(12)], covered=0.2)
    assert not edge_of(batches), "no batch has fewer rows than one"


@pytest.mark.parametrize(
    ("given", "upper", "value"),
    [
        (IntegerRange(4, 32, Scale.LOG), True, 64),
        (IntegerRange(16, 256, Scale.LOG), True, 512),
        (IntegerRange(4, 32, Scale.LOG), False, 2),
        (IntegerRange(10, 100, Scale.LOG), True, 200),
        (IntegerRange(1, 3), True, 4),
        (IntegerRange(1, 100), True, 150),
        (IntegerRange(1, 3), False, None),
        (IntegerRange(4, 400, Scale.LOG), True, 512),
        (IntegerRange(16, 256, Scale.LOG, 2), True, 512),
        (IntegerRange(16, 256, Scale.LOG, 2), False, 8),
        (IntegerRange(2, 20, Scale.LINEAR, 6), True, 32),
        (IntegerRange(2, 20, Scale.LINEAR, 6), False, None),
        (IntegerRange(3, 300, Scale.LOG, 10), False, None),
        (FloatRange(1e-4, 0.1, Scale.LOG), True, 1.0),
        (FloatRange(1e-4, 0.1, Scale.LOG), False, 1e-5),
        (FloatRange(0.001, 0.1, Scale.LOG), True, 0.5),
        (FloatRange(0.5, 10.0), True, None),
        (FloatRange(0.1, 0.6), True, 0.85),
        (FloatRange(0.1, 0.6), False, None),
        (FloatRange(0.1, 0.5, Scale.LINEAR, 0.1), True, 0.7),
        (FloatRange(2.0, 8.0), True, 10.0),
    ],
)
def test_that_a_range_is_widened_to_a_round_number_within_the_parameters_bounds(
    given: FloatRange | IntegerRange, upper: bool, value: float | None
) -> None:
    parameter = INTEGER if isinstance(given, IntegerRange) else FLOAT
    made = widened(parameter, given, upper=upper)
    assert (None if made is None else made.value) == value
    if made is not None:
        parameter.check(made.range)
        assert (made.range.scale, made.range.step) == (given.scale, given.step)


def test_that_a_change_of_a_parameter_that_is_gone_is_refused_in_words() -> None:
    change = widened(INTEGER, IntegerRange(4, 32), upper=True)
    assert change is not None
    with pytest.raises(InvalidSetting, match="no parameter n"):
        change.applied(SETTINGS)


# Nothing, or little, can be told


def test_that_it_is_told_when_no_range_can_be_told() -> None:
    (finding,) = findings(known(belief_of(FLAT, as_good=(3, 20))))
    assert isinstance(finding.facts, CannotTell)
    assert (finding.facts.told, finding.facts.alike, finding.facts.results) == (0, 2, 20)
    assert words.said(finding, study()).short == "Nothing can be told apart yet"


def test_that_many_trials_that_cannot_be_told_apart_are_told_and_few_are_not() -> None:
    assert kinds(findings(known(belief_of(as_good=range(17, 21))))) == ["range_edge", "cannot_tell"]
    assert kinds(findings(known(belief_of(as_good=range(18, 21))))) == ["range_edge"]


@pytest.mark.parametrize(
    ("r2", "low", "told"),
    [(0.19, 0.1, True), (0.2, 0.1, False), (0.6, 0.0, True), (-0.3, -1.0, True), (float("nan"), float("nan"), True)],
)
def test_that_a_belief_that_explains_little_is_told(r2: float, low: float, told: bool) -> None:
    assert bool(findings(known(trust=trust_of(r2, low)))) is told


# What explains most


@pytest.mark.parametrize(
    ("first", "low", "resamples", "said"),
    [
        (0.69, 0.5, 40, ""),
        (0.7, 0.5, 40, "Learning rate probably explains most"),
        (0.95, 0.5, 40, "Learning rate explains most"),
        (0.95, 0.01, 40, ""),
        (0.95, 0.5, 10, ""),
        (0.0, 0.0, 0, ""),
    ],
)
def test_that_what_explains_most_is_told_as_surely_as_it_is_known(
    first: float, low: float, resamples: int, said: str
) -> None:
    shares = Share("learning_rate", 0.6, low, 0.9, 0.4, first), Share("batch_size", 0.2, 0.0, 0.4, 0.1, 1 - first)
    found = findings(known(importance=importance_of(*shares, resamples=resamples)))
    assert [words.said(finding, study()).short for finding in found] == ([said] if said else [])


def test_that_the_next_one_is_named_only_if_it_can_be_told_from_nothing() -> None:
    rate = Share("learning_rate", 0.8, 0.5, 0.95, 0.6, 0.9)
    for low, named in ((0.0, None), (0.05, "batch_size")):
        (finding,) = findings(known(importance=importance_of(rate, Share("batch_size", 0.3, low, 0.45, 0.1, 0.1))))
        assert isinstance(finding.facts, ExplainsMost)
        assert finding.facts.next == named


def test_that_one_parameter_alone_explains_nothing_worth_telling() -> None:
    assert not findings(known(importance=importance_of(Share("learning_rate", 1.0, 1.0, 1.0, 1.0, 1.0))))


# From real answers


def test_that_the_belief_through_the_best_trial_tells_which_trials_are_as_good() -> None:
    progress = study()
    answer = belief(BeliefQuestion(request_after(progress), best=progress.best_after(None)))
    assert progress.best is not None
    assert answer.through_trial == progress.best.number == progress.best_after(20)
    assert answer.lowest_trial in answer.as_good
    assert len(answer.as_good) < 20
    (one,) = [one for one in answer.slices if one.parameter == "learning_rate"]
    away = np.array(one.band.mean) - min(one.band.mean)
    assert (np.array(one.worse_low) <= away + 1e-9).all()
    assert (np.array(one.worse_high) >= away - 1e-9).all()
    assert 0 <= one.covered < 0.6
    assert findings(known(answer))[0].facts.subject == "learning_rate:upper"
