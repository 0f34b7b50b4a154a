"""What the window writes: never over a study, what belongs to it or what it uses; and studies of odd names in it."""

import logging
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.errors import AfinaError
from core.export.exporters import EXPORTERS, Exporter
from core.models.preset import Preset
from core.presets import save_preset
from core.settings import StudySettings
from core.store.writer import Store, copy_study
from core.study.loop import study_started
from core.targets import is_study
from gui.export.dialog import ExportDialog
from gui.program.log import Log
from gui.program.preferences import Preferences, Purpose
from gui.window.main_window import MainWindow
from tests.bench.reliability.exports import DATA, MODEL, OTHER, STUDY, TARGETS, contents, furnished
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_study, open_window, progress_of

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="names are any bytes on POSIX only")
TOLD_IN = ("gui.setup.settings_files", "gui.setup.model_files", "gui.window.study_files", "gui.data_import.importing")
ODD = [b"caf\xe9", b"a\nb\tc\x1b[31m", b"50% [*] & more"]
"""Names of studies, without their suffix."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return furnished(tmp_path / "folder")


@pytest.fixture
def window(folder: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Yield the window, with the study of the folder in it."""
    (tmp_path / "window").mkdir()
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path / "window", qtbot, monkeypatch) as opened:
        open_study(opened, folder / STUDY, qtbot)
        yield opened


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the sentences that are shown from now on."""
    sentences: list[str] = []
    for module in TOLD_IN:
        monkeypatch.setattr(f"{module}.show_error", lambda _parent, _title, text: sentences.append(text))
    return sentences


def dialog_of(window: MainWindow) -> ExportDialog:
    path = window.session.path
    assert path is not None
    return ExportDialog(progress_of(window.session), path.stem, path.parent, window.theme, window, study=path)


def saved(dialog: ExportDialog, target: Path, exporter: Exporter, qtbot: QtBot) -> str:
    """Return what is said when this format alone is to be saved at the target."""
    dialog.rows.wanted = {exporter.name}
    dialog.set_folder(target.parent)
    dialog.rows.names[exporter.name].setText(target.name)
    dialog.rows.names[exporter.name].setModified(True)
    dialog.save()
    qtbot.waitUntil(lambda: not dialog.busy)
    return dialog.status.text()


def test_that_the_window_writes_nothing_over_a_study_nor_over_what_it_uses(
    window: MainWindow, folder: Path, told: list[str], qtbot: QtBot
) -> None:
    dialog = dialog_of(window)
    for make in list(TARGETS.values())[::5]:
        target = make(folder)
        before = contents(folder)
        told.extend(saved(dialog, target, exporter, qtbot) for exporter in EXPORTERS.values())
        for write in (window.settings_files.save, window.model_files.save_template):
            write(target)
        with pytest.raises(OSError, match=r"it |its name|needs that name") as caught:
            window.convergence_plot.save_image(target)
        told.append(str(caught.value.strerror))
        assert contents(folder) == before
        assert len(told) == len(EXPORTERS) + 3
        assert all(
            any(
                part in one for part in ("it is ", "its name", "needs that name", "it holds", "is no name", "no folder")
            )
            for one in told
        )
        told.clear()
        for name in set(before) - {STUDY, OTHER, DATA, MODEL}:
            path = folder / name
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    assert window.session.path == folder / STUDY


def test_that_an_image_over_a_study_is_told(
    window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_study(folder / STUDY, folder / "best.png")
    monkeypatch.setattr(
        "gui.program.folders.QFileDialog.getSaveFileName", lambda *_args: (str(folder / "best.png"), "")
    )
    with qtbot.waitSignal(window.loss_plot.failed) as told:
        window.loss_plot.save_action.trigger()
    assert told.args[0].startswith("The image could not be saved: it is a study, and no study is overwritten")
    assert is_study(folder / "best.png")


def test_that_what_is_chosen_in_the_form_is_kept_though_no_study_is_open(
    window: MainWindow, folder: Path, told: list[str]
) -> None:
    window.study_files.copy_settings()
    before = contents(folder)
    for name in (DATA, MODEL):
        window.settings_files.save(folder / name)
        window.model_files.save_template(folder / name)
    assert len(told) == 4
    assert contents(folder) == before
    window.settings_files.save(folder / "settings.json")
    assert (folder / "settings.json").exists()


def test_that_a_preset_never_goes_over_a_study(folder: Path) -> None:
    copy_study(folder / STUDY, folder / "mine.json")
    with pytest.raises(AfinaError, match="it is a study"):
        save_preset(folder, Preset(name="mine", ranges={}))
    assert is_study(folder / "mine.json")


def test_that_a_study_is_saved_over_another_one_that_rests_and_over_nothing_else(
    window: MainWindow, folder: Path, told: list[str]
) -> None:
    (folder / "folder.afina").mkdir()
    (folder / "same.afina").hardlink_to(folder / STUDY)
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.afina")
    with Store.open(folder / OTHER):
        before = contents(folder)
        for name in (OTHER, "folder.afina", "same.afina", "pipe.afina"):
            window.study_files.save_as(folder / name)
        assert contents(folder) == before
    assert "Another Afina is running other.afina" in told[0]
    assert ["it is" in sentence for sentence in told[1:]] == [True] * 3
    assert window.session.path == folder / STUDY
    window.study_files.save_as(folder / OTHER)
    assert window.session.path == folder / OTHER


# Odd names


def test_that_a_new_study_has_a_name_that_fits_however_long_that_of_its_data_is(
    window: MainWindow, folder: Path
) -> None:
    long = (folder / DATA).rename(folder / ("學" * 80 + ".csv"))
    table = progress_of(window.session).settings.data.file
    assert table is not None
    data = DataSettings(file=msgspec.structs.replace(table, path=str(long)))
    path = window.study_files.new_path(msgspec.structs.replace(StudySettings(), data=data))
    assert path.name.startswith("學" * 40 + f" {datetime.now():%Y}")
    Store.create(path, study_started(StudySettings())).close()


@POSIX
@pytest.mark.parametrize("name", ODD)
def test_that_a_study_of_an_odd_name_is_shown_remembered_saved_and_exported(
    name: bytes, window: MainWindow, folder: Path, told: list[str], qtbot: QtBot
) -> None:
    place = folder / os.fsdecode(name)
    place.mkdir()
    study = place / os.fsdecode(name + b".afina")
    copy_study(folder / STUDY, study)
    open_study(window, study, qtbot)
    assert window.session.path == study
    again = Preferences(window.preferences._settings, folder)
    assert (again.recent[0], again.folder_for(Purpose.STUDIES)) == (study, place)
    window.study_files.fill_recent(window.menus.recent)
    window.study_files.save_as(place / "saved.afina")
    window.settings_files.save(place / os.fsdecode(name + b".json"))
    dialog = dialog_of(window)
    for name_of_format in EXPORTERS:
        dialog.rows.wanted.add(name_of_format)
    dialog.save()
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.status.text().startswith("Saved ")
    assert told == []
    assert is_study(place / "saved.afina")


def test_that_the_title_shows_a_name_as_it_is(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    copy_study(folder / STUDY, folder / "a [*] & b.afina")
    open_study(window, folder / "a [*] & b.afina", qtbot)
    assert window.windowTitle() == "a [*][*] & b – Afina"  # Qt shows one of them
    window.study_files.fill_recent(window.menus.recent)
    assert window.menus.recent.actions()[0].text() == "a [*] && b"


def test_that_preferences_of_earlier_versions_are_read(tmp_path: Path) -> None:
    paths = [tmp_path / "a b.afina", tmp_path / "50%25 ü.afina"]
    settings = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
    settings.setValue("recent", "\n".join(map(str, paths)))
    settings.setValue("unfinished", str(paths[1]))
    settings.setValue("folder", str(tmp_path))
    preferences = Preferences(settings, tmp_path / "studies")
    assert (preferences.recent, preferences.folder_for(Purpose.PICTURES)) == (paths, tmp_path)
    preferences.add_recent(paths[1])
    assert settings.value("recent") == "\n".join(map(str, reversed(paths)))  # which they would read, too


@POSIX
def test_that_data_and_a_model_whose_path_is_no_text_are_refused_with_the_reason(
    window: MainWindow, folder: Path, told: list[str]
) -> None:
    place = folder / os.fsdecode(b"caf\xe9")
    place.mkdir()
    window.importing.open((folder / DATA).rename(place / DATA))
    assert "is not text in UTF-8" in told[0]
    window.model_files.load((folder / MODEL).rename(place / MODEL))
    problem = window.form.model.file_row.problem.text()
    assert problem == "The path of the model file has letters in it that cannot be shown. Rename the file or its folder"


@POSIX
def test_that_the_log_takes_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own report could not take the name
    log = Log(tmp_path)
    logging.getLogger("gui").info("Opened %s", os.fsdecode(b"caf\xe9.afina"))
    log.close()
    assert "Opened caf‹U+DCE9›.afina" in (tmp_path / "afina.log").read_text(encoding="utf-8")
