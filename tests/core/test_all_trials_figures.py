"""All trials at once: columns, brushes, colours, the parallel axes, the panels, and shades."""

import numpy as np
import pytest

from core.events import StudyStarted, TrialEnded, TrialStarted, TrialState
from core.figures.all_trials_table import all_trials_table
from core.figures.brushing import BEYOND, NO_RESULT, WITHOUT, Brush, left_by
from core.figures.dimensions import OBJECTIVE
from core.figures.objective_cut import cut_of
from core.figures.over_parameters import over_parameters
from core.figures.parallel import brush_between, parallel, span_of
from core.figures.seen_trials import ColourBy, SeenTrials, View, seen_trials
from core.figures.shades import opacity, shade_of_lines, shade_of_points
from core.figures.trial_columns import TrialColumns, ordered, places_on
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.objective import Direction, ObjectiveSettings
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Parameter, Range, Scale, Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.search.warping import Warp
from core.settings import StudySettings

RANGES: dict[str, Range] = {
    "learning_rate": FloatRange(1e-4, 1.0, Scale.LOG),
    "units": IntegerRange(10, 100),
    "optimizer": Choices(("sgd", "adam")),
    "momentum": FloatRange(0.0, 0.8),
}
LOSSES = [20.0, 12.0, 14.0, 16.0, 500.0, None, None]
STATES = [*[TrialState.COMPLETE] * 5, TrialState.FAILED, TrialState.SKIPPED]


def fixed(parameter: Parameter) -> Range:
    """Return the default of a parameter that is not varied."""
    return Fixed(parameter.default)


def study(objective: ObjectiveSettings | None = None, results: list[float | None] | None = None) -> StudyProgress:
    """Return a study of a perceptron; every other trial has Adam, to which no momentum applies."""
    family = FAMILIES["mlp"]
    ranges = {p.name: RANGES.get(p.name) or fixed(p) for p in family.parameters}
    settings = StudySettings(
        model=ModelSettings(family_name="mlp", ranges=ranges), objective=objective or ObjectiveSettings()
    )
    progress = StudyProgress(StudyStarted(settings=settings, time=0.0, versions={}))
    for number, result in enumerate(results or LOSSES, 1):
        values: dict[str, Value] = {"learning_rate": 10.0 ** -(number % 5), "units": 10 * number, "epochs": 3}
        values |= {"optimizer": "adam"} if number % 2 else {"optimizer": "sgd", "momentum": 0.1 * number}
        origin = PointOrigin.INITIAL if number < 3 else PointOrigin.MODEL
        progress.apply(TrialStarted(trial=number, values=values, seed=1, origin=origin))
        state = STATES[number - 1] if results is None else TrialState.COMPLETE
        progress.apply(TrialEnded(trial=number, state=state, epoch=3, seconds=1.0, objective=result))
    return progress


def columns_of(progress: StudyProgress) -> TrialColumns:
    columns = TrialColumns(progress)
    columns.take(progress.trials)
    return columns


@pytest.fixture
def columns() -> TrialColumns:
    return columns_of(study())


@pytest.fixture
def seen(columns: TrialColumns) -> SeenTrials:
    return seen_trials(columns, View())


def test_that_columns_hold_each_trial_once_and_none_that_runs() -> None:
    progress = study()
    columns = columns_of(progress)
    progress.apply(TrialStarted(trial=8, values={"epochs": 3}, seed=1, origin=PointOrigin.MODEL))
    columns.take(progress.trials)
    assert columns.trials.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert columns.results == 5
    assert np.flatnonzero(columns.failed).tolist() == [5]


def test_that_numbers_taken_at_once_lie_where_they_lie_one_by_one(columns: TrialColumns) -> None:
    values: dict[str, list[Value | None]] = {
        "learning_rate": [1e-4, 0.02, 1.0],
        "units": [10, 37, 100],
        "optimizer": ["adam", "sgd", "rmsprop"],
        "momentum": [0.0, None, 0.8],
    }
    for name, some in values.items():
        axis = columns.axes[name]
        np.testing.assert_allclose(places_on(axis, some), [axis.place(value) for value in some])


def test_that_the_cut_is_that_of_the_search() -> None:
    costs = np.array([12.0, 14.0, 16.0, 20.0, 500.0])
    warp = Warp(np.append(costs, costs.max()))
    assert cut_of(costs, failed=1) == pytest.approx(warp._limit)
    assert cut_of(np.array([3.0, 3.0, 3.0, 9.0])) == 9.0


def test_that_results_beyond_the_cut_and_trials_without_one_have_lanes_at_the_worse_end(seen: SeenTrials) -> None:
    assert seen.trials[seen.beyond].tolist() == [5]
    assert seen.trials[seen.failed].tolist() == [6]
    assert seen.trials[seen.skipped].tolist() == [7]
    assert np.isnan(seen.heights[4:]).all()


def test_that_filtering_leaves_out_what_failed_or_was_skipped(columns: TrialColumns) -> None:
    seen = seen_trials(columns, View(hides_failed=True))
    assert seen.trials.tolist() == [1, 2, 3, 4, 5]
    assert seen.total == 7


def test_that_the_best_is_drawn_last_and_unbrushed_ones_behind(columns: TrialColumns) -> None:
    seen = seen_trials(columns, View(), brushed={1, 2, 5})
    assert seen.trials[seen.singled].tolist() == [5, 1, 2]
    assert seen.trials[seen.others].tolist() == [4, 3]


def test_that_of_many_only_the_best_are_drawn_one_by_one() -> None:
    columns = columns_of(study(results=[float(1000 - number) for number in range(600)]))
    seen = seen_trials(columns, View(best=20))
    assert seen.are_many
    assert seen.trials[seen.singled].tolist() == list(range(581, 601))
    assert len(seen.others) == 580
    brushed = seen_trials(columns, View(best=20), brushed=set(range(1, 101)))
    assert brushed.trials[brushed.singled].tolist() == list(range(81, 101))


@pytest.mark.parametrize(("colour", "strongest"), [("Objective", 2), ("Rank", 2), ("Trial", 7)])
def test_that_the_strongest_colour_is_for_what_the_user_chose(
    columns: TrialColumns, colour: str, strongest: int
) -> None:
    seen = seen_trials(columns, View(colour=ColourBy(colour)))
    assert seen.trials[np.nanargmin(seen.colours)] == strongest
    assert np.nanmin(seen.colours) >= 0
    assert np.nanmax(seen.colours) <= 1


def test_that_colours_of_origins_tell_what_the_surrogate_chose(columns: TrialColumns) -> None:
    assert seen_trials(columns, View(colour=ColourBy.ORIGIN)).colours.tolist() == [1, 1, 0, 0, 0, 0, 0]


# Parallel axes


def test_that_axes_stand_in_the_order_of_what_matters(columns: TrialColumns, seen: SeenTrials) -> None:
    figure = parallel(columns, seen, ["momentum", "gone", "units"])
    assert [column.name for column in figure.columns] == [OBJECTIVE, "momentum", "units", "learning_rate", "optimizer"]
    assert ordered(["a", "b"], ["b"]) == ["b", "a"]


def test_that_every_line_crosses_every_axis(columns: TrialColumns, seen: SeenTrials) -> None:
    figure = parallel(columns, seen)
    assert figure.heights.shape == (7, 5)
    assert ((figure.heights >= 0) & (figure.heights <= 1)).all()


def test_that_lanes_are_ordered_by_the_objective(columns: TrialColumns, seen: SeenTrials) -> None:
    figure = parallel(columns, seen)
    adam = [row for row, trial in enumerate(seen.trials) if trial % 2]
    heights = figure.heights[adam, [column.name for column in figure.columns].index("optimizer")]
    assert seen.trials[adam].tolist() == [1, 3, 5, 7]
    assert np.argsort(heights).tolist() == [1, 0, 2, 3]  # 14, 20, 500, none


def test_that_the_lane_of_what_has_no_value_lies_below(columns: TrialColumns, seen: SeenTrials) -> None:
    column = next(column for column in parallel(columns, seen).columns if column.name == "momentum")
    assert column.numbers is not None
    assert column.lanes[WITHOUT][1] < column.numbers[0]


def test_that_lanes_of_results_lie_at_the_worse_end() -> None:
    up = ObjectiveSettings(metric="val_mae", direction=Direction.MAXIMISE)
    results: list[float | None] = [0.9, 0.8, 0.85, 0.7, -90.0]
    for objective, values, is_above in ((ObjectiveSettings(), LOSSES, True), (up, results, False)):
        columns = columns_of(study(objective, None if is_above else results))
        first = parallel(columns, seen_trials(columns, View())).columns[0]
        assert first.numbers is not None
        assert (first.lanes[BEYOND][0] > first.numbers[1]) is is_above, values


# Brushes


def test_that_brushes_on_several_axes_are_and(columns: TrialColumns, seen: SeenTrials) -> None:
    units = columns.axes["units"]
    some = Brush(units.place(15), units.place(45))
    assert left_by({}, columns, seen.scale) is None
    assert left_by({"units": some}, columns, seen.scale) == frozenset({2, 3, 4})
    adam = Brush(lanes=frozenset([1]))
    assert left_by({"optimizer": adam}, columns, seen.scale) == frozenset({1, 3, 5, 7})
    assert left_by({"units": some, "optimizer": adam}, columns, seen.scale) == frozenset({3})


def test_that_lanes_of_the_objective_and_of_no_value_can_be_brushed(columns: TrialColumns, seen: SeenTrials) -> None:
    for lanes, expected in (([BEYOND], {5}), ([NO_RESULT], {6, 7}), ([BEYOND, NO_RESULT], {5, 6, 7})):
        assert left_by({OBJECTIVE: Brush(lanes=frozenset(lanes))}, columns, seen.scale) == frozenset(expected)
    assert left_by({OBJECTIVE: Brush(11.0, 15.0)}, columns, seen.scale) == frozenset({2, 3})
    assert left_by({"momentum": Brush(lanes=frozenset([WITHOUT]))}, columns, seen.scale) == frozenset({1, 3, 5, 7})


def test_that_a_brush_covers_what_was_dragged_over(columns: TrialColumns, seen: SeenTrials) -> None:
    figure = parallel(columns, seen)
    for column in figure.columns:
        if column.numbers is None:
            continue
        low, high = column.numbers
        first, last = low + 0.2 * (high - low), low + 0.7 * (high - low)
        brush = brush_between(column, last, first, seen)
        assert not brush.lanes
        (span,) = span_of(brush, column, seen)
        assert span == pytest.approx((first, last))


def test_that_a_drag_over_lanes_brushes_them(columns: TrialColumns, seen: SeenTrials) -> None:
    column = next(column for column in parallel(columns, seen).columns if column.name == "optimizer")
    brush = brush_between(column, 0.2, 0.3, seen)
    assert not brush.has_interval
    assert brush.lanes == {0}
    assert brush_between(column, 0.2, 0.9, seen).lanes == {0, 1}
    assert column.lane_at(0.25) == 0
    assert column.lane_at(0.5) is None


# Panels, tables and shades


def test_that_points_of_a_lane_are_spread_within_it(columns: TrialColumns, seen: SeenTrials) -> None:
    figure = over_parameters(columns, seen, ["optimizer"])
    panel = figure.panels[0]
    sgd, adam = panel.across[seen.trials % 2 == 0], panel.across[seen.trials % 2 == 1]
    assert (sgd < 0.5).all()
    assert (adam > 0.5).all()
    assert len(set(adam.tolist())) == len(adam)
    momentum = next(panel for panel in figure.panels if panel.axis.name == "momentum")
    assert (momentum.across[seen.trials % 2 == 1] < momentum.axis.begin).all()


def test_that_the_table_has_all_that_is_drawn(columns: TrialColumns) -> None:
    seen = seen_trials(columns, View(hides_failed=True), brushed={2})
    table = all_trials_table(columns, seen, ["units"])
    assert table.columns == (
        "trial",
        "state",
        "origin",
        "validation loss",
        *(columns.axes[name].label for name in ("units", "learning_rate", "optimizer", "momentum")),
        "brushed",
    )
    assert list(table.rows[1]) == [2, "complete", "initial design", 12.0, 20, 0.01, "sgd", 0.2, True]
    assert len(table.rows) == 5


def test_that_a_shade_counts_the_lines_through_each_pixel() -> None:
    counts = shade_of_lines(np.array([0.0, 1.0, np.nan]), np.array([1.0, 1.0, 0.0]), 4, 9)
    assert counts.shape == (9, 4)
    assert (counts[0] >= 1).all()  # the level one
    assert (counts.sum(axis=0) >= 3).all()  # the rising one has a run in each column
    assert counts[8, 0] == 1
    assert counts.max() == 2


def test_that_a_shade_of_points_keeps_their_number_within_the_area() -> None:
    counts = shade_of_points(np.array([0.5, 0.5, np.nan]), np.array([0.5, 0.5, 0.1]), 40, 30, blur=1)
    assert counts.sum() == pytest.approx(2 * 3**4)
    assert int(counts.argmax()) == 15 * 40 + 20
    assert 0 < opacity(counts, 2.0).max() < 1
