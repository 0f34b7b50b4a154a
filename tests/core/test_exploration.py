"""Dry builds find all hyperparameters of a `build(hp)`, and exactly the conditions under which it asks for each."""

import itertools
import random
from collections.abc import Callable

import pytest

from core.conditions import AllOf, AtLeast, AtMost, Condition, IsOneOf, singles
from core.models.custom.declared import Declared
from core.models.custom.explore import Exploration
from core.models.custom.keras_tuner_api import HyperParameters
from core.models.custom.model_file import MAX_PARAMETERS
from core.space import Space

Build = Callable[[HyperParameters], None]
BUILDS: list[Build] = []


def example(build: Build) -> Build:
    BUILDS.append(build)
    return build


@example
def noisy_layers(hp: HyperParameters) -> None:
    kind = hp.Choice("kind", ["plain", "noisy"])
    for i in range(hp.Int("depth", 1, 3)):
        hp.Int(f"units_{i}", 8, 32, step=8)
        if kind == "noisy":
            hp.Float(f"rate_{i}", 0.1, 0.5)


@example
def noisy_layers_from_the_deepest(hp: HyperParameters) -> None:
    kind = hp.Choice("kind", ["plain", "noisy"])
    for i in range(hp.Int("depth", 1, 3, default=3)):
        hp.Int(f"units_{i}", 8, 32, step=8)
        if kind == "noisy":
            hp.Float(f"rate_{i}", 0.1, 0.5)


@example
def three_switches(hp: HyperParameters) -> None:
    wide, strong, ending = hp.Boolean("wide"), hp.Boolean("strong"), hp.Choice("ending", ["bare", "damped"])
    if wide:
        hp.Int("more", 8, 24, step=8)
    if wide and strong and ending == "damped":
        hp.Float("damping", 0.3, 0.6, step=0.1)


@example
def three_switches_asked_late(hp: HyperParameters) -> None:
    hp.Float("rate", 1e-4, 1e-1, sampling="log")
    if hp.Boolean("strong", default=True):
        hp.Int("force", 1, 9)
        if hp.Choice("ending", ["bare", "open", "damped"]) == "damped" and not hp.Boolean("wide"):
            hp.Float("damping", 0.3, 0.6)


@example
def four_switches(hp: HyperParameters) -> None:
    hp.Float("rate", 1e-4, 1e-1, sampling="log")
    switches = [hp.Boolean(f"switch_{i}") for i in range(4)]
    if all(switches):
        hp.Int("hidden", 1, 3)


@example
def six_switches(hp: HyperParameters) -> None:
    switches = [hp.Boolean(f"switch_{i}") for i in range(6)]
    if all(switches):
        hp.Int("hidden", 1, 3)


@example
def a_window(hp: HyperParameters) -> None:
    if 40 <= hp.Int("warm", 0, 100) <= 60:
        hp.Float("middle", 0.1, 0.5)


@example
def a_narrow_window_behind_a_switch(hp: HyperParameters) -> None:
    warm, late = hp.Int("warm", 0, 1000), hp.Boolean("late")
    if 300 < warm < 500 and late:
        hp.Float("middle", 0.1, 0.5)
        if warm > 400:
            hp.Int("further", 1, 5)


@example
def windows_of_real_numbers(hp: HyperParameters) -> None:
    noise, rate = hp.Float("noise", -1, 1), hp.Float("rate", 1e-5, 1e-1, sampling="log")
    if -0.35 < noise < 0.05:
        hp.Boolean("quiet")
    if 1e-3 <= rate <= 3e-2:
        hp.Int("usual", 1, 5)


@example
def a_threshold(hp: HyperParameters) -> None:
    if hp.Float("noise", 0.0, 1.0) > 0.6:
        hp.Int("after_noise", 4, 12, step=4)


@example
def thresholds_at_the_ends(hp: HyperParameters) -> None:
    share, count = hp.Float("share", 0.0, 1.0, default=0.5), hp.Int("count", 1, 500)
    if share == 1.0:
        hp.Boolean("all_of_it")
    if share > 0:
        hp.Boolean("some_of_it")
    if share == 0.0:
        hp.Boolean("nothing_of_it")
    if count == 500:
        hp.Boolean("full")
    if count < 500:
        hp.Boolean("not_full")


@example
def below(hp: HyperParameters) -> None:
    if hp.Float("rate", 1e-4, 1e-1, sampling="log") < 1e-2:
        hp.Int("patience", 1, 5)
    if hp.Int("units", 8, 512) <= 64:
        hp.Boolean("residual")
    if hp.Choice("batch", [8, 16, 32, 64]) < 32:
        hp.Boolean("norm")


@example
def a_needle(hp: HyperParameters) -> None:
    if hp.Int("place", 0, 60) == 50:
        hp.Boolean("there")


@example
def two_counters(hp: HyperParameters) -> None:
    columns = hp.Int("columns", 1, 4)
    for i in range(hp.Int("rows", 1, 3)):
        for j in range(columns):
            hp.Int(f"units_{i}_{j}", 4, 8)


@example
def a_counter_for_each(hp: HyperParameters) -> None:
    for i in range(hp.Int("blocks", 1, 3)):
        for j in range(hp.Int(f"layers_{i}", 1, 3)):
            hp.Int(f"units_{i}_{j}", 4, 8)


@example
def families(hp: HyperParameters) -> None:
    kind = hp.Choice("kind", ["linear", "dense", "convolution"])
    if kind != "linear":
        for i in range(hp.Int("layers", 1, 3)):
            hp.Int(f"{'units' if kind == 'dense' else 'filters'}_{i}", 4, 64)
    if kind == "convolution" and hp.get("layers") == 3:
        hp.Choice("pooling", ["max", "average"])
    if hp.Choice("optimiser", ["adam", "sgd"]) == "sgd":
        hp.Float("momentum", 0.0, 0.99)


@example
def scopes_of_names(hp: HyperParameters) -> None:
    for part in ("encoder", "decoder"):
        with hp.name_scope(part):
            deep = hp.Int("depth", 1, 2) > 1
            if deep and hp.Boolean("norm"):
                hp.Float("momentum", 0.5, 0.99)


@example
def three_levels(hp: HyperParameters) -> None:
    if hp.Choice("rule", ["sgd", "adam"]) == "adam" and hp.Float("decay", 0.0, 1.0) > 0.25:
        schedule = hp.Choice("schedule", ["none", "cosine", "steps"])
        if schedule == "steps" and hp.Int("steps", 1, 5) >= 3:
            hp.Float("factor", 0.1, 0.9)


@example
def stricter_further_down(hp: HyperParameters) -> None:
    depth = hp.Int("depth", 1, 5)
    if depth > 1 and hp.Boolean("skip"):
        hp.Boolean("scaled")
        if depth > 3:
            hp.Int("gap", 1, 3)


@example
def both_ways(hp: HyperParameters) -> None:
    if hp.Boolean("fast"):
        hp.Int("step", 1, 9)
    else:
        hp.Int("pause", 1, 9)
    hp.Boolean("last")


@example
def some_values_raise(hp: HyperParameters) -> None:
    units = hp.Int("units", 8, 64, step=8)
    deep = hp.Boolean("deep")
    if deep:
        hp.Int("more", 1, 5)
    if units > 40:
        raise ValueError(f"{units} units are too many")
    if deep and units > 16:
        hp.Boolean("norm")


def applies_as_asked(build: Build, found: tuple[Declared, ...], count: int) -> None:
    """Check at random points and at corners that a trial has a value for all that the build asks for, and no other."""
    space = Space({one.name: one.range for one in found}, {one.name: one.when for one in found if one.when is not None})
    draw = random.Random(1)
    for _ in range(count):
        point = space.decode([draw.choice([draw.random(), draw.random(), 0.0, 1 - 1e-9]) for _ in found])
        hp = HyperParameters(point)
        try:
            build(hp)
        except ValueError:
            assert hp.values.items() <= point.items()
        else:
            assert hp.values == point
        assert hp.missed == []


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.__name__)
def test_that_a_trial_has_a_value_for_exactly_what_the_build_asks_for(build: Build) -> None:
    exploration = Exploration(build)

    applies_as_asked(build, exploration.parameters(), 300)
    assert exploration.complete


def conditions_of(build: Build) -> dict[str, Condition | None]:
    return {declared.name: declared.when for declared in Exploration(build).parameters()}


@pytest.mark.parametrize(
    ("build", "conditions"),
    [
        (
            noisy_layers,
            {
                "units_1": AtLeast("depth", 2),
                "rate_0": IsOneOf("kind", ("noisy",)),
                "rate_1": AllOf((IsOneOf("kind", ("noisy",)), AtLeast("depth", 2))),
                "rate_2": AllOf((IsOneOf("kind", ("noisy",)), AtLeast("depth", 3))),
            },
        ),
        (
            three_switches,
            {
                "more": IsOneOf("wide", (True,)),
                "damping": AllOf(
                    (IsOneOf("wide", (True,)), IsOneOf("strong", (True,)), IsOneOf("ending", ("damped",)))
                ),
            },
        ),
        (a_window, {"middle": AllOf((AtLeast("warm", 40), AtMost("warm", 60)))}),
        (a_needle, {"there": IsOneOf("place", (50,))}),
        (
            thresholds_at_the_ends,
            {
                "all_of_it": AtLeast("share", 1),
                "nothing_of_it": AtMost("share", 0),
                "full": AtLeast("count", 500),
                "not_full": AtMost("count", 499),
            },
        ),
        (a_counter_for_each, {"layers_2": AtLeast("blocks", 3), "units_2_2": AtLeast("layers_2", 3)}),
        (three_levels, {"steps": IsOneOf("schedule", ("steps",)), "factor": AtLeast("steps", 3)}),
        (
            stricter_further_down,
            {"scaled": IsOneOf("skip", (True,)), "gap": AllOf((AtLeast("depth", 4), IsOneOf("skip", (True,))))},
        ),
    ],
)
def test_that_conditions_are_the_fewest_that_tell(build: Build, conditions: dict[str, Condition]) -> None:
    found = conditions_of(build)

    assert {name: found[name] for name in conditions} == conditions


@pytest.mark.parametrize("build", [a_threshold, windows_of_real_numbers])
def test_that_bounds_of_real_numbers_are_next_to_round_ones(build: Build) -> None:
    bounds = [single.number for when in conditions_of(build).values() for single in singles(when)]  # type: ignore[union-attr]

    assert bounds
    for bound in bounds:
        assert bound == pytest.approx(float(f"{bound:.2g}"), rel=1e-4)


def test_that_what_either_of_several_leads_to_is_withheld_by_none() -> None:
    def build(hp: HyperParameters) -> None:
        many, loud, kind = hp.Int("count", 0, 100) > 70, hp.Boolean("loud"), hp.Choice("kind", ["a", "b", "c"])
        if many or loud or kind == "c":
            hp.Int("either", 1, 3)
        if kind != "b" and (many or loud):
            hp.Int("both", 1, 3)

    found = conditions_of(build)

    assert found["either"] is None
    assert found["both"] == IsOneOf("kind", ("a", "c"))


def two_whole_numbers(hp: HyperParameters) -> None:
    narrow, wide = (hp.Int("a", 1, 20), hp.Int("b", 1, 20)), (hp.Int("c", 1, 50), hp.Int("d", 1, 50))
    if narrow[0] > narrow[1]:
        hp.Boolean("more")
    if narrow[0] == narrow[1]:
        hp.Boolean("equal")
    if wide[0] * wide[1] > 100:
        hp.Boolean("large")


def two_real_numbers(hp: HyperParameters) -> None:
    rate, size = hp.Float("rate", 1e-5, 1e-1, sampling="log"), hp.Int("size", 8, 512, sampling="log")
    if hp.Float("a", 0, 1) + hp.Float("b", 0, 1) > 1.8:
        hp.Boolean("far")
    if rate * size > 1:
        hp.Boolean("fast")


def a_number_or_a_name(hp: HyperParameters) -> None:
    kind, depth = hp.Choice("kind", ["a", "b", "c", "d"]), hp.Int("depth", 1, 6)
    if (kind == "a" and depth > 2) or (kind == "b" and depth > 5):
        hp.Boolean("either")


@pytest.mark.parametrize(
    ("build", "conditions"),
    [
        (
            two_whole_numbers,
            {
                "more": AllOf((AtLeast("a", 2), AtMost("b", 19))),
                "equal": None,
                "large": AllOf((AtLeast("c", 3), AtLeast("d", 3))),
            },
        ),
        (a_number_or_a_name, {"either": AllOf((IsOneOf("kind", ("a", "b")), AtLeast("depth", 3)))}),
    ],
)
def test_that_a_bound_is_where_other_hyperparameters_leave_it_the_least(
    build: Build, conditions: dict[str, Condition | None]
) -> None:
    found = conditions_of(build)

    assert {name: found[name] for name in conditions} == conditions


@pytest.mark.parametrize("build", [two_whole_numbers, two_real_numbers, a_number_or_a_name])
def test_that_nothing_is_asked_for_that_has_no_value_where_hyperparameters_decide_together(build: Build) -> None:
    found = Exploration(build).parameters()

    space = Space({one.name: one.range for one in found}, {one.name: one.when for one in found if one.when is not None})
    draw = random.Random(1)
    for _ in range(300):
        hp = HyperParameters(space.decode([draw.random() for _ in found]))
        build(hp)
        assert hp.missed == []


def test_that_what_a_build_asked_for_before_it_raised_is_found() -> None:
    def build(hp: HyperParameters) -> None:
        kind, deep = hp.Choice("kind", ["plain", "new"]), hp.Boolean("deep")
        if kind == "new":
            if deep:
                hp.Int("further", 1, 3)
            raise NotImplementedError

    # Without `deep` it raised as well, so that it might have asked later.
    assert conditions_of(build) == {"kind": None, "deep": None, "further": IsOneOf("kind", ("new",))}


def test_that_a_build_that_raises_shows_of_nothing_that_it_would_not_have_been_asked_for() -> None:
    def build(hp: HyperParameters) -> None:
        width, strong = hp.Int("width", 1, 1000), hp.Boolean("strong")
        if width > 300 and not strong:
            raise ValueError("too wide")
        if strong:
            hp.Float("force", 0, 1)
        hp.Boolean("last")

    assert conditions_of(build) == {
        "width": None,
        "strong": None,
        "force": IsOneOf("strong", (True,)),
        "last": None,
    }


def test_that_the_same_file_always_gives_the_same() -> None:
    assert Exploration(windows_of_real_numbers).parameters() == Exploration(windows_of_real_numbers).parameters()


def test_that_a_file_that_asks_at_random_comes_to_an_end() -> None:
    chance = random.Random(0)

    def build(hp: HyperParameters) -> None:
        hp.Float("rate", 0, 1)
        if chance.random() < 0.5:
            hp.Int("sometimes", 1, 50)
        hp.Boolean(f"other_{chance.randrange(3)}")

    assert {"rate", "sometimes", "other_0", "other_1", "other_2"} == conditions_of(build).keys()


def test_that_a_file_that_names_at_random_comes_to_an_end_too() -> None:
    count = itertools.count()

    def build(hp: HyperParameters) -> None:
        hp.Int(f"units_{next(count)}", 1, 50)

    assert len(Exploration(build).parameters()) > MAX_PARAMETERS  # too many for any model file


def test_that_not_every_value_was_tried_only_where_something_was_planned_that_was_not_done() -> None:
    def build(hp: HyperParameters) -> None:
        if time_is_up:
            exploration._until = 0.0
        if hp.Float("rate", 0, 1) > 0.3:
            hp.Int("units", 8, 512)

    time_is_up = False
    exploration = Exploration(build)
    assert len(exploration.parameters()) == 2
    assert exploration.complete
    time_is_up = True
    exploration = Exploration(build)
    assert len(exploration.parameters()) == 2
    assert not exploration.complete


@pytest.mark.parametrize(("builds", "complete"), [(30, False), (60, True)])
def test_that_a_few_dozen_random_builds_in_vain_are_enough_where_builds_are_slow(builds: int, complete: bool) -> None:
    count = itertools.count(1)

    def build(hp: HyperParameters) -> None:
        hp.Float("rate", 0, 1)
        hp.Int("units", 8, 512)
        if next(count) == builds:
            exploration._until = 0.0

    exploration = Exploration(build)

    assert len(exploration.parameters()) == 2
    assert exploration.complete is complete


def test_that_a_build_that_fails_once_ends_no_exploration() -> None:
    count = itertools.count()

    def build(hp: HyperParameters) -> None:
        if next(count) == 1:
            raise MemoryError
        if hp.Choice("kind", ["a", "b", "c"]) == "c" and hp.Float("rate", 0, 1) > 0.5:
            hp.Int("units", 1, 50)

    assert conditions_of(build).keys() == {"kind", "rate", "units"}
