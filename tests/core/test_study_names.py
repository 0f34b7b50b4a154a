"""A study has a name of its own: recorded, changed, kept by copies and rescues, and bounded."""

from pathlib import Path

import pytest

import main
from core.errors import DamagedStudy, InvalidSetting, StoreError
from core.events import StudyNamed
from core.headless import commands
from core.progress import StudyProgress
from core.settings import tutorial_settings
from core.store.reader import read_study
from core.store.salvage import salvage
from core.store.writer import Store, copy_study, rename_study
from core.study.local_engine import LocalEngine
from core.study.loop import study_started
from core.study.naming import name_study, path_called
from core.study_name import MAX_LETTERS, checked_name
from tests.scripted import ScriptedTrainer, scripted_engine


def named(folder: Path, name: str = "Weight of pigs") -> Path:
    Store.create(folder / "pigs.afina", study_started(tutorial_settings(), name)).close()
    return folder / "pigs.afina"


def name_in(path: Path) -> str:
    return StudyProgress.of(read_study(path)).name


def test_that_a_name_is_recorded_at_the_start_and_can_be_changed_and_taken_away(tmp_path: Path) -> None:
    path = named(tmp_path)
    assert name_in(path) == "Weight of pigs"
    name_study(path, "  Weight of pigs, grouped ")
    assert name_in(path) == "Weight of pigs, grouped"
    name_study(path, "")
    assert name_in(path) == ""


def test_that_copies_and_rescues_keep_the_name(tmp_path: Path) -> None:
    path = named(tmp_path)
    name_study(path, "Pigs")
    copy_study(path, tmp_path / "copy.afina")
    salvage(path, tmp_path / "saved.afina")
    assert name_in(tmp_path / "copy.afina") == name_in(tmp_path / "saved.afina") == "Pigs"


@pytest.mark.parametrize("text", ["x" * (MAX_LETTERS + 1), "a\nb", "a\x1b[31mb", "pigs\u202egip"])
def test_that_a_name_is_short_and_has_only_letters_that_can_be_seen(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidSetting, match="The name has"):
        checked_name(text)
    path = named(tmp_path)
    before = path.read_bytes()
    with pytest.raises(InvalidSetting):
        name_study(path, text)
    assert path.read_bytes() == before


def test_that_a_strangers_name_may_be_odd_but_not_endless(tmp_path: Path) -> None:
    with Store.create(tmp_path / "odd.afina", study_started(tutorial_settings(), "\u202e<b>")) as store:
        store.record([StudyNamed(name="x" * 1_000_000, time=1.0)])
    with pytest.raises(DamagedStudy, match="too many words"):
        read_study(tmp_path / "odd.afina")
    Store.create(tmp_path / "still odd.afina", study_started(tutorial_settings(), "\u202e<b>")).close()
    assert name_in(tmp_path / "still odd.afina") == "\u202e<b>"


def test_that_a_study_that_runs_is_not_named(tmp_path: Path) -> None:
    path = named(tmp_path)
    with Store.open(path), pytest.raises(StoreError, match="Another Afina is running"):
        name_study(path, "Pigs")


def test_that_a_file_can_be_called_by_the_name_of_its_study_and_replaces_no_other(tmp_path: Path) -> None:
    path = named(tmp_path)
    (tmp_path / "Cows_ 2.afina").touch()
    target = path_called("Cows: 2", path, "{} ({})")
    assert target.name == "Cows_ 2 (2).afina"
    rename_study(path, target)
    assert not path.exists()
    assert name_in(target) == "Weight of pigs"
    with pytest.raises(StoreError, match="exists already"):
        rename_study(target, tmp_path / "Cows_ 2.afina")
    assert path_called("", target, "{} ({})") == target
    assert path_called("Cows_ 2 (2)", target, "{} ({})") == target


def test_that_a_study_without_a_window_gets_its_name_and_show_prints_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def engine(trusted: frozenset[str]) -> LocalEngine:
        return scripted_engine(ScriptedTrainer())

    monkeypatch.setattr(commands, "LocalEngine", engine)
    path = tmp_path / "a.afina"
    assert main.main(["run", "--tutorial", "--trials", "1", "--name", "Weight of pigs", "--out", str(path)]) == 0
    capsys.readouterr()
    assert main.main(["show", str(path)]) == 0
    assert capsys.readouterr().out.startswith("Weight of pigs\n\n")


def test_that_a_name_that_cannot_be_is_refused_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main.main(["run", "--tutorial", "--name", "a\tb"])
    assert refused.value.code == 2
    assert "the name has a letter in it that cannot be seen" in capsys.readouterr().err
