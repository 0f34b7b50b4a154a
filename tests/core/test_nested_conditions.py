"""Conditions on parameters that have conditions themselves: a parameter applies where the whole chain holds."""

from pathlib import Path

import hypothesis
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conditions import AllOf, AtLeast, Condition, IsOneOf, Single, applying, together
from core.errors import DamagedStudy
from core.events import StudyEnd, TrialStarted
from core.models.settings import ModelSettings
from core.parameters import Fixed, IntegerRange, Range, Value
from core.progress import StudyProgress
from core.ranges import Choices, Levels, OffOrOn
from core.search.encoding import Encoding
from core.search.proposal import PointOrigin
from core.search.searchers import InlineSearcher
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, StudySettings
from core.space import Space
from core.store.order import OrderCheck
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.loop import Study, study_started
from tests.families import NESTED, declare
from tests.scripted import ScriptedTrainer

# Depth 1; depths 2 and 3 with a second width of 8, or of 16 with the gate off, or on with either rule.
POINTS = 1 + 2 * (1 + 1 + 2)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> StudySettings:
    return declare(monkeypatch, NESTED)


def with_ranges(settings: StudySettings, **ranges: Range) -> StudySettings:
    return msgspec.structs.replace(
        settings, model=ModelSettings(family_name="nested", ranges=settings.model.ranges | ranges)
    )


def test_that_a_parameter_applies_where_the_whole_chain_holds(settings: StudySettings) -> None:
    space = Space(settings.varied, settings.conditions)
    points = list(space.all_points())
    assert space.size == settings.points == len(points) == len({space.key(point) for point in points}) == POINTS
    for point in points:
        assert ("second" in point) is (int(point["depth"]) >= 2)
        assert ("gate" in point) is (point.get("second") == 16)
        assert ("rule" in point) is (point.get("gate") is True)


@st.composite
def conditional_spaces(draw: st.DrawFn) -> Space:
    """Draw a space in which any parameter may depend on any declared before it."""
    kinds: list[Range] = [IntegerRange(1, 3), Choices(("a", "b")), Levels((1, 2, 4)), OffOrOn()]
    ranges = {f"p{place}": draw(st.sampled_from(kinds)) for place in range(draw(st.integers(1, 5)))}
    conditions: dict[str, Condition] = {}
    values: list[Value] = [1, 2, 3, "a", True, False]
    for place in range(1, len(ranges)):
        earlier = [f"p{other}" for other in range(place)]
        singles: list[Single] = []
        for on in draw(st.lists(st.sampled_from(earlier), max_size=2)):
            if not isinstance(ranges[on], Choices) and draw(st.booleans()):
                singles.append(AtLeast(on, 2))
            else:
                singles.append(IsOneOf(on, tuple(draw(st.lists(st.sampled_from(values), max_size=3)))))
        if (condition := together(singles)) is not None:
            conditions[f"p{place}"] = condition
    names = draw(st.permutations(list(ranges)))
    return Space({name: ranges[name] for name in names}, conditions)


@hypothesis.settings(deadline=None)
@given(conditional_spaces())
def test_that_the_points_are_those_that_coordinates_lead_to_each_once(space: Space) -> None:
    points = [space.key(point) for point in space.all_points()]
    units = np.random.default_rng(0).random((300, len(space.ranges)))
    assert space.size == space.grid_size(9) == len(points) == len(set(points))
    assert {space.key(space.decode(unit.tolist())) for unit in units} <= set(points)


@hypothesis.settings(deadline=None)
@given(conditional_spaces())
def test_that_every_point_has_a_unit_of_its_own(space: Space) -> None:
    encoding = Encoding(space)
    units = encoding.all_units()
    assert [encoding.point(unit) for unit in units] == list(space.all_points())
    assert encoding.snap(units) == pytest.approx(units)


def test_that_a_chain_over_a_fixed_value_goes_by_what_that_one_depends_on(settings: StudySettings) -> None:
    fixed = with_ranges(settings, second=Fixed(16), gate=Fixed(True))
    assert list(fixed.varied) == ["rule", "depth"]
    assert fixed.conditions == {"rule": AtLeast("depth", 2)}
    assert fixed.points == 1 + 2 * 2
    never = with_ranges(settings, second=Fixed(8))
    assert list(never.varied) == ["depth"]
    assert not never.model.can_apply("learning_rate")


def test_that_a_condition_compares_with_each_kind_of_value() -> None:
    chain: dict[str, Condition] = {"b": IsOneOf("a", (True,)), "c": IsOneOf("b", ("x",)), "d": AtLeast("c", 2.5)}
    whole: dict[str, Value] = {"a": True, "b": "x", "c": 3, "d": 0.5}
    assert applying(whole, chain) == whole
    assert applying(whole | {"c": 2}, chain) == {"a": True, "b": "x", "c": 2}
    assert applying(whole | {"a": False}, chain) == {"a": False}


def test_that_all_of_several_conditions_have_to_hold() -> None:
    both = AllOf((AtLeast("layers", 2), IsOneOf("kind", ("deep",))))
    space = Space(
        {"layers": IntegerRange(1, 3), "kind": Choices(("flat", "deep")), "width": OffOrOn()}, {"width": both}
    )
    assert space.size == len(list(space.all_points())) == 2 * 3 + 2
    assert all(("width" in p) is (p["kind"] == "deep" and p["layers"] != 1) for p in space.all_points())


@pytest.mark.parametrize("method", SearchMethod)
def test_that_every_search_tries_each_point_once_and_ends(
    settings: StudySettings, method: SearchMethod, tmp_path: Path
) -> None:
    settings = msgspec.structs.replace(
        settings, search=SearchSettings(method=method, initial_points=3), budget=BudgetSettings(trials=30)
    )
    path, first = tmp_path / "study.afina", study_started(settings)
    with Store.create(path, first) as store:
        trainer = ScriptedTrainer(lambda request: [float(len(request.values)), 1.0 / int(request.values["depth"])])
        Study([first], store, trainer, InlineSearcher(), lambda _events: None, StudyControl()).start()
    progress = StudyProgress.of(read_study(path))
    assert progress.end is not None
    assert progress.end.reason is StudyEnd.EXHAUSTED
    assert len(progress.finished) == POINTS
    for trial in progress.trials.values():
        assert ("learning_rate" in trial.values) is (trial.values.get("rule") == "b")


@pytest.mark.parametrize(
    ("values", "right"),
    [
        ({"depth": 1}, True),
        ({"depth": 2, "second": 16, "gate": True, "rule": "b", "learning_rate": 0.1}, True),
        ({"depth": 2, "second": 8, "gate": True, "rule": "a"}, False),
        ({"depth": 1, "gate": False}, False),
        ({"depth": 3, "second": 16}, False),
    ],
)
def test_that_a_file_holds_exactly_what_applies(settings: StudySettings, values: dict[str, Value], right: bool) -> None:
    order = OrderCheck()
    order.check(study_started(settings))
    begun = TrialStarted(trial=1, values=values | {"batch_size": 32, "epochs": 10}, seed=1, origin=PointOrigin.RANDOM)
    if right:
        order.check(begun)
    else:
        with pytest.raises(DamagedStudy):
            order.check(begun)
