"""Conditional parameters: what does not apply has no value, anywhere."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from core.conditions import AllOf, AtLeast, AtMost, Condition, IsOneOf, can_hold
from core.errors import DamagedStudy
from core.events import Event, StudyEnd, TrialStarted
from core.export.exporters import CSV, JSON, PYTHON
from core.models.family import ModelFamily
from core.models.settings import ModelSettings
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Levels, Parameter, Range, Value
from core.progress import StudyProgress
from core.search.encoding import Encoding
from core.search.proposal import PointOrigin
from core.search.searchers import InlineSearcher
from core.search.settings import Acquisition, SearchMethod, SearchSettings, Surrogate
from core.settings import StudySettings
from core.space import Space
from core.store.order import OrderCheck
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.loop import Study, study_started
from core.training.request import TrialRequest
from tests.families import BIAS, CONDITIONAL, DEPTH, SECOND, THIRD, declare
from tests.scripted import ScriptedTrainer

POINTS = 1 + 2 + 2 * 3  # depth 1; depth 2 with each second width; depth 3 with each of both


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> StudySettings:
    return declare(monkeypatch, CONDITIONAL)


def with_depth(settings: StudySettings, given: Range) -> StudySettings:
    ranges = settings.model.ranges | {"depth": given}
    return msgspec.structs.replace(settings, model=ModelSettings(family_name="conditional", ranges=ranges))


def by_depth(request: TrialRequest) -> Sequence[float]:
    return [10.0 / int(request.values["depth"]) + len(request.values)]


def run(
    settings: StudySettings, path: Path, search: dict[str, object] | None = None, trials: int = 50
) -> StudyProgress:
    chosen = msgspec.structs.replace(SearchSettings(initial_points=3), **(search or {}))
    budget = msgspec.structs.replace(settings.budget, trials=trials)
    settings = msgspec.structs.replace(settings, search=chosen, budget=budget)
    first = study_started(settings)
    published: list[Event] = []
    with Store.create(path, first) as store:
        Study([first], store, ScriptedTrainer(by_depth), InlineSearcher(), published.extend, StudyControl()).start()
    return StudyProgress.of(read_study(path))


def test_that_points_which_differ_in_what_does_not_apply_are_one(settings: StudySettings) -> None:
    space = Space(settings.varied, settings.conditions)
    points = list(space.all_points())
    assert space.size == len(points) == len({space.key(point) for point in points}) == POINTS
    assert space.grid_size(3) == len(list(space.grid(3))) == POINTS
    assert space.decode([0.0, 0.9, 0.9]) == {"depth": 1}
    assert space.decode([0.9, 0.9, 0.9]) == {"depth": 3, "second": 16, "third": "c"}


def test_that_a_real_number_that_applies_sometimes_makes_the_space_infinite() -> None:
    space = Space({"n": IntegerRange(1, 2), "x": FloatRange(0.0, 1.0)}, {"x": AtLeast("n", 2)})
    assert space.size is None


def test_that_what_never_applies_is_not_varied(settings: StudySettings) -> None:
    assert list(settings.varied) == ["depth", "second", "third"]
    assert list(with_depth(settings, Fixed(2)).varied) == ["second"]
    assert with_depth(settings, Fixed(2)).conditions == {}
    assert list(with_depth(settings, IntegerRange(1, 2)).varied) == ["depth", "second"]


def test_that_a_condition_can_hold_within_a_range() -> None:
    assert can_hold(AtLeast("n", 3), IntegerRange(1, 3))
    assert not can_hold(AtLeast("n", 3), FloatRange(1.0, 2.9))
    assert not can_hold(IsOneOf("n", (2,)), IntegerRange(1, 9, step=2))
    assert can_hold(IsOneOf("n", ("a",)), Choices(("a", "b")))
    assert can_hold(AtMost("n", 3), IntegerRange(3, 9, step=2))
    assert not can_hold(AtMost("n", 2.9), IntegerRange(3, 9))
    assert not can_hold(AtMost("n", 3), Levels((4, 8)))


def test_that_two_conditions_on_one_parameter_are_a_window() -> None:
    window = AllOf((AtLeast("n", 4), AtMost("n", 6)))
    ranges: dict[str, Range] = {"n": IntegerRange(0, 9), "x": Choices(("a", "b")), "y": IntegerRange(1, 5)}
    space = Space(ranges, {"x": window})

    assert msgspec.json.decode(msgspec.json.encode(window), type=Condition) == window
    assert [point["n"] for point in space.all_points() if "x" in point and point["y"] == 1] == [4, 4, 5, 5, 6, 6]
    assert space.size == len(list(space.all_points())) == (7 + 3 * 2) * 5
    assert Space({**ranges, "y": IntegerRange(1, 10**9)}, {"x": window}).size == (7 + 3 * 2) * 10**9


def test_that_what_does_not_apply_is_imputed_at_a_constant(settings: StudySettings) -> None:
    encoding = Encoding(Space(settings.varied, settings.conditions))
    units = np.random.default_rng(0).random((200, 3))
    snapped = encoding.snap(units)
    assert len(np.unique(snapped.round(9), axis=0)) == POINTS
    assert encoding.snap(snapped) == pytest.approx(snapped)
    assert encoding.units(map(encoding.point, snapped)) == pytest.approx(snapped)


@pytest.mark.parametrize(
    "search",
    [
        *({"surrogate": surrogate} for surrogate in Surrogate),
        {"acquisition": Acquisition.HEDGE},
        {"method": SearchMethod.RANDOM},
        {"method": SearchMethod.GRID},
    ],
)
def test_that_every_search_tries_each_point_once_and_ends(
    settings: StudySettings, search: dict[str, object], tmp_path: Path
) -> None:
    progress = run(settings, tmp_path / "study.afina", search)
    assert progress.end is not None
    assert progress.end.reason is StudyEnd.EXHAUSTED
    assert len(progress.finished) == POINTS
    for trial in progress.trials.values():
        depth = int(trial.values["depth"])
        assert ("second" in trial.values) is (depth >= 2)
        assert ("third" in trial.values) is (depth == 3)
        assert ("learning_rate" in trial.values) is (depth < 3)


def test_that_exports_leave_out_what_does_not_apply(settings: StudySettings, tmp_path: Path) -> None:
    progress = run(with_depth(settings, IntegerRange(3, 4)), tmp_path / "study.afina", trials=3)
    assert progress.best is not None
    assert json.loads(JSON.text(progress))["values"] == progress.best.values
    assert "learning_rate" not in progress.best.values
    assert "\nDEPTH = " in PYTHON.text(progress)
    assert "\nLEARNING_RATE = " not in PYTHON.text(progress)
    header, first, *_ = (line.split(",") for line in CSV.text(progress).splitlines())
    assert first[header.index("learning_rate")] == ""


@pytest.mark.parametrize(
    ("values", "right"),
    [
        ({"depth": 1, "learning_rate": 0.1}, True),
        ({"depth": 2, "learning_rate": 0.1, "second": 8}, True),
        ({"depth": 3, "second": 8, "third": "b"}, True),
        ({"depth": 1, "learning_rate": 0.1, "second": 8}, False),
        ({"depth": 2, "learning_rate": 0.1}, False),
        ({"depth": 3, "second": 8, "third": "b", "learning_rate": 0.1}, False),
        ({"second": 8}, False),
    ],
)
def test_that_a_file_holds_exactly_what_applies(settings: StudySettings, values: dict[str, Value], right: bool) -> None:
    order = OrderCheck()
    order.check(study_started(settings))
    whole = values | {"batch_size": 32, "epochs": 10}
    begun = TrialStarted(trial=1, values=whole, seed=1, origin=PointOrigin.RANDOM)
    if right:
        order.check(begun)
    else:
        with pytest.raises(DamagedStudy):
            order.check(begun)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ((SECOND, THIRD), "not declared"),
        ((replace(DEPTH, when=AtLeast("second", 16)), SECOND), "depends on itself"),
        ((replace(DEPTH, when=AtLeast("depth", 2)),), "depends on itself"),
        ((BIAS, replace(DEPTH, when=AtLeast("bias", 1))), "no number"),
        ((BIAS, replace(DEPTH, when=AtMost("bias", 1))), "no number"),
    ],
)
def test_that_a_family_with_a_condition_that_cannot_be_decided_is_refused(
    parameters: tuple[Parameter, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ModelFamily(name="x", label="x", help="", parameters=parameters, build=CONDITIONAL.build, script="")


def test_that_a_resumed_study_goes_on_as_if_it_had_not_stopped(settings: StudySettings, tmp_path: Path) -> None:
    whole = run(settings, tmp_path / "whole.afina", trials=7)
    path = tmp_path / "halves.afina"
    run(settings, path, trials=5)
    events = read_study(path)
    with Store.open(path) as store:
        study = Study(events, store, ScriptedTrainer(by_depth), InlineSearcher(), lambda _events: None, StudyControl())
        study.resume(7)
    halves = StudyProgress.of(read_study(path))
    assert [t.values for t in halves.trials.values()] == [t.values for t in whole.trials.values()]
