"""Figures: what the plots draw, as data."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from core.datasets.settings import DataSettings
from core.events import EpochEnded, Event, TrialEnded, TrialState
from core.figures import convergence, loss, points
from core.figures import view as views
from core.figures.arrays import placed
from core.figures.dimensions import OBJECTIVE
from core.figures.figure import Axis, Builder, Figure, Kind, Series, joined
from core.figures.loss import LossBuilder, LossKind, earlier_of
from core.figures.measures import Measure, measures_of
from core.figures.points import PointsBuilder, shown_axes
from core.figures.scales import NO_VALUE, AxisScale
from core.figures.view import ScaleChoice
from core.models.families.mlp import FAMILY as MLP
from core.models.settings import ModelSettings
from core.objective import Direction, ObjectiveSettings
from core.parameters import FloatRange, IntegerRange, Scale
from core.progress import StudyProgress, folded
from core.ranges import Choices, Fixed
from core.settings import StudySettings
from tests.figures import ACCURACY, STUDIES, assert_same, begun, complete, trained, without_objective

FIGURES = (loss.figure, convergence.figure, points.figure)
Draw = Callable[[StudyProgress, int | None], Figure]
Now = Callable[[int | None], Figure]


def progress_of(*events: Event) -> StudyProgress:
    return StudyProgress.of(events)


def minimised(*objectives: float) -> StudyProgress:
    """Return a study whose trials had these objectives."""
    trials = (complete(number, [value]) for number, value in enumerate(objectives, 1))
    return progress_of(begun(StudySettings()), *(event for trial in trials for event in trial))


def one(figure: Figure, kind: Kind) -> Series:
    (series,) = [series for series in (*figure.past, *figure.present) if series.kind is kind]
    return series


def places(series: Series) -> list[tuple[float, float]]:
    return list(zip(series.x.tolist(), series.y.tolist(), strict=True))


def scale(*, log: bool) -> ScaleChoice:
    return ScaleChoice.LOG if log else ScaleChoice.LINEAR


def growing_loss(progress: StudyProgress, *, log: bool) -> tuple[Builder, Now]:
    builder = LossBuilder(progress, measures_of(progress.settings)[-1])
    return builder, lambda selected: builder.figure(selected, earlier_of(progress.objective), choice=scale(log=log))


def growing_convergence(progress: StudyProgress, *, log: bool) -> tuple[Builder, Now]:
    builder = convergence.ConvergenceBuilder(progress)
    return builder, lambda selected: builder.figure(selected, choice=scale(log=log))


def growing_points(progress: StudyProgress, *, log: bool) -> tuple[Builder, Now]:
    builder = PointsBuilder(progress, *shown_axes(progress.settings, (None, OBJECTIVE)))
    return builder, builder.figure


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize(
    ("grow", "at_once"),
    [
        (growing_loss, lambda progress, selected, log: loss.figure(progress, selected, choice=scale(log=log))),
        (
            growing_convergence,
            lambda progress, selected, log: convergence.figure(progress, selected, choice=scale(log=log)),
        ),
        (growing_points, lambda progress, selected, log: points.figure(progress, selected, y=OBJECTIVE)),
    ],
    ids=["loss", "convergence", "points"],
)
def test_that_a_figure_made_event_by_event_is_the_one_made_at_once(
    grow: Callable[..., tuple[Builder, Now]],
    at_once: Callable[..., Figure],
    study: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    log: bool,
) -> None:
    monkeypatch.setattr(views, "_STEADY", 1.0)  # the view that a study had before does not matter then
    start, *events = STUDIES[study]
    progress = folded(None, start)
    builder, now = grow(progress, log=log)
    for event in events:
        progress.apply(event)
        builder.take(list(progress.trials))
        for selected in (None, 1, max(progress.trials)):
            assert_same(now(selected), at_once(progress, selected, log))


@pytest.mark.parametrize("draw", FIGURES)
def test_that_the_past_is_the_same_object_until_a_trial_ends(draw: Draw) -> None:
    progress = progress_of(*STUDIES["under way"])
    growing = {loss.figure: growing_loss, convergence.figure: growing_convergence, points.figure: growing_points}
    builder, now = growing[draw](progress, log=False)
    builder.take(progress.trials)
    before = now(None).past
    progress.apply(trained(3, [1.0])[-1])
    assert now(2).past is before
    progress.apply(complete(4, [1.0])[-1])
    builder.take([4])
    assert now(2).past is not before


def test_that_a_running_trial_s_least_loss_leaves_the_past_as_it_is_drawn_where_zero_has_a_lane() -> None:
    ended = [*complete(1, [90.0, 0.0]), *complete(2, [80.0, 0.004])]
    progress = progress_of(begun(StudySettings()), *ended, *trained(3, [70.0, 0.0038]))
    builder = LossBuilder(progress, measures_of(progress.settings)[-1])
    builder.take(progress.trials)
    figures = [builder.figure(None, choice=ScaleChoice.LOG)]
    for loss_now in (0.0037, 0.0035, 95.0):
        progress.apply(trained(3, [loss_now])[-1])
        figures.append(builder.figure(None, choice=ScaleChoice.LOG))
    assert figures[0].y.scale.lane is not None
    assert all(figure.past is figures[0].past for figure in figures)


@pytest.mark.parametrize("draw", FIGURES)
def test_that_nobody_can_write_into_a_figure(draw: Draw) -> None:
    figure = draw(progress_of(*STUDIES["mixed"]), 1)
    for series in (*figure.past, *figure.present):
        for values in (series.trials, series.x, series.y):
            assert not values.flags.writeable
    with pytest.raises(AttributeError):
        figure.title = "other"  # type: ignore[misc]


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("study", STUDIES)
def test_that_each_place_belongs_to_a_trial(draw: Draw, study: str) -> None:
    progress = progress_of(*STUDIES[study])
    figure = draw(progress, 1)
    for series in (*figure.past, *figure.present):
        assert len(series.trials) == len(series.x) == len(series.y)
        assert {int(number) for number in series.trials} <= set(progress.trials)


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("study", STUDIES)
def test_that_a_kind_is_in_one_layer_only(draw: Draw, study: str) -> None:
    figure = draw(progress_of(*STUDIES[study]), 1)
    assert not {series.kind for series in figure.past} & {series.kind for series in figure.present}


@pytest.mark.parametrize("draw", FIGURES)
def test_that_the_legend_names_each_kind_once_and_only_kinds_that_are_there(draw: Draw) -> None:
    figure = draw(progress_of(*STUDIES["mixed"]), 1)
    kinds = [kind for kind, _label in figure.legend]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) - {*convergence.BEYOND.values()} <= {series.kind for series in (*figure.past, *figure.present)}
    assert all(label for _kind, label in figure.legend)


@pytest.mark.parametrize("draw", FIGURES)
def test_that_a_study_without_trials_gives_an_empty_figure(draw: Draw) -> None:
    figure = draw(progress_of(begun(StudySettings())), None)
    assert figure.is_empty
    assert not any(len(series) for series in (*figure.past, *figure.present))
    assert figure.summary.endswith("No result yet: 0 of 20 trials have ended")


# The losses


def test_that_the_losses_of_trials_under_way_are_curves_of_their_own() -> None:
    figure = loss.figure(progress_of(*STUDIES["under way"]), choice=ScaleChoice.LINEAR)
    training, validation = figure.curves(Kind.TRAINING), figure.curves(Kind.VALIDATION)
    assert [list(curve.y) for curve in validation] == [[350, 70, 65], [250, 250], []]
    np.testing.assert_allclose(training[0].y, [315, 63, 58.5])
    assert [list(set(curve.trials)) for curve in validation] == [[3], [4], []]
    assert figure.labels == ((3, 3.0, 65.0), (4, 1.1, 250.0))
    assert dict(figure.legend)[Kind.VALIDATION] == "Trials 3, 4, 5: validation"
    assert figure.summary.startswith("Trial 3, epoch 3 of 4: training loss 58.5, validation loss 65. Trial 4, epoch 1")


def test_that_earlier_trials_are_one_curve_with_gaps() -> None:
    figure = loss.figure(progress_of(*STUDIES["under way"]), earlier=LossKind.BOTH, choice=ScaleChoice.LINEAR)
    past = one(figure, Kind.PAST)
    np.testing.assert_allclose(past.y[:8], [400, 90, 40, 30, np.nan, 300, 60, np.nan])
    np.testing.assert_allclose(past.y[8:], 0.9 * past.y[:8])
    np.testing.assert_array_equal(past.trials[:8], [1, 1, 1, 1, 1, 2, 2, 2])


def test_that_of_many_earlier_trials_the_best_are_drawn_until_everything_is_asked_for() -> None:
    progress = minimised(*(float(value) for value in range(loss.MAX_CURVES + 5, 0, -1)))
    best = set(range(6, loss.MAX_CURVES + 6))
    figure = loss.figure(progress)
    assert set(one(figure, Kind.PAST).trials) == best
    assert dict(figure.legend)[Kind.PAST] == f"The {loss.MAX_CURVES} best of {loss.MAX_CURVES + 5}"
    whole = loss.figure(progress, everything=True)
    assert set(one(whole, Kind.PAST).trials) == set(progress.trials)
    assert dict(whole.legend)[Kind.PAST] == "Other trials"


def test_that_a_log_axis_shows_logarithms_and_says_so() -> None:
    figure = loss.figure(progress_of(*STUDIES["under way"]), choice=ScaleChoice.LOG)
    assert figure.y.scale.log
    np.testing.assert_allclose(figure.curves(Kind.BEST)[0].y, np.log10([400, 90, 40, 30]))


@pytest.mark.parametrize("ended", [True, False])
def test_that_a_loss_below_zero_makes_the_axis_linear_by_itself_and_has_a_lane_on_a_logarithmic_one(
    *, ended: bool
) -> None:
    trial = complete(2, [500.0, -2.0]) if ended else trained(2, [500.0, -2.0])
    progress = progress_of(begun(StudySettings()), *complete(1, [100.0, 10.0]), *trial)
    by_itself = loss.figure(progress)
    assert not by_itself.y.scale.log
    np.testing.assert_array_equal(one(by_itself, Kind.PAST).y[:2], [100, 10])
    chosen = loss.figure(progress, choice=ScaleChoice.LOG)
    assert chosen.y.scale.lane is not None
    assert chosen.y.scale.lane_name == "≤ 0"
    end = chosen.curves(Kind.BEST if ended else Kind.VALIDATION)[0].y[-1]
    assert end == chosen.y.scale.lane[0]
    assert chosen.y.view[0] < end < 1


def test_that_another_measure_than_the_objective_can_be_shown() -> None:
    progress = progress_of(*STUDIES["maximised"])
    shown = loss.figure(progress)
    assert (shown.title, shown.y.higher_is_better) == ("Accuracy per epoch", True)
    other = loss.figure(progress, measure=Measure())
    assert (other.title, other.y.higher_is_better) == ("Loss per epoch", False)
    np.testing.assert_allclose(1 / (1 + other.curves(Kind.BEST)[0].y), shown.curves(Kind.BEST)[0].y)


def test_that_a_diverging_trial_stays_out_of_the_view_and_within_what_can_be_written() -> None:
    trials = (complete(number, [400.0, 100.0, 30.0 + number]) for number in range(1, 6))
    events = [event for trial in trials for event in trial]
    running = trained(6, [900.0, 1e9, 1e14])
    figure = loss.figure(progress_of(begun(StudySettings()), *events, *running))
    assert figure.y.scale.log
    assert 400 < 10 ** figure.y.view[1] < 10_000
    linear = loss.figure(progress_of(begun(StudySettings()), *events, *running), choice=ScaleChoice.LINEAR)
    assert max(curve.y.max() for curve in linear.curves(Kind.VALIDATION)) < 1e7


# The convergence


def test_that_the_best_so_far_steps_down_from_the_first_objective_to_the_last_trial() -> None:
    figure = convergence.figure(minimised(30.0, 40.0, 20.0, 25.0))
    best = one(figure, Kind.BEST_SO_FAR)
    assert places(best) == [(1, 30), (3, 30), (3, 20), (4, 20)]
    assert list(best.trials) == [1, 1, 3, 3]


def test_that_a_tie_is_no_step_though_it_may_be_the_best() -> None:
    # The second has the lower validation loss in the epoch that counts.
    objective = ObjectiveSettings(metric="loss", direction=Direction.MINIMISE)
    events: list[Event] = []
    for number, last in ((1, 30.0), (2, 20.0)):
        *epochs, end = complete(number, [50.0, last])
        events += [*epochs, _with_objective(end, 27.0)]
    progress = progress_of(begun(StudySettings(objective=objective)), *events)
    figure = convergence.figure(progress)
    assert progress.best is not None
    assert progress.best.number == 2
    assert places(one(figure, Kind.BEST)) == [(2, 27)]
    assert places(one(figure, Kind.BEST_SO_FAR)) == [(1, 27), (2, 27)]


def _with_objective(end: Event, objective: float) -> Event:
    assert isinstance(end, TrialEnded)
    return msgspec.structs.replace(end, objective=objective, scores=(objective,))


def test_that_the_best_so_far_goes_up_where_the_objective_is_maximised() -> None:
    progress = progress_of(*STUDIES["maximised"])
    figure = convergence.figure(progress)
    best = one(figure, Kind.BEST_SO_FAR)
    np.testing.assert_allclose(best.x, [1, 2, 2, 6])
    np.testing.assert_allclose(best.y, [1 / 1.5, 1 / 1.5, 0.8, 0.8])
    assert progress.best is not None
    assert best.y[-1] == progress.best.objective


def test_that_the_last_step_is_the_objective_of_the_best_in_every_study() -> None:
    for events in STUDIES.values():
        progress = progress_of(*events)
        assert progress.best is not None
        assert one(convergence.figure(progress), Kind.BEST_SO_FAR).y[-1] == progress.best.objective


def test_that_no_axis_is_invented_for_trials_without_any_objective() -> None:
    progress = progress_of(begun(StudySettings()), *without_objective(1, TrialState.SKIPPED))
    assert convergence.figure(progress).is_empty
    for event in complete(2, [20.0]):
        progress.apply(event)
    assert not convergence.figure(progress).is_empty


def test_that_points_are_told_apart_by_who_proposed_them_and_what_became_of_them() -> None:
    figure = convergence.figure(progress_of(*STUDIES["mixed"]), 4)
    found = {kind: list(one(figure, kind).x) for kind in convergence.POINTS}
    assert found == {
        Kind.OTHER_ORIGIN: [1, 3, 6, 7],
        Kind.SURROGATE: [2],
        Kind.FAILED: [4],
        Kind.UNFINISHED: [5, 8],
    }
    assert np.isnan(one(figure, Kind.SELECTED).y).all()
    assert dict(figure.legend)[Kind.OTHER_ORIGIN] == "Spread or random"
    assert figure.summary == "Best 20 at trial 2 of 20; 1 failed, 2 not finished; 1 above the view"


def test_that_what_an_axis_has_no_place_for_is_beyond_it_on_its_side() -> None:
    values = np.array([10.0, 0.0, -1.0, 1e300, np.nan])
    np.testing.assert_array_equal(placed(values, log=True), [1, -np.inf, -np.inf, np.inf, np.nan])
    np.testing.assert_array_equal(placed(values, log=False), [10, 0, -1, np.inf, np.nan])


def test_that_what_is_worse_than_a_view_is_beyond_it_and_what_is_better_is_not() -> None:
    y = np.array([0.0, 5.0, 20.0, np.inf, -np.inf, np.nan])
    down, up = Axis(AxisScale(""), (0.0, 10.0)), Axis(AxisScale(""), (0.0, 10.0), higher_is_better=True)
    np.testing.assert_array_equal(down.is_beyond(y, (1.0, 10.0)), [False, False, True, True, False, True])
    np.testing.assert_array_equal(up.is_beyond(y, (1.0, 10.0)), [True, False, False, False, True, True])


def test_that_bars_reach_a_standard_deviation_from_the_mean_of_several_scores() -> None:
    figure = convergence.figure(progress_of(*STUDIES["repeats"]))
    bars = one(figure, Kind.BARS)
    spread = 10 / 2**0.5
    np.testing.assert_allclose(bars.y[:3], [55 - spread, 55 + spread, np.nan])
    assert list(bars.trials) == [1, 1, 1, 2, 2, 2]
    assert dict(figure.legend)[Kind.BARS] == "± 1 std. dev."


def test_that_one_wild_bar_is_cut_at_the_view_and_what_is_above_it_is_counted_as_it_is_marked() -> None:
    level = [event for number in range(1, 9) for event in complete(number, [20.0 + number], [20.0 + number + 0.2])]
    progress = progress_of(begun(StudySettings()), *level, *complete(9, [0.5], [41.0]))
    plain = convergence.figure(minimised(*(20.1 + number for number in range(1, 9)), 20.75)).y.view
    figure = convergence.figure(progress)
    assert figure.y.view[1] - figure.y.view[0] < 1.4 * (plain[1] - plain[0])
    y = np.concatenate([one(figure, kind).y for kind in (Kind.OTHER_ORIGIN, Kind.SURROGATE)])
    marked = int(np.count_nonzero(figure.y.is_beyond(y, figure.y.view)))
    assert marked
    assert figure.summary.endswith(f"; {marked} above the view")


# The evaluated points


def test_that_trials_stand_where_they_were_in_the_search_space() -> None:
    progress = progress_of(*STUDIES["under way"])
    figure = points.figure(progress, 2)
    running = one(figure, Kind.RUNNING)
    np.testing.assert_allclose(10**running.x, [0.1 / 3, 0.1 / 4, 0.1 / 5])
    assert list(running.y) == [15, 20, 25]
    done = figure.points(Kind.DONE)[0]
    np.testing.assert_allclose(done.y, [10, 5])  # the best is last, above the others
    assert done.colours is not None
    assert list(done.colours) == [60, 30]
    assert figure.colours is not None
    assert figure.colours.view == (30.0, 60.0)
    np.testing.assert_allclose(places(one(figure, Kind.SELECTED)), [(np.log10(0.05), 10)])
    assert figure.summary == "Learning rate and Batch size of each trial. Best 30 at trial 1 of 20"


def test_that_trials_without_an_objective_stand_at_the_bad_end_of_an_axis_of_objectives() -> None:
    progress = progress_of(*STUDIES["maximised"])
    figure = points.figure(progress, y=OBJECTIVE)
    low, _high = figure.y.view
    (failed,) = one(figure, Kind.FAILED).y
    assert low == failed < one(figure, Kind.DONE).y.min()
    assert figure.y.higher_is_better
    assert figure.colours is not None
    assert figure.colours.higher_is_better


@pytest.mark.parametrize("objective", [ObjectiveSettings(), ACCURACY])
def test_that_an_axis_of_objectives_says_no_number_before_there_is_one(objective: ObjectiveSettings) -> None:
    first, second = complete(1, [0.5], objective=objective), complete(2, [0.6], objective=objective)
    data = DataSettings(dataset="wine")
    progress = progress_of(begun(StudySettings(data=data, objective=objective)), first[0])
    figure = points.figure(progress, y=OBJECTIVE)
    (place,) = one(figure, Kind.RUNNING).y
    assert figure.y.scale.lane is not None
    assert figure.y.scale.lane[0] == place
    assert {figure.y.scale.written(at, 0.1) for at in figure.y.view} == {NO_VALUE}
    for event in (*first[1:], *second):
        progress.apply(event)
    assert points.figure(progress, y=OBJECTIVE).y.scale.lane is None


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ((None, None), ("learning_rate", "batch_size")),
        (("batch_size", None), ("batch_size", "learning_rate")),
        ((None, "learning_rate"), ("batch_size", "learning_rate")),
        (("units", OBJECTIVE), ("learning_rate", OBJECTIVE)),
        (("batch_size", "batch_size"), ("batch_size", "learning_rate")),
    ],
)
def test_that_axes_show_what_is_wanted_as_far_as_it_is_varied(
    wanted: tuple[str | None, str | None], shown: tuple[str, str]
) -> None:
    x, y = shown_axes(StudySettings(), wanted)
    assert (x.name, y.name) == shown


def test_that_axes_show_by_themselves_the_numbers_of_which_most_values_are_possible() -> None:
    ranges = {
        **{parameter.name: parameter.first_range() for parameter in MLP.parameters},
        "activation": Choices(("relu", "tanh")),
        "layers": IntegerRange(1, 3),
        "learning_rate": FloatRange(1e-4, 0.1, Scale.LOG),
        "batch_size": IntegerRange(8, 128),
        "dropout": Fixed(0.2),
        "units": Fixed(32),
        "epochs": IntegerRange(5, 50),
    }
    settings = StudySettings(model=ModelSettings(family_name="mlp", ranges=ranges))
    assert [axis.name for axis in shown_axes(settings, (None, None))] == ["learning_rate", "batch_size"]
    assert [axis.name for axis in shown_axes(settings, ("layers", None))] == ["layers", "learning_rate"]


def test_that_without_objectives_there_is_no_scale_of_colours() -> None:
    progress = progress_of(begun(StudySettings()), *without_objective(1, TrialState.FAILED))
    assert points.figure(progress).colours is None


def test_that_columns_of_no_series_are_empty() -> None:
    assert [len(column) for column in joined([])] == [0, 0, 0]


# What is beyond the view


def converging(count: int, *, last: float = 20.0) -> list[Event]:
    """Return trials that all come near to the same loss within ten epochs."""
    losses = [[1000.0 / epoch**2 + last + number for epoch in range(1, 11)] for number in range(count)]
    return [event for number, one_of_them in enumerate(losses, 1) for event in complete(number, one_of_them)]


def test_that_losses_that_fall_far_are_drawn_on_a_log_axis_by_itself_and_reach_nine_tenths_of_the_better_half() -> None:
    progress = progress_of(begun(StudySettings()), *converging(12))
    figure = loss.figure(progress)
    assert figure.y.scale.log
    low, high = 10.0 ** np.array(figure.y.view)
    assert 28 < low < 30
    assert 1000 / 4 < high < 1000, "the first epochs are above"
    assert figure.note == ""
    linear = loss.figure(progress, choice=ScaleChoice.LINEAR)
    assert not linear.y.scale.log
    everything = loss.figure(progress, everything=True)
    assert 10 ** everything.y.view[1] > 1000


@pytest.mark.parametrize(
    ("worse", "note"), [(0, ""), (1, "▲ trial 13 stays above"), (3, "▲ trials 13, 14 and 15 stay above"), (6, "▲ 6 ")]
)
def test_that_curves_of_which_nothing_is_seen_are_named(worse: int, note: str) -> None:
    bad = (complete(number, [9e4, 8e4 + number]) for number in range(13, 13 + worse))
    progress = progress_of(begun(StudySettings()), *converging(12), *(event for trial in bad for event in trial))
    figure = loss.figure(progress)
    assert figure.note.startswith(note)
    assert bool(figure.note) is bool(note)
    assert figure.summary.endswith(figure.note[2:])
    assert loss.figure(progress, everything=True).note == ""


def test_that_curves_of_what_is_to_be_high_stay_below() -> None:
    settings = StudySettings(data=DataSettings(dataset="wine"), objective=ACCURACY)
    good = (complete(number, [0.3, 0.1], objective=ACCURACY) for number in range(1, 9))
    bad = complete(9, [90.0, 80.0], objective=ACCURACY)
    figure = loss.figure(progress_of(begun(settings), *(event for trial in good for event in trial), *bad))
    assert figure.note == "▼ trial 9 stays below"


def test_that_a_running_trial_is_in_view_unless_it_is_far_out() -> None:
    for latest, seen in ((2000.0, True), (1e6, False)):
        figure = loss.figure(progress_of(begun(StudySettings()), *converging(12), *trained(13, [latest])))
        (end,) = (points.y[-1] for points in figure.points(Kind.VALIDATION))
        assert bool(end <= figure.y.view[1]) is seen


def test_that_the_view_does_not_follow_a_running_trial_before_it_has_run_for_a_second() -> None:
    events = [begun(StudySettings()), *converging(12), *trained(13, [2000.0])]
    latest = events.pop()
    assert isinstance(latest, EpochEnded)
    quick = progress_of(*events, msgspec.structs.replace(latest, seconds=0.9))
    assert loss.figure(quick).y.view == loss.figure(progress_of(*events)).y.view
    assert loss.figure(progress_of(*events, latest)).y.view[1] > loss.figure(quick).y.view[1]


@pytest.mark.parametrize("draw", FIGURES)
def test_that_a_scale_that_was_chosen_by_itself_stays_while_the_values_are_on_the_edge(draw: Draw) -> None:
    progress = progress_of(begun(StudySettings()))
    makers: dict[Draw, Callable[[], Builder]] = {
        loss.figure: lambda: LossBuilder(progress, measures_of(progress.settings)[-1]),
        convergence.figure: lambda: convergence.ConvergenceBuilder(progress),
        points.figure: lambda: PointsBuilder(progress, *shown_axes(progress.settings, (None, OBJECTIVE))),
    }
    builder, logs = makers[draw](), []
    for number, value in enumerate([10.0, 40.0, 60.0, *[31.0] * 7, *[13.0] * 12], 1):
        for event in complete(number, [value]):
            progress.apply(event)
        builder.take([number])
        logs.append(builder.figure(None).y.scale.log)
    assert (logs[0], logs[2]) == (False, True)
    assert logs[2:10] == [True] * 8, "what is between is no reason to change"
    assert builder.figure(None).y.scale.log is False


def test_that_the_scale_does_not_change_while_a_trial_runs() -> None:
    level = [event for number in range(1, 9) for event in complete(number, [30.0, 20.0])]
    figure = loss.figure(progress_of(begun(StudySettings()), *level, *trained(9, [150.0])))
    assert not figure.y.scale.log
    assert figure.y.view[1] > 150


def test_that_what_is_beyond_is_told_by_all_plots() -> None:
    progress = minimised(20.0, 21.0, 22.0, 23.0, 23.5, 24.0, 24.2, 900.0)
    assert convergence.figure(progress).summary == "Best 20 at trial 1 of 20; 1 above the view"
    assert points.figure(progress).summary.endswith("Best 20 at trial 1 of 20; 1 worse than the colours show")
    assert convergence.figure(progress, everything=True).summary == "Best 20 at trial 1 of 20"


def test_that_worse_points_are_a_kind_of_their_own_and_the_scale_says_from_where() -> None:
    progress = minimised(20.0, 21.0, 22.0, 23.0, 23.5, 24.0, 24.2, 900.0)
    figure = points.figure(progress, y=OBJECTIVE)
    assert list(one(figure, Kind.WORSE).trials) == [8]
    assert list(one(figure, Kind.WORSE).y) == [figure.y.view[1]]
    assert figure.colours is not None
    assert figure.colours.beyond == "> 25"
    assert figure.colours.view == (20.0, figure.y.view[1])
    everything = points.figure(progress, everything=True)
    assert not len(one(everything, Kind.WORSE))
    assert everything.colours is not None
    assert everything.colours.beyond == ""


@pytest.mark.parametrize("draw", FIGURES)
def test_that_axes_of_values_have_short_names_too(draw: Draw) -> None:
    figure = draw(minimised(20.0), None)
    axis = figure.y if draw is not points.figure else figure.colours
    assert axis is not None
    names = (axis.scale.label, *axis.scale.short_labels)
    assert names[-3:] == ("Validation loss", "Val. loss", "Loss")
    assert names[:-3] == (
        ("Validation loss (mean squared error)", "Validation loss (MSE)") if draw is loss.figure else ()
    )
