"""The pages: one is shown, another perhaps beside it, and any of them in windows of their own."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gui.pages.page import Page
from gui.pages.places import GAP, Bar, BesidePlace, TornPlace, first_place_of
from gui.pages.tabs import PageTabs
from gui.widgets.fields import literal
from gui.widgets.tab_order import set_tab_order
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton

_BELOW_BAR = 2
_EQUAL = [1000, 1000]


class Pages(QWidget):
    """Tabs, what concerns the current page at their right, and the page below. `changed`: others are shown.

    A page is in one place: among the pages, of which the current one is seen, beside it, or in a window of its own.
    One at least stays among them. A page that nobody sees is hidden, and costs nothing.
    """

    changed = Signal()

    def __init__(self, theme: Theme, pages: Sequence[Page]) -> None:
        super().__init__()
        self._theme = theme
        self._pages = {page.name: page for page in pages}
        self._content = {page.name: page.placed() for page in pages}
        self._own_bars = {page.name: _own_bar(page) for page in pages}
        self._current = pages[0].name
        self._beside: BesidePlace | None = None
        self._torn: dict[str, TornPlace] = {}
        self.torn_places: dict[str, QRect] = {}
        """Where the windows of pages were last."""
        self.keys: Callable[[], Iterable[QAction]] = tuple
        """Returns the actions whose keys work in windows of pages, too."""
        self.tabs = PageTabs(theme, [page.title for page in pages])
        self.tabs.currentChanged.connect(self._on_tab)
        self.tabs.tabBarClicked.connect(self._on_click)
        self.tabs.menu_wanted.connect(self.show_menu)
        self.tabs.dragged_out.connect(self._on_dragged_out)
        self._lay_out()
        self._follow()

    def _lay_out(self) -> None:
        self.beside_button = TitleButton(self._theme, "beside", "Show beside", "Show another page beside this one")
        self.beside_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.beside_button.setVisible(len(self._pages) > 1)
        self.beside_button.clicked.connect(self._show_beside_menu)
        self.bar = Bar(self.tabs, self.beside_button)
        for own_bar in self._own_bars.values():
            self.bar.add(own_bar)
        self._stack = QStackedWidget()
        for content in self._content.values():
            self._stack.addWidget(content)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GAP)
        self.splitter.addWidget(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_BELOW_BAR)
        column.addWidget(self.bar)
        column.addWidget(self.splitter, 1)

    # What is shown

    @property
    def names(self) -> list[str]:
        """The names of all pages, in their order."""
        return list(self._pages)

    @property
    def all(self) -> list[Page]:
        """All pages, in their order."""
        return list(self._pages.values())

    @property
    def current(self) -> str:
        """The name of the page below the tabs."""
        return self._current

    @property
    def beside(self) -> str | None:
        """The name of the page at the right of it."""
        return None if self._beside is None else self._beside.page.name

    @property
    def torn(self) -> list[str]:
        """The names of the pages in windows of their own."""
        return list(self._torn)

    @property
    def folds(self) -> bool:
        """Whether what is shown needs the room of form and table."""
        return self._beside is not None or self._pages[self._current].folds

    @property
    def _home(self) -> list[str]:
        return [name for name in self._pages if name not in self._torn and name != self.beside]

    def can_leave(self, name: str) -> bool:
        """Return whether a page can go to another place: one at least stays among the pages."""
        return name not in self._torn and (name == self.beside or len(self._home) > 1)

    def choose(self, name: str) -> None:
        """Show a page; one that is elsewhere gets the focus there."""
        if name in self._torn:
            self._torn[name].raise_()
            self._torn[name].activateWindow()
        elif name == self.beside:
            self._content[name].setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif name != self._current:
            self._show(name)
        self._follow_tab()

    def _show(self, name: str) -> None:
        focused = QApplication.focusWidget()
        leaves = focused is not None and any(
            part.isAncestorOf(focused) for part in (self._stack, self._own_bars[self._current])
        )
        self._current = name
        self._follow()
        if leaves:
            self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _follow(self) -> None:
        """Let stack, bars and tabs show what is the current page, and where the others are."""
        self._stack.setCurrentWidget(self._content[self._current])
        for name in self._home:
            self._own_bars[name].setVisible(name == self._current and self._pages[name].bar is not None)
        places = {name: place for place, name in enumerate(self._pages)}
        beside = frozenset({places[self.beside]} if self.beside is not None else ())
        self.tabs.show_places(beside, frozenset(places[name] for name in self._torn))
        self._follow_tab()
        self.beside_button.setEnabled(len(self._home) > 1 or self._beside is not None)

    def _follow_tab(self) -> None:
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(self.names.index(self._current))
        self.tabs.blockSignals(False)
        self.tabs.update()

    def _on_tab(self, index: int) -> None:
        self.choose(self.names[index])

    def _on_click(self, index: int) -> None:
        """Lead to a page that is elsewhere, also where its tab is the last that was clicked."""
        if index >= 0 and self.names[index] in self._torn:
            self.choose(self.names[index])

    # Beside each other

    def show_beside(self, name: str | None) -> None:
        """Show a page at the right of the current one, or none; the current one makes room for the one before it."""
        if name == self.beside or (name is not None and name not in self._torn and not self.can_leave(name)):
            return
        if name is not None and name in self._torn:
            self.take_back(name)
        self._leave_beside()
        if name is not None:
            self._leave(name)
            place = self._beside = BesidePlace(
                self._pages[name], self._own_bars[name], self._content[name], self._theme
            )
            place.back_asked.connect(self._show_none_beside)
            self.splitter.addWidget(place)
            self.splitter.setSizes(_EQUAL)
        self._settle()

    def _show_none_beside(self) -> None:
        self.show_beside(None)

    def _leave_beside(self) -> None:
        place, self._beside = self._beside, None
        if place is not None:
            self._take_in(place.page.name)
            place.hide()
            place.deleteLater()

    def _leave(self, name: str) -> None:
        """Let another page be the current one, if that is the one that goes."""
        if name == self._current:
            home = self._home
            at = home.index(name)
            self._current = home[at - 1] if at else home[1]

    def _take_in(self, name: str) -> None:
        """Take page and bar back from where they are."""
        own_bar = self._own_bars[name]
        own_bar.hide()
        self.bar.add(own_bar)
        self._stack.addWidget(self._content[name])

    def _settle(self) -> None:
        self._follow()
        set_tab_order(self)
        self.changed.emit()

    # In windows of their own

    def tear_off(self, name: str, at: QPoint | None = None) -> None:
        """Give a page a window of its own, with its title at a place on the screen, or where it was last."""
        if not self.can_leave(name):
            return
        if name == self.beside:
            self._leave_beside()
        self._leave(name)
        place = self._torn[name] = TornPlace(self._pages[name], self._own_bars[name], self._content[name], self)
        place.back_asked.connect(partial(self.take_back, name))
        place.addActions(list(self.keys()))
        geometry = self.torn_places.get(name) or first_place_of(self)
        if at is not None:
            geometry = QRect(at, geometry.size())
        place.open_at(geometry)
        self._settle()

    def take_back(self, name: str) -> None:
        """Let a page come back out of its window."""
        place = self._torn.pop(name, None)
        if place is None:
            return
        self.torn_places[name] = place.geometry()
        self._take_in(name)
        place.hide()
        place.deleteLater()
        self._settle()

    def take_all_back(self) -> None:
        """Let all pages come back out of their windows."""
        for name in self.torn:
            self.take_back(name)

    def gather(self) -> None:
        """Let all pages come back among the others, and forget where they were."""
        self.show_beside(None)
        self.take_all_back()
        self.torn_places.clear()

    def _on_dragged_out(self, index: int, at: QPoint) -> None:
        self.tear_off(self.names[index], at)

    # Menus

    def show_menu(self, index: int, at: QPoint) -> None:
        """Show what can be done with a page."""
        menu = self._make_menu(self._pages[self.names[index]].title)
        self._fill_menu(menu, self.names[index])
        menu.popup(at)

    def _fill_menu(self, menu: QMenu, name: str) -> None:
        beside = menu.addAction("Show beside")
        beside.setEnabled(name != self.beside and (name in self._torn or self.can_leave(name)))
        beside.triggered.connect(lambda: self.show_beside(name))
        own = menu.addAction("Show in a window of its own")
        own.setEnabled(self.can_leave(name))
        own.triggered.connect(lambda: self.tear_off(name))
        if name in self._torn:
            menu.addAction("Back among the pages").triggered.connect(lambda: self.take_back(name))
        elif name == self.beside:
            menu.addAction("Back among the pages").triggered.connect(self._show_none_beside)

    def _show_beside_menu(self) -> None:
        menu = self._make_menu("Show beside")
        for name, page in self._pages.items():
            if name != self._current:
                action = menu.addAction(literal(page.title))
                action.setCheckable(True)
                action.setChecked(name == self.beside)
                action.toggled.connect(partial(self._toggle_beside, name))
        self.beside_button.open_below(menu)

    def _toggle_beside(self, name: str, shown: bool) -> None:
        self.show_beside(name if shown else None)

    def _make_menu(self, name: str) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName(name)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.tabs.updateGeometry()


def _own_bar(page: Page) -> QWidget:
    """Return a place for what concerns the page: that can be hidden itself, while there is nothing to say."""
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    if page.bar is not None:
        row.addWidget(page.bar)
    return place
