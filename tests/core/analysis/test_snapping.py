"""Many points snapped at once, beside one by one."""

import numpy as np

from core.analysis.snapping import Snapping
from core.conditions import AllOf, AtLeast, AtMost, IsOneOf
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale
from core.rules import Relation, Rule
from core.search.encoding import Encoding
from core.space import Space

RANGES: dict[str, Range] = {
    "second": IntegerRange(8, 64, Scale.LOG),
    "layers": IntegerRange(1, 3),
    "first": IntegerRange(8, 64, Scale.LOG),
    "rate": FloatRange(1e-4, 1e-1, Scale.LOG),
    "schedule": Choices(("const", "cosine", "steps")),
    "warmup": FloatRange(0.0, 0.5, step=0.1),
    "kernel": Levels((1, 3, 7)),
    "bias": OffOrOn(),
    "decay": FloatRange(0.0, 1.0),
    "most": Fixed(40),
}
SPACE = Space(
    RANGES,
    {
        "second": AtLeast("layers", 2),
        "warmup": IsOneOf("schedule", ("cosine", "steps")),
        "kernel": AllOf((AtLeast("warmup", 0.2), AtMost("rate", 1e-2))),
        "decay": AllOf((IsOneOf("bias", (True,)), IsOneOf("layers", (1, 3)))),
    },
    [Rule("second", Relation.AT_MOST, "first"), Rule("first", Relation.AT_MOST, "most")],
)
UNITS = np.random.default_rng(0).random((400, len(SPACE.ranges)))


def test_that_all_at_once_are_snapped_as_one_by_one() -> None:
    encoding = Encoding(SPACE)
    snapped = Snapping(encoding)(UNITS)
    assert np.allclose(snapped.units, encoding.snap(UNITS), rtol=0, atol=1e-12)
    points = [SPACE.decode(unit) for unit in UNITS.tolist()]
    assert snapped.applies.tolist() == [[name in point for name in SPACE.ranges] for point in points]
    assert snapped.allowed.tolist() == [SPACE.allows(point) for point in points]
    assert 0 < np.count_nonzero(snapped.allowed) < len(UNITS)
    assert 0 < np.count_nonzero(snapped.applies[:, 0]) < len(UNITS)
