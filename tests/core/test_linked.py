"""Figures in which only some trials stand out, because of a brush, or because others are hidden."""

from core.events import TrialState
from core.figures.convergence import ConvergenceBuilder
from core.figures.figure import Builder, Figure, Kind
from core.figures.linked import Linked
from core.figures.loss import LossBuilder
from core.figures.measures import Measure
from core.figures.points import PointsBuilder, shown_axes
from core.progress import StudyProgress, folded
from core.settings import tutorial_settings
from core.words.trials import failed_or_skipped
from tests.figures import begun, complete, without_objective


def study() -> StudyProgress:
    """Return a study of three results, a failure and a trial that was skipped."""
    progress: StudyProgress | None = None
    results = [event for number in (1, 2, 3) for event in complete(number, [50.0, 40.0 - number])]
    others = [*without_objective(4, TrialState.FAILED), *without_objective(5, TrialState.SKIPPED)]
    for event in (begun(tutorial_settings()), *results, *others):
        progress = folded(progress, event)
    assert progress is not None
    return progress


def builders(progress: StudyProgress) -> list[Builder]:
    made: list[Builder] = [
        ConvergenceBuilder(progress),
        LossBuilder(progress, Measure()),
        PointsBuilder(progress, *shown_axes(progress.settings, ("", ""))),
    ]
    for builder in made:
        builder.take(progress.trials)
    return made


def trials_of(figure: Figure, *kinds: Kind) -> set[int]:
    kinds = kinds or tuple(Kind)
    shown = (series for series in (*figure.past, *figure.present) if series.kind in kinds)
    return {int(trial) for series in shown for trial in series.trials if trial == trial}


def test_that_nothing_changes_without_a_brush_and_a_filter() -> None:
    for builder in builders(study()):
        figure = builder.figure(None)
        assert Linked().figure(figure) is figure


def test_that_trials_beside_the_brush_fade_but_not_the_best_and_the_selected_one() -> None:
    for builder in builders(study()):
        figure = Linked().figure(builder.figure(1), brushed={2})
        faded = trials_of(figure, Kind.FADED)
        assert {1, 3} <= faded
        assert 2 not in faded
        assert trials_of(figure, Kind.BEST, Kind.SELECTED) == {1, 3}


def test_that_colours_go_with_the_points_that_stand_out() -> None:
    figure = Linked().figure(builders(study())[2].figure(None), brushed={1, 2})
    (done,) = figure.points(Kind.DONE)
    assert done.colours is not None
    assert len(done.colours) == len(done.trials) == 2
    assert all(points.colours is None for points in figure.points(Kind.FADED))


def test_that_hidden_trials_are_gone_with_their_names_in_the_legend() -> None:
    progress = study()
    hidden = failed_or_skipped(progress)
    assert hidden == {4, 5}
    for builder in builders(progress):
        before = builder.figure(4)
        figure = Linked().figure(before, hidden=hidden)
        assert not trials_of(figure, *(set(Kind) - {Kind.BEST_SO_FAR})) & hidden
        assert {1, 2, 3} & trials_of(figure)
        assert not {Kind.FAILED, Kind.UNFINISHED} & {kind for kind, _name in figure.legend}
        assert trials_of(before) & hidden, "they were there"


def test_that_the_past_is_the_same_object_until_it_changes() -> None:
    linked = Linked()
    builder = builders(study())[0]
    first = linked.figure(builder.figure(None), brushed={1})
    assert linked.figure(builder.figure(2), brushed={1}).past is first.past
    assert linked.figure(builder.figure(2), brushed={2}).past is not first.past
