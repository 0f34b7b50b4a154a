"""What the flows share: child processes that need not load Keras."""

import multiprocessing
import platform
from collections.abc import Iterator

import pytest

import core.children.process


@pytest.fixture(scope="module")
def keras_at_hand() -> Iterator[None]:
    """Let Afina's child processes be forked from one that has loaded Keras, and computed nothing yet, where that works.

    They are as spawned ones are, but for the seconds that loading takes; loading itself is for other modules to test.
    """
    if platform.system() != "Linux":
        yield
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["keras"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.children.process, "_context", context)
        yield
