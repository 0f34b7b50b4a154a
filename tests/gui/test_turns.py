"""Widgets draw one after the other."""

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.widgets.turns import Turns, turns


def test_that_each_gets_one_turn_in_order_however_often_it_asked(qtbot: QtBot) -> None:
    drawn: list[str] = []
    first, second, last = QObject(), QObject(), QObject()
    for _ in range(3):
        turns().ask(first, lambda: drawn.append("first"))
        turns().ask(second, lambda: drawn.append("second"))
    assert drawn == []
    assert turns().waiting
    qtbot.waitUntil(lambda: drawn == ["first"])
    turns().ask(last, lambda: drawn.append("last"))
    qtbot.waitUntil(lambda: "last" in drawn)
    assert drawn == ["first", "second", "last"]
    assert not turns().waiting


def test_that_the_turn_of_what_is_gone_is_passed_over(qtbot: QtBot) -> None:
    drawn: list[str] = []
    gone, here = QObject(), QObject()
    turns().ask(gone, lambda: drawn.append("gone"))
    turns().ask(here, lambda: drawn.append("here"))
    gone.deleteLater()
    qtbot.waitUntil(lambda: drawn == ["here"])


def test_that_words_come_together_and_before_drawings_which_they_do_not_keep_away(qtbot: QtBot) -> None:
    drawn: list[str] = []
    own = Turns()
    own._pause.setInterval(0)  # else it lasts until nothing else waits
    table, bar, first, second = QObject(), QObject(), QObject(), QObject()

    def say(what: str) -> None:
        drawn.append(what)
        if drawn.count(what) < 2:  # there is more to tell at once
            own.ask(table, lambda: say("table"), words=True)

    own.ask(first, lambda: drawn.append("first"))
    own.ask(second, lambda: drawn.append("second"))
    own.ask(table, lambda: say("table"), words=True)
    own.ask(bar, lambda: drawn.append("bar"), words=True)
    qtbot.waitUntil(lambda: "second" in drawn)
    assert drawn == ["table", "bar", "first", "table", "second"]
