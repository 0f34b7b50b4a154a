"""What all tests of the window share: garbage is collected between them, as the window itself collects it.

Python's own collection may begin inside Qt's disconnect, which holds a lock that the widgets it destroys wait for.
"""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def collect_garbage_afterwards() -> Iterator[None]:
    gc.disable()
    yield
    gc.collect(1)


@pytest.fixture(autouse=True, scope="module")
def collect_all_garbage_at_the_end() -> Iterator[None]:
    yield
    gc.collect()
    gc.enable()
