"""Model files: what they may declare, what is found in them, and what their errors say. Nothing here needs Keras."""

import ast
import contextlib
import os
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from core.conditions import AllOf, AtLeast, AtMost, IsOneOf
from core.errors import InvalidSetting, ModelFileError, ModelUntrusted
from core.events import EpochEnded, Event, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.export.exporters import EXPORTERS
from core.export.script.custom_lines import custom_text_lines
from core.headless.commands import run
from core.headless.console import BAD_INPUT
from core.models.custom import explore
from core.models.custom.declared import Declared
from core.models.custom.explore import Exploration
from core.models.custom.keras_tuner_api import ERRORS, HyperParameters, make_modules
from core.models.custom.model_file import MAX_BYTES, TEMPLATE, ModelFile, read_source
from core.models.custom.program import Output, execute, explained, printing_to
from core.models.family import DataShape
from core.parameters import BooleanParameter, ChoiceParameter, FloatParameter, IntegerParameter, OrdinalParameter
from core.progress import StudyProgress
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Scale
from core.search.proposal import PointOrigin
from core.search.searchers import InlineSearcher
from core.settings import StudySettings, TrainerKind
from core.settings_file import settings_from_json
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.local_engine import LocalEngine
from core.study.loop import study_started
from core.training.request import TrialRequest
from tests.model_files import CUSTOM, custom_file, custom_settings
from tests.scripted import ScriptedTrainer, scripted_engine

PATH = "/models/model.py"
STAND_INS = ("afina", "afina_model", "keras_tuner", "kerastuner")


@pytest.fixture(autouse=True)
def no_stand_ins_left() -> Iterator[None]:
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] in STAND_INS]:
        del sys.modules[name]


def declared_by(lines: str) -> tuple[Declared, ...]:
    program = execute(
        f"import numpy\nfrom afina import *\nPARAMETERS = [{lines}]\ndef build_model(values, data): pass\n", PATH
    )
    assert program.parameters is not None
    return program.parameters


def error_of(source: str) -> str:
    try:
        execute(source, PATH)
    except BaseException as error:  # noqa: BLE001  sys.exit among them
        return explained(error, PATH)
    raise AssertionError("nothing was raised")


# Afina's own declarations


def test_that_each_kind_of_declaration_becomes_a_parameter_of_that_kind() -> None:
    declared = declared_by(
        'Float("a", 0.1, 1, label="Alpha", unit="per step"), Integer("b", 1, 8, scale="log", step=2, vary=False),'
        'Choice("c", ["x", "y"], default="y"), Ordinal("d", [1, 4, 9], when=at_least("b", 2)), Boolean("e"),'
        'Boolean("f", when=all_of(at_least("b", 2), at_most("b", 4), one_of("c", "x")))'
    )

    a, b, c, d, e, f = (item.parameter() for item in declared)

    assert isinstance(a, FloatParameter)
    assert (a.label, a.unit, a.default, a.first_range()) == ("Alpha", "per step", 0.1, FloatRange(0.1, 1.0))
    assert isinstance(b, IntegerParameter)
    assert not b.vary
    assert b.range(b.low, b.high, b.scale, b.step) == IntegerRange(1, 8, Scale.LOG, 2)
    assert isinstance(c, ChoiceParameter)
    assert (c.names, c.default) == (("x", "y"), "y")
    assert isinstance(d, OrdinalParameter)
    assert d.when == AtLeast("b", 2)
    assert f.when == AllOf((AtLeast("b", 2), AtMost("b", 4), IsOneOf("c", ("x",))))
    assert isinstance(e, BooleanParameter)
    assert e.first_range() == OffOrOn()


def test_that_numbers_of_numpy_are_as_good_as_pythons() -> None:
    ordinal, whole = declared_by(
        'Ordinal("a", list(numpy.array([1, 2]))), Float("b", numpy.float32(0), 1, when=one_of("a", numpy.int64(2)))'
    )

    assert ordinal.range == Levels((1, 2))
    assert whole.when == IsOneOf("a", (2,))
    assert isinstance(ordinal.range, Levels)
    assert {type(level) for level in ordinal.range.values} == {int}


def test_that_a_number_declared_above_zero_stays_above_zero() -> None:
    (rate,) = declared_by('Float("rate", 1e-4, 1.0)')

    with pytest.raises(InvalidSetting, match="above 0"):
        rate.parameter().check(FloatRange(0.0, 1.0))


@pytest.mark.parametrize(
    ("declaration", "said"),
    [
        ('Float("a", 1, 0)', "Low (1) must be below high (0)"),
        ('Integer("a", 1, 2.5)', "takes whole numbers, not 2.5"),
        ('Choice("a", [1, 2])', "for numbers there is Ordinal"),
        ('Choice("a", ["x"])', "at least two values"),
        ('Float("a", 1, 2, scale="cubic")', "not 'cubic'"),
        ('Choice("a", ["x", "y"], default="z")', "knows no 'z'"),
        ('Boolean("<img>")', "odd letters"),
        ('Integer("a", 1, 8, vary=1)', "“vary” must be true or false, not 1"),
        ('Boolean("a", when=at_least("b", "2"))', "“number” must be a number, not the text “2”"),
        ('Boolean("a", when=at_most("b", "2"))', "“number” must be a number, not the text “2”"),
        ('Boolean("a", when=one_of("b", print))', "of a kind that no parameter can have"),
    ],
)
def test_that_a_declaration_that_cannot_be_is_said_with_its_line(declaration: str, said: str) -> None:
    error = error_of(f"from afina import *\n\nPARAMETERS = [{declaration}]\n")

    assert error.startswith(f"model.py, line 3: `PARAMETERS = [{declaration}]`: ")
    assert said in error


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ((("a", None), ("a", None)), "declared twice"),
        ((("a", AtLeast("b", 1)), ("b", None)), "not declared before it"),
        ((("epochs", None),), "epochs must be a whole number"),
    ],
)
def test_that_parameters_that_do_not_go_together_are_refused(
    parameters: tuple[tuple[str, AtLeast | None], ...], said: str
) -> None:
    declared = tuple(Declared(name=n, range=FloatRange(0, 1), default=0.5, when=when) for n, when in parameters)

    with pytest.raises(InvalidSetting, match=said):
        ModelFile(path=PATH, source="", parameters=declared)


def test_that_batch_size_epochs_and_patience_are_there_unless_the_file_declares_them() -> None:
    epochs = Declared(name="epochs", range=IntegerRange(2, 4), default=3)

    names = [p.name for p in custom_file().family.parameters]
    own = {p.name: p for p in ModelFile(path=PATH, source="", parameters=(epochs,)).family.parameters}

    assert names == ["units", "rate", "batch_size", "epochs", "patience"]
    assert own["epochs"].first_range() == IntegerRange(2, 4)
    assert list(own) == ["epochs", "batch_size", "patience"]


@pytest.mark.parametrize("name", ["batch_size", "epochs", "patience"])
def test_that_what_a_trial_needs_may_be_a_choice_of_whole_numbers(name: str) -> None:
    declared = Declared(name=name, range=Levels((16, 32, 64)), default=16)

    parameters = {p.name: p for p in ModelFile(path=PATH, source="", parameters=(declared,)).family.parameters}

    assert parameters[name].first_range() == Levels((16, 32, 64))
    assert set(parameters) == {"batch_size", "epochs", "patience"}


@pytest.mark.parametrize("levels", [(0, 16), (-1, 16), (16.0, 32.0), (16, 32.5)])
def test_that_a_choice_of_other_numbers_is_no_batch_size(levels: tuple[float, ...]) -> None:
    declared = Declared(name="batch_size", range=Levels(levels), default=levels[-1])

    with pytest.raises(InvalidSetting, match="batch_size must be a whole number"):
        ModelFile(path=PATH, source="", parameters=(declared,))


def test_that_the_template_shows_every_kind_of_declaration() -> None:
    source = read_source(TEMPLATE)
    called = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    names = {function.id for function in called if isinstance(function, ast.Name)}

    assert {"Float", "Integer", "Choice", "Ordinal", "Boolean", "at_least", "one_of"} <= names


# Keras Tuner's hyperparameters


def test_that_hyperparameters_become_ranges() -> None:
    hp = HyperParameters()
    given = (
        hp.Int("int", 1, 5),
        hp.Int("multiples", 32, 512, step=32, default=64),
        hp.Int("doubling", 2, 32, step=2, sampling="log"),
        hp.Float("float", 1e-4, 1e-2, sampling="log"),
        hp.Choice("names", ["relu", "tanh"]),
        hp.Choice("numbers", [32, 8, 16]),
        hp.Choice("flags", list(np.array([True, False]))),
        hp.Boolean("boolean"),
        hp.Fixed("fixed", 3),
        hp.Int("one", 7, 7),
    )

    assert given == (1, 64, 2, 1e-4, "relu", 32, True, False, 3, 7)
    assert {name: declared.range for name, declared in hp.declared.items()} == {
        "int": IntegerRange(1, 5),
        "multiples": IntegerRange(32, 512, step=32),
        "doubling": IntegerRange(2, 32, Scale.LOG, 2),
        "float": FloatRange(1e-4, 1e-2, Scale.LOG),
        "names": Choices(("relu", "tanh")),
        "numbers": Levels((8, 16, 32)),
        "flags": OffOrOn(),
        "boolean": OffOrOn(),
    }
    assert hp.get("fixed") == 3
    assert "boolean" in hp


def test_that_a_hyperparameter_in_an_inactive_scope_is_none() -> None:
    hp = HyperParameters({"kind": "b"})
    hp.Choice("kind", ["a", "b"])

    with hp.conditional_scope("kind", ["a"]):
        inside = hp.Int("inside", 1, 2)
    by_parent = hp.Int("by_parent", 1, 2, parent_name="kind", parent_values=["b"])

    assert inside is None
    assert "inside" not in hp
    assert by_parent == 1


def test_that_hyperparameters_tell_what_has_been_declared() -> None:
    hp = HyperParameters({"kind": "b"})
    hp.Choice("kind", ["a", "b"])
    hp.Int("units", 2, 8, parent_name="kind", parent_values=["a"])

    assert [(item.name, item.default) for item in hp.space] == [("kind", "a"), ("units", 2)]
    assert hp.get_config() == {
        "space": [{"name": "kind", "default": "a"}, {"name": "units", "default": 2}],
        "values": {"kind": "b"},
    }


def test_that_what_hyperparameters_have_not_is_said_with_the_line() -> None:
    source = "import keras_tuner\n\nkeras_tuner.HyperParameters().merge([])\n"

    assert error_of(source) == (
        "model.py, line 3: `keras_tuner.HyperParameters().merge([])`: AttributeError: "
        "In Afina hp has no merge: ask for values by Int, Float, Choice, Boolean or get"
    )


def test_that_a_name_scope_goes_before_names() -> None:
    hp = HyperParameters({"block/units": 4})

    with hp.name_scope("block"):
        units = hp.Int("units", 1, 8)

    assert units == hp.get("block/units") == 4


def test_that_of_one_name_with_several_ranges_the_first_counts_and_that_is_told() -> None:
    hp = HyperParameters({"units": 3})

    assert hp.Int("units", 1, 8) == hp.Int("units", 4, 9) == hp.Choice("units", [1, 2]) == 3
    assert hp.declared["units"].range == IntegerRange(1, 8)
    assert hp.notes == ["units is declared with several ranges: the first counts"]


def test_that_a_choice_that_depends_on_another_keeps_the_values_found_first_and_that_is_told() -> None:
    program = execute(
        "def build(hp):\n    return hp.Choice('rate', [1, 2] if hp.Boolean('fast') else [3, 4]), hp.get('rate')\n", PATH
    )

    found = Exploration(program.build_model).parameters()

    assert [declared.range for declared in found] == [OffOrOn(), Levels((3, 4))]
    assert program.build({"fast": True, "rate": 4}, DataShape((1,))) == ((4, 4), [])
    assert program.notes == ("rate is declared with several ranges: the first counts",)


def test_that_a_scale_that_afina_has_not_is_told_of() -> None:
    hp = HyperParameters()
    hp.Float("rate", 0.1, 0.9, sampling="reverse_log")
    hp.Int("units", 1, 8, sampling="reverse_log")
    hp.Int("plain", 1, 8, sampling="LOG")

    assert [declared.range.scale for declared in hp.declared.values()] == ["linear", "linear", "log"]  # type: ignore[union-attr]
    assert hp.notes == [
        "rate is searched on a linear scale: Afina has no reverse_log",
        "units is searched on a linear scale: Afina has no reverse_log",
    ]


def test_that_loops_and_ifs_are_found_with_the_conditions_under_which_they_are_reached() -> None:
    def build(hp: HyperParameters) -> None:
        for i in range(hp.Int("layers", 1, 3)):
            hp.Int(f"units_{i}", 8, 64)
        if hp.Boolean("dropout"):
            hp.Float("share", 0.1, 0.5)
        if hp.Choice("rule", ["sgd", "adam"]) == "sgd" and hp.Boolean("momentum", default=True):
            hp.Float("speed", 0, 1)

    found = {declared.name: declared.when for declared in Exploration(build).parameters()}

    assert found == {
        "layers": None,
        "units_0": None,
        "units_1": AtLeast("layers", 2),
        "units_2": AtLeast("layers", 3),
        "dropout": None,
        "share": IsOneOf("dropout", (True,)),
        "rule": None,
        "momentum": IsOneOf("rule", ("sgd",)),
        "speed": IsOneOf("momentum", (True,)),
    }
    assert list(found)[:4] == ["layers", "units_0", "units_1", "units_2"]


@pytest.mark.parametrize(
    ("reaches", "kind", "number"),
    [
        (lambda depth: depth > 0.25, AtLeast, 0.25),
        (lambda depth: depth < 0.25, AtMost, 0.25),
        (lambda depth: depth >= 0.07, AtLeast, 0.07),
        (lambda depth: depth > 0, AtLeast, 0),
    ],
)
def test_that_the_bound_of_a_number_of_which_not_every_value_can_be_tried_is_found(
    reaches: Callable[[float], bool], kind: type[AtLeast | AtMost], number: float
) -> None:
    def build(hp: HyperParameters) -> None:
        if reaches(hp.Float("depth", 0.0, 0.5, default=0.1)):
            hp.Int("width", 1, 64)

    exploration = Exploration(build)
    depth, width = exploration.parameters()

    assert depth.when is None
    assert isinstance(width.when, kind)
    assert width.when.number == pytest.approx(number, abs=1e-6)
    assert width.when.holds(number) == reaches(number)
    assert exploration.complete


def test_that_a_scope_on_a_number_without_steps_counts_as_the_file_has_it() -> None:
    def build(hp: HyperParameters) -> None:
        hp.Float("depth", 0.0, 0.5)
        hp.Int("width", 1, 64, parent_name="depth", parent_values=[0.5])

    assert Exploration(build).parameters()[1].when == IsOneOf("depth", (0.5,))


@pytest.mark.parametrize(
    ("parent", "at", "when"),
    [
        (lambda hp: hp.Int("parent", 1, 3), {2}, IsOneOf("parent", (2,))),
        (lambda hp: hp.Int("parent", 1, 5), {3, 4, 5}, AtLeast("parent", 3)),
        (lambda hp: hp.Int("parent", 1, 5), {1, 2}, IsOneOf("parent", (1, 2))),
        (lambda hp: hp.Int("parent", 32, 512, step=32), {64, 96}, IsOneOf("parent", (64, 96))),
        (lambda hp: hp.Int("parent", 1, 32), {30}, IsOneOf("parent", (30,))),
        (lambda hp: hp.Choice("parent", [16, 32, 64]), {32}, IsOneOf("parent", (32,))),
        (lambda hp: hp.Float("parent", 0.0, 0.5, step=0.1), {0.3, 0.4, 0.5}, AtLeast("parent", 0.3)),
    ],
)
def test_that_a_condition_is_exact_where_there_are_few_values(
    parent: Callable[[HyperParameters], float], at: set[float], when: AtLeast | IsOneOf
) -> None:
    def build(hp: HyperParameters) -> None:
        if parent(hp) in at:
            hp.Int("child", 1, 9)

    exploration = Exploration(build)
    found = {declared.name: declared.when for declared in exploration.parameters()}

    assert found == {"parent": None, "child": when}
    assert exploration.complete


@pytest.mark.parametrize(
    ("raising", "at", "when"),
    [
        ({4}, {2, 3}, AtLeast("parent", 2)),
        ({1}, {3, 4}, AtLeast("parent", 3)),
        ({3}, {4}, AtLeast("parent", 3)),
        ({4}, {1}, IsOneOf("parent", (1, 4))),
    ],
)
def test_that_a_value_at_which_nothing_can_be_built_keeps_no_condition_from_the_others(
    raising: set[int], at: set[int], when: AtLeast | IsOneOf
) -> None:
    def build(hp: HyperParameters) -> None:
        parent = hp.Int("parent", 1, 4, default=2)
        if parent in raising:
            raise ValueError("with other hyperparameters it might be built, and reach the child")
        if parent in at:
            hp.Int("child", 1, 9)

    assert {declared.name: declared.when for declared in Exploration(build).parameters()}["child"] == when


def test_that_the_ends_of_all_ranges_are_tried_before_what_is_between_them() -> None:
    tried: list[tuple[int, ...]] = []

    def build(hp: HyperParameters) -> None:
        tried.append((hp.Int("wide", 1, 9), hp.Int("few", 1, 4), hp.Int("layers", 1, 5)))
        if tried[-1][2] > 3:
            hp.Boolean("late")

    Exploration(build).parameters()

    assert tried[:4] == [(1, 1, 1), (9, 1, 1), (1, 4, 1), (1, 1, 5)]
    between = [values for values in tried if set(values) - {1, 4, 5, 9}]
    assert between[:4] == [(1, 1, 2), (1, 1, 3), (1, 2, 1), (1, 3, 1)]


def test_that_what_two_ways_lead_to_has_no_condition() -> None:
    def build(hp: HyperParameters) -> None:
        one, other = hp.Boolean("one"), hp.Boolean("other")
        if one or other:
            hp.Int("either", 1, 3)
        if not one and not other:
            hp.Int("neither", 1, 3)

    found = {declared.name: declared.when for declared in Exploration(build).parameters()}

    assert found["either"] is None
    assert found["neither"] == AllOf((IsOneOf("one", (False,)), IsOneOf("other", (False,))))


def test_that_nested_conditional_scopes_are_all_activated() -> None:
    def build(hp: HyperParameters) -> None:
        hp.Choice("kind", ["plain", "deep"])
        with hp.conditional_scope("kind", ["deep"]):
            hp.Boolean("norm")
            with hp.conditional_scope("norm", [True]):
                hp.Float("momentum", 0.5, 0.99)

    found = {declared.name: declared.when for declared in Exploration(build).parameters()}

    assert found == {
        "kind": None,
        "norm": IsOneOf("kind", ("deep",)),
        "momentum": IsOneOf("norm", (True,)),
    }


def test_that_what_is_in_a_scope_of_no_values_is_no_hyperparameter() -> None:
    def build(hp: HyperParameters) -> None:
        hp.Int("depth", 1, 3)
        with hp.conditional_scope("depth", []):
            assert hp.Int("units", 1, 8) is None

    assert [declared.name for declared in Exploration(build).parameters()] == ["depth"]


def test_that_a_scope_takes_numbers_of_numpy() -> None:
    hp = HyperParameters({"depth": 2})
    hp.Int("depth", 1, 3)
    with hp.conditional_scope("depth", list(np.array([2, 3]))):
        assert hp.Int("units", 1, 8) == 1

    assert msgspec.json.encode(hp.scopes["units"]) == msgspec.json.encode([IsOneOf("depth", (2, 3))])


def test_that_what_is_in_an_active_scope_is_explored_where_it_was_found() -> None:
    def build(hp: HyperParameters) -> None:
        if hp.Choice("kind", ["plain", "deep", "wide"]) == "wide":
            with hp.conditional_scope("kind", ["deep", "wide"]):
                hp.Boolean("norm")
                with hp.conditional_scope("norm", [True]):
                    if hp.Boolean("moving"):
                        hp.Float("momentum", 0.5, 0.99)

    found = {declared.name: declared.when for declared in Exploration(build).parameters()}

    assert found == {
        "kind": None,
        "norm": IsOneOf("kind", ("wide",)),
        "moving": IsOneOf("norm", (True,)),
        "momentum": IsOneOf("moving", (True,)),
    }


def test_that_what_is_in_two_scopes_depends_on_both() -> None:
    def build(hp: HyperParameters) -> None:
        hp.Choice("kind", ["plain", "deep"])
        hp.Boolean("norm")
        with hp.conditional_scope("kind", ["deep"]), hp.conditional_scope("norm", [True]):
            hp.Float("momentum", 0.5, 0.99)

    found = {declared.name: declared.when for declared in Exploration(build).parameters()}

    assert found["momentum"] == AllOf((IsOneOf("kind", ("deep",)), IsOneOf("norm", (True,))))


def test_that_a_combination_that_cannot_be_built_ends_no_exploration() -> None:
    def build(hp: HyperParameters) -> None:
        if hp.Choice("kind", ["plain", "broken", "deep"]) == "broken":
            raise ValueError("never mind")
        if hp.get("kind") == "deep":
            hp.Int("depth", 1, 3)

    assert [declared.name for declared in Exploration(build).parameters()] == ["kind", "depth"]


def test_that_exploring_ends_when_its_time_is_up() -> None:
    def build(hp: HyperParameters) -> None:
        hp.Choice("kind", ["a", "b"])

    exploration = Exploration(build, seconds=0.0)

    assert [declared.name for declared in exploration.parameters()] == ["kind"]
    assert not exploration.complete


def test_that_what_could_not_be_tried_any_more_keeps_nothing_from_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(hp: HyperParameters) -> None:
        if hp.Int("parent", 1, 5) > 2:
            hp.Int("child", 1, 9)

    monkeypatch.setattr(explore, "MAX_BUILDS", 3)
    exploration = Exploration(build)
    found = {declared.name: declared.when for declared in exploration.parameters()}

    assert found == {"parent": None, "child": AtLeast("parent", 2)}
    assert not exploration.complete


# Executing a file


def test_that_a_file_ends_where_it_makes_a_tuner_and_that_says_what_builds() -> None:
    program = execute(
        "import keras_tuner\n"
        "from keras_tuner.tuners import RandomSearch\n"
        "def make(hp): return hp.Int('units', 1, 8)\n"
        "def build_model(hp): return None\n"
        "try:\n"
        "    RandomSearch(make, objective='val_loss', max_trials=3).search(1 / 0)\n"
        "except Exception:\n"
        "    pass\n"
        "1 / 0\n",
        PATH,
    )

    assert program.parameters is None
    assert program.entry == ""
    assert program.build({"units": 5}, DataShape((1,))) == (5, [])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("hyperparameters=None, tune_new_entries=True, project_name='p', overwrite=True, executions_per_trial=1", []),
        ("hyperparameters=kt.HyperParameters()", []),
        ("hyperparameters=hp", ["hyperparameters given to the tuner are not used"]),
        ("tune_new_entries=False", ["tune_new_entries=False is not followed"]),
        ("loss='mse', metrics=['mae']", ["loss given to the tuner is not used", "metrics given to the tuner is not"]),
        ("optimizer='adam'", ["optimizer given to the tuner is not used: compile the model with it in build_model"]),
        ("objective='val_loss', max_trials=3", ["asks its tuner for objective val_loss and max_trials 3. Afina"]),
        ("'val_loss', 7, 5", ["for objective val_loss, max_trials 7 and seed 5. Afina"]),
    ],
)
def test_that_what_a_tuner_is_given_and_afina_does_not_follow_is_told(given: str, said: list[str]) -> None:
    before = "import keras_tuner as kt\nhp = kt.HyperParameters()\nhp.Int('units', 1, 8)\ndef build(hp): pass\n"
    program = execute(f"{before}kt.RandomSearch(build, {given})\n", PATH)

    assert len(program.notes) == len(said)
    assert all(part in note for part, note in zip(said, program.notes, strict=True))


def test_that_a_tuner_of_ones_own_is_taken_for_what_it_builds_and_its_trials_are_spoken_of() -> None:
    program = execute(
        "import keras_tuner\n"
        "def build(hp): return hp.Int('units', 1, 8)\n"
        "class Mine(keras_tuner.RandomSearch):\n"
        "    def run_trial(self, trial, *args): return 0.0\n"
        "Mine(overwrite=True)\n",
        PATH,
    )

    assert program.entry == "build"
    assert program.notes == ("Afina trains the model by itself: the run_trial of Mine is not used",)


@pytest.mark.parametrize(
    ("raised", "imported"),
    [
        ("kt.errors.FailedTrialError", "import keras_tuner as kt"),
        ("kt.FailedTrialError", "import kerastuner as kt"),
        ("FailedTrialError", "from keras_tuner.errors import FailedTrialError"),
        ("keras_tuner.errors.FatalValueError", "import keras_tuner.errors"),
        ("kt.errors.FatalError", "import keras_tuner as kt"),
        ("TooLarge", "import keras_tuner as kt\nclass TooLarge(kt.errors.FailedTrialError): pass"),
    ],
)
def test_that_a_file_that_gives_a_trial_up_says_so_in_its_own_words_only(raised: str, imported: str) -> None:
    program = execute(
        f"{imported}\ndef build(hp):\n    raise {raised}(f'{{hp.Int(\"units\", 8, 64)}} are too many')\n", PATH
    )
    with pytest.raises(Exception, match="are too many") as raising:
        program.build({"units": 48}, DataShape((1,)))

    assert explained(raising.value, PATH) == "48 are too many"


def test_that_a_trial_given_up_without_a_word_has_a_sentence_all_the_same() -> None:
    program = execute("import keras_tuner as kt\ndef build(hp):\n    raise kt.errors.FailedTrialError\n", PATH)
    with pytest.raises(Exception, match=r"^$") as raising:
        program.build({}, DataShape((1,)))

    assert explained(raising.value, PATH) == "The model file gave the trial up, without a reason (FailedTrialError)"


def test_that_a_lambda_builds_a_model_under_the_name_that_it_has_in_the_file() -> None:
    program = execute("build_model = lambda hp: hp.Int('units', 1, 8)\n", PATH)

    assert program.entry == "build_model"
    assert program.build({"units": 5}, DataShape((1,))) == (5, [])
    assert ModelFile(path=PATH, source="", parameters=(), entry=program.entry, takes_hp=True).entry == "build_model"


def test_that_a_hypermodel_is_found_and_its_own_fit_is_spoken_of() -> None:
    program = execute(
        "import keras_tuner\n"
        "class Mine(keras_tuner.HyperModel):\n"
        "    def build(self, hp): return hp.Boolean('b')\n"
        "    def fit(self, hp, model, *args, **kwargs): pass\n",
        PATH,
    )

    assert program.entry == "Mine"
    assert program.build({"b": True}, DataShape((1,))) == (True, [])
    assert "the fit of Mine is not used" in program.notes[0]


def test_that_a_hyperparameter_without_a_value_gets_its_default_and_is_told_of() -> None:
    program = execute("def build(hp): return hp.Int('known', 1, 9) + hp.Int('late', 2, 9)\n", PATH)

    assert program.build({"known": 5}, DataShape((1,))) == (7, ["late"])


def test_that_what_is_under_main_does_not_run() -> None:
    execute("def build(hp): pass\nif __name__ == '__main__':\n    1 / 0\n", PATH)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\ny = 1 / 0\n", "model.py, line 2: `y = 1 / 0`: ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit('bye')\n", "line 2: `sys.exit('bye')`: the file ended the program: sys.exit('bye')"),
        ("def build(hp:\n    pass\n", "model.py, line 1: `def build(hp:`: SyntaxError: '(' was never closed"),
        (
            "import nonsense_lib\n",
            "line 1: `import nonsense_lib`: No module named 'nonsense_lib'. A model file can use",
        ),
        ("x = 1\n", "model.py: It has nothing that builds a model"),
        ("PARAMETERS = []\n", "model.py: It has PARAMETERS, but no function build_model(values, data)"),
        ("PARAMETERS = 5\ndef build_model(v, d): pass\n", "PARAMETERS must be a list of Float"),
    ],
)
def test_that_what_is_wrong_with_a_file_is_one_sentence_with_its_line(source: str, said: str) -> None:
    assert said in error_of(source)


def test_that_an_error_deep_in_a_library_is_laid_at_the_files_own_line() -> None:
    assert "model.py, line 2: `json.loads('{')`: JSONDecodeError" in error_of("import json\njson.loads('{')\n")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "class Odd(Exception):\n    def __str__(self):\n        raise SystemExit\n\nraise Odd()\n",
            "model.py, line 5: `raise Odd()`: Odd: it cannot be written out (SystemExit)",
        ),
        ("raise ValueError('half \\udcff')\n", "ValueError: half \\udcff"),
        ("class Odd:\n    __repr__ = 5\n\nraise SystemExit(Odd())\n", "sys.exit(it cannot be written out (TypeError))"),
    ],
)
def test_that_an_error_that_cannot_be_written_out_is_told_all_the_same(source: str, said: str) -> None:
    assert said in error_of(source)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("raise KeyError", "KeyError"),
        ("raise ValueError('\\x1b[1mred\\x1b[0m \\u202egnip')", "ValueError: red gnip"),
        ("class Odd(Exception):\n    __str__ = lambda self: 5\nraise Odd", "Odd: it cannot be written out (TypeError)"),
        ("try:\n    {}['x']\nexcept KeyError as error:\n    raise RuntimeError('no width') from error",
         "RuntimeError: no width, caused by KeyError: 'x'"),
        ("try:\n    {}['x']\nexcept KeyError as error:\n    raise RuntimeError(f'no {error}') from error",
         "RuntimeError: no 'x'"),
        ("raise KeyError('Exception encountered when calling L.call().\\n\\nwidth\\n\\nArguments received by x')",
         "KeyError: 'width' (in the layer L)"),
        ("class InvalidArgumentError(Exception):\n    __module__ = 'tensorflow.python.framework.errors_impl'\n"
         "raise InvalidArgumentError('{{node a/b}} indices[3] = 12 is not in [0, 5) [Op:GatherV2] name: ')",
         "indices[3] = 12 is not in [0, 5)"),
        ("open('/models/numbers.csv')",
         "FileNotFoundError: [Errno 2] No such file or directory: '/models/numbers.csv'. The folder of the model file, "
         f"{Path(PATH).parent}, is not on this computer, and that is where relative paths begin"),
    ],
)  # fmt: skip
def test_that_the_reason_of_an_error_is_told_and_nothing_else(lines: str, said: str) -> None:
    assert error_of(f"{lines}\n").endswith(f"`: {said}")


def test_that_a_message_of_any_length_is_cut() -> None:
    assert len(error_of("raise ValueError('word ' * 5000)\n")) < 800
    assert len(error_of("class Odd(Exception):\n    __str__ = lambda self: 'x' * 10**7\nraise Odd\n")) < 800


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("Graph execution error:\n\nDetected at node net/embedding_1/Gather defined at (most recent call):\nno", 4),
        ("Graph execution error:\n\nDetected at node compile_loss/mse/sub defined at (most recent call):\nno", 6),
        (f'Graph execution error:\n\nDetected at node a defined at (most recent):\n  File "{PATH}", line 2, in f', 2),
        ("Input 0 with name 'None' of layer 'batch_normalization_3' is incompatible with the layer", 5),
        ("Could not interpret loss identifier: nope", 6),
        ("Exception encountered when calling Dense.call().\n\nno", 0),
        ("Exception encountered when calling Lambda.call().\n\nno", 0),
    ],
)  # fmt: skip
def test_that_an_error_inside_keras_is_laid_at_the_only_line_that_made_the_layer(message: str, number: int) -> None:
    source = (
        "import keras\n\nmodel = keras.Sequential([Dense(1), keras.layers.Dense(2)])\nmodel.add(Embedding(5, 4))\n"
        "model.add(layers.BatchNormalization())\nmodel.compile('adam', 'mse')\nDense(3)\n"
    )
    with contextlib.suppress(ModuleNotFoundError, NameError):
        execute(source.replace("import keras", "raise NameError"), PATH)
    found = explained(ValueError(message), PATH)
    assert found.startswith(f"model.py, line {number}: " if number else "model.py: ")


def test_that_warnings_and_logs_are_not_what_a_file_printed() -> None:
    output = Output()
    with warnings.catch_warnings(), printing_to(output):
        warnings.simplefilter("always")
        sys.stdout.write("my own words\n")
        for _ in range(100):
            warnings.warn("input_shape", stacklevel=1)
        sys.stderr.write("WARNING:absl:something\n")
    assert output.last_line == "my own words"


def test_that_of_a_flood_of_prints_only_the_last_line_is_kept() -> None:
    output = Output()
    for _ in range(1000):
        print("x" * 1000, file=output)
    print("the end", "\n", file=output)

    assert output.last_line == "the end"
    assert len(output._tail.kept) <= 2000


def test_that_a_file_may_write_to_its_output_as_to_a_console() -> None:
    output = Output()
    output.buffer.write(b"bytes, ")
    output.reconfigure(line_buffering=True)
    print("half \udcff", file=output)
    assert output.last_line == "bytes, half \\udcff"
    output.close()
    assert output.last_line == "bytes, half \\udcff"


# The text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01", "is not text"),
        (b"# coding: nonsense\n", "is not text"),
        (b"\xff\xfe\xff", "is not text"),
        (b"# coding: raw_unicode_escape\nx = '\\ud800'\n", "is not text"),
        (b"#" * (MAX_BYTES + 1), "too large"),
    ],
)
def test_that_what_is_no_python_text_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_bytes(content)

    with pytest.raises(ModelFileError, match=said):
        read_source(path)


def test_that_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes in folders here")
    os.mkfifo(tmp_path / "model.py")

    with pytest.raises(ModelFileError, match="is not a file"):
        read_source(tmp_path / "model.py")


def test_that_a_text_is_read_as_python_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_bytes("# coding: latin-1\r\nx = 'é'\r\n".encode("latin-1"))

    assert read_source(path) == "# coding: latin-1\nx = 'é'\n"


# Settings and studies


def test_that_settings_with_a_model_file_read_back() -> None:
    settings = custom_settings(custom_file())

    assert settings_from_json(settings.to_json()) == settings
    assert list(settings.varied) == ["units", "rate"]
    assert settings.family.label == "model.py"


def test_that_a_model_file_is_never_trained_in_the_windows_process() -> None:
    with pytest.raises(InvalidSetting, match="in a worker process only"):
        msgspec.structs.replace(custom_settings(custom_file()), trainer=TrainerKind.INLINE)


def test_that_the_text_alone_decides_what_was_agreed_to() -> None:
    one, moved, changed = custom_file(), custom_file("/elsewhere/other.py"), custom_file(source=f"{CUSTOM}# more\n")

    assert one.digest == moved.digest != changed.digest


def test_that_a_study_whose_model_file_nobody_agreed_to_does_not_begin(tmp_path: Path) -> None:
    engine = scripted_engine(ScriptedTrainer())

    with pytest.raises(ModelUntrusted, match=r"a program, model\.py"):
        engine.start(custom_settings(custom_file()), tmp_path / "s.afina", lambda _events: None, StudyControl())

    assert list(tmp_path.iterdir()) == []
    engine.close()


def test_that_a_study_is_opened_and_not_resumed_without_executing_its_model_file(tmp_path: Path) -> None:
    marker, path = tmp_path / "ran", tmp_path / "s.afina"
    settings = custom_settings(custom_file(source=f"open({str(marker)!r}, 'w')\n"))
    with Store.create(path, study_started(settings)):
        pass
    engine = scripted_engine(ScriptedTrainer())

    progress = StudyProgress.of(read_study(path))
    with pytest.raises(ModelUntrusted):
        engine.resume(ResumeRequest(path, 5), lambda _events: None, StudyControl())

    assert progress.settings == settings
    assert not marker.exists()
    engine.close()


def test_that_processes_that_executed_a_model_file_serve_no_other_model(tmp_path: Path) -> None:
    made: list[ScriptedTrainer] = []

    def trainer() -> ScriptedTrainer:
        made.append(ScriptedTrainer(lambda request: [1.0 / request.trial]))
        return made[-1]

    one, other = custom_settings(custom_file()), custom_settings(custom_file(source=f"{CUSTOM}# other\n"))
    trusted = {one.model.file.digest, other.model.file.digest}  # type: ignore[union-attr]
    searchers = dict.fromkeys(TrainerKind, InlineSearcher)
    engine = LocalEngine(dict.fromkeys(TrainerKind, trainer), searchers, trusted)

    for number, settings in enumerate((one, one, other, StudySettings())):
        engine.start(settings, tmp_path / f"{number}.afina", lambda _events: None, StudyControl())

    assert [len(trainer.requests) for trainer in made] == [6, 3, 20]
    assert [trainer.closed for trainer in made] == [True, True, False]
    engine.close()


def test_that_the_command_line_asks_for_trust(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.json"
    path.write_text(custom_settings(custom_file()).to_json())

    assert run(path, out=tmp_path / "s.afina") == BAD_INPUT
    assert "run it with --trust-model" in capsys.readouterr().err
    assert not (tmp_path / "s.afina").exists()


def test_that_epochs_on_the_command_line_must_be_among_those_of_a_choice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    epochs = Declared(name="epochs", range=Levels((5, 10)), default=5)
    file = msgspec.structs.replace(custom_file(), parameters=(*custom_file().parameters, epochs))
    path = tmp_path / "settings.json"
    path.write_text(custom_settings(file, epochs=10).to_json())

    assert run(path, out=tmp_path / "s.afina", epochs=7) == BAD_INPUT
    assert "epochs knows no 7; it takes one of 5, 10" in capsys.readouterr().err
    assert run(path, out=tmp_path / "s.afina", epochs=5) == BAD_INPUT
    assert "run it with --trust-model" in capsys.readouterr().err


def test_that_a_request_carries_the_text_to_the_worker() -> None:
    settings = custom_settings(custom_file())
    request = TrialRequest(1, "linear", {}, 0, settings.data, 0, file=settings.model.file)

    sent = msgspec.msgpack.decode(msgspec.msgpack.encode(request), type=TrialRequest)

    assert sent.family.label == "model.py"
    assert sent.file == settings.model.file


# The script


@pytest.mark.parametrize(
    "ending",
    [
        "",
        "\n",
        'x = "',
        '"""$a\\n{b}"""',
        "\\",
        "\rimport os",
        "\x0c\x1b[2J\x85\u2028\u202e",
        '\\"""',
        "\ufeff\U000e0041",
        "\r\n",
    ],
    ids=ascii,
)
def test_that_the_script_holds_the_text_to_the_letter(ending: str) -> None:
    source = f"{CUSTOM}# {ending}"
    values = {"units": 8, "rate": 0.5, "batch_size": 32, "epochs": 1, "patience": 0}

    script = script_of(custom_settings(custom_file(source=source)), values)

    text = next(node for node in ast.parse(script).body if _assigns(node, "MODEL_FILE"))
    assert isinstance(text, ast.Assign)
    assert ast.literal_eval(text.value).rstrip("\n") == source.rstrip("\n")


def test_that_a_file_for_keras_tuner_comes_with_what_it_imports() -> None:
    file = msgspec.structs.replace(custom_file(), takes_hp=True, entry="")

    script = script_of(custom_settings(file), {"units": 8, "rate": 0.5, "batch_size": 32, "epochs": 1, "patience": 0})

    assert "class HyperParameters" in script
    compile(script, "best.py", "exec")


def test_that_hyperparameters_in_a_script_have_all_that_those_of_a_study_have() -> None:
    stand_in = _stand_in({})

    assert _public(stand_in) == _public(HyperParameters)


def test_that_a_script_stands_in_for_all_that_a_file_can_import() -> None:
    file = msgspec.structs.replace(custom_file(), takes_hp=True, entry="")
    exec(custom_text_lines(file, {}), {"contextlib": contextlib, "types": types, "sys": sys})
    made = sys.modules["keras_tuner"]
    for name, module in make_modules().items():
        assert sys.modules[name] is made
        assert not {item for item in _public(module) if not hasattr(made, item)}
    for error in ERRORS:
        bases = [kind.__name__ for kind in vars(made)[error.__name__].__mro__]
        assert bases == [kind.__name__ for kind in error.__mro__]


def _scoped(hp: Any) -> list[Any]:
    found = [hp.Choice("kind", ["plain", "deep"])]
    with hp.name_scope("block"), hp.name_scope("inner"):
        found += [hp.Int("units", 1, 8), hp.get("units"), "units" in hp, hp["units"]]
    with hp.conditional_scope("kind", ["deep"]):
        found += [hp.Int("depth", 1, 3), hp.Fixed("fixed", 3), hp.Int("one", 2, 2)]
        with hp.conditional_scope("kind", "plain"):
            found += [hp.Boolean("never", default=True)]
    return [*found, "depth" in hp, hp.is_active("depth"), hp.is_active("block/inner/units")]


def _left_by_an_error(hp: Any) -> list[Any]:
    hp.Boolean("off")
    with contextlib.suppress(ZeroDivisionError), hp.conditional_scope("off", True), hp.name_scope("block"):
        1 / 0  # noqa: B018
    return [hp.Int("units", 1, 8)]


CALLS: dict[str, tuple[dict[str, Any], Callable[[Any], list[Any]]]] = {
    "defaults": (
        {},
        lambda hp: [
            hp.Int("int", 1, 5),
            hp.Int("multiples", 32, 512, 32, default=64),
            hp.Int("of floats", 2.0, 8.0),
            hp.Float("float", 1, 2),
            hp.Float("log", 1e-4, 1e-2, sampling="log", default=np.float64(1e-3)),
            hp.Choice("names", ["relu", "tanh"]),
            hp.Choice("numbers", np.array([32, 8, 16])),
            hp.Choice("chosen", [1, 2.5], default=2.5),
            hp.Boolean("boolean", default=np.True_),
            hp.Int(7, 1, 3),
        ],
    ),
    "given": (
        {"int": 3, "float": 1.5, "names": "tanh", "numbers": 16, "boolean": True, "7": 2},
        lambda hp: [
            hp.Int("int", 1, 5),
            hp.Float("float", 1, 2),
            hp.Choice("names", ["relu", "tanh"]),
            hp.Choice("numbers", [32, 8, 16]),
            hp.Boolean("boolean"),
            hp.Int(7, 1, 3),
        ],
    ),
    "constants": (
        {"fixed": 5, "int": 5, "float": 5.0, "choice": "b", "epochs": 7},
        lambda hp: [
            hp.Fixed("fixed", 3),
            hp.Int("int", 2, 2),
            hp.Float("float", 2, 2.0),
            hp.Choice("choice", ["a", "a"]),
            hp.Fixed("epochs", np.int64(2)),
        ],
    ),
    "several times": (
        {"units": 3, "rate": 4},
        lambda hp: [
            hp.Int("units", 1, 8),
            hp.Int("units", 4, 9),
            hp.Fixed("units", 1),
            hp.Choice("rate", [1, 2]),
            hp.Fixed("first", 1),
            hp.Int("first", 2, 4),
        ],
    ),
    "parents": (
        {"kind": "b"},
        lambda hp: [
            hp.Choice("kind", ["a", "b"]),
            hp.Int("int", 1, 2, parent_name="kind", parent_values=["a"]),
            hp.Float("float", 1, 2, parent_name="kind", parent_values="b"),
            hp.Choice("choice", [1, 2], parent_name="kind", parent_values=["b"]),
            hp.Boolean("boolean", parent_name="kind"),
            hp.Fixed("fixed", 1, parent_name="kind", parent_values=("a", "b")),
            hp.Int("below", 1, 2, parent_name="int", parent_values=None),
        ],
    ),
    "scopes": ({"kind": "deep", "depth": 2, "block/inner/units": 4}, _scoped),
    "scopes by default": ({}, _scoped),
    "an error": ({"units": 2}, _left_by_an_error),
}


@pytest.mark.parametrize("calls", CALLS)
def test_that_hyperparameters_in_a_script_give_what_those_of_a_study_gave(calls: str) -> None:
    values, ask = CALLS[calls]
    study, script = HyperParameters(values), _stand_in(values)()

    assert repr(ask(script)) == repr(ask(study))
    assert repr(script.get_config()) == repr(study.get_config())
    assert script.space == study.space
    assert script.copy().get_config() == study.copy().get_config()
    for hp in (study, script):
        with pytest.raises(KeyError):
            hp.get("nowhere")
        with pytest.raises(AttributeError):
            hp.merge(hp)


def test_that_hyperparameters_in_a_script_tell_what_is_active_and_can_be_copied() -> None:
    for made in (HyperParameters({"a": 3}), _stand_in({"a": 3})()):
        made.Int("a", 1, 5)
        copied = made.copy()
        made.Int("b", 1, 5)

        assert made.is_active("b")
        assert not copied.is_active("b")
        assert copied.get("a") == 3


def _stand_in(values: dict[str, Any]) -> Any:
    """Return the class HyperParameters of an exported script with these settings."""
    file = msgspec.structs.replace(custom_file(), takes_hp=True, entry="")
    body = ast.parse(custom_text_lines(file, values)).body
    (found,) = [node for node in body if isinstance(node, ast.ClassDef) and node.name == "HyperParameters"]
    names: dict[str, Any] = {"contextlib": contextlib, "types": types, "VALUES": values}
    exec(compile(ast.Module([found], []), "script", "exec"), names)
    return names["HyperParameters"]


def _public(made: type | types.ModuleType) -> set[str]:
    return {name for name in vars(made) if not name.startswith("_")}


def script_of(settings: StudySettings, values: dict[str, int | float]) -> str:
    events: list[Event] = [
        StudyStarted(settings=settings, time=0.0, versions={}),
        TrialStarted(trial=1, values=dict(values), seed=1, origin=PointOrigin.INITIAL),
        EpochEnded(trial=1, epoch=1, loss=1.0, val_loss=1.0, metrics={}, seconds=0.1),
        TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=1, seconds=0.1, objective=1.0),
    ]
    return EXPORTERS["python"].text(StudyProgress.of(events))


def _assigns(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name
