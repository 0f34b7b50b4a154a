"""The pages themselves: one is shown, another beside it, others in windows of their own; and what is not seen rests."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.pages.late import LatePage
from gui.pages.page import Page, PageArea
from gui.pages.pages import Pages
from gui.pages.tabs import HEIGHT
from gui.widgets.theme import Theme
from tests.reading import faults, names
from tests.windows import lay_out


class Placeholder(QWidget):
    """A page that counts how often it is painted, with a button and a box for the bar."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.painted = 0
        self.bar = QCheckBox(f"All of {title}")
        self.button = QPushButton(title)
        QVBoxLayout(self).addWidget(self.button)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += 1


@dataclass
class Shown:
    pages: Pages
    live: Placeholder
    belief: Placeholder
    trials: Placeholder


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    widgets = [Placeholder(title) for title in ("Live", "Belief", "Trials")]
    made = [Page(w.button.text().lower(), w.button.text(), w, folds=bool(place)) for place, w in enumerate(widgets)]
    pages = Pages(Theme(), made)
    qtbot.addWidget(pages)
    pages.resize(1000, 500)
    pages.show()
    lay_out(pages)
    return Shown(pages, *widgets)


def seen(shown: Shown) -> list[str]:
    return [w.button.text() for w in (shown.live, shown.belief, shown.trials) if w.isVisible()]


def test_that_a_tab_shows_its_page_and_what_concerns_it(shown: Shown, qtbot: QtBot) -> None:
    pages = shown.pages
    assert (seen(shown), shown.live.bar.isVisible(), pages.tabs.height()) == (["Live"], True, HEIGHT)
    qtbot.mouseClick(pages.tabs, Qt.MouseButton.LeftButton, pos=pages.tabs.tabRect(1).center())
    assert (seen(shown), pages.current, pages.folds) == (["Belief"], "belief", True)
    assert [w.bar.isVisible() for w in (shown.live, shown.belief)] == [False, True]
    pages.tabs.setFocus()
    qtbot.keyClick(pages.tabs, Qt.Key.Key_Right)
    assert seen(shown) == ["Trials"]


def test_that_a_page_that_nobody_sees_is_not_painted(shown: Shown) -> None:
    assert shown.belief.painted == 0
    before = shown.live.painted
    shown.pages.choose("belief")
    lay_out(shown.pages)
    assert shown.belief.painted > 0
    shown.live.update()
    lay_out(shown.pages)
    assert shown.live.painted == before


def test_that_a_late_page_is_made_when_it_is_first_seen(qtbot: QtBot) -> None:
    made: list[Placeholder] = []

    def make() -> Placeholder:
        made.append(Placeholder("Belief"))
        return made[-1]

    late = LatePage("Belief", make, QCheckBox("Failed"))
    pages = Pages(Theme(), [Page("live", "Live", QWidget()), Page("belief", "Belief", late, folds=True)])
    qtbot.addWidget(pages)
    pages.show()
    assert not made
    pages.choose("belief")
    pages.choose("live")
    pages.choose("belief")
    assert len(made) == 1
    assert made[0].isVisible()
    assert made[0].bar.isVisible()


def test_that_two_pages_stand_beside_each_other_each_with_its_own_bar(shown: Shown) -> None:
    pages = shown.pages
    changes: list[str | None] = []
    pages.changed.connect(lambda: changes.append(pages.beside))
    pages.show_beside("belief")
    lay_out(pages)
    assert (seen(shown), changes, pages.folds) == (["Live", "Belief"], ["belief"], True)
    assert shown.live.bar.isVisible()
    assert shown.belief.bar.isVisible()
    left, right = (w.mapTo(pages, QPoint()).x() for w in (shown.live, shown.belief))
    assert left < right
    assert abs(shown.live.width() - shown.belief.width()) <= 20
    pages.choose("trials")
    assert seen(shown) == ["Belief", "Trials"]
    pages.choose("belief")
    assert pages.current == "trials", "it is there already"
    pages.show_beside(None)
    assert (seen(shown), changes[-1], pages.folds) == (["Trials"], None, True)
    assert not shown.belief.bar.isVisible()


def test_that_the_current_page_goes_beside_the_one_before_it(shown: Shown) -> None:
    pages = shown.pages
    pages.choose("belief")
    pages.show_beside("belief")
    assert (pages.current, pages.beside) == ("live", "belief")
    pages.show_beside("trials")
    assert (pages.current, pages.beside, seen(shown)) == ("live", "trials", ["Live", "Trials"])


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_that_a_torn_off_page_has_a_window_and_comes_back_when_it_is_closed(shown: Shown) -> None:
    pages = shown.pages
    pages.choose("belief")
    pages.tear_off("belief", QPoint(30, 40))
    window = pages._torn["belief"]
    assert window.isWindow()
    assert window.windowTitle() == "Belief – Afina"
    assert (pages.current, seen(shown)) == ("live", ["Live", "Belief"])
    assert shown.belief.bar.window() is window
    shown.pages.choose("belief")
    assert pages.current == "live"
    window.close()
    assert (pages.torn, seen(shown), pages.current) == ([], ["Live"], "live")
    assert pages.torn_places["belief"].topLeft() == QPoint(30, 40)
    pages.choose("belief")
    assert shown.belief.isVisible()
    assert shown.belief.bar.window() is pages


def test_that_one_page_at_least_stays(shown: Shown) -> None:
    pages = shown.pages
    pages.tear_off("belief")
    pages.tear_off("trials")
    assert pages.torn == ["belief", "trials"]
    pages.tear_off("live")
    pages.show_beside("live")
    assert (pages.current, pages.beside, pages.torn) == ("live", None, ["belief", "trials"])
    pages.show_beside("trials")
    assert (pages.beside, pages.torn) == ("trials", ["belief"])
    pages.gather()
    assert (pages.beside, pages.torn, seen(shown)) == (None, [], ["Live"])


def test_that_a_tab_that_is_dragged_out_becomes_a_window_there(shown: Shown, qtbot: QtBot) -> None:
    tabs = shown.pages.tabs
    start = tabs.tabRect(2).center()
    qtbot.mousePress(tabs, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(tabs, start + QPoint(4, 3))
    qtbot.mouseRelease(tabs, Qt.MouseButton.LeftButton, pos=start + QPoint(4, 3))
    assert not shown.pages.torn
    qtbot.mousePress(tabs, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseRelease(tabs, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 200))
    assert shown.pages.torn == ["trials"]
    assert shown.pages._torn["trials"].geometry().topLeft() == tabs.mapToGlobal(start + QPoint(0, 200))


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_that_the_menu_of_a_tab_offers_what_is_possible(shown: Shown) -> None:
    pages = shown.pages

    def offered(name: str) -> dict[str, bool]:
        menu = QMenu(pages)
        pages._fill_menu(menu, name)
        return {action.text(): action.isEnabled() for action in menu.actions()}

    assert offered("belief") == {"Show beside": True, "Show in a window of its own": True}
    pages.show_beside("belief")
    assert offered("belief") == {
        "Show beside": False,
        "Show in a window of its own": True,
        "Back among the pages": True,
    }
    pages.tear_off("trials")
    assert offered("live") == {"Show beside": False, "Show in a window of its own": False}
    assert offered("trials")["Back among the pages"]


def test_that_the_focus_goes_to_the_tabs_when_what_has_it_is_hidden(shown: Shown) -> None:
    shown.live.button.setFocus()
    shown.pages.choose("belief")
    assert QApplication.focusWidget() is shown.pages.tabs
    shown.belief.button.setFocus()
    shown.pages.tear_off("trials")
    shown.pages.activateWindow()
    shown.pages.take_all_back()
    assert shown.belief.isVisible()


def test_that_the_pages_are_read_out_and_where_each_is(shown: Shown) -> None:
    pages = shown.pages
    assert not faults(pages)
    pages.show_beside("belief")
    pages.tear_off("trials")
    heard = names(pages)
    assert {"Live", "Belief, shown beside", "Trials, in a window of its own"} <= set(heard)
    assert not faults(pages)
    assert not faults(pages._torn["trials"])


@pytest.mark.qt_log_ignore("This plugin does not support")  # opening a menu
def test_that_the_button_shows_a_page_beside_and_takes_it_back(shown: Shown) -> None:
    pages = shown.pages
    for expected in ("belief", None):
        pages._show_beside_menu()
        menu = pages.findChildren(QMenu)[-1]
        next(action for action in menu.actions() if action.text() == "Belief").trigger()
        menu.close()
        lay_out(pages)
        assert pages.beside == expected


def test_that_the_bar_of_a_low_page_stands_beside_what_it_scrolls(shown: Shown) -> None:
    shown.pages.choose("belief")
    shown.belief.setMinimumHeight(900)
    lay_out(shown.pages)
    area = shown.pages._content["belief"]
    assert isinstance(area, PageArea)
    assert area.bar.isVisible()
    page = QRect(shown.belief.mapTo(area, QPoint()), shown.belief.size())
    assert page.right() < area.bar.x()
    shown.belief.setMinimumHeight(0)
    lay_out(shown.pages)
    assert shown.belief.width() == area.width()
