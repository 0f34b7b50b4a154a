"""What all tests of the window share: an import dialog without a process, and that garbage is collected between them.

The window itself collects it so. Python's own collection may begin inside Qt's disconnect, which holds a lock that the
widgets it destroys wait for.
"""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.data_import.dialog import ImportDialog
from gui.widgets.theme import Appearance, Theme
from tests.importing import CannedInspector


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


@pytest.fixture
def inspector() -> CannedInspector:
    return CannedInspector()


@pytest.fixture
def theme() -> Iterator[Theme]:
    made = Theme()
    made.set_appearance(Appearance.LIGHT)
    yield made
    made.deleteLater()


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path, theme: Theme, inspector: CannedInspector) -> ImportDialog:
    made = ImportDialog(tmp_path / "houses.csv", tmp_path, theme, inspector=inspector)
    qtbot.addWidget(made)
    made.show()
    return made
