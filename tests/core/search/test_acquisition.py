"""The search for the best point of an acquisition function, by scores that are known."""

import numpy as np
from numpy.typing import NDArray

from core.parameters import FloatRange, IntegerRange
from core.search.acquisition import CANDIDATES, best_unseen
from core.search.encoding import Encoding
from core.space import Space

Array = NDArray[np.float64]


def nearness(inputs: Array) -> Array:
    return np.asarray(-((inputs - 0.7) ** 2).sum(axis=1))


def test_that_it_climbs_beyond_the_best_random_point() -> None:
    space = Space({f"x{i}": FloatRange(0.0, 1.0) for i in range(6)})

    def height(*, uphill: bool) -> float:
        point = best_unseen(nearness, Encoding(space), set(), np.random.default_rng(0), uphill=uphill)
        assert point is not None
        return float(nearness(Encoding(space).units([point]))[0])

    assert height(uphill=False) < -0.05
    assert height(uphill=True) > -0.001


def test_that_the_next_best_is_taken_when_the_top_was_tried() -> None:
    space = Space({"a": IntegerRange(0, 100), "b": IntegerRange(0, 100)})
    assert (space.size or 0) > CANDIDATES
    seen = {space.key({"a": 70, "b": 70})}
    point = best_unseen(nearness, Encoding(space), seen, np.random.default_rng(0), uphill=True)
    assert point in [{"a": a, "b": b} for a, b in ((69, 70), (71, 70), (70, 69), (70, 71))]
