"""A user's table as data of a study."""

import os
from pathlib import Path

import msgspec
import pytest

from core.datasets import changes
from core.datasets.changes import accepted_change, change_of
from core.datasets.data_file import DataFile
from core.errors import DataError, DataGone, InvalidSetting
from core.tables.description import ColumnRole, Task
from core.tables.fingerprint import Fingerprint, fingerprint
from core.tables.table_format import TableFormat

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
        ({"path": "/data/houses\0.csv"}, "path"),
        ({"target": "size"}, "target"),
        ({"columns": {"size": ColumnRole.IGNORE}}, "columns"),
        ({"classes": -1}, "classes"),
        ({"classes": 101}, "classes"),
    ],
)
def test_that_data_that_cannot_be_used_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        data_file(**changes)
    assert caught.value.field == field


def test_that_a_data_file_survives_json() -> None:
    file = data_file(task=Task.MULTICLASS, classes=3)
    assert msgspec.json.decode(msgspec.json.encode(file), type=DataFile) == file


def test_that_a_data_file_of_an_earlier_version_does_not_say_how_many_classes_there_are() -> None:
    earlier = msgspec.to_builtins(data_file())
    del earlier["classes"]
    assert msgspec.convert(earlier, DataFile).classes == 0


# Changes of the file


def recorded(path: Path, size: int) -> DataFile:
    return data_file(path=str(path), fingerprint=Fingerprint(size, "ab"))


def test_that_a_file_of_the_same_size_but_another_content_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "houses.csv"
    path.write_text("size,price\n1,2\n")
    same = data_file(path=str(path), fingerprint=fingerprint(path))
    assert change_of(same) == change_of(same, quickly=True) == ""
    path.write_text("size,price\n1,3\n")
    assert change_of(same) == "houses.csv has changed since it was imported"


def test_that_a_quick_look_at_a_large_file_goes_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "houses.csv"
    path.write_text("size,price\n1,2\n")
    monkeypatch.setattr(changes, "QUICK", 10)
    assert change_of(recorded(path, 15), quickly=True) == ""
    assert "has changed" in change_of(recorded(path, 15))
    assert "it has 15 bytes, not 16" in change_of(recorded(path, 16), quickly=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no such files")
def test_that_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path, size in ((tmp_path / "pipe.csv", 0), (Path("/dev/zero"), 0), (tmp_path, tmp_path.stat().st_size)):
        sentence = f"{path.name} in {path.parent} is no file that can be read"
        assert change_of(recorded(path, size), quickly=True) == sentence


@pytest.mark.parametrize("accepted", [False, True])
def test_that_nobody_is_asked_to_go_on_with_data_that_are_not_there(tmp_path: Path, accepted: bool) -> None:
    path = tmp_path / "houses.csv"
    with pytest.raises(DataGone, match=r"houses\.csv is not in .* any more$"):
        accepted_change(recorded(path, 1), accepted=accepted)
    path.mkdir()
    with pytest.raises(DataGone, match=r"houses\.csv in .* is no file that can be read"):
        accepted_change(recorded(path, 1), accepted=accepted)


def test_that_a_relative_path_is_told_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert change_of(recorded(Path("houses.csv"), 1)) == f"houses.csv is not in {tmp_path} any more"


def test_that_a_file_that_cannot_be_looked_at_or_read_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "a" * 300
    assert change_of(recorded(tmp_path / name, 1)).startswith(f"{name} cannot be read: ")
    path = tmp_path / "houses.csv"
    assert change_of(recorded(path, 1)) == f"houses.csv is not in {tmp_path} any more"
    path.write_text("x")

    def refuse(_path: Path) -> Fingerprint:
        raise DataError("houses.csv cannot be read: Permission denied")

    monkeypatch.setattr(changes, "fingerprint", refuse)
    assert change_of(recorded(path, 1)) == "houses.csv cannot be read: Permission denied"
