"""Line 16: studies of every schema that was ever released can be opened."""

import shutil
from pathlib import Path

from core.errors import StoreError
from core.progress import StudyProgress
from core.store.migrations import SCHEMA_VERSION
from core.store.reader import read_study
from core.store.writer import Store
from tests.bench.reliability.figure import Figure

DATA = Path(__file__).resolve().parents[2] / "data"


def measure(quick: bool, folder: Path) -> list[Figure]:
    opened = 0
    for version in range(1, SCHEMA_VERSION + 1):
        path = folder / f"{version}.afina"
        shutil.copy(DATA / f"schema-{version}.afina", path)
        try:
            before = read_study(path)
            Store.open(path).close()
            opened += read_study(path) == before and len(StudyProgress.of(before).finished) == 6
        except StoreError:
            continue
    return [
        Figure(
            16,
            "studies of every released schema that open and migrate",
            f"{opened} / {SCHEMA_VERSION}",
            "all",
            opened == SCHEMA_VERSION,
            SCHEMA_VERSION,
        )
    ]
