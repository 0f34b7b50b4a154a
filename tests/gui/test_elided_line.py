"""Lines that have an ellipsis where there is no room: what is seen, what is heard, what their tips say."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from gui.setup.model_file_row import ModelFileRow
from gui.widgets.elided_line import ElidedLine, line_beside
from gui.widgets.fields import without_tags
from tests.reading import heard_of
from tests.windows import lay_out

LONG = "8 spread over the ranges, 12 chosen & 3 <b>more</b>"


@pytest.mark.parametrize("make", [ElidedLine, line_beside])
def test_that_a_line_has_a_tip_only_where_it_is_cut_off(make: type[ElidedLine], qtbot: QtBot) -> None:
    line = make()
    qtbot.addWidget(line)
    line.say(LONG)
    line.resize(line.sizeHint())
    line.show()
    lay_out(line)
    assert (line.shown, line.toolTip()) == (LONG, "")
    font = QFont(line.font())
    font.setPointSizeF(2 * font.pointSizeF())
    line.setFont(font)
    assert without_tags(line.toolTip()) == LONG
    assert line.shown.endswith("…")
    assert LONG.startswith(line.shown.removesuffix("…"))
    assert heard_of(line).name == LONG
    assert line.minimumSizeHint().width() == 0


@pytest.mark.parametrize("length", range(1, 30))
def test_that_nothing_is_cut_off_at_the_width_that_a_line_asks_for(length: int, qtbot: QtBot) -> None:
    line = line_beside("% of the rows, minutes of running"[:length])
    qtbot.addWidget(line)
    line.resize(line.sizeHint())
    assert line.shown == line.text()


def test_that_a_line_beside_an_editor_is_there_only_while_it_says_something(qtbot: QtBot) -> None:
    line = line_beside()
    qtbot.addWidget(line)
    assert line.isHidden()
    line.say("or below")
    assert not line.isHidden()
    line.say("")
    assert line.isHidden()


def test_that_a_model_file_is_heard_in_whole_and_seen_by_both_ends(qtbot: QtBot) -> None:
    row = ModelFileRow()
    qtbot.addWidget(row)
    path = Path("/models") / f"a_{'very_' * 40}long_name.py"
    row.resize(300, 200)
    row.show()
    row.show_path(path)
    lay_out(row)
    assert heard_of(row.name).name.replace("\u200b", "") == path.name
    assert row.name.shown.startswith("a_very")
    assert row.name.shown.endswith("name.py")
    assert "…" in row.name.shown
    row.show_path(Path("/models/short.py"))
    assert row.name.shown == "short.py"
    assert without_tags(row.name.toolTip()) == "/models/short.py"
    assert row.name.textFormat() is Qt.TextFormat.PlainText
