"""Exporting from the window: what was chosen last is chosen the next time."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.export.dialog import ExportDialog
from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.window.main_window import MainWindow


@pytest.mark.parametrize("saves", [True, False])
def test_that_formats_and_folder_are_remembered_once_something_was_saved(
    saves: bool, running: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    shown: list[tuple[list[str], Path]] = []
    (tmp_path / "exports").mkdir()

    def choose(dialog: ExportDialog) -> int:
        shown.append((dialog.formats, dialog.folder))
        dialog.rows.boxes["json"].click()
        dialog.rows.boxes["csv"].click()
        dialog.set_folder(tmp_path / "exports")
        if saves:
            dialog._write(dialog._exports())
        return 0

    monkeypatch.setattr(ExportDialog, "exec", choose)
    for _ in range(2):
        running.actions_[Command.EXPORT].trigger()
    (formats, folder), (formats_then, folder_then) = shown
    assert formats == ["json"]
    assert formats_then == (["csv"] if saves else ["json"])
    assert folder_then == (tmp_path / "exports" if saves else folder)
    again = Preferences(running.preferences._settings, tmp_path)
    assert again.export_formats == (["json"] if saves else [])
