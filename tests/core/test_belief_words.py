"""What the search believes and how far to trust it, in words."""

import msgspec
import pytest

from core.analysis.answers import Believer, Estimate
from core.analysis.findings.explains_little import is_doubted
from core.datasets.settings import DataSettings
from core.objective import Direction, ObjectiveSettings
from core.parameters import IntegerRange
from core.search.settings import SearchMethod, SearchSettings
from core.settings import tutorial_settings
from core.words.believed import (
    answer_in_words,
    belief_read_out,
    good_values,
    here_in_words,
    no_map_yet,
    slice_read_out,
    slices_subtitle,
    slices_title,
    steps_to_come,
    sure_in_words,
    too_early,
)
from core.words.trials import parameters_by_name
from core.words.trusted import no_trust_yet, trust_in_words
from tests.beliefs import belief, slice_of, study, trust_of

RESULTS = (18.0, 17.0, 30.0, 15.74, 40.0, 16.0)


def test_that_the_answer_tells_which_values_are_as_good_and_of_which_parameter_nothing_can_be_told() -> None:
    progress = study(*RESULTS)
    told = answer_in_words(progress, belief(progress), trust_of(progress))
    assert told == "Best with learning rate <b>0.0058 to 0.046</b> and batch size <b>up to 67</b>."
    rate, size = belief(progress).slices
    half = belief(progress, slices=(rate, msgspec.structs.replace(size, told=False)))
    assert answer_in_words(progress, half, trust_of(progress)).endswith("</b>. Batch size: any value may be as good.")
    nothing = belief(progress, slices=tuple(msgspec.structs.replace(one, told=False) for one in (rate, size)))
    assert answer_in_words(progress, nothing, trust_of(progress)) == "Nothing can be told apart so far."


def test_that_a_past_belief_says_after_which_trial_it_was() -> None:
    progress = study(*RESULTS)
    assert answer_in_words(progress, belief(progress), trust_of(progress), 5).startswith(
        "After 5 trials: best with learning rate"
    )


def test_that_a_lucky_best_is_only_told_where_it_lies_below_its_own_belief() -> None:
    progress = study(*RESULTS)
    sure = sure_in_words(progress, belief(progress))
    assert sure.startswith(
        "The lowest mean is believed to be <b>16.47</b>, at trial 4 (95 %: 15.89 to 17.1); 15.74 was lucky."
    )
    assert "At the next point ◆ an improvement of <b>0.12</b> is to be expected" in sure
    assert sure.endswith("where one training scatters by ± 0.76.")
    expected = belief(progress, here=Estimate(16.0, 15.0, 17.0, 0.5))
    assert "lucky" not in sure_in_words(progress, expected)


def test_that_no_improvement_is_told_beyond_what_the_metric_can_be() -> None:
    progress = study(*RESULTS)
    wild = belief(progress, lowest=Estimate(10.26, -40.0, 59.0, 25.0), next_improvement=50.0)
    said = "At the next point ◆ an improvement is to be expected; how much cannot be told yet. One training scatters"
    assert said in sure_in_words(progress, wild)
    assert "an improvement of <b>10</b>" in sure_in_words(
        progress, msgspec.structs.replace(wild, next_improvement=10.0)
    )


def test_that_bounds_of_a_metric_end_what_is_believed() -> None:
    progress = study(*RESULTS)
    wide = belief(progress, lowest=Estimate(16.1, -16.4, 49.3, 16.0))
    assert "(95 %: 0 to 49.3)" in sure_in_words(progress, wide)
    assert "95 percent from 0 to 49.3" in belief_read_out(progress, wide, None)
    assert "(95 %: 0 to 49.3)" in here_in_words(progress, msgspec.structs.replace(wide, here=wide.lowest))


def test_that_a_maximised_metric_is_told_in_its_own_direction() -> None:
    highest = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)
    accuracy = msgspec.structs.replace(tutorial_settings(), objective=highest, data=DataSettings(dataset="wine"))
    progress = study(0.9, 0.95, 0.8, settings=accuracy)
    turned = belief(progress, lowest=Estimate(-0.93, -0.96, -0.9, 0.01), here=Estimate(-0.92, -0.94, -0.9, 0.01))
    sure = sure_in_words(progress, turned)
    assert sure.startswith(
        "The highest mean is believed to be <b>0.93</b>, at trial 2 (95 %: 0.9 to 0.96); 0.95 was lucky."
    )
    assert here_in_words(progress, turned) == "believed 0.92 (95 %: 0.9 to 0.94), observed 0.95"
    assert "; 1.000 was lucky." in sure_in_words(study(0.9, 1.0, 0.8, settings=accuracy), turned)


@pytest.mark.parametrize("method", [SearchMethod.RANDOM, SearchMethod.GRID])
def test_that_a_process_that_only_looks_on_says_so(method: SearchMethod) -> None:
    settings = msgspec.structs.replace(tutorial_settings(), search=SearchSettings(method=method))
    progress = study(*RESULTS, settings=settings)
    onlooking = belief(progress, believer=Believer.ONLOOKER)
    assert "a Gaussian process was fitted for looking only" in sure_in_words(progress, onlooking)


def test_that_trees_tell_their_spread_and_no_range_of_what_is_as_good() -> None:
    progress = study(*RESULTS)
    trees = belief(progress, believer=Believer.TREES)
    assert answer_in_words(progress, trees, trust_of(progress)).startswith(
        "Best by the mean of the trees: <b>learning rate 1e-4"
    )
    assert "by the spread of the trees" in sure_in_words(progress, trees)


def test_that_it_is_told_when_the_search_knows_only_some_of_the_trials_or_has_no_point_left() -> None:
    progress = study(*RESULTS)
    many = belief(progress, total=10_000, next=None)
    assert sure_in_words(progress, many).endswith("No point is left to try. It is told of 6 of 10,000 trials.")


def test_that_few_values_are_named_or_told_by_their_ends() -> None:
    progress = study(*RESULTS)
    parameter, given = parameters_by_name(progress.settings)["batch_size"], IntegerRange(1, 4)
    one = slice_of(progress, "batch_size", 6, values=(1, 2, 3, 4))
    assert good_values(one, parameter, given) == "2 or 3"
    assert good_values(msgspec.structs.replace(one, as_good=(True, True, True, False)), parameter, given) == "up to 3"
    assert good_values(msgspec.structs.replace(one, as_good=(False, True, True, True)), parameter, given) == "from 2"
    assert good_values(msgspec.structs.replace(one, told=False), parameter, given) == ""


def test_that_the_title_tells_what_the_slices_go_through() -> None:
    progress = study(*RESULTS)
    at_best = belief(progress)
    assert slices_title(progress, at_best, at_best=True) == "Slices through trial 4, the best observed"
    moved = belief(progress, through=dict(at_best.through) | {"batch_size": 67}, through_trial=None)
    assert slices_title(progress, moved, at_best=False) == "Slices through trial 4, but batch size 67"
    elsewhere = belief(progress, through={"learning_rate": 0.02, "batch_size": 67}, through_trial=None)
    assert slices_title(progress, elsewhere, at_best=False) == "Slices through learning rate 0.02, batch size 67"
    assert slices_title(progress, None, at_best=False) == "Observed so far"


def test_that_too_early_tells_what_comes_when() -> None:
    progress = study(18.0, 17.0, 30.0)
    assert too_early(progress, 3) == "Too early to believe anything: <b>3 of 5</b> results."
    steps = steps_to_come(progress, 3)
    assert [when for _, when, _ in steps] == ["Now", "From trial 5", "From trial 8", "From trial 9", "From trial 10"]
    assert steps[0][2] == "three observed results"


def test_that_the_page_and_each_slice_are_told_to_those_who_listen() -> None:
    progress = study(*RESULTS)
    answer = belief(progress)
    assert belief_read_out(progress, answer, trust_of(progress)) == (
        "After 6 trials: best with learning rate 0.0058 to 0.046 and batch size up to 67. "
        "Lowest mean 16.47 at trial 4, 95 percent from 15.89 to 17.1. It explains 57 percent."
    )
    rate = parameters_by_name(progress.settings)["learning_rate"]
    said = slice_read_out(
        progress, answer, answer.slices[0], "Learning rate", progress.settings.varied[rate.name], rate
    )
    assert said == (
        "Learning rate, 0.0001 to 0.1, log: lowest 17 at 0.001, as good from 0.0058 to 0.046, "
        "at the slice 16.58; next 0.023"
    )


def test_that_trust_begins_with_what_is_explained_or_that_it_is_little() -> None:
    progress = study(*RESULTS)
    much, little = (trust_in_words(progress, trust_of(progress, r2), 0.76) for r2 in (0.57, 0.1))
    assert much[0].startswith("<b>It explains 57 %</b> of what differs")
    assert much[1:] == ("5 of 6 results lie in the 95 % predicted without them.", "One training scatters by ± 0.76.")
    assert little[0].startswith("<b>It explains little so far</b>")
    assert little[0].endswith("More trials, or repeats against the noise, would help.")
    assert is_doubted(trust_of(progress, float("nan")))
    assert not is_doubted(None)


@pytest.mark.parametrize(
    ("trust", "why"),
    [
        (0.1, "the belief explains too little of what differs between results"),
        (0.5, "the belief may explain nothing of what differs between results"),
        (None, "from trial 8 on it is known whether to trust the belief"),
    ],
)
def test_that_nothing_is_told_of_ranges_by_a_belief_that_may_explain_nothing(trust: float | None, why: str) -> None:
    progress = study(*RESULTS)
    found = None if trust is None else msgspec.structs.replace(trust_of(progress, trust), r2_low=-0.1)
    said = answer_in_words(progress, belief(progress), found)
    assert said == f"Nothing can be told about the best ranges yet: {why}."
    assert answer_in_words(progress, belief(progress), found, 5).startswith("After 5 trials: nothing can be told about")
    assert "nothing can be told about the best ranges yet." in belief_read_out(progress, belief(progress), found)


def test_that_a_trust_that_may_be_chance_is_told_as_such_and_none_is_told_as_certain() -> None:
    progress = study(*RESULTS)
    perhaps = msgspec.structs.replace(trust_of(progress, 0.5), r2_low=-0.1)
    assert trust_in_words(progress, perhaps, None)[0].startswith("<b>It may explain nothing so far</b>")
    nothing = msgspec.structs.replace(perhaps, r2_low=-0.001)
    assert f"(90 %: 0.00 to {nothing.r2_high:.2f})" in trust_in_words(progress, nothing, None)[0]
    nearly = msgspec.structs.replace(trust_of(progress, 0.9991), r2_low=0.9972, r2_high=0.9996)
    (said, *_) = trust_in_words(progress, nearly, None)
    assert said.startswith("<b>It explains over 99 %</b>")
    assert said.endswith("R² <b>over 0.99</b> (90 %: over 0.99).")


def test_that_ends_are_rounded_outwards_and_gaps_are_told() -> None:
    progress = study(*RESULTS)
    rate = parameters_by_name(progress.settings)["learning_rate"]
    given = progress.settings.varied["learning_rate"]
    one = slice_of(progress, "learning_rate", 6)

    def good(*stretches: tuple[float | None, float | None]) -> str:
        return good_values(msgspec.structs.replace(one, stretches=stretches), rate, given)

    assert good((0.0996, None)) == "from 0.099"
    assert good((None, 0.0001002)) == "up to 1.1e-4"
    assert good((0.00584, 0.0461)) == "0.0058 to 0.047"
    assert good((None, 0.001), (0.05, None)) == "up to 0.001 or from 0.05"


def test_that_what_rules_exclude_is_not_the_lowest() -> None:
    progress = study(*RESULTS)
    rate = parameters_by_name(progress.settings)["learning_rate"]
    given = progress.settings.varied[rate.name]
    allowed = slice_of(progress, rate.name, 6, allowed=(True, False, False, True))
    assert "lowest 25 at 1e-4" in slice_read_out(progress, belief(progress), allowed, "Rate", given, rate)
    never = slice_of(progress, rate.name, 6, allowed=(False,) * 4)
    assert slice_read_out(progress, belief(progress), never, "Rate", given, rate).endswith(
        "rules allow no value where the slice is"
    )


def test_that_a_study_that_is_over_says_what_is_missing_and_not_what_comes() -> None:
    settings = tutorial_settings()
    short = msgspec.structs.replace(settings, budget=msgspec.structs.replace(settings.budget, trials=3))
    progress = study(18.0, 17.0, 30.0, settings=short)
    progress.mark_interrupted()
    missing = "It takes 5 results, and the study ended with 3: go on with at least 2 more trials."
    assert too_early(progress, 3) == f"Too few results to believe anything. {missing}"
    assert no_map_yet(progress, 3) == missing
    assert no_trust_yet(progress, 3).endswith(
        "8 results, and the study ended with 3: go on with at least 5 more trials."
    )
    assert [when for _, when, _ in steps_to_come(progress, 3)][1] == "With 5 results"
    said = answer_in_words(progress, belief(progress), None)
    assert said.endswith("it takes 8 results to know whether to trust the belief, and the study ended with 3.")
    assert too_early(progress, 2) == "Too early to believe anything: <b>2 of 5</b> results."
    assert no_trust_yet(progress, 2).startswith("From trial 8 on")


def test_that_the_subtitle_names_the_values_of_the_trial_last() -> None:
    progress = study(*RESULTS)
    subtitle = slices_subtitle(progress, belief(progress))
    assert subtitle == "believed 16.58 (95 %: 15.99 to 17.23), observed 15.74; learning rate 1e-4, batch size 34"
