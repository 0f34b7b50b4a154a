"""A model family for the tests, with a parameter of every kind; it is declared, never built."""

from dataclasses import replace

import pytest

from core.conditions import AtLeast, IsOneOf
from core.models.catalogue import FAMILIES
from core.models.declarations import BATCH_SIZE, EPOCHS, LEARNING_RATE
from core.models.family import ModelFamily
from core.models.settings import ModelSettings
from core.parameters import BooleanParameter, ChoiceParameter, IntegerParameter, OrdinalParameter, Scale
from core.settings import StudySettings

WIDTH = IntegerParameter(
    name="width",
    label="Width",
    help="How wide.",
    default=32,
    low=16,
    high=128,
    minimum=1,
    maximum=1024,
    scale=Scale.LOG,
    step=2,
)
KERNEL = OrdinalParameter(name="kernel", label="Kernel", help="How far.", default=3, levels=(1, 3, 7))
BIAS = BooleanParameter(name="bias", label="Bias", help="Whether to add one.", vary=True)


def _never_built(*_anything: object) -> object:
    raise AssertionError("this family is never trained")


EVERY_KIND = ModelFamily(
    name="every_kind",
    label="Every kind",
    help="For tests.",
    parameters=(WIDTH, KERNEL, BIAS, LEARNING_RATE, BATCH_SIZE, EPOCHS),
    build=_never_built,
    script="layers = [keras.layers.Dense(WIDTH * KERNEL, use_bias=BIAS)]\noutput_seed = TRIAL_SEED\n",
)


def declare(monkeypatch: pytest.MonkeyPatch, family: ModelFamily) -> StudySettings:
    """Let Afina know the family; return a study of it with the ranges that it declares."""
    monkeypatch.setitem(FAMILIES, family.name, family)
    ranges = {parameter.name: parameter.first_range() for parameter in family.parameters}
    return StudySettings(model=ModelSettings(family_name=family.name, ranges=ranges))


DEPTH = IntegerParameter(name="depth", label="Depth", help="How deep.", default=1, low=1, high=3, minimum=1, maximum=9)
SECOND = OrdinalParameter(
    name="second", label="Second width", help="Of layer 2.", default=8, levels=(8, 16), when=AtLeast("depth", 2)
)
THIRD = ChoiceParameter(
    name="third",
    label="Third rule",
    help="Of layer 3.",
    default="a",
    choices=(("a", "A"), ("b", "B"), ("c", "C")),
    vary=True,
    when=IsOneOf("depth", (3,)),
)
CONDITIONAL = ModelFamily(
    name="conditional",
    label="Conditional",
    help="For tests.",
    parameters=(
        DEPTH,
        SECOND,
        THIRD,
        replace(LEARNING_RATE, vary=False, when=IsOneOf("depth", (1, 2))),
        replace(BATCH_SIZE, vary=False),
        EPOCHS,
    ),
    build=_never_built,
    script="layers = [keras.layers.Dense(8) for _ in range(DEPTH)]\noutput_seed = TRIAL_SEED\n",
)

GATE = BooleanParameter(name="gate", label="Gate", help="Whether.", vary=True, when=IsOneOf("second", (16,)))
RULE = ChoiceParameter(
    name="rule",
    label="Gate's rule",
    help="How it opens.",
    default="a",
    choices=(("a", "A"), ("b", "B")),
    vary=True,
    when=IsOneOf("gate", (True,)),
)
NESTED = ModelFamily(
    name="nested",
    label="Nested",
    help="For tests: the gate's rule applies where the gate is on, which applies where the second width is 16, which "
    "applies where depth is at least 2.",
    parameters=(
        replace(LEARNING_RATE, vary=False, when=IsOneOf("rule", ("b",))),
        RULE,
        GATE,
        SECOND,
        DEPTH,
        replace(BATCH_SIZE, vary=False),
        EPOCHS,
    ),
    build=_never_built,
    script="layers = []\noutput_seed = TRIAL_SEED\n",
)
