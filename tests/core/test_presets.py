"""Presets: those that families declare can be used as they are, the user's are files that may be anything."""

import re
from pathlib import Path

import msgspec
import pytest

from core.errors import AfinaError, InvalidSetting
from core.models.catalogue import FAMILIES
from core.models.custom.declared import Declared
from core.models.family import ModelFamily
from core.models.preset import Preset
from core.models.settings import ModelSettings
from core.parameters import Fixed, FloatRange, IntegerRange, OffOrOn, Scale
from core.presets import (
    PresetError,
    check_name,
    check_new_name,
    folder_of,
    offered_presets,
    read_preset,
    remove_preset,
    save_preset,
    saved_presets,
)
from core.rules import Relation, Rule
from tests.disks import full_disk, names
from tests.model_files import custom_file

DECLARED = [(family.name, preset) for family in FAMILIES.values() for preset in family.presets]
MINE = Preset(
    name="Mine",
    ranges={"learning_rate": FloatRange(1e-3, 1e-2, Scale.LOG)},
    rules=(Rule("epochs", Relation.AT_MOST, 500.0, "batch_size"),),
)


@pytest.mark.parametrize(("family", "preset"), DECLARED, ids=[f"{family} {preset.name}" for family, preset in DECLARED])
def test_that_a_declared_preset_is_a_search_space_of_its_family(family: str, preset: Preset) -> None:
    ranges = preset.whole(FAMILIES[family].parameters)
    model = ModelSettings(family_name=family, ranges=ranges, rules=preset.rules)
    assert model.varied
    assert preset.help


def test_that_every_family_has_presets_of_different_names() -> None:
    for family in FAMILIES.values():
        names = [preset.name for preset in family.presets]
        assert len(names) == len(set(names)) >= 2


def test_that_a_preset_leaves_other_parameters_as_they_are_declared() -> None:
    parameters = FAMILIES["linear"].parameters
    whole = MINE.whole(parameters)
    assert whole["learning_rate"] == MINE.ranges["learning_rate"]
    assert whole["batch_size"] == next(p for p in parameters if p.name == "batch_size").first_range()


def test_that_a_preset_of_another_model_is_refused() -> None:
    preset = Preset(name="x", ranges={"depth": FloatRange(0, 1)})
    with pytest.raises(InvalidSetting, match="another model"):
        preset.whole(FAMILIES["linear"].parameters)


def test_that_a_saved_preset_is_read_replaced_and_removed(tmp_path: Path) -> None:
    folder = tmp_path / "presets" / "linear"
    assert saved_presets(folder) == []
    save_preset(folder, MINE)
    assert saved_presets(folder) == ["Mine"]
    assert read_preset(folder, "Mine") == MINE
    other = Preset(name="Mine", ranges={})
    save_preset(folder, other)
    assert read_preset(folder, "Mine") == other
    remove_preset(folder, "Mine")
    assert list(folder.iterdir()) == []


def test_that_a_full_disk_leaves_the_older_preset(tmp_path: Path) -> None:
    save_preset(tmp_path, MINE)
    with full_disk(), pytest.raises(PresetError, match=r"Mine\.json: "):
        save_preset(tmp_path, Preset(name="Mine", ranges={}))
    with full_disk(), pytest.raises(PresetError):
        save_preset(tmp_path, Preset(name="Other", ranges={}))
    assert read_preset(tmp_path, "Mine") == MINE
    assert names(tmp_path) == ["Mine.json"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b'{"name": "x"}',
        b'{"name": "x", "ranges": {"a": {"kind": "float", "low": 2, "high": 1}}}',
        b'{"name": "x", "ranges": {}, "rules": [{"left": "a", "relation": "<", "right": "a"}]}',
        b"[" * 100_000,
        b" " * 1_000_001,
    ],
)
def test_that_a_bad_file_is_a_sentence(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "Bad.json").write_bytes(text)
    with pytest.raises(PresetError, match=re.escape("Bad.json")):
        read_preset(tmp_path, "Bad")


def test_that_what_is_no_file_or_gone_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "Folder.json").mkdir()
    for name in ("Folder", "Gone"):
        with pytest.raises(PresetError):
            read_preset(tmp_path, name)
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(PresetError):
        save_preset(blocked / "below", MINE)


OWN_RANGES = Preset(name="Wide", ranges={"units": IntegerRange(4, 60), "rate": FloatRange(1e-3, 1e-2)})


def family_of(path: str, *changes: Declared) -> ModelFamily:
    file = custom_file(path)
    changed = {declared.name for declared in changes}
    kept = tuple(declared for declared in file.parameters if declared.name not in changed)
    return msgspec.structs.replace(file, parameters=(*kept, *changes)).family


def test_that_a_preset_of_one_model_file_is_not_offered_for_another(tmp_path: Path) -> None:
    family = family_of("/one/model.py")
    save_preset(folder_of(family, tmp_path), OWN_RANGES)
    assert offered_presets(family, tmp_path) == {"Wide": folder_of(family, tmp_path)}
    assert offered_presets(family_of("/one/other.py"), tmp_path) == {}
    assert offered_presets(FAMILIES["linear"], tmp_path) == {}
    assert list(offered_presets(family_of("/moved/model.py"), tmp_path)) == ["Wide"]


def test_that_an_edited_model_file_keeps_the_presets_that_fit_it(tmp_path: Path) -> None:
    family = family_of("/model.py")
    save_preset(folder_of(family, tmp_path), OWN_RANGES)
    more = family_of("/model.py", Declared(name="dropout", range=FloatRange(0.0, 0.5), default=0.1))
    assert list(offered_presets(more, tmp_path)) == ["Wide"]
    assert (
        offered_presets(family_of("/model.py", Declared(name="units", range=OffOrOn(), default=True)), tmp_path) == {}
    )
    save_preset(folder_of(family, tmp_path), Preset(name="Old", ranges={"depth": Fixed(2)}))
    save_preset(
        folder_of(family, tmp_path), Preset(name="Ruled", ranges={}, rules=(Rule("depth", Relation.AT_MOST, 2.0),))
    )
    assert list(offered_presets(family, tmp_path)) == ["Wide"]


def test_that_presets_from_when_model_files_were_not_told_apart_are_offered_where_they_fit(tmp_path: Path) -> None:
    save_preset(tmp_path / "own", OWN_RANGES)
    save_preset(tmp_path / "own", Preset(name="Another's", ranges={"depth": Fixed(2)}))
    family = family_of("/model.py")
    assert offered_presets(family, tmp_path) == {"Wide": tmp_path / "own"}
    save_preset(folder_of(family, tmp_path), OWN_RANGES)
    assert offered_presets(family, tmp_path) == {"Wide": folder_of(family, tmp_path)}, "the file's own comes first"


def test_that_a_preset_of_a_model_file_that_cannot_be_read_is_offered_to_be_told_of(tmp_path: Path) -> None:
    family = family_of("/model.py")
    folder_of(family, tmp_path).mkdir(parents=True)
    (folder_of(family, tmp_path) / "Bad.json").write_text("{")
    assert list(offered_presets(family, tmp_path)) == ["Bad"]


@pytest.mark.parametrize("path", ["/a/..", "/a/...", "/a/m:o*d el.py", "/a/" + "x" * 300])
def test_that_the_presets_of_any_model_file_have_a_folder_below_those_of_model_files(path: str, tmp_path: Path) -> None:
    folder = folder_of(family_of(path), tmp_path)
    folder.mkdir(parents=True)
    assert folder.resolve().parent == tmp_path / "own"


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", ".hidden", "a\\b", "con?", "x" * 61, "dot.", " x", "a\nb"])
def test_that_a_name_that_no_file_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting):
        check_name(name)
    with pytest.raises(AfinaError):
        save_preset(tmp_path, Preset(name=name, ranges={}))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Default ranges", "Afina calls ranges “Default ranges” itself: choose another name"),
        ("own Ranges", "Afina calls ranges “own Ranges” itself: choose another name"),
        ("The tutorial's", "Afina calls ranges “The tutorial's” itself: choose another name"),
        ("Mine, changed", "Afina calls ranges “Mine, changed” itself: choose another name"),
        ("a\u202eb", "The name has a letter in it that cannot be seen, ‹U+202E›"),
    ],
)
def test_that_a_name_that_misleads_is_refused_for_a_new_preset_and_an_earlier_one_is_read(
    name: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidSetting) as refused:
        check_new_name(name, FAMILIES["linear"])
    assert refused.value.message == sentence
    check_new_name("Mine", FAMILIES["linear"])
    save_preset(tmp_path, Preset(name=name, ranges={}))
    assert read_preset(tmp_path, name).name == name
