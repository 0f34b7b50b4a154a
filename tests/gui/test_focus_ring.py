"""The ring around what has the focus, in high contrast."""

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QFocusFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.flat_button import FlatButton
from gui.widgets.focus_ring import FocusRing
from gui.widgets.theme import Appearance, Theme


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, theme: Theme) -> Iterator[QWidget]:
    ring, window = FocusRing(qapp, theme), QWidget()
    column = QVBoxLayout(window)
    for widget in (QLineEdit(), QPushButton("Import…"), FlatButton("Start", "", theme)):
        column.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    theme.set_appearance(Appearance.LIGHT)
    shiboken6.delete(ring)


def ringed(page: QWidget) -> list[QWidget | None]:
    return [ring.widget() for ring in page.findChildren(QFocusFrame) if ring.isVisible()]


@pytest.mark.parametrize("appearance", [Appearance.LIGHT_CONTRAST, Appearance.DARK_CONTRAST])
def test_that_in_high_contrast_a_ring_goes_with_the_focus(page: QWidget, theme: Theme, appearance: Appearance) -> None:
    theme.set_appearance(appearance)
    field, flat = page.findChildren(QLineEdit)[0], page.findChildren(FlatButton)[0]
    plain = next(button for button in page.findChildren(QPushButton) if button is not flat)
    for widget, expected in ((field, [field]), (plain, [plain]), (flat, []), (field, [field])):
        widget.setFocus()
        assert ringed(page) == expected
    frame = next(ring for ring in page.findChildren(QFocusFrame) if ring.isVisible())
    edge = frame.grab().toImage().pixelColor(1, frame.height() // 2)
    assert edge.name() == theme.colours.accent
    page.findChildren(QLineEdit)[0].deleteLater()
    plain.setFocus()
    assert ringed(page) == [plain]


def test_that_elsewhere_there_is_no_ring_beside_qts_own(page: QWidget) -> None:
    page.findChildren(QLineEdit)[0].setFocus()
    assert ringed(page) == []
