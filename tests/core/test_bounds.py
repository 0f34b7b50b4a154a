"""What a study or settings may hold: never less than a form could write, and what is more is refused in a sentence."""

import math
from itertools import product
from typing import Any

import msgspec
import pytest

from core.conditions import AllOf, AtLeast, Condition, IsOneOf, applying
from core.datasets.data_file import DataFile
from core.errors import InvalidSetting
from core.figures.scales import AxisScale, log_ticks
from core.formatting import format_duration
from core.means import mean_of
from core.models.catalogue import FAMILIES
from core.models.custom.declared import Declared
from core.models.custom.model_file import MAX_CONDITIONS, MAX_PARAMETERS, ModelFile
from core.models.settings import MAX_RULES
from core.parameters import FloatParameter, IntegerParameter
from core.progress import StudyProgress
from core.ranges import (
    MAX_INTEGER,
    MAX_VALUES,
    Choices,
    Fixed,
    FloatRange,
    IntegerRange,
    Levels,
    OffOrOn,
    Scale,
    Value,
)
from core.rules import Relation, Rule
from core.search.encoding import Encoding
from core.settings import StudySettings
from core.settings_file import settings_from_json
from core.space import Space
from core.tables.description import MAX_COLUMNS, ColumnRole, Task
from core.tables.fingerprint import Fingerprint
from core.tables.table_format import TableFormat
from core.trial_progress import spread_of
from tests.extremes import RANGES, STUDIES, declared_settings, nested_conditions


class Counted(AtLeast, frozen=True, tag="at_least", tag_field="kind"):
    """A condition that counts how often it is asked."""

    def holds(self, value: Any) -> bool:
        asked.append(self.parameter)
        return super().holds(value)


asked: list[str] = []


def names(count: int) -> tuple[str, ...]:
    return tuple(f"c{place}" for place in range(count))


def model_file(*declared: Declared) -> ModelFile:
    return ModelFile(path="model.py", source="", parameters=declared)


# Work that is linear


def test_that_each_condition_is_asked_once_however_many_depend_on_it() -> None:
    asked.clear()
    conditions: dict[str, Condition] = {f"p{i}": AllOf((Counted(f"p{i - 1}", 2),) * 10) for i in range(1, 100)}
    values = {f"p{i}": 5 for i in range(100)}
    assert applying(values, conditions) == values
    assert len(asked) == 99 * 10


def test_that_nested_conditions_say_what_applies() -> None:
    settings = declared_settings(*nested_conditions(MAX_PARAMETERS, 3))
    assert list(settings.varied) == [f"p{i}" for i in range(MAX_PARAMETERS)]
    assert settings.conditions["p150"] == AtLeast("p149", 2)
    values = settings.model.values_at({f"p{i}": 1 if i == 120 else 5 for i in range(MAX_PARAMETERS)})
    assert "p120" in values
    assert "p121" not in values
    assert "p199" not in values
    assert settings_from_json(settings.to_json()) == settings


def test_that_fixed_parents_pass_on_each_condition_once() -> None:
    ladder = nested_conditions(30, 10)
    settings = declared_settings(*ladder)
    ranges = settings.model.ranges | {f"p{i}": Fixed(5) for i in range(1, 29)}
    model = msgspec.structs.replace(settings.model, ranges=ranges)
    assert model.conditions == {"p29": AtLeast("p0", 2)}


def test_that_a_range_of_whole_numbers_is_never_listed() -> None:
    space = Space({"n": IntegerRange(0, 10**12), "units": IntegerRange(4, 32)})
    assert space.size == 29 * (10**12 + 1)
    first = [point for point, _ in zip(space.all_points(), range(31), strict=False)]
    assert first[29:] == [{"n": 1, "units": 4}, {"n": 1, "units": 5}]
    assert len(Encoding(space).units(first)) == 31


def test_that_all_points_come_in_the_order_of_the_values() -> None:
    values: dict[str, list[Value]] = {"a": [3, 1, 2], "b": ["x", "y"], "c": [0.5]}
    space = Space({"a": Levels((1, 2, 3)), "b": Choices(("x", "y")), "c": FloatRange(0, 1)})
    right = [dict(zip(values, point, strict=True)) for point in product(*values.values())]
    assert list(space.points_of(values)) == right


# Bounds that are told


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Choices(names(MAX_VALUES + 1)), "100,001 values are more than the 100,000 that are possible"),
        (lambda: Levels(tuple(range(MAX_VALUES + 1))), "100,001 values are more than the 100,000 that are possible"),
        (lambda: Choices(("a", "b" * 900, "b" * 900)), "is there twice"),
        (lambda: Levels((1, 10**400)), "too large a number"),
        (lambda: IntegerRange(1, 10**400), "too large a number"),
        (lambda: IntegerRange(1, 100, step=10**400), "too large a number"),
        (lambda: IntegerRange(-(10**30), 100), "too large a number"),
        (lambda: Fixed(10**400), "too large a number"),
        (lambda: AtLeast("x", math.inf), "must be a finite number"),
        (lambda: IsOneOf("x", (1, math.nan)), "must be a finite number"),
        (lambda: IsOneOf("x", (1, 10**400)), "too large a number"),
        (lambda: model_file(*nested_conditions(5, MAX_CONDITIONS // 4 + 1)), "40,004 conditions; at most 40,000"),
        (
            lambda: model_file(*(Declared(name=f"p{i}", range=OffOrOn(), default=False) for i in range(201))),
            "more than 200 parameters",
        ),
        (
            lambda: declared_settings(
                *nested_conditions(2, 0), rules=[Rule("p0", Relation.AT_MOST, "p1")] * (MAX_RULES + 1)
            ),
            "31 rules are more than the 30",
        ),
    ],
)
def test_that_what_cannot_be_worked_with_is_refused_with_a_short_sentence(make: Any, sentence: str) -> None:
    with pytest.raises(InvalidSetting, match=sentence) as caught:
        make()
    assert len(str(caught.value)) < 300


def test_that_a_data_file_has_no_more_columns_than_can_be_imported() -> None:
    def with_columns(count: int) -> DataFile:
        return DataFile(
            path="a.csv",
            layout=TableFormat(),
            fingerprint=Fingerprint(1, "0"),
            rows=3,
            target="y",
            task=Task.REGRESSION,
            columns=dict.fromkeys(names(count), ColumnRole.NUMBER),
        )

    assert len(with_columns(MAX_COLUMNS).columns) == MAX_COLUMNS
    with pytest.raises(InvalidSetting, match="more than the 5,000 columns"):
        with_columns(MAX_COLUMNS + 1)


# Never tighter than what a form could write


@pytest.mark.parametrize("family", FAMILIES)
def test_that_the_ends_of_every_field_of_the_form_can_be_read(family: str) -> None:
    for parameter in FAMILIES[family].parameters:
        if isinstance(parameter, FloatParameter | IntegerParameter):
            open_end = isinstance(parameter, FloatParameter) and not parameter.minimum_allowed
            low, high = math.nextafter(parameter.minimum, 1) if open_end else parameter.minimum, parameter.maximum
            for given in (parameter.range(low, high), parameter.fixed(low), parameter.fixed(high)):  # type: ignore[arg-type]
                assert msgspec.json.decode(msgspec.json.encode(given), type=type(given)) == given


@pytest.mark.parametrize(
    "declared",
    [
        Declared(name="x", range=FloatRange(-1e300, 1e300), default=0.0),
        Declared(name="x", range=FloatRange(5e-324, 1e300, Scale.LOG), default=1.0),
        Declared(name="x", range=IntegerRange(-(10**12), 10**12), default=0),
        Declared(name="x", range=IntegerRange(1, 10**12, Scale.LOG), default=1),
        Declared(name="x", range=Levels((-(2**63), 0.5, MAX_INTEGER)), default=0.5),
        Declared(name="x", range=Choices(names(45_000)), default="c0"),
        Declared(name="x", range=Levels(tuple(range(45_000))), default=0),
        Declared(name="x" * 100, range=Choices(("a" * 1000, "b")), default="b", label="l" * 1000, help="h" * 1000),
    ],
    ids=["float", "log", "whole", "whole log", "levels", "choices", "many levels", "long"],
)
def test_that_what_a_model_file_could_declare_can_be_read(declared: Declared) -> None:
    settings = declared_settings(declared)
    assert settings_from_json(settings.to_json()) == settings


def test_that_each_of_200_parameters_may_depend_on_each_before_it() -> None:
    found: list[Declared] = []
    for place in range(MAX_PARAMETERS):
        each = tuple(AtLeast(f"p{i}", 2) for i in range(place))
        found.append(
            Declared(name=f"p{place}", range=IntegerRange(1, 9), default=5, when=AllOf(each) if each else None)
        )
    settings = declared_settings(*found, rules=[Rule("p0", Relation.AT_MOST, 9.0)] * MAX_RULES)
    assert len(settings.varied) == MAX_PARAMETERS


# Numbers of any size


@pytest.mark.parametrize("name", RANGES)
def test_that_coordinates_lead_into_every_range_and_back(name: str) -> None:
    space = Space({"x": RANGES[name]})
    encoding = Encoding(space)
    points = [space.decode([share]) for share in (0.0, 0.25, 0.5, 0.75, 1 - 2**-53)]
    units = encoding.snap(encoding.units(points))
    assert ((units >= 0) & (units <= 1)).all()
    assert space.size is None or space.size > 0


@pytest.mark.parametrize(
    ("numbers", "mean"),
    [([1e308, 1e308], 1e308), ([1.7e308, -1.7e308], 0.0), ([1.0, 2.0], 1.5), ([math.inf, -math.inf], math.nan)],
)
def test_that_numbers_of_any_size_have_a_mean(numbers: list[float], mean: float) -> None:
    assert mean_of(numbers) == pytest.approx(mean, nan_ok=True)
    assert spread_of(numbers) is not None


@pytest.mark.parametrize(
    ("seconds", "text"), [(1e300, "1e300 s"), (math.inf, "∞ s"), (math.nan, "NaN s"), (3.2e7, "8888 h 53 min")]
)
def test_that_durations_of_any_length_can_be_written(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


def test_that_steps_smaller_than_those_of_floats_make_no_value_twice() -> None:
    levels = Space({"x": FloatRange(1e15, 1e15 + 1, step=0.01)}).axes["x"].all_values()
    assert len(set(levels)) == len(levels) == 9


@pytest.mark.parametrize("name", ["folds: of both signs", "durations without end", "far numbers"])
def test_that_the_time_left_of_an_extreme_study_is_a_number(name: str) -> None:
    progress = StudyProgress.of(STUDIES[name]())
    left = progress.seconds_left()
    assert left is None or left >= 0


def test_that_settings_are_checked_before_they_are_shown() -> None:
    text = StudySettings().to_json().replace('"step": 0\n', f'"step": {10**400}\n')
    with pytest.raises(InvalidSetting, match="too large a number to compute with"):
        settings_from_json(text)


def test_that_an_axis_of_many_names_has_a_few_ticks_of_those_in_view() -> None:
    many = AxisScale("Token", names=names(15_000))
    assert len(many.some_named_ticks(-0.5, 14_999.5)) == 6
    assert many.some_named_ticks(99.6, 102.4) == [(100.0, "c100"), (101.0, "c101"), (102.0, "c102")]
    assert many.some_named_ticks(2e4, 3e4) == []


@pytest.mark.parametrize(
    ("low", "high"),
    [(-350.0, 330.0), (-1e30, 1e30), (307.9, 400.0), (-400.0, -310.0), (3.0, 3.0 + 1e-15), (300.0, 300.3)],
)
def test_that_a_logarithmic_axis_has_few_ticks_wherever_it_is(low: float, high: float) -> None:
    ticks = [place for _, places in log_ticks(low, high, 500) for place in places]
    assert len(ticks) < 1000
    assert all(10.0**place for place in ticks)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("p0", Relation.ABOVE, "p5"),
        Rule("p0", Relation.AT_LEAST, 900_000.0, "p5"),
        Rule("p5", Relation.BELOW, "p0"),
        Rule("p0", Relation.ABOVE, 999.0),
    ],
    ids=str,
)
def test_that_the_first_allowed_point_of_a_large_grid_is_found_at_once(rule: Rule) -> None:
    space = Space({f"p{i}": IntegerRange(1, 1000) for i in range(6)}, rules=[rule])
    point = next(space.grid(100))
    assert rule.holds(point)
    assert [point[f"p{i}"] for i in range(1, 5)] == [1] * 4


def test_that_rules_leave_the_same_points_in_the_same_order_as_trying_each() -> None:
    rules = [
        Rule("a", Relation.BELOW, "c"),
        Rule("b", Relation.AT_MOST, 6.0, "c"),
        Rule("a", Relation.ABOVE, -2.0, "b"),
    ]
    given: dict[str, Any] = {"a": IntegerRange(-3, 3), "b": IntegerRange(-2, 4), "c": Levels((-1.5, 0, 2))}
    every = Space(given).all_points()
    assert list(Space(given, rules=rules).all_points()) == [p for p in every if all(rule.holds(p) for rule in rules)]


def test_that_rules_on_a_range_of_any_whole_numbers_list_none() -> None:
    space = Space(
        {"n": IntegerRange(0, 10**12), "m": IntegerRange(0, 10**12)}, rules=[Rule("n", Relation.AT_MOST, "m")]
    )
    assert next(space.all_points()) == {"n": 0, "m": 0}
