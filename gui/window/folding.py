"""Folding: form and table are docks that fold to a rail and to a line, on each page as the user chose there last."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget
from shiboken6 import isValid

from gui.pages.pages import Pages
from gui.pages.rail import Rail
from gui.program.preferences import Preferences
from gui.window.centre import Centre
from gui.window.sizes import GAP

FORM, TABLE = "form", "table"
_TWO = "two"
"""What two pages beside each other are called, for what is remembered."""


class Folding(QObject):
    """Shows the rail while the form is hidden, and the trials line while the table is.

    At first both are open on pages that do not need their room. What the user shows or hides is remembered for the
    page; what the program shows, as the field of an error, is not. A dock that floats takes no room and is left alone.
    """

    def __init__(
        self,
        window: QMainWindow,
        docks: dict[str, QDockWidget],
        rail: Rail,
        centre: Centre,
        below: QWidget,
        preferences: Preferences,
    ) -> None:
        super().__init__(window)
        self._window, self._docks, self._rail = window, docks, rail
        self._centre, self._below = centre, below
        self._preferences = preferences
        self._form_width = 0
        """The form's width before it was folded."""
        self.is_covered: Callable[[], bool] = lambda: False
        """Returns whether a page covers all, so that nothing is to be shown or hidden."""
        rail.opened.connect(self.open_form)
        centre.trials_line.clicked.connect(self.open_table)
        for name, dock in docks.items():
            dock.visibilityChanged.connect(self.show_folded)
            dock.topLevelChanged.connect(self.show_folded)
            dock.dockLocationChanged.connect(self.show_folded)
            dock.toggleViewAction().triggered.connect(self._remember_form if name == FORM else self._remember_table)

    @property
    def _pages(self) -> Pages:
        return self._centre.pages

    # The user

    def open_form(self) -> None:
        """Open the form."""
        self._choose(FORM, is_open=True)

    def fold_form(self) -> None:
        """Fold the form to the rail."""
        self._choose(FORM, is_open=False)
        self._rail.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_table(self) -> None:
        """Open the table."""
        self._choose(TABLE, is_open=True)

    def fold_table(self) -> None:
        """Fold the table to the line."""
        self._choose(TABLE, is_open=False)
        self._centre.trials_line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, part: str, *, is_open: bool) -> None:
        self._remember(part, is_open=is_open)
        self._show(part, is_open=is_open)

    def _remember_form(self, is_open: bool) -> None:
        self._remember(FORM, is_open=is_open)

    def _remember_table(self, is_open: bool) -> None:
        self._remember(TABLE, is_open=is_open)

    # What is remembered

    def _key(self, part: str) -> str:
        where = _TWO if self._pages.beside is not None else self._pages.current
        return f"{part}-open-{where}"

    def _remember(self, part: str, *, is_open: bool) -> None:
        self._preferences.set_switch(self._key(part), is_open)

    def forget(self) -> None:
        """Forget what the user has chosen on all pages."""
        for where in (*self._pages.names, _TWO):
            for part in self._docks:
                self._preferences.forget_switch(f"{part}-open-{where}")

    # What is shown

    def follow_page(self) -> None:
        """Fold and open what the user has on the page that is shown now."""
        if self.is_covered():
            return
        for part, dock in self._docks.items():
            if not dock.isFloating():
                self._show(part, is_open=self._preferences.switch(self._key(part), at_first=not self._pages.folds))
        self.show_folded()

    def _show(self, part: str, *, is_open: bool) -> None:
        dock = self._docks[part]
        if is_open is not dock.isHidden():
            return
        focused = QApplication.focusWidget()
        if not is_open and focused is not None and dock.isAncestorOf(focused):
            self._pages.tabs.setFocus(Qt.FocusReason.OtherFocusReason)  # or Qt gives it to a link that nobody chose
        if part == FORM and not is_open:
            self._form_width = dock.width()
        dock.setVisible(is_open)
        if part == FORM and is_open and self._form_width and not dock.isFloating():
            self._window.resizeDocks([dock], [self._form_width], Qt.Orientation.Horizontal)

    def lend_room(self, *, lent: bool) -> None:
        """Fold the table while something else needs its room, without remembering it; or open it as the user has it."""
        if not self.is_covered() and not self._docks[TABLE].isFloating():
            at_first = not self._pages.folds
            self._show(TABLE, is_open=not lent and self._preferences.switch(self._key(TABLE), at_first=at_first))

    def show_folded(self, _what: object = None) -> None:
        """Show rail and line where form and table are hidden, and keep what is in the middle off the edge."""
        if not isValid(self._window) or self.is_covered():  # docks go with their window, and tell it
            return
        self._rail.setVisible(self._docks[FORM].isHidden())
        self._centre.show_line(shown=self._docks[TABLE].isHidden())
        left = not self._is_beside()
        self._centre.keep_off(left=left)
        self._below.setContentsMargins(GAP if left else 0, 0, GAP, GAP)

    def _is_beside(self) -> bool:
        """Return whether a dock stands at the left of the centre."""
        left = Qt.DockWidgetArea.LeftDockWidgetArea
        docks = self._window.findChildren(QDockWidget)
        return any(
            not dock.isHidden() and not dock.isFloating() and self._window.dockWidgetArea(dock) is left
            for dock in docks
        )
