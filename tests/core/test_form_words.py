"""The plan before Start, and the sentences beside the fields of the form."""

from pathlib import Path

import msgspec
import pytest

from core.conditions import AllOf, AtLeast, AtMost, Condition, IsOneOf
from core.datasets.builtin import DATASETS
from core.datasets.settings import DataSettings
from core.models.catalogue import FAMILIES, family_named
from core.models.custom.declared import Declared
from core.models.custom.model_file import ModelFile
from core.models.settings import ModelSettings
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.tables.description import ColumnRole, Task
from core.words.form import (
    data_in_a_sentence,
    model_in_a_sentence,
    trials_in_short,
    values_of_steps,
    where_it_applies,
)
from core.words.plan import describe_plan
from tests.extremes import declared_settings
from tests.tables import imported

SEEKS = "Seeks the lowest validation loss, judged on 20 % of the rows; no test part, rows not grouped."


def on_file(folder: Path, task: Task = Task.REGRESSION, classes: int = 0, **more: object) -> DataSettings:
    path = folder / "penguins-raw.csv"
    path.write_text("a,b,Species\n", encoding="utf-8")
    columns = {"a": ColumnRole.NUMBER, "b": ColumnRole.CATEGORY, "island": ColumnRole.CATEGORY}
    file = imported(path, 344, "Species", task, columns)
    return DataSettings(file=msgspec.structs.replace(file, classes=classes), **more)  # type: ignore[arg-type]


def tutorial(**other: object) -> StudySettings:
    return msgspec.structs.replace(tutorial_settings(), **other)


def first_model(name: str, **ranges: Range) -> ModelSettings:
    first = {parameter.name: parameter.first_range() for parameter in family_named(name).parameters}
    return ModelSettings(family_name=name, ranges=first | ranges)


# The plan


def test_that_the_tutorial_s_plan_is_a_title_and_two_sentences() -> None:
    plan = describe_plan(tutorial_settings())
    assert plan.title == "20 trials of a linear model on Boston Housing"
    assert plan.facts == f"Predicts the median home value from 13 features. {SEEKS}"


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("family", FAMILIES)
def test_that_the_plan_of_each_model_on_each_data_set_takes_two_lines(dataset: str, family: str) -> None:
    if not FAMILIES[family].images or DATASETS[dataset].image is not None:
        plan = describe_plan(tutorial(data=DataSettings(dataset=dataset), model=first_model(family)))
        assert len(plan.title) <= 65
        assert len(plan.facts) <= 160
        assert DATASETS[dataset].label in plan.title


def test_that_the_plan_tells_classes_folds_test_part_and_groups(tmp_path: Path) -> None:
    data = on_file(tmp_path, Task.MULTICLASS, 3, folds=5, test_fraction=0.2, group="island")
    objective = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)
    plan = describe_plan(tutorial(data=data, objective=objective, budget=BudgetSettings(trials=1)))
    assert plan.title == "1 trial of a linear model on penguins-raw"
    assert plan.facts == (
        "Tells apart 3 classes of Species from 2 features. Seeks the highest validation accuracy of any epoch, judged "
        "in 5 folds; 20 % kept for a test, rows grouped by island."
    )


def test_that_the_plan_tells_what_is_not_as_usual() -> None:
    search = SearchSettings(method=SearchMethod.GRID, grid_points=3)
    budget = BudgetSettings(seconds=1800, target=15.5)
    plan = describe_plan(tutorial(search=search, workers=2, budget=budget))
    assert plan.title == "9 trials of a linear model on Boston Housing"
    assert plan.facts.partition("grouped. ")[2] == (
        "Points of a grid, 3 values each; two trials at a time. There are no more points for the budget of 20 trials. "
        "Ends early after 30 min or at 15.5 or below."
    )
    plan = describe_plan(tutorial(search=SearchSettings(method=SearchMethod.RANDOM)))
    assert plan.facts.endswith("grouped. Points at random.")


def test_that_a_training_metric_is_not_said_to_be_judged_on_held_out_rows() -> None:
    plan = describe_plan(tutorial(objective=ObjectiveSettings(metric="loss")))
    assert "Seeks the lowest training loss, judged on the rows that train; no test part" in plan.facts


def test_that_images_and_a_model_file_are_told() -> None:
    digits = describe_plan(tutorial(data=DataSettings(dataset="digits"), model=first_model("cnn")))
    assert digits.title == "20 trials of a convolutional network on Digits (images)"
    assert digits.facts.startswith("Tells apart 10 digits from images of 8 × 8 pixels. ")
    own = declared_settings(Declared(name="units", range=IntegerRange(1, 9), default=5))
    assert describe_plan(own).title == "9 trials of model.py on Boston Housing"


def test_that_strangers_names_keep_to_one_line_and_are_not_escaped(tmp_path: Path) -> None:
    path = tmp_path / f"{'w' * 99}.csv"
    path.write_text("a,b,y\n", encoding="utf-8")
    target, group = f"<b>y\u202e\n{'x' * 99}", "&" * 99
    columns = {"a": ColumnRole.NUMBER, group: ColumnRole.CATEGORY}
    data = DataSettings(file=imported(path, 9, target, Task.REGRESSION, columns), group=group)
    plan, below = describe_plan(tutorial(data=data)), data_in_a_sentence(data)
    for text in (plan.title, plan.facts, below):
        assert text.isprintable()
        assert len(text) < 250
    assert "Predicts <b>y  xxx" in plan.facts
    assert "Predicts <b>y  xxx" in below


# Data and model


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "506 rows, 13 features. Predicts the median home value, in $1,000."),
        ({"excluded": ("b",)}, "506 rows, 12 features. Predicts the median home value, in $1,000."),
        ({"dataset": "breast_cancer"}, "569 rows, 30 features. Tells apart 2 diagnoses."),
        ({"dataset": "digits"}, "1,797 images of 8 × 8 pixels. Tells apart 10 digits."),
    ],
)
def test_that_our_data_are_told(data: dict[str, object], sentence: str) -> None:
    assert data_in_a_sentence(DataSettings(**data)) == sentence  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("task", "classes", "told"),
    [
        (Task.REGRESSION, 0, "Predicts Species."),
        (Task.BINARY, 0, "Tells apart 2 classes of Species."),
        (Task.MULTICLASS, 3, "Tells apart 3 classes of Species."),
        (Task.MULTICLASS, 0, "Tells apart the classes of Species."),  # imported by an earlier version
    ],
)
def test_that_a_file_is_told(task: Task, classes: int, told: str, tmp_path: Path) -> None:
    assert data_in_a_sentence(on_file(tmp_path, task, classes)) == f"344 rows, 3 features. {told}"
    assert data_in_a_sentence(on_file(tmp_path, task, classes, group="island")) == f"344 rows, 2 features. {told}"


def test_that_a_model_is_told_with_its_loss() -> None:
    assert (
        model_in_a_sentence("linear", Task.REGRESSION) == "A weight per feature and a bias. Loss: mean squared error."
    )
    assert model_in_a_sentence("mlp", Task.MULTICLASS) == "Dense layers, each with dropout. Loss: cross-entropy."
    one = (Declared(name="units", range=IntegerRange(1, 9), default=5),)
    for parameters, count in ((one, "1 parameter"), ((), "No parameters")):
        file = ModelFile(path="/there/model.py", source="", parameters=parameters)
        assert model_in_a_sentence(file, Task.BINARY) == f"{count} of its own. Loss: as the file compiles it."


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize("task", Task)
def test_that_each_model_is_told_on_a_line(family: object, task: Task) -> None:
    assert len(model_in_a_sentence(family.name, task)) <= 75  # type: ignore[attr-defined]


# Trials


FEW = {"learning_rate": Fixed(0.01), "batch_size": IntegerRange(1, 12)}
SOME = {"learning_rate": Fixed(0.01), "batch_size": IntegerRange(1, 100)}


@pytest.mark.parametrize(
    ("ranges", "other", "told"),
    [
        ({}, {}, "8 spread over the ranges, 12 chosen"),
        ({}, {"budget": BudgetSettings(trials=2000)}, "8 spread over the ranges, 1,992 chosen"),
        ({}, {"budget": BudgetSettings(trials=8)}, "all spread over the ranges, none chosen"),
        ({}, {"data": DataSettings(folds=5), "budget": BudgetSettings(trials=40)}, "5 trainings each, 200 in all"),
        ({}, {"data": DataSettings(folds=5, repeats=2)}, "10 trainings each, 200 in all"),
        ({}, {"search": SearchSettings(method=SearchMethod.RANDOM)}, "drawn at random from the ranges"),
        ({}, {"search": SearchSettings(method=SearchMethod.GRID)}, "the first of the grid's 25 points"),
        (
            {},
            {"search": SearchSettings(method=SearchMethod.GRID), "budget": BudgetSettings(trials=25)},
            "every point of the grid",
        ),
        (
            {},
            {"search": SearchSettings(method=SearchMethod.GRID, grid_points=4)},
            "only 16 points: it ends after them",
        ),
        (FEW, {}, "only 12 points: it ends after them"),
        (FEW, {"data": DataSettings(repeats=3)}, "only 12 points: it ends after them"),
        (SOME, {}, "8 spread over 100 points, 12 chosen"),
        (SOME, {"search": SearchSettings(method=SearchMethod.RANDOM)}, "drawn at random from 100 points"),
    ],
)
def test_that_it_is_told_what_trials_are_spent_on(
    ranges: dict[str, Range], other: dict[str, object], told: str
) -> None:
    assert trials_in_short(tutorial(model=first_model("linear", **ranges), **other)) == told


# Steps and conditions


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (IntegerRange(8, 64, Scale.LOG, 2), "8, 16, 32, 64"),
        (IntegerRange(8, 512, Scale.LOG, 2), "8, 16, 32, 64, …, 512"),
        (IntegerRange(0, 25, step=5), "0, 5, 10, 15, 20, 25"),
        (FloatRange(0.0, 1.0, step=0.1), "0, 0.1, 0.2, 0.3, …, 1"),
        (FloatRange(1e-4, 1e-1, Scale.LOG, 10.0), "1e-4, 0.001, 0.01, 0.1"),
        (IntegerRange(8, 64), ""),
        (FloatRange(0.0, 1.0), ""),
        (Fixed(5), ""),
        (Choices(("a", "b")), ""),
    ],
)
def test_that_the_values_of_steps_are_listed(given: Range, values: str) -> None:
    assert values_of_steps(given) == values


def test_that_it_is_told_to_which_trials_a_parameter_applies() -> None:
    ranges: dict[str, Range] = {
        "units_2": IntegerRange(8, 128),
        "optimizer": Choices(("sgd", "adam", "rmsprop")),
        "momentum": FloatRange(0.0, 0.95),
    }
    model = first_model("mlp", **ranges)
    assert where_it_applies(model, "units_2") == "where hidden layers ≥ 2"
    assert where_it_applies(model, "momentum") == "where SGD or RMSprop"
    assert where_it_applies(model, "units") == ""
    assert where_it_applies(model, "units_5") == ""  # to no trial
    assert where_it_applies(first_model("mlp", **ranges | {"layers": Fixed(2)}), "units_2") == ""


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (IsOneOf("mode", ("x", "z")), "where mode is x or z"),
        (IsOneOf("Depth", (1, 3)), "where Depth is 1 or 3"),
        (AtMost("Depth", 2), "where Depth ≤ 2"),
        (IsOneOf("on", (True,)), "where on is on"),
        (AllOf((AtLeast("Depth", 2), AtMost("Depth", 3))), "where Depth ≥ 2 and ≤ 3"),
        (AllOf((AtLeast("Depth", 2), IsOneOf("mode", ("z",)))), "where Depth ≥ 2 and mode is z"),
        (IsOneOf("kernel", (3, 5)), "where kernel is 3 or 5"),
    ],
)
def test_that_conditions_of_a_model_file_name_its_parameters(when: Condition, told: str) -> None:
    declared = (
        Declared(name="mode", range=Choices(("x", "y", "z")), default="x"),
        Declared(name="Depth", range=IntegerRange(1, 4), default=1),
        Declared(name="on", range=OffOrOn(), default=True),
        Declared(name="kernel", range=Levels((3, 5, 7)), default=3),
        Declared(name="child", range=IntegerRange(1, 9), default=5, when=when),
    )
    assert where_it_applies(declared_settings(*declared).model, "child") == told


def test_that_a_long_condition_is_cut() -> None:
    choices = tuple(f"choice {number}" for number in range(100))
    declared = (
        Declared(name="mode", range=Choices(choices), default=choices[0]),
        Declared(name="child", range=IntegerRange(1, 9), default=5, when=IsOneOf("mode", choices[1:])),
    )
    told = where_it_applies(declared_settings(*declared).model, "child")
    assert told.startswith("where mode is choice 1 or choice 2")
    assert told.endswith("…")
    assert len(told) == 60
