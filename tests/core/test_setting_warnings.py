"""What a form warns of by its settings alone."""

import random
from itertools import product
from pathlib import Path

import msgspec
import pytest

from core.conditions import AllOf, AtLeast, AtMost, IsOneOf
from core.datasets.settings import DataSettings
from core.errors import InvalidSetting
from core.models.catalogue import family_named
from core.models.custom.declared import Declared
from core.models.settings import ModelSettings
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale
from core.rules import Relation, Rule
from core.search.settings import SearchMethod, SearchSettings
from core.setting_warnings import UNSTANDARDISED, warnings_of
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.tables.description import ColumnRole, MissingValues, Task
from tests.extremes import declared_settings
from tests.tables import imported

BATCH = "model.ranges.batch_size"
NOTHING = "It excludes nothing: these ranges always keep to it"


def linear(batch_size: Range, *rules: Rule, data: DataSettings | None = None) -> StudySettings:
    ranges = tutorial_settings().model.ranges | {"batch_size": batch_size}
    return StudySettings(model=ModelSettings(ranges=ranges, rules=rules), data=data or DataSettings())


def perceptron(*rules: Rule, **ranges: Range) -> StudySettings:
    first = {parameter.name: parameter.first_range() for parameter in family_named("mlp").parameters}
    return StudySettings(model=ModelSettings(family_name="mlp", ranges=first | ranges, rules=rules))


@pytest.mark.parametrize("dataset", ["boston_housing", "diabetes", "breast_cancer", "wine", "digits"])
def test_that_nothing_is_wrong_with_what_the_form_begins_with(dataset: str) -> None:
    assert warnings_of(StudySettings(data=DataSettings(dataset=dataset))) == {}
    assert warnings_of(msgspec.structs.replace(perceptron(), data=DataSettings(dataset=dataset))) == {}


# Batches


@pytest.mark.parametrize(
    ("data", "given", "sentence"),
    [
        ({}, IntegerRange(1, 405), None),
        ({}, IntegerRange(1, 406), "405 rows train: all sizes above are the same"),
        ({}, IntegerRange(8, 500, Scale.LOG, 2), None),
        ({}, IntegerRange(8, 512, Scale.LOG, 2), "405 rows train: all sizes above are the same"),
        ({}, IntegerRange(500, 600), "405 rows train: each epoch is a single step"),
        ({}, Fixed(405), None),
        ({}, Fixed(406), "405 rows train: each epoch is a single step"),
        ({"test_fraction": 0.2}, IntegerRange(1, 400), "304 rows train: all sizes above are the same"),
        ({"folds": 5}, IntegerRange(1, 405), None),
        ({"folds": 5}, IntegerRange(1, 406), "405 rows train a fold: all sizes above are the same"),
        ({"folds": 5, "test_fraction": 0.2}, Fixed(325), "324 rows train a fold: each epoch is a single step"),
    ],
)
def test_that_batches_above_the_rows_that_train_are_told(
    data: dict[str, float], given: Range, sentence: str | None
) -> None:
    settings = linear(given, data=DataSettings(**data))  # type: ignore[arg-type]
    assert warnings_of(settings).get(BATCH) == sentence


def test_that_batches_which_a_rule_keeps_small_are_no_concern() -> None:
    rule = Rule("batch_size", Relation.AT_MOST, 256.0)
    assert warnings_of(linear(IntegerRange(1, 1000), rule)) == {}


def test_that_rows_are_about_so_many_where_gaps_or_groups_decide(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,y\n", encoding="utf-8")
    columns = {"a": ColumnRole.NUMBER, "b": ColumnRole.CATEGORY}
    file = imported(path, 344, "y", Task.MULTICLASS, columns)
    for data, said in (
        (DataSettings(file=file, folds=5, test_fraction=0.2), "220 rows train a fold: "),
        (DataSettings(file=file, folds=5, test_fraction=0.2, group="b"), "About 220 rows train a fold: "),
        (DataSettings(file=file, missing=MissingValues.DROP), "About 275 rows train: "),
    ):
        sentence = warnings_of(linear(IntegerRange(8, 512), data=data))[BATCH]
        assert sentence == f"{said}all sizes above are the same"


def test_that_a_model_file_s_own_batch_sizes_are_looked_at() -> None:
    sizes = Declared(name="batch_size", range=Levels((100, 1000)), default=100)
    assert BATCH in warnings_of(declared_settings(sizes))


# Rules


def test_that_a_rule_that_excludes_nothing_is_told_at_its_place() -> None:
    rules = Rule("batch_size", Relation.AT_MOST, 99.0), Rule("batch_size", Relation.AT_MOST, 100.0)
    assert warnings_of(linear(IntegerRange(1, 100), *rules)) == {"model.rules.1": NOTHING}


@pytest.mark.parametrize(
    ("rule", "idle"),
    [
        (Rule("units", Relation.AT_MOST, 384.0, "layers"), True),
        (Rule("units", Relation.AT_MOST, 383.0, "layers"), False),
        (Rule("units", Relation.BELOW, 384.0, "layers"), False),
        (Rule("learning_rate", Relation.AT_LEAST, 1e-4), True),
        (Rule("learning_rate", Relation.ABOVE, 1e-4), False),
        (Rule("units", Relation.AT_LEAST, "layers"), True),
        (Rule("units", Relation.AT_LEAST, "units_2"), False),
        (Rule("units_3", Relation.AT_LEAST, 24.0, "layers"), True),  # where it applies there are three layers
        (Rule("units_3", Relation.AT_LEAST, 25.0, "layers"), False),
        (Rule("epochs", Relation.AT_LEAST, "layers"), True),
        (Rule("epochs", Relation.AT_LEAST, "units"), False),
    ],
)
def test_that_a_rule_is_judged_by_the_values_that_can_come_together(rule: Rule, idle: bool) -> None:
    settings = perceptron(rule, units_2=IntegerRange(8, 128), units_3=IntegerRange(8, 18))
    assert ("model.rules.0" in warnings_of(settings)) is idle


def test_that_a_rule_which_stands_twice_is_told() -> None:
    rule = Rule("batch_size", Relation.AT_MOST, 50.0)
    told = warnings_of(linear(IntegerRange(1, 100), rule, rule))
    assert told == {"model.rules.1": "It excludes nothing more: rule 1 is the same"}


def test_that_a_rule_on_what_applies_to_no_trial_is_told() -> None:
    rules = Rule("units_2", Relation.AT_MOST, "units"), Rule("units_2", Relation.AT_MOST, "units_3")
    told = warnings_of(perceptron(*rules, layers=Fixed(1)))
    assert told == {
        "model.rules.0": "It excludes nothing: Units of layer 2 applies to no trial",
        "model.rules.1": "It excludes nothing: Units of layer 2 and Units of layer 3 apply to no trial",
    }


NUMBERS = (
    Declared(name="a", range=IntegerRange(-3, 4), default=1),
    Declared(name="b", range=Levels((-2, 0, 3)), default=3),
    Declared(name="mode", range=Choices(("x", "y")), default="x"),
    Declared(name="on", range=OffOrOn(), default=True, when=IsOneOf("mode", ("x",))),
    Declared(name="c", range=IntegerRange(0, 4, step=2), default=2, when=AllOf((AtLeast("a", 0), AtMost("a", 2)))),
    Declared(name="d", range=IntegerRange(1, 3), default=2, when=IsOneOf("on", (True,))),
    Declared(name="e", range=IntegerRange(5, 9), default=7, when=IsOneOf("c", (4,))),
)


def test_that_rules_are_told_exactly_where_they_exclude_nothing() -> None:
    numbers = ["a", "b", "c", "d", "e"]
    points = list(declared_settings(*NUMBERS).model.space.all_points())
    rights: list[str | float] = [*numbers, -12.0, -3.0, 0.0, 4.0, 9.0, 16.0, 81.0]
    sides = product(numbers, ["", *numbers], rights, Relation)
    rules = [Rule(left, relation, right, times) for left, times, right, relation in sides if left != right or times]
    idle = 0
    for rule in random.Random(0).sample(rules, 100):
        try:
            told = "model.rules.0" in warnings_of(declared_settings(*NUMBERS, rules=[rule]))
        except InvalidSetting:
            told = False  # it leaves nothing
        hard = rule.times == rule.left and not rule.relation.limits_left
        assert told == all(map(rule.holds, points)) or (hard and not told), rule
        idle += told
    assert idle > 10


def test_that_a_rule_on_a_number_times_itself_is_told_only_where_that_is_sure() -> None:
    low, above_0 = FloatRange(-1.0, 2.0), FloatRange(1.0, 2.0)
    rule = Rule("a", Relation.AT_LEAST, 0.5, "a")
    for given, idle in ((low, False), (above_0, True)):
        settings = declared_settings(Declared(name="a", range=given, default=1.5), rules=[rule])
        assert ("model.rules.0" in warnings_of(settings)) is idle


def test_that_a_rule_too_hard_to_judge_is_not_judged() -> None:
    many = Declared(name="many", range=IntegerRange(1, 10**9), default=1)
    child = Declared(name="child", range=IntegerRange(1, 9), default=5, when=AtLeast("many", 2))
    real = Declared(name="real", range=FloatRange(0.0, 1.0), default=0.5)
    other = Declared(name="other", range=IntegerRange(1, 9), default=5, when=AtLeast("real", 0.5))
    rules = [Rule("child", Relation.AT_MOST, 9.0), Rule("other", Relation.AT_MOST, 9.0)]
    assert warnings_of(declared_settings(many, child, real, other, rules=rules)) == {}


# Ranges, preparation, search


def test_that_a_range_of_which_rules_leave_one_value_is_told() -> None:
    told = warnings_of(linear(IntegerRange(1, 100), Rule("batch_size", Relation.AT_MOST, 1.0)))
    assert told == {BATCH: "The rules leave only 1: it does not vary"}
    rules = Rule("units", Relation.AT_LEAST, 128.0), Rule("dropout", Relation.AT_LEAST, 0.5)
    told = warnings_of(perceptron(*rules, dropout=Fixed(0.5)))
    assert told == {"model.ranges.units": "The rules leave only 128: it does not vary", "model.rules.1": NOTHING}


def test_that_features_as_they_are_are_told() -> None:
    settings = msgspec.structs.replace(tutorial_settings(), data=DataSettings(standardise=False))
    assert warnings_of(settings) == {"data.standardise": UNSTANDARDISED}


@pytest.mark.parametrize("dataset", ["digits", "diabetes"])
def test_that_features_of_one_size_need_no_standardising(dataset: str) -> None:
    settings = msgspec.structs.replace(tutorial_settings(), data=DataSettings(dataset=dataset, standardise=False))
    assert warnings_of(settings) == {}


def test_that_features_as_they_are_are_told_only_where_sgd_may_train_on_them() -> None:
    tutorial = msgspec.structs.replace(tutorial_settings(), data=DataSettings(standardise=False))
    for given, told in ((Fixed("adam"), {}), (Choices(("sgd", "adam")), {"data.standardise": UNSTANDARDISED})):
        model = msgspec.structs.replace(tutorial.model, ranges=tutorial.model.ranges | {"optimizer": given})
        assert warnings_of(msgspec.structs.replace(tutorial, model=model)) == told


@pytest.mark.parametrize(
    ("search", "trials", "sentence"),
    [
        (SearchSettings(), 9, None),
        (SearchSettings(), 8, "All 8 trials are initial points: the search chooses none"),
        (SearchSettings(), 1, "The only trial is an initial point: the search chooses none"),
        (SearchSettings(initial_points=1000), 999, "All 999 trials are initial points: the search chooses none"),
        (SearchSettings(method=SearchMethod.RANDOM), 8, None),
        (SearchSettings(method=SearchMethod.GRID), 8, None),
    ],
)
def test_that_a_search_that_never_chooses_is_told(search: SearchSettings, trials: int, sentence: str | None) -> None:
    settings = StudySettings(search=search, budget=BudgetSettings(trials=trials))
    assert warnings_of(settings).get("search.initial_points") == sentence


def test_that_many_trials_at_once_are_no_concern() -> None:
    assert warnings_of(StudySettings(workers=64)) == {}
