"""What matters, in words: the sentence changes with the evidence, and asserts no order that it does not have."""

import msgspec
import pytest

from core.analysis.answers import ImportanceAnswer, Pair, Share, TrustAnswer
from core.events import StudyStarted
from core.figures.importance import importance_figure
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Parameter, Range, Scale
from core.progress import StudyProgress
from core.search.limits import HELD
from core.search.settings import SearchMethod, SearchSettings, Surrogate
from core.settings import StudySettings, tutorial_settings
from core.words.importance import (
    HELP,
    Verdict,
    answer_in_words,
    page_in_words,
    plainly,
    sure_in_words,
    those_that_matter,
    verdict_of,
)

RANGES: dict[str, Range] = {
    "learning_rate": FloatRange(1e-4, 1.0, Scale.LOG),
    "layers": IntegerRange(1, 3),
    "units": IntegerRange(4, 32),
    "optimizer": Choices(("sgd", "adam")),
    "momentum": FloatRange(0.0, 0.9),
}


def fixed(parameter: Parameter) -> Range:
    """Return the default of a parameter that is not varied."""
    return Fixed(parameter.default)


def study(method: SearchMethod = SearchMethod.BAYESIAN, surrogate: Surrogate | None = None) -> StudyProgress:
    """Return a study of five parameters, of which momentum applies with SGD only."""
    family = FAMILIES["mlp"]
    ranges = {p.name: RANGES.get(p.name) or fixed(p) for p in family.parameters}
    search = SearchSettings(method=method, surrogate=surrogate or SearchSettings().surrogate)
    settings = StudySettings(model=ModelSettings(family_name="mlp", ranges=ranges), search=search)
    return StudyProgress(StudyStarted(settings=settings, time=0.0, versions={}))


def share(name: str, total: float, low: float, high: float, first: float = 0.0, alone: float = 0.0) -> Share:
    return Share(name, total, low, high, alone, first)


NOTHING = [share(name, 0.1, 0.0, 0.4) for name in ("layers", "units", "optimizer", "momentum")]


def answer(*shares: Share, pairs: tuple[Pair, ...] = (), resamples: int = 40) -> ImportanceAnswer:
    named = {each.parameter for each in shares}
    rest = [each for each in NOTHING if each.parameter not in named]
    return ImportanceAnswer((*shares, *rest), pairs, 54, resamples)


def said(of: ImportanceAnswer) -> str:
    return plainly(answer_in_words(study(), of, 54, ""))


@pytest.mark.parametrize(
    ("first", "verb"),
    [(1.0, "explains most"), (0.95, "explains most"), (0.9, "probably explains most"), (0.7, "probably")],
)
def test_that_most_is_asserted_only_as_far_as_the_resamples_bear_it(first: float, verb: str) -> None:
    sentence = said(answer(share("learning_rate", 0.51, 0.41, 0.99, first)))
    assert sentence.startswith(f"Learning rate {verb}")
    assert "51 % of how results vary over the ranges (90 %: 41 to 99 %)" in sentence
    assert sentence.endswith("No other parameter can be told from nothing.")
    assert ("probably" in sentence) is (first < 0.95)


@pytest.mark.parametrize("first", [0.6, 0.9, 1.0])
def test_that_no_order_is_asserted_where_intervals_overlap(first: float) -> None:
    two = answer(share("learning_rate", 0.5, 0.1, 0.9, first), share("units", 0.45, 0.05, 0.8, 0.4))
    assert said(two) == "Units and learning rate matter; which of them explains most cannot be told."
    one = answer(share("units", 0.5, 0.1, 0.9, first))
    assert said(one) == (
        "Units matter: 50 % of how results vary over the ranges (90 %: 10 to 90 %). "
        "No other parameter can be told from nothing so far, but one of them may still matter as much."
    )


def test_that_no_share_is_said_to_be_of_the_results_that_there_are() -> None:
    progress = study()
    told = answer(share("learning_rate", 0.5, 0.45, 0.9, 1.0))
    every = [said(told), said(answer()), sure_in_words(progress, told, TRUST, 54), HELP]
    every.append(page_in_words(progress, told, 54, None))
    assert not [sentence for sentence in every if "what differs" in sentence or "between results" in sentence]


def test_that_a_share_that_may_be_nothing_is_no_first_however_large_it_is() -> None:
    sentence = said(answer(share("learning_rate", 0.8, 0.01, 0.95, 0.99), share("units", 0.2, 0.1, 0.3)))
    assert sentence.startswith("Units matter: 20 %")
    assert sentence.endswith("Learning rate may explain more, 80 %, or nothing (90 %: 1 to 95 %).")


def test_that_nothing_can_be_told_is_an_answer() -> None:
    assert said(answer()) == (
        "No parameter can be told from nothing so far, "
        "not even hidden layers with 10 % of how results vary over the ranges (90 %: 0 to 40 %)."
    )
    small = (share(each.parameter, 0.05, 0.0, 0.3) for each in NOTHING)
    assert said(answer(*small)) == "No parameter can be told from nothing so far: each of them may have no effect."
    little = [share(each.parameter, 0.01, 0.0, 0.05) for each in NOTHING]
    assert said(answer(share("learning_rate", 0.02, 0.0, 0.06), *little)).startswith("No parameter matters much")


def test_that_an_order_is_asserted_only_where_intervals_are_apart() -> None:
    first = share("learning_rate", 0.74, 0.66, 0.80, 1.0)
    apart = answer(
        first, share("optimizer", 0.45, 0.41, 0.50), pairs=(Pair(("learning_rate", "optimizer"), 0.25, 0.19, 0.3),)
    )
    assert said(apart) == (
        "Learning rate explains most: 74 % of how results vary over the ranges (90 %: 66 to 80 %), then optimiser with "
        "45 %; 25 % comes only from the two together."
    )
    overlapping = answer(first, share("optimizer", 0.45, 0.39, 0.50), share("units", 0.42, 0.3, 0.5))
    assert said(overlapping).endswith(". Units and optimiser matter, too; their order cannot be told.")
    behind = answer(first, share("optimizer", 0.45, 0.39, 0.50))  # others may be as much
    assert said(behind).endswith(". Optimiser matters, too (45 %).")
    near = answer(first, share("units", 0.6, 0.35, 0.65))
    assert said(near).endswith(". Units matter, too (60 %).")


def test_that_many_are_counted_and_not_named() -> None:
    names = ("layers", "units", "optimizer", "momentum")
    sentence = said(
        answer(share("learning_rate", 0.9, 0.8, 0.95, 1.0), *(share(name, 0.3, 0.2, 0.4) for name in names))
    )
    assert sentence.endswith(". Four parameters matter, too; their order cannot be told.")


def test_that_names_of_strangers_are_no_markup() -> None:
    words = answer_in_words(study(), answer(share("learning_rate", 0.9, 0.8, 0.95, 1.0)), 54, "")
    assert words.startswith("<b>Learning rate</b> explains most: <b>90 %</b>")
    assert answer_in_words(study(), None, 54, "a < b") == "a &lt; b."


def test_that_it_is_said_when_the_answer_comes() -> None:
    progress = StudyProgress(StudyStarted(settings=tutorial_settings(), time=0.0, versions={}))
    assert answer_in_words(progress, None, 3, "") == "Too early to tell what matters: 3 of 10 results."
    assert sure_in_words(progress, None, None, 3).startswith("It is told from result 10 on; now it would be a guess.")
    assert answer_in_words(progress, None, 12, "") == "What matters is being computed."
    pending = answer(share("learning_rate", 0.5, 0.0, 1.0, 0.6), resamples=0)
    assert said(pending) == (
        "Learning rate may matter most, with 50 % of how results vary over the ranges; "
        "how sure that is comes in a moment."
    )
    assert those_that_matter(pending) == ()


TRUST = TrustAnswer((), (), (), (), (), (), (), (), (), 0.62, 0.44, 0.74, 0)


def test_that_the_second_sentence_says_over_what_by_whom_and_how_well() -> None:
    told = answer(share("learning_rate", 0.5, 0.1, 0.9, 1.0))
    assert sure_in_words(study(), told, TRUST, 54) == (
        "From 54 results, over the whole ranges of the form (momentum: where it applies), by a Gaussian process fitted "
        "for this. The belief explains 62 % of what it was not told of (90 %: 44 to 74 %)."
    )
    assert sure_in_words(study(), told, None, 1000).startswith("From 54 of 1,000 results")
    many = msgspec.structs.replace(told, trials=1000, held=300)
    assert sure_in_words(study(), many, None, 1000).startswith("From 300 of 1,000 results")
    assert "by a Gaussian process fitted to random points for looking only" in sure_in_words(
        study(SearchMethod.RANDOM), told, TRUST, 54
    )
    assert "points that trees chose" in sure_in_words(study(surrogate=Surrogate.RANDOM_FOREST), told, TRUST, 54)


def test_that_a_belief_that_explains_little_is_to_be_taken_with_care() -> None:
    poor = msgspec.structs.replace(TRUST, r2=0.18, r2_low=-0.2, r2_high=0.45)
    told = sure_in_words(study(), answer(share("units", 0.5, 0.1, 0.9, 1.0)), poor, 54)
    assert told.endswith(
        "The belief explains little so far, 18 % of what it was not told of (90 %: nothing to 45 %): take this with "
        "care."
    )


def test_that_the_belief_is_never_said_to_explain_all_and_nothing_is_no_range() -> None:
    told = answer(share("units", 0.5, 0.1, 0.9, 1.0))
    good = msgspec.structs.replace(TRUST, r2=0.998, r2_low=0.992, r2_high=0.999)
    said = sure_in_words(study(), told, good, 54)
    assert said.endswith("explains over 99 % of what it was not told of (90 %: 99 to over 99 %).")
    surely = msgspec.structs.replace(good, r2_low=0.997)
    assert sure_in_words(study(), told, surely, 54).endswith("(90 %: over 99 %).")
    none = msgspec.structs.replace(TRUST, r2=-0.4, r2_low=-0.9, r2_high=-0.1)
    assert "nothing so far of what it was not told of (90 %: nothing): take" in sure_in_words(study(), told, none, 54)


def test_that_the_page_is_read_out_in_plain_words() -> None:
    told = page_in_words(study(), answer(share("learning_rate", 0.51, 0.41, 0.99, 0.8)), 54, None)
    assert told.startswith("Learning rate probably explains most: 51 percent of how results vary")
    assert "<b>" not in told
    assert page_in_words(study(), None, 3, None).startswith("Too early")


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.02, 0.5, Verdict.TOLD), (0.05, 0.07, Verdict.TOLD), (0.01, 0.5, Verdict.UNTOLD), (0.0, 0.04, Verdict.LITTLE)],
)
def test_that_a_bar_is_judged_by_its_interval(low: float, high: float, verdict: Verdict) -> None:
    assert verdict_of(low, high) is verdict


def test_that_the_figure_has_a_bar_for_each_parameter_and_three_pairs() -> None:
    pairs = tuple(Pair(("learning_rate", name), 0.1, 0.0, 0.3) for name in ("layers", "units", "optimizer", "momentum"))
    figure = importance_figure(answer(share("learning_rate", 1.2, 0.9, 1.3, 1.0), pairs=pairs), study().settings)
    assert [bar.label for bar in figure.parameters] == [
        "Learning rate",
        "Hidden layers",
        "Units",
        "Optimiser",
        "Momentum",
    ]
    assert [bar.label for bar in figure.pairs] == [
        "Learning rate × hidden layers",
        "Learning rate × units",
        "Learning rate × optimiser",
    ]
    assert figure.end == 1.3
    assert (figure.parameters[0].said, figure.parameters[0].interval) == ("120 %", "90–130 %")


def test_that_a_pair_is_told_only_where_both_of_its_parameters_are() -> None:
    pairs = Pair(("learning_rate", "units"), 0.2, 0.03, 0.6), Pair(("learning_rate", "layers"), 0.1, 0.03, 0.4)
    told = share("learning_rate", 0.9, 0.8, 1.0), share("units", 0.3, 0.1, 0.5), share("layers", 0.2, 0.01, 0.6)
    figure = importance_figure(answer(*told, pairs=pairs), study().settings)
    assert [bar.verdict for bar in figure.pairs] == [Verdict.TOLD, Verdict.UNTOLD]


def test_that_the_help_says_of_how_many_trials_it_is_computed() -> None:
    assert f"at most {HELD} of the trials" in HELP
