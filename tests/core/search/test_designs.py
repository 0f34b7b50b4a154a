"""Initial designs whose points are spread, or refused."""

import sys

import numpy as np
import pytest

from core.errors import SearchRefused
from core.search.designs import initial_design
from core.search.settings import InitialDesign

# What SciPy does without the file is tried in a process that has not read it yet: test_searchers.
LOADER = "scipy.stats._qmc._initialize_v"


@pytest.mark.parametrize("count", [1, 2, 5, 8, 100])
@pytest.mark.parametrize("dimensions", [1, 2, 9])
def test_that_sound_sobol_points_are_never_refused(count: int, dimensions: int) -> None:
    for seed in range(5):
        points = initial_design(InitialDesign.SOBOL, count, dimensions, seed)
        assert len(np.unique(points, axis=0)) == count


@pytest.mark.parametrize("count", [1, 2, 8])
@pytest.mark.parametrize("design", list(InitialDesign))
def test_that_only_sobol_points_need_scipys_file(
    design: InitialDesign, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = initial_design(design, count, 3, seed=1)
    monkeypatch.setattr(LOADER, lambda *_numbers, **_sizes: None)
    if design is InitialDesign.SOBOL:
        with pytest.raises(SearchRefused, match="or choose another initial design"):
            initial_design(design, count, 3, seed=1)
    else:
        assert np.array_equal(initial_design(design, count, 3, seed=1), sound)


def test_that_one_side_without_direction_numbers_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy.stats import _qmc

    def loaded_in_part(numbers: np.ndarray, dim: int, bits: int) -> None:
        load(numbers, dim=dim, bits=bits)
        numbers[-1] = 0

    load = _qmc._initialize_v
    monkeypatch.setattr(LOADER, loaded_in_part)
    with pytest.raises(SearchRefused):
        initial_design(InitialDesign.SOBOL, 8, 4, seed=0)


def test_that_the_error_that_scipy_cannot_raise_is_not_taken_for_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    crashes: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: crashes.append(error))
    monkeypatch.setattr(sys, "unraisablehook", crashes.append)

    def lost(*_numbers: object, **_sizes: object) -> None:
        sys.excepthook(FileNotFoundError, FileNotFoundError("no file"), None)

    monkeypatch.setattr(LOADER, lost)
    hooks = sys.excepthook, sys.unraisablehook
    with pytest.raises(SearchRefused):
        initial_design(InitialDesign.SOBOL, 8, 2, seed=0)
    assert not crashes
    assert (sys.excepthook, sys.unraisablehook) == hooks
