"""A user's table as data of a study."""

import msgspec
import pytest

from core.datasets.data_file import DataFile
from core.datasets.description import ColumnRole, Task
from core.datasets.fingerprint import Fingerprint
from core.datasets.table_format import TableFormat
from core.errors import InvalidSetting

ROLES = {"size": ColumnRole.NUMBER, "town": ColumnRole.CATEGORY, "id": ColumnRole.IGNORE}


def data_file(**changes: object) -> DataFile:
    given: dict[str, object] = {
        "path": "/data/houses.csv",
        "layout": TableFormat(),
        "fingerprint": Fingerprint(10, "ab"),
        "rows": 100,
        "target": "price",
        "task": Task.REGRESSION,
        "columns": ROLES,
    }
    return DataFile(**(given | changes))  # type: ignore[arg-type]


def test_that_ignored_columns_are_no_features() -> None:
    assert data_file().features == ("size", "town")
    assert data_file().label == "houses"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"path": ""}, "path"),
        ({"target": "size"}, "target"),
        ({"columns": {"size": ColumnRole.IGNORE}}, "columns"),
    ],
)
def test_that_data_that_cannot_be_used_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        data_file(**changes)
    assert caught.value.field == field


def test_that_a_data_file_survives_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(data_file()), type=DataFile) == data_file()
