"""How a trial is trained: counted, never timed."""

from typing import Any

import numpy as np
import pytest

from core.training.plan import XLA_STEPS, Plan, make_plan, row_order


def plan(**given: Any) -> Plan:
    """Return the plan for the tutorial's data and model unless told otherwise."""
    tutorial: dict[str, Any] = {"rows": 405, "validation_rows": 101, "weights": 14, "random": False}
    return make_plan(**tutorial | {"batch_size": 32, "epochs": 10} | given)


def test_that_a_short_trial_is_not_worth_compiling() -> None:
    made = plan()
    assert not made.xla
    assert made.whole_epochs


@pytest.mark.parametrize("batch_size", [1, 32])
def test_that_a_long_trial_is_compiled(batch_size: int) -> None:
    steps = -(-405 // batch_size)
    epochs = -(-XLA_STEPS // steps)
    assert plan(batch_size=batch_size, epochs=epochs).xla
    assert not plan(batch_size=batch_size, epochs=epochs - 1).xla


def test_that_a_model_that_draws_random_numbers_is_never_compiled() -> None:
    assert not plan(random=True, batch_size=1, epochs=10_000).xla


@pytest.mark.parametrize(
    "large",
    [
        {"rows": 1_000_000},
        {"validation_rows": 1_000_000, "weights": 1_000},
        {"weights": 100_000_000},
    ],
)
def test_that_long_epochs_are_trained_in_pieces(large: dict[str, int]) -> None:
    assert not plan(**large).whole_epochs


def test_that_every_seed_and_epoch_has_an_order_of_its_own_with_every_row_once() -> None:
    order = row_order(3, 1, 50)
    assert sorted(order.tolist()) == list(range(50))
    assert order.dtype == np.int32
    np.testing.assert_array_equal(order, row_order(3, 1, 50))
    assert order.tolist() != row_order(3, 2, 50).tolist()
    assert order.tolist() != row_order(4, 1, 50).tolist()
