"""The log: what is in it, and that it is never in the way."""

import logging
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

import gui.help.help_menu
import gui.program.log
from gui.program.log import Log
from gui.session.run_state import Command
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_window


def test_that_news_of_afina_and_warnings_of_others_are_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = Log(tmp_path / "logs")
    logging.getLogger("gui.session.session").info("Study starts")
    logging.getLogger("core.study.loop").debug("too much")
    logging.getLogger("filelock").info("not ours")
    logging.getLogger("filelock").warning("a warning in %s", Path.home())
    recent = log.recent()
    log.close()
    lines = (tmp_path / "logs" / "afina.log").read_text().splitlines()
    assert [line.split(": ", 1)[1] for line in lines] == ["Study starts", "a warning in ~"]
    assert recent == lines
    logging.getLogger("gui").info("after the end")
    assert len((tmp_path / "logs" / "afina.log").read_text().splitlines()) == 2
    caplog.clear()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x85"], ids=ascii)
def test_that_a_strangers_text_passes_for_no_record(tmp_path: Path, end: str, caplog: pytest.LogCaptureFixture) -> None:
    log = Log(tmp_path)
    logging.getLogger("core").warning(
        "Cannot read %s", f"x{end}2026-01-01 00:00:00,000 ERROR core: forged\x1b[2K\u202e"
    )
    caplog.clear()
    recent = log.recent()
    log.close()
    lines = (tmp_path / "afina.log").read_text(encoding="utf-8").splitlines()
    assert "\n".join(lines) == "\n".join(recent)
    assert not any(line.startswith("2026-01-01") for line in lines)
    assert "forged‹U+001B›[2K‹U+202E›" in lines[-1]


def test_that_three_files_are_kept_and_the_last_lines_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gui.program.log, "_MAX_BYTES", 2000)
    log = Log(tmp_path)
    for number in range(300):
        logging.getLogger("gui").info("Line %d", number)
    assert log.recent()[-1].endswith("Line 299")
    assert len(log.recent()) == 40
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["afina.log", "afina.log.1", "afina.log.2"]
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())


def test_that_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    log = Log(tmp_path / "file" / "logs")
    logging.getLogger("gui").info("News")
    assert log.recent()[-1].endswith("News")
    log.close()
    assert capfd.readouterr().err == ""


def test_that_a_slow_disk_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()
    waited: list[bool] = []
    monkeypatch.setattr(gui.program.log._QuietFiles, "emit", lambda *_: waited.append(goes_on.wait(60)))
    log = Log(tmp_path)

    def chatter() -> None:
        for number in range(500):
            logging.getLogger("core").info("Line %d", number)

    threads = [threading.Thread(target=chatter) for _ in range(4)]
    for thread in threads:
        thread.start()
    logging.getLogger("gui").info("from the window")
    for thread in threads:
        thread.join()
    goes_on.set()
    log.close()
    assert waited
    assert all(waited), "somebody waited until the disk gave up"


def test_that_the_log_is_one_click_away(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    monkeypatch.setattr(gui.help.help_menu, "log_folder", lambda: tmp_path / "logs")
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as window:
        window.actions_[Command.LOG_FOLDER].trigger()
        assert shown == [str(tmp_path / "logs")]
        (tmp_path / "file").write_text("in the way")
        monkeypatch.setattr(gui.help.help_menu, "log_folder", lambda: tmp_path / "file" / "logs")
        window.actions_[Command.LOG_FOLDER].trigger()
        box = window.findChild(QMessageBox)
        assert box is not None
        assert "logs" in box.informativeText()
        box.close()
