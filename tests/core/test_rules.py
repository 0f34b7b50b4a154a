"""Rules between parameters: which points they leave, and that every search keeps them."""

from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import hypothesis
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conditions import AtLeast
from core.errors import DamagedStudy, InvalidSetting
from core.events import StudyEnd, TrialStarted
from core.models.settings import ModelSettings
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Levels, Range, Scale, Value
from core.progress import StudyProgress
from core.rules import Relation, Rule
from core.search.designs import design_point
from core.search.encoding import Encoding
from core.search.proposal import PointOrigin
from core.search.searchers import InlineSearcher
from core.search.settings import Acquisition, InitialDesign, SearchMethod, SearchSettings, Surrogate
from core.settings import BudgetSettings, StudySettings
from core.settings_file import settings_from_json
from core.space import Space
from core.store.order import OrderCheck
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.loop import Study, study_started
from core.training.request import TrialRequest
from tests.families import CONDITIONAL, EVERY_KIND, declare
from tests.scripted import ScriptedTrainer

WIDTHS: dict[str, Range] = {
    "first": IntegerRange(8, 128, Scale.LOG),
    "second": IntegerRange(8, 128, Scale.LOG),
    "rate": FloatRange(1e-4, 1e-1, Scale.LOG),
}
NARROWER = Rule("second", Relation.AT_MOST, "first")
NARROW_BATCH = Rule("batch_size", Relation.AT_LEAST, "width")
PRODUCT = Rule("rate", Relation.AT_MOST, 0.005, "first")


@st.composite
def finite_spaces(draw: st.DrawFn) -> Space:
    """Draw a space of a few numbers with up to three rules, some on a fixed parameter or on what applies sometimes."""
    kinds: list[Range] = [IntegerRange(-2, 4), IntegerRange(1, 9, step=3), Levels((0.5, 2, 4)), Fixed(2)]
    ranges = {f"p{place}": draw(st.sampled_from(kinds)) for place in range(3)} | {"p3": IntegerRange(1, 3)}
    names = st.sampled_from(list(ranges))
    right = st.one_of(names, st.floats(-5, 9))
    rules = []
    for _ in range(draw(st.integers(1, 3))):
        left, times, other = draw(names), draw(st.one_of(st.just(""), names)), draw(right)
        if times or left != other:
            rules.append(Rule(left, draw(st.sampled_from(Relation)), other, times))
    named = {name for rule in rules for name in rule.names}
    ranges = {name: given for name, given in ranges.items() if name in named or not isinstance(given, Fixed)}
    return Space(ranges, {"p0": AtLeast("p3", 2)} if "p0" in ranges and draw(st.booleans()) else {}, rules)


def points_by_hand(space: Space) -> list[dict[str, Value]]:
    """Return the points that are left when all are tried."""
    plain = Space(space.ranges, {name: c for name, c in space.conditions.items() if name in space.ranges})
    return [point for point in plain.all_points() if space.allows(point)]


@hypothesis.settings(deadline=None)
@given(finite_spaces())
def test_that_the_points_are_those_that_no_rule_forbids(space: Space) -> None:
    left = points_by_hand(space)
    assert sorted(map(space.key, space.all_points()), key=str) == sorted(map(space.key, left), key=str)
    assert space.size == len(left)
    assert (space.breach() is None) is bool(left)
    assert all(map(space.allows, space.grid(3)))
    assert space.grid_size(3) == len(list(space.grid(3)))


@hypothesis.settings(deadline=None)
@given(finite_spaces(), st.lists(st.floats(0, 1, exclude_max=True), min_size=4, max_size=4))
def test_that_a_point_that_is_moved_keeps_the_rules_and_one_that_keeps_them_stays(
    space: Space, unit: list[float]
) -> None:
    unit = unit[: len(space.ranges)]
    for moved in (space.nearest(unit), space.spread(unit)):
        assert moved is None or space.allows(moved)
    point = space.decode(unit)
    if space.allows(point):
        assert space.nearest(unit) == point


@hypothesis.settings(deadline=None)
@given(finite_spaces())
def test_that_arrays_are_judged_as_points_are(space: Space) -> None:
    encoding = Encoding(space)
    units = encoding.snap(np.random.default_rng(0).random((50, len(space.ranges))))
    assert encoding.allowed(units).tolist() == [space.allows(encoding.point(unit)) for unit in units]


@pytest.mark.parametrize("rules", [(NARROWER,), (PRODUCT,), (NARROWER, PRODUCT)])
def test_that_moving_always_finds_what_comparisons_and_bounded_products_leave(rules: tuple[Rule, ...]) -> None:
    space = Space(WIDTHS, {}, rules)
    for unit in np.random.default_rng(0).random((200, 3)).tolist():
        assert space.nearest(unit) is not None
        assert space.spread(unit) is not None


def test_that_a_little_that_is_left_is_filled_evenly() -> None:
    space = Space({"rate": FloatRange(1e-4, 1e-1, Scale.LOG), "batch": IntegerRange(1, 100)}, {}, [
        Rule("rate", Relation.AT_MOST, 2e-4, "batch")
    ])  # fmt: skip
    units = np.random.default_rng(0).random((300, 2)).tolist()
    rates = [float(point["rate"]) for point in map(space.spread, units) if point is not None]
    assert len(rates) == 300
    assert np.std(np.log(rates)) > 0.15
    assert max(rates) <= 2e-4


@pytest.mark.parametrize("design", InitialDesign)
def test_that_a_design_keeps_the_rules_and_its_spread(design: InitialDesign) -> None:
    space = Space(WIDTHS, {}, (NARROWER,))
    points = [design_point(design, 16, index, space, 3) for index in range(16)]
    assert all(point is not None and space.allows(point) for point in points)
    firsts = sorted(int(point["first"]) for point in points if point is not None)
    assert firsts[0] < 32
    assert firsts[-1] > 90
    assert len({space.key(point) for point in points if point is not None}) == 16


def test_that_a_design_of_hardly_anything_is_spread_over_it() -> None:
    """Of 4,096 points of the cube about one is left."""
    space = Space({f"u{place}": FloatRange(0.0, 1.0) for place in range(6)}, {}, [
        Rule(f"u{place + 1}", Relation.AT_MOST, f"u{place}") for place in range(5)
    ] + [Rule("u0", Relation.AT_MOST, 0.5)])  # fmt: skip
    points = [design_point(InitialDesign.SOBOL, 8, index, space, 1) for index in range(8)]
    assert all(point is not None and space.allows(point) for point in points)
    assert len({space.key(point) for point in points if point is not None}) == 8


# Studies


def every_kind(monkeypatch: pytest.MonkeyPatch, rules: Sequence[Rule], **ranges: Range) -> StudySettings:
    settings = declare(monkeypatch, EVERY_KIND)
    model = ModelSettings(
        family_name="every_kind",
        ranges=settings.model.ranges | {"bias": Fixed(True), "learning_rate": Fixed(0.01)} | ranges,
        rules=tuple(rules),
    )
    return msgspec.structs.replace(settings, model=model)


def by_width(request: TrialRequest) -> Sequence[float]:
    return [100.0 / int(request.values["width"]) + float(request.values["batch_size"])]


def run(
    settings: StudySettings,
    path: Path,
    script: Callable[[TrialRequest], Sequence[float]] = by_width,
    trials: int = 60,
    **search: Any,
) -> StudyProgress:
    chosen = msgspec.structs.replace(SearchSettings(initial_points=8), **search)
    settings = msgspec.structs.replace(settings, search=chosen, budget=BudgetSettings(trials=trials))
    first = study_started(settings)
    with Store.create(path, first) as store:
        Study([first], store, ScriptedTrainer(script), InlineSearcher(), lambda _events: None, StudyControl()).start()
    return StudyProgress.of(read_study(path))


SEARCHES: list[dict[str, Any]] = [
    *({"surrogate": surrogate} for surrogate in Surrogate),
    {"acquisition": Acquisition.HEDGE},
    {"method": SearchMethod.RANDOM},
    {"method": SearchMethod.GRID, "grid_points": 9},
]


@pytest.mark.parametrize("search", SEARCHES)
def test_that_every_search_keeps_the_rules_and_ends_when_no_point_is_left(
    search: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Width is 16, 32, 64 or 128, the kernel 1, 3 or 7, the batch 31 to 34."""
    rules = [Rule("width", Relation.AT_MOST, 200, "kernel"), Rule("batch_size", Relation.ABOVE, "width")]
    settings = every_kind(monkeypatch, rules, batch_size=IntegerRange(31, 34))
    left = [(w, k, b) for w, k, b in product((16, 32), (1, 3, 7), range(31, 35)) if w * k <= 200 and b > w]
    assert settings.points == len(left) or search.get("method") is SearchMethod.GRID
    progress = run(settings, tmp_path / "study.afina", **search)
    assert progress.end is not None
    assert progress.end.reason is StudyEnd.EXHAUSTED
    tried = [tuple(t.values[name] for name in ("width", "kernel", "batch_size")) for t in progress.trials.values()]
    assert sorted(tried) == sorted(left)


@pytest.mark.parametrize("search", SEARCHES)
def test_that_every_search_keeps_the_rules_of_an_infinite_space(
    search: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [Rule("learning_rate", Relation.AT_LEAST, 0.05, "batch_size")]
    settings = every_kind(monkeypatch, rules, learning_rate=FloatRange(1e-4, 1e-1, Scale.LOG))
    progress = run(settings, tmp_path / "study.afina", trials=10, **search)
    assert len(progress.finished) == 10
    for trial in progress.trials.values():
        assert float(trial.values["learning_rate"]) * int(trial.values["batch_size"]) >= 0.05


def test_that_a_rule_holds_where_a_parameter_of_it_does_not_apply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second width, 8 or 16, applies from depth 2 on, where it must be below 5 times the depth."""
    settings = declare(monkeypatch, CONDITIONAL)
    ranges = settings.model.ranges | {"third": Fixed("a"), "batch_size": Fixed(5)}
    rules = (Rule("batch_size", Relation.ABOVE, "second", "depth"),)
    settings = msgspec.structs.replace(
        settings, model=ModelSettings(family_name="conditional", ranges=ranges, rules=rules)
    )
    assert settings.points == 3
    progress = run(settings, tmp_path / "study.afina", lambda request: [float(request.values["depth"])])
    tried = [(t.values["depth"], t.values.get("second")) for t in progress.trials.values()]
    assert sorted(tried, key=str) == [(1, None), (2, 8), (3, 8)]


def test_that_a_fixed_parameter_that_applies_sometimes_is_ruled_on_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = declare(monkeypatch, CONDITIONAL)
    ranges = settings.model.ranges | {"second": Fixed(16), "third": Fixed("a"), "batch_size": IntegerRange(8, 20)}
    rules = (Rule("second", Relation.AT_MOST, "batch_size"),)
    model = ModelSettings(family_name="conditional", ranges=ranges, rules=rules)
    assert model.space.size == 13 + 2 * 5


def test_that_a_resumed_study_goes_on_as_if_it_had_not_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [Rule("batch_size", Relation.AT_LEAST, "width")]
    settings = every_kind(monkeypatch, rules, learning_rate=FloatRange(1e-4, 1e-1, Scale.LOG))
    whole = run(settings, tmp_path / "whole.afina", trials=11)
    path = tmp_path / "halves.afina"
    run(settings, path, trials=9)
    events = read_study(path)
    with Store.open(path) as store:
        study = Study(events, store, ScriptedTrainer(by_width), InlineSearcher(), lambda _events: None, StudyControl())
        study.resume(11)
    halves = StudyProgress.of(read_study(path))
    assert [t.values for t in halves.trials.values()] == [t.values for t in whole.trials.values()]


def test_that_a_file_with_a_point_that_breaks_a_rule_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = every_kind(monkeypatch, [Rule("width", Relation.BELOW, "batch_size")])
    order = OrderCheck()
    order.check(study_started(settings))
    values: dict[str, Value] = {"width": 32, "kernel": 1, "bias": True, "learning_rate": 0.01, "epochs": 10}
    order.check(TrialStarted(trial=1, values=values | {"batch_size": 33}, seed=1, origin=PointOrigin.RANDOM))
    with pytest.raises(DamagedStudy, match="breaks the rule Width < Batch size"):
        order.check(TrialStarted(trial=2, values=values | {"batch_size": 32}, seed=1, origin=PointOrigin.RANDOM))


# Settings


@pytest.mark.parametrize(
    ("rules", "field", "message"),
    [
        ([Rule("height", Relation.BELOW, 3.0)], "rules.0", "no parameter “height”"),
        ([Rule("width", Relation.BELOW, 3.0, "bias")], "rules.0", "Bias is no number"),
        ([Rule("width", Relation.AT_LEAST, 1.0)] * 31, "rules", "31 rules are more than the 30"),
        ([Rule("width", Relation.AT_LEAST, 129.0)], "rules.0", "“Width ≥ 129” leaves nothing of these ranges"),
        (
            [Rule("width", Relation.AT_LEAST, 60.0), NARROW_BATCH, Rule("batch_size", Relation.BELOW, 50.0)],
            "rules.2",
            "“Batch size < 50” and the other rules leave nothing",
        ),
        ([Rule("width", Relation.AT_LEAST, 500.0, "kernel"), Rule("width", Relation.BELOW, 64.0)], "rules.1", "leave"),
    ],
)
def test_that_a_rule_that_cannot_be_used_is_named(
    rules: list[Rule], field: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidSetting, match=message) as caught:
        every_kind(monkeypatch, rules)
    assert caught.value.field == field


def test_that_rules_that_creep_towards_each_other_leave_nothing() -> None:
    ranges: dict[str, Range] = {"a": FloatRange(0.0, 1.0), "b": FloatRange(0.0, 1.0)}
    below, above = Rule("a", Relation.BELOW, "b"), Rule("a", Relation.ABOVE, "b")
    assert Space(ranges, {}, [below, above]).breach() == below
    assert Space(ranges, {}, [below]).breach() is None


def test_that_a_rule_compares_two_things() -> None:
    with pytest.raises(InvalidSetting, match="two different"):
        Rule("a", Relation.BELOW, "a")
    with pytest.raises(InvalidSetting, match="finite"):
        Rule("a", Relation.BELOW, float("nan"))


def test_that_a_grid_without_a_point_that_rules_allow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [Rule("batch_size", Relation.ABOVE, 40.0), Rule("batch_size", Relation.BELOW, 60.0)]
    settings = every_kind(monkeypatch, rules)
    assert settings.points
    with pytest.raises(InvalidSetting, match="none of the grid's points"):
        msgspec.structs.replace(settings, search=SearchSettings(method=SearchMethod.GRID, grid_points=2))


def test_that_rules_are_kept_in_the_settings_and_none_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = every_kind(monkeypatch, [Rule("width", Relation.AT_MOST, 512, "kernel"), NARROW_BATCH])
    assert settings_from_json(settings.to_json()) == settings
    without = msgspec.json.decode(settings.to_json())
    del without["model"]["rules"]
    assert settings_from_json(msgspec.json.encode(without)).model.rules == ()


def test_that_choices_beside_rules_are_drawn_as_ever() -> None:
    space = Space(WIDTHS | {"kind": Choices(("a", "b", "c"))}, {}, (NARROWER,))
    units = np.random.default_rng(0).random((60, 4)).tolist()
    assert {str(point["kind"]) for point in map(space.spread, units) if point is not None} == {"a", "b", "c"}


@pytest.mark.parametrize(("left", "right"), [("", "units"), ("units", "")])
def test_that_a_rule_without_a_name_is_refused(left: str, right: str) -> None:
    with pytest.raises(InvalidSetting, match="must name"):
        Rule(left, Relation.AT_MOST, right)
