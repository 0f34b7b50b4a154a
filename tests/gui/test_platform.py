"""What the window may rest on: the imports at its start, and a Qt for Python that counts references right."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[2]


def test_that_the_window_loads_nothing_heavy() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import gui.app\n"
        "heavy = {'tensorflow', 'keras', 'skopt', 'sklearn', 'scipy', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal since Python 3.12")
def test_that_qt_calls_do_not_use_up_none_and_true(qtbot: QtBot) -> None:
    class Sender(QObject):
        sent = Signal()

    label, sender = QLabel(), Sender()
    qtbot.addWidget(label)
    nones, trues = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(1000):
        label.setText("x")
        sender.sent.emit()
    assert sys.getrefcount(None) > nones - 50
    assert sys.getrefcount(True) > trues - 50
