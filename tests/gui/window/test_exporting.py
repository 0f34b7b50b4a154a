"""Exporting from the window: what was chosen last is chosen the next time."""

from pathlib import Path

import pytest

from gui.export.dialog import ExportDialog
from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.window.main_window import MainWindow


def test_that_formats_and_folder_chosen_last_are_chosen_the_next_time(
    running: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[list[str], Path]] = []

    def choose(dialog: ExportDialog) -> int:
        shown.append((dialog.formats, dialog.folder))
        dialog.rows.boxes["json"].click()
        dialog.rows.boxes["csv"].click()
        dialog.set_folder(tmp_path)
        return 0

    monkeypatch.setattr(ExportDialog, "exec", choose)
    for _ in range(2):
        running.actions_[Command.EXPORT].trigger()
    assert [formats for formats, _folder in shown] == [["json"], ["csv"]]
    assert shown[1][1] == tmp_path
    again = Preferences(running.preferences._settings, tmp_path)
    assert again.export_formats == ["json"]
