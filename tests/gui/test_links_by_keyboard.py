"""The links of a label by keyboard: one is marked while it has the focus, and stays the one when the text changes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.brief_label import BriefLabel

TEXT = 'Trial <a href="trial:3">3</a> is the best, <a href="why">noise</a> aside'


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    for widget in (QPushButton("before", page), BriefLabel("Headline", page), QPushButton("after", page)):
        column.addWidget(widget)
    qtbot.addWidget(page)
    page.resize(500, 200)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    page.findChildren(QPushButton)[0].setFocus()
    return page


@pytest.fixture
def label(page: QWidget) -> BriefLabel:
    label = page.findChildren(BriefLabel)[0]
    label.say((TEXT,))
    return label


def test_that_the_focus_marks_a_link_and_enter_follows_it(label: BriefLabel) -> None:
    followed: list[str] = []
    label.linkActivated.connect(followed.append)
    before = label.grab().toImage()
    label.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert label.selectedText() == "3"
    assert label.grab().toImage() != before
    QTest.keyClick(label, Qt.Key.Key_Return)
    QTest.keyClick(label, Qt.Key.Key_Tab)
    QTest.keyClick(label, Qt.Key.Key_Return)
    assert followed == ["trial:3", "why"]
    QTest.keyClick(label, Qt.Key.Key_Tab)
    assert not label.hasFocus()
    assert label.grab().toImage() == before


def test_that_another_text_with_the_same_link_leaves_the_mark_at_it(label: BriefLabel) -> None:
    label.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(label, Qt.Key.Key_Tab)
    label.say((f'Now <a href="trial:4">4</a>: {TEXT}',))
    assert (label.hasFocus(), label.selectedText()) == (True, "noise")
    label.say(('Trial <a href="trial:5">5</a> is the best',))
    assert (label.hasFocus(), label.selectedText()) == (True, "5")


def test_that_a_label_whose_links_are_cut_off_takes_no_focus(label: BriefLabel) -> None:
    label.say((f"{'A long sentence. ' * 20}{TEXT}",))
    assert label.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert not label.has_links
