"""The figures of the belief: slices, map and trust."""

import math
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from core.analysis.answers import Believer
from core.analysis.questions import Quantity
from core.datasets.settings import DataSettings
from core.figures import belief_map, slices, trust
from core.figures.objective_scale import ObjectiveScale, Stretch, scale_of
from core.figures.parameter_axis import parameter_axes
from core.figures.round_numbers import round_factors, round_numbers, written_apart
from core.figures.seen_trials import objective_scale
from core.figures.trial_columns import TrialColumns
from core.figures.view import ScaleChoice
from core.models.families.mlp import FAMILY as MLP
from core.models.settings import ModelSettings
from core.objective import Direction, ObjectiveSettings
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Levels, Range
from core.settings import StudySettings, tutorial_settings
from core.words.believed import applies_in_words
from tests.beliefs import belief, map_of, slice_of, study, trust_of

RESULTS = (18.0, 17.0, 30.0, 15.74, 24.0, None, 16.0)
ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)


def perceptron() -> StudySettings:
    """Return settings with a number, whole numbers, a choice, and a parameter that does not always apply."""
    ranges: dict[str, Range] = {parameter.name: Fixed(parameter.default) for parameter in MLP.parameters}
    varied: dict[str, Range] = {
        "layers": IntegerRange(1, 3),
        "dropout": FloatRange(0.0, 0.5),
        "optimizer": Choices(("sgd", "adam")),
        "momentum": FloatRange(0.0, 0.95),
    }
    return msgspec.structs.replace(tutorial_settings(), model=ModelSettings(MLP.name, ranges | varied))


def maximised() -> StudySettings:
    return msgspec.structs.replace(tutorial_settings(), objective=ACCURACY, data=DataSettings(dataset="wine"))


# The axis of objectives


def test_that_the_axis_ends_where_all_counts_as_equally_bad() -> None:
    scale = scale_of(tutorial_settings(), [15.0, 16.0, 400.0], cut=25.0)
    assert (scale.high, scale.cut_label) == (25.0, "≥ 25")
    assert scale.is_beyond(np.array([24.9, 25.0, 400.0, math.nan])).tolist() == [False, True, True, False]
    assert scale.places(np.array([400.0]))[0] == 1.0


@pytest.mark.parametrize(
    ("observed", "stretch"),
    [([15.0, 25.0], Stretch.LINEAR), ([12.0, 34.0], Stretch.LOG), ([-1.0, 34.0], Stretch.LINEAR)],
)
def test_that_it_is_logarithmic_by_itself_where_the_worst_is_more_than_twice_the_best(
    observed: list[float], stretch: Stretch
) -> None:
    assert scale_of(tutorial_settings(), observed).stretch is stretch
    assert scale_of(tutorial_settings(), observed).can_stretch is (min(observed) > 0)


def test_that_the_users_choice_counts_where_it_is_possible() -> None:
    assert scale_of(tutorial_settings(), [12.0, 34.0], choice=ScaleChoice.LINEAR).stretch is Stretch.LINEAR
    assert scale_of(tutorial_settings(), [15.0, 16.0], choice=ScaleChoice.LOG).stretch is Stretch.LOG
    assert scale_of(tutorial_settings(), [-15.0, 16.0], choice=ScaleChoice.LOG).stretch is Stretch.LINEAR


def test_that_a_share_is_divided_by_its_distance_to_one() -> None:
    scale = scale_of(maximised(), [0.8, 0.98])
    assert scale.stretch is Stretch.TO_ONE
    labels = [text for _, text in scale.ticks(300) if text]
    assert {"0.9", "0.95"} <= set(labels)
    assert scale.place(0.98) - scale.place(0.96) == pytest.approx(scale.place(0.96) - scale.place(0.92))
    assert scale_of(maximised(), [0.8, 1.0]).stretch is Stretch.LINEAR  # 1 has no distance


def test_that_a_belief_beyond_the_best_makes_the_axis_only_a_little_longer() -> None:
    bare = scale_of(tutorial_settings(), [15.0, 25.0], cut=25.0)
    longer = scale_of(tutorial_settings(), [15.0, 25.0], [-1000.0], cut=25.0)
    assert bare.low > longer.low > 10.0


@pytest.mark.parametrize("stretch", list(Stretch))
def test_that_places_lead_back_to_values(stretch: Stretch) -> None:
    scale = ObjectiveScale(0.2, 0.9, stretch)
    values = np.array([0.2, 0.5, 0.9])
    np.testing.assert_allclose(scale.values(scale.places(values)), values)


def test_that_equal_results_have_an_axis() -> None:
    scale = scale_of(tutorial_settings(), [15.0, 15.0])
    assert scale.low < 15.0 < scale.high
    assert 0 < scale.place(15.0) < 1


# The axes of parameters


def test_that_choices_and_few_whole_numbers_have_lanes_and_others_an_axis() -> None:
    axes = parameter_axes(perceptron())
    assert axes["layers"].lanes == (1, 2, 3)
    assert axes["optimizer"].names == ("SGD", "Adam")
    assert axes["dropout"].lanes == ()
    assert [axes[name].can_lack for name in axes] == [False, False, False, True]
    assert axes["layers"].place(2) == pytest.approx(0.5)


def test_that_a_place_on_an_axis_leads_to_a_value_of_the_range() -> None:
    axes = parameter_axes(tutorial_settings())
    for name, values in (("learning_rate", (1e-4, 0.01, 0.1)), ("batch_size", (1, 27, 100))):
        for value in values:
            assert axes[name].value_at(axes[name].place(value)) == pytest.approx(value)
    assert axes["batch_size"].value_at(-5.0) == 1
    assert isinstance(axes["batch_size"].value_at(0.4), int)
    assert parameter_axes(perceptron())["optimizer"].value_at(0.9) == "adam"


def test_that_a_step_leads_to_the_next_value() -> None:
    axes = parameter_axes(perceptron())
    assert axes["layers"].beside(1, 1) == 2
    assert axes["layers"].beside(3, 1) == 3
    size = parameter_axes(tutorial_settings())["batch_size"]
    steps = size.beside(27, 1), size.beside(27, -1)
    assert steps == (29, 25)


def test_that_the_lane_without_a_value_stands_before_all_values() -> None:
    axis = parameter_axes(perceptron())["momentum"]
    assert axis.place(None) < axis.begin < axis.place(0.0)
    assert axis.ticks(180)[0][1] == "–"
    assert math.isnan(parameter_axes(perceptron())["dropout"].place(None))


def test_that_a_short_axis_has_at_most_three_labels() -> None:
    axes = parameter_axes(tutorial_settings())
    assert len([text for _, text in axes["batch_size"].ticks(180) if text]) <= 3
    assert [text for _, text in axes["learning_rate"].ticks(300) if text] == ["1e-4", "0.001", "0.01", "0.1"]


# Slices


def test_that_results_stand_where_they_were_observed_and_worse_ones_and_failures_in_the_lane() -> None:
    progress = study(*RESULTS)
    figure = slices.figure(progress, belief(progress))
    rate = figure.panels[0]
    assert set(rate.observed.trials) == {1, 2, 4, 5, 7}
    assert set(rate.beyond.trials) == {3, 6}
    at = rate.observed.trials.index(4)
    assert rate.observed.y[at] == pytest.approx(figure.scale.place(15.74))
    assert figure.lane


def test_that_failed_trials_can_be_hidden() -> None:
    progress = study(*RESULTS)
    figure = slices.figure(progress, belief(progress), hides_failed=True)
    assert set(figure.panels[0].beyond.trials) == {3}


def test_that_points_fade_with_what_they_say_here() -> None:
    progress = study(*RESULTS)
    shown = slices.figure(progress, belief(progress)).panels[0].observed
    assert dict(zip(shown.trials, shown.near, strict=True))[4] == pytest.approx(1 / 4)
    assert list(shown.near) == sorted(shown.near)  # what says most lies above
    averaged = slices.figure(progress, belief(progress, averaged=True)).panels[0].observed
    assert set(averaged.near) == {1.0}


def test_that_a_band_ends_at_the_cut_and_what_is_as_good_has_a_bar() -> None:
    progress = study(*RESULTS)
    drawn = slices.figure(progress, belief(progress)).panels[0].drawn
    assert drawn is not None
    assert drawn.high.max() == 1.0
    assert (drawn.low <= drawn.below).all()
    assert (drawn.above <= drawn.high).all()
    ((begin, end),) = drawn.good
    assert begin < drawn.x[1] < drawn.x[2] < end


def test_that_a_maximised_metric_is_turned_round() -> None:
    progress = study(0.9, 0.95, 0.8, settings=maximised())
    band = msgspec.structs.replace(
        slice_of(progress, "learning_rate", 3).band,
        **dict.fromkeys(("mean", "below", "above"), (-0.9,) * 4),
        low=(-0.94,) * 4,
        high=(-0.86,) * 4,
    )
    one = slice_of(progress, "learning_rate", 3, band=band)
    figure = slices.figure(progress, belief(progress, slices=(one,), cut=-0.8), names=["learning_rate"])
    drawn = figure.panels[0].drawn
    assert drawn is not None
    assert (drawn.low < drawn.mean).all()
    assert (drawn.mean < drawn.high).all()
    assert figure.scale.values(drawn.high)[0] == pytest.approx(0.94)
    assert figure.scale.cut_label == "≤ 0.8"
    assert figure.panels[0].beyond.trials == (3,)


def test_that_values_that_rules_forbid_are_not_drawn() -> None:
    progress = study(*RESULTS)
    one = slice_of(progress, "learning_rate", 7, allowed=(True, False, True, True))
    drawn = slices.figure(progress, belief(progress, slices=(one,)), names=["learning_rate"]).panels[0].drawn
    assert drawn is not None
    assert np.isnan(drawn.x).tolist() == [False, True, False, False]
    assert len(drawn.good) == 1


def test_that_trees_have_no_bar_of_what_is_as_good() -> None:
    progress = study(*RESULTS)
    trees = slices.figure(progress, belief(progress, believer=Believer.TREES))
    assert trees.trees
    assert all(panel.drawn is not None and not panel.drawn.good for panel in trees.panels)


def test_that_before_a_belief_the_results_alone_are_drawn() -> None:
    progress = study(18.0, 400.0, under_way=1)
    figure = slices.figure(progress, None)
    assert not figure.has_belief
    assert figure.panels[0].note == "2 of its values tried"
    assert len(figure.panels[0].running) == 1
    assert figure.nothing_yet.startswith("Nothing to say yet")
    assert not figure.lane


def test_that_a_past_belief_shows_what_was_known_then() -> None:
    progress = study(*RESULTS, under_way=1)
    then = slices.figure(progress, belief(progress, trials=(1, 2, 3), through_trial=2), after=3)
    assert set(then.panels[0].observed.trials) | set(then.panels[0].beyond.trials) == {1, 2, 3}
    assert then.best == 2
    assert then.panels[0].running == ()


def test_that_a_parameter_that_does_not_apply_says_where_it_does() -> None:
    settings = perceptron()
    progress = study(settings=settings)
    assert slices.figure(progress, None, names=["momentum"]).panels[0].axis.can_lack
    assert applies_in_words(settings, "momentum") == "applies with SGD or RMSprop"


def test_that_more_than_six_parameters_are_those_that_matter_most_in_the_forms_order() -> None:
    ranges: dict[str, Range] = {parameter.name: Fixed(parameter.default) for parameter in MLP.parameters}
    names = ("dropout", "l2", "learning_rate", "momentum")
    varied = {name: FloatRange(0.1, 0.5) for name in names}
    whole = {"layers": IntegerRange(1, 3), "units": IntegerRange(4, 32), "batch_size": IntegerRange(1, 9)}
    chosen = {"optimizer": Choices(("sgd", "rmsprop"))}
    model = ModelSettings(MLP.name, ranges | varied | whole | chosen)
    progress = study(settings=msgspec.structs.replace(tutorial_settings(), model=model))
    settings = progress.settings
    order = list(settings.varied)
    assert slices.chosen_parameters(progress) == order[:6]
    assert slices.chosen_parameters(progress, [order[6]]) == [*order[:5], order[6]]
    assert slices.chosen_parameters(progress, (), ["units", "layers"]) == ["layers", "units"]


def test_that_the_table_has_the_belief_and_the_trials_in_the_unit() -> None:
    progress = study(*RESULTS)
    rows = slices.figure(progress, belief(progress)).table().rows
    assert len(rows) == 2 * (4 + 7)
    assert ("observed", "Learning rate", 1e-4, 15.74) in [row[:4] for row in rows]
    assert ("failed", "Learning rate", 0.01, None) in [row[:4] for row in rows]


def test_that_the_table_has_the_ends_of_the_band_also_where_the_view_ends_before_them() -> None:
    progress = study(*RESULTS)
    answer = belief(progress)
    high = (1e3, 1e4, 1e5, 1e6)
    sliced = tuple(
        msgspec.structs.replace(one, band=msgspec.structs.replace(one.band, low=(-5.0,) * 4, high=high))
        for one in answer.slices
    )
    rows = slices.figure(progress, msgspec.structs.replace(answer, slices=sliced)).table().rows
    believed = [row for row in rows if row[0] == "belief" and row[1] == "Learning rate"]
    assert [row[3] for row in believed] == list(answer.slices[0].band.mean)
    assert [row[5] for row in believed] == list(high)
    assert {row[4] for row in believed} == {0.0}  # a loss of the tutorial is never below


def test_that_very_many_levels_have_no_more_ticks_than_there_are_pixels() -> None:
    axis = parameter_axes(tutorial_settings())["batch_size"]
    many = replace(axis, given=Levels(tuple(range(1, 40_001, 2))), lanes=(), names=())
    ticks = many.ticks(200.0)
    assert len(ticks) <= 2 * 200
    assert sum(bool(text) for _, text in ticks) > 1
    assert many.place(20_001) == pytest.approx(many.spread_places([20_001], [1])[0])


# Map


def test_that_a_map_has_steps_that_follow_the_ticks_and_points_of_their_own_colour() -> None:
    progress = study(*RESULTS)
    answer = belief(progress)
    scale = slices.objective_scale(progress, answer)
    figure = belief_map.figure(progress, map_of(progress), scale, answer)
    assert figure.title == "Learning rate × batch size"
    steps = figure.steps(40, 30)
    assert steps.shape == (30, 40)
    assert steps[:, 0].max() == belief_map.EXCLUDED  # beside the range
    assert 0 <= steps[15, 20] < figure.colours.count
    by_trial = {point.trial: point.step for point in figure.points}
    assert by_trial[4] < by_trial[5]
    assert by_trial[6] == belief_map.EXCLUDED
    assert figure.colours.ticks[-1] == (1.0, "≥ 25.1")


@pytest.mark.parametrize("quantity", [Quantity.DEVIATION, Quantity.IMPROVEMENT])
def test_that_deviation_and_improvement_begin_at_zero(quantity: Quantity) -> None:
    progress = study(*RESULTS)
    scale = slices.objective_scale(progress, None)
    figure = belief_map.figure(progress, map_of(progress), scale, None, quantity)
    assert figure.colours.ticks[0][1] in ("0", "0 %")
    assert {point.step for point in figure.points} == {0, belief_map.EXCLUDED}


def test_that_a_pair_has_the_parameter_with_lanes_second() -> None:
    axes = parameter_axes(perceptron())
    assert belief_map.oriented(axes, "layers", "dropout") == ("dropout", "layers")
    assert belief_map.oriented(axes, "dropout", "momentum") == ("dropout", "momentum")
    assert belief_map.pair_to_show(study(settings=perceptron())) == ("dropout", "momentum")


# Trust


def test_that_predictions_stand_on_the_searchs_scale_with_labels_in_the_unit() -> None:
    progress = study(*RESULTS)
    figure = trust.figure(progress, trust_of(progress), 25.1, 0.76)
    assert (figure.y > figure.x).all()  # one too high each
    assert (figure.low <= figure.y).all()
    texts = [text for _, text in figure.ticks(200, 30)]
    assert "≥ 25.1" in texts
    assert figure.best == 4
    assert figure.paragraphs[0].startswith("<b>It explains 57 %")
    assert len(figure.table.rows) == 6


@pytest.mark.parametrize(("low", "high"), [(1.0, math.inf), (0.0, 1.0), (1e-300, 1e300)])
def test_that_factors_beyond_the_floats_are_none_and_all_others_lie_between(low: float, high: float) -> None:
    assert all(low <= number <= high for number in round_factors(low, high))


def test_that_round_numbers_are_found_between_neighbours_and_subnormal_ones() -> None:
    assert round_numbers(0.0, 5e-324, 5) == []
    neighbours = [1.0, math.nextafter(1.0, 2.0)]
    assert len(written_apart([1.0, 1.0])) == len(written_apart(neighbours)) == 2


@pytest.mark.parametrize("results", [(18.0, 17.0, 30.0, 15.74, 24.0, None, 16.0), (10.0, 18.0, 19.0, 19.5, 18.5, 12.0)])
def test_that_both_pages_divide_the_objective_alike_whatever_is_believed(results: tuple[float | None, ...]) -> None:
    progress = study(*results)
    columns = TrialColumns(progress)
    columns.take(progress.trials)
    of_all = objective_scale(columns, ScaleChoice.AUTOMATIC)
    made = belief(progress)
    for answer in (None, made, msgspec.structs.replace(made, cut=1e6), msgspec.structs.replace(made, cut=None)):
        assert slices.objective_scale(progress, answer).stretch is of_all.stretch
