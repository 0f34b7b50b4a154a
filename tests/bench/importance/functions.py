"""Functions whose important parameters are known, in place of trainings."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from core.conditions import Condition, IsOneOf
from core.ranges import Choices, FloatRange, IntegerRange, OffOrOn, Range, Scale, Value
from core.space import Space


class Function(NamedTuple):
    """`cost` of a point of these ranges. `relevant` parameters explain a tenth or more; the others 2 % or nothing."""

    name: str
    ranges: Mapping[str, Range]
    cost: Callable[[Mapping[str, Value]], float]
    relevant: frozenset[str]
    conditions: Mapping[str, Condition] = MappingProxyType({})

    @property
    def space(self) -> Space:
        return Space(self.ranges, self.conditions)


_UNIT = FloatRange(0.0, 1.0)
_ANGLE = FloatRange(-math.pi, math.pi)


def _additive(point: Mapping[str, Value]) -> float:
    """Return a sum of one curve a parameter; two of six do nothing."""
    a, b, c, d = (float(point[name]) for name in ("a", "b", "c", "d"))
    return 2.6 * (a - 0.4) ** 2 + 0.65 * math.sin(2.5 * b) + 0.45 * c + 0.33 * abs(d - 0.5)


def _ishigami(point: Mapping[str, Value]) -> float:
    """Return Ishigami and Homma's function (ISUMA 1990), with three more parameters that do nothing."""
    a, b, c = (float(point[name]) for name in ("a", "b", "c"))
    return math.sin(a) + 3.0 * math.sin(b) ** 2 + 0.1 * c**4 * math.sin(a)


def _network(point: Mapping[str, Value]) -> float:
    """Return a loss with a valley: the best learning rate rises with the batch size, and far above it all diverges."""
    rate, batch = math.log10(float(point["learning_rate"])), math.log2(float(point["batch_size"]))
    off = rate + 3.0 - 0.2 * (batch - 3)
    return 0.3 + 0.12 * off**2 + (math.exp(2.2 * (off - 0.8)) if off > 0.8 else 0.0)


def _choosing(point: Mapping[str, Value]) -> float:
    """Return a loss that hangs on the optimizer, on the learning rate, and with SGD alone on the momentum."""
    rate = math.log10(float(point["learning_rate"]))
    match point["optimizer"]:
        case "sgd":
            return 0.45 + 0.25 * (rate + 1.8) ** 2 + 1.2 * (0.9 - float(point["momentum"])) ** 2
        case "adam":
            return 0.4 + 0.25 * (rate + 2.8) ** 2
    return 0.9 + 0.25 * (rate + 2.6) ** 2


FUNCTIONS = {
    function.name: function
    for function in (
        Function("additive", dict.fromkeys("abcdef", _UNIT), _additive, frozenset("abc")),
        Function("Ishigami", dict.fromkeys("abcdef", _ANGLE), _ishigami, frozenset("abc")),
        Function(
            "network-like",
            {
                "learning_rate": FloatRange(1e-4, 1e-1, Scale.LOG),
                "batch_size": IntegerRange(8, 256, Scale.LOG),
                "units": IntegerRange(16, 256, Scale.LOG),
                "layers": IntegerRange(1, 4),
                "dropout": FloatRange(0.0, 0.5),
                "decay": FloatRange(1e-6, 1e-2, Scale.LOG),
            },
            _network,
            frozenset({"learning_rate", "batch_size"}),
        ),
        Function(
            "choice and condition",
            {
                "learning_rate": FloatRange(1e-4, 1e-1, Scale.LOG),
                "optimizer": Choices(("sgd", "rmsprop", "adam")),
                "momentum": FloatRange(0.0, 0.99),
                "units": IntegerRange(16, 256, Scale.LOG),
                "dropout": FloatRange(0.0, 0.5),
                "shuffle": OffOrOn(),
            },
            _choosing,
            frozenset({"learning_rate", "optimizer", "momentum"}),
            {"momentum": IsOneOf("optimizer", ("sgd",))},
        ),
    )
}
